"""Keras: its layers with the scene's kernel, channels last, on 64-bit floats where the backend has them."""

from __future__ import annotations

from convanim.scene.code.writing.arrays import imports, input_lines, kernel_lines, refuse_inexact
from convanim.scene.code.writing.geometry import (
    beyond,
    full_sizes,
    is_transposed,
    keywords,
    one_or_all,
    reaching,
)
from convanim.scene.code.writing.resampling import is_native, is_whole
from convanim.scene.code.writing.steps import (
    beyond_it,
    comment,
    flipped_lines,
    kernel_axes,
    numpy_padded,
    per_group,
    whole_scales,
)
from convanim.scene.model import Scene

_LAST = "x = np.moveaxis(x[None].astype(np.float64), 1, -1)"  # the batch first, the channels last
_RUN = "y = np.moveaxis(keras.ops.convert_to_numpy(layer(x)), -1, 1)[0]"


def lines(scene: Scene) -> list[str]:
    """The script."""
    refuse_inexact(scene, "Keras")
    if scene.op in {"max_unpool", "conv_kernel_grad"}:
        raise beyond_it("op", "Keras", f"has no layer for {scene.op}")
    operation = _operation(scene)
    body = [comment(scene), *input_lines(scene), *kernel_lines(scene), "", *operation]
    head = ["import os", "", *imports(body), ""]
    return [
        *head,
        'os.environ.setdefault("KERAS_BACKEND", "jax")',
        'os.environ.setdefault("JAX_ENABLE_X64", "1")',
        "import keras",
        "",
        'keras.config.set_floatx("float64")',
        "",
        *body,
    ]


def _operation(scene: Scene) -> list[str]:
    if is_transposed(scene):
        return _transposed(scene)
    if scene.op == "upsample":
        return _upsampling(scene)
    return _direct(scene) if scene.op == "conv" else _pooling(scene)


def _spread(scene: Scene) -> list[str]:
    """Zeros between the kernel's cells: Keras has no dilation with a stride."""
    if set(scene.dilation) == {1} or scene.kernel_shape is None:
        return []
    shape = (*scene.kernel_shape[:2], *(axis.extent for axis in scene.axes))
    steps = ", ".join(f"::{cells}" for cells in scene.dilation)
    return [
        "# dilation as zeros in the kernel: Keras has none together with strides",
        f"spread = np.zeros({shape})",
        f"spread[:, :, {steps}] = w",
        "w = spread",
    ]


def _kernel_last(scene: Scene) -> list[str]:
    return [f"layer.kernel.assign(np.transpose(w, {(*kernel_axes(scene), 1, 0)}))"]


def _direct(scene: Scene) -> list[str]:
    padding, before = "valid", []
    if scene.padding_mode == "zeros" and scene.padding in {"same", "same-keras"}:
        padding = "same"
    else:
        before = numpy_padded(scene)
    native = set(scene.stride) == {1}
    options = keywords(
        strides=(one_or_all(scene.stride), "1"),
        padding=(f'"{padding}"', '"valid"'),
        dilation_rate=(one_or_all(scene.dilation) if native else "1", "1"),
        groups=(str(scene.groups), "1"),
    )
    kernel = scene.kernel if native else tuple(axis.extent for axis in scene.axes)
    name = f"keras.layers.Conv{scene.dimensions}D"
    return [
        *before,
        *([] if native else _spread(scene)),
        *flipped_lines(scene),
        _LAST,
        f"layer = {name}({scene.out_channels}, {one_or_all(kernel)}{options}, use_bias=False)",
        "layer.build(x.shape)",
        *_kernel_last(scene),
        _RUN,
    ]


def _transposed(scene: Scene) -> list[str]:
    """With nothing taken away; the rest by slicing. Groups one by one, which Keras has not."""
    kernel = tuple(axis.extent for axis in scene.axes)
    _, out = per_group(scene)
    stride = keywords(strides=(one_or_all(scene.stride), "1"))
    layer = f"keras.layers.Conv{scene.dimensions}DTranspose({out}, {one_or_all(kernel)}{stride}, use_bias=False)"
    made = [max(full, (axis.input) * axis.stride) for full, axis in zip(full_sizes(scene), scene.axes, strict=True)]
    added = [
        (0, 0),
        *((0, max(axis.padding[0] + axis.output - n, 0)) for n, axis in zip(made, scene.axes, strict=True)),
    ]
    kept = ", ".join(f"{axis.padding[0]}:{axis.padding[0] + axis.output}" for axis in scene.axes)
    run = [
        "layer.build(part.shape)",
        f"layer.kernel.assign(np.transpose(kernel, {(*kernel_axes(scene), 1, 0)}))",
        "return np.moveaxis(keras.ops.convert_to_numpy(layer(part)), -1, 1)[0]",
    ]
    return [
        *_spread(scene),
        *flipped_lines(scene),
        "",
        "",
        "def transposed(part, kernel):",
        "    part = np.moveaxis(part[None].astype(np.float64), 1, -1)",
        f"    layer = {layer}",
        *(f"    {line}" for line in run),
        "",
        "",
        (
            f"y = np.concatenate([transposed(*parts) for parts in zip(np.split(x, {scene.groups}), "
            f"np.split(w, {scene.groups}))])  # group by group"
            if scene.groups > 1
            else "y = transposed(x, w)"
        ),
        *([f"y = np.pad(y, {added})"] if any(map(any, added)) else []),
        f"y = y[:, {kept}]",
    ]


def _pooling(scene: Scene) -> list[str]:
    if set(scene.dilation) != {1}:
        raise beyond_it("dilation", "Keras", "has none in pooling")
    kind = "MaxPooling" if scene.op == "max_pool" else "AveragePooling"
    call = (
        f"layer = keras.layers.{kind}{scene.dimensions}D({one_or_all(scene.kernel)}, strides={one_or_all(scene.stride)}"
    )
    if not any(map(any, reaching(scene))) and not scene.divisor_override:
        return [_LAST, f"{call})", _RUN]
    if scene.op == "max_pool":
        pads = f"{[(0, 0), *reaching(scene)]}"
        return [f"x = np.pad(x.astype(np.float64), {pads}, constant_values=-np.inf)", _LAST, f"{call})", _RUN]
    if scene.divisor_override:
        raise beyond_it("divisor_override", "Keras", "divides by what it counts")
    if scene.padding in {"same", "same-keras"} and not scene.count_include_pad and not scene.ceil_mode:
        return [_LAST, f'{call}, padding="same")', _RUN]
    if not scene.count_include_pad:
        raise beyond_it("count_include_pad", "Keras", 'leaves padding out of the divisor only with padding = "same"')
    if any(map(any, beyond(scene))):
        raise beyond_it("ceil_mode", "Keras", "has no last window that hangs over the padding")
    return [f"x = np.pad(x, {[(0, 0), *reaching(scene)]})", _LAST, f"{call})", _RUN]


def _upsampling(scene: Scene) -> list[str]:
    is_usual = is_whole(scene) and is_native(scene) if scene.mode != "bed-of-nails" else False
    if scene.mode == "linear" and (scene.dimensions != 2 or scene.align_corners):
        is_usual = False
    if not is_usual or scene.mode == "nearest-exact":
        raise beyond_it("mode", "Keras", "upsamples to nearest cells, and on two axes bilinearly, by whole factors")
    factors = whole_scales(scene)
    interpolation = ', interpolation="bilinear"' if scene.mode == "linear" else ""
    size = str(factors) if scene.dimensions > 1 else str(factors[0])
    return [_LAST, f"layer = keras.layers.UpSampling{scene.dimensions}D({size}{interpolation})", _RUN]
