"""What stands in the cells of input, output and kernel: values, or, where the view asks for it, the cells' numbers.

Cells are counted row by row from 1. Padding and inserted zeros have no number; padding that repeats cells has theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from convanim.draw.storyboard import Grid, Text
from convanim.engine import Placement, Recording
from convanim.scene.values import Size
from convanim.views.numbers import Number, short
from convanim.views.planes import window_numbers
from convanim.views.sheets import LEAST_NOTED_CELL, note_text, value_text


def canvas_texts(recording: Recording, grid: Grid, channel: int = 0) -> Iterator[Text]:
    """What stands in a canvas: what counts for nothing in a maximum is −∞ there."""
    if recording.asked.view.numbered:
        sources, inside = recording.canvas_sources()
        for number, (source, is_held) in enumerate(zip(sources.ravel().tolist(), inside.ravel().tolist(), strict=True)):
            if is_held:
                yield value_text(grid, number, str(source + 1))
        return
    nothing = "−∞" if recording.asked.op == "max_pool" else ""
    for number, cell in enumerate(product(*map(range, recording.canvas_size))):
        value = recording.canvas_value(cell, channel)
        text = nothing if value is None else short(value)
        if text:
            yield value_text(grid, number, text)


def output_text(recording: Recording, grid: Grid, cell: int, plane: int = 0) -> Text:
    """What stands in an output cell, itself counted from 0."""
    if recording.asked.view.numbered:
        return value_text(grid, cell, str(cell + 1))
    return value_text(grid, cell, short(recording.value(_index(cell, recording.asked.output), plane)))


def known_cells(recording: Recording, plane: int = 0) -> list[int]:
    """The output cells that no step makes: all if the output is shown whole, else what an unpooling leaves zero."""
    cells = range(prod(recording.asked.output))
    if recording.asked.view.output == "whole":
        return list(cells)
    if recording.placed is None:
        return []
    filled = set(recording.placed[plane].ravel().tolist())
    return [cell for cell in cells if cell not in filled]


def known_texts(recording: Recording, grid: Grid, plane: int = 0) -> Iterator[Text]:
    """What stands in these cells from the start."""
    return (output_text(recording, grid, cell, plane) for cell in known_cells(recording, plane))


def laid_kernel(recording: Recording) -> list[Number]:
    """What stands in the kernel's cells as they lie on the canvas, row by row: turned, where it lies turned."""
    taps = recording[0].taps
    if recording.asked.view.numbered:
        size = tuple(axis.taps for axis in recording.axes)
        return [number_of(tap.kernel, size) for tap in taps]
    return [tap.weight for tap in taps if tap.weight is not None]


def held_texts(recording: Recording) -> list[str]:
    """The distinct texts that may stand in cells of input and output, or the longest of them."""
    scene = recording.asked
    if scene.view.numbered:
        return [str(max(prod(scene.input), prod(scene.output)))]
    cells = list(product(*map(range, scene.output)))
    outputs = (recording.value(cell, plane) for plane in range(recording.planes) for cell in cells)
    values = dict.fromkeys((*recording.input.ravel().tolist(), *outputs))
    return ["0", *(["−∞"] if scene.op == "max_pool" else []), *map(short, values)]


def number_of(cell: Sequence[int], size: Size) -> int:
    """The number of a cell, counted row by row from 1."""
    number = 0
    for at, length in zip(cell, size, strict=True):
        number = number * length + at
    return number + 1


def _index(number: int, size: Size) -> tuple[int, ...]:
    """The cell of a number, itself counted from 0."""
    at: list[int] = []
    for length in reversed(size):
        number, one = divmod(number, length)
        at.insert(0, one)
    return tuple(at)


def has_notes(recording: Recording, height: float) -> bool:
    """Whether weights stand in cells of a height: the kernel's, an interpolation's shares; not in small cells."""
    has_weights = recording.kernel is not None or recording.asked.mode == "linear"
    return has_weights and height >= LEAST_NOTED_CELL and not recording.asked.view.numbered


def noted(weight: Number) -> str:
    """A weight as it is noted."""
    return f"×{short(weight)}"


def noted_weights(recording: Recording) -> list[str]:
    """The distinct notes that cells may hold, where there are any."""
    if recording.kernel is not None:
        weights = recording.kernel.ravel().tolist()
    else:
        taps = (tap for number in range(recording.asked.placements) for tap in recording[number].taps)
        weights = [tap.weight for tap in taps if tap.weight is not None]
    return list(map(noted, dict.fromkeys(weights)))


def notes(recording: Recording, placement: Placement, grid: Grid) -> Iterator[Text]:
    """The weight in the corner of each cell that it multiplies; what weighs nothing in an interpolation has none."""
    if not has_notes(recording, grid.down[1]):
        return
    for number, tap in zip(window_numbers(recording, placement.index), placement.taps, strict=True):
        if tap.weight is not None and (recording.kernel is not None or tap.weight):
            yield note_text(grid, number, noted(tap.weight))
