"""Ink that comes and goes: the pixels of a line or a text as a list, each with how much of it is covered.

A thin line across a large picture touches few pixels, so a list is quicker to draw and to take away than a rectangle.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor, hypot
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from convanim.draw.storyboard import Line, Text
from convanim.draw.text import mask

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]


class Marks(NamedTuple):
    """Pixels by row and column, none twice, and the coverage of each, 0 to 1."""

    rows: Places
    columns: Places
    coverage: Floats

    def moved(self, down: int, right: int) -> Marks:
        """The same marks elsewhere."""
        return Marks(self.rows + down, self.columns + right, self.coverage)


def marks(item: Text | Line, scale: float) -> Marks:
    """The pixels that a text or line covers, on a picture without edges."""
    return _line(item, scale) if isinstance(item, Line) else _text(item, scale)


def _text(text: Text, scale: float) -> Marks:
    ink, x, y = mask(text.text, text.size * scale, bold=text.bold)
    width = ink.shape[1]
    start = {"left": 0.0, "middle": (width + 2 * x) / 2, "right": width + 2.0 * x}[text.anchor]
    rows, columns = np.nonzero(ink)
    coverage = ink[rows, columns].astype(np.float32) / np.float32(255)
    return Marks(rows, columns, coverage).moved(round(text.y * scale) + y, round(text.x * scale - start) + x)


def _line(line: Line, scale: float) -> Marks:
    """A line's pixels, made once for all lines of its shape, wherever they lie."""
    (x, y), (end_x, end_y) = ((px * scale, py * scale) for px, py in (line.start, line.end))
    left, top = floor(x), floor(y)
    shape = _line_from_origin(x - left, y - top, end_x - x, end_y - y, line.width * scale)
    return shape.moved(top, left)


@lru_cache(maxsize=1024)
def _line_from_origin(x: float, y: float, right: float, down: float, width: float) -> Marks:
    """A line that starts at (x, y): across each row (each column, if it is flat) the few pixels within its reach."""
    if abs(right) > abs(down):
        flat = _line_from_origin(y, x, down, right, width)
        return Marks(flat.columns, flat.rows, flat.coverage)
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
    row, column = np.nonzero(covered)
    return Marks(rows[row], columns[row, column], covered[row, column].astype(np.float32))
