"""ONNX' own node tests of the family, each translated into a scene, or left out for a reason that is stored too.

Inputs that ONNX draws with numpy.random.seed(0) are stored as their shape (`drawn`, with how many numbers come before),
and of the outputs of those only the cells at both ends and in the middle of each axis; the live comparison takes all.
"""

import numpy as np
from onnx import helper
from onnx.backend.test.loader import load_model_tests

from tests.golden.case import IN_FLOAT32, LARGE, answered, sampled

FAMILY = {"Conv", "ConvInteger", "QLinearConv", "ConvTranspose", "DeformConv", "CausalConvWithState"}
FAMILY |= {"MaxPool", "AveragePool", "LpPool", "GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool", "MaxRoiPool"}
FAMILY |= {"MaxUnpool", "Resize", "Upsample"}
LEFT_OUT_OPS = {
    "QLinearConv": "quantised numbers with a scale on each side are outside of the family of operations",
    "DeformConv": "its offsets move each tap of each window",
    "LpPool": "a pooling by norms, which convanim has not",
    "GlobalLpPool": "a pooling by norms, which convanim has not",
    "MaxRoiPool": "a pooling of regions given as data",
}
ALIGNED_WIDTH = "ONNX aligns the corners of an output of in · scale cells, not rounded: its last column is none"

HAND_ROUNDED = {"test_averagepool_2d_ceil_last_window_starts_on_pad": 1e-4}  # written with four decimals


class LeftOutError(Exception):
    """Why a test is not compared."""


def cases(*, whole=False):
    """One case a test and image, or one entry with the reason; with `whole` the outputs are not cut to a sample."""
    found = []
    for test in load_model_tests(kind="node"):
        operations = {node.op_type for node in test.model.graph.node}
        if operations & FAMILY:
            try:
                found += translated(test, whole=whole)
            except LeftOutError as why:
                found.append({"framework": "onnx-nodes", "name": test.name, "left_out": str(why)})
    return found


def translated(test, *, whole):
    """The cases of one test, one for each image of its batch."""
    if len(test.model.graph.node) > 1:
        raise LeftOutError("several nodes: the same numbers as the test that it expands")
    (node,) = test.model.graph.node
    if node.op_type in LEFT_OUT_OPS:
        raise LeftOutError(LEFT_OUT_OPS[node.op_type])
    ((inputs, outputs),) = test.data_sets
    attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    attributes = {name: value.decode() if isinstance(value, bytes) else value for name, value in attributes.items()}
    names = [name for name in node.input if name]
    given = dict(zip(names, map(np.asarray, inputs), strict=True))
    scene, arrays, switches = TRANSLATIONS[node.op_type](attributes, list(given.values()), given, outputs)
    call = f"{node.op_type}({', '.join(f'{name}={value!r}' for name, value in attributes.items())})"
    found = []
    for image in range(len(outputs[0])):
        mine = {name: array if name == "kernel" else array[image] for name, array in arrays.items()}
        answer = np.asarray(outputs[0])[image]
        stored = {name: stored_array(array, image) for name, array in mine.items()}
        picked = None if whole or answer.size <= LARGE else sampled(answer.shape)
        mine_switches = None if switches is None else switches[image]
        more = {"switches": mine_switches, "picked": picked, "precision": HAND_ROUNDED.get(test.name, IN_FLOAT32)}
        one = answered("onnx-nodes", call, scene, {}, answer, given=stored, **more)
        found.append({"name": f"{test.name}" + (f" image {image}" if len(outputs[0]) > 1 else "")} | one)
    return found


def stored_array(array, image):
    """The array itself, or where in numpy.random.seed(0)'s stream it stands."""
    if array.size <= LARGE:
        return array.tolist()
    for before in range(0, 4 * array.size, array.size):
        drawn = np.random.RandomState(0).randn(before + array.size)[before:].astype(np.float32)
        if image == 0 and (drawn.reshape(array.shape) == array).all():
            return {"drawn": list(array.shape), "before": before}
    message = "an input that is neither small nor drawn"
    raise RuntimeError(message)


def pads_of(attributes, axes):
    """(before, after) on each axis, or the scene's name for it."""
    auto = attributes.get("auto_pad", "NOTSET")
    if auto != "NOTSET":
        return {"SAME_UPPER": "same-onnx", "SAME_LOWER": "same-lower", "VALID": "valid"}[auto]
    pads = attributes.get("pads", [0] * 2 * axes)
    return [[pads[axis], pads[axis + axes]] for axis in range(axes)]


def window_of(attributes, kernel):
    axes = len(kernel)
    return {
        "kernel": list(kernel),
        "stride": list(attributes.get("strides", [1] * axes)),
        "dilation": list(attributes.get("dilations", [1] * axes)),
        "padding": pads_of(attributes, axes),
    }


def convolution(attributes, inputs, _, __):
    x, w = inputs[:2]
    scene = {"input": list(x.shape[2:])} | window_of(attributes, w.shape[2:])
    scene |= {"in_channels": x.shape[1], "out_channels": w.shape[0], "groups": attributes.get("group", 1)}
    return scene, {"input": x, "kernel": w}, None


def whole_convolution(attributes, inputs, given, outputs):
    """ConvInteger: the zero points taken away before, padding stays 0."""
    x, w = (array.astype(np.int64) for array in inputs[:2])
    x = x - given["x_zero_point"].astype(np.int64)
    w = w - given.get("w_zero_points", np.zeros(len(w))).astype(np.int64).reshape(-1, *[1] * (w.ndim - 1))
    return convolution(attributes, [x, w], given, outputs)


def transposed(attributes, inputs, _, __):
    x, w = inputs[:2]
    groups = attributes.get("group", 1)
    scene = {"input": list(x.shape[2:]), "transposed": True} | window_of(attributes, w.shape[2:])
    scene |= {"in_channels": x.shape[1], "out_channels": w.shape[1] * groups, "groups": groups}
    if "output_padding" in attributes:
        scene["output_padding"] = attributes["output_padding"]
    if "output_shape" in attributes:
        scene["output_size"] = attributes["output_shape"]
        if attributes.get("auto_pad", "NOTSET") == "NOTSET":
            scene["padding"] = "same-lower"
    return scene, {"input": x, "kernel": w}, None


def causal(attributes, inputs, given, _):
    """CausalConvWithState: a depthwise convolution that sees the past; a state stands before the input."""
    if "bias" in given:
        raise LeftOutError("a bias, which convanim has not")
    if attributes.get("activation", "none") != "none":
        raise LeftOutError("an activation, which convanim has not")
    x, w = inputs[:2]
    if x.dtype == np.float16:
        raise LeftOutError("computed in float16")
    padding = "causal"
    if "past_state" in given:
        x, padding = np.concatenate([given["past_state"], x], axis=2), "valid"
    planes = x.shape[1]
    scene = {"input": list(x.shape[2:]), "kernel": list(w.shape[2:]), "padding": padding}
    scene |= {"in_channels": planes, "out_channels": planes, "groups": planes}
    return scene, {"input": x, "kernel": w}, None


def pooling(op, attributes, x):
    scene = {"op": op, "input": list(x.shape[2:]), "in_channels": x.shape[1]}
    scene |= window_of(attributes, attributes.get("kernel_shape", x.shape[2:]))
    return scene | ({"ceil_mode": True} if attributes.get("ceil_mode") else {})


def max_pool(attributes, inputs, _, outputs):
    (x,) = inputs
    switches = None
    if len(outputs) > 1:  # counted over all planes, and by columns where storage_order says so
        switches = np.asarray(outputs[1]) % np.prod(x.shape[2:])
        if attributes.get("storage_order"):
            column, row = np.divmod(switches, x.shape[2])
            switches = row * x.shape[3] + column
    return pooling("max_pool", attributes, x), {"input": x}, switches


def avg_pool(attributes, inputs, _, __):
    (x,) = inputs
    scene = pooling("avg_pool", attributes, x)
    return scene | {"count_include_pad": bool(attributes.get("count_include_pad", 0))}, {"input": x}, None


def max_unpool(attributes, inputs, _, outputs):
    """Switches count the cells of the usual output, even where a larger one is asked for."""
    x, switches = inputs[:2]
    size = list(np.asarray(outputs[0]).shape[2:])
    scene = {"op": "max_unpool", "input": list(x.shape[2:])} | window_of(attributes, attributes["kernel_shape"])
    del scene["dilation"]
    steps = zip(x.shape[2:], scene["kernel"], scene["stride"], scene["padding"], strict=True)
    usual = [(n - 1) * s - sum(pads) + k for n, k, s, pads in steps]
    if size != usual:
        scene["output_size"] = size
        switches = np.ravel_multi_index(np.unravel_index(switches, usual), size)
    return scene, {"input": x, "switches": switches}, None


def resize(attributes, inputs, given, outputs):
    x = inputs[0]
    mode = attributes.get("mode", "nearest")
    coordinates = attributes.get("coordinate_transformation_mode", "half_pixel")
    if mode == "cubic":
        raise LeftOutError("cubic interpolation, which convanim has not")
    if attributes.get("antialias"):
        raise LeftOutError("antialiasing, which convanim has not")
    if coordinates == "tf_crop_and_resize":
        raise LeftOutError("a crop given as data")
    scene = {"op": "upsample", "input": list(x.shape[2:]), "in_channels": x.shape[1], "mode": mode}
    size = list(np.asarray(outputs[0]).shape[2:])
    if "scales" in given:
        scales = by_axis(attributes, given["scales"].astype(float), x.ndim, [1.0] * x.ndim)[2:]
        whole = all(scale * n == o for scale, n, o in zip(scales, x.shape[2:], size, strict=True))
        if coordinates == "align_corners" and not whole:
            raise LeftOutError(ALIGNED_WIDTH)
        scene["scale_factor"] = scales
    else:
        scene["output_size"] = size  # a keep_aspect_ratio_policy is seen in the size that it leads to
    if coordinates == "align_corners":
        scene["align_corners"] = True
        if mode == "nearest":
            raise LeftOutError("the nearest cell to aligned corners, which convanim has not")
    else:
        scene["coordinates"] = coordinates.replace("_", "-")
    if mode == "nearest":
        scene["rounding"] = attributes.get("nearest_mode", "round_prefer_floor").replace("_", "-")
    return scene, {"input": x}, None


def by_axis(attributes, numbers, axes, otherwise):
    """`numbers` in the order of the axes that the attribute `axes` names."""
    found = list(otherwise)
    for axis, number in zip(attributes.get("axes", range(axes)), numbers, strict=True):
        found[axis] = float(number)
    return found


def upsample(attributes, inputs, given, _):
    """The operator before Resize: asymmetric, floored."""
    scene = {"op": "upsample", "input": list(inputs[0].shape[2:]), "in_channels": inputs[0].shape[1]}
    scene |= {"mode": attributes["mode"], "scale_factor": given["scales"].astype(float).tolist()[2:]}
    return scene, {"input": inputs[0]}, None


TRANSLATIONS = {
    "Conv": convolution,
    "ConvInteger": whole_convolution,
    "ConvTranspose": transposed,
    "CausalConvWithState": causal,
    "MaxPool": max_pool,
    "AveragePool": avg_pool,
    "GlobalMaxPool": max_pool,
    "GlobalAveragePool": avg_pool,
    "MaxUnpool": max_unpool,
    "Resize": resize,
    "Upsample": upsample,
}
