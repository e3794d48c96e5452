"""Hatching in SVG: the patterns of cells as lines and dots, block by block, in the plane of their grid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from convanim.draw.hatch import RADIUS, WIDTH, hatch_of
from convanim.draw.storyboard import Grid, Point
from convanim.draw.theme import Colour
from convanim.formats.svg_fills import Block, blocks
from convanim.formats.svg_lines import segments
from convanim.formats.svg_markup import colour, element, number, numbers

_RIM = 1e-6


def hatching(grid: Grid, hatched: Mapping[int, tuple[str, Colour]]) -> Iterator[str]:
    """The patterns of cells, by number, each in its colour."""
    alike: dict[tuple[str, Colour], list[int]] = {}
    for cell, looks in sorted(hatched.items()):
        alike.setdefault(looks, []).append(cell)
    for (pattern, ink), cells in alike.items():
        paths = [_paths(grid, pattern, block) for block in blocks(grid, cells)]
        lines, dots = ("".join(part) for part in zip(*paths, strict=True))
        stroke = ("stroke", colour(ink))
        if lines:
            width = ("stroke-width", number(WIDTH))
            yield element("path", (stroke, width, ("stroke-linecap", "butt"), ("d", lines)))
        if dots:
            width = ("stroke-width", number(2 * RADIUS))
            yield element("path", (stroke, width, ("stroke-linecap", "round"), ("d", dots)))


def _paths(grid: Grid, pattern: str, block: Block) -> tuple[str, str]:
    """The lines of a pattern in a block, and its dots, as lines without length that have round ends.

    Dots on the rim are left out: the borders of the cells cover them.
    """
    row, column, rows, columns = block
    x, y = grid.point(row, column)
    hatch = hatch_of(pattern, grid, rows, columns)
    lines = [((x + ax, y + ay), (x + bx, y + by)) for (ax, ay), (bx, by) in hatch.lines]
    inside = [dot for dot in hatch.dots if _is_inside(grid, dot, rows, columns)]
    return segments(lines), "".join(f"M{numbers(x + right, y + down)}h0" for right, down in inside)


def _is_inside(grid: Grid, dot: Point, rows: int, columns: int) -> bool:
    """Whether a dot, counted from the block's first corner, is not on its rim."""
    (ax, ay), (dx, dy), (x, y) = grid.across, grid.down, dot
    area = ax * dy - ay * dx
    u, v = (x * dy - y * dx) / area, (y * ax - x * ay) / area
    return _RIM < u < columns - _RIM and _RIM < v < rows - _RIM
