"""Lines in SVG. Where a grid covers a line, the line is cut; it lies above the other grids that it meets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convanim.draw.storyboard import Grid, Line, Point
from convanim.draw.theme import Theme
from convanim.formats.svg_markup import colour, element, number, numbers

Piece = tuple[Point, Point]
_APART = 1e-9


def paths(lines: Iterable[Line], grids: Sequence[Grid], theme: Theme) -> dict[int, tuple[str, ...]]:
    """The elements of some lines, by how many of the grids lie below them: one for those of a role and width."""
    alike: dict[tuple[int, str, float], list[Piece]] = {}
    for line in lines:
        hidden = [grid for grid in grids if grid.name in line.behind]
        pieces = _seen((line.start, line.end), hidden)
        if pieces:
            alike.setdefault((_level(line, grids), line.role, line.width), []).extend(pieces)
    levels: dict[int, tuple[str, ...]] = {}
    for (level, role, width), pieces in alike.items():
        drawn = element(
            "path",
            (
                ("stroke", colour(theme.inks[role])),
                ("stroke-width", "" if width == 1 else number(width)),
                ("d", segments(pieces)),
            ),
        )
        levels[level] = (*levels.get(level, ()), drawn)
    return levels


def segments(pieces: Iterable[Piece]) -> str:
    """Straight pieces as one path, along the axes in fewer letters."""
    return "".join(_segment(*piece) for piece in pieces)


def _segment(start: Point, end: Point) -> str:
    (x, y), (right, down) = ((round(px, 2), round(py, 2)) for px, py in (start, end))
    across, along = right - x, down - y
    start_text = "M" + numbers(x, y)
    if not along:
        return f"{start_text}h{number(across)}"
    return f"{start_text}v{number(along)}" if not across else f"{start_text}l{numbers(across, along)}"


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
