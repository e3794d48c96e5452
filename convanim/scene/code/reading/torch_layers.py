"""PyTorch: the layers of torch.nn and the functions of torch.nn.functional that belong to the family."""

from __future__ import annotations

from math import floor
from typing import Any

from convanim.scene.code.reading.call import Shaped, Unread, refused
from convanim.scene.code.reading.layer import (
    Fields,
    Known,
    Layer,
    axes_known,
    each_axis,
    input_known,
    input_of,
    joined,
    listed,
    needed,
)
from convanim.scene.code.reading.signature import Arguments, entries
from convanim.scene.code.said import got

_CHANNELS = ("in_channels", "out_channels", "groups")
_MODES = {
    "nearest": (None, "nearest"),
    "nearest-exact": (None, "nearest-exact"),
    "linear": (1, "linear"),
    "bilinear": (2, "linear"),
    "trilinear": (3, "linear"),
}


def _input(arguments: Arguments, axes: int | None) -> Fields:
    return input_of(arguments.values.get("input"), axes, channels_last=False)


def _sizes(arguments: Arguments, name: str) -> Any:
    """A size of which PyTorch takes a tuple of one number for that number, whatever the axes."""
    size = arguments.sizes(name)
    return size[0] if isinstance(size, tuple) and len(size) == 1 else size


def _kernel(arguments: Arguments, axes: int | None, known: Known, *, transposed: bool = False) -> Fields:
    """Kernel and channels: a layer's own arguments, or the shape of a function's weight, or what the caller gave."""
    if "kernel_size" in arguments.values:
        named = {name: arguments.whole(name) for name in _CHANNELS if name in arguments.values}
        return {"kernel": listed(arguments.sizes("kernel_size")), **named}
    groups = arguments.whole("groups")
    if not isinstance(bias := arguments.values["bias"], Shaped | Unread | None):
        raise refused("bias", got(bias), "legal is an array or None")
    weight = arguments.values.get("weight")
    if not isinstance(weight, Shaped):
        return {"kernel": needed(known, "kernel", arguments.layer), "groups": groups}
    if len(weight.shape) != (axes or 2) + 2:
        raise refused("weight", f"got an array of {len(weight.shape)} axes", f"legal are {(axes or 2) + 2}")
    first, second, *kernel = weight.shape
    inside, outside = (first, second * groups) if transposed else (second * groups, first)
    return {"kernel": list(kernel), "groups": groups, "in_channels": inside, "out_channels": outside}


def _convolution(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    fields = {
        **joined(_input(arguments, axes), _kernel(arguments, axes, known), arguments.layer),
        "stride": listed(_sizes(arguments, "stride")),
        "padding": _padding(arguments),
        "dilation": listed(_sizes(arguments, "dilation")),
        "dimensions": axes,
    }
    if "padding_mode" in arguments.values:
        mode = arguments.exactly("padding_mode", "zeros", "reflect", "replicate", "circular")
        if mode != "zeros" and isinstance(sides := arguments["padding"], tuple):
            each_axis(sides, axes or 2, "padding")
        fields["padding_mode"] = mode
    return fields


def _padding(arguments: Arguments) -> Any:
    if isinstance(arguments["padding"], str):
        return {"same": "same-torch", "valid": "valid"}[arguments.exactly("padding", "same", "valid")]
    return listed(_sizes(arguments, "padding"))


def _transposed(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    if "padding_mode" in arguments.values:
        arguments.neutral(padding_mode=("zeros",))
    fields = {
        **joined(_input(arguments, axes), _kernel(arguments, axes, known, transposed=True), arguments.layer),
        "transposed": True,
        "stride": listed(_sizes(arguments, "stride")),
        "padding": listed(_sizes(arguments, "padding")),
        "dilation": listed(_sizes(arguments, "dilation")),
        "dimensions": axes,
    }
    if "output_size" in arguments:
        fields["output_size"] = _spatial(arguments, axes or 2, beside=(0, 1, 2))
    elif any(extra := each_axis(_sizes(arguments, "output_padding"), axes or 2, "output_padding")):
        fields["output_padding"] = list(extra)
    return fields


def _spatial(arguments: Arguments, axes: int, *, beside: tuple[int, ...]) -> list[int]:
    """An output size without the batch and channels that PyTorch lets stand before it."""
    size = arguments.sizes("output_size")
    if not isinstance(size, tuple) or len(size) - axes not in beside:
        raise refused("output_size", got(listed(size)), f"legal are {axes} numbers, with batch and channels {axes + 2}")
    return list(size[-axes:])


def _pooling(op: str, arguments: Arguments, axes: int | None) -> Fields:
    kernel, padding = _sizes(arguments, "kernel_size"), _sizes(arguments, "padding")
    dilation = _sizes(arguments, "dilation") if "dilation" in arguments.values else 1
    fields = {
        **_input(arguments, axes),
        "op": op,
        "kernel": listed(kernel),
        "padding": listed(padding),
        "dimensions": axes,
        "dilation": listed(dilation),
        "ceil_mode": arguments.boolean("ceil_mode"),
    }
    if "stride" in arguments and arguments["stride"] != ():  # nothing is the kernel's size to PyTorch
        fields["stride"] = listed(_sizes(arguments, "stride"))
    sizes = (each_axis(value, axes or 2, name) for name, value in (("kernel_size", kernel), ("padding", padding)))
    if any(2 * side > cells for cells, side in zip(*sizes, strict=True)):
        raise refused("padding", got(listed(padding)), "PyTorch pools with half the window at most")
    return fields


def _max_pooling(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    del known
    return _pooling("max_pool", arguments, axes)


def _average_pooling(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    fields = _pooling("avg_pool", arguments, axes)
    if axes == 3 and {**fields, **known}.get("input") is not None:
        size = input_known({**fields, **known}, axes, arguments.layer)
        window = each_axis(_sizes(arguments, "kernel_size"), axes, "kernel_size")
        if any(cells < span for cells, span in zip(size, window, strict=True)):
            legal = "PyTorch averages volumes no smaller than the window, padding left aside"
            raise refused("kernel_size", got(listed(window)), legal)
    fields["count_include_pad"] = arguments.boolean("count_include_pad")
    if "divisor_override" in arguments:
        fields["divisor_override"] = arguments.whole("divisor_override")
    return fields


def _adaptive(op: str) -> Any:
    def read(arguments: Arguments, axes: int | None, known: Known) -> Fields:
        fields = _input(arguments, axes)
        size = input_known({**fields, **known}, axes or 2, arguments.layer)
        wanted = arguments["output_size"]
        if wanted is None or (axes == 1 and None in entries(wanted)):
            raise refused("output_size", got(None), f"legal is a number{' or one for each axis' * (axes != 1)}")
        wanted = each_axis(wanted, axes or 2, "output_size")
        targets = tuple(cells if target is None else target for cells, target in zip(size, wanted, strict=True))
        if any(
            type(target) is not int or target < 1 or cells % target for cells, target in zip(size, targets, strict=True)
        ):
            legal = f"legal are divisors of the input, {listed(size)}: other windows differ in size"
            raise refused("output_size", got(listed(wanted)), legal)
        kernel = [cells // target for cells, target in zip(size, targets, strict=True)]
        return {**fields, "op": op, "kernel": kernel, "dimensions": axes}

    return read


def _unpooling(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    del known
    axes = axes or 2
    fields = {**_input(arguments, axes), "op": "max_unpool", "dimensions": axes}
    for name, field in (("kernel_size", "kernel"), ("padding", "padding"), ("stride", "stride")):
        if name in arguments:
            fields[field] = list(each_axis(arguments.sizes(name), axes, name))
    if "output_size" in arguments:
        fields["output_size"] = _spatial(arguments, axes, beside=(0, 2))
    return fields


def _batched(arguments: Arguments, axes: int | None) -> Fields:
    """The input of what PyTorch does to batches alone."""
    array = arguments.values.get("input")
    if axes and isinstance(array, Shaped) and len(array.shape) != axes + 2:
        raise refused("input", f"got an array of {len(array.shape)} axes", f"{arguments.layer} takes {axes + 2} here")
    return _input(arguments, axes)


def _upsampling(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    arguments.neutral(antialias=(None, False))
    own_axes, mode = _MODES[arguments.exactly("mode", *_MODES)]
    axes = axes or own_axes
    shape = _batched(arguments, axes)
    size, scale = (arguments[name] for name in ("size", "scale_factor"))
    if (size is None) == (scale is None):
        raise refused("scale_factor", "missing" if size is None else "given beside size", "legal is one of the two")
    fields: Fields = {**shape, "op": "upsample", "mode": mode}
    axes = axes_known(axes, {**known, **shape}, size, scale)
    if size is not None and arguments["recompute_scale_factor"]:
        raise refused("recompute_scale_factor", got(True), "PyTorch has none beside size")
    if size is not None:
        fields["output_size"] = listed(arguments.sizes("size"))
    elif arguments["recompute_scale_factor"]:
        cells = input_known({**shape, **known}, axes, arguments.layer)
        scales = each_axis(arguments.factors("scale_factor"), axes, "scale_factor")
        fields["output_size"] = [floor(float(n) * factor) for n, factor in zip(cells, scales, strict=True)]
    else:
        fields["scale_factor"] = listed(arguments.factors("scale_factor"))
    if arguments["align_corners"] is not None and mode.startswith("nearest"):
        raise refused("align_corners", got(arguments["align_corners"]), f"PyTorch has none with mode = {mode}")
    if arguments["align_corners"] is not None:
        fields["align_corners"] = arguments.boolean("align_corners")
    return {**fields, "dimensions": axes}


def _fixed_upsampling(mode: str, *, align_corners: bool | None) -> Any:
    def read(arguments: Arguments, axes: int | None, known: Known) -> Fields:
        values = {**arguments.values, "mode": mode, "align_corners": align_corners, "recompute_scale_factor": None}
        return _upsampling(Arguments(arguments.layer, values), axes, known)

    return read


_CONV = (
    "kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None"
)
_TRANSPOSED = (
    "kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', "
    "device=None, dtype=None"
)
_SIZED = "input, output_size=None"
_POOL = "kernel_size, stride=None, padding=0"
_AVERAGE = f"{_POOL}, ceil_mode=False, count_include_pad=True"
_UPSAMPLE = "size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None"

LAYERS: dict[str, Layer] = {
    "Upsample": Layer(_UPSAMPLE, _upsampling, called="input"),
    "UpsamplingNearest2d": Layer(
        "size=None, scale_factor=None", _fixed_upsampling("nearest", align_corners=None), axes=2, called="input"
    ),
    "UpsamplingBilinear2d": Layer(
        "size=None, scale_factor=None", _fixed_upsampling("bilinear", align_corners=True), axes=2, called="input"
    ),
    "interpolate": Layer(f"input, {_UPSAMPLE}, antialias=False", _upsampling),
}
for _axes in (1, 2, 3):
    _divisor = ", divisor_override=None" * (_axes > 1)
    LAYERS |= {
        f"Conv{_axes}d": Layer(f"in_channels, out_channels, {_CONV}", _convolution, _axes, called="input"),
        f"LazyConv{_axes}d": Layer(f"out_channels, {_CONV}", _convolution, _axes, called="input"),
        f"ConvTranspose{_axes}d": Layer(f"in_channels, out_channels, {_TRANSPOSED}", _transposed, _axes, called=_SIZED),
        f"LazyConvTranspose{_axes}d": Layer(f"out_channels, {_TRANSPOSED}", _transposed, _axes, called=_SIZED),
        f"MaxPool{_axes}d": Layer(
            f"{_POOL}, dilation=1, return_indices=False, ceil_mode=False", _max_pooling, _axes, called="input"
        ),
        f"AvgPool{_axes}d": Layer(_AVERAGE + _divisor, _average_pooling, _axes, called="input"),
        f"MaxUnpool{_axes}d": Layer(_POOL, _unpooling, _axes, called="input, indices, output_size=None"),
        f"AdaptiveMaxPool{_axes}d": Layer(
            "output_size, return_indices=False", _adaptive("max_pool"), _axes, called="input"
        ),
        f"AdaptiveAvgPool{_axes}d": Layer("output_size", _adaptive("avg_pool"), _axes, called="input"),
        f"conv{_axes}d": Layer(
            "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1", _convolution, _axes
        ),
        f"conv_transpose{_axes}d": Layer(
            "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1", _transposed, _axes
        ),
        f"max_pool{_axes}d": Layer(
            f"input, {_POOL}, dilation=1, ceil_mode=False, return_indices=False", _max_pooling, _axes
        ),
        f"avg_pool{_axes}d": Layer(f"input, {_AVERAGE}{_divisor}", _average_pooling, _axes),
        f"max_unpool{_axes}d": Layer(f"input, indices, {_POOL}, output_size=None", _unpooling, _axes),
        f"adaptive_max_pool{_axes}d": Layer("input, output_size, return_indices=False", _adaptive("max_pool"), _axes),
        f"adaptive_avg_pool{_axes}d": Layer("input, output_size", _adaptive("avg_pool"), _axes),
    }
