"""From a node of an ONNX model to its scene: its attributes, the constants among its inputs, the sizes the graph tells.

Nothing of onnx is imported until a constant's numbers are needed; a model of onnx' own brings it.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from convanim.errors import SceneError
from convanim.scene.code.arrays import with_kernel
from convanim.scene.code.reading import TABLES, scene_of_call
from convanim.scene.code.reading.call import Call, Unread, refused
from convanim.scene.code.said import got
from convanim.scene.model import Scene

_INPUTS = {"Resize": {2: "scales", 3: "sizes"}, "Upsample": {1: "scales"}, "MaxUnpool": {2: "output_shape"}}
_RESIZE_BEFORE_11 = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}


def scene_of_model(model: Any, which: str | int | None, input: Any, changes: Mapping[str, Any]) -> Scene:
    """The scene of the node that `which` says, by name or number; without it of the first of the family."""
    node = _chosen(list(model.graph.node), which)
    known = _constants(model.graph)
    call = _call(node, known, _opset(model))
    fields, weight = dict(changes), known.get(node.input[1]) if len(node.input) > 1 else None
    if node.op_type in {"Conv", "ConvTranspose"} and hasattr(weight, "dims"):
        fields = {**_weight_fields(node, call, weight), **fields}
    size, channels = _size_of(model, node.input[0]) if len(node.input) else (None, None)
    if channels and "in_channels" not in fields:
        fields["in_channels"] = channels
    return scene_of_call(call, "onnx", size if input is None else input, fields)


def scene_of_node(node: Any, input: Any, changes: Mapping[str, Any]) -> Scene:
    """The scene of a node without its model."""
    return scene_of_call(_call(node, {}, None), "onnx", input, changes)


def _chosen(nodes: Sequence[Any], which: str | int | None) -> Any:
    family = [each for each in nodes if each.op_type in TABLES["onnx"]]
    if which is None:
        found = family[:1]
    elif isinstance(which, int):
        found = list(nodes[which : which + 1]) if which >= 0 else []
    else:
        found = [each for each in nodes if which in (each.name, *each.output)]
    if not found:
        names = ", ".join(each.name or each.op_type for each in family) or "none"
        raise refused("node", got(which), f"nodes of the family are {names}")
    return found[0]


def _opset(model: Any) -> int | None:
    """The version of ONNX' own operators that the model is written in."""
    return next((each.version for each in model.opset_import if each.domain in {"", "ai.onnx"}), None)


def _constants(graph: Any) -> dict[str, Any]:
    """What is known by name before the model runs: tensors, and tuples of numbers that nodes write out."""
    known = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and len(node.output) and len(node.attribute):
            attribute = node.attribute[0]
            known[node.output[0]] = attribute.t if attribute.type == 4 else _attribute(attribute)
    return known


def _call(node: Any, known: Mapping[str, Any], opset: int | None) -> Call:
    """A node as a call of its operator, with the constants among its inputs that are attributes to us."""
    keywords = {attribute.name: _attribute(attribute) for attribute in node.attribute}
    places = _INPUTS.get(node.op_type, {})
    if node.op_type == "Resize" and opset is not None and opset < 11:
        keywords, places = {**_RESIZE_BEFORE_11, **keywords}, _INPUTS["Upsample"]
    for place, argument in places.items():
        name = node.input[place] if len(node.input) > place else ""
        if name in known:
            keywords[argument] = _numbers(argument, known[name]) or None
        elif name and argument == "output_shape":
            keywords[argument] = Unread(f"the input {name}")
    return Call(node.op_type, (), keywords)


def _attribute(attribute: Any) -> Any:
    """The value of an AttributeProto, by its type's number: float, int, string, lists of these."""
    match attribute.type:
        case 1:
            return attribute.f
        case 2:
            return attribute.i
        case 3:
            return attribute.s.decode(errors="replace")
        case 6:
            return tuple(attribute.floats)
        case 7:
            return tuple(attribute.ints)
        case _:
            return None


def _numbers(argument: str, constant: Any) -> tuple[Any, ...]:
    """The numbers of a constant: a TensorProto's, or those that a node writes out."""
    if not hasattr(constant, "dims"):
        return constant if isinstance(constant, tuple) else ()
    if not prod(constant.dims):
        return ()
    helper = importlib.import_module("onnx.numpy_helper")  # a model of onnx' own, so onnx is there
    try:
        return tuple(helper.to_array(constant).ravel().tolist())
    except Exception as why:  # data in a file that is not there, too few bytes  # noqa: BLE001
        given = f"got the tensor {constant.name}, which cannot be read ({type(why).__name__})"
        raise refused(argument, given, "legal is a tensor whose numbers are in the model") from None


def _weight_fields(node: Any, call: Call, weight: Any) -> dict[str, Any]:
    shape, groups = tuple(weight.dims), int(call.keywords.get("group") or 1)
    inside, outside = (
        (shape[0], shape[1] * groups) if node.op_type == "ConvTranspose" else (shape[1] * groups, shape[0])
    )
    fields: dict[str, Any] = {"in_channels": inside, "out_channels": outside}
    if "kernel_shape" not in call.keywords:
        fields["kernel"] = list(shape[2:])
    try:
        return with_kernel(fields, shape, lambda: _numbers("weight", weight))
    except SceneError:  # numbers that are not in the model: the kernel's shape is enough
        return fields


def _size_of(model: Any, name: str) -> tuple[list[int] | None, int | None]:
    """The spatial size and channels of a graph's array, as far as the model tells them."""
    for value in (*model.graph.input, *model.graph.value_info):
        if value.name == name:
            lengths = [dim.dim_value for dim in value.type.tensor_type.shape.dim]
            if len(lengths) > 2:
                size = lengths[2:] if all(lengths[2:]) else None
                return size, lengths[1] or None
    return None, None
