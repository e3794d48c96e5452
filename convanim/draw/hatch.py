"""Hatching: patterns that tell the roles of cells apart where colour does not. A theme says which role has which.

Patterns run along the diagonals of a grid's cells, so they lie in its plane and are the same in every cell. They stand where
the grid stands: nothing of them moves from step to step. Texts in cells have a halo, which patterns keep out of.

A vector format asks `Theme.hatch(role, shade)` for a cell's pattern, `hatch_of(pattern, grid)` for its lines and dots, and
`Theme.ink(HATCH, role, shade)` for their colour. For pixels, `hatch_classes` says once a picture what each pixel would show of
every pattern, and `TONES` how much of the colour each pattern has there.
"""

from __future__ import annotations

from itertools import product
from math import hypot
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from convanim.draw.storyboard import Grid, Point

DIAGONAL, BACK_DIAGONAL, CROSS, DOTS = "diagonal", "back-diagonal", "cross", "dots"
PATTERNS = (DIAGONAL, BACK_DIAGONAL, CROSS, DOTS)
SPACING, WIDTH, RADIUS = 8.0, 1.2, 1.2
LEAST_CELL = 8  # pixels: in smaller cells a pattern is but noise

_STEPS = 3
_BOTH = 2 * _STEPS + 1
_DOT = _BOTH + 4
_CLASSES = 16
_UP, _DOWN = range(1, _STEPS + 1), range(_STEPS + 1, _BOTH)

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]


class Hatch(NamedTuple):
    """What a pattern draws in cells of a grid, in scene units from their first corner: lines `width` thick, and dots.

    Lines end on the outer borders; the middle of a dot may lie on one, so draw it clipped to the cells.
    """

    lines: tuple[tuple[Point, Point], ...]
    dots: tuple[Point, ...]
    width: float = WIDTH
    radius: float = RADIUS


def hatch_of(pattern: str, grid: Grid, rows: int = 1, columns: int = 1) -> Hatch:
    """The lines and dots of a pattern in a cell of a grid, or in a block of so many; none if cells are too small for any."""
    if not is_hatchable(grid):
        return Hatch((), ())
    rising, falling = _counts(grid)
    lines: list[tuple[Point, Point]] = []
    if pattern in {DIAGONAL, CROSS}:
        places = ((place + 0.5) / rising for place in range((rows + columns) * rising))
        lines += [_rising(place, rows, columns) for place in places]
    if pattern in {BACK_DIAGONAL, CROSS}:
        places = ((place + 0.5) / falling for place in range((rows + columns) * falling))
        lines += [_mirrored(_rising(place, rows, columns), rows) for place in places]
    dots: list[Point] = []
    if pattern == DOTS:
        sums = [place / rising for place in range((rows + columns) * rising + 1)]
        differences = [place / falling for place in range(-rows * falling, columns * falling + 1)]
        centres = (((one + other) / 2, (one - other) / 2) for one, other in product(sums, differences))
        dots = [(u, v) for u, v in centres if 0 <= u <= columns and 0 <= v <= rows]
    at = (0.0, 0.0)
    cell = grid._replace(origin=at)
    return Hatch(
        tuple((cell.point(v, u), cell.point(end_v, end_u)) for (u, v), (end_u, end_v) in lines),
        tuple(cell.point(v, u) for u, v in dots),
    )


def is_hatchable(grid: Grid, scale: float = 1) -> bool:
    """Whether the cells of a grid have lines, and room for a pattern between them."""
    area, (across, down) = _area(grid), (hypot(*grid.across), hypot(*grid.down))
    return grid.stroke > 0 and area / max(across, down) * scale >= LEAST_CELL


def hatch_classes(grid: Grid, u: Floats, v: Floats, scale: float) -> Bytes:
    """For each pixel, by its place on the grid's lattice, a number from 0 to 15 that says what every pattern draws there."""
    counts, pitches = _counts(grid), [pitch * scale for pitch in _pitches(grid)]
    thick = max(scale, 1) * WIDTH
    lines = []
    for place, count, pitch in zip((u + v, u - v), counts, pitches, strict=True):
        beside = place * np.float32(count) - np.float32(0.5)
        distance = np.abs(beside - np.rint(beside)) * np.float32(pitch / count)
        lines.append(_steps(np.float32(thick / 2 + 0.5) - distance))
    rising, falling = lines
    one, other = (
        (place - np.rint(place * np.float32(count)) / np.float32(count)) / 2
        for place, count in zip((u + v, u - v), counts, strict=True)
    )
    (ax, ay), (dx, dy) = grid.across, grid.down
    from_u, from_v = (one + other) * np.float32(scale), (one - other) * np.float32(scale)
    away = np.hypot(
        from_u * np.float32(ax) + from_v * np.float32(dx), from_u * np.float32(ay) + from_v * np.float32(dy)
    )
    dots = _steps(np.float32(max(scale, 1) * RADIUS + 0.5) - away)
    classes = np.where(rising > 0, rising, np.where(falling > 0, falling + _STEPS, 0))
    both = (rising > 0) & (falling > 0)
    classes = np.where(both, _BOTH + 2 * (rising == _STEPS) + (falling == _STEPS), classes)
    classes = np.where((classes == 0) & (dots > 0), dots + _DOT - 1, classes)
    result: Bytes = classes.astype(np.uint8)
    return result


def _steps(coverage: Floats) -> npt.NDArray[np.int64]:
    return np.rint(np.clip(coverage, 0, 1) * _STEPS).astype(np.int64)


def _tones(pattern: str) -> tuple[float, ...]:
    """How much of a pattern's colour there is in a pixel of each class."""
    tones = [0.0] * _CLASSES
    for step in range(1, _STEPS + 1):
        tones[step] = step / _STEPS * (pattern in {DIAGONAL, CROSS})
        tones[_STEPS + step] = step / _STEPS * (pattern in {BACK_DIAGONAL, CROSS})
        tones[_DOT + step - 1] = step / _STEPS * (pattern == DOTS)
    for rising, falling in product((0, 1), (0, 1)):
        ways = {DIAGONAL: rising, BACK_DIAGONAL: falling, CROSS: max(rising, falling)}
        if pattern in ways:
            tones[_BOTH + 2 * rising + falling] = 1.0 if ways[pattern] else (_STEPS - 1) / _STEPS
    return tuple(tones)


def _counts(grid: Grid) -> tuple[int, int]:
    """How many lines of either diagonal begin on a side of a cell."""
    rising, falling = (max(round(pitch / SPACING), 1) for pitch in _pitches(grid))
    return rising, falling


def _pitches(grid: Grid) -> tuple[float, float]:
    """How far apart neighbouring cells' diagonals lie, the rising ones and the falling ones."""
    (ax, ay), (dx, dy) = grid.across, grid.down
    return _area(grid) / hypot(ax - dx, ay - dy), _area(grid) / hypot(ax + dx, ay + dy)


def _area(grid: Grid) -> float:
    (ax, ay), (dx, dy) = grid.across, grid.down
    return abs(ax * dy - ay * dx)


def _rising(place: float, rows: int, columns: int) -> tuple[Point, Point]:
    """The line u + v = place through a block of cells, from border to border, in parts of a cell's sides."""
    low, high = max(place - rows, 0.0), min(place, float(columns))
    return (low, place - low), (high, place - high)


def _mirrored(line: tuple[Point, Point], rows: int) -> tuple[Point, Point]:
    (u, v), (end_u, end_v) = line
    return (u, rows - v), (end_u, rows - end_v)


TONES = {pattern: _tones(pattern) for pattern in PATTERNS}
