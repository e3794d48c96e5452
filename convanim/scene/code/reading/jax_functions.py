"""JAX and Flax: the functions of jax.lax, the layers of flax.linen and flax.nnx, and their pooling.

JAX pads the stretched input of a transposed convolution, and does not turn its kernel unless told: its transposed
convolution is a scatter of the turned kernel, `flip` here. `input_dilation` is a transposed convolution as well.
"""

from __future__ import annotations

from typing import Any

from convanim.scene.code.reading.call import Unread, refused
from convanim.scene.code.reading.jax_dimensions import arrays_of, dimensions_of
from convanim.scene.code.reading.layer import (
    Fields,
    Known,
    Layer,
    axes_known,
    crops,
    each_axis,
    input_of,
    joined,
    listed,
    pairs,
)
from convanim.scene.code.reading.signature import Arguments, entries
from convanim.scene.code.said import got

_LAYER_MODES = {"CIRCULAR": "circular", "REFLECT": "reflect"}


def _padding(arguments: Arguments, axes: int, *names: str) -> Any:
    """A name in lower case, or pairs."""
    value = arguments["padding"]
    if isinstance(value, str):
        return arguments.word("padding", *names)
    return pairs(value, axes, "padding")


def _turned(arguments: Arguments, padding: Any, kernel: Any, dilation: Any, stride: Any) -> Fields:
    """The fields of a convolution over an input that is stretched first: a scatter of the turned kernel."""
    if isinstance(padding, str) or isinstance(arguments["padding"], str):
        raise refused("padding", got(arguments["padding"]), "JAX has numbers alone where the input is stretched first")
    return {**crops(padding, kernel, dilation, stride, "padding"), "flip": True}


def _direct(padding: Any, arguments: Arguments, stride: Any, stretched: Any, kernel: Any, dilation: Any) -> Fields:
    """A direct convolution, or a transposed one where the input is stretched."""
    if all(cells == 1 for cells in entries(stretched)):
        return {"padding": padding.replace("_", "-") if isinstance(padding, str) else listed(padding), "stride": stride}
    if any(cells != 1 for cells in entries(stride)):
        raise refused(
            "strides", got(stride), f"{arguments.layer} with a stretched input can be shown with stride 1 alone"
        )
    return {**_turned(arguments, padding, kernel, dilation, listed(stretched)), "stride": listed(stretched)}


def _sized(
    fields: Fields, arguments: Arguments, known: Known, strides: str, places: tuple[int, ...]
) -> tuple[int, list[int]]:
    """How many axes, and the kernel for each."""
    axes = len(places) or axes_known(None, {**known, **fields}, arguments.sizes(strides))
    return axes, list(each_axis(fields["kernel"], axes, "kernel"))


def _general(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    del axes
    arguments.neutral(batch_group_count=(None, 1))
    groups = arguments.whole("feature_group_count") if "feature_group_count" in arguments else 1
    order = dimensions_of(arguments, channels_last=False)
    fields = arrays_of(arguments, known, order, groups, swapped=False)
    axes, kernel = _sized(fields, arguments, known, "window_strides", order.places)
    dilation = arguments.sizes("rhs_dilation") if "rhs_dilation" in arguments else 1
    stretched = arguments.sizes("lhs_dilation") if "lhs_dilation" in arguments else 1
    stride = list(each_axis(arguments.sizes("window_strides"), axes, "window_strides"))
    padding = _padding(arguments, axes, "valid", "same", "same_lower")
    dilation, stretched = each_axis(dilation, axes, "rhs_dilation"), each_axis(stretched, axes, "lhs_dilation")
    fields |= _direct(padding, arguments, stride, stretched, kernel, dilation)
    fields |= {"kernel": kernel, "dilation": list(dilation), "groups": groups, "dimensions": axes}
    return order.of_input(fields)


def _transposed_padding(arguments: Arguments, kernel: Any, dilation: Any, stride: Any, *, forward: bool) -> Fields:
    axes = len(kernel)
    padding = _padding(arguments, axes, "valid", "same")
    if isinstance(padding, str):
        return {"transposed": True, "padding": f"{padding}-jax"}
    if forward:
        return {"transposed": True, "padding": listed(padding)}
    return crops(padding, kernel, dilation, stride, "padding")


def _transposed(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    del axes
    is_turned = not arguments.flag("transpose_kernel")
    order = dimensions_of(arguments, channels_last=True)
    fields = arrays_of(arguments, known, order, 1, swapped=not is_turned)
    axes, kernel = _sized(fields, arguments, known, "strides", order.places)
    stride = each_axis(arguments.sizes("strides"), axes, "strides")
    dilation = arguments.sizes("rhs_dilation") if "rhs_dilation" in arguments else 1
    forward = arguments.flag("use_consistent_padding")
    fields |= _transposed_padding(arguments, kernel, dilation, stride, forward=forward)
    fields |= {"kernel": kernel, "stride": list(stride), "dilation": listed(dilation)}
    return order.of_input({**fields, "flip": is_turned, "dimensions": axes})


def _layer(arguments: Arguments) -> tuple[list[int], Fields]:
    """Kernel and channels of a Flax layer; a kernel size of one number is one axis, there and here."""
    kernel = list(entries(arguments.sizes("kernel_size")))
    fields: Fields = input_of(arguments.values.get("input"), len(kernel), channels_last=True)
    arguments.neutral(mask=(None,))
    if "in_features" in arguments.values:
        fields = joined(fields, {"in_channels": arguments.whole("in_features")}, arguments.layer)
    out = "out_features" if "out_features" in arguments.values else "features"
    return kernel, {**fields, "kernel": kernel, "out_channels": arguments.whole(out), "dimensions": len(kernel)}


def _flax_convolution(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    del axes
    kernel, fields = _layer(arguments)
    count = len(kernel)
    stride, dilation, stretched = (
        each_axis(arguments.sizes(name) if name in arguments else 1, count, name)
        for name in ("strides", "kernel_dilation", "input_dilation")
    )
    groups = arguments.whole("feature_group_count")
    if groups != 1 and "in_channels" not in fields:
        fields["in_channels"] = known.get("in_channels") or groups
    padding = _flax_padding(arguments, kernel, dilation, fields)
    fields |= _direct(padding, arguments, list(stride), stretched, kernel, dilation)
    return {**fields, "dilation": list(dilation), "groups": groups}


def _flax_padding(arguments: Arguments, kernel: list[int], dilation: tuple[int, ...], fields: Fields) -> Any:
    names = ("valid", "same", "same_lower", "circular", "reflect", *(("causal",) if len(kernel) == 1 else ()))
    padding = _padding(arguments, len(kernel), *names)
    if padding in {"circular", "reflect"}:
        fields["padding_mode"] = padding
        reach = [spread * (cells - 1) for cells, spread in zip(kernel, dilation, strict=True)]
        return tuple((total // 2, total - total // 2) for total in reach)
    return padding


def _flax_transposed(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    del axes, known
    kernel, fields = _layer(arguments)
    stride, dilation = (
        each_axis(arguments.sizes(name) if name in arguments else 1, len(kernel), name)
        for name in ("strides", "kernel_dilation")
    )
    fields |= _transposed_padding(arguments, kernel, dilation, stride, forward=False)
    is_turned = not arguments.flag("transpose_kernel")
    return {**fields, "stride": list(stride), "dilation": list(dilation), "flip": is_turned}


def _flax_pooling(op: str) -> Any:
    def read(arguments: Arguments, axes: int | None, known: Known) -> Fields:
        del axes, known
        kernel = list(entries(arguments.sizes("window_shape")))
        padding = _padding(arguments, len(kernel), "valid", "same", "same_lower")
        stride = listed(arguments.sizes("strides")) if "strides" in arguments else 1
        fields = input_of(arguments.values.get("inputs"), len(kernel), channels_last=True)
        fields |= {"op": op, "kernel": kernel, "stride": stride, "dimensions": len(kernel)}
        fields["padding"] = padding.replace("_", "-") if isinstance(padding, str) else listed(padding)
        if op == "avg_pool":
            fields["count_include_pad"] = arguments.flag("count_include_pad")
        return fields

    return read


def _reduce_window(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    """jax.lax.reduce_window with lax.max or lax.add; the window spans batch and channels too, with 1."""
    computation = arguments.values["computation"]
    name = computation.text.rpartition(".")[2] if isinstance(computation, Unread) else ""
    op = {"max": "max_pool", "maximum": "max_pool", "add": "avg_pool"}.get(name)
    if op is None:
        raise refused("computation", got(name or computation), "legal are lax.max and lax.add")
    arguments.neutral(base_dilation=(None, 1))
    window = tuple(entries(arguments.sizes("window_dimensions")))
    where = _spatial_axes(window, known)
    fields: Fields = {"op": op, "dimensions": len(where), "kernel": [window[axis] for axis in where]}
    for argument, field in (("window_strides", "stride"), ("window_dilation", "dilation")):
        sizes = each_axis(arguments.sizes(argument) if argument in arguments else 1, len(window), argument)
        fields[field] = [sizes[axis] for axis in where]
    padding = _padding(arguments, len(window), "valid", "same", "same_lower")
    if isinstance(padding, str):
        fields["padding"] = padding.replace("_", "-")
    else:
        fields["padding"] = [list(padding[axis]) for axis in where]
    del axes
    _refuse_start(arguments, op)
    return {**fields, "divisor_override": 1} if op == "avg_pool" else fields


def _refuse_start(arguments: Arguments, op: str) -> None:
    """Refuse a number that would count as one more cell of each window: maxima start from -inf, sums from 0."""
    start = arguments.values["init_value"]
    if isinstance(start, Unread) or (op == "avg_pool" and start == 0):
        return
    raise refused(
        "init_value", got(start), f"legal is {'-jnp.inf' if op == 'max_pool' else '0'}, which changes nothing"
    )


def _spatial_axes(window: tuple[int, ...], known: Known) -> tuple[int, ...]:
    """Which axes of the window are spatial: all but batch and channels, wherever these stand."""
    size = known.get("input")
    axes = len(size) if isinstance(size, list | tuple) else known.get("dimensions")
    if axes == len(window):
        return tuple(range(len(window)))
    orders = {tuple(range(2, len(window))): window[:2], tuple(range(1, len(window) - 1)): (window[0], window[-1])}
    fitting = [order for order, beside in orders.items() if beside == (1, 1)]
    if len({tuple(window[axis] for axis in order) for order in fitting}) != 1 or len(window) < 3:
        legal = "legal is 1 for batch and channels, and no doubt which axes these are"
        raise refused("window_dimensions", got(listed(window)), legal)
    return fitting[0]


_REST = "precision=None, preferred_element_type=None"
_FLAX_IGNORED = (
    "name parent precision dtype param_dtype kernel_init bias_init use_bias rngs promote_dtype "
    "preferred_element_type kernel_metadata bias_metadata"
)
_FLAX = (
    "strides=1, padding='SAME', input_dilation=1, kernel_dilation=1, feature_group_count=1, use_bias=True, mask=None"
)
_FLAX_T = "strides=1, padding='SAME', kernel_dilation=1, use_bias=True, mask=None"
_NNX = "in_features, out_features, kernel_size, strides=1, *, padding='SAME', kernel_dilation=1, mask=None"

LAYERS: dict[str, Layer] = {
    "conv": Layer(f"lhs, rhs, window_strides, padding, {_REST}", _general),
    "conv_with_general_padding": Layer(
        f"lhs, rhs, window_strides, padding, lhs_dilation, rhs_dilation, {_REST}", _general
    ),
    "conv_general_dilated": Layer(
        "lhs, rhs, window_strides, padding, lhs_dilation=None, rhs_dilation=None, dimension_numbers=None, "
        f"feature_group_count=1, batch_group_count=1, {_REST}, out_sharding=None",
        _general,
    ),
    "conv_transpose": Layer(
        "lhs, rhs, strides, padding, rhs_dilation=None, dimension_numbers=None, transpose_kernel=False, "
        f"{_REST}, use_consistent_padding=False",
        _transposed,
    ),
    "reduce_window": Layer(
        "operand, init_value, computation, window_dimensions, window_strides=None, padding='VALID', "
        "base_dilation=None, window_dilation=None",
        _reduce_window,
    ),
    "Conv": Layer(f"features, kernel_size, {_FLAX}", _flax_convolution, ignored=_FLAX_IGNORED, called="inputs"),
    "ConvTranspose": Layer(
        f"features, kernel_size, {_FLAX_T}, *, transpose_kernel=False",
        _flax_transposed,
        ignored=_FLAX_IGNORED,
        called="inputs",
    ),
    "max_pool": Layer("inputs, window_shape, strides=None, padding='VALID'", _flax_pooling("max_pool")),
    "avg_pool": Layer(
        "inputs, window_shape, strides=None, padding='VALID', count_include_pad=True", _flax_pooling("avg_pool")
    ),
}
NNX_LAYERS: dict[str, Layer] = {
    "Conv": Layer(
        f"{_NNX}, input_dilation=1, feature_group_count=1",
        _flax_convolution,
        ignored=_FLAX_IGNORED,
        called="inputs, out_sharding=None",
    ),
    "ConvTranspose": Layer(f"{_NNX}, transpose_kernel=False", _flax_transposed, ignored=_FLAX_IGNORED, called="inputs"),
}
