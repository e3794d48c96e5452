"""Free lines as they are seen. Where a grid covers a line, the line is cut; it lies above the other grids that it meets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convanim.draw.storyboard import Grid, Line, Point

Piece = tuple[Point, Point]
Pen = tuple[str, float]  # the role and the width of lines
_APART = 1e-9


def seen(lines: Iterable[Line], grids: Sequence[Grid]) -> dict[int, dict[Pen, list[Piece]]]:
    """The parts of some lines that are seen, by how many of the grids lie below them, and by role and width."""
    levels: dict[int, dict[Pen, list[Piece]]] = {}
    for line in lines:
        covering = [grid for grid in grids if grid.name in line.behind]
        pieces = _seen((line.start, line.end), covering)
        if pieces:
            levels.setdefault(_level(line, grids), {}).setdefault((line.role, line.width), []).extend(pieces)
    return levels


def _level(line: Line, grids: Sequence[Grid]) -> int:
    """How many grids lie below a line: as far up as the topmost that it is not behind and meets."""
    met = [
        place
        for place, grid in enumerate(grids, start=1)
        if grid.name not in line.behind and _outside((line.start, line.end), grid) != [(line.start, line.end)]
    ]
    return max(met, default=0)


def _seen(piece: Piece, covering: Iterable[Grid]) -> list[Piece]:
    """The parts of a line that none of some grids covers."""
    pieces = [piece]
    for grid in covering:
        pieces = [part for each in pieces for part in _outside(each, grid)]
    return pieces


def _outside(piece: Piece, grid: Grid) -> list[Piece]:
    """The parts of a line outside a grid: it is cut where it crosses the parallelogram's sides."""
    (x, y), (end_x, end_y) = piece
    corners = grid.polygon()
    (ax, ay), (dx, dy) = grid.across, grid.down
    turn = 1 if ax * dy - ay * dx > 0 else -1
    enter, leave = 0.0, 1.0
    for (px, py), (qx, qy) in zip(corners, corners[1:] + corners[:1], strict=True):
        nx, ny = -turn * (qy - py), turn * (qx - px)  # points inwards
        inside, gain = nx * (x - px) + ny * (y - py), nx * (end_x - x) + ny * (end_y - y)
        if abs(gain) < _APART:
            if inside <= _APART:
                return [piece]
        elif gain > 0:
            enter = max(enter, -inside / gain)
        else:
            leave = min(leave, -inside / gain)
    if enter >= leave - _APART:
        return [piece]
    at = [(x + share * (end_x - x), y + share * (end_y - y)) for share in (enter, leave)]
    parts = [((x, y), at[0])] if enter > _APART else []
    return [*parts, (at[1], (end_x, end_y))] if leave < 1 - _APART else parts
