"""Stems: a signal as vertical lines from a zero line, as long as its values are large, with a small head each."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import cos, floor, pi, sin
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Line
from convanim.views.numbers import Number

HEIGHT = 64
HEAD = 3.5
_HEADED, _WIDE = 6, 14
_SMALL_HEAD = 2.0
_TURNS = (pi / 8, pi / 4, 3 * pi / 8)


class Stems(NamedTuple):
    """Where the stems of a row of cells stand: `zero` is the height of no value, `span` that of the whole room."""

    grid: Grid
    zero: float
    span: Fraction

    def axis(self) -> Line:
        """The zero line, as long as the row."""
        left, right = self.grid.point(0, 0)[0], self.grid.point(0, self.grid.columns)[0]
        return Line((left, self.zero), (right, self.zero), "axis", 1.0)

    def stem(self, number: int, value: Number, role: str) -> tuple[Line, ...]:
        """The lines of one stem, the vertical one first; zero has a head alone."""
        cell = self.grid.across[0]
        thick = 2.0 if cell >= _WIDE else 1.0
        middle = self.grid.point(0, number + 0.5)[0]
        x = round(middle) if thick == 2 else floor(middle) + 0.5
        y = self.zero - float(Fraction(value) / self.span * HEIGHT)
        upright = (Line((x, self.zero), (x, y), role, thick),) if value else ()
        return (*upright, *_disc(x, y, _radius(cell), role))


def stems_above(grid: Grid, values: Iterable[Number], top: float) -> Stems:
    """Room for the stems of some values from `top` down, `HEIGHT` high, and a head's reach above and below."""
    exact = [Fraction(value) for value in values]
    high, low = max((Fraction(0), *exact)), min((Fraction(0), *exact))
    span = high - low or Fraction(1)
    return Stems(grid, floor(top + HEAD + float(high / span * HEIGHT)) + 0.5, span)


def _radius(cell: float) -> float:
    return HEAD if cell >= _WIDE else _SMALL_HEAD if cell >= _HEADED else 0.0


def _disc(x: float, y: float, radius: float, role: str) -> tuple[Line, ...]:
    """A disc of flat bars, as round as so small a one can be seen to be."""
    reaches = [(radius * cos(turn), radius * sin(turn)) for turn in _TURNS] if radius else []
    return tuple(Line((x - across, y), (x + across, y), role, 2 * half) for across, half in reaches)
