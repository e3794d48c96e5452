"""Whether a figure is laid out well: nothing is cut, hidden or too small, no text touches another, a line or a plane.

All is asked of the display list, whose places are exact; how wide a text is, and where its ink lies, says the font.
"""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from itertools import chain, combinations, product
from typing import NamedTuple

from PIL import ImageFont

from convanim.draw import text as face
from convanim.draw.storyboard import Line, Text, bounds
from convanim.draw.text import width

_AIR, _LEAST = 2, 9


def with_view(scene, **view):
    return dataclasses.replace(scene, view=view)


def text_box(text):
    """The box (left, top, right, bottom) of a line of text, room for what hangs below the line included."""
    reach = width(text.text, text.size, bold=text.bold, italic=text.italic)
    left = {"left": text.x, "middle": text.x - reach / 2, "right": text.x - reach}[text.anchor]
    return left, text.y - text.size * 0.76, left + reach, text.y + text.size * 0.24


def free_texts(board):
    """Labels and caption, with the counter of the last step."""
    moving = [item for item in board.steps[-1].passing if isinstance(item, Text)]
    return [text for text in (*board.texts, *moving) if text.cell is None]


def check(board, *, every_step=False):
    """Every assertion below, of a board as it is at its first, middle and last step, or at each.

    What rests is looked at by itself once, what steps bring beside it.
    """
    planes = [Plane(grid.name, grid.polygon(), bounds(grid.polygon())) for grid in board.grids]
    check_planes(board, planes)
    looked = Looked(board, planes)
    looked.at_rest(board.texts, board.lines)
    count = len(board.steps)
    places = range(count) if every_step else sorted({0, count // 2, count - 1})
    keeps_texts = any(isinstance(item, Text | Line) for item in board.steps[0].lasting)
    lasting = []
    for place in range(count) if keeps_texts else places:
        step = board.steps[place]
        lasting += [item for item in step.lasting if isinstance(item, Text | Line)]
        if place in places:
            shown = [*lasting, *(item for item in step.passing if isinstance(item, Text | Line))]
            looked.beside_it(
                [item for item in shown if isinstance(item, Text)], [item for item in shown if isinstance(item, Line)]
            )


class Plane(NamedTuple):
    """A grid's name, its outline and the box around that."""

    name: str
    outline: tuple
    box: tuple


def check_planes(board, planes):
    """Planes are on the picture, and none hides a cell of another."""
    across, down = board.size
    for plane in planes:
        for x, y in plane.outline:
            assert _AIR <= x <= across - _AIR, f"{plane.name} is cut"
            assert _AIR <= y <= down - _AIR, f"{plane.name} is cut"
    for below, above in combinations(planes, 2):
        is_apart = not overlap(below.box, above.box) or parted(below.outline, above.outline)
        assert is_apart, f"{above.name} hides {below.name}"


class Looked:
    """What was looked at of a board: what rests, and what stood in cells together."""

    def __init__(self, board, planes):
        self.board, self.planes = board, planes
        self.boxes, self.lines, self.inside, self.seen = [], [], {}, set()

    def at_rest(self, texts, lines):
        """Look at what rests."""
        self.boxes, self.lines, self.inside = self._look(texts, lines)

    def beside_it(self, texts, lines):
        """Look at what a step shows, by itself and beside what rests."""
        self._look(texts, lines)

    def _look(self, texts, lines):
        boxes = [(text.text, text_box(text)) for text in texts if text.cell is None]
        lines = list(dict.fromkeys(lines))
        check_free_texts(self.board, self.planes, [text for text in texts if text.cell is None])
        for (one, box), (other, other_box) in chain(combinations(boxes, 2), product(boxes, self.boxes)):
            assert not overlap(box, other_box), f"{one} and {other} overlap"
        check_lines(self.board, lines)
        for line, (said, box) in chain(product(lines, boxes), product(lines, self.boxes), product(self.lines, boxes)):
            assert not crosses(line, box), f"a line passes through {said}"
        return boxes, lines, self._look_into_cells(texts)

    def _look_into_cells(self, texts):
        by_cell = {}
        for text in texts:
            if text.cell is not None:
                by_cell.setdefault(text.cell, dict(self.inside.get(text.cell, {})))[text] = None
        for cell, inside in by_cell.items():  # what is written again in the same place is seen once
            key = (cell, *inside)
            if key not in self.seen:
                self.seen.add(key)
                check_cell(self.board.grid(cell[0]), cell[1], list(inside))
        return by_cell


def check_free_texts(board, planes, texts):
    """Texts outside cells are legible, on the picture, and touch no plane."""
    across, down = board.size
    for text in texts:
        box = left, top, right, bottom = text_box(text)
        assert text.size >= _LEAST, f"{text.text} is small"
        assert left >= _AIR, f"{text.text} is cut"
        assert top >= _AIR, f"{text.text} is cut"
        assert right <= across - _AIR, f"{text.text} is cut"
        assert bottom <= down - _AIR, f"{text.text} is cut"
        for plane in planes:
            is_clear = not overlap(box, plane.box) or parted(plane.outline, corners(*box))
            assert is_clear, f"{text.text} lies on {plane.name}"


def check_lines(board, lines):
    """Lines are on the picture."""
    across, down = board.size
    for line in lines:
        for x, y in (line.start, line.end):
            assert _AIR <= x <= across - _AIR, "a line is cut"
            assert _AIR <= y <= down - _AIR, "a line is cut"


def check_cell(grid, number, texts):
    """Texts in a cell are legible, stay in it, clear of its lines, and apart."""
    block = grid.block(*divmod(number, grid.columns))
    for text in texts:
        assert text.size >= _LEAST, f"{text.text} is small"
        assert within(corners(*ink_box(text)), block, grid.stroke / 2), f"{text.text} leaves a cell of {grid.name}"
    for one, other in combinations(texts, 2):
        assert not overlap(ink_box(one), ink_box(other)), f"{one.text} and {other.text} overlap in {grid.name}"


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def crosses(line, box):
    """Whether a line passes through the inside of a box: what the box's sides leave of it is more than a point."""
    (x, y), (end_x, end_y) = line.start, line.end
    if (x <= box[0] and end_x <= box[0]) or (x >= box[2] and end_x >= box[2]):
        return False
    if (y <= box[1] and end_y <= box[1]) or (y >= box[3] and end_y >= box[3]):
        return False
    start, end = 0.0, 1.0
    for at, along, low, high in ((x, end_x - x, box[0], box[2]), (y, end_y - y, box[1], box[3])):
        if along == 0:
            if not low < at < high:
                return False
            continue
        near, far = sorted(((low - at) / along, (high - at) / along))
        start, end = max(start, near), min(end, far)
    return start < end


def parted(one, other):
    """Whether two convex shapes share no more than a border: a line along a side of one of them parts them."""
    for shape in (one, other):
        for (x, y), (end_x, end_y) in zip(shape, shape[1:] + shape[:1], strict=True):
            nx, ny = y - end_y, end_x - x
            mine, theirs = [nx * px + ny * py for px, py in one], [nx * px + ny * py for px, py in other]
            if max(mine) <= min(theirs) + 1e-6 or max(theirs) <= min(mine) + 1e-6:
                return True
    return False


def within(points, block, margin):
    """Whether points lie in a parallelogram, at least so far from its sides."""
    (ox, oy), (ax, ay), _, (dx, dy) = block
    ax, ay, dx, dy = ax - ox, ay - oy, dx - ox, dy - oy
    area = abs(ax * dy - ay * dx)
    room_u, room_v = margin * (dx * dx + dy * dy) ** 0.5 / area, margin * (ax * ax + ay * ay) ** 0.5 / area
    for x, y in points:
        u, v = ((x - ox) * dy - (y - oy) * dx) / area, ((y - oy) * ax - (x - ox) * ay) / area
        if not (room_u <= u <= 1 - room_u and room_v <= v <= 1 - room_v):
            return False
    return True


def corners(left, top, right, bottom):
    return (left, top), (right, top), (right, bottom), (left, bottom)


def ink_box(text):
    """The box around the ink of a line of text."""
    (left, top, right, bottom), reach = _ink(text.text, text.size, text.bold)
    x = {"left": text.x, "middle": text.x - reach / 2, "right": text.x - reach}[text.anchor]
    return x + left, text.y + top, x + right, text.y + bottom


@lru_cache(maxsize=10_000)
def _ink(text, size, bold):
    """The ink from the start of the baseline and how far the line reaches, measured large: whole pixels are too coarse."""
    times = 8
    font = _font(size * times, "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
    return tuple(length / times for length in font.getbbox(text, anchor="ls")), font.getlength(text) / times


@lru_cache(maxsize=200)
def _font(size, name):
    return ImageFont.truetype(str(face._FOLDER / name), size, layout_engine=ImageFont.Layout.BASIC)
