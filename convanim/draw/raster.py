"""From a storyboard to frames: `Film` iterates over images, each with the rectangle that changed and a duration.

A frame is a table look-up: which cell each pixel belongs to, which fill that cell has now, how much ink lies on it. Only
the rectangles around cells that changed and the pixels of texts and lines that come or go are looked up again, and one
picture is kept, which every frame shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from convanim.draw.cellmap import Box, CellMap, block_box, cell_map, reach, spread
from convanim.draw.ink import Places, marks
from convanim.draw.palette import COLOUR_LIMIT, LEVEL_BITS, Palette, Pixels, palette_of
from convanim.draw.storyboard import Grid, Line, Paint, Step, Storyboard, Text
from convanim.draw.theme import BACKGROUND, SOLID, Finish
from convanim.errors import FormatError
from convanim.timings import stage

Bytes = npt.NDArray[np.uint8]
_LEVEL = (1 << LEVEL_BITS) - 1
PIXEL_LIMIT = 2**25
_KEPT = 2**24
_SHIFT = np.uint32(8)


class Frame(NamedTuple):
    """One picture, as palette indexes (height, width), of bytes where there are 255 colours at the most.

    The array is the film's own and changes with the next frame; `box` (left, top, right, bottom) is what changed
    since the last one; `number` is the placement shown, `duration` in milliseconds.
    """

    image: Pixels
    box: Box
    number: int
    duration: int


class Film:
    """A storyboard in its finish: a size in pixels, a palette of `limit` colours at most, and an iterable of frames."""

    def __init__(self, board: Storyboard, finish: Finish, limit: int | None = COLOUR_LIMIT) -> None:
        self.board, self._finish = board, finish
        self.size = size_of(board, finish)
        with stage("raster"):
            self._palette = palette_of(board, finish, limit)

    @property
    def colours(self) -> tuple[tuple[int, int, int], ...]:
        """The palette: every colour that occurs, as many as the limit at most."""
        return self._palette.colours

    @property
    def clear(self) -> int | None:
        """The index of transparent pixels, the palette's last; None where there are none."""
        return self._palette.clear

    def __len__(self) -> int:
        return len(self.board.steps)

    def __iter__(self) -> Iterator[Frame]:
        with stage("raster"):
            easel = _Easel(self.board, self.size, self._finish, self._palette)
        for place in range(len(self)):
            with stage("layout"):
                step = self.board.steps[place]
            with stage("raster"):
                box = easel.show(step)
            yield Frame(easel.image, box, step.number, step.duration)


def size_of(board: Storyboard, finish: Finish) -> tuple[int, int]:
    """Width and height in pixels. FormatError if that is too much."""
    width, height = (max(round(length * finish.scale), 1) for length in board.size)
    if width * height > PIXEL_LIMIT or max(width, height) > 2**16 - 1:
        raise FormatError(
            f"the picture would be {width}×{height} pixels; legal are 65535 a side and {PIXEL_LIMIT:,} in all; "
            "use a smaller cell or scale"
        )
    return width, height


class _Placed(NamedTuple):
    """A text or line on the picture: its pixels (by flat number), the ink byte of each, and the box around them."""

    pixels: Places
    ink: Bytes
    box: Box


class _Easel:
    """The one picture of a film and the state that it shows: a role for each cell, and the ink on each pixel.

    `_base` is the ink without what passes, `_ink` with it.
    """

    def __init__(self, board: Storyboard, size: tuple[int, int], finish: Finish, palette: Palette) -> None:
        np.empty(_KEPT, dtype=np.uint8)  # freed at once: glibc then keeps memory of up to that size for the next frame
        self._grids = {grid.name: grid for grid in board.grids}
        self._size, self._scale, self._palette = size, finish.scale, palette
        self._map: CellMap = cell_map(board.grids, size, finish, palette)
        self._reach = reach(board.grids, finish.scale)
        roles = [palette.roles[role] for role in (BACKGROUND, *(role for grid in board.grids for role in grid.roles))]
        self._shades = np.concatenate([np.zeros(1, np.uint8), *map(_shades, board.grids)])
        self._lasting = palette.fills[np.array(roles), self._shades]
        self._now = self._lasting.copy()
        self._solid = np.array([finish.theme.line(role) == SOLID for role in palette.fill_roles])
        self._broken = ~self._solid[self._lasting]
        self._through = np.zeros(len(roles), dtype=bool)
        self._passing = np.zeros(0, dtype=np.int64)
        self._items: dict[Text | Line, _Placed] = {}
        self.image: Pixels = np.zeros((size[1], size[0]), dtype=palette.table.dtype)
        for line in board.lines:
            self._write(line)
        for text in board.texts:
            self._write(text)
        self._base, self._ink = self._map.rest.copy(), self._map.rest.copy()
        self._drawn = False

    def show(self, step: Step) -> Box:
        """Draw what a step changes; the box around all of it."""
        lasting = [change for change in step.lasting if isinstance(change, Paint)]
        passing = [change for change in step.passing if isinstance(change, Paint)]
        boxes = self._recolour(lasting, passing)
        boxes += [self._write(change) for change in step.lasting if not isinstance(change, Paint)]
        boxes = _merged(boxes) if self._drawn else [(0, 0, *self._size)]
        before, self._items = self._items, self._placed(step.passing)
        old = _all_pixels(before.values())
        self._ink.ravel()[old] = self._base.ravel().take(old)
        for box in boxes:
            self._clean(box)
        for placed in self._items.values():
            _add_ink(self._ink, placed, self._palette.hatch)
        for box in boxes:
            self._look_up(box)
        self._look_up_pixels(np.concatenate([old, _all_pixels(self._items.values())]))
        self._drawn = True
        return _union([*boxes, *((before | self._items)[item].box for item in before.keys() ^ self._items.keys())])

    def _recolour(self, lasting: list[Paint], passing: list[Paint]) -> list[Box]:
        """Give cells their roles for the next step; the boxes of those whose role is another than before."""
        stay, go = [self._cells(paint) for paint in lasting], [self._cells(paint) for paint in passing]
        touched = np.concatenate([self._passing, *stay, *go])
        before = self._now[touched]
        for paint, cells in zip(lasting, stay, strict=True):
            self._lasting[cells] = self._fills(paint.role, cells)
        self._now[touched] = self._lasting[touched]
        for paint, cells in zip(passing, go, strict=True):
            self._now[cells] = self._fills(paint.role, cells)
        self._passing = np.concatenate([np.zeros(0, dtype=np.int64), *go])
        self._through[touched] = self._broken[touched] & self._solid[self._now[touched]]
        return self._cell_boxes(touched[self._now[touched] != before])

    def _write(self, item: Text | Line) -> Box:
        """Put a text or line into the picture for good."""
        placed = self._place(item)
        for layer in (self._map.rest, self._map.solid):
            _add_ink(layer, placed, self._palette.hatch, over=True)
        return placed.box

    def _placed(self, changes: Iterable[Paint | Text | Line]) -> dict[Text | Line, _Placed]:
        """The texts and lines among some changes with their pixels; those that were there keep them."""
        items = [item for item in changes if not isinstance(item, Paint)]
        return {item: self._items.get(item) or self._place(item) for item in items}

    def _place(self, item: Text | Line) -> _Placed:
        """A text or line on this picture: without what lies outside it, outside the text's cell, or behind a grid."""
        shape, down, right = marks(item, self._scale, self._palette.levels, halo=self._palette.hatch is not None)
        width, height = self._size
        box = (shape.box[0] + right, shape.box[1] + down, shape.box[2] + right, shape.box[3] + down)
        pixels, ink = shape.rows * width + shape.columns, shape.levels
        pixels += down * width + right
        if _overlap(box, (0, 0, width, height)) != box:
            rows, columns = shape.rows + down, shape.columns + right
            seen = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
            pixels, ink, box = pixels[seen], ink[seen], _overlap(box, (0, 0, width, height))
        if isinstance(item, Text) and item.cell:
            seen = self._map.cells.ravel().take(pixels) == self._map.first[item.cell[0]] + item.cell[1]
            pixels, ink = pixels[seen], ink[seen]
        for name in item.behind if isinstance(item, Line) else ():
            first, cells = self._map.first[name], self._map.cells.ravel().take(pixels)
            seen = (cells < first) | (cells >= first + len(self._grids[name].roles))
            pixels, ink = pixels[seen], ink[seen]
        return _Placed(pixels, ink | np.uint8(self._palette.inks[item.role] << LEVEL_BITS), box)

    def _clean(self, box: Box) -> None:
        """Give the pixels of a box the ink that they have without what passes.

        Lines of cells that are dashed at rest are drawn through while the cells have a role with solid lines; since they
        reach into the neighbours, the cells around the box are looked at too.
        """
        left, top, right, bottom = box
        area = np.s_[top:bottom, left:right]
        self._base[area] = self._map.rest[area]
        around = np.s_[
            max(top - self._reach, 0) : bottom + self._reach, max(left - self._reach, 0) : right + self._reach
        ]
        through = self._through.take(self._map.cells[around]) if self._through.any() else self._through
        if through.any():
            near = spread(through, self._reach)
            drawn = near[top - around[0].start :, left - around[1].start :][: bottom - top, : right - left]
            np.copyto(self._base[area], self._map.solid[area], where=drawn)
        self._ink[area] = self._base[area]

    def _look_up(self, box: Box) -> None:
        area = np.s_[box[1] : box[3], box[0] : box[2]]
        fill = self._now.take(self._map.cells[area])
        self.image[area] = self._palette.table.take(fill << _SHIFT | self._ink[area])

    def _look_up_pixels(self, pixels: Places) -> None:
        fill = self._now.take(self._map.cells.ravel().take(pixels))
        self.image.ravel()[pixels] = self._palette.table.take(fill << _SHIFT | self._ink.ravel().take(pixels))

    def _fills(self, role: str, cells: npt.NDArray[np.int64]) -> npt.NDArray[np.uint16]:
        fills: npt.NDArray[np.uint16] = self._palette.fills[self._palette.roles[role], self._shades[cells]]
        return fills

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


def _shades(grid: Grid) -> Bytes:
    return np.frombuffer(grid.shades or bytes(len(grid.roles)), dtype=np.uint8)


def _all_pixels(items: Iterable[_Placed]) -> Places:
    return np.concatenate([np.zeros(0, dtype=np.intp), *(placed.pixels for placed in items)])


def _add_ink(layer: Bytes, placed: _Placed, hatch: int | None, *, over: bool = False) -> None:
    """Lay ink where it is more than what is there, or `over` what is as much. Patterns, in the ink `hatch`, are less than none."""
    flat = layer.ravel()
    new, there = placed.ink & _LEVEL, flat.take(placed.pixels)
    if hatch is None:
        there &= _LEVEL
    else:
        there = np.where(there >> LEVEL_BITS == hatch, -1, (there & _LEVEL).astype(np.int8))
    more = new >= there if over else new > there
    flat[placed.pixels[more]] = placed.ink[more]


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
    boxes = [box for box in boxes if _area(box)]
    if not boxes:
        return 0, 0, 1, 1
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
