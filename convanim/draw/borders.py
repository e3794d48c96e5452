"""The lines between a grid's cells: solid beside a solid cell, else dashed beside a dashed one, else none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from math import hypot
from typing import NamedTuple, TypeVar

from convanim.draw.cellmap import DASH_PERIOD, DASH_SHARE
from convanim.draw.cutting import Piece
from convanim.draw.storyboard import Grid, Point
from convanim.draw.theme import DASHED, SOLID, Colour, mix

T = TypeVar("T")


class Border(NamedTuple):
    """How a cell's border is drawn: SOLID, DASHED or BARE, in which ink if solid, and in which if dashed."""

    line: str
    solid: Colour
    dashed: Colour


class Look(NamedTuple):
    """Lines that are drawn alike: SOLID or DASHED, their colour, and whether they run along the grid's rows."""

    line: str
    colour: Colour
    is_along_rows: bool


Borders = Callable[[int], Border]
Lines = dict[Look, list[Piece]]


def lines_between(grid: Grid, of: Borders, ground: Colour) -> Lines:
    """All lines of a grid. `of` says how each cell's border is drawn; `ground` is the ink of solid lines outside it."""
    return _collected(_pieces(grid, of, ground, range(grid.rows), range(grid.columns), lambda _first, _second: True))


def lines_around(grid: Grid, of: Borders, ground: Colour, cells: Iterable[int], below: Borders | None = None) -> Lines:
    """The lines of some cells; without those that are solid anyway if cells are drawn as `below` says."""
    chosen = set(cells)
    rows, columns = zip(*(divmod(cell, grid.columns) for cell in chosen), strict=True)

    def is_drawn(first: int | None, second: int | None) -> bool:
        if first not in chosen and second not in chosen:
            return False
        under = [below(cell) for cell in (first, second) if cell is not None] if below else []
        return all(border.line != SOLID for border in under)

    area = range(min(rows), max(rows) + 1), range(min(columns), max(columns) + 1)
    return _collected(_pieces(grid, of, ground, *area, is_drawn))


def dashes(grid: Grid, *, along_rows: bool) -> tuple[float, float]:
    """How long a dash is and the gap after it, in whole periods a cell. Lines begin half a dash in, so corners are joined."""
    length = hypot(*(grid.across if along_rows else grid.down))
    period = length / max(round(length / DASH_PERIOD), 1)
    dash = DASH_SHARE * period
    return dash, period - dash


def rim(grid: Grid) -> tuple[Point, ...]:
    """The corners of the line just outside a grid without lines, one unit wide, so that it ends somewhere."""
    (ax, ay), (dx, dy) = grid.across, grid.down
    area = abs(ax * dy - ay * dx)
    right, below = hypot(dx, dy) / area / 2, hypot(ax, ay) / area / 2
    return tuple(
        grid.point(row, column)
        for row, column in (
            (-below, -right),
            (-below, grid.columns + right),
            (grid.rows + below, grid.columns + right),
            (grid.rows + below, -right),
        )
    )


def _collected(pieces: Iterable[tuple[Look, Piece]]) -> Lines:
    lines: Lines = {}
    for look, piece in pieces:
        lines.setdefault(look, []).append(piece)
    return lines


def _pieces(
    grid: Grid,
    of: Borders,
    ground: Colour,
    rows: range,
    columns: range,
    is_drawn: Callable[[int | None, int | None], bool],
) -> Iterator[tuple[Look, Piece]]:
    """Every piece of a line that is drawn in one go, row lines first, as far as lines between two cells are drawn."""

    def cell(row: int, column: int) -> int | None:
        return row * grid.columns + column if 0 <= row < grid.rows and 0 <= column < grid.columns else None

    def between(first: int | None, second: int | None) -> tuple[str, Colour] | None:
        if not is_drawn(first, second):
            return None
        return _between([None if each is None else of(each) for each in (first, second)], ground)

    for row in range(rows.start, rows.stop + 1):
        line = ((column, between(cell(row - 1, column), cell(row, column))) for column in columns)
        for look, first, last in _runs(line):
            yield Look(*look, is_along_rows=True), (grid.point(row, first), grid.point(row, last + 1))
    for column in range(columns.start, columns.stop + 1):
        line = ((row, between(cell(row, column - 1), cell(row, column))) for row in rows)
        for look, first, last in _runs(line):
            yield Look(*look, is_along_rows=False), (grid.point(first, column), grid.point(last + 1, column))


def _between(borders: Iterable[Border | None], ground: Colour) -> tuple[str, Colour] | None:
    """How the line between two cells is drawn, None where there is none: half of it lies on either cell, so inks are mixed."""
    sides = list(borders)
    lines = {border.line for border in sides if border}
    if SOLID in lines:
        one, other = (border.solid if border else ground for border in sides)
        return SOLID, mix(one, other, 0.5)
    inks = [border.dashed for border in sides if border and border.line == DASHED]
    return (DASHED, mix(inks[0], inks[-1], 0.5)) if inks else None


def _runs(line: Iterable[tuple[int, T | None]]) -> Iterator[tuple[T, int, int]]:
    """Stretches of a lattice line that are drawn alike, with their first and last cell."""
    for look, stretch in groupby(line, key=lambda item: item[1]):
        places = [place for place, _ in stretch]
        if look is not None:
            yield look, places[0], places[-1]
