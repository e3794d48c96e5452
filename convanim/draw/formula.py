"""Formulas set as a textbook sets them: variables in italics, fractions with a bar, fences as high as what they hold.

A formula becomes ordinary texts and lines of the display list, so every format draws it alike. Distances are shares of
the text's size, as in Donald Knuth's *The TeXbook*, appendix G: bars lie on the axis, above the baseline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

from convanim.draw.storyboard import Line, Text
from convanim.draw.text import width
from convanim.notation import Fenced, Fraction, Row, Words

_AXIS = 0.32
_ABOVE, _BELOW = 0.26, 0.92
_ASCENT, _DESCENT = 0.78, 0.22
_OVERHANG, _FENCE, _FOOT = 0.18, 0.42, 0.24
_LINE, _RULE = 1.0, "rule"
_GRAIN = 64  # places are whole parts of a pixel, so that sums of widths are exact
_VARIABLE = re.compile(r"([a-z]+)", re.IGNORECASE)


class Formula(NamedTuple):
    """A formula set from (0, 0), the start of its baseline: how far it reaches to the right, above and below."""

    texts: tuple[Text, ...]
    lines: tuple[Line, ...]
    width: float
    ascent: float
    descent: float

    def at(self, x: float, y: float) -> Formula:
        """The same, its baseline starting at (x, y)."""
        x, y = (round(place * _GRAIN) / _GRAIN for place in (x, y))
        return self._replace(
            texts=tuple(text._replace(x=text.x + x, y=text.y + y) for text in self.texts),
            lines=tuple(
                line._replace(start=(line.start[0] + x, line.start[1] + y), end=(line.end[0] + x, line.end[1] + y))
                for line in self.lines
            ),
        )


def formula(row: Row, size: float, role: str) -> Formula:
    """A row set in text of a size and a role."""
    return _joined([_part(part, size, role) for part in row])


def _part(part: str | Words | Fraction | Fenced, size: float, role: str) -> Formula:
    if isinstance(part, Fraction):
        return _fraction(part, size, role)
    if isinstance(part, Fenced):
        return _fenced(part, size, role)
    return _joined(list(_runs(part, size, role)))


def _runs(part: str | Words, size: float, role: str) -> Iterator[Formula]:
    """Text in runs of variables, which are in italics, and of what stands between them."""
    runs = (part.text,) if isinstance(part, Words) else _VARIABLE.split(part)
    for number, run in enumerate(runs):
        if run:
            is_variable = bool(number % 2)
            text = Text(0, 0, run, role, size, "left", italic=is_variable)
            across = ceil(width(run, size, italic=is_variable) * _GRAIN) / _GRAIN
            yield Formula((text,), (), across, _ASCENT * size, _DESCENT * size)


def _fraction(part: Fraction, size: float, role: str) -> Formula:
    over, under = (_joined(list(_runs(text, size, role))) for text in part)
    across = max(over.width, under.width) + 2 * _OVERHANG * size
    axis = -round(_AXIS * size) + 0.5
    up, down = round(axis - _ABOVE * size), round(axis + _BELOW * size)
    over, under = over.at((across - over.width) / 2, up), under.at((across - under.width) / 2, down)
    bar = Line((0, axis), (across, axis), _RULE, _LINE)
    return Formula((*over.texts, *under.texts), (bar,), across, over.ascent - up, under.descent + down)


def _fenced(part: Fenced, size: float, role: str) -> Formula:
    """What is between two fences, each a line with a foot (or, rounding up, with a head) turned inwards."""
    inside = _part(part.inside, size, role).at(_FENCE * size, 0)
    across = inside.width + 2 * _FENCE * size
    top, bottom = -round(inside.ascent + 1) + 0.5, round(inside.descent + 1) + 0.5
    foot = round(_FOOT * size)
    lines = []
    for x, turned, sign in (
        (round(0.14 * size) + 0.5, foot, part.left),
        (across - round(0.14 * size) - 0.5, -foot, part.right),
    ):
        end = bottom if sign in "⌊⌋" else top
        lines += [Line((x, top), (x, bottom), _RULE, _LINE), Line((x, end), (x + turned, end), _RULE, _LINE)]
    return Formula(inside.texts, (*inside.lines, *lines), across, -top, bottom)


def _joined(parts: list[Formula]) -> Formula:
    """Formulas one after another on one baseline."""
    x = 0.0
    placed = []
    for part in parts:
        placed.append(part.at(x, 0))
        x += part.width
    return Formula(
        tuple(text for part in placed for text in part.texts),
        tuple(line for part in placed for line in part.lines),
        x,
        max((part.ascent for part in parts), default=0),
        max((part.descent for part in parts), default=0),
    )
