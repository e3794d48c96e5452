"""From a storyboard to frames: `Film` iterates over images, each with the rectangle that changed and a duration.

A frame is a table look-up: which cell each pixel belongs to, which role that cell has now, how much ink lies on it. Only
the rectangles around what changed are looked up again, and one picture is kept, which every frame shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import hypot

import numpy as np
import numpy.typing as npt

from convanim.draw.cellmap import Box, CellMap, block_box, cell_map, points_box, spread
from convanim.draw.palette import LEVEL_BITS, Palette, palette_of
from convanim.draw.storyboard import Grid, Line, Paint, Storyboard, Text
from convanim.draw.text import mask
from convanim.draw.theme import SOLID, Finish
from convanim.errors import FormatError

Bytes = npt.NDArray[np.uint8]
_LEVEL = (1 << LEVEL_BITS) - 1
PIXEL_LIMIT = 2**25
_LINE_LEVELS = 2  # thin lines that move are most of a file's bytes, and half of the ink levels is enough for them


@dataclass(frozen=True)
class Frame:
    """One picture, as palette indexes (height, width).

    The array is the film's own and changes with the next frame; `box` (left, top, right, bottom) is what changed
    since the last one; `number` is the placement shown, `duration` in milliseconds.
    """

    image: Bytes
    box: Box
    number: int
    duration: int


class Film:
    """A storyboard in its finish: a size in pixels, a palette, and an iterable of frames."""

    def __init__(self, board: Storyboard, finish: Finish) -> None:
        self.board, self._finish = board, finish
        width, height = (max(round(length * finish.scale), 1) for length in board.size)
        if width * height > PIXEL_LIMIT or max(width, height) > 2**16 - 1:
            raise FormatError(
                f"the picture would be {width}×{height} pixels; legal are 65535 a side and {PIXEL_LIMIT:,} in all; "
                "use a smaller cell or scale"
            )
        self.size = (width, height)
        self._palette = palette_of(board, finish)

    @property
    def colours(self) -> tuple[tuple[int, int, int], ...]:
        """The palette: every colour that occurs, 255 at most."""
        return self._palette.colours

    def __len__(self) -> int:
        return len(self.board.steps)

    def __iter__(self) -> Iterator[Frame]:
        easel = _Easel(self.board, self.size, self._finish, self._palette)
        previous: tuple[Text | Line, ...] = ()
        for step in self.board.steps:
            items = tuple(item for item in step.passing if not isinstance(item, Paint))
            dirty = easel.recolour(
                [change for change in step.lasting if isinstance(change, Paint)],
                [change for change in step.passing if isinstance(change, Paint)],
            )
            dirty += [easel.write(change) for change in step.lasting if isinstance(change, Text)]
            dirty += [easel.box(item) for item in _differing(previous, items)]
            boxes = _merged(dirty) if easel.drawn else [(0, 0, *self.size)]
            for box in boxes:
                easel.draw(box, items)
            previous = items
            yield Frame(easel.image, _union(boxes), step.number, step.duration)


class _Easel:
    """The one picture of a film and the state that it shows."""

    def __init__(self, board: Storyboard, size: tuple[int, int], finish: Finish, palette: Palette) -> None:
        self._grids = {grid.name: grid for grid in board.grids}
        self._size, self._scale, self._palette = size, finish.scale, palette
        self._map: CellMap = cell_map(board.grids, size, finish, palette)
        names = ["background", *(role for grid in board.grids for role in grid.roles)]
        self._lasting = np.array([palette.roles[role] << 8 for role in names], dtype=np.uint16)
        self._now = self._lasting.copy()
        self._broken = np.array([finish.theme.line(role) != SOLID for role in names])
        broken_roles = [number << 8 for role, number in palette.roles.items() if finish.theme.line(role) != SOLID]
        self._broken_roles = np.array(broken_roles, dtype=np.uint16)
        self._through = np.zeros(len(names), dtype=bool)
        self._passing = np.zeros(0, dtype=np.int64)
        self.image: Bytes = np.zeros((size[1], size[0]), dtype=np.uint8)
        self.drawn = False
        for text in board.texts:
            self.write(text)

    def recolour(self, lasting: list[Paint], passing: list[Paint]) -> list[Box]:
        """Give cells their roles for the next step; the boxes of those whose role is another than before."""
        stay, go = [self._cells(paint) for paint in lasting], [self._cells(paint) for paint in passing]
        touched = np.unique(np.concatenate([self._passing, *stay, *go]))
        before = self._now[touched]
        for paint, cells in zip(lasting, stay, strict=True):
            self._lasting[cells] = self._palette.roles[paint.role] << 8
        self._now[touched] = self._lasting[touched]
        for paint, cells in zip(passing, go, strict=True):
            self._now[cells] = self._palette.roles[paint.role] << 8
        self._passing = np.concatenate([np.zeros(0, dtype=np.int64), *go])
        self._through[touched] = self._broken[touched] & ~np.isin(self._now[touched], self._broken_roles)
        return self._cell_boxes(touched[self._now[touched] != before])

    def write(self, text: Text) -> Box:
        """Put a text into the picture for good."""
        for layer in (self._map.rest, self._map.solid):
            self._ink_text(layer, (0, 0), text)
        return self.box(text)

    def box(self, item: Text | Line) -> Box:
        """The pixels that a text or line can touch."""
        if isinstance(item, Line):
            return points_box((item.start, item.end), self._scale, self._size, item.width * self._scale / 2 + 1)
        ink, left, top = self._text_mask(item)
        width, height = self._size
        right, bottom = left + ink.shape[1], top + ink.shape[0]
        return max(left, 0), max(top, 0), max(min(right, width), 0), max(min(bottom, height), 0)

    def draw(self, box: Box, items: Iterable[Text | Line]) -> None:
        """Look the pixels of a box up again."""
        left, top, right, bottom = box
        area = np.s_[top:bottom, left:right]
        cells, ink = self._map.cells[area], self._map.rest[area].copy()
        through = self._through[cells]
        if through.any():
            through = spread(through)
            ink[through] = self._map.solid[area][through]
        for item in items:
            if isinstance(item, Line):
                self._ink_line(ink, box, item)
            else:
                self._ink_text(ink, (left, top), item)
        self.image[area] = self._palette.table[self._now[cells] | ink]
        self.drawn = True

    def _cells(self, paint: Paint) -> npt.NDArray[np.int64]:
        return np.asarray(paint.cells, dtype=np.int64) + self._map.first[paint.grid]

    def _cell_boxes(self, changed: npt.NDArray[np.int64]) -> list[Box]:
        boxes = []
        for name, grid in self._grids.items():
            numbers = changed - self._map.first[name]
            numbers = numbers[(numbers >= 0) & (numbers < len(grid.roles))]
            if numbers.size:
                boxes.append(block_box(grid, _block(grid, numbers), self._scale, self._size))
        return boxes

    def _text_mask(self, text: Text) -> tuple[Bytes, int, int]:
        ink, x, y = mask(text.text, text.size * self._scale, bold=text.bold)
        width = ink.shape[1]
        start = {"left": 0.0, "middle": (width + 2 * x) / 2, "right": width + 2.0 * x}[text.anchor]
        return ink, round(text.x * self._scale - start) + x, round(text.y * self._scale) + y

    def _ink_text(self, layer: Bytes, origin: tuple[int, int], text: Text) -> None:
        ink, left, top = self._text_mask(text)
        left, top = left - origin[0], top - origin[1]
        rows, columns = _clip(top, ink.shape[0], layer.shape[0]), _clip(left, ink.shape[1], layer.shape[1])
        part = ink[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
        _add_ink(layer[rows, columns], part.astype(np.float32) / np.float32(255), text.role, self._palette)

    def _ink_line(self, layer: Bytes, box: Box, line: Line) -> None:
        left, top, right, bottom = _overlap(box, self.box(line))
        if left >= right or top >= bottom:
            return
        covered = _line_coverage(line, self._scale, (left, top, right, bottom))
        cells = self._map.cells[top:bottom, left:right]
        for name in line.behind:
            first = self._map.first[name]
            covered[(cells >= first) & (cells < first + len(self._grids[name].roles))] = 0
        part = layer[top - box[1] : bottom - box[1], left - box[0] : right - box[0]]
        _add_ink(part, covered, line.role, self._palette, every=_LINE_LEVELS)


def _line_coverage(line: Line, scale: float, box: Box) -> npt.NDArray[np.float32]:
    """How much a line covers each pixel of a box."""
    (x, y), (end_x, end_y) = ((px * scale, py * scale) for px, py in (line.start, line.end))
    length = max(hypot(end_x - x, end_y - y), 1e-6)
    ux, uy = (end_x - x) / length, (end_y - y) / length
    from_x = (np.arange(box[0], box[2], dtype=np.float32) + np.float32(0.5 - x))[np.newaxis, :]
    from_y = (np.arange(box[1], box[3], dtype=np.float32) + np.float32(0.5 - y))[:, np.newaxis]
    aside = np.abs(from_x * np.float32(uy) - from_y * np.float32(ux))
    along = from_x * np.float32(ux) + from_y * np.float32(uy)
    half = line.width * scale / 2
    ends = np.clip(along + 0.5, 0, 1) * np.clip(np.float32(length + 0.5) - along, 0, 1)
    thick = np.minimum(np.clip(np.float32(half + 0.5) - aside, 0, 1), np.float32(min(2 * half, 1)))
    covered: npt.NDArray[np.float32] = (thick * ends).astype(np.float32)
    return covered


def _add_ink(layer: Bytes, coverage: npt.NDArray[np.float32], role: str, palette: Palette, *, every: int = 1) -> None:
    """Lay ink where it is more than what is there, on `every` so many levels."""
    top = palette.levels - 1
    grades = max(top // every, 1)
    levels = (np.rint(coverage * grades) * (top / grades)).astype(np.uint8)
    more = levels > (layer & _LEVEL)
    layer[more] = levels[more] | np.uint8(palette.inks[role] << LEVEL_BITS)


def _differing(previous: tuple[Text | Line, ...], items: tuple[Text | Line, ...]) -> list[Text | Line]:
    old, new = set(previous), set(items)
    return [*(item for item in previous if item not in new), *(item for item in items if item not in old)]


def _block(grid: Grid, numbers: npt.NDArray[np.int64]) -> tuple[int, int, int, int]:
    """The smallest block of cells (row, column, rows, columns) that holds all of `numbers`."""
    rows, columns = np.divmod(numbers, grid.columns)
    row, column = int(rows.min()), int(columns.min())
    return row, column, int(rows.max()) - row + 1, int(columns.max()) - column + 1


def _merged(boxes: list[Box]) -> list[Box]:
    """Boxes that share pixels made one, so that no pixel is looked up twice."""
    merged: list[Box] = []
    for box in boxes:
        grown = box
        apart = [other for other in merged if _area(_overlap(grown, other)) == 0]
        while len(apart) < len(merged):
            grown = _union([grown, *(other for other in merged if other not in apart)])
            merged = apart
            apart = [other for other in merged if _area(_overlap(grown, other)) == 0]
        merged = [*apart, grown]
    return [box for box in merged if _area(box)]


def _area(box: Box) -> int:
    return max(box[2] - box[0], 0) * max(box[3] - box[1], 0)


def _overlap(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _union(boxes: list[Box]) -> Box:
    if not boxes:
        return 0, 0, 1, 1
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _clip(start: int, length: int, limit: int) -> slice:
    return slice(min(max(start, 0), limit), max(min(start + length, limit), 0))
