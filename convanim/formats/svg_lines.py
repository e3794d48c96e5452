"""Lines in SVG: free ones, those between cells, and the lines and dots of patterns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from convanim.draw.borders import Lines, dashes, rim
from convanim.draw.cells import Pattern
from convanim.draw.cutting import Piece, seen
from convanim.draw.hatch import RADIUS, WIDTH
from convanim.draw.storyboard import Grid, Line
from convanim.draw.theme import DASHED, Colour, Theme
from convanim.formats.svg_markup import colour, element, number, numbers


def paths(lines: Iterable[Line], grids: Sequence[Grid], theme: Theme) -> dict[int, tuple[str, ...]]:
    """The elements of some lines, by how many of the grids lie below them: one for those of a role and width."""
    return {
        level: tuple(
            element(
                "path",
                (
                    ("stroke", colour(theme.inks[role])),
                    ("stroke-width", "" if width == 1 else number(width)),
                    ("d", segments(pieces)),
                ),
            )
            for (role, width), pieces in pens.items()
        )
        for level, pens in seen(lines, grids).items()
    }


def between_cells(grid: Grid, lines: Lines) -> Iterator[str]:
    """Lines all dashed or all solid, as wide and with such ends as the elements around them say."""
    solid: dict[Colour, list[Piece]] = {}
    for look, pieces in lines.items():
        if look.line == DASHED:
            yield _dashed(look.colour, dashes(grid, along_rows=look.is_along_rows), pieces)
        else:
            solid.setdefault(look.colour, []).extend(pieces)
    for ink, pieces in solid.items():
        yield element("path", (("stroke", colour(ink)), ("d", segments(pieces))))


def around(grid: Grid, ink: Colour) -> str:
    """The line around a grid whose cells have none."""
    outline = "M" + "L".join(numbers(*corner) for corner in rim(grid)) + "z"
    return element("path", (("fill", "none"), ("stroke", colour(ink)), ("d", outline)))


def hatching(patterns: Iterable[Pattern]) -> Iterator[str]:
    """Patterns as lines, and as dots, which are lines without length that have round ends."""
    for pattern in patterns:
        stroke = ("stroke", colour(pattern.colour))
        if pattern.lines:
            width = ("stroke-width", number(WIDTH))
            yield element("path", (stroke, width, ("stroke-linecap", "butt"), ("d", segments(pattern.lines))))
        if pattern.dots:
            width = ("stroke-width", number(2 * RADIUS))
            dots = "".join(f"M{numbers(*dot)}h0" for dot in pattern.dots)
            yield element("path", (stroke, width, ("stroke-linecap", "round"), ("d", dots)))


def segments(pieces: Iterable[Piece]) -> str:
    """Straight pieces as one path, along the axes in fewer letters."""
    return "".join(_segment(*piece) for piece in pieces)


def _segment(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x, y), (right, down) = ((round(px, 2), round(py, 2)) for px, py in (start, end))
    across, along = right - x, down - y
    start_text = "M" + numbers(x, y)
    if not along:
        return f"{start_text}h{number(across)}"
    return f"{start_text}v{number(along)}" if not across else f"{start_text}l{numbers(across, along)}"


def _dashed(ink: Colour, lengths: tuple[float, float], pieces: Iterable[Piece]) -> str:
    dash, gap = lengths
    return element(
        "path",
        (
            ("stroke", colour(ink)),
            ("stroke-linecap", "butt"),
            ("stroke-dasharray", numbers(dash, gap)),
            ("stroke-dashoffset", number(dash / 2)),
            ("d", segments(pieces)),
        ),
    )
