"""What the views of planes share: which role each canvas cell has, and what a step paints.

The canvas is the padded, zero-inserted input that the kernel slides over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import product

from convanim.draw.storyboard import Lazy, Paint, Step, Storyboard
from convanim.draw.timing import durations
from convanim.engine import Recording
from convanim.scene import Scene, wording


def assembled(board: Storyboard, scene: Scene, shown: range, make: Callable[[int, int], Step]) -> Storyboard:
    """The board with its steps, `make(place, duration)` for each placement shown, and what the scene says of it."""
    times = durations(len(shown), scene.timing.step, scene.timing.hold)
    return replace(
        board,
        steps=Lazy(len(shown), lambda place: make(place, times[place])),
        title=wording.title(scene),
        alternative=wording.alternative_text(scene, still=shown[0] if len(shown) == 1 else None),
        plays=scene.timing.loop,
    )


def canvas_roles(recording: Recording, *, numbered: bool = False) -> tuple[str, ...]:
    """The role of every canvas cell at rest, row by row."""
    roles = {"input": "input numbered" if numbered else "input", "padding": "padding", "zero": "zero"}
    cells = product(*(range(length) for length in recording.canvas_size))
    return tuple(roles[recording.kind(cell)] for cell in cells)


def tapped(roles: Iterable[str]) -> tuple[str, ...]:
    """The roles that taps give to cells of these roles."""
    return tuple(f"{role} tap" for role in dict.fromkeys(roles))


def window_numbers(recording: Recording, number: int) -> list[int]:
    """The canvas cells under the kernel of a placement, as numbers counted row by row, in the order of its taps."""
    numbers = [0]
    for window, length in zip(recording.window(number), recording.canvas_size, strict=True):
        numbers = [start * length + at for start in numbers for at in window]
    return numbers


def window_paints(recording: Recording, number: int, roles: Sequence[str]) -> tuple[Paint, ...]:
    """The window of a placement as paints of the canvas, one for each role that its cells have at rest."""
    by_role: dict[str, list[int]] = {}
    for cell in window_numbers(recording, number):
        by_role.setdefault(roles[cell], []).append(cell)
    return tuple(Paint("canvas", tuple(cells), f"{role} tap") for role, cells in by_role.items())


def window_block(recording: Recording, number: int) -> tuple[int, int, int, int]:
    """The block (row, column, rows, columns) that a placement's window spans, holes of a dilated kernel included."""
    window = recording.window(number)
    spans = [(cells[0], cells[-1] + 1 - cells[0]) for cells in window]
    (row, rows), (column, columns) = spans if len(spans) == 2 else [(0, 1), *spans]
    return row, column, rows, columns


def computed_since(shown: range, place: int) -> range:
    """The placements computed with step `place` and since the one before it (before the first: all up to it)."""
    return range(shown[place - 1] + 1 if place else 0, shown[place] + 1)


def two(size: tuple[int, ...]) -> tuple[int, int]:
    """A size as rows and columns; one axis lies in one row."""
    return (1, size[0]) if len(size) == 1 else (size[0], size[1])
