"""Keras: the layers of keras.layers that belong to the family."""

from __future__ import annotations

from typing import Any

from convanim.scene.code.reading.call import Shaped, refused
from convanim.scene.code.reading.layer import Fields, Known, Layer, each_axis, input_known, input_of, joined, listed
from convanim.scene.code.reading.signature import Arguments, entries
from convanim.scene.code.said import got


def _channels_last(arguments: Arguments) -> bool:
    if "data_format" not in arguments:
        return True
    return arguments.word("data_format", "channels_last", "channels_first") == "channels_last"


def _input(arguments: Arguments, axes: int | None) -> Fields:
    """The input as `layer(x)` or the layer's own input_shape tells it."""
    is_last = _channels_last(arguments)
    fields = input_of(arguments.values.get("input"), axes, channels_last=is_last)
    for name in ("input_shape", "batch_input_shape", "batch_shape"):
        shape = arguments.values.get(name)
        if isinstance(shape, tuple) and all(type(length) is int for length in shape[-(axes or 1) - 1 :]):
            told = input_of(Shaped(tuple(shape[-(axes or 1) - 1 :])), axes, channels_last=is_last)
            fields = joined(fields, told, arguments.layer)
    return fields


def _sliding(arguments: Arguments, axes: int | None) -> Fields:
    """What all convolutions have."""
    arguments.neutral(activation=(None, "linear"))
    stride, dilation = (arguments.sizes(name) for name in ("strides", "dilation_rate"))
    if max(entries(stride)) > 1 and max(entries(dilation)) > 1:
        raise refused("dilation_rate", got(listed(dilation)), "Keras has it only where strides is 1")
    return {
        **_input(arguments, axes),
        "kernel": listed(arguments.sizes("kernel_size")),
        "stride": listed(stride),
        "dilation": listed(dilation),
        "dimensions": axes,
    }


def _convolution(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    fields = _sliding(arguments, axes)
    groups = arguments.whole("groups")
    fields["padding"] = arguments.word("padding", "valid", "same", *(("causal",) if axes == 1 else ()))
    if groups != 1:
        fields["in_channels"] = fields.get("in_channels", known.get("in_channels") or groups)
    return {**fields, "groups": groups, "out_channels": arguments.whole("filters")}


def _depthwise(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    fields = _sliding(arguments, axes)
    strides = each_axis(arguments.sizes("strides"), axes or 2, "strides")
    if len(set(strides)) > 1:
        raise refused("strides", got(listed(strides)), "Keras has one number for all axes of a depthwise convolution")
    channels = int(known.get("in_channels") or fields.get("in_channels") or 1)
    fields["padding"] = arguments.word("padding", "valid", "same", *(("causal",) if axes == 1 else ()))
    out = channels * arguments.whole("depth_multiplier")
    return {**fields, "in_channels": channels, "groups": channels, "out_channels": out}


def _transposed(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    del known
    fields = _sliding(arguments, axes)
    fields |= {"transposed": True, "out_channels": arguments.whole("filters")}
    fields["padding"] = f"{arguments.word('padding', 'valid', 'same')}-keras"
    if "output_padding" in arguments:
        fields["output_padding"] = listed(arguments.sizes("output_padding"))
    return fields


def _pooling(op: str) -> Any:
    def read(arguments: Arguments, axes: int | None, known: Known) -> Fields:
        del known
        fields = {
            **_input(arguments, axes),
            "op": op,
            "kernel": listed(arguments.sizes("pool_size")),
            "padding": arguments.word("padding", "valid", "same"),
            "dimensions": axes,
        }
        if "strides" in arguments:
            fields["stride"] = listed(arguments.sizes("strides"))
        return {**fields, "count_include_pad": False} if op == "avg_pool" else fields

    return read


def _global(op: str) -> Any:
    def read(arguments: Arguments, axes: int | None, known: Known) -> Fields:
        fields = _input(arguments, axes)
        kernel = list(input_known({**fields, **known}, axes or 2, arguments.layer))
        whole = {"op": op, "kernel": kernel, "dimensions": axes}
        return {**fields, **whole, "count_include_pad": False} if op == "avg_pool" else {**fields, **whole}

    return read


def _upsampling(arguments: Arguments, axes: int | None, known: Known) -> Fields:
    del known
    if axes == 1:
        arguments.whole("size")
    words = ("nearest", "bilinear") if axes == 2 else ("nearest",)
    interpolation = arguments.word("interpolation", *words) if "interpolation" in arguments.values else "nearest"
    return {
        **_input(arguments, axes),
        "op": "upsample",
        "scale_factor": listed(arguments.sizes("size")),
        "mode": "linear" if interpolation == "bilinear" else "nearest",
        "dimensions": axes,
    }


_END = "*, input_shape=None, batch_input_shape=None, batch_shape=None"
_CALLED = "inputs, *, training=None, mask=None"
_IGNORED = (
    "name dtype trainable kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
    "activity_regularizer kernel_constraint bias_constraint depthwise_initializer depthwise_regularizer "
    "depthwise_constraint dynamic weights autocast implementation"
)


def _layers(axes: int) -> dict[str, Layer]:
    one, two = ("1", "2") if axes == 1 else (f"({'1, ' * axes})", f"({'2, ' * axes})")
    slide = f"strides={one}, padding='valid'"
    weights = (
        "activation=None, use_bias=True, kernel_initializer=None, bias_initializer=None, kernel_regularizer=None, "
        "bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None"
    )
    pool = f"strides=None, padding='valid', data_format=None, name=None, {_END}"
    max_pool = Layer(f"pool_size={two}, {pool}", _pooling("max_pool"), axes, _IGNORED, _CALLED)
    average = Layer(f"pool_size, {pool}", _pooling("avg_pool"), axes, _IGNORED, _CALLED)
    interpolation = ", interpolation='nearest'" * (axes == 2)
    data_format = ", data_format=None" * (axes > 1)
    middle = "output_padding=None, data_format=None" if axes < 3 else "data_format=None, output_padding=None"
    whole = f"data_format=None, keepdims=False, {_END}"
    layers = {
        f"Conv{axes}D": Layer(
            f"filters, kernel_size, {slide}, data_format=None, dilation_rate={one}, groups=1, {weights}, {_END}",
            _convolution,
            axes,
            _IGNORED,
            _CALLED,
        ),
        f"Conv{axes}DTranspose": Layer(
            f"filters, kernel_size, {slide}, {middle}, dilation_rate={one}, {weights}, {_END}",
            _transposed,
            axes,
            _IGNORED,
            _CALLED,
        ),
        f"MaxPooling{axes}D": max_pool,
        f"MaxPool{axes}D": max_pool,
        f"AveragePooling{axes}D": average,
        f"AvgPool{axes}D": average,
        f"UpSampling{axes}D": Layer(
            f"size={two}{data_format}{interpolation}, {_END}", _upsampling, axes, _IGNORED, _CALLED
        ),
    }
    for short, long, op in (("MaxPool", "MaxPooling", "max_pool"), ("AvgPool", "AveragePooling", "avg_pool")):
        layers |= dict.fromkeys(
            (f"Global{short}{axes}D", f"Global{long}{axes}D"), Layer(whole, _global(op), axes, _IGNORED, _CALLED)
        )
    layers[f"Convolution{axes}D"] = layers[f"Conv{axes}D"]
    layers[f"Convolution{axes}DTranspose"] = layers[f"Conv{axes}DTranspose"]
    if axes < 3:
        layers[f"DepthwiseConv{axes}D"] = Layer(
            f"kernel_size, {slide}, depth_multiplier=1, data_format=None, dilation_rate={one}, "
            f"{weights.replace('kernel_', 'depthwise_')}, {_END}",
            _depthwise,
            axes,
            _IGNORED,
            _CALLED,
        )
    return layers


LAYERS: dict[str, Layer] = {name: layer for axes in (1, 2, 3) for name, layer in _layers(axes).items()}
