"""Plain NumPy: every scene as a loop over cells and taps, slow and easy to check."""

from __future__ import annotations

from convanim.scene.code.writing.arrays import imports, input_lines, kernel_lines, listed_lines, numpy_type
from convanim.scene.code.writing.geometry import full_sizes, is_transposed
from convanim.scene.code.writing.steps import comment, every_scale, flipped_lines, numpy_padded, per_group
from convanim.scene.model import Scene
from convanim.scene.switches import switches_of

_PLACES = {
    "align-corners": "Fraction(d * (i - 1), o - 1) if o > 1 else Fraction(0)",
    "asymmetric": "d / s",
    "half-pixel": "(d + half) / s - half",
    "pytorch-half-pixel": "(d + half) / s - half if o > 1 else Fraction(0)",
    "half-pixel-symmetric": "Fraction(i, 2) * (1 - o / (s * i)) + (d + half) / s - half",
}
_ROUNDED = {
    "floor": "math.floor(place)",
    "ceil": "math.ceil(place)",
    "round-prefer-floor": "math.ceil(place - half)",
    "round-prefer-ceil": "math.floor(place + half)",
}


def lines(scene: Scene) -> list[str]:
    """The script."""
    if scene.op == "upsample":
        body = _upsampling(scene)
    elif scene.op == "max_unpool":
        body = _unpooling(scene)
    elif scene.op in {"max_pool", "avg_pool"}:
        body = _pooling(scene)
    elif is_transposed(scene):
        body = _transposed(scene)
    else:
        body = _direct(scene)
    dtype = "object" if scene.op == "upsample" and scene.mode == "linear" else numpy_type(scene)
    body = [comment(scene), *input_lines(scene, dtype), *_weights(scene, dtype), "", *body]
    standard = [name for name in ("itertools", "math") if any(f"{name}." in line for line in body)]
    first = [f"import {name}" for name in standard]
    if any("Fraction(" in line for line in body):
        first.append("from fractions import Fraction")
    head = imports([line for line in body if "itertools" not in line])
    return [*first, *([""] if first and head[0].startswith("import numpy") else []), *head, "", *body]


def _weights(scene: Scene, dtype: str) -> list[str]:
    return kernel_lines(scene, dtype, "g" if scene.op == "conv_kernel_grad" else "w")


def _sizes(scene: Scene) -> str:
    return f"stride, dilation = {scene.stride}, {scene.dilation}"


def _direct(scene: Scene) -> list[str]:
    if scene.op == "conv_kernel_grad":
        cells, step = "g", "y[(out, inside, *tap)] += x[(group * {inside} + inside, *at)] * g[(out, *cell)]"
        taps = "y.shape[1:]"
    else:
        cells, step = "y", "y[(out, *cell)] += x[(group * {inside} + inside, *at)] * w[(out, inside, *tap)]"
        taps = "w.shape[1:]"
    inside, out = per_group(scene)
    other = "g" if scene.op == "conv_kernel_grad" else "w"
    return [
        *numpy_padded(scene),
        *flipped_lines(scene),
        _sizes(scene),
        f"y = np.zeros({scene.output_shape}, dtype=np.result_type(x, {other}))",
        f"for out, *cell in np.ndindex(*{cells}.shape):",
        f"    group = out // {out}",
        f"    for inside, *tap in np.ndindex(*{taps}):",
        "        at = [s * o + d * j for s, o, d, j in zip(stride, cell, dilation, tap)]",
        f"        {step.format(inside=inside)}",
    ]


def _transposed(scene: Scene) -> list[str]:
    inside, out = per_group(scene)
    sizes = [max(full, axis.padding[0] + axis.output) for full, axis in zip(full_sizes(scene), scene.axes, strict=True)]
    kept = ", ".join(f"{axis.padding[0]}:{axis.padding[0] + axis.output}" for axis in scene.axes)
    return [
        *flipped_lines(scene),
        _sizes(scene),
        f"full = np.zeros({(scene.out_channels, *sizes)}, dtype=np.result_type(x, w))",
        "for inside, *cell in np.ndindex(*x.shape):",
        f"    group = inside // {inside}",
        "    for out, *tap in np.ndindex(*w.shape[1:]):",
        "        at = [s * i + d * j for s, i, d, j in zip(stride, cell, dilation, tap)]",
        f"        full[(group * {out} + out, *at)] += x[(inside, *cell)] * w[(inside, out, *tap)]",
        f"y = full[:, {kept}]",
    ]


def _pooling(scene: Scene) -> list[str]:
    before = tuple(pair[0] for pair in scene.pads)
    counted = tuple(axis.input + axis.padding[1] for axis in scene.axes)
    is_average = scene.op == "avg_pool"
    head = [
        f"kernel, {_sizes(scene).replace(' = ', f', before = {scene.kernel}, ')}, {before}",
        f"y = np.zeros({scene.output_shape}, dtype={'float' if is_average else 'x.dtype'})",
        "for channel, *cell in np.ndindex(*y.shape):",
        "    taps = np.ndindex(*kernel)",
        "    places = [[s * o + d * j - b for s, o, d, j, b in zip(stride, cell, dilation, tap, before)] for tap in taps]",
        "    inside = [at for at in places if all(0 <= p < n for p, n in zip(at, x.shape[1:]))]",
    ]
    if not is_average:
        return [*head, "    y[(channel, *cell)] = max(x[(channel, *at)] for at in inside)"]
    total = "sum(x[(channel, *at)] for at in inside)"
    if scene.divisor_override is not None:
        return [*head, f"    y[(channel, *cell)] = {total} / {scene.divisor_override}"]
    if not scene.count_include_pad:
        return [*head, f"    y[(channel, *cell)] = {total} / len(inside)"]
    return [
        *head,
        f"    counted = [at for at in places if all(p < n for p, n in zip(at, {counted}))]  # padding counts",
        f"    y[(channel, *cell)] = {total} / len(counted)",
    ]


def _unpooling(scene: Scene) -> list[str]:
    return [
        *listed_lines("switches", switches_of(scene), scene.input_shape),
        f"y = np.zeros({scene.output_shape}, dtype=x.dtype)",
        "for channel, *cell in np.ndindex(*x.shape):",
        "    y[channel].flat[switches[(channel, *cell)]] = x[(channel, *cell)]",
    ]


def _upsampling(scene: Scene) -> list[str]:
    if scene.mode == "bed-of-nails":
        return [f"y = np.zeros({scene.output_shape}, dtype=x.dtype)", f"y[:, {every_scale(scene)}] = x"]
    resampling = [axis.resampling for axis in scene.axes if axis.resampling]
    scales = ", ".join(f"Fraction({one.scale.numerator}, {one.scale.denominator})" for one in resampling)
    place, last = _PLACES[resampling[0].coordinates], "i - 1"
    head = [
        "half = Fraction(1, 2)",
        f"axes = list(zip({scene.input}, {scene.output}, ({scales},)))  # input, output, scale",
        f"places = [[{place} for d in range(o)] for i, o, s in axes]",
    ]
    if scene.mode != "linear":
        rounded = _ROUNDED[resampling[0].rounding]
        return [
            *head,
            f"cells = [[min(max({rounded}, 0), {last}) for place in row] for row, (i, o, s) in zip(places, axes)]",
            "y = x[np.ix_(range(len(x)), *cells)]",
        ]
    return [
        *head,
        f"places = [[min(max(place, 0), {last}) for place in row] for row, (i, o, s) in zip(places, axes)]",
        f"y = np.zeros({scene.output_shape})",
        "for channel, *cell in np.ndindex(*y.shape):",
        "    at = [row[d] for row, d in zip(places, cell)]",
        "    total = 0",
        "    for corner in itertools.product((0, 1), repeat=len(at)):",
        "        shares = [place % 1 if far else 1 - place % 1 for place, far in zip(at, corner)]",
        "        if all(shares):",
        "            total += math.prod(shares) * x[(channel, *(place // 1 + far for place, far in zip(at, corner)))]",
        "    y[(channel, *cell)] = total",
    ]
