"""Golden cases from TensorFlow, in float64, without oneDNN (which has other sizes for some VALID convolutions)."""

import os
from fractions import Fraction
from math import floor

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf

from tests.golden import data, drawn
from tests.golden.case import IN_FLOAT32, answered, gathered, written_call

UNSUPPORTED = (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError, ValueError)


def cases(seed, share=1):
    """All cases, in the order of the file."""
    counts = {
        convolution: 60,
        depthwise: 15,
        transposed: 60,
        kernel_gradient: 20,
        max_pool: 30,
        avg_pool: 25,
        resize: 40,
    }
    return gathered(counts, seed + 500_000, share)


def last(array):
    """Channels last, with a batch axis: the layout that TensorFlow has on every machine."""
    return tf.constant(np.moveaxis(array, 0, -1)[None], dtype=tf.float64)


def first(result):
    return np.moveaxis(np.asarray(result)[0], -1, 0)


def spatial(w):
    """(a, b, *k) as TensorFlow has it: (*k, b, a)."""
    return tf.constant(np.moveaxis(w, (0, 1), (-1, -2)), dtype=tf.float64)


def forward(decisions):
    """(window, scene, padding), the kernel within the input where nothing is padded."""
    shape = drawn.window(decisions)
    if max(shape.dilation) > 1:
        shape = shape._replace(stride=[1] * shape.axes)
    padding = decisions.one_of(["SAME", "SAME", "VALID"])
    if padding == "VALID" and any(n < reach for n, reach in zip(shape.size, shape.reach, strict=True)):
        return None
    if pads_less_than_nothing(shape, padding):
        return None
    names = {"SAME": ["same", "same-tensorflow"], "VALID": ["valid"]}
    return shape, drawn.window_fields(decisions, shape) | {"padding": decisions.one_of(names[padding])}, padding


def pads_less_than_nothing(shape, padding):
    """SAME in three dimensions with a stride beyond the kernel: TensorFlow's CPU kernels skip cells before the first.

    avg_pool3d of 0, 1, 2, 3, 4 with kernel 1 and stride 5 is 2 there; in one and two dimensions it is 0.
    """
    beyond = any(s > reach for s, reach in zip(shape.stride, shape.reach, strict=True))
    return padding == "SAME" and shape.axes == 3 and beyond


def convolution(decisions, seed):
    found = forward(decisions)
    if found is None:
        return None
    shape, scene, padding = found
    into, out, groups = drawn.channels(decisions)
    scene |= drawn.channel_fields(into, out, groups)
    arrays = {"input": (into, *shape.size), "kernel": (out, into // groups, *shape.kernel)}
    x, w = (data.values(seed, name, arrays[name]) for name in arrays)
    options = {"strides": shape.stride, "dilations": shape.dilation, "padding": padding}
    name = "tf.nn.convolution"
    try:
        if shape.axes == 2 and padding == "VALID" and decisions.chance(60):
            scene["padding"] = drawn.pairs(decisions, 2)
            options["padding"] = [[0, 0], *scene["padding"], [0, 0]]
            name = "tf.nn.conv2d"
            result = tf.nn.conv2d(last(x), spatial(w), **options)
        else:
            result = tf.nn.convolution(last(x), spatial(w), **options)
    except UNSUPPORTED:  # some groups and dilations on a CPU
        return None
    return answered("tensorflow", written_call(name, "x, w", **options), scene, arrays, first(result), seed=seed)


def depthwise(decisions, seed):
    found = forward(decisions)
    if found is None or found[0].axes != 2:
        return None
    shape, scene, padding = found
    if len(set(shape.stride)) > 1:
        return None
    into, each = decisions.number(1, 3), decisions.number(1, 2)
    scene |= drawn.channel_fields(into, into * each, into)
    arrays = {"input": (into, *shape.size), "kernel": (into * each, 1, *shape.kernel)}
    x, w = (data.values(seed, name, arrays[name]) for name in arrays)
    weights = np.moveaxis(w.reshape(into, each, *shape.kernel), (0, 1), (-2, -1))
    options = {"strides": [1, *shape.stride, 1], "padding": padding, "dilations": shape.dilation}
    result = tf.nn.depthwise_conv2d(last(x), tf.constant(weights, dtype=tf.float64), **options)
    call = written_call("tf.nn.depthwise_conv2d", "x, w", **options)
    return answered("tensorflow", call, scene, arrays, first(result), seed=seed)


def transposed(decisions, seed):
    """convNd_transpose, told the size of its output: any that a forward convolution would have led back from."""
    shape = drawn.window(decisions, dilated=0)
    padding = decisions.one_of(["SAME", "VALID"])
    windows = list(zip(shape.size, shape.kernel, shape.stride, strict=True))
    if padding == "SAME":
        target = [s * n - decisions.number(0, s - 1) for n, _, s in windows]
        scene = {"padding": decisions.one_of(["same", "same-tensorflow"])}
    else:
        target = [s * (n - 1) + k + decisions.number(0, s - 1) for n, k, s in windows]
        scene = {"padding": "valid-tensorflow"}
    usual = [s * n if padding == "SAME" else s * (n - 1) + max(k, s) for n, k, s in windows]
    scene |= {} if target == usual and decisions.chance(50) else {"output_size": target}
    into, out = decisions.number(1, 3), decisions.number(1, 3)
    scene = drawn.window_fields(decisions, shape) | {"transposed": True} | scene | drawn.channel_fields(into, out, 1)
    arrays = {"input": (into, *shape.size), "kernel": (into, out, *shape.kernel)}
    x, w = (data.values(seed, name, arrays[name]) for name in arrays)
    options = {"output_shape": [1, *target, out], "strides": shape.stride, "padding": padding}
    name = f"conv{shape.axes}d_transpose"
    result = getattr(tf.nn, name)(last(x), spatial(w), **options)
    call = written_call(f"tf.nn.{name}", "x, w", **options)
    return answered("tensorflow", call, scene, arrays, first(result), seed=seed)


def kernel_gradient(decisions, seed):
    """A tape's gradient with respect to the kernel; in three dimensions it breaks down without a word of why."""
    found = forward(decisions)
    if found is None or found[0].axes == 3:
        return None
    shape, scene, padding = found
    into, out = decisions.number(1, 2), decisions.number(1, 2)
    options = {"strides": shape.stride, "dilations": shape.dilation, "padding": padding}
    weights = tf.zeros((*shape.kernel, into, out), dtype=tf.float64)
    x = data.values(seed, "input", (into, *shape.size))
    with tf.GradientTape() as tape:
        tape.watch(weights)
        y = tf.nn.convolution(last(x), weights, **options)
    arrays = {"input": (into, *shape.size), "kernel": (out, *y.shape[1:-1])}
    gradient = data.values(seed, "kernel", arrays["kernel"])
    result = np.moveaxis(np.asarray(tape.gradient(y, weights, last(gradient))), (-1, -2), (0, 1))
    call = written_call("tf.nn.convolution", "x, w", **options)
    call = f"tape.gradient({call}, w of {(*shape.kernel, into, out)}, gradient)"
    scene = {"op": "conv_kernel_grad"} | scene | drawn.channel_fields(into, out, 1)
    return answered("tensorflow", call, scene, arrays, result, seed=seed)


def pooling(decisions, op):
    shape = drawn.window(decisions, dilated=0, largest_stride=4)
    padding = decisions.one_of(["SAME", "SAME", "VALID"])
    if padding == "VALID" and any(n < k for n, k in zip(shape.size, shape.kernel, strict=True)):
        return None
    if pads_less_than_nothing(shape, padding):
        return None
    planes = decisions.one_of([1, 2, 3])
    scene = drawn.window_fields(decisions, shape, op=op) | {"stride": shape.stride, "padding": padding.lower()}
    scene |= {} if planes == 1 else {"in_channels": planes}
    options = {"ksize": shape.kernel, "strides": shape.stride, "padding": padding}
    return shape, scene, options, {"input": (planes, *shape.size)}


def max_pool(decisions, seed):
    """max_poolNd, and in two dimensions max_pool_with_argmax."""
    found = pooling(decisions, "max_pool")
    if found is None:
        return None
    shape, scene, options, arrays = found
    x = last(data.values(seed, "input", arrays["input"]))
    if shape.axes == 2:
        result, indexes = tf.nn.max_pool_with_argmax(x, **options)
        call = written_call("tf.nn.max_pool_with_argmax", "x", **options)
        switches = first(indexes) // arrays["input"][0]
        return answered("tensorflow", call, scene, arrays, first(result), seed=seed, switches=switches)
    name = f"max_pool{shape.axes}d"
    x = tf.cast(x, tf.float32) if shape.axes == 3 else x  # in three dimensions it has no other
    call = written_call(f"tf.nn.{name}", "x", **options)
    return answered("tensorflow", call, scene, arrays, first(getattr(tf.nn, name)(x, **options)), seed=seed)


def avg_pool(decisions, seed):
    """avg_poolNd, which does not count padding."""
    found = pooling(decisions, "avg_pool")
    if found is None:
        return None
    shape, scene, options, arrays = found
    x = last(data.values(seed, "input", arrays["input"]))
    name = f"avg_pool{shape.axes}d"
    narrow = shape.axes == 3
    x = tf.cast(x, tf.float32) if narrow else x
    call = written_call(f"tf.nn.{name}", "x", **options)
    result = first(getattr(tf.nn, name)(x, **options))
    scene["count_include_pad"] = False
    return answered("tensorflow", call, scene, arrays, result, seed=seed, precision=IN_FLOAT32 if narrow else None)


def resize(decisions, seed):
    """tf.image.resize, and version 1's, which has no half pixels but has aligned corners."""
    size, result = decisions.numbers(2, 1, 6), decisions.numbers(2, 1, 7)
    planes = decisions.one_of([1, 1, 2])
    method = decisions.one_of(["nearest", "bilinear"])
    version = decisions.one_of([1, 2])
    if method == "nearest" and not rounds_as_exact_numbers_do(size, result, half=version == 2):
        return None
    scene = {"op": "upsample", "input": size, "output_size": result}
    scene |= {} if planes == 1 else {"in_channels": planes}
    arrays = {"input": (planes, *size)}
    x = tf.cast(last(data.values(seed, "input", arrays["input"])), tf.float32)
    options = {"size": result, "method": method}
    scene["mode"] = {"nearest": "nearest" if version == 1 else "nearest-exact", "bilinear": "linear"}[method]
    if version == 1:
        if method == "bilinear" and decisions.chance(50):
            options["align_corners"] = scene["align_corners"] = True
        elif method == "bilinear":
            scene["coordinates"] = "asymmetric"
        answer = tf.compat.v1.image.resize(x, **options)
        call = written_call("tf.compat.v1.image.resize", "x", **options)
    else:
        answer = tf.image.resize(x, **options)
        call = written_call("tf.image.resize", "x", **options)
    precision = IN_FLOAT32 if method == "bilinear" else None
    return answered("tensorflow", call, scene, arrays, first(answer), seed=seed, precision=precision)


def rounds_as_exact_numbers_do(size, result, *, half):
    """Whether float32 finds the cell that exact numbers give."""
    for n, o in zip(size, result, strict=True):
        step, shift = np.float32(n) / np.float32(o), Fraction(1, 2) if half else Fraction(0)
        for d in range(o):
            if floor((d + shift) * n / o) != int(np.float32(d + float(shift)) * step):
                return False
    return True
