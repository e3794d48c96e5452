"""PyTorch: torch.nn.functional on 64-bit floats; what it has no option for, padding and slicing say."""

from __future__ import annotations

from collections.abc import Callable

from convanim.scene.code.writing.arrays import imports, input_lines, kernel_lines, listed_lines, refuse_inexact
from convanim.scene.code.writing.geometry import (
    Pads,
    beyond,
    counted_pads,
    is_transposed,
    keywords,
    one_or_all,
    reaching,
    symmetric,
    trims,
)
from convanim.scene.code.writing.resampling import is_native, resampled_lines
from convanim.scene.code.writing.steps import comment, every_scale, flipped_lines
from convanim.scene.model import Scene
from convanim.scene.switches import switches_of

_FLIP = "w.flip({})"
_END = "y = y[0].numpy()"


def lines(scene: Scene) -> list[str]:
    """The script."""
    refuse_inexact(scene, "PyTorch")
    name = "g" if scene.op == "conv_kernel_grad" else "w"
    weights = kernel_lines(scene, name=name)
    convert = ["x = torch.from_numpy(x.astype(np.float64))[None]"]
    if weights:
        convert.append(f"{name} = torch.from_numpy({name}.astype(np.float64))")
    body = [comment(scene), *input_lines(scene), *weights, "", *convert, *_writer(scene)(scene)]
    return [*imports(body), "import torch", "import torch.nn.functional as F", "", *body]


def _writer(scene: Scene) -> Callable[[Scene], list[str]]:
    if is_transposed(scene):
        return _transposed
    return {
        "conv": _direct,
        "conv_kernel_grad": _kernel_gradient,
        "max_pool": _max_pooling,
        "avg_pool": _average_pooling,
        "max_unpool": _unpooling,
        "upsample": _upsampling,
    }[scene.op]


def _pad(name: str, pads: Pads, **options: str) -> list[str]:
    """F.pad, which takes the last axis first; less than nothing takes cells away."""
    sides = tuple(cells for pair in reversed(pads) for cells in pair)
    if not any(sides):
        return []
    return [f"{name} = F.pad({name}, {sides}{''.join(f', {key}={value}' for key, value in options.items())})"]


def _padding(scene: Scene) -> tuple[list[str], str]:
    """Lines before the convolution, and its padding argument."""
    if scene.padding_mode == "zeros" and scene.padding == "same-torch":
        return [], '"same"'
    if scene.padding_mode == "zeros" and symmetric(scene.pads):
        return [], one_or_all(before for before, _ in scene.pads)
    options = {} if scene.padding_mode == "zeros" else {"mode": f'"{scene.padding_mode}"'}
    return _pad("x", scene.pads, **options), "0"


def _options(scene: Scene, padding: str) -> str:
    return keywords(
        stride=(one_or_all(scene.stride), "1"),
        padding=(padding, "0"),
        dilation=(one_or_all(scene.dilation), "1"),
        groups=(str(scene.groups), "1"),
    )


def _direct(scene: Scene) -> list[str]:
    before, padding = _padding(scene)
    call = f"y = F.conv{scene.dimensions}d(x, w{_options(scene, padding)})"
    return [*before, *flipped_lines(scene, _FLIP), call, _END]


def _kernel_gradient(scene: Scene) -> list[str]:
    before, padding = _padding(scene)
    return [
        *before,
        f"w = torch.zeros({scene.output_shape}, dtype=torch.float64, requires_grad=True)",
        f"F.conv{scene.dimensions}d(x, w{_options(scene, padding)}).backward(g[None])",
        "y = w.grad.numpy()",
    ]


def _transposed(scene: Scene) -> list[str]:
    name = f"F.conv_transpose{scene.dimensions}d"
    extra = tuple(axis.output_padding for axis in scene.axes)
    limits = (max(pair) for pair in zip(scene.stride, scene.dilation, strict=True))
    if symmetric(scene.pads) and all(0 <= cells < limit for cells, limit in zip(extra, limits, strict=True)):
        options = keywords(
            stride=(one_or_all(scene.stride), "1"),
            padding=(one_or_all(before for before, _ in scene.pads), "0"),
            output_padding=(one_or_all(extra), "0"),
            groups=(str(scene.groups), "1"),
            dilation=(one_or_all(scene.dilation), "1"),
        )
        return [*flipped_lines(scene, _FLIP), f"y = {name}(x, w{options})", _END]
    call = f"y = {name}(x, w{_options(scene, '0')})"
    return [*flipped_lines(scene, _FLIP), call, *_pad("y", trims(scene)), _END]


def _is_native_pooling(scene: Scene) -> bool:
    """Whether PyTorch accepts it: as much padding before as after, half the window at most."""
    half = all(2 * before <= cells for (before, _), cells in zip(scene.pads, scene.kernel, strict=True))
    return symmetric(scene.pads) and half


def _is_native_average(scene: Scene) -> bool:
    if set(scene.dilation) != {1} or (scene.dimensions == 1 and scene.divisor_override):
        return False
    fits = scene.dimensions < 3 or all(axis.input >= axis.kernel for axis in scene.axes)  # PyTorch forgets the padding
    return _is_native_pooling(scene) and fits


def _pool_options(scene: Scene) -> str:
    return keywords(
        padding=(one_or_all(before for before, _ in scene.pads), "0"),
        ceil_mode=(str(scene.ceil_mode), "False"),
    )


def _max_pooling(scene: Scene) -> list[str]:
    call = f"y = F.max_pool{scene.dimensions}d(x, {one_or_all(scene.kernel)}, stride={one_or_all(scene.stride)}"
    dilation = keywords(dilation=(one_or_all(scene.dilation), "1"))
    if _is_native_pooling(scene):
        return [f"{call}{_pool_options(scene)}{dilation})", _END]
    return [*_pad("x", reaching(scene), value='float("-inf")'), f"{call}{dilation})", _END]


def _average_pooling(scene: Scene) -> list[str]:
    axes = scene.dimensions
    if _is_native_average(scene):
        options = _pool_options(scene) + keywords(
            count_include_pad=(str(scene.count_include_pad), "True"),
            divisor_override=(str(scene.divisor_override), "None"),
        )
        kernel, stride = one_or_all(scene.kernel), one_or_all(scene.stride)
        return [f"y = F.avg_pool{axes}d(x, {kernel}, stride={stride}{options})", _END]
    options = keywords(stride=(one_or_all(scene.stride), "1"), dilation=(one_or_all(scene.dilation), "1"))
    slide = f"F.conv{axes}d({{}}, ones{options}, groups={scene.in_channels})"
    counted = _pad("counted", counted_pads(scene), value="1.0" if scene.count_include_pad else "0.0")
    divisors = [
        "counted = torch.ones_like(x)",
        *counted,
        *_pad("counted", beyond(scene)),
        f"divisors = {slide.format('counted')}",
    ]
    if scene.divisor_override:
        divisors = [f"divisors = {scene.divisor_override}"]
    return [
        f"ones = torch.ones({(scene.in_channels, 1, *scene.kernel)}, dtype=torch.float64)",
        *divisors,
        *_pad("x", reaching(scene)),
        f"y = {slide.format('x')} / divisors",
        _END,
    ]


def _unpooling(scene: Scene) -> list[str]:
    cells = " * ".join(map(str, scene.output))
    return [
        *listed_lines("switches", switches_of(scene), scene.input_shape),
        f"y = torch.zeros(1, {scene.in_channels}, {cells}, dtype=torch.float64)",
        "places = torch.from_numpy(switches)[None]",
        "y.scatter_(2, places.flatten(2), x.flatten(2))",
        f"y = y.reshape({(1, *scene.output_shape)})",
        _END,
    ]


def _upsampling(scene: Scene) -> list[str]:
    if scene.mode == "bed-of-nails":
        return [
            f"y = torch.zeros({(1, *scene.output_shape)}, dtype=torch.float64)",
            f"y[:, :, {every_scale(scene)}] = x",
            _END,
        ]
    if not is_native(scene):
        return ["y = x[0].numpy()", *resampled_lines(scene)]
    mode = ("linear", "bilinear", "trilinear")[scene.dimensions - 1] if scene.mode == "linear" else scene.mode
    options = keywords(align_corners=(str(scene.align_corners), "False"))
    return [f'y = F.interpolate(x, size={scene.output}, mode="{mode}"{options})', _END]
