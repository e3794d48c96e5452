"""Ink that comes and goes: the pixels of a line or a text as a list, each with its level of ink.

A thin line across a large picture touches few pixels, so a list is quicker to draw and to take away than a rectangle.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor, hypot
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from convanim.draw.cellmap import Box, spread
from convanim.draw.palette import line_grades, line_level
from convanim.draw.storyboard import Line, Text
from convanim.draw.text import mask

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]

_GRAIN = 8
HALO = 2


class Marks(NamedTuple):
    """Pixels by row and column, none twice, the level of ink of each, and the box around them.

    The level is 1 or more, or 0 in a halo, which keeps patterns away.
    """

    rows: Places
    columns: Places
    levels: Bytes
    box: Box


def marks(item: Text | Line, scale: float, levels: int, *, halo: bool = False) -> tuple[Marks, int, int]:
    """The pixels that a text or line covers, counted from a pixel of the picture (its row and column).

    With `halo`, a text in a cell has one.
    """
    if isinstance(item, Line):
        return _line(item, scale, levels)
    return _text(item, scale, levels, max(round(HALO * scale), 1) if halo and item.cell else 0)


def _text(text: Text, scale: float, levels: int, halo: int) -> tuple[Marks, int, int]:
    """A text's pixels, made once for all places where it stands."""
    shape, x, y = _text_from_origin(text.text, text.size * scale, text.bold, text.italic, levels, halo)
    width = shape.box[0] + shape.box[2]
    start = {"left": 0.0, "middle": (width + 2 * x) / 2, "right": width + 2.0 * x}[text.anchor]
    return shape, round(text.y * scale) + y, round(text.x * scale - start) + x


@lru_cache(maxsize=4096)
def _text_from_origin(
    text: str, size: float, bold: bool, italic: bool, levels: int, halo: int
) -> tuple[Marks, int, int]:
    """A text's pixels, and those within a `halo` of them, and where the first lies from the start of the baseline (x, y)."""
    ink, x, y = mask(text, size, bold=bold, italic=italic)
    ink = np.rint(ink * np.float32((levels - 1) / 255)).astype(np.uint8)
    ink = np.pad(ink, halo)
    rows, columns = np.nonzero(spread(ink > 0, halo))
    height, width = ink.shape
    return Marks(rows - halo, columns - halo, ink[rows, columns], (-halo, -halo, width - halo, height - halo)), x, y


def _line(line: Line, scale: float, levels: int) -> tuple[Marks, int, int]:
    """A line's pixels, made once for all lines of its shape, wherever they lie; ends are rounded to eighths of a pixel."""
    (x, y), (end_x, end_y) = ((_rounded(px * scale), _rounded(py * scale)) for px, py in (line.start, line.end))
    left, top = floor(x), floor(y)
    return _line_from_origin(x - left, y - top, end_x - x, end_y - y, line.width * scale, levels), top, left


def _rounded(place: float) -> float:
    return round(place * _GRAIN) / _GRAIN


@lru_cache(maxsize=1024)
def _line_from_origin(x: float, y: float, right: float, down: float, width: float, levels: int) -> Marks:
    """A line that starts at (x, y): across each row (each column, if it is flat) the few pixels within its reach."""
    if abs(right) > abs(down):
        flat = _line_from_origin(y, x, down, right, width, levels)
        top, left, bottom, end = flat.box
        return Marks(flat.columns, flat.rows, flat.levels, (left, top, end, bottom))
    length = max(hypot(right, down), 1e-6)
    ux, uy = right / length, down / length
    half = width / 2
    reach = ceil((half + 0.5) / max(abs(uy), 0.5)) + 1
    first, last = sorted((y, y + down))
    rows = np.arange(floor(first - half - 1), ceil(last + half + 1))
    slope = right / down if down else 0.0
    middle = np.floor(x + (np.clip(rows + 0.5, first, last) - y) * slope).astype(np.intp)
    columns = middle[:, np.newaxis] + np.arange(-reach, reach + 1)
    from_x = (columns + (0.5 - x)).astype(np.float32)
    from_y = (rows + (0.5 - y)).astype(np.float32)[:, np.newaxis]
    aside = np.abs(from_x * np.float32(uy) - from_y * np.float32(ux))
    along = from_x * np.float32(ux) + from_y * np.float32(uy)
    ends = np.clip(along + 0.5, 0, 1) * np.clip(np.float32(length + 0.5) - along, 0, 1)
    covered = np.minimum(np.clip(np.float32(half + 0.5) - aside, 0, 1), np.float32(min(width, 1))) * ends
    grades = line_grades(levels)
    if grades == 1:  # all or nothing: the one pixel of each row that is nearest
        graded = ((covered > 0) & (columns == middle[:, np.newaxis])).astype(np.intp)
    else:
        graded = np.floor(covered * np.float32(grades) + np.float32(0.5)).astype(np.intp)
        graded = np.maximum(graded, covered >= np.float32(0.5 * min(width, 1)))  # a line too thin to count is seen too
    by_grade = np.array([0, *(line_level(grade + 1, levels) for grade in range(grades))], dtype=np.uint8)
    ink = by_grade[graded]
    row, column = np.nonzero(ink)
    return Marks(rows[row], columns[row, column], ink[row, column], _box_of(rows[row], columns[row, column]))


def _box_of(rows: Places, columns: Places) -> Box:
    """The box around some pixels."""
    if not rows.size:
        return 0, 0, 0, 0
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1
