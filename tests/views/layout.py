"""Whether a figure is laid out well: nothing is cut, hidden or too small, no text touches another, a line or a plane.

All is asked of the display list, whose places are exact; how wide a text is, and where its ink lies, says the font.
"""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from itertools import combinations

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
    """Every assertion below, of a board as it is at its first, middle and last step, or at each."""
    check_grids(board)
    count, seen = len(board.steps), set()
    places = range(count) if every_step else sorted({0, count // 2, count - 1})
    keeps_texts = any(isinstance(item, Text | Line) for item in board.steps[0].lasting)
    lasting = []
    for place in range(count) if keeps_texts else places:
        step = board.steps[place]
        lasting += [item for item in step.lasting if isinstance(item, Text | Line)]
        if place in places:
            shown = [*lasting, *(item for item in step.passing if isinstance(item, Text | Line))]
            texts = [*board.texts, *(item for item in shown if isinstance(item, Text))]
            check_texts(board, texts, seen)
            check_lines(board, [*board.lines, *(item for item in shown if isinstance(item, Line))], texts)


def check_grids(board):
    """Planes are on the picture, and none hides a cell of another."""
    across, down = board.size
    for grid in board.grids:
        for x, y in grid.polygon():
            assert _AIR <= x <= across - _AIR, f"{grid.name} is cut"
            assert _AIR <= y <= down - _AIR, f"{grid.name} is cut"
    for below, above in combinations(board.grids, 2):
        is_apart = not overlap(bounds(below.polygon()), bounds(above.polygon()))
        assert is_apart or parted(below.polygon(), above.polygon()), f"{above.name} hides {below.name}"


def check_texts(board, texts, seen):
    """Texts are legible, on the picture, and touch neither each other nor a plane that is not theirs.

    `seen` holds those in cells that were looked at before.
    """
    across, down = board.size
    free = [text for text in texts if text.cell is None]
    boxes = [text_box(text) for text in free]
    outlines = [(grid.name, grid.polygon(), bounds(grid.polygon())) for grid in board.grids]
    for text, (left, top, right, bottom) in zip(free, boxes, strict=True):
        assert text.size >= _LEAST, f"{text.text} is small"
        assert left >= _AIR, f"{text.text} is cut"
        assert top >= _AIR, f"{text.text} is cut"
        assert right <= across - _AIR, f"{text.text} is cut"
        assert bottom <= down - _AIR, f"{text.text} is cut"
        for name, outline, around in outlines:
            box = left, top, right, bottom
            is_clear = not overlap(box, around) or parted(outline, corners(*box))
            assert is_clear, f"{text.text} lies on {name}"
    for (one, box), (other, other_box) in combinations(zip(free, boxes, strict=True), 2):
        assert not overlap(box, other_box), f"{one.text} and {other.text} overlap"
    by_cell = {}
    for text in dict.fromkeys(texts):  # what is written again in the same place is seen once
        if text.cell is not None:
            by_cell.setdefault(text.cell, []).append(text)
    for cell, inside in by_cell.items():
        key = (cell, *inside)
        if key in seen:
            continue
        seen.add(key)
        check_cell(board.grid(cell[0]), cell[1], inside)


def check_cell(grid, number, texts):
    """Texts in a cell are legible, stay in it, clear of its lines, and apart."""
    block = grid.block(*divmod(number, grid.columns))
    for text in texts:
        assert text.size >= _LEAST, f"{text.text} is small"
        assert within(corners(*ink_box(text)), block, grid.stroke / 2), f"{text.text} leaves a cell of {grid.name}"
    for one, other in combinations(texts, 2):
        assert not overlap(ink_box(one), ink_box(other)), f"{one.text} and {other.text} overlap in {grid.name}"


def check_lines(board, lines, texts):
    """Lines are on the picture, and pass through no text that stands outside cells."""
    across, down = board.size
    boxes = [(text.text, text_box(text)) for text in texts if text.cell is None]
    for line in dict.fromkeys(lines):
        for x, y in (line.start, line.end):
            assert _AIR <= x <= across - _AIR, "a line is cut"
            assert _AIR <= y <= down - _AIR, "a line is cut"
        for said, box in boxes:
            assert not crosses(line, box), f"a line passes through {said}"


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def crosses(line, box):
    """Whether a line passes through the inside of a box: what the box's sides leave of it is more than a point."""
    (x, y), (end_x, end_y) = line.start, line.end
    if (x <= box[0] and end_x <= box[0]) or (x >= box[2] and end_x >= box[2]):
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
