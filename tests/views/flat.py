"""What the tests of flat views share: texts by cell, the roles at a step, and whether texts stay in their cells."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from convanim.draw.storyboard import Lazy, Paint, Text
from tests.views.layout import text_box


def made_once(board):
    """The board, of which each step is made once, however often it is looked at."""
    return replace(board, steps=Lazy(len(board.steps), cache(board.steps.__getitem__)))


def items(board, place):
    """All that steps up to `place` left, and what that one brings."""
    lasting = [item for step in board.steps[: place + 1] for item in step.lasting]
    return [*lasting, *board.steps[place].passing]


def roles(board, place, name):
    """The role of every cell of a grid at a step."""
    found = list(board.grid(name).roles)
    for item in items(board, place):
        if isinstance(item, Paint) and item.grid == name:
            for cell in item.cells:
                found[cell] = item.role
    return found


def words(board, name, place=None):
    """The texts in the cells of a grid, by cell: at rest, or at a step."""
    texts = [*board.texts, *([] if place is None else items(board, place))]
    return {
        text.cell[1]: text.text
        for text in texts
        if isinstance(text, Text) and text.cell and text.cell[0] == name and text.role == "value"
    }


def check_texts(board):
    """No text is under 9 pixels or leaves its cell, at any step."""
    steps = [item for step in board.steps for item in (*step.lasting, *step.passing)]
    for text in dict.fromkeys([*board.texts, *(item for item in steps if isinstance(item, Text))]):
        assert text.size >= 9
        if text.cell is None:
            continue
        left, top, right, bottom = text_box(text)
        grid = board.grid(text.cell[0])
        x, y = grid.point(*divmod(text.cell[1], grid.columns))
        assert x + 1 <= left <= right <= x + grid.across[0] - 1
        assert y + 1 <= top <= bottom <= y + grid.down[1] - 1
