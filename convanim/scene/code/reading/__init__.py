"""From a layer as people write it to the scene that shows it: `scene_from_code` (see `framework_of` for which is meant)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from convanim.scene.code.reading import jax_functions, keras_layers, onnx_nodes, tensorflow_functions, torch_layers
from convanim.scene.code.reading.call import Call, Shaped, Unread, read_call, refuse_foreign, refused
from convanim.scene.code.reading.layer import Fields, Layer, axes_known
from convanim.scene.code.reading.onnx_text import onnx_node, read_onnx_text
from convanim.scene.code.reading.signature import Arguments, bind
from convanim.scene.code.said import got
from convanim.scene.model import Scene

TABLES: dict[str, Mapping[str, Layer]] = {
    "torch": torch_layers.LAYERS,
    "keras": keras_layers.LAYERS,
    "tensorflow": tensorflow_functions.LAYERS,
    "jax": jax_functions.LAYERS,
    "nnx": jax_functions.NNX_LAYERS,
    "onnx": onnx_nodes.LAYERS,
}
_PREFIXES = {"tf": "tensorflow", "tensorflow": "tensorflow", "torch": "torch", "F": "torch", "keras": "keras"}
_PREFIXES |= {"jax": "jax", "lax": "jax", "linen": "jax", "flax": "jax", "nnx": "nnx", "onnx": "onnx"}
_FRAMEWORKS = ("torch", "keras", "tensorflow", "jax", "flax", "onnx")
_WHY_NOT = {
    "SeparableConv": "it is two convolutions; show the depthwise and the pointwise one",
    "LPPool": "powers and roots are not shown",
    "FractionalMaxPool": "its windows are random",
    "Fold": "it gathers windows and computes nothing",
    "Unfold": "it gathers windows and computes nothing",
    "PixelShuffle": "it moves cells and computes nothing",
    "LocallyConnected": "it has another kernel at each place",
    "ConvLocal": "it has another kernel at each place",
    "Linear": "it slides nothing",
    "Dense": "it slides nothing",
    "ZeroPad": "padding alone is no layer here; give it to the convolution",
    "Sequential": "legal is one layer; show each by itself",
}


def scene_from_code(
    text: str, input: int | Sequence[int] | None = None, *, framework: str | None = None, **changes: Any
) -> Scene:
    """The scene of one layer of PyTorch, Keras, TensorFlow, JAX, Flax or ONNX, as its text says.

    `input` is the size of the layer's input; `changes` are a scene's fields that the text does not tell, or that shall
    differ from it; `framework` says whose a name is where several have it. The text is parsed, never executed. Raises
    SceneError for what is no such layer, for arguments that are unknown or no literals, and for all that a scene cannot
    show.
    """
    if not isinstance(text, str):
        raise refused("code", got(text), "legal is the text of one layer")
    call = read_onnx_text(text)
    home = "onnx" if call else framework
    if call is None:
        call = read_call(text)
        node = onnx_node(call)
        call, home = (node, "onnx") if node else (call, framework)
    return scene_of_call(call, home, input, changes)


def scene_of_call(
    call: Call, framework: str | None, input: int | Sequence[int] | None, changes: Mapping[str, Any]
) -> Scene:
    """The scene of a call of a known layer, with what the caller said beside it."""
    layer = find(call, framework)
    known = {**changes, **({} if input is None else {"input": input})}
    fields = layer.read(_arguments(call, layer), layer.axes, known)
    fields = {name: value for name, value in {**fields, **known}.items() if value is not None}
    if "input" not in fields:
        axes = axes_known(layer.axes or fields.get("dimensions"), known)
        example = "32" if axes == 1 else str([32] * axes)
        raise refused("input", "missing", f"{call.short} does not tell its input's size; give input={example}")
    return Scene(**_agreeing(fields))


def _agreeing(fields: Fields) -> Fields:
    """The fields, unless the layer has more axes than a scene, or others than the input."""
    axes = fields.get("dimensions")
    if axes and axes not in {1, 2, 3}:
        raise refused("code", f"got a layer of {axes} axes", "legal are 1 to 3")
    if isinstance(fields["input"], list | tuple) and axes and len(fields["input"]) != axes:
        said = f"got {list(fields['input'])}"
        raise refused(
            "input", said, f"the layer has {axes} {'axis' if axes == 1 else 'axes'}; legal is one number for each"
        )
    return fields


def _arguments(call: Call, layer: Layer) -> Arguments:
    """The call's arguments, with what its result is called with: `layer(…)(x, output_size=…)`."""
    arguments = bind(call, layer.takes, layer.ignored)
    if call.applied is None:
        return arguments
    if layer.called is None:
        raise refused("code", f"got a call of what {call.short} answers", "legal is the function's call alone")
    positional, keywords = call.applied
    outer = bind(Call(call.name, positional, keywords), layer.called).values
    first, *others = outer
    array = outer[first]
    if not isinstance(array, Shaped | Unread):
        raise refused("input", got(array), f"legal is an array; {call.short} is called with its input")
    return arguments.beside(input=array, **{name: outer[name] for name in others})


def framework_of(call: Call) -> list[str]:
    """Which frameworks a call may be of: as its prefix says, else as its name and arguments do, likeliest first."""
    parts = call.name.split(".")[:-1]
    refuse_foreign(call.name)
    if "keras" in parts or "layers" in parts:
        return ["keras"]
    if "nnx" in parts:
        return ["nnx"]
    told = [_PREFIXES[part] for part in parts if part in _PREFIXES]
    if told:
        return told[:1]
    if {"in_features", "out_features"} & set(call.keywords):
        return ["nnx"]
    return ["torch", "keras", "jax", "tensorflow"]


def find(call: Call, framework: str | None = None) -> Layer:
    """The layer that a call is of; SceneError with the nearest names if there is none."""
    homes = framework_of(call)
    if framework is not None:
        if framework not in _FRAMEWORKS:
            raise refused("framework", got(framework), f"legal is {', '.join(_FRAMEWORKS)}")
        forced = {"flax": "jax", "tensorflow": "tensorflow"}.get(framework, framework)
        homes = (
            homes if homes == ["nnx"] and forced == "jax" else [forced, *(["keras"] if forced == "tensorflow" else [])]
        )
    for home in homes:
        if call.short in TABLES[home]:
            return TABLES[home][call.short]
    raise refused("code", got(call.short), _nearest(call.short, homes))


def _nearest(name: str, homes: Sequence[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - for those who mistype

    for start, why in _WHY_NOT.items():
        if name.startswith((start, f"Lazy{start}")):
            return why
    known = [layer for home in homes for layer in TABLES[home]]
    nearest = get_close_matches(name, known, n=1, cutoff=0.5)
    if nearest:
        return f"did you mean {nearest[0]}?"
    return "legal are the convolutions, pooling, unpooling and upsampling of PyTorch, Keras, TensorFlow, JAX and ONNX"
