"""A stack in words: its title, its layers' names, what its figure shows."""

from __future__ import annotations

from convanim.errors import times
from convanim.language import Language, language
from convanim.scene import alternatives, wording
from convanim.scene.model import Scene
from convanim.scene.stack import Stack

_SHORT = {
    "max_pool": "max pool",
    "avg_pool": "average pool",
    "max_unpool": "max unpool",
    "conv_input_grad": "input's gradient",
    "conv_kernel_grad": "kernel's gradient",
}


def title(stack: Stack) -> str:
    """The stack's title, or one made from its sizes."""
    said = language(stack.view.language)
    ends = said("{input} to {output}", input=times(stack.input), output=times(stack.output))
    return stack.title or said.listed([layers(stack).capitalize(), ends])


def layers(stack: Stack) -> str:
    """How many layers there are."""
    count = len(stack.layers)
    return language(stack.view.language)("{count} layers" if count > 1 else "{count} layer", count=count)


def sizes(stack: Stack) -> str:
    """The sizes of all planes, the input's first."""
    return " → ".join(times(size) for size in (stack.input, *(scene.output for scene in stack.layers)))


def layer_name(scene: Scene, said: Language) -> str:
    """What a layer does and the size that it makes: `conv 3×3 → 5×5`."""
    if scene.op == "upsample":
        return f"{wording.operation(wording.in_language(scene, said.name))} → {times(scene.output)}"
    name = _SHORT.get(scene.op, "transposed conv" if scene.transposed else "conv")
    return f"{said(name)} {times(scene.kernel)} → {times(scene.output)}"


def layer_parameters(scene: Scene, said: Language) -> tuple[str, ...]:
    """What else must be known of a layer: where it differs from the usual."""
    parts = []
    if scene.op != "upsample":
        usual = scene.kernel if scene.op in _SHORT and "pool" in scene.op else (1,) * scene.dimensions
        if scene.stride != usual:
            parts.append(said("stride {cells}", cells=_one(scene.stride)))
        if scene.dilation and set(scene.dilation) != {1}:
            parts.append(said("dilation {cells}", cells=_one(scene.dilation)))
    if scene.out_channels > 1:
        parts.append(said("{count} channels", count=scene.out_channels))
    return tuple(parts)


def field(stack: Stack, layer: int = -1) -> str:
    """How much of the stack's input a layer's cells see: `7×7`."""
    return times(tuple(one.size for one in stack.fields(layer)))


def fields(stack: Stack) -> str:
    """The same of each layer's cells, one after another: `3×3 → 5×5 → 7×7`."""
    return " → ".join(field(stack, layer) for layer in range(len(stack.layers)))


def sees_padding(stack: Stack) -> bool:
    """Whether some layer's field is larger than the input, and so holds padding wherever it lies."""
    sizes = (zip(stack.fields(layer), stack.input, strict=True) for layer in range(len(stack.layers)))
    return any(one.size > length for layer in sizes for one, length in layer)


def alternative_text(stack: Stack, still: int | None = None) -> str:
    """What the animation shows, for those who do not see it: the stack's own description, or one made from it."""
    if stack.description:
        return stack.description
    said = language(stack.view.language)
    kind = alternatives.kind_of_figure(said, still)
    told = "Each input cell reaches a block of output cells, traced up layer by layer."
    if stack.trace == "sees":
        told = "Each output cell sees at most {field} cells of the input, traced down layer by layer."
    whole = said("{kind} of a stack of {layers}: {sizes}.", kind=kind, layers=layers(stack), sizes=sizes(stack))
    return said("{one} {other}", one=whole, other=said(told, field=_in_sight(stack)))


def _in_sight(stack: Stack) -> str:
    """How much of the input an output cell sees at most, padding left out."""
    return times(tuple(min(one.size, length) for one, length in zip(stack.fields(), stack.input, strict=True)))


def _one(values: tuple[int, ...]) -> str:
    return times(values[:1] if len(set(values)) == 1 else values)
