"""ONNX: a model of one node made with onnx.helper, run by ONNX' reference evaluator.

Where that departs from ONNX' own rules (ceil_mode, SAME_LOWER, grouped transposes, see SEMANTICS) paddings are written
out; onnxruntime runs what is still in doubt, on 32-bit floats.
"""

from __future__ import annotations

from convanim.scene.code.writing.arrays import imports, input_lines, kernel_lines, listed_lines, refuse_inexact
from convanim.scene.code.writing.geometry import Pads, counted_pads, is_transposed, reaching, trims
from convanim.scene.code.writing.resampling import is_whole, resampled_lines, resampling_of
from convanim.scene.code.writing.steps import comment, every_scale, flipped_lines, numpy_padded, per_group
from convanim.scene.model import Scene
from convanim.scene.switches import switches_of


def lines(scene: Scene) -> list[str]:
    """The script."""
    bits = 24 if _needs_runtime(scene) else 53
    refuse_inexact(scene, "ONNX", bits)
    dtype = "np.float32" if bits == 24 else "np.float64"
    name = "g" if scene.op == "conv_kernel_grad" else "w"
    arrays = [*input_lines(scene, dtype), *kernel_lines(scene, dtype, name)]
    body = [comment(scene), *arrays, "", *_operation(scene)]
    heading = [*imports(body), "import onnx.helper as oh"]
    used = "\n".join(body)
    if "ort." in used:
        heading.append("import onnxruntime as ort")
    if "TensorProto." in used:
        heading.append("from onnx import TensorProto")
    if "ReferenceEvaluator" in used:
        heading.append("from onnx.reference import ReferenceEvaluator")
    return [*heading, "", *body]


def _needs_runtime(scene: Scene) -> bool:
    """Whether the reference evaluator is no oracle: it forgets the groups of a transposed convolution."""
    return is_transposed(scene) and scene.groups > 1


def _operation(scene: Scene) -> list[str]:
    if is_transposed(scene):
        return _transposed(scene)
    return {
        "conv": _direct,
        "conv_kernel_grad": _kernel_gradient,
        "max_pool": _max_pooling,
        "avg_pool": _average_pooling,
        "max_unpool": _unpooling,
        "upsample": _upsampling,
    }[scene.op](scene)


def _model(scene: Scene, node: str, **arrays: str) -> list[str]:
    """A model of one node and its run: `y` has a batch axis. `arrays` are the inputs by name, as they are given."""
    runtime = _needs_runtime(scene)
    kind = "FLOAT" if runtime else "DOUBLE"
    kinds = {"scales": "FLOAT", "sizes": "INT64", "places": "INT64"}
    declared = [
        f'    oh.make_tensor_value_info("{name}", TensorProto.{kinds.get(name, kind)}, None),' for name in arrays
    ]
    given = ", ".join(f'"{name}": {text}' for name, text in arrays.items())
    output = f'oh.make_tensor_value_info("y", TensorProto.{kind}, None)'
    opset = 'opset_imports=[oh.make_opsetid("", 21)]' + (", ir_version=10" if runtime else "")
    run = "ort.InferenceSession(model.SerializeToString())" if runtime else "ReferenceEvaluator(model)"
    return [
        f"node = {node}",
        "inputs = [",
        *declared,
        "]",
        f'graph = oh.make_graph([node], "scene", inputs, [{output}])',
        f"model = oh.make_model(graph, {opset})",
        f"(y,) = {run}.run(None, {{{given}}})",
    ]


def _node(operator: str, inputs: str, attributes: dict[str, object]) -> str:
    listed = "".join(
        f", {name}={list(value) if isinstance(value, tuple) else value!r}" for name, value in attributes.items()
    )
    return f'oh.make_node("{operator}", [{inputs}], ["y"]{listed})'


def _pads(pads: Pads) -> tuple[int, ...]:
    """All befores, then all afters."""
    return (*(before for before, _ in pads), *(after for _, after in pads))


def _padded(scene: Scene) -> tuple[list[str], Pads]:
    if scene.padding_mode == "zeros" or not any(map(any, scene.pads)):
        return [], scene.pads
    return numpy_padded(scene), ((0, 0),) * scene.dimensions


def _attributes(scene: Scene, pads: Pads | None) -> dict[str, object]:
    attributes: dict[str, object] = {"kernel_shape": scene.kernel}
    if set(scene.stride) != {1} or scene.op in {"max_pool", "avg_pool"}:
        attributes["strides"] = scene.stride
    if set(scene.dilation) != {1}:
        attributes["dilations"] = scene.dilation
    if pads is not None and any(map(any, pads)):
        attributes["pads"] = _pads(pads)
    if scene.groups != 1:
        attributes["group"] = scene.groups
    return attributes


def _direct(scene: Scene) -> list[str]:
    before, pads = _padded(scene)
    node = _node("Conv", '"x", "w"', _attributes(scene, pads))
    return [*before, *flipped_lines(scene), *_model(scene, node, x="x[None]", w="w"), "y = y[0]"]


def _kernel_gradient(scene: Scene) -> list[str]:
    """ONNX has no gradients, but this one is a convolution: channels are the batch, stride and dilation change places."""
    before, pads = _padded(scene)
    attributes: dict[str, object] = {"kernel_shape": tuple(axis.kernel for axis in scene.axes)}
    attributes |= {"strides": scene.dilation, "dilations": scene.stride, "pads": _pads(pads)}
    inside, out = per_group(scene)
    kept = ", ".join(f":{cells}" for cells in scene.kernel)
    return [
        *before,
        "# the channels of the input are the batch, those of the gradient are kernels",
        *_model(scene, _node("Conv", '"x", "g"', attributes), x="x[:, None]", g="g[:, None]"),
        f"y = y.swapaxes(0, 1)[:, :, {kept}]",
        *(
            [f"y = np.stack([y[o, o // {out} * {inside} : (o // {out} + 1) * {inside}] for o in range(len(y))])"]
            if scene.groups > 1
            else []
        ),
    ]


def _transposed(scene: Scene) -> list[str]:
    """Nothing taken away in ONNX: what is, by slicing, is the same in every implementation."""
    extra = tuple(axis.output_padding for axis in scene.axes)
    legal = all(0 <= cells < step for cells, step in zip(extra, scene.stride, strict=True))
    fits = all(side <= axis.extent - 1 for axis in scene.axes for side in axis.padding)
    if legal and fits and not _needs_runtime(scene):
        attributes = _attributes(scene, scene.pads)
        if any(extra):
            attributes["output_padding"] = extra
        node = _node("ConvTranspose", '"x", "w"', attributes)
        return [*flipped_lines(scene), *_model(scene, node, x="x[None]", w="w"), "y = y[0]"]
    node = _node("ConvTranspose", '"x", "w"', _attributes(scene, None))
    added = [(0, 0), *((0, max(after, 0)) for _, after in trims(scene))]
    kept = ", ".join(f"{axis.padding[0]}:{axis.padding[0] + axis.output}" for axis in scene.axes)
    pad = [f"y = np.pad(y, {added})"] if any(map(any, added)) else []
    return [*flipped_lines(scene), *_model(scene, node, x="x[None]", w="w"), "y = y[0]", *pad, f"y = y[:, {kept}]"]


def _max_pooling(scene: Scene) -> list[str]:
    """The padding is that of the last window, so that ceil_mode is not needed."""
    pads = reaching(scene)
    line = f"x = np.pad(x, {[(0, 0), *pads]}, constant_values=-np.inf)"
    before = [line] if any(map(any, pads)) else []
    node = _node("MaxPool", '"x"', _attributes(scene, None))
    return [*before, *_model(scene, node, x="x[None]"), "y = y[0]"]


def _average_pooling(scene: Scene) -> list[str]:
    """As a depthwise convolution with ones, and its divisors as another; natively where no padding is in the way."""
    if not any(map(any, reaching(scene))) and set(scene.dilation) == {1} and not scene.divisor_override:
        node = _node("AveragePool", '"x"', _attributes(scene, None))
        return [*_model(scene, node, x="x[None]"), "y = y[0]"]
    pads, counted = [(0, 0), *reaching(scene)], [(0, 0), *counted_pads(scene)]
    node = _node("Conv", '"x", "w"', {**_attributes(scene, None), "group": scene.in_channels})
    sums = [
        f"x = np.pad(x, {pads})",
        f"w = np.ones({(scene.in_channels, 1, *scene.kernel)})",
        *_model(scene, node, x="x[None]", w="w"),
    ]
    if scene.divisor_override:
        return [*sums, f"y = y[0] / {scene.divisor_override}"]
    beside = [
        (0, 0),
        *((0, all_after - after) for (_, all_after), (_, after) in zip(pads[1:], counted[1:], strict=True)),
    ]
    value = 1 if scene.count_include_pad else 0
    return [
        *sums,
        f"counted = np.pad(np.ones({scene.input_shape}), {counted}, constant_values={value})",
        f"counted = np.pad(counted, {beside})",
        '(divisors,) = ReferenceEvaluator(model).run(None, {"x": counted[None], "w": w})',
        "y = (y / divisors)[0]",
    ]


def _unpooling(scene: Scene) -> list[str]:
    cells = 1
    for length in scene.output:
        cells *= length
    node = _node("ScatterElements", '"y0", "places", "x"', {"axis": 1})
    flat = f".reshape({scene.in_channels}, -1)"
    return [
        *listed_lines("switches", switches_of(scene), scene.input_shape),
        f"y0 = np.zeros(({scene.in_channels}, {cells}))",
        *_model(scene, node, y0="y0", places=f"switches{flat}", x=f"x{flat}"),
        f"y = y.reshape({scene.output_shape})",
    ]


def _upsampling(scene: Scene) -> list[str]:
    if scene.mode == "bed-of-nails":
        return [f"y = np.zeros({scene.output_shape})", f"y[:, {every_scale(scene)}] = x  # ONNX has no such operator"]
    first = resampling_of(scene)[0]
    if not is_whole(scene):
        return ["# Resize finds its cells on 32-bit floats, so they are written out", "y = x", *resampled_lines(scene)]
    attributes: dict[str, object] = {"mode": scene.mode.partition("-")[0]}
    attributes["coordinate_transformation_mode"] = first.coordinates.replace("-", "_")
    if first.mode != "linear":
        attributes["nearest_mode"] = first.rounding.replace("-", "_")
    scales = [1.0, 1.0, *(float(one.scale) for one in resampling_of(scene))]
    node = _node("Resize", '"x", "", "scales"', attributes)
    scaled = f"np.array({scales}, dtype=np.float32)"
    return [*_model(scene, node, x="x[None]", scales=scaled), "y = y[0]"]
