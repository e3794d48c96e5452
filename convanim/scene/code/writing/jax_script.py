"""JAX: jax.lax on 64-bit floats. Its paddings may take cells away, so nearly every scene is one call."""

from __future__ import annotations

from math import prod

from convanim.scene.code.writing.arrays import imports, input_lines, kernel_lines, listed_lines, refuse_inexact
from convanim.scene.code.writing.geometry import Pads, beyond, counted_pads, is_transposed, keywords, reaching
from convanim.scene.code.writing.resampling import resampled_lines
from convanim.scene.code.writing.steps import (
    comment,
    every_scale,
    flipped_lines,
    kernel_axes,
    numpy_padded,
    per_group,
)
from convanim.scene.model import Scene
from convanim.scene.switches import switches_of

_FLIP = "jnp.flip(w, {})"
_END = "y = np.asarray(y[0])"


def lines(scene: Scene) -> list[str]:
    """The script."""
    refuse_inexact(scene, "JAX")
    name = "g" if scene.op == "conv_kernel_grad" else "w"
    weights = kernel_lines(scene, name=name)
    convert = ["x = jnp.asarray(x, dtype=jnp.float64)[None]"]
    if weights:
        convert.append(f"{name} = jnp.asarray({name}, dtype=jnp.float64)")
    body = [comment(scene), *input_lines(scene), *weights, "", *convert, *_operation(scene)]
    head = ["import jax", "import jax.numpy as jnp", *imports(body), "from jax import lax", ""]
    return [*head, 'jax.config.update("jax_enable_x64", True)', "", *body]


def _operation(scene: Scene) -> list[str]:
    if is_transposed(scene):
        return _transposed(scene)
    match scene.op:
        case "max_pool" | "avg_pool":
            return _pooling(scene)
        case "max_unpool":
            return _unpooling(scene)
        case "upsample":
            return _upsampling(scene)
        case "conv_kernel_grad":
            return _kernel_gradient(scene)
    return _direct(scene)


def _padded(scene: Scene) -> tuple[list[str], Pads]:
    """Lines before the convolution, and its padding."""
    if scene.padding_mode == "zeros" or not any(map(any, scene.pads)):
        return [], scene.pads
    return numpy_padded(scene, "jnp"), ((0, 0),) * scene.dimensions


def _options(scene: Scene) -> str:
    ones = str((1,) * scene.dimensions)
    return keywords(
        rhs_dilation=(str(scene.dilation), ones),
        feature_group_count=(str(scene.groups), "1"),
    )


def _padding_text(scene: Scene, pads: Pads) -> str:
    names = {"same": '"SAME"', "same-jax": '"SAME"', "same-lower": '"SAME_LOWER"', "valid": '"VALID"'}
    if scene.padding_mode == "zeros" and isinstance(scene.padding, str) and scene.padding in names:
        return names[scene.padding]
    return str(list(pads))


def _direct(scene: Scene) -> list[str]:
    before, pads = _padded(scene)
    padding = _padding_text(scene, pads)
    call = f"y = lax.conv_general_dilated(x, w, {scene.stride}, {padding}{_options(scene)})"
    return [*before, *flipped_lines(scene, _FLIP), call, _END]


def _kernel_gradient(scene: Scene) -> list[str]:
    before, pads = _padded(scene)
    return [
        *before,
        "",
        "",
        "def forward(w):",
        f"    return lax.conv_general_dilated(x, w, {scene.stride}, {_padding_text(scene, pads)}{_options(scene)})",
        "",
        "",
        f"_, gradient = jax.vjp(forward, jnp.zeros({scene.output_shape}, dtype=jnp.float64))",
        "y = np.asarray(gradient(g[None])[0])",
    ]


def _transposed(scene: Scene) -> list[str]:
    """A convolution of the stretched input; a kernel that is not turned by `flip` is turned here."""
    pads = [
        (axis.extent - 1 - axis.padding[0], axis.output + axis.padding[0] - (axis.input - 1) * axis.stride - 1)
        for axis in scene.axes
    ]
    dilation = keywords(rhs_dilation=(str(scene.dilation), str((1,) * scene.dimensions)))
    space = "DHW"[-scene.dimensions :]
    if scene.groups == 1:
        order, turned = ("IO", "") if scene.flip else ("OI", ", transpose_kernel=True")
        numbers = f'("NC{space}", "{order}{space}", "NC{space}")'
        call = f"lax.conv_transpose(x, w, {scene.stride}, {pads}{dilation}, dimension_numbers={numbers}{turned})"
        return [f"y = {call}", _END]
    (inside, out), one = per_group(scene), (1,) * scene.dimensions
    return [
        *([] if scene.flip else [f"w = {_FLIP.format(kernel_axes(scene))}"]),
        "# of each group: input channels by output channels, the other way round",
        f"w = w.reshape({scene.groups}, {inside}, {out}, *w.shape[2:]).swapaxes(1, 2)",
        f"w = w.reshape({scene.out_channels}, {inside}, *w.shape[3:])",
        f"y = lax.conv_general_dilated(x, w, {one}, {pads}, lhs_dilation={scene.stride}{_options(scene)})",
        _END,
    ]


def _pooling(scene: Scene) -> list[str]:
    def window(name: str, start: str, operation: str, pads: Pads) -> str:
        shape, stride, dilation = (str((1, 1, *sizes)) for sizes in (scene.kernel, scene.stride, scene.dilation))
        spread = f", window_dilation={dilation}" if set(scene.dilation) != {1} else ""
        return f"lax.reduce_window({name}, {start}, {operation}, {shape}, {stride}, {[(0, 0), (0, 0), *pads]}{spread})"

    if scene.op == "max_pool":
        return [f"y = {window('x', '-jnp.inf', 'lax.max', reaching(scene))}", _END]
    sums = f"sums = {window('x', '0.0', 'lax.add', reaching(scene))}"
    if scene.divisor_override:
        return [sums, f"y = np.asarray(sums[0]) / {scene.divisor_override}  # XLA multiplies by the rounded reciprocal"]
    if not any(cells for pair in reaching(scene) for cells in pair):
        return [sums, f"y = np.asarray(sums[0]) / {prod(scene.kernel)}  # XLA multiplies by the rounded reciprocal"]
    counted, pads = "counted = jnp.ones_like(x)", reaching(scene)
    if scene.count_include_pad:
        pads = beyond(scene)
        counted = f"counted = jnp.pad(jnp.ones_like(x), {[(0, 0), (0, 0), *counted_pads(scene)]}, constant_values=1.0)"
    return [sums, counted, f"y = sums / {window('counted', '0.0', 'lax.add', pads)}", _END]


def _unpooling(scene: Scene) -> list[str]:
    cells = " * ".join(map(str, scene.output))
    return [
        *listed_lines("switches", switches_of(scene), scene.input_shape),
        f"channels = np.arange({scene.in_channels})[:, None]",
        f"y = jnp.zeros(({scene.in_channels}, {cells}), dtype=jnp.float64)",
        f"y = y.at[channels, switches.reshape({scene.in_channels}, -1)].set(x.reshape({scene.in_channels}, -1))",
        f"y = np.asarray(y.reshape({scene.output_shape}))",
    ]


def _upsampling(scene: Scene) -> list[str]:
    if scene.mode == "bed-of-nails":
        return [
            f"y = jnp.zeros({(1, *scene.output_shape)}, dtype=jnp.float64)",
            f"y = y.at[:, :, {every_scale(scene)}].set(x)",
            _END,
        ]
    turned = [
        line.replace("np.take(y, [", "jnp.take(y, jnp.array([").replace("], axis", "]), axis")
        for line in resampled_lines(scene)
    ]
    return ["y = x[0]", *turned, "y = np.asarray(y)"]
