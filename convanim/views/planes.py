"""What the views of planes share: which role each canvas cell has, and what a step paints.

The canvas is the padded, zero-inserted input that the kernel slides over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import isinf, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from convanim.draw.storyboard import Lazy, Paint, Step, Storyboard
from convanim.draw.timing import durations
from convanim.engine import Recording
from convanim.engine.arrays import Array
from convanim.scene import Scene, alternatives, wording
from convanim.scene.values import Picture


def assembled(
    board: Storyboard, scene: Scene, shown: range, make: Callable[[int, int], Step], moves: str = ""
) -> Storyboard:
    """The board with its steps, `make(place, duration)` for each one shown, and what the scene says of it.

    `moves` is the sentence of the alternative text that says how it moves, where the view has its own.
    """
    times = durations(len(shown), scene.timing.step, scene.timing.hold)
    return replace(
        board,
        steps=Lazy(len(shown), lambda place: make(place, times[place])),
        title=wording.title(scene),
        alternative=alternatives.alternative_text(scene, still=shown[0] if len(shown) == 1 else None, moves=moves),
        plays=scene.timing.loop,
        language=scene.view.language,
    )


def canvas_roles(recording: Recording, *, numbered: bool = False) -> tuple[str, ...]:
    """The role of every canvas cell at rest, row by row."""
    zero = "blank zero" if recording.scene.is_shaded else "zero"
    roles = {
        "input": "input numbered" if numbered else "input",
        "padding": "padding",
        "beyond": "padding",
        "zero": zero,
    }
    return tuple(roles[kind] for kind in recording.kinds())


def output_rest(recording: Recording, whole: str, plane: int = 0) -> tuple[str, ...]:
    """The role of every cell of an output plane at rest: `whole` if it is shown from the start, else still to be computed.

    What no placement makes (the zeros of an unpooling) is there from the start.
    """
    scene = recording.asked
    if scene.view.output == "whole":
        return (whole,) * prod(scene.output)
    waiting = "blank pending" if scene.is_shaded else "pending"
    if recording.placed is None:
        return (waiting,) * prod(scene.output)
    filled = set(recording.placed[plane].ravel().tolist())
    zero = "blank zero" if scene.is_shaded else "zero"
    return tuple(waiting if cell in filled else zero for cell in range(prod(scene.output)))


def canvas_shades(recording: Recording) -> bytes:
    """The shade of every canvas cell, row by row, if the scene shades cells by value: black to white for a picture.

    A hole, which is never shaded, has any shade that occurs.
    """
    if not recording.scene.is_shaded:
        return b""
    values = recording.input[0].ravel()
    is_picture = isinstance(recording.scene.values.input, Picture)
    shades = _shades(values, *((0, 255) if is_picture else (values.min(), values.max())))
    sources, inside = recording.canvas_sources()
    return bytes(np.where(inside, shades[sources], shades.min()))


def output_shades(recording: Recording) -> bytes:
    """The shade of every output cell, its smallest value the darkest, if the scene shades cells by value."""
    if not recording.scene.is_shaded:
        return b""
    values = recording.output[0].ravel()
    return bytes(_shades(values, values.min(), values.max()))


def _shades(values: Array, darkest: Any, lightest: Any) -> npt.NDArray[np.uint8]:
    """Values as shades from 0 to 255, 128 where all are the same."""
    if darkest == lightest:
        return np.full(values.shape, 128, dtype=np.uint8)
    if values.dtype != np.float64:
        values, darkest, lightest = values.astype(object), int(darkest), int(lightest)
    elif isinf(float(lightest) - float(darkest)):  # halves, so that no difference overflows
        values, darkest, lightest = values / 2, darkest / 2, lightest / 2
    shares = ((values - darkest) / (lightest - darkest)).astype(np.float64)
    shades: npt.NDArray[np.uint8] = np.rint(shares * 255).astype(np.uint8)
    return shades


def tapped(roles: Iterable[str]) -> tuple[str, ...]:
    """The roles that taps give to cells of these roles."""
    return tuple(f"{role} tap" for role in dict.fromkeys(roles))


def window_numbers(recording: Recording, number: int) -> list[int]:
    """The canvas cells under the kernel of a placement, as numbers counted row by row, in the order of its taps."""
    numbers = [0]
    for window, length in zip(recording.window(number), recording.canvas_size, strict=True):
        numbers = [start * length + at for start in numbers for at in window]
    return numbers


def window_paints(recording: Recording, number: int, roles: Sequence[str], grid: str = "canvas") -> tuple[Paint, ...]:
    """The window of a placement as paints of a canvas, one for each role that its cells have at rest."""
    by_role: dict[str, list[int]] = {}
    for cell in window_numbers(recording, number):
        by_role.setdefault(roles[cell], []).append(cell)
    return tuple(Paint(grid, tuple(cells), f"{role} tap") for role, cells in by_role.items())


def window_block(recording: Recording, number: int) -> tuple[int, int, int, int]:
    """The block (row, column, rows, columns) that a placement's window spans, holes of a dilated kernel included."""
    window = recording.window(number)
    spans = [(cells[0], cells[-1] + 1 - cells[0]) for cells in window]
    (row, rows), (column, columns) = spans if len(spans) == 2 else [(0, 1), *spans]
    return row, column, rows, columns


def computed_since(shown: range, place: int) -> range:
    """The placements computed with step `place` and since the one before it (before the first: all up to it)."""
    return range(shown[place - 1] + 1 if place else 0, shown[place] + 1)


def cells_computed_since(recording: Recording, shown: range, place: int) -> tuple[int, ...]:
    """The output cells that those placements made, counted row by row."""
    return tuple(recording.output_number(number) for number in computed_since(shown, place))


def two(size: tuple[int, ...]) -> tuple[int, int]:
    """A size as rows and columns; one axis lies in one row."""
    return (1, size[0]) if len(size) == 1 else (size[0], size[1])
