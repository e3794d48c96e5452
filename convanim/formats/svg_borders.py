"""The lines between a grid's cells: solid beside a solid cell, else dashed beside a dashed one, else none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from math import hypot
from typing import NamedTuple

from convanim.draw.cellmap import DASH_PERIOD, DASH_SHARE
from convanim.draw.storyboard import Grid
from convanim.draw.theme import BARE, DASHED, SOLID, Colour
from convanim.formats.svg_lines import Piece, segments
from convanim.formats.svg_markup import colour, element, number, numbers


class Border(NamedTuple):
    """How a cell's border is drawn: SOLID, DASHED or BARE, and in which colour."""

    line: str
    colour: Colour


class _Side(NamedTuple):
    """Lines that are drawn alike: those of a border, along the grid's rows or its columns."""

    border: Border
    is_along_rows: bool


Borders = Callable[[int], Border]


def borders(grid: Grid, of: Borders, cells: Iterable[int] | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The dashed and the solid lines of a grid's cells, or of some `cells` alone, as elements.

    `of` says how a cell's border is drawn. Lines have the width and the square ends that the elements around them say.
    """
    drawn: dict[_Side, list[Piece]] = {}
    for side, piece in _pieces(grid, of, None if cells is None else set(cells)):
        drawn.setdefault(side, []).append(piece)
    dashed = tuple(_dashed(grid, side, pieces) for side, pieces in drawn.items() if side.border.line == DASHED)
    inks = dict.fromkeys(side.border.colour for side in drawn if side.border.line == SOLID)
    solid = []
    for ink in inks:
        pieces = [piece for side in drawn if side.border == (SOLID, ink) for piece in drawn[side]]
        solid.append(element("path", (("stroke", colour(ink)), ("d", segments(pieces)))))
    return dashed, tuple(solid)


def rim(grid: Grid, ink: Colour) -> str:
    """The line just outside a grid without lines, one unit wide, so that it ends somewhere."""
    (ax, ay), (dx, dy) = grid.across, grid.down
    area = abs(ax * dy - ay * dx)
    right, below = hypot(dx, dy) / area / 2, hypot(ax, ay) / area / 2
    corners = [
        grid.point(row, column)
        for row, column in (
            (-below, -right),
            (-below, grid.columns + right),
            (grid.rows + below, grid.columns + right),
            (grid.rows + below, -right),
        )
    ]
    outline = "M" + "L".join(numbers(*corner) for corner in corners) + "z"
    return element("path", (("fill", "none"), ("stroke", colour(ink)), ("d", outline)))


def _pieces(grid: Grid, of: Borders, chosen: set[int] | None) -> Iterator[tuple[_Side, Piece]]:
    """Every piece of a line that is drawn in one go, row lines first."""

    def at(row: int, column: int) -> Border | None:
        if not (0 <= row < grid.rows and 0 <= column < grid.columns):
            return None
        cell = row * grid.columns + column
        return of(cell) if chosen is None or cell in chosen else None

    rows, columns = _span(grid, chosen)
    for row in range(rows.start, rows.stop + 1):
        between = ((column, _between(at(row - 1, column), at(row, column))) for column in columns)
        for border, first, last in _runs(between):
            yield _Side(border, is_along_rows=True), (grid.point(row, first), grid.point(row, last + 1))
    for column in range(columns.start, columns.stop + 1):
        between = ((row, _between(at(row, column - 1), at(row, column))) for row in rows)
        for border, first, last in _runs(between):
            yield _Side(border, is_along_rows=False), (grid.point(first, column), grid.point(last + 1, column))


def _span(grid: Grid, chosen: set[int] | None) -> tuple[range, range]:
    """The rows and columns in which some cells lie."""
    if chosen is None:
        return range(grid.rows), range(grid.columns)
    rows, columns = zip(*(divmod(cell, grid.columns) for cell in chosen), strict=True)
    return range(min(rows), max(rows) + 1), range(min(columns), max(columns) + 1)


def _between(*cells: Border | None) -> Border | None:
    """How the line between two cells is drawn: as the one of them that shows more; of two inks, the darker."""
    drawn = [border for border in cells if border is not None and border.line != BARE]
    return min(drawn, key=lambda border: (border.line != SOLID, sum(border.colour)), default=None)


def _runs(line: Iterable[tuple[int, Border | None]]) -> Iterator[tuple[Border, int, int]]:
    """Stretches of a lattice line that are drawn alike, with their first and last cell."""
    for border, stretch in groupby(line, key=lambda item: item[1]):
        places = [place for place, _ in stretch]
        if border is not None:
            yield border, places[0], places[-1]


def _dashed(grid: Grid, side: _Side, pieces: Iterable[Piece]) -> str:
    """Dashes, whole periods a cell and half a dash at each corner, so that corners are joined."""
    length = hypot(*(grid.across if side.is_along_rows else grid.down))
    period = length / max(round(length / DASH_PERIOD), 1)
    dash = DASH_SHARE * period
    return element(
        "path",
        (
            ("stroke", colour(side.border.colour)),
            ("stroke-linecap", "butt"),
            ("stroke-dasharray", numbers(dash, period - dash)),
            ("stroke-dashoffset", number(dash / 2)),
            ("d", segments(pieces)),
        ),
    )
