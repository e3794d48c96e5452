"""What `convanim size` says of a stack: each layer's size, and what its cells see of the stack's input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fractions import Fraction

    from convanim.scene import Scene
    from convanim.scene.receptive import Field
    from convanim.scene.stack import Stack


def stack_explanation(stack: Stack) -> list[str]:
    """A paragraph a layer: the operation, the output's size worked out, and what a cell of it sees."""
    from convanim.errors import times

    first = stack.layers[0]
    lines = [stack.title] if stack.title else []
    lines.append(f"input {times(stack.input)}" + (f", {first.in_channels} channels" if first.in_channels > 1 else ""))
    for number, scene in enumerate(stack.layers):
        lines += ["", _heading(stack, number)]
        lines += [f"   {line}" for line in (*_size_lines(scene), *_field_lines(scene, stack.fields(number)))]
    return lines


def stack_numbers(stack: Stack) -> dict[str, Any]:
    """The same for programs, a layer's numbers as a single scene's; effective strides and middles as fractions in text."""
    from convanim.cli.size_command import numbers

    return {
        "title": stack.title,
        "input": stack.input,
        "layers": [
            numbers(scene)
            | {
                "receptive_field": [field.size for field in fields],
                "effective_stride": [str(field.jump) for field in fields],
                "first_middle": [str(field.start) for field in fields],
            }
            for scene, fields in ((scene, stack.fields(number)) for number, scene in enumerate(stack.layers))
        ],
    }


def _heading(stack: Stack, number: int) -> str:
    from convanim.scene import wording

    scene, undone = stack.layers[number], stack.undoes(number)
    undoes = f", undoes {undone + 1}" if undone is not None else ""
    return f"{number + 1}: {wording.operation(scene)}, {', '.join(wording.parameters(scene))}{undoes}"


def _size_lines(scene: Scene) -> Iterator[str]:
    """The output's size, its formula, and what that drops."""
    from convanim.scene import wording
    from convanim.scene.formulas import formulas

    yield wording.output_label(scene)
    yield from formulas(scene)
    if scene.transposed or scene.ceil_mode or scene.op in {"max_unpool", "upsample", "conv_kernel_grad"}:
        return
    for name, (remainder,) in _by_axis(scene, [(axis.remainder,) for axis in scene.axes]):
        if remainder:
            cells = "cell" if remainder == 1 else f"{remainder} cells"
            yield f"{name}the floor drops the last {cells} of the padded input"


def _field_lines(scene: Scene, fields: Sequence[Field]) -> Iterator[str]:
    """Receptive field, effective stride and the first one's middle, by their names and in a sentence."""
    from convanim.errors import times

    for name, field in _by_axis(scene, fields):
        seen = times((field.size,) * (1 if name else len(fields)))
        cells = "cell" if field.size == 1 else "cells"
        yield f"{name}receptive field {seen}, effective stride {field.jump}, first middle {field.start}"
        yield (
            f"{name}one output cell sees {seen} {cells} of the stack's input; neighbours are {_cells(field.jump)} apart; "
            f"the first one's middle is at {field.start} (0 is the middle of the first input cell)"
        )


def _cells(distance: Fraction) -> str:
    return f"{distance} input {'cell' if 0 < distance <= 1 else 'cells'}"


def _by_axis(scene: Scene, said: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """What is said of each axis, after the axis' name; once and without it where all are alike."""
    from convanim.scene.formulas import AXIS_NAMES

    if len(set(said)) == 1:
        yield "", said[0]
        return
    for name, each in zip(AXIS_NAMES[scene.dimensions], said, strict=True):
        yield f"{name}: ", each
