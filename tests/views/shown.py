"""What a reader sees of a storyboard, step by step: the cells of each plane, what is written in them, and all other words."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Line, Paint, Text


class Plane(NamedTuple):
    """A grid as it is at a step: the role of every cell, and by cell the values and notes in them."""

    grid: Grid
    roles: list[str]
    values: dict[int, str]
    notes: dict[int, str]


class Shown(NamedTuple):
    """A step: planes by name and channel (from 0), the words and lines that pass with it, and all lines that are seen."""

    number: int
    planes: dict[tuple[str, int], Plane]
    words: list[Text]
    passing: list[Line]
    lines: list[Line]

    def of(self, name):
        """The planes of a name, by channel."""
        return {channel: plane for (one, channel), plane in self.planes.items() if one == name}

    @property
    def count(self):
        """What counts the step."""
        return [text.text for text in self.words if text.role == "quiet"]

    @property
    def sum(self):
        """The sum that is written out, its lines as one."""
        signs = ("×", "+")
        said = [text.text for text in self.words if text.role == "text" and text.text not in signs]
        return " ".join(text for text in said if not text.startswith("= "))


def steps_of(board):
    """All steps of a storyboard, each with what earlier ones left."""
    roles = {grid.name: list(grid.roles) for grid in board.grids}
    texts, lines = list(board.texts), list(board.lines)
    for step in board.steps:
        painted(roles, step.lasting)
        texts += [part for part in step.lasting if isinstance(part, Text)]
        lines += [part for part in step.lasting if isinstance(part, Line)]
        now = {name: list(cells) for name, cells in roles.items()}
        painted(now, step.passing)
        words = [part for part in step.passing if isinstance(part, Text)]
        passing = [part for part in step.passing if isinstance(part, Line)]
        planes = {key(grid.name): plane(grid, now[grid.name], [*texts, *words]) for grid in board.grids}
        free = [text for text in words if text.cell is None]
        yield Shown(step.number, planes, free, passing, [*lines, *passing])


def panels_of(board):
    """The panels of a page, each as if it were a step; what stands above its canvas passes with it."""
    (page,) = steps_of(board)
    for number in range(len(page.of("canvas"))):
        planes = {(name, 0): page.planes[name, number] for name in ("canvas", "output")}
        left, top = planes["canvas", 0].grid.origin
        above = [text for text in board.texts if text.cell is None and top - 20 < text.y < top and text.x <= left]
        counter = max((text for text in above if text.text.isdigit()), key=lambda text: text.x)
        yield Shown(number, planes, [counter._replace(role="quiet")], [], [])


def painted(roles, parts):
    for part in parts:
        if isinstance(part, Paint):
            for cell in part.cells:
                roles[part.grid][cell] = part.role


def plane(grid, roles, texts):
    mine = [text for text in texts if text.cell and text.cell[0] == grid.name]
    values = {text.cell[1]: text.text for text in mine if text.role == "value"}
    return Plane(grid, roles, values, {text.cell[1]: text.text for text in mine if text.role == "note"})


def key(name):
    """`canvas 2` is the canvas of channel 1."""
    word, _, number = name.partition(" ")
    return word, int(number or 1) - 1


def number(text):
    """A number as figures write it, in parentheses or not."""
    return Fraction(text.removeprefix("(").removesuffix(")").replace("−", "-"))


def says(text, value):
    """Whether a text says a value: exactly, or a long fraction or decimal to four digits."""
    said = number(text)
    is_long = isinstance(value, float) or len(str(value)) > 5
    return said == value or (is_long and abs(said - Fraction(value)) <= abs(Fraction(value)) / 1000)


def says_all(text, value):
    """Whether a text leaves nothing of a value out, but what binary fractions differ by from decimal ones."""
    return abs(number(text) - Fraction(value)) <= abs(Fraction(value)) / 10**12


def same(texts, values):
    """Whether texts and values, both by cell, say the same in the same cells."""
    assert texts.keys() == values.keys()
    return all(says(texts[cell], value) for cell, value in values.items())


def pieces(text, pattern):
    """The parts that a pattern finds in the whole of a text."""
    found = re.fullmatch(pattern, text)
    assert found, text
    return found.groups()
