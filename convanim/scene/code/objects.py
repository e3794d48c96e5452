"""From a live layer to its scene: a torch module, a Keras or Flax layer, an ONNX node or model, or a model's file.

No framework is imported: a layer is known by the names of its classes and the modules these come from, and read by its
attributes. Its kernel becomes the scene's values if it is small and all its numbers are finite; its bias does not.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Any

from convanim.scene.code.arrays import KERNEL_LIMIT, in_order, numbers_of, shape_of, with_kernel
from convanim.scene.code.onnx_models import scene_of_model, scene_of_node
from convanim.scene.code.reading import TABLES, scene_of_call
from convanim.scene.code.reading.call import Call, refused
from convanim.scene.code.reading.layer import Layer
from convanim.scene.code.reading.signature import entries, signature
from convanim.scene.code.said import got
from convanim.scene.model import Scene

_LEGAL = "legal is one layer of PyTorch, Keras or Flax, an ONNX node or model, or the path of an .onnx file"
_HOMES = {"torch": "torch", "keras": "keras", "tf_keras": "keras", "flax": "jax"}
_ABSENT = object()


def scene_from_layer(
    layer: object, input: int | Sequence[int] | None = None, *, node: str | int | None = None, **changes: Any
) -> Scene:
    """The scene of a live layer. `input` is the size of its input; `changes` are a scene's fields, as in a scene file.

    `node` says which node of an ONNX model, by its name or its number; without it the first of the family. Raises
    SceneError for what is no layer of the family, and for all that a scene cannot show.
    """
    if isinstance(layer, str | Path):
        layer = _loaded(Path(layer))
    if _has(layer, "graph", "opset_import"):
        return scene_of_model(layer, node, input, changes)
    if node is not None:
        raise refused("node", got(node), "only an ONNX model has nodes to choose from")
    if _has(layer, "op_type", "attribute"):
        return scene_of_node(layer, input, changes)
    name, home, row = _row_of(layer)
    keywords = {argument: _plain(_attribute_of(layer, argument)) for argument in _told(row, layer)}
    changes = {**_channels(layer, home, row), **changes}
    kernel = _kernel(layer, home, row)
    if kernel is not None:
        shape, numbers = kernel
        changes = with_kernel(changes, shape, lambda: numbers)
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


def _attribute_of(layer: object, name: str) -> Any:
    """An attribute, or _ABSENT; SceneError where looking at it fails, as it does before some layers are built."""
    try:
        return getattr(layer, name, _ABSENT)
    except Exception as why:  # whatever a foreign layer raises  # noqa: BLE001
        given = f"got a {type(layer).__name__} whose {name} cannot be read ({type(why).__name__})"
        raise refused("layer", given, _LEGAL) from None


def _has(layer: object, *names: str) -> bool:
    return all(_attribute_of(layer, name) is not _ABSENT for name in names)


def _row_of(layer: object) -> tuple[str, str, Layer]:
    """The name of a layer's class, its framework and its row in that framework's table; of a subclass, its parent's."""
    for kind in type(layer).__mro__:
        home = _HOMES.get(str(kind.__module__).partition(".")[0])
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
    return [name for name in names if _has(layer, name)]


def _is_neutral(name: str) -> bool:
    return name.endswith(("_initializer", "_regularizer", "_constraint", "_init"))


def _plain(value: Any) -> Any:
    """An attribute as a literal: lists as tuples, a Keras activation by its name."""
    if isinstance(value, list | tuple):
        return tuple(_plain(each) for each in value)
    if callable(value):
        name = _attribute_of(value, "__name__")
        return type(value).__name__ if name is _ABSENT else name
    return value


def _channels(layer: object, home: str, row: Layer) -> dict[str, Any]:
    """Input channels where the layer's weights tell them and its arguments do not."""
    kernel = _weights(layer, "kernel") if home == "keras" else None
    if kernel is None:
        return {}
    shape = shape_of(kernel)
    if "filters" not in row.takes:
        return {"in_channels": shape[-2]}
    groups = getattr(layer, "groups", 1)
    return {"in_channels": shape[-1] if "Transpose" in type(layer).__name__ else shape[-2] * groups}


def _weights(layer: object, name: str) -> Any:
    """A layer's weights as an array of three axes or more; None if it has none or they are not made yet."""
    try:
        value = getattr(layer, name, None)
        value = getattr(value, "value", value)
        value = value() if callable(value) else value
        shape = shape_of(value)
    except Exception:  # not built yet, or no array: whatever a foreign layer raises  # noqa: BLE001
        return None
    return value if len(shape) > 2 and all(type(length) is int for length in shape) else None


def _kernel(layer: object, home: str, row: Layer) -> tuple[tuple[int, ...], list[float]] | None:
    """Shape and numbers of the kernel in our order: (out, in/groups, *k), transposed (in, out/groups, *k)."""
    array = _weights(layer, "weight" if home == "torch" else "kernel")
    if array is None or prod(shape := shape_of(array)) > KERNEL_LIMIT:
        return None
    try:
        numbers = numbers_of(array)
    except Exception:  # a shape alone, as on the meta device; complex numbers  # noqa: BLE001
        return None
    if home == "torch":
        return shape, numbers
    turned, numbers = in_order(numbers, shape, _order(layer, home, row, len(shape) - 2))
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
