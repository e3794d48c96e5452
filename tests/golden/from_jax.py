"""Golden cases from JAX and Flax, computed in float64 on the CPU.

XLA's algebraic simplifier is switched off: it aborts the process on the input gradient of some grouped convolutions.
"""

import os
from fractions import Fraction
from math import floor

os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_disable_hlo_passes=algsimp"

import flax.linen
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from tests.golden import data, drawn
from tests.golden.case import answered, gathered, refused, written_call

jax.config.update("jax_enable_x64", True)

FLAX_MODES = {"CIRCULAR": "circular", "REFLECT": "reflect"}
NAMES = {"SAME": ["same", "same-jax", "same-upper"], "VALID": ["valid"], "SAME_LOWER": ["same-lower"]}


def cases(seed, share=1):
    """All cases, in the order of the file."""
    counts = {
        convolution: 250,
        flax_convolution: 90,
        conv_transpose: 200,
        input_gradient: 120,
        kernel_gradient: 120,
        max_pool: 100,
        avg_pool: 100,
        resize: 110,
        impossible: 50,
    }
    return gathered(counts, seed + 100_000, share, after=jax.clear_caches)


def array(numbers):
    return jnp.asarray(np.asarray(numbers), dtype=jnp.float64)


def layout(axes):
    """Channels first, as convanim has it: input, kernel, output."""
    letters = "DHW"[3 - axes :]
    return ("NC" + letters, "OI" + letters, "NC" + letters)


def named(decisions, shape, options):
    """A padding for lax: (its own writing, the scene's, cells per side)."""
    kind = decisions.one_of(options)
    if kind != "pairs":
        return kind, decisions.one_of(NAMES[kind]), lax.padtype_to_pads(shape.size, shape.reach, shape.stride, kind)
    pads = drawn.pairs(decisions, shape.axes)
    return [tuple(pair) for pair in pads], pads, pads


def output_size(shape, pads):
    steps = zip(shape.size, pads, shape.reach, shape.stride, strict=True)
    return [(n + sum(pair) - reach) // s + 1 for n, pair, reach, s in steps]


def forward(decisions):
    """(window, scene, options of lax.conv_general_dilated, cells per side, channels), where there is an output."""
    shape = drawn.window(decisions)
    into, out, groups = drawn.channels(decisions)
    own, written, pads = named(decisions, shape, ["SAME", "SAME", "VALID", "SAME_LOWER", "pairs", "pairs"])
    if min(output_size(shape, pads)) < 1:
        return None
    scene = drawn.window_fields(decisions, shape) | drawn.channel_fields(into, out, groups) | {"padding": written}
    options = {"window_strides": tuple(shape.stride), "padding": own, "rhs_dilation": tuple(shape.dilation)}
    options |= {"dimension_numbers": layout(shape.axes), "feature_group_count": groups}
    return shape, scene, options, pads, (into, out, groups)


def convolution(decisions, seed):
    """lax.conv_general_dilated; with the kernel turned first, a true convolution."""
    found = forward(decisions)
    if found is None:
        return None
    shape, scene, options, _, (into, out, groups) = found
    arrays = {"input": (into, *shape.size), "kernel": (out, into // groups, *shape.kernel)}
    x, w = (array(data.values(seed, name, arrays[name])) for name in arrays)
    turned = decisions.chance(25)
    spatial = tuple(range(2, w.ndim))
    result = lax.conv_general_dilated(x[None], lax.rev(w, spatial) if turned else w, **options)
    scene |= {"flip": True} if turned else {}
    call = written_call("jax.lax.conv_general_dilated", f"x, lax.rev(w, {spatial})" if turned else "x, w", **options)
    return answered("jax", call, scene, arrays, result[0], seed=seed)


def flax_convolution(decisions, seed):
    """flax.linen.Conv with the paddings that lax has no name for."""
    shape = drawn.window(decisions)
    into, out, groups = drawn.channels(decisions)
    padding = decisions.one_of(["CIRCULAR", "REFLECT", "CAUSAL"])
    if padding == "CAUSAL" and shape.axes != 1:
        return None
    scene = drawn.window_fields(decisions, shape) | drawn.channel_fields(into, out, groups)
    pads = [[(reach - 1) // 2, reach // 2] for reach in shape.reach]
    if padding == "CAUSAL":
        scene["padding"] = "causal"
    else:
        limits = [n - (padding == "REFLECT") for n in shape.size]
        if any(max(pair) > limit for pair, limit in zip(pads, limits, strict=True)):
            return None
        scene |= {"padding": pads, "padding_mode": FLAX_MODES[padding]}
    arrays = {"input": (into, *shape.size), "kernel": (out, into // groups, *shape.kernel)}
    x, w = (array(data.values(seed, name, arrays[name])) for name in arrays)
    options = {"strides": tuple(shape.stride), "padding": padding, "kernel_dilation": tuple(shape.dilation)}
    options |= {"feature_group_count": groups, "use_bias": False}
    layer = flax.linen.Conv(out, tuple(shape.kernel), **options, param_dtype=jnp.float64)
    weights = {"params": {"kernel": jnp.moveaxis(w, (0, 1), (-1, -2))}}
    result = jnp.moveaxis(layer.apply(weights, jnp.moveaxis(x, 0, -1)[None])[0], -1, 0)
    call = written_call("flax.linen.Conv", f"{out}, {tuple(shape.kernel)}", **options) + "(x)"
    return answered("jax", call, scene, arrays, result, seed=seed)


def conv_transpose(decisions, seed):
    """lax.conv_transpose, which turns the kernel only where it is told to, with each of its meanings of padding."""
    shape = drawn.window(decisions)
    into, out, _ = drawn.channels(decisions)
    arrays = {"input": (into, *shape.size), "kernel": (into, out, *shape.kernel)}
    x, w = (array(data.values(seed, name, arrays[name])) for name in arrays)
    kind = decisions.one_of(["SAME", "VALID", "pairs", "consistent"])
    options = {"strides": tuple(shape.stride), "rhs_dilation": tuple(shape.dilation)}
    scene = drawn.window_fields(decisions, shape) | {"transposed": True} | drawn.channel_fields(into, out, 1)
    if kind in {"SAME", "VALID"}:
        options["padding"] = kind
        scene["padding"] = {"SAME": decisions.one_of(["same", "same-jax"]), "VALID": "valid-jax"}[kind]
    else:
        crops = [[min(cells, reach - 1) for cells in decisions.numbers(2, 0, 3)] for reach in shape.reach]
        stretched = zip(shape.size, shape.stride, shape.reach, crops, strict=True)
        if any(s * (n - 1) + reach - sum(crop) < 1 for n, s, reach, crop in stretched):
            return None
        scene["padding"] = crops
        if kind == "pairs":
            options["padding"] = [
                (reach - 1 - before, reach - 1 - after)
                for (before, after), reach in zip(crops, shape.reach, strict=True)
            ]
        else:
            options |= {"padding": [tuple(crop) for crop in crops], "use_consistent_padding": True}
    letters = "DHW"[3 - shape.axes :]
    turned = decisions.chance(50)
    if turned:  # the kernel as the forward convolution has it: from `out` to `into`
        options |= {"transpose_kernel": True, "dimension_numbers": ("NC" + letters, "OI" + letters, "NC" + letters)}
    else:
        scene["flip"] = True
        options |= {"dimension_numbers": ("NC" + letters, "IO" + letters, "NC" + letters)}
    result = lax.conv_transpose(x[None], w, **options)
    call = written_call("jax.lax.conv_transpose", "x, w", **options)
    return answered("jax", call, scene, arrays, result[0], seed=seed)


def input_gradient(decisions, seed):
    """jax.vjp of lax.conv_general_dilated with respect to its input."""
    found = forward(decisions)
    if found is None:
        return None
    shape, scene, options, pads, (into, out, groups) = found
    small = output_size(shape, pads)
    arrays = {"input": (out, *small), "kernel": (out, into // groups, *shape.kernel)}
    gradient, w = (array(data.values(seed, name, arrays[name])) for name in arrays)
    scene = {name: value for name, value in scene.items() if name not in {"in_channels", "out_channels", "groups"}}
    scene |= {"op": "conv_input_grad", "input": small} | drawn.channel_fields(out, into, groups)
    scene["output_size"] = shape.size
    if isinstance(scene["padding"], str):
        scene["padding"] = {"same-upper": "same"}.get(scene["padding"], scene["padding"])
    if scene["padding"] == "valid" and any(
        size - (s * (o - 1) + reach) > s - 1
        for size, o, s, reach in zip(shape.size, small, shape.stride, shape.reach, strict=True)
    ):
        return None
    _, back = jax.vjp(lambda x: lax.conv_general_dilated(x, w, **options), jnp.zeros((1, into, *shape.size)))
    call = written_call("jax.lax.conv_general_dilated", "x, w", **options)
    call = f"jax.vjp(lambda x: {call}, zeros(1, {into}, {', '.join(map(str, shape.size))}))[1](gradient)"
    return answered("jax", call, scene, arrays, back(gradient[None])[0][0], seed=seed)


def kernel_gradient(decisions, seed):
    """jax.vjp of lax.conv_general_dilated with respect to its kernel."""
    found = forward(decisions)
    if found is None:
        return None
    shape, scene, options, pads, (into, out, groups) = found
    arrays = {"input": (into, *shape.size), "kernel": (out, *output_size(shape, pads))}
    x, gradient = (array(data.values(seed, name, arrays[name])) for name in arrays)
    weight_shape = (out, into // groups, *shape.kernel)
    _, back = jax.vjp(lambda w: lax.conv_general_dilated(x[None], w, **options), jnp.zeros(weight_shape))
    call = written_call("jax.lax.conv_general_dilated", "x, w", **options)
    call = f"jax.vjp(lambda w: {call}, zeros{weight_shape})[1](gradient)"
    return answered("jax", call, {"op": "conv_kernel_grad"} | scene, arrays, back(gradient[None])[0], seed=seed)


def pooling(decisions, op):
    """(window, scene, lax's padding, planes, arrays), where each window has an input cell."""
    shape = drawn.window(decisions, largest_stride=4)
    if decisions.chance(30):
        shape = shape._replace(stride=shape.kernel)
    planes = decisions.one_of([1, 1, 2, 3])
    own, written, pads = named(decisions, shape, ["SAME", "VALID", "SAME_LOWER", "pairs", "pairs"])
    size = output_size(shape, pads)
    ones = np.ones((1, 1, *shape.size))
    if min(size) < 1 or (pooled(ones, shape, own, 0.0, lax.add) == 0).any():
        return None
    scene = drawn.window_fields(decisions, shape, op=op) | ({} if planes == 1 else {"in_channels": planes})
    return shape, scene | {"padding": written}, own, planes


def pooled(x, shape, padding, start, combine):
    options = {"window_strides": (1, 1, *shape.stride), "window_dilation": (1, 1, *shape.dilation)}
    pads = padding if isinstance(padding, str) else [(0, 0), (0, 0), *padding]
    return lax.reduce_window(array(x), start, combine, (1, 1, *shape.kernel), padding=pads, **options)


def max_pool(decisions, seed):
    """lax.reduce_window of max, padding on both sides as long as it likes."""
    found = pooling(decisions, "max_pool")
    if found is None:
        return None
    shape, scene, padding, planes = found
    arrays = {"input": (planes, *shape.size)}
    result = pooled(data.values(seed, "input", arrays["input"])[None], shape, padding, -np.inf, lax.max)
    options = {"window_strides": tuple(shape.stride), "window_dilation": tuple(shape.dilation), "padding": padding}
    call = written_call("jax.lax.reduce_window", f"x, -inf, lax.max, {tuple(shape.kernel)}", **options)
    return answered("jax", call, scene, arrays, result[0], seed=seed)


def avg_pool(decisions, seed):
    """lax.reduce_window of add, divided by the cells of the kernel or by those in the input."""
    found = pooling(decisions, "avg_pool")
    if found is None:
        return None
    shape, scene, padding, planes = found
    arrays = {"input": (planes, *shape.size)}
    x = data.values(seed, "input", arrays["input"])[None]
    options = {"window_strides": tuple(shape.stride), "window_dilation": tuple(shape.dilation), "padding": padding}
    scene["count_include_pad"] = decisions.chance(50)
    if shape.dilation == [1] * shape.axes:  # flax knows no dilation
        own = {"strides": tuple(shape.stride), "padding": padding, "count_include_pad": scene["count_include_pad"]}
        channels_last = jnp.moveaxis(array(x), 1, -1)
        result = jnp.moveaxis(flax.linen.avg_pool(channels_last, tuple(shape.kernel), **own), -1, 1)
        call = written_call("flax.linen.avg_pool", f"x, {tuple(shape.kernel)}", **own)
    else:
        call = written_call("jax.lax.reduce_window", f"x, 0, lax.add, {tuple(shape.kernel)}", **options)
        counted = np.prod(shape.kernel)
        if not scene["count_include_pad"]:
            counted = pooled(np.ones_like(x), shape, padding, 0.0, lax.add)
            call += f" / {written_call('jax.lax.reduce_window', f'ones, 0, lax.add, {tuple(shape.kernel)}', **options)}"
        else:
            call += f" / {counted}"
        result = pooled(x, shape, padding, 0.0, lax.add) / counted
    return answered("jax", call, scene, arrays, result[0], seed=seed)


def resize(decisions, seed):
    """jax.image.resize without antialiasing; nearest only where its float32 finds the cell that it means."""
    axes = decisions.one_of([1, 2, 2, 3])
    size = decisions.numbers(axes, 1, {1: 10, 2: 6, 3: 3}[axes])
    result = decisions.numbers(axes, 1, {1: 14, 2: 8, 3: 4}[axes])
    method = decisions.one_of(["nearest", "linear"])
    planes = decisions.one_of([1, 1, 2])
    if method == "nearest" and not rounds_as_exact_numbers_do(size, result):
        return None
    scene = {"op": "upsample", "input": size, "output_size": drawn.spelled(decisions, result)}
    scene |= {"mode": {"nearest": "nearest-exact", "linear": "linear"}[method]}
    scene |= {} if planes == 1 else {"in_channels": planes}
    arrays = {"input": (planes, *size)}
    x = array(data.values(seed, "input", arrays["input"]))
    options = {"shape": (planes, *result), "method": method, "antialias": False}
    call = written_call("jax.image.resize", "x", **options)
    return answered("jax", call, scene, arrays, jax.image.resize(x, **options), seed=seed)


def rounds_as_exact_numbers_do(size, result):
    """(d + 1/2) · in / out floored: whether float32 floors it to the same cell."""
    for n, o in zip(size, result, strict=True):
        for d in range(o):
            exact = floor((d + Fraction(1, 2)) * n / o)
            if exact != int((np.float32(d) + np.float32(0.5)) * np.float32(n) / np.float32(o)):
                return False
    return True


def impossible(decisions, seed):
    """What leaves JAX an output of no cells, or groups that it refuses."""
    shape = drawn.window(decisions)
    if decisions.chance(70):
        axis = decisions.number(0, shape.axes - 1)
        shape.kernel[axis] = shape.size[axis] + decisions.number(1, 3)
        own, pads = "VALID", [[0, 0]] * shape.axes
        padding = "valid"
        if decisions.chance(50):
            pads = drawn.pairs(decisions, shape.axes, 1)
            own = [tuple(pair) for pair in pads]
            padding = pads
        if min(output_size(shape, pads)) >= 1:
            return None
        scene = drawn.window_fields(decisions, shape) | {"padding": padding}
        groups, into, out = 1, 1, 1
        fields = ["kernel", "input", "padding", "dilation"]
    else:
        own = "SAME"
        groups, into, out = decisions.number(2, 4), decisions.number(1, 6), decisions.number(1, 6)
        if into % groups == 0 and out % groups == 0:
            return None
        scene = drawn.window_fields(decisions, shape) | {"padding": "same", "in_channels": into}
        scene |= {"out_channels": out, "groups": groups}
        fields = ["groups", "in_channels", "out_channels"]
    options = {"window_strides": tuple(shape.stride), "padding": own, "rhs_dilation": tuple(shape.dilation)}
    options |= {"dimension_numbers": layout(shape.axes), "feature_group_count": groups}
    x, w = np.zeros((1, into, *shape.size)), np.zeros((out, max(into // groups, 1), *shape.kernel))
    call = written_call("jax.lax.conv_general_dilated", f"zeros{x.shape}, zeros{w.shape}", **options)
    try:
        result = lax.conv_general_dilated(x, w, **options)
    except (TypeError, ValueError):
        return refused("jax", call, scene, fields)
    if result.size:
        message = f"JAX answers {call} ({seed})"
        raise RuntimeError(message)
    return refused("jax", call, scene, fields)
