"""What `convanim size` says of a stack: each layer's size, and what its cells see of the stack's input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convanim.scene.stack import Stack


def stack_explanation(stack: Stack) -> list[str]:
    """A line a layer, and its receptive field below."""
    from convanim.errors import times
    from convanim.scene import wording

    first = stack.layers[0]
    lines = [stack.title] if stack.title else []
    lines.append(f"input {times(stack.input)}" + (f", {first.in_channels} channels" if first.in_channels > 1 else ""))
    for number, scene in enumerate(stack.layers):
        fields = stack.fields(number)
        seen, jump, start = ("×".join(str(part) for part in _alike(list(parts))) for parts in zip(*fields, strict=True))
        lines += [
            "",
            f"{number + 1}: {wording.operation(scene)}, {', '.join(wording.parameters(scene))}",
            f"   {wording.output_label(scene)}",
            f"   receptive field {seen}, effective stride {jump}, the first one's middle at {start}",
        ]
    return lines


def stack_numbers(stack: Stack) -> dict[str, Any]:
    """The same for programs; effective strides and starts as fractions in text."""
    return {
        "title": stack.title,
        "input": stack.input,
        "layers": [
            {
                "operation": scene.op,
                "output": scene.output,
                "out_channels": scene.out_channels,
                "receptive_field": [field.size for field in fields],
                "effective_stride": [str(field.jump) for field in fields],
                "start": [str(field.start) for field in fields],
            }
            for scene, fields in ((scene, stack.fields(number)) for number, scene in enumerate(stack.layers))
        ],
    }


def _alike(parts: list[Any]) -> list[Any]:
    return parts[:1] if len(set(parts)) == 1 else parts
