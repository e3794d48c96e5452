"""ONNX: the operators of the family with their attributes, which mean what SEMANTICS of ONNX' own text says.

A node does not tell the size of its kernel where kernel_shape is left out, nor scales and sizes that are inputs of it;
these the caller gives.
"""

from __future__ import annotations

from typing import Any

from convanim.scene.code.reading.call import refused
from convanim.scene.code.reading.layer import Fields, Known, Layer, axes_known, each_axis, listed, needed
from convanim.scene.code.reading.signature import Arguments, entries
from convanim.scene.code.said import got

_NAMES = {"valid": "valid", "same_upper": "same-onnx", "same_lower": "same-lower"}
_COORDINATES = {
    "half_pixel": "half-pixel",
    "asymmetric": "asymmetric",
    "pytorch_half_pixel": "pytorch-half-pixel",
    "half_pixel_symmetric": "half-pixel-symmetric",
}


def _sliding(arguments: Arguments, known: Known) -> tuple[int, Fields]:
    """Kernel, stride, dilation and padding of all operators that slide."""
    if "kernel_shape" in arguments:
        kernel = list(entries(arguments.sizes("kernel_shape")))
    else:
        kernel = needed(known, "kernel", arguments.layer)
    axes = axes_known(None, known, kernel, *_axes_told(arguments))
    fields: Fields = {"kernel": list(each_axis(kernel, axes, "kernel_shape")), "dimensions": axes}
    for attribute, field in (("strides", "stride"), ("dilations", "dilation")):
        if attribute in arguments.values:
            value = arguments.sizes(attribute) if attribute in arguments else 1
            fields[field] = list(each_axis(value, axes, attribute))
    fields["padding"] = _padding(arguments, axes)
    return axes, fields


def _axes_told(arguments: Arguments) -> list[Any]:
    told: list[Any] = [arguments[name] for name in ("strides", "dilations") if name in arguments]
    if "pads" in arguments:
        told.append(entries(arguments["pads"])[::2])
    return told


def _padding(arguments: Arguments, axes: int) -> Any:
    name = "notset"
    if "auto_pad" in arguments:
        name = arguments.word("auto_pad", "notset", *_NAMES)
    pads = entries(arguments.sizes("pads")) if "pads" in arguments else ()
    if name != "notset":
        if any(pads):
            raise refused("pads", got(listed(pads)), f"ONNX has none with auto_pad = {name.upper()}")
        return _NAMES[name]
    if pads and len(pads) != 2 * axes:
        raise refused("pads", got(listed(pads)), f"legal are {2 * axes} numbers: all befores, then all afters")
    return [[pads[axis], pads[axis + axes]] for axis in range(axes)] if pads else 0


def _convolution(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    del axes
    _, fields = _sliding(arguments, known)
    return {**fields, "groups": arguments.whole("group"), **_grouped(arguments, known)}


def _grouped(arguments: Arguments, known: Known) -> Fields:
    """A node tells no channels: as many as groups, unless the caller says more."""
    groups = arguments.whole("group")
    return {"in_channels": known.get("in_channels") or groups}


def _transposed(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    del axes
    axes, fields = _sliding(arguments, known)
    fields |= {"transposed": True, "groups": arguments.whole("group"), **_grouped(arguments, known)}
    extra = (
        each_axis(arguments.sizes("output_padding"), axes, "output_padding") if "output_padding" in arguments else ()
    )
    if any(extra):
        fields["output_padding"] = list(extra)
    if "output_shape" in arguments:
        shape = entries(arguments.sizes("output_shape"))
        fields["output_size"] = list(shape[-axes:])
        if fields["padding"] != "same-onnx":
            fields["padding"] = "same-lower"  # whatever pads says: ONNX works them out anew
    return fields


def _pooling(op: str) -> Any:
    def read(arguments: Arguments, axes: int | None, known: Known) -> Fields:
        del axes
        _, fields = _sliding(arguments, known)
        fields = {**fields, "op": op, "ceil_mode": arguments.flag("ceil_mode")}
        return {**fields, "count_include_pad": arguments.flag("count_include_pad")} if op == "avg_pool" else fields

    return read


def _global(op: str) -> Any:
    def read(arguments: Arguments, axes: int | None, known: Known) -> Fields:
        del axes
        size = needed(known, "input", arguments.layer)
        return {"op": op, "kernel": size, **({} if isinstance(size, int) else {"dimensions": len(size)})}

    return read


def _unpooling(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    del axes
    axes, fields = _sliding(arguments, known)
    if "output_shape" in arguments and known.get("output_size") is None:
        shape = entries(arguments.sizes("output_shape"))
        if len(shape) != axes + 2:
            raise refused("output_shape", got(listed(shape)), f"legal are {axes + 2} numbers, batch and channels first")
        fields["output_size"] = list(shape[2:])
    return {**fields, "op": "max_unpool"}


def _resize(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    arguments.neutral(
        antialias=(None, 0, False),
        exclude_outside=(None, 0),
        keep_aspect_ratio_policy=(None, "stretch"),
    )
    mode = arguments.word("mode", "nearest", "linear")
    place = arguments.word("coordinate_transformation_mode", *_COORDINATES, "align_corners")
    fields: Fields = {"op": "upsample", "mode": mode}
    if place == "align_corners":
        fields["align_corners"] = True
    else:
        fields["coordinates"] = _COORDINATES[place]
    if mode == "nearest":
        rounding = arguments.word("nearest_mode", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
        fields["rounding"] = rounding.replace("_", "-")
    del axes
    return {**fields, **_scales(arguments, known)}


def _scales(arguments: Arguments, known: Known) -> Fields:
    """Scales or sizes written beside the node, batch and channels left away; or those that the caller gave."""
    for name, field in (("scales", "scale_factor"), ("sizes", "output_size")):
        if name in arguments:
            value = entries(arguments[name])
            if name == "scales" and value[:2] != (1, 1):
                raise refused(name, got(listed(value)), "legal is 1 for batch and channels")
            return {field: list(value[2:]), "dimensions": len(value) - 2}
    if known.get("output_size") is None:
        needed(known, "scale_factor", arguments.layer)
    return {}


def _upsample(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    values = {**arguments.values, "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    return _resize(Arguments(arguments.layer, values), axes, known)


_SLIDE = "*, kernel_shape=None, strides=None, dilations=None, pads=None, auto_pad='NOTSET'"
_IGNORED = "name doc_string domain overload"

LAYERS: dict[str, Layer] = {
    "Conv": Layer(f"{_SLIDE}, group=1", _convolution, ignored=_IGNORED),
    "ConvTranspose": Layer(f"{_SLIDE}, group=1, output_padding=None, output_shape=None", _transposed, ignored=_IGNORED),
    "MaxPool": Layer(f"{_SLIDE}, ceil_mode=0, storage_order=0", _pooling("max_pool"), ignored=_IGNORED),
    "AveragePool": Layer(f"{_SLIDE}, ceil_mode=0, count_include_pad=0", _pooling("avg_pool"), ignored=_IGNORED),
    "GlobalMaxPool": Layer("", _global("max_pool"), ignored=_IGNORED),
    "GlobalAveragePool": Layer("", _global("avg_pool"), ignored=_IGNORED),
    "MaxUnpool": Layer(
        "*, kernel_shape=None, strides=None, pads=None, output_shape=None", _unpooling, ignored=_IGNORED
    ),
    "Resize": Layer(
        "*, mode='nearest', coordinate_transformation_mode='half_pixel', nearest_mode='round_prefer_floor', "
        "antialias=0, exclude_outside=0, keep_aspect_ratio_policy=None, scales=None, sizes=None",
        _resize,
        ignored=f"{_IGNORED} cubic_coeff_a extrapolation_value",
    ),
    "Upsample": Layer(
        "*, mode='nearest', antialias=None, exclude_outside=None, keep_aspect_ratio_policy=None, scales=None, "
        "sizes=None",
        _upsample,
        ignored=_IGNORED,
    ),
}
