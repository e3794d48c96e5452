"""Golden cases from ONNX' reference evaluator, in float64; and from onnxruntime, in float32, where that is no oracle.

The evaluator departs from ONNX' own rules in ceil-mode pooling, in SAME_LOWER max pooling, in SAME pooling with a kernel
smaller than its stride and in transposed convolutions of groups: none of those is asked of it. onnxruntime is asked
those, but not for SAME with a stride larger than the kernel.
"""

from fractions import Fraction
from math import floor

import numpy as np
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from tests.golden import data, drawn
from tests.golden.case import IN_FLOAT32, answered, gathered, refused

OPSET = 22


class Reference:
    """ONNX' reference evaluator."""

    name = "onnx"
    kind = np.float64
    precision = None

    @staticmethod
    def run(model, feeds):
        return ReferenceEvaluator(model).run(None, feeds)


class Runtime:
    """onnxruntime, which computes convolutions in float32 only."""

    name = "onnxruntime"
    kind = np.float32
    precision = IN_FLOAT32

    @staticmethod
    def run(model, feeds):
        import onnxruntime  # noqa: PLC0415 - the reference is of use without it

        onnxruntime.set_default_logger_severity(4)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return session.run(None, feeds)


def cases(seed, share=1):
    """All cases of the reference evaluator, in the order of the file."""
    counts = {
        convolution: 160,
        transposed: 120,
        max_pool: 80,
        avg_pool: 80,
        max_unpool: 25,
        resize_nearest: 90,
        resize_linear: 70,
    }
    draws = {with_runner(draw, Reference): count for draw, count in counts.items()}
    return gathered(draws, seed + 200_000, share)


def runtime_cases(seed, share=1):
    """All cases of onnxruntime, in the order of the file."""
    counts = {convolution: 40, transposed: 60, max_pool: 70, avg_pool: 50, max_unpool: 10, impossible: 30}
    draws = {with_runner(draw, Runtime): count for draw, count in counts.items()}
    return gathered(draws, seed + 300_000, share)


def with_runner(draw, runner):
    return lambda decisions, seed: draw(decisions, seed, runner)


def evaluated(runner, op, inputs, attributes, outputs=1):
    """(the node as text, its outputs): a model of one node, run."""
    names = [name if array is not None else "" for name, array in inputs.items()]
    node = helper.make_node(op, names, ["y", "indices"][:outputs], **attributes)
    given = {name: array for name, array in inputs.items() if array is not None}
    declared = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
        for name, array in given.items()
    ]
    kinds = [helper.np_dtype_to_tensor_dtype(np.dtype(runner.kind)), TensorProto.INT64]
    results = [helper.make_tensor_value_info(["y", "indices"][n], kinds[n], None) for n in range(outputs)]
    graph = helper.make_graph([node], "golden", declared, results)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    told = {name: array.tolist() for name, array in given.items() if name not in {"x", "w"}}
    parts = [", ".join(name for name in given if name in {"x", "w"})]
    parts += [f"{name}={value!r}" for name, value in (told | attributes).items()]
    return f"{op}({', '.join(parts)})", runner.run(model, given)


def flat(pads):
    """ONNX has the befores of all axes first."""
    return [before for before, _ in pads] + [after for _, after in pads]


def padding(decisions, shape, *, lower=True):
    """(attributes, the scene's padding)."""
    kind = decisions.one_of(["VALID", "SAME_UPPER", "pads", "pads"] + ["SAME_LOWER"] * lower)
    if kind == "pads":
        pads = drawn.pairs(decisions, shape.axes)
        return {"pads": flat(pads)}, pads
    written = {"VALID": ["valid"], "SAME_UPPER": ["same", "same-onnx", "same-upper"], "SAME_LOWER": ["same-lower"]}
    return {"auto_pad": kind}, decisions.one_of(written[kind])


def fits(shape, written):
    """Whether the kernel fits into the padded input."""
    if isinstance(written, str) and written != "valid":
        return True
    pads = [(0, 0)] * shape.axes if written == "valid" else written
    return all(n + sum(pair) >= reach for n, pair, reach in zip(shape.size, pads, shape.reach, strict=True))


def steps_over(shape):
    """Whether some stride is larger than the kernel that takes it."""
    return any(s > reach for s, reach in zip(shape.stride, shape.reach, strict=True))


def convolution(decisions, seed, runner):
    shape = drawn.window(decisions)
    into, out, groups = drawn.channels(decisions)
    attributes, written = padding(decisions, shape)
    if "auto_pad" in attributes and runner is Runtime:  # it knows no dilation there
        shape = shape._replace(dilation=[1] * shape.axes)
    if not fits(shape, written) or ("auto_pad" in attributes and steps_over(shape)):
        return None
    attributes |= {"strides": shape.stride, "dilations": shape.dilation, "group": groups}
    scene = drawn.window_fields(decisions, shape) | drawn.channel_fields(into, out, groups) | {"padding": written}
    arrays = {"input": (into, *shape.size), "kernel": (out, into // groups, *shape.kernel)}
    x, w = (data.values(seed, name, arrays[name]).astype(runner.kind) for name in arrays)
    call, (y,) = evaluated(runner, "Conv", {"x": x[None], "w": w}, attributes)
    return answered(runner.name, call, scene, arrays, y[0], seed=seed)


def transposed(decisions, seed, runner):
    """ConvTranspose; groups are onnxruntime's, named paddings where the kernel is no smaller than its stride."""
    shape = drawn.window(decisions)
    into, out, groups = drawn.channels(decisions)
    if runner is Reference:
        groups = 1
    scene = drawn.window_fields(decisions, shape) | {"transposed": True}
    scene |= drawn.channel_fields(into, out, groups)
    attributes = {"strides": shape.stride, "dilations": shape.dilation, "group": groups}
    full = [s * (n - 1) + reach for n, s, reach in zip(shape.size, shape.stride, shape.reach, strict=True)]
    kind = decisions.one_of(["pads", "pads", "extra", "SAME_UPPER", "SAME_LOWER", "VALID", "shape"])
    if kind in {"SAME_UPPER", "SAME_LOWER"}:
        if steps_over(shape):
            return None
        attributes["auto_pad"] = kind
        scene["padding"] = {"SAME_UPPER": decisions.one_of(["same", "same-onnx"]), "SAME_LOWER": "same-lower"}[kind]
    elif kind == "VALID":
        attributes["auto_pad"] = kind
        scene["padding"] = "valid"
    elif kind == "shape":  # before the larger half, as SAME_LOWER
        target = [max(f - decisions.number(0, 3), 1) for f in full]
        attributes |= {"output_shape": target, "auto_pad": decisions.one_of(["SAME_UPPER", "SAME_LOWER"])}
        scene["padding"] = {"SAME_UPPER": "same", "SAME_LOWER": "same-lower"}[attributes["auto_pad"]]
        scene["output_size"] = target
    else:
        pads = drawn.pairs(decisions, shape.axes)
        if any(f - sum(pair) < 1 for f, pair in zip(full, pads, strict=True)):
            return None
        attributes["pads"] = flat(pads)
        scene["padding"] = pads
        if kind == "extra":
            extra = [decisions.number(0, max(s, d) - 1) for s, d in zip(shape.stride, shape.dilation, strict=True)]
            extra = [min(more, s - 1) for more, s in zip(extra, shape.stride, strict=True)]  # more is refused by both
            attributes["output_padding"] = extra
            scene["output_padding"] = drawn.spelled(decisions, extra)
    arrays = {"input": (into, *shape.size), "kernel": (into, out // groups, *shape.kernel)}
    x, w = (data.values(seed, name, arrays[name]).astype(runner.kind) for name in arrays)
    try:
        call, (y,) = evaluated(runner, "ConvTranspose", {"x": x[None], "w": w}, attributes)
    except ValueError:  # an output_shape that the evaluator does not go to
        return None
    return answered(runner.name, call, scene, arrays, y[0], seed=seed)


def pooling(decisions, op, runner):
    """(window, scene, attributes, planes): what the runner is an oracle of."""
    shape = drawn.window(decisions, largest_stride=4)
    if decisions.chance(30):
        shape = shape._replace(stride=shape.kernel)
    attributes, written = padding(decisions, shape, lower=runner is Runtime or op == "avg_pool")
    if "auto_pad" in attributes:
        shape = shape._replace(dilation=[1] * shape.axes)
        if steps_over(shape):
            return None
    elif any(max(pair) >= k for pair, k in zip(written, shape.kernel, strict=True)):
        return None  # onnxruntime refuses those
    if not fits(shape, written):
        return None
    planes = decisions.one_of([1, 1, 2, 3])
    attributes |= {"kernel_shape": shape.kernel, "strides": shape.stride, "dilations": shape.dilation}
    scene = drawn.window_fields(decisions, shape, op=op) | ({} if planes == 1 else {"in_channels": planes})
    scene |= {"stride": shape.stride, "padding": written}
    if runner is Runtime and "auto_pad" not in attributes and decisions.chance(70):
        attributes["ceil_mode"] = 1
        scene["ceil_mode"] = True
    if not every_window_sees(shape, written, scene.get("ceil_mode", False)):
        return None
    return shape, scene, attributes, planes


def every_window_sees(shape, written, ceil):
    """Whether each window holds an input cell; SAME pads less than a kernel, but a dilated one may step over the input."""
    pads = [(0, 0)] * shape.axes if isinstance(written, str) else written
    steps = zip(shape.size, shape.kernel, shape.stride, shape.dilation, shape.reach, pads, strict=True)
    for n, k, s, d, reach, (before, after) in steps:
        room = n + before + after - reach
        for o in range((-(-room // s) if ceil else room // s) + 1):
            if o * s < n + before and not any(0 <= o * s - before + j * d < n for j in range(k)):
                return False
    return True


def max_pool(decisions, seed, runner):
    """MaxPool with its Indices, which ONNX counts over all channels."""
    found = pooling(decisions, "max_pool", runner)
    if found is None:
        return None
    shape, scene, attributes, planes = found
    if runner is Reference and max(shape.stride + shape.dilation) == 1:
        return None  # the evaluator takes another path there, which loses its way
    arrays = {"input": (planes, *shape.size)}
    x = data.values(seed, "input", arrays["input"]).astype(runner.kind)
    call, (y, indices) = evaluated(runner, "MaxPool", {"x": x[None]}, attributes, outputs=2)
    switches = indices[0] - np.prod(shape.size) * np.arange(planes).reshape(-1, *[1] * shape.axes)
    return answered(runner.name, call, scene, arrays, y[0], seed=seed, switches=switches)


def avg_pool(decisions, seed, runner):
    found = pooling(decisions, "avg_pool", runner)
    if found is None:
        return None
    shape, scene, attributes, planes = found
    include = decisions.chance(50)
    attributes["count_include_pad"] = int(include)
    scene["count_include_pad"] = include
    arrays = {"input": (planes, *shape.size)}
    x = data.values(seed, "input", arrays["input"]).astype(runner.kind)
    call, (y,) = evaluated(runner, "AveragePool", {"x": x[None]}, attributes)
    return answered(runner.name, call, scene, arrays, y[0], seed=seed, precision=runner.precision)


def max_unpool(decisions, seed, runner):
    """MaxUnpool of one plane, without padding."""
    shape = drawn.window(decisions, dilated=0)
    size = [(n - 1) * s + k for n, s, k in zip(shape.size, shape.stride, shape.kernel, strict=True)]
    if np.prod(size) < np.prod(shape.size):
        return None
    scene = drawn.window_fields(decisions, shape, op="max_unpool")
    arrays = {"input": (1, *shape.size), "switches": (1, *shape.size)}
    x = data.values(seed, "input", arrays["input"]).astype(runner.kind)
    indices = data.switches(seed, arrays["switches"], size)
    attributes = {"kernel_shape": shape.kernel, "strides": shape.stride}
    call, (y,) = evaluated(runner, "MaxUnpool", {"x": x[None], "indices": indices[None]}, attributes)
    return answered(runner.name, call, scene, arrays, y[0], seed=seed)


COORDINATES = ["half_pixel", "asymmetric", "pytorch_half_pixel", "half_pixel_symmetric", "align_corners"]
FACTORS = [1, 2, 3, 0.5, 1.5, 2.5, 0.25, 0.75, 1.25]  # exact in float32, in which ONNX has its scales


def resizing(decisions):
    """(scene, attributes, inputs, shapes) of a Resize."""
    axes = decisions.one_of([1, 2, 2, 3])
    size = decisions.numbers(axes, 1, {1: 10, 2: 6, 3: 3}[axes])
    planes = decisions.one_of([1, 1, 2])
    scene = {"op": "upsample", "input": size} | ({} if planes == 1 else {"in_channels": planes})
    if decisions.chance(60):
        scale = [decisions.one_of(FACTORS) for _ in range(axes)]
        result = [floor(n * factor) for n, factor in zip(size, scale, strict=True)]
        inputs = {"scales": np.array([1, 1, *scale], dtype=np.float32)}
        scene["scale_factor"] = drawn.spelled(decisions, scale)
    else:
        result = decisions.numbers(axes, 1, {1: 14, 2: 8, 3: 4}[axes])
        inputs = {"scales": None, "sizes": np.array([1, planes, *result], dtype=np.int64)}
        scene["output_size"] = result
    if min(result) < 1:
        return None
    arrays = {"input": (planes, *size)}
    coordinates = decisions.one_of(COORDINATES)
    attributes = {"coordinate_transformation_mode": coordinates}
    if coordinates == "align_corners":
        scene["align_corners"] = True
    else:
        scene["coordinates"] = coordinates.replace("_", "-")
    if coordinates in {"align_corners", "pytorch_half_pixel"} and "scale_factor" in scene:
        whole = all(n * factor == o for n, factor, o in zip(size, scale, result, strict=True))
        if not whole:  # the evaluator calls n · scale the output's width, not rounded to cells
            return None
    if not is_steady(scene, (size, result)):
        return None
    return scene, attributes, {"x": None, "roi": None} | inputs, arrays


def resize_nearest(decisions, seed, runner):
    found = resizing(decisions)
    if found is None or "align_corners" in found[0]:
        return None
    scene, attributes, inputs, arrays = found
    rounding = decisions.one_of(["floor", "ceil", "round_prefer_floor", "round_prefer_ceil"])
    attributes |= {"mode": "nearest", "nearest_mode": rounding}
    scene |= {"mode": "nearest", "rounding": rounding.replace("_", "-")}
    inputs["x"] = data.values(seed, "input", arrays["input"]).astype(runner.kind)[None]
    call, (y,) = evaluated(runner, "Resize", inputs, attributes)
    return answered(runner.name, call, scene, arrays, y[0], seed=seed)


def is_steady(scene, sizes):
    """Whether float64 has exactly each position that is a cell or in the middle of two.

    Of a position that is nearly one the evaluator takes a neighbour for another: 10 cells to 14, linear, the 11th.
    """
    coordinates = scene.get("coordinates", "align-corners")
    for axis, (n, o) in enumerate(zip(*sizes, strict=True)):
        scale, nearly = Fraction(o, n), o / n
        if "scale_factor" in scene:
            given = scene["scale_factor"]
            nearly = float(given[axis] if isinstance(given, list) else given)
            scale = Fraction(nearly)
        for d in range(o):
            exact = position(coordinates, Fraction(d), n, o, scale)
            if (2 * exact).denominator == 1 and Fraction(position(coordinates, float(d), n, o, nearly)) != exact:
                return False
    return True


def position(coordinates, d, n, o, scale):
    """Where the evaluator looks for the output cell d, in the kind of numbers that it is given."""
    half = type(d)(1) / 2
    if coordinates == "align-corners":
        return d * (n - 1) / (o - 1) if o > 1 else 0 * d
    if coordinates == "asymmetric":
        return d / scale
    if coordinates == "half-pixel-symmetric":
        return half * n * (1 - o / (scale * n)) + (d + half) / scale - half
    return (d + half) / scale - half


def resize_linear(decisions, seed, runner):
    found = resizing(decisions)
    if found is None:
        return None
    scene, attributes, inputs, arrays = found
    attributes["mode"] = scene["mode"] = "linear"
    inputs["x"] = data.values(seed, "input", arrays["input"]).astype(runner.kind)[None]
    call, (y,) = evaluated(runner, "Resize", inputs, attributes)
    return answered(runner.name, call, scene, arrays, y[0], seed=seed)


def impossible(decisions, seed, runner):
    """A kernel larger than the padded input, and groups that do not divide: refused by onnxruntime."""
    shape = drawn.window(decisions)
    groups, into, out = 1, 1, 1
    fields = ["kernel", "input", "padding", "dilation"]
    if decisions.chance(60):
        axis = decisions.number(0, shape.axes - 1)
        shape.stride[axis] = 1
        shape.kernel[axis] = shape.size[axis] + decisions.number(2, 4)
    else:
        fields = ["groups", "in_channels", "out_channels"]
        groups, into, out = decisions.number(2, 4), decisions.number(1, 6), decisions.number(1, 6)
        if into % groups == 0 and out % groups == 0:
            return None
    scene = drawn.window_fields(decisions, shape) | drawn.channel_fields(into, out, groups)
    attributes = {"strides": shape.stride, "dilations": shape.dilation, "group": groups}
    x = np.zeros((1, into, *shape.size), dtype=runner.kind)
    w = np.zeros((out, max(into // groups, 1), *shape.kernel), dtype=runner.kind)
    call = f"Conv(zeros{x.shape}, zeros{w.shape}, {attributes})"
    try:
        evaluated(runner, "Conv", {"x": x, "w": w}, attributes)
    except Exception as error:  # noqa: BLE001 - each version has its own
        return refused(runner.name, call, scene, fields) if "ONNXRuntimeError" in str(error) else None
    message = f"onnxruntime answers {call} ({seed})"
    raise RuntimeError(message)
