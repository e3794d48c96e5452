"""Golden cases from Keras on JAX, in float64."""

import os
from math import prod

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np

from tests.golden import data, drawn
from tests.golden.case import answered, gathered, written_call
from tests.golden.from_jax import jax  # with 64 bits, and with the same passes of XLA

IN_PRODUCTS = 2**-51  # XLA compiles the division by a constant to a product with its reciprocal


def cases(seed, share=1):
    """All cases, in the order of the file."""
    if keras.backend.backend() != "jax":
        message = "Keras was imported before, and not on JAX"
        raise RuntimeError(message)
    counts = {convolution: 55, depthwise: 15, transposed: 70, max_pool: 20, avg_pool: 25, upsampling: 20}
    return gathered(counts, seed + 600_000, share, after=jax.clear_caches)


def last(array):
    return np.moveaxis(array, 0, -1)[None].astype(np.float64)


def first(result):
    return np.moveaxis(np.asarray(result)[0], -1, 0)


def spatial(w):
    """(a, b, *k) as Keras has it: (*k, b, a)."""
    return np.moveaxis(w, (0, 1), (-1, -2)).astype(np.float64)


def forward(decisions):
    shape = drawn.window(decisions)
    if max(shape.dilation) > 1:  # Keras has one or the other
        shape = shape._replace(stride=[1] * shape.axes)
    padding = decisions.one_of(["same", "same", "valid"] + ["causal"] * 3 * (shape.axes == 1))
    if padding == "valid" and any(n < reach for n, reach in zip(shape.size, shape.reach, strict=True)):
        return None
    names = {"same": ["same", "same-keras"], "valid": ["valid"], "causal": ["causal"]}
    return shape, drawn.window_fields(decisions, shape) | {"padding": decisions.one_of(names[padding])}, padding


def computed(name, arguments, options, x, w=None):
    """(the call as text, its output): a layer with its kernel set."""
    layer = getattr(keras.layers, name)(*arguments, **options, dtype="float64")
    if w is not None:
        layer.build(x.shape)
        layer.set_weights([w])
    call = written_call(f"keras.layers.{name}", ", ".join(map(repr, arguments)), **options) + "(x)"
    return call, first(layer(x))


def convolution(decisions, seed):
    found = forward(decisions)
    if found is None:
        return None
    shape, scene, padding = found
    into, out, groups = drawn.channels(decisions)
    scene |= drawn.channel_fields(into, out, groups)
    arrays = {"input": (into, *shape.size), "kernel": (out, into // groups, *shape.kernel)}
    x, w = (data.values(seed, name, arrays[name]) for name in arrays)
    options = {"strides": tuple(shape.stride), "padding": padding, "dilation_rate": tuple(shape.dilation)}
    options |= {"groups": groups, "use_bias": False}
    arguments = [out, tuple(shape.kernel)]
    call, result = computed(f"Conv{shape.axes}D", arguments, options, last(x), spatial(w))
    return answered("keras", call, scene, arrays, result, seed=seed)


def depthwise(decisions, seed):
    found = forward(decisions)
    if found is None or found[0].axes != 2:
        return None
    shape, scene, padding = found
    into, each = decisions.number(1, 3), decisions.number(1, 2)
    scene |= drawn.channel_fields(into, into * each, into)
    arrays = {"input": (into, *shape.size), "kernel": (into * each, 1, *shape.kernel)}
    x, w = (data.values(seed, name, arrays[name]) for name in arrays)
    weights = np.moveaxis(w.reshape(into, each, *shape.kernel), (0, 1), (-2, -1)).astype(np.float64)
    options = {"strides": tuple(shape.stride), "padding": padding, "depth_multiplier": each}
    options |= {"dilation_rate": tuple(shape.dilation), "use_bias": False}
    call, result = computed("DepthwiseConv2D", [tuple(shape.kernel)], options, last(x), weights)
    return answered("keras", call, scene, arrays, result, seed=seed)


def transposed(decisions, seed):
    """ConvNDTranspose with output_padding given and not, which are two rules."""
    shape = drawn.window(decisions)
    if max(shape.dilation) > 1:
        shape = shape._replace(stride=[1] * shape.axes)
    padding = decisions.one_of(["same", "valid"])
    scene = {"padding": "same-keras" if padding == "same" else "valid-keras"}
    options = {"strides": tuple(shape.stride), "padding": padding, "dilation_rate": tuple(shape.dilation)}
    if decisions.chance(60):
        extra = [decisions.number(0, s - 1) for s in shape.stride]
        scene["output_padding"] = drawn.spelled(decisions, extra)
        options["output_padding"] = tuple(extra)
    into, out = decisions.number(1, 3), decisions.number(1, 3)
    scene = drawn.window_fields(decisions, shape) | {"transposed": True} | scene | drawn.channel_fields(into, out, 1)
    arrays = {"input": (into, *shape.size), "kernel": (into, out, *shape.kernel)}
    x, w = (data.values(seed, name, arrays[name]) for name in arrays)
    options["use_bias"] = False
    arguments = [out, tuple(shape.kernel)]
    try:
        call, result = computed(f"Conv{shape.axes}DTranspose", arguments, options, last(x), spatial(w))
    except ValueError:  # an output of no cells, or output padding that Keras refuses
        return None
    return answered("keras", call, scene, arrays, result, seed=seed) if prod(result.shape) else None


def pooling(decisions, op):
    shape = drawn.window(decisions, dilated=0, largest_stride=4)
    padding = decisions.one_of(["same", "same", "valid"])
    if padding == "valid" and any(n < k for n, k in zip(shape.size, shape.kernel, strict=True)):
        return None
    planes = decisions.one_of([1, 1, 2, 3])
    scene = drawn.window_fields(decisions, shape, op=op) | ({} if planes == 1 else {"in_channels": planes})
    options = {"pool_size": tuple(shape.kernel), "strides": tuple(shape.stride), "padding": padding}
    return shape, scene | {"padding": padding}, options, {"input": (planes, *shape.size)}


def max_pool(decisions, seed):
    found = pooling(decisions, "max_pool")
    if found is None:
        return None
    shape, scene, options, arrays = found
    x = last(data.values(seed, "input", arrays["input"]))
    call, result = computed(f"MaxPooling{shape.axes}D", [], options, x)
    return answered("keras", call, scene, arrays, result, seed=seed)


def avg_pool(decisions, seed):
    """AveragePoolingND, which does not count padding."""
    found = pooling(decisions, "avg_pool")
    if found is None:
        return None
    shape, scene, options, arrays = found
    x = last(data.values(seed, "input", arrays["input"]))
    call, result = computed(f"AveragePooling{shape.axes}D", [], options, x)
    return answered(
        "keras", call, scene | {"count_include_pad": False}, arrays, result, seed=seed, precision=IN_PRODUCTS
    )


def upsampling(decisions, seed):
    """UpSamplingND by whole factors."""
    axes = decisions.number(1, 3)
    size = decisions.numbers(axes, 1, {1: 8, 2: 4, 3: 2}[axes])
    factors = decisions.numbers(axes, 1, {1: 5, 2: 3, 3: 2}[axes])
    options = {"size": factors[0] if axes == 1 else tuple(factors)}
    scene = {"op": "upsample", "input": size, "scale_factor": drawn.spelled(decisions, factors)}
    if axes == 2:
        options["interpolation"] = decisions.one_of(["nearest", "bilinear"])
        scene["mode"] = {"nearest": "nearest", "bilinear": "linear"}[options["interpolation"]]
    arrays = {"input": (1, *size)}
    call, result = computed(f"UpSampling{axes}D", [], options, last(data.values(seed, "input", arrays["input"])))
    return answered("keras", call, scene, arrays, result, seed=seed)
