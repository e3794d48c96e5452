"""From a live layer to its scene: a torch module, a Keras or Flax layer, an ONNX node or model, or a model's file.

No framework is imported: a layer is known by the names of its classes and the modules these come from, and read by its
attributes. Its kernel becomes the scene's values if it is small and all its numbers are finite; its bias does not.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from math import isfinite, prod
from pathlib import Path
from typing import Any

from convanim.errors import got
from convanim.scene.code.arrays import in_order, numbers_of, shape_of
from convanim.scene.code.reading import TABLES, scene_of_call
from convanim.scene.code.reading.call import Call, refused
from convanim.scene.code.reading.layer import Layer
from convanim.scene.code.reading.signature import entries, signature
from convanim.scene.model import Scene

KERNEL_LIMIT = 4096
_LEGAL = "legal is one layer of PyTorch, Keras or Flax, an ONNX node or model, or the path of an .onnx file"
_HOMES = {"torch": "torch", "keras": "keras", "tf_keras": "keras", "flax": "jax"}
_ONNX_INPUTS = {"Resize": {2: "scales", 3: "sizes"}, "Upsample": {1: "scales"}}


def scene_from_layer(
    layer: object, input: int | Sequence[int] | None = None, *, node: str | int | None = None, **changes: Any
) -> Scene:
    """The scene of a live layer. `input` is the size of its input; `changes` are a scene's fields, as in a scene file.

    `node` says which node of an ONNX model, by its name or its number; without it the first of the family. Raises
    SceneError for what is no layer of the family, and for all that a scene cannot show.
    """
    if isinstance(layer, str | Path):
        layer = _loaded(Path(layer))
    if hasattr(layer, "graph") and hasattr(layer, "opset_import"):
        return _of_model(layer, node, input, changes)
    if node is not None:
        raise refused("node", got(node), "only an ONNX model has nodes to choose from")
    if hasattr(layer, "op_type") and hasattr(layer, "attribute"):
        return scene_of_call(_onnx_call(layer, {}), "onnx", input, changes)
    name, home, row = _row_of(layer)
    keywords = {argument: _plain(getattr(layer, argument)) for argument in _told(row, layer)}
    changes = {**_channels(layer, home, row), **changes}
    kernel = _kernel(layer, home, row)
    if kernel is not None:
        changes = _with_kernel(changes, *kernel)
    call = Call(f"nnx.{name}" if home == "nnx" else name, (), keywords)
    return scene_of_call(call, None if home == "nnx" else home, input, changes)


def _loaded(path: Path) -> Any:
    """The model in an .onnx file, by the onnx package of whoever asks."""
    if path.suffix != ".onnx":
        raise refused("layer", got(str(path)), _LEGAL)
    try:
        onnx = importlib.import_module("onnx")
    except ImportError:
        raise refused("layer", got(str(path)), "reading it needs the onnx package: pip install onnx") from None
    try:
        return onnx.load(str(path))
    except Exception as why:  # whatever onnx and protobuf raise  # noqa: BLE001
        raise refused("layer", f"{got(str(path))}, which cannot be read: {why}", "legal is an ONNX model") from None


def _row_of(layer: object) -> tuple[str, str, Layer]:
    """The name of a layer's class, its framework and its row in that framework's table; of a subclass, its parent's."""
    for kind in type(layer).__mro__:
        home = _HOMES.get(kind.__module__.partition(".")[0])
        if home == "jax" and ".nnx." in f"{kind.__module__}.":
            home = "nnx"
        if home and kind.__name__ in TABLES[home]:
            return kind.__name__, home, TABLES[home][kind.__name__]
    name = type(layer).__name__
    raise refused("layer", f"got a {name} of {type(layer).__module__}", _LEGAL)


def _told(row: Layer, layer: object) -> list[str]:
    """The arguments that the layer holds as attributes; weights are looked at by themselves."""
    beside = {"bias", "device", "dtype", "input", "input_shape", "batch_input_shape", "batch_shape", "name", "weight"}
    names = [name for name in signature(row.takes).all if name not in beside and not _is_neutral(name)]
    return [name for name in names if hasattr(layer, name)]


def _is_neutral(name: str) -> bool:
    return name.endswith(("_initializer", "_regularizer", "_constraint", "_init"))


def _plain(value: Any) -> Any:
    """An attribute as a literal: lists as tuples, a Keras activation by its name."""
    if isinstance(value, list | tuple):
        return tuple(_plain(each) for each in value)
    if callable(value):
        return getattr(value, "__name__", str(value))
    return value


def _channels(layer: object, home: str, row: Layer) -> dict[str, Any]:
    """Input channels where the layer's weights tell them and its arguments do not."""
    if home == "keras" and "kernel" in dir(layer):
        kernel = _weights(layer, "kernel")
        if kernel is not None and "filters" in row.takes:
            shape = shape_of(kernel)
            groups = getattr(layer, "groups", 1)
            return {"in_channels": shape[-1] if "Transpose" in type(layer).__name__ else shape[-2] * groups}
        if kernel is not None:
            return {"in_channels": shape_of(kernel)[-2]}
    return {}


def _weights(layer: object, *names: str) -> Any:
    """A layer's weights as an array; None if it has none or they are not made yet."""
    for name in names:
        try:
            value = getattr(layer, name, None)
        except (AttributeError, ValueError, RuntimeError):  # not built yet
            continue
        value = getattr(value, "value", value)
        value = value() if callable(value) else value
        if value is not None and hasattr(value, "shape"):
            return value
    return None


def _kernel(layer: object, home: str, row: Layer) -> tuple[tuple[int, ...], list[float]] | None:
    """Shape and numbers of the kernel in our order: (out, in/groups, *k), transposed (in, out/groups, *k)."""
    array = _weights(layer, "weight") if home == "torch" else _weights(layer, "kernel")
    if array is None or not all(type(length) is int for length in shape_of(array)):
        return None
    shape = shape_of(array)
    if prod(shape) > KERNEL_LIMIT or len(shape) < 3:
        return None
    numbers = numbers_of(array)
    axes = len(shape) - 2
    if home == "torch":
        return shape, numbers
    order = _order(layer, home, row, axes)
    turned, numbers = in_order(numbers, shape, order)
    if "depthwise" in row.read.__name__:
        return (turned[0] * turned[1], 1, *turned[2:]), numbers
    return turned, numbers


def _order(layer: object, home: str, row: Layer, axes: int) -> tuple[int, ...]:
    """Where our axes are in a kernel (*k, in, out), which of a Keras transposed convolution is (*k, out, in)."""
    space = tuple(range(axes))
    stretched = any(cells not in {1, None} for cells in entries(getattr(layer, "input_dilation", 1)))
    jax_transposed = home != "keras" and (stretched or "transposed" in row.read.__name__)
    if "depthwise" in row.read.__name__ or (jax_transposed and not getattr(layer, "transpose_kernel", False)):
        return (axes, axes + 1, *space)
    return (axes + 1, axes, *space)


def _with_kernel(changes: Mapping[str, Any], shape: tuple[int, ...], numbers: Sequence[float]) -> dict[str, Any]:
    """The fields with the kernel's values, unless the caller gave some or the kernel is not of finite numbers."""
    values = dict(changes.get("values") or {})
    if "kernel" in values or not all(isfinite(number) for number in numbers):
        return dict(changes)
    whole = [int(number) if number == int(number) else number for number in numbers]
    return {**changes, "values": {**values, "kernel": _nested(whole, shape)}}


def _nested(numbers: Sequence[float], shape: tuple[int, ...]) -> list[Any]:
    if len(shape) == 1:
        return list(numbers)
    inner = prod(shape[1:])
    return [_nested(numbers[at : at + inner], shape[1:]) for at in range(0, len(numbers), inner)]


def _of_model(model: Any, which: str | int | None, input: Any, changes: Mapping[str, Any]) -> Scene:
    nodes, known = list(model.graph.node), {array.name: array for array in model.graph.initializer}
    family = [each for each in nodes if each.op_type in TABLES["onnx"]]
    if which is None:
        found = family[:1]
    elif isinstance(which, int):
        found = nodes[which : which + 1] if which >= 0 else []
    else:
        found = [each for each in nodes if which in (each.name, *each.output)]
    if not found:
        names = ", ".join(each.name or each.op_type for each in family) or "none"
        raise refused("node", got(which), f"nodes of the family are {names}")
    node = found[0]
    call = _onnx_call(node, known)
    fields, weight = dict(changes), known.get(node.input[1]) if len(node.input) > 1 else None
    if node.op_type in {"Conv", "ConvTranspose"} and weight is not None:
        fields = {**_weight_fields(node, call, weight), **fields}
    size, channels = _size_of(model, node.input[0])
    if channels and "in_channels" not in fields:
        fields["in_channels"] = channels
    return scene_of_call(call, "onnx", size if input is None else input, fields)


def _onnx_call(node: Any, known: Mapping[str, Any]) -> Call:
    """A node as a call of its operator, with the constants among its inputs that are attributes to us."""
    keywords = {attribute.name: _attribute(attribute) for attribute in node.attribute}
    for place, name in _ONNX_INPUTS.get(node.op_type, {}).items():
        array = known.get(node.input[place]) if len(node.input) > place else None
        if array is not None and prod(array.dims):
            keywords[name] = tuple(_tensor(array))
    return Call(node.op_type, (), keywords)


def _attribute(attribute: Any) -> Any:
    """The value of an AttributeProto, by its type's number: float, int, string, lists of these."""
    match attribute.type:
        case 1:
            return attribute.f
        case 2:
            return attribute.i
        case 3:
            return attribute.s.decode()
        case 6:
            return tuple(attribute.floats)
        case 7:
            return tuple(attribute.ints)
        case _:
            return None


def _tensor(array: Any) -> list[Any]:
    """The numbers of a TensorProto."""
    helper = importlib.import_module("onnx.numpy_helper")  # a model of onnx' own, so onnx is there
    return list(helper.to_array(array).ravel().tolist())


def _weight_fields(node: Any, call: Call, weight: Any) -> dict[str, Any]:
    shape, groups = tuple(weight.dims), int(call.keywords.get("group") or 1)
    inside, outside = (
        (shape[0], shape[1] * groups) if node.op_type == "ConvTranspose" else (shape[1] * groups, shape[0])
    )
    fields: dict[str, Any] = {"in_channels": inside, "out_channels": outside}
    if "kernel_shape" not in call.keywords:
        fields["kernel"] = list(shape[2:])
    if prod(shape) > KERNEL_LIMIT:
        return fields
    return _with_kernel(fields, shape, _tensor(weight))


def _size_of(model: Any, name: str) -> tuple[list[int] | None, int | None]:
    """The spatial size and channels of a graph's array, as far as the model tells them."""
    for value in (*model.graph.input, *model.graph.value_info):
        if value.name == name:
            lengths = [dim.dim_value for dim in value.type.tensor_type.shape.dim]
            if len(lengths) > 2:
                size = lengths[2:] if all(lengths[2:]) else None
                return size, lengths[1] or None
    return None, None
