"""TensorFlow: the functions of tf.nn that belong to the family. Arrays have their channels last, kernels too."""

from __future__ import annotations

from typing import Any

from convanim.scene.code.reading.call import Shaped, refused
from convanim.scene.code.reading.layer import (
    Fields,
    Known,
    Layer,
    axes_known,
    each_axis,
    input_of,
    joined,
    listed,
    needed,
)
from convanim.scene.code.reading.signature import Arguments
from convanim.scene.code.said import got


def _is_last(arguments: Arguments) -> bool:
    return not str(arguments["data_format"] or "NHWC").upper().startswith("NC")


def _spatial(arguments: Arguments, name: str, axes: int) -> list[int]:
    """Numbers for the spatial axes from one, one for each of them, or one for each axis of the array."""
    value = arguments.sizes(name)
    if isinstance(value, tuple) and len(value) == axes + 2:
        beside = (value[0], value[-1]) if _is_last(arguments) else value[:2]
        if name != "output_shape" and beside != (1, 1):
            raise refused(name, got(listed(value)), "legal is 1 for batch and channels")
        value = value[1:-1] if _is_last(arguments) else value[2:]
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    return list(each_axis(value, axes, name))


def _padding(arguments: Arguments, axes: int) -> Any:
    value = arguments["padding"]
    if isinstance(value, str):
        return arguments.exactly("padding", "VALID", "SAME").lower()
    sides = tuple(value) if isinstance(value, tuple) else ()
    if len(sides) == axes + 2:
        sides = sides[1:-1] if _is_last(arguments) else sides[2:]
    if len(sides) != axes or any(not isinstance(pair, tuple) or len(pair) != 2 for pair in sides):
        raise refused("padding", got(listed(value)), "legal is 'VALID', 'SAME' or a [before, after] pair for each axis")
    return listed(sides)


def _kernel(arguments: Arguments, axes: int, known: Known) -> Fields:
    name = "filter" if "filter" in arguments.values else "filters"
    array = arguments.values.get(name)
    if not isinstance(array, Shaped):
        return {"kernel": needed(known, "kernel", arguments.layer)}
    if len(array.shape) != axes + 2:
        raise refused(name, f"got an array of {len(array.shape)} axes", f"legal are {axes + 2}")
    *kernel, inside, outside = array.shape
    return {"kernel": kernel, "in_channels": inside, "out_channels": outside}


def _sliding(arguments: Arguments, axes: int | None, known: Known) -> tuple[int, Fields]:
    shape = input_of(arguments.values.get("input"), axes, channels_last=_is_last(arguments))
    axes = axes_known(axes, {**known, **shape})
    strides = "stride" if "stride" in arguments.values else "strides"
    fields = {
        **shape,
        "stride": _spatial(arguments, strides, axes) if strides in arguments else [1] * axes,
        "padding": _padding(arguments, axes),
        "dimensions": axes,
    }
    if "dilations" in arguments:
        fields["dilation"] = _spatial(arguments, "dilations", axes)
    return axes, fields


def _convolution(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    axes, fields = _sliding(arguments, axes, known)
    own = _kernel(arguments, axes, known)
    given, taken = known.get("in_channels") or fields.get("in_channels"), own.get("in_channels")
    if not isinstance(given, int) or not taken or given < taken:
        return joined(fields, own, arguments.layer)
    if given % taken:
        legal = f"legal is a multiple of {taken}, the channels that a filter of {arguments.layer} sees"
        raise refused("input", f"got {given} channels", legal)
    return {**fields, **own, "in_channels": given, "groups": given // taken}


def _depthwise(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    axes, fields = _sliding(arguments, axes, known)
    fields = joined(fields, _kernel(arguments, axes, known), arguments.layer)
    channels = int(known.get("in_channels") or fields.get("in_channels") or 1)
    multiplier = int(fields.get("out_channels") or 1)  # the last axis of the filters' shape, if it is told
    return {**fields, "in_channels": channels, "groups": channels, "out_channels": channels * multiplier}


def _transposed(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    axes, fields = _sliding(arguments, axes, known)
    own = _kernel(arguments, axes, known)
    if "in_channels" in own:
        own["in_channels"], own["out_channels"] = own["out_channels"], own["in_channels"]
    fields = joined(fields, own, arguments.layer)
    if isinstance(fields["padding"], str):
        fields["padding"] += "-tensorflow"
    return {**fields, "transposed": True, "output_size": _spatial(arguments, "output_shape", axes)}


def _pooling(op: str) -> Any:
    def read(arguments: Arguments, axes: int | None, known: Known) -> Fields:
        shape = input_of(arguments.values.get("input"), axes, channels_last=_is_last(arguments))
        ksize = arguments.sizes("ksize")
        own = len(ksize) - 2 if isinstance(ksize, tuple) and len(ksize) > 2 and axes is None else axes
        axes = axes_known(own, {**known, **shape})
        fields = {
            **shape,
            "op": op,
            "kernel": _spatial(arguments, "ksize", axes),
            "stride": _spatial(arguments, "strides", axes),
            "padding": _padding(arguments, axes),
            "dimensions": axes,
        }
        return {**fields, "count_include_pad": False} if op == "avg_pool" else fields

    return read


_REST = "data_format='NHWC', dilations=None, name=None"
_TRANSPOSED = f"input, filters, output_shape, strides, padding='SAME', {_REST}"
_POOL = "input, ksize, strides, padding, data_format='NHWC', name=None"

LAYERS: dict[str, Layer] = {
    "conv1d": Layer(f"input, filters, stride, padding, {_REST}", _convolution, 1),
    "conv2d": Layer(f"input, filters, strides, padding, {_REST}", _convolution, 2),
    "conv3d": Layer(f"input, filters, strides, padding, {_REST}", _convolution, 3),
    "convolution": Layer(
        "input, filters, strides=None, padding='VALID', data_format=None, dilations=None, name=None", _convolution
    ),
    "depthwise_conv2d": Layer(
        "input, filter, strides, padding, data_format=None, dilations=None, name=None", _depthwise, 2
    ),
    "conv_transpose": Layer(_TRANSPOSED, _transposed),
}
for _axes in (1, 2, 3):
    LAYERS |= {
        f"conv{_axes}d_transpose": Layer(_TRANSPOSED, _transposed, _axes),
        f"max_pool{_axes}d": Layer(_POOL, _pooling("max_pool"), _axes),
        f"avg_pool{_axes}d": Layer(_POOL, _pooling("avg_pool"), _axes),
    }
LAYERS |= {"max_pool": Layer(_POOL, _pooling("max_pool")), "avg_pool": Layer(_POOL, _pooling("avg_pool"))}
