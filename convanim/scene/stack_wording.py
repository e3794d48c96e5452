"""A stack in words: its title, its layers' names, what its figure shows."""

from __future__ import annotations

from convanim.errors import times
from convanim.scene import wording
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
    return stack.title or f"{layers(stack).capitalize()}, {times(stack.input)} to {times(stack.output)}"


def layers(stack: Stack) -> str:
    """How many layers there are."""
    count = len(stack.layers)
    return f"{count} layer{'s' if count > 1 else ''}"


def sizes(stack: Stack) -> str:
    """The sizes of all planes, the input's first."""
    return " → ".join(times(size) for size in (stack.input, *(scene.output for scene in stack.layers)))


def layer_name(scene: Scene) -> str:
    """What a layer does and the size that it makes: `conv 3×3 → 5×5`."""
    if scene.op == "upsample":
        return f"{wording.operation(scene)} → {times(scene.output)}"
    name = _SHORT.get(scene.op, "transposed conv" if scene.transposed else "conv")
    return f"{name} {times(scene.kernel)} → {times(scene.output)}"


def layer_parameters(scene: Scene) -> tuple[str, ...]:
    """What else must be known of a layer: where it differs from the usual."""
    parts = []
    if scene.op != "upsample":
        usual = scene.kernel if scene.op in _SHORT and "pool" in scene.op else (1,) * scene.dimensions
        if scene.stride != usual:
            parts.append(f"stride {_one(scene.stride)}")
        if scene.dilation and set(scene.dilation) != {1}:
            parts.append(f"dilation {_one(scene.dilation)}")
    if scene.out_channels > 1:
        parts.append(f"{scene.out_channels} channels")
    return tuple(parts)


def field(stack: Stack, layer: int = -1) -> str:
    """How much of the stack's input a layer's cells see: `7×7`."""
    return times(tuple(one.size for one in stack.fields(layer)))


def alternative_text(stack: Stack, still: int | None = None) -> str:
    """What the animation shows, for those who do not see it: the stack's own description, or one made from it."""
    if stack.description:
        return stack.description
    kind = "Animation" if still is None else f"Step {still + 1}"
    if stack.trace == "sees":
        told = f"Each output cell sees at most {field(stack)} cells of the input, traced down layer by layer."
    else:
        told = "Each input cell reaches a block of output cells, traced up layer by layer."
    return f"{kind} of a stack of {layers(stack)}: {sizes(stack)}. {told}"


def _one(values: tuple[int, ...]) -> str:
    return times(values[:1] if len(set(values)) == 1 else values)
