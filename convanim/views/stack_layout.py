"""Where the planes of a stack lie: one above another, flat parallelograms, their middles on one upright line.

All cells are the same size while the largest plane is not many times the smallest; else sides go with the square root
of their cells' number, so that a small plane is still seen below a large one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import floor
from typing import NamedTuple

from convanim.draw.storyboard import Grid, bounds
from convanim.scene.stack import Stack
from convanim.views.planes import two

_ACROSS, _DOWN = (0.95, -0.3), (0.52, 0.42)
_AREA = _ACROSS[0] * _DOWN[1] - _ACROSS[1] * _DOWN[0]
_LARGEST_CELL, _LINED_CELL = 34, 8
_WIDTH, _HEIGHT, _MORE_HEIGHT, _FEW_PLANES = 520, 640, 40, 5
_AIR, _LEAST_LIFT = 18, 46
_ALIKE = 4  # how many times the smallest plane the largest may be for all cells to be the same size


class Plane(NamedTuple):
    """A plane before it has its place: its name, cells, and the roles of its cells at rest and lit."""

    name: str
    size: tuple[int, ...]
    role: str
    lit: str


def planes_of(stack: Stack) -> list[Plane]:
    """The input's plane and one for each layer, the last the output's."""
    planes = [Plane("input", stack.input, "input", "input tap")]
    for number, scene in enumerate(stack.layers[:-1], start=1):
        planes.append(Plane(f"layer {number}", scene.output, "layer", "layer tap"))
    return [*planes, Plane("output", stack.output, "output numbered", "result")]


def grids_of(stack: Stack, margin: float) -> tuple[Grid, ...]:
    """The planes as grids, the lowest first, with a margin on the left and at the top."""
    planes = planes_of(stack)
    shares = _shares([two(plane.size) for plane in planes])
    cell = _cell(stack, shares)
    grids: list[Grid] = []
    middle = 0.0
    for number, plane in enumerate(planes):
        if number:
            middle -= _lift(grids[-1], _grid(plane, cell * shares[number]))
        grids.append(_centred(_grid(plane, cell * shares[number]), middle))
    left, top, _, _ = bounds(point for grid in grids for point in grid.polygon())
    x, y = round(margin - left), round(margin - top)
    return tuple(grid._replace(origin=(grid.origin[0] + x, grid.origin[1] + y)) for grid in grids)


def middle_of(grid: Grid) -> tuple[float, float]:
    """A grid's middle."""
    return grid.point(grid.rows / 2, grid.columns / 2)


def _shares(sizes: Sequence[tuple[int, int]]) -> list[float]:
    """The size of each plane's cells, those of the smallest plane being 1."""
    longest = [max(size) for size in sizes]
    if max(longest) <= _ALIKE * min(longest):
        return [1.0] * len(sizes)
    return [(min(longest) / length) ** 0.5 for length in longest]


def _cell(stack: Stack, shares: Sequence[float]) -> float:
    """The side of the smallest plane's cells: as asked, or as large as fits."""
    if stack.view.cell:
        return float(stack.view.cell)
    sizes = [
        tuple(length * share for length in two(plane.size))
        for plane, share in zip(planes_of(stack), shares, strict=True)
    ]
    widest = max(columns * _ACROSS[0] + rows * _DOWN[0] for rows, columns in sizes)
    tallest = sum(_apart(*pair) for pair in pairwise(sizes))
    tallest += sum((columns * -_ACROSS[1] + rows * _DOWN[1]) / 2 for rows, columns in (sizes[0], sizes[-1]))
    height = _HEIGHT + _MORE_HEIGHT * max(len(sizes) - _FEW_PLANES, 0)
    room = max(height - _AIR * (len(sizes) - 1), height / 2)
    fitting = min(_WIDTH / widest, room / tallest)
    return min(floor(fitting) if fitting >= _LINED_CELL else fitting, _LARGEST_CELL)


def _apart(one: Sequence[float], other: Sequence[float]) -> float:
    """How far apart the middles of two parallelograms of these sides are at least, one above the other."""
    rows, columns = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    return min(_AREA / _ACROSS[0] * rows, _AREA / _DOWN[0] * columns)


def _lift(lower: Grid, upper: Grid) -> float:
    """How far a plane's middle lies above that of the one below it."""
    sides = [
        (grid.rows * grid.down[1] / _DOWN[1], grid.columns * grid.across[0] / _ACROSS[0]) for grid in (lower, upper)
    ]
    return max(_apart(*sides) + _AIR, _LEAST_LIFT)


def _grid(plane: Plane, cell: float) -> Grid:
    across, down = ((x * cell, y * cell) for x, y in (_ACROSS, _DOWN))
    if cell >= _LINED_CELL:  # whole pixels, for lines as crisp in one place as in another
        across, down = ((float(round(x)), float(round(y))) for x, y in (across, down))
    stroke = 1.5 if cell >= 2 * _LINED_CELL else 1.0 if cell >= _LINED_CELL else 0.0
    rows, columns = two(plane.size)
    return Grid(
        plane.name, plane.size, (0.0, 0.0), across, down, (plane.role,) * (rows * columns), (plane.lit,), stroke=stroke
    )


def _centred(grid: Grid, middle: float) -> Grid:
    x, y = middle_of(grid)
    return grid._replace(origin=(round(-x), round(middle - y)))
