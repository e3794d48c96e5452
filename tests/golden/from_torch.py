"""Golden cases from PyTorch, computed in float64, where whole numbers of this size are exact."""

from fractions import Fraction
from math import floor

import numpy as np
import torch
from torch.nn import functional

from tests.golden import data, drawn
from tests.golden.case import answered, gathered, refused, written_call

FUNCTIONAL = "torch.nn.functional."
PAD_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def cases(seed, share=1):
    """All cases, in the order of the file."""
    counts = {
        convolution: 330,
        module_convolution: 130,
        transposed: 330,
        input_gradient: 150,
        kernel_gradient: 190,
        max_pool: 230,
        avg_pool: 230,
        max_unpool: 110,
        upsample_nearest: 190,
        upsample_linear: 150,
        impossible: 190,
    }
    return gathered(counts, seed, share) + list(dropped_and_kept_switches())


def tensor(array):
    return torch.from_numpy(np.asarray(array)).to(torch.float64)[None]


def kernel_tensor(array):
    return tensor(array)[0]


def plain(result):
    return result[0].detach().numpy()


def torch_pads(pads):
    """torch.nn.functional.pad takes the last axis first."""
    return tuple(number for pair in reversed(pads) for number in pair)


def padding_drawn(decisions, axes, highest=2):
    """(cells per side, as torch writes it or None if it cannot, as the scene writes it)."""
    if decisions.chance(35):
        pads = drawn.pairs(decisions, axes, highest)
        return pads, None, pads
    numbers = decisions.numbers(axes, 0, highest)
    return [[number, number] for number in numbers], tuple(numbers), drawn.spelled(decisions, numbers)


def forward(decisions, *, modes=True):
    """A direct convolution that torch accepts: (window, scene, pads, torch's own padding or None, channels)."""
    shape = drawn.window(decisions)
    into, out, groups = drawn.channels(decisions)
    mode = decisions.one_of(["zeros", "zeros", "reflect", "replicate", "circular"]) if modes else "zeros"
    pads, own, written = padding_drawn(decisions, shape.axes)
    total = zip(shape.size, pads, shape.reach, strict=True)
    if any(size + sum(pair) < reach for size, pair, reach in total):
        return None
    limits = {"reflect": -1, "circular": 0}
    if mode in limits and any(max(pair) > size + limits[mode] for size, pair in zip(shape.size, pads, strict=True)):
        return None
    scene = drawn.window_fields(decisions, shape) | drawn.channel_fields(into, out, groups)
    scene |= {"padding": written} if any(map(sum, pads)) else {}
    scene |= {} if mode == "zeros" else {"padding_mode": mode}
    return shape, scene, pads, own, mode, (into, out, groups)


def convolution(decisions, seed):
    """torch.nn.functional.convNd, after torch.nn.functional.pad where convNd cannot pad so itself."""
    found = forward(decisions)
    if found is None:
        return None
    shape, scene, pads, own, mode, (into, out, groups) = found
    arrays = {"input": (into, *shape.size), "kernel": (out, into // groups, *shape.kernel)}
    x, w = (data.values(seed, name, arrays[name]) for name in arrays)
    options = {"stride": tuple(shape.stride), "dilation": tuple(shape.dilation), "groups": groups}
    name = f"conv{shape.axes}d"
    if mode == "zeros" and own is not None:
        options["padding"] = own
        call = written_call(FUNCTIONAL + name, "x, w", **options)
        result = getattr(functional, name)(tensor(x), kernel_tensor(w), **options)
    else:
        sides = torch_pads(pads)
        call = written_call(FUNCTIONAL + name, f"pad(x, {sides}, mode={PAD_MODES[mode]!r}), w", **options)
        wide = functional.pad(tensor(x), sides, mode=PAD_MODES[mode])
        result = getattr(functional, name)(wide, kernel_tensor(w), **options)
    return answered("torch", call, scene, arrays, plain(result), seed=seed)


def module_convolution(decisions, seed):
    """torch.nn.ConvNd with its names of padding and its padding modes."""
    shape = drawn.window(decisions)
    into, out, groups = drawn.channels(decisions)
    mode = decisions.one_of(["zeros", "reflect", "replicate", "circular"])
    padding = decisions.one_of(["same", "same", "valid", 1, 2])
    options = {"kernel_size": tuple(shape.kernel), "padding": padding, "dilation": tuple(shape.dilation)}
    options |= {"groups": groups, "padding_mode": mode, "bias": False}
    if padding == "same":
        shape = shape._replace(stride=[1] * shape.axes)
    options["stride"] = tuple(shape.stride)
    scene = drawn.window_fields(decisions, shape) | drawn.channel_fields(into, out, groups)
    scene |= {"padding": "same-torch" if padding == "same" else padding, "padding_mode": mode}
    arrays = {"input": (into, *shape.size), "kernel": (out, into // groups, *shape.kernel)}
    x, w = (data.values(seed, name, arrays[name]) for name in arrays)
    name = f"Conv{shape.axes}d"
    layer = getattr(torch.nn, name)(into, out, **options).double()
    layer.weight.data = kernel_tensor(w)
    try:
        result = layer(tensor(x))
    except RuntimeError:  # padding that reaches too far; `impossible` has those
        return None
    call = written_call(f"torch.nn.{name}", f"{into}, {out}", **options) + "(x)"
    return answered("torch", call, scene, arrays, plain(result), seed=seed)


def transposed_options(decisions, shape, pads):
    """Output padding as torch allows it; None where nothing would be left."""
    limits = [max(s, d) - 1 for s, d in zip(shape.stride, shape.dilation, strict=True)]
    extra = [decisions.number(0, limit) if decisions.chance(50) else 0 for limit in limits]
    full = [s * (n - 1) + reach for n, s, reach in zip(shape.size, shape.stride, shape.reach, strict=True)]
    sizes = [f - sum(pair) for f, pair in zip(full, pads, strict=True)]
    return (extra, sizes) if all(size + more >= 1 for size, more in zip(sizes, extra, strict=True)) else None


def transposed(decisions, seed):
    """torch.nn.ConvTransposeNd, told its output padding or its output's size."""
    shape = drawn.window(decisions)
    numbers = decisions.numbers(shape.axes, 0, 3) if decisions.chance(60) else [0] * shape.axes
    found = transposed_options(decisions, shape, [[number, number] for number in numbers])
    if found is None:
        return None
    extra, sizes = found
    into, out, groups = drawn.channels(decisions)
    scene = drawn.window_fields(decisions, shape) | {"transposed": True} | drawn.channel_fields(into, out, groups)
    scene |= {"padding": drawn.spelled(decisions, numbers)} if any(numbers) else {}
    options = {"stride": tuple(shape.stride), "padding": tuple(numbers), "dilation": tuple(shape.dilation)}
    options |= {"kernel_size": tuple(shape.kernel), "groups": groups, "bias": False}
    size = None
    if decisions.chance(30):
        size = [n + decisions.number(0, s - 1) for n, s in zip(sizes, shape.stride, strict=True)]
        if min(size) < 1:
            return None
        scene["output_size"] = drawn.spelled(decisions, size)
    elif any(extra):
        options["output_padding"] = tuple(extra)
        scene["output_padding"] = drawn.spelled(decisions, extra)
    arrays = {"input": (into, *shape.size), "kernel": (into, out // groups, *shape.kernel)}
    x, w = (data.values(seed, name, arrays[name]) for name in arrays)
    name = f"ConvTranspose{shape.axes}d"
    layer = getattr(torch.nn, name)(into, out, **options).double()
    layer.weight.data = kernel_tensor(w)
    result = layer(tensor(x), output_size=size)
    told = f"x, output_size={size}" if size else "x"
    call = written_call(f"torch.nn.{name}", f"{into}, {out}", **options) + f"({told})"
    return answered("torch", call, scene, arrays, plain(result), seed=seed)


def input_gradient(decisions, seed):
    """torch.nn.grad.convNd_input, and autograd through torch.nn.functional.pad where the padding has two sides."""
    found = forward(decisions, modes=False)
    if found is None:
        return None
    shape, scene, pads, own, _, (into, out, groups) = found
    options = {"stride": tuple(shape.stride), "dilation": tuple(shape.dilation), "groups": groups}
    weight_shape = (out, into // groups, *shape.kernel)
    results = zip(shape.size, pads, shape.reach, shape.stride, strict=True)
    small = [(n + sum(pair) - reach) // s + 1 for n, pair, reach, s in results]
    arrays = {"input": (out, *small), "kernel": weight_shape}
    gradient, w = (data.values(seed, name, arrays[name]) for name in arrays)
    exact = [
        s * (o - 1) + reach - sum(pair)
        for o, pair, reach, s in zip(small, pads, shape.reach, shape.stride, strict=True)
    ]
    scene = {name: value for name, value in scene.items() if name not in {"in_channels", "out_channels", "groups"}}
    scene |= {"op": "conv_input_grad", "input": small} | drawn.channel_fields(out, into, groups)
    if exact != shape.size or decisions.chance(50):
        scene["output_size"] = shape.size
    size = (1, into, *shape.size)
    if own is not None and decisions.chance(60):
        options["padding"] = own
        name = f"conv{shape.axes}d_input"
        call = written_call(f"torch.nn.grad.{name}", f"{size}, w, grad_output", **options)
        result = getattr(torch.nn.grad, name)(size, kernel_tensor(w), tensor(gradient), **options)
    else:
        name = f"conv{shape.axes}d"
        sides = torch_pads(pads)
        call = written_call(FUNCTIONAL + name, f"pad(x, {sides}), w", **options)
        call = f"torch.autograd.grad({call}, x, grad_output) for x of {size}"
        x = torch.zeros(size, dtype=torch.float64, requires_grad=True)
        y = getattr(functional, name)(functional.pad(x, sides), kernel_tensor(w), **options)
        (result,) = torch.autograd.grad(y, x, tensor(gradient))
    return answered("torch", call, scene, arrays, plain(result), seed=seed)


def kernel_gradient(decisions, seed):
    """torch.nn.grad.convNd_weight, and autograd through padding of any mode."""
    found = forward(decisions)
    if found is None:
        return None
    shape, scene, pads, own, mode, (into, out, groups) = found
    scene = {"op": "conv_kernel_grad"} | scene
    options = {"stride": tuple(shape.stride), "dilation": tuple(shape.dilation), "groups": groups}
    weight_shape = (out, into // groups, *shape.kernel)
    results = zip(shape.size, pads, shape.reach, shape.stride, strict=True)
    small = [(n + sum(pair) - reach) // s + 1 for n, pair, reach, s in results]
    arrays = {"input": (into, *shape.size), "kernel": (out, *small)}
    x, gradient = (data.values(seed, name, arrays[name]) for name in arrays)
    if own is not None and mode == "zeros" and decisions.chance(60):
        options["padding"] = own
        name = f"conv{shape.axes}d_weight"
        call = written_call(f"torch.nn.grad.{name}", f"x, {weight_shape}, grad_output", **options)
        result = getattr(torch.nn.grad, name)(tensor(x), weight_shape, tensor(gradient), **options)
    else:
        name = f"conv{shape.axes}d"
        sides = torch_pads(pads)
        call = written_call(FUNCTIONAL + name, f"pad(x, {sides}, mode={PAD_MODES[mode]!r}), w", **options)
        call = f"torch.autograd.grad({call}, w, grad_output) for w of {weight_shape}"
        w = torch.zeros(weight_shape, dtype=torch.float64, requires_grad=True)
        y = getattr(functional, name)(functional.pad(tensor(x), sides, mode=PAD_MODES[mode]), w, **options)
        (result,) = torch.autograd.grad(y, w, tensor(gradient))
    return answered("torch", call, scene, arrays, result.numpy(), seed=seed)


def pooling(decisions, op):
    """A pooling: torch pads no more than half the kernel. (window, scene, torch's options, planes)."""
    shape = drawn.window(decisions, dilated=40 if op == "max_pool" else 0, largest_stride=4)
    if decisions.chance(35):
        shape = shape._replace(stride=shape.kernel)
    halves = [k // 2 for k in shape.kernel]
    numbers = [decisions.number(0, half) for half in halves] if decisions.chance(60) else [0] * shape.axes
    planes = decisions.one_of([1, 1, 2, 3])
    scene = drawn.window_fields(decisions, shape, op=op) | ({} if planes == 1 else {"in_channels": planes})
    scene |= {"padding": drawn.spelled(decisions, numbers)} if any(numbers) else {}
    options = {"kernel_size": tuple(shape.kernel), "stride": tuple(shape.stride), "padding": tuple(numbers)}
    if decisions.chance(40):
        scene["ceil_mode"] = options["ceil_mode"] = True
    return shape, scene, options, planes


def max_pool(decisions, seed):
    """torch.nn.functional.max_poolNd with return_indices."""
    shape, scene, options, planes = pooling(decisions, "max_pool")
    options |= {"dilation": tuple(shape.dilation), "return_indices": True}
    arrays = {"input": (planes, *shape.size)}
    name = f"max_pool{shape.axes}d"
    x = data.values(seed, "input", arrays["input"])
    try:
        result, switches = getattr(functional, name)(tensor(x), **options)
    except RuntimeError:  # no output
        return None
    if torch.isinf(result).any():  # a window with no cell: `impossible` has those
        return None
    call = written_call(FUNCTIONAL + name, "x", **options)
    return answered("torch", call, scene, arrays, plain(result), seed=seed, switches=plain(switches))


def avg_pool(decisions, seed):
    """torch.nn.functional.avg_poolNd; one division of a whole sum, so the nearest float64 of the exact fraction."""
    shape, scene, options, planes = pooling(decisions, "avg_pool")
    if decisions.chance(50):
        options["count_include_pad"] = scene["count_include_pad"] = decisions.chance(20)
    if shape.axes > 1 and decisions.chance(30):
        options["divisor_override"] = scene["divisor_override"] = decisions.number(1, 7)
    arrays = {"input": (planes, *shape.size)}
    name = f"avg_pool{shape.axes}d"
    x = data.values(seed, "input", arrays["input"])
    try:
        result = getattr(functional, name)(tensor(x), **options)
    except RuntimeError:  # no output
        return None
    call = written_call(FUNCTIONAL + name, "x", **options)
    return answered("torch", call, scene, arrays, plain(result), seed=seed)


def max_unpool(decisions, seed):
    """torch.nn.functional.max_unpoolNd of different switches."""
    shape = drawn.window(decisions, dilated=0, largest_stride=4)
    if decisions.chance(40):
        shape = shape._replace(stride=shape.kernel)
    numbers = [decisions.number(0, k // 2) for k in shape.kernel] if decisions.chance(50) else [0] * shape.axes
    size = [(n - 1) * s - 2 * p + k for n, k, s, p in zip(shape.size, shape.kernel, shape.stride, numbers, strict=True)]
    scene = drawn.window_fields(decisions, shape, op="max_unpool")
    scene |= {"padding": drawn.spelled(decisions, numbers)} if any(numbers) else {}
    options = {"kernel_size": tuple(shape.kernel), "stride": tuple(shape.stride), "padding": tuple(numbers)}
    if decisions.chance(50):
        size = [n + decisions.number(1 - s, s - 1) for n, s in zip(size, shape.stride, strict=True)]
        options["output_size"] = tuple(size)
        scene["output_size"] = drawn.spelled(decisions, size)
    if min(size) < 1 or np.prod(size) < np.prod(shape.size):
        return None
    planes = decisions.one_of([1, 1, 2, 3])
    scene |= {} if planes == 1 else {"in_channels": planes}
    arrays = {"input": (planes, *shape.size), "switches": (planes, *shape.size)}
    x = data.values(seed, "input", arrays["input"])
    switches = torch.from_numpy(data.switches(seed, arrays["switches"], size))[None]
    name = f"max_unpool{shape.axes}d"
    result = getattr(functional, name)(tensor(x), switches, **options)
    call = written_call(FUNCTIONAL + name, "x, switches", **options)
    return answered("torch", call, scene, arrays, plain(result), seed=seed)


def dropped_and_kept_switches():
    """Two cells may send the same value to one place; different ones are refused, where torch lets one win."""
    scene = {"op": "max_unpool", "input": [2, 2], "kernel": 2, "stride": 1}
    switches = np.array([[[4, 4], [0, 8]]])
    for x in ([[[5, 5], [1, 2]]], [[[-3, -3], [-1, 7]]]):
        result = functional.max_unpool2d(tensor(x), torch.from_numpy(switches)[None], 2, 1)
        call = f"torch.nn.functional.max_unpool2d({x}, {switches.tolist()}, 2, 1)"
        given = {"input": x, "switches": switches.tolist()}
        yield answered("torch", call, scene, {}, plain(result), given=given)
    given = {"input": [[[5, 6], [1, 2]]], "switches": switches.tolist()}
    call = f"torch.nn.functional.max_unpool2d({given['input']}, {switches.tolist()}, 2, 1)"
    yield refused("torch", call, scene, ["switches", "input", "values.switches"], given=given)
    given = {"input": [[[5, 6], [1, 2]]], "switches": [[[0, 1], [2, 9]]]}
    call = f"torch.nn.functional.max_unpool2d({given['input']}, {given['switches']}, 2, 1)"
    yield refused("torch", call, scene, ["switches", "values.switches"], given=given)


FACTORS = [1, 2, 3, 4, 0.5, 1.5, 2.5, 0.25, 0.75, 1.25, 0.7, 1.7, 2.3, 0.3, 0.6, 0.9, 1.1, 1.15, 2.2, 3.3, 0.35]


def resized(decisions, factors=FACTORS):
    """(input size, scene, torch's options, output size, planes) of an upsampling."""
    axes = decisions.one_of([1, 2, 2, 3])
    size = decisions.numbers(axes, 1, {1: 10, 2: 6, 3: 3}[axes])
    planes = decisions.one_of([1, 1, 1, 2, 3])
    scene = {"op": "upsample", "input": drawn.spelled(decisions, size) if axes == 2 else size}
    scene |= {} if planes == 1 else {"in_channels": planes}
    scale = None
    if decisions.chance(60):
        scale = [decisions.one_of(factors) for _ in range(axes)]
        if decisions.chance(40):
            scale = [scale[0]] * axes
        result = [floor(float(n) * s) for n, s in zip(size, scale, strict=True)]
        scene["scale_factor"] = drawn.spelled(decisions, scale)
        options = {"scale_factor": tuple(map(float, scale))}
    else:
        result = decisions.numbers(axes, 1, {1: 14, 2: 8, 3: 4}[axes])
        scene["output_size"] = drawn.spelled(decisions, result)
        options = {"size": tuple(result)}
    return (size, scene, options, result, planes, scale) if min(result) >= 1 else None


def rounds_as_exact_numbers_do(size, result, scale, half):
    """torch finds the nearest cell in float32: whether that is the cell that exact numbers give.

    Its CPU kernel of `nearest` leaves a given scale factor aside where the output is as large as the input or twice as
    large (nearest_idx in aten/src/ATen/native/cpu/UpSampleKernel.cpp); its CUDA kernel does not. Those that differ so
    are left out too.
    """
    for axis, (n, o) in enumerate(zip(size, result, strict=True)):
        step = Fraction(n, o) if scale is None else 1 / Fraction(str(scale[axis]))
        narrow = np.float32(n) / np.float32(o) if scale is None else np.float32(1 / scale[axis])
        shift = Fraction(1, 2) if half else 0
        for d in range(o):
            exact = min(floor((d + shift) * step), n - 1)
            if not half and o in {n, 2 * n} and exact != d * n // o:
                return False
            if exact != min(int(np.float32(d + float(shift)) * narrow), n - 1):
                return False
            if abs((d + shift) * step - round((d + shift) * step)) < Fraction(1, 10**6) and step.denominator > 4096:
                return False
    return True


def upsample_nearest(decisions, seed):
    """torch.nn.functional.interpolate, nearest and nearest-exact, where float32 finds the cell that it means."""
    found = resized(decisions)
    if found is None:
        return None
    size, scene, options, result, planes, scale = found
    mode = decisions.one_of(["nearest", "nearest", "nearest-exact"])
    scene |= {"mode": mode} if mode != "nearest" or decisions.chance(50) else {}
    options["mode"] = mode
    if not rounds_as_exact_numbers_do(size, result, scale, half=mode == "nearest-exact"):
        return None
    return interpolated(scene, options, {"input": (planes, *size)}, seed)


def upsample_linear(decisions, seed):
    """torch.nn.functional.interpolate, linear, bilinear and trilinear."""
    found = resized(decisions)
    if found is None:
        return None
    size, scene, options, result, planes, scale = found
    scene["mode"] = "linear"
    options["mode"] = {1: "linear", 2: "bilinear", 3: "trilinear"}[len(size)]
    if decisions.chance(45):
        options["align_corners"] = scene["align_corners"] = True
    elif scale is not None and any(n == o and s != 1 for n, o, s in zip(size, result, scale, strict=True)):
        return None  # the CPU kernel copies the input there, whatever the scale factor (so in UpSampleKernel.cpp)
    elif scale is not None and decisions.chance(30):
        options["recompute_scale_factor"] = True
        scene = {name: value for name, value in scene.items() if name != "scale_factor"} | {"output_size": result}
    return interpolated(scene, options, {"input": (planes, *size)}, seed)


def interpolated(scene, options, arrays, seed):
    x = tensor(data.values(seed, "input", arrays["input"]))
    call = written_call(FUNCTIONAL + "interpolate", "x", **options)
    return answered("torch", call, scene, arrays, plain(functional.interpolate(x, **options)), seed=seed)


def impossible(decisions, seed):
    """What torch refuses (or answers with -inf) and convanim refuses too; the fields that the error may name."""
    kind = decisions.one_of(
        [
            *(kernel_too_large, padding_too_far, output_padding_too_large, output_size_out_of_range),
            *(same_with_a_stride, groups_do_not_divide, transposed_with_a_mode, window_without_a_cell),
            *(nothing_left, not_a_size, both_or_neither_given),
        ]
    )
    found = kind(decisions)
    if found is None:
        return None
    call, scene, fields, result, arrays = found
    try:
        answer = result()
    except (RuntimeError, ValueError):
        return None if kind is window_without_a_cell else refused("torch", call, scene, fields)
    if kind is window_without_a_cell and torch.isinf(answer).any():
        return refused("torch", call, scene, fields)
    if kind in {kernel_too_large, window_without_a_cell}:
        return None
    message = f"torch answers {call} ({scene}, {arrays}, {seed})"
    raise RuntimeError(message)


def called(name, axes, shapes, **options):
    """A functional call on zeros of these shapes, not yet made."""
    name = name.replace("Nd", f"{axes}d")
    arrays = [torch.zeros(shape, dtype=torch.float64) for shape in shapes]
    call = written_call(FUNCTIONAL + name, ", ".join(f"zeros{tuple(shape)}" for shape in shapes), **options)
    return call, lambda: getattr(functional, name)(*arrays, **options)


def built(name, axes, arguments, shape, *, output_size=None, **options):
    """A layer built and called on zeros, not yet done."""
    name = name.replace("Nd", f"{axes}d")
    told = "" if output_size is None else f", output_size={output_size}"
    call = f"{written_call('torch.nn.' + name, ', '.join(map(str, arguments)), **options)}(zeros{tuple(shape)}{told})"

    def run():
        layer = getattr(torch.nn, name)(*arguments, **options).double()
        more = {} if output_size is None else {"output_size": output_size}
        return layer(torch.zeros(shape, dtype=torch.float64), **more)

    return call, run


def kernel_too_large(decisions):
    shape = drawn.window(decisions)
    axis = decisions.number(0, shape.axes - 1)
    shape.kernel[axis] = shape.size[axis] + decisions.number(1, 4)
    numbers = [0] * shape.axes
    op = decisions.one_of(["conv", "max_pool", "avg_pool"])
    dilation = {} if op == "avg_pool" else {"dilation": tuple(shape.dilation)}
    scene = drawn.window_fields(decisions, shape, op=op)
    if op == "conv":
        call, run = called(
            "convNd", shape.axes, [(1, 1, *shape.size), (1, 1, *shape.kernel)], stride=tuple(shape.stride), **dilation
        )
    else:
        if decisions.chance(30):
            scene["ceil_mode"] = True
        if op == "avg_pool":
            scene.pop("dilation", None)
        call, run = called(
            f"{op}Nd",
            shape.axes,
            [(1, 1, *shape.size)],
            kernel_size=tuple(shape.kernel),
            stride=tuple(shape.stride),
            ceil_mode=scene.get("ceil_mode", False),
            **dilation,
        )
    return call, scene, ["kernel", "input", "padding", "dilation"], run, numbers


def padding_too_far(decisions):
    axes = decisions.number(1, 3)
    size = decisions.numbers(axes, 2, 5)
    mode = decisions.one_of(["reflect", "circular"])
    padding = decisions.numbers(axes, 0, 2)
    axis = decisions.number(0, axes - 1)
    padding[axis] = size[axis] + decisions.number(0, 2) + (mode == "circular")
    kernel = decisions.numbers(axes, 1, 3)
    scene = {"op": decisions.one_of(["conv", "conv", "conv_kernel_grad"]), "input": size, "kernel": kernel}
    scene |= {"padding": padding, "padding_mode": mode}
    options = {"padding": tuple(padding), "padding_mode": mode}
    call, run = built("ConvNd", axes, [1, 1, tuple(kernel)], (1, 1, *size), **options)
    return call, scene, ["padding", "padding_mode"], run, None


def output_padding_too_large(decisions):
    shape = drawn.window(decisions)
    extra = [max(s, d) + decisions.number(0, 2) for s, d in zip(shape.stride, shape.dilation, strict=True)]
    scene = drawn.window_fields(decisions, shape)
    scene |= {"transposed": True, "output_padding": drawn.spelled(decisions, extra)}
    call, run = called(
        "conv_transposeNd",
        shape.axes,
        [(1, 1, *shape.size), (1, 1, *shape.kernel)],
        stride=tuple(shape.stride),
        output_padding=tuple(extra),
        dilation=tuple(shape.dilation),
    )
    return call, scene, ["output_padding"], run, None


def output_size_out_of_range(decisions):
    shape = drawn.window(decisions, dilated=0)
    unpool = decisions.chance(40)
    full = [s * (n - 1) + k for n, s, k in zip(shape.size, shape.stride, shape.kernel, strict=True)]
    if decisions.chance(50):
        wrong = [f + s + decisions.number(0, 2) for f, s in zip(full, shape.stride, strict=True)]
    else:
        below = shape.stride if unpool else [1] * shape.axes
        wrong = [f - b - decisions.number(0, 2) for f, b in zip(full, below, strict=True)]
    if min(wrong) < 1:
        return None
    scene = drawn.window_fields(decisions, shape, op="max_unpool" if unpool else None) | {"output_size": wrong}
    if unpool:
        call, _ = called("max_unpoolNd", shape.axes, [(1, 1, *shape.size)] * 2)
        name = f"max_unpool{shape.axes}d"
        options = {"kernel_size": tuple(shape.kernel), "stride": tuple(shape.stride), "output_size": wrong}
        call = written_call(FUNCTIONAL + name, "x, switches", **options)
        zeros = torch.zeros((1, 1, *shape.size), dtype=torch.float64)

        def run():
            return getattr(functional, name)(zeros, zeros.long(), **options)
    else:
        scene["transposed"] = True
        arguments = [1, 1, tuple(shape.kernel)]
        stride = tuple(shape.stride)
        size = (1, 1, *shape.size)
        call, run = built("ConvTransposeNd", shape.axes, arguments, size, output_size=wrong, stride=stride)
    return call, scene, ["output_size"], run, None


def same_with_a_stride(decisions):
    shape = drawn.window(decisions, dilated=20)
    shape.stride[decisions.number(0, shape.axes - 1)] = decisions.number(2, 3)
    scene = drawn.window_fields(decisions, shape) | {"padding": "same-torch"}
    options = {"stride": tuple(shape.stride), "padding": "same", "dilation": tuple(shape.dilation)}
    call, run = built("ConvNd", shape.axes, [1, 1, tuple(shape.kernel)], (1, 1, *shape.size), **options)
    return call, scene, ["padding", "stride"], run, None


def groups_do_not_divide(decisions):
    axes = decisions.number(1, 3)
    groups = decisions.number(2, 4)
    into, out = decisions.number(1, 6), decisions.number(1, 6)
    if into % groups == 0 and out % groups == 0:
        return None
    scene = {"input": [4] * axes, "kernel": [2] * axes, "in_channels": into, "out_channels": out, "groups": groups}
    name = "ConvNd"
    if decisions.chance(40):
        scene["transposed"] = True
        name = "ConvTransposeNd"
    call, run = built(name, axes, [into, out, 2], (1, into, *[4] * axes), groups=groups)
    return call, scene, ["groups", "in_channels", "out_channels"], run, None


def transposed_with_a_mode(decisions):
    axes = decisions.number(1, 3)
    kernel = decisions.number(2, 3)
    mode = decisions.one_of(["reflect", "replicate", "circular"])
    scene = {"input": [4] * axes, "kernel": [kernel] * axes, "padding": 1, "transposed": True, "padding_mode": mode}
    call, run = built("ConvTransposeNd", axes, [1, 1, kernel], (1, 1, *[4] * axes), padding=1, padding_mode=mode)
    return call, scene, ["padding_mode", "transposed"], run, None


def window_without_a_cell(decisions):
    shape = drawn.window(decisions, dilated=100)
    numbers = [k // 2 for k in shape.kernel]
    scene = drawn.window_fields(decisions, shape, op="max_pool") | {"padding": drawn.spelled(decisions, numbers)}
    options = {"kernel_size": tuple(shape.kernel), "stride": tuple(shape.stride), "padding": tuple(numbers)}
    options["dilation"] = tuple(shape.dilation)
    if decisions.chance(40):
        scene["ceil_mode"] = options["ceil_mode"] = True
    call, run = called("max_poolNd", shape.axes, [(1, 1, *shape.size)], **options)
    return call, scene, ["padding", "kernel", "dilation", "stride", "ceil_mode", "input"], run, None


def nothing_left(decisions):
    shape = drawn.window(decisions, dilated=20)
    numbers = [
        (s * (n - 1) + reach + 1) // 2 + decisions.number(0, 1)
        for n, s, reach in zip(shape.size, shape.stride, shape.reach, strict=True)
    ]
    scene = drawn.window_fields(decisions, shape)
    scene |= {"transposed": True, "padding": drawn.spelled(decisions, numbers)}
    call, run = called(
        "conv_transposeNd",
        shape.axes,
        [(1, 1, *shape.size), (1, 1, *shape.kernel)],
        stride=tuple(shape.stride),
        padding=tuple(numbers),
        dilation=tuple(shape.dilation),
    )
    return call, scene, ["padding", "kernel", "input"], run, None


def not_a_size(decisions):
    axes = decisions.number(1, 3)
    size, kernel = decisions.numbers(axes, 4, 6), decisions.numbers(axes, 2, 3)
    field, value = decisions.one_of([("stride", 0), ("dilation", 0), ("padding", -1), ("stride", -1), ("divisor", 0)])
    if field == "divisor":
        axes = max(axes, 2)
        scene = {"op": "avg_pool", "input": [5] * axes, "kernel": [2] * axes, "divisor_override": 0}
        options = {"kernel_size": 2, "divisor_override": 0}
        call, run = called("avg_poolNd", axes, [(1, 1, *[5] * axes)], **options)
        return call, scene, ["divisor_override"], run, None
    scene = {"input": size, "kernel": kernel, field: value}
    call, run = called("convNd", axes, [(1, 1, *size), (1, 1, *kernel)], **{field: value})
    return call, scene, [field], run, None


def both_or_neither_given(decisions):
    """An upsampling needs its size or its factor, not both."""
    axes = decisions.number(1, 3)
    size = decisions.numbers(axes, 2, 5)
    scene = {"op": "upsample", "input": size}
    options = {}
    if decisions.chance(50):
        options = {"size": (4,) * axes, "scale_factor": (2.0,) * axes}
        scene |= {"output_size": [4] * axes, "scale_factor": 2}
    x = torch.zeros((1, 1, *size))
    call = written_call(FUNCTIONAL + "interpolate", f"zeros{tuple(x.shape)}", **options)
    return call, scene, ["scale_factor", "output_size"], lambda: functional.interpolate(x, **options), None
