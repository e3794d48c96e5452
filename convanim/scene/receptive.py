"""Receptive fields along one axis of a stack: what the cells of each layer see of the stack's input.

Sizes, jumps (effective strides) and start offsets follow the usual recurrences (Araujo, Norris, Sim: Computing receptive
fields of convolutional neural networks, 2019), a transposed layer of stride s counting as 1/s. What cells span comes
again after a period, so each layer's spans are worked out once, from those of the layer before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from convanim.scene.axis import Axis

_LONGEST_PERIOD = 4096


class Field(NamedTuple):
    """What one layer's output cells see of the stack's input, along one axis, in input cells.

    `size` is the receptive field (the widest span of any output cell, padding included), `jump` the distance between
    neighbouring cells' fields, `start` the place of the first cell's field's middle (0 is the middle of the first input
    cell).
    """

    size: int
    jump: Fraction
    start: Fraction


class _Period(NamedTuple):
    """The spans of a layer's first cells; those of the cells that come after them lie so many input cells further."""

    spans: tuple[tuple[int, int], ...]
    further: int

    def first(self, cell: int) -> int:
        """The first input cell that a cell reaches to."""
        turns, phase = divmod(cell, len(self.spans))
        return self.spans[phase][0] + turns * self.further

    def last(self, cell: int) -> int:
        """The last input cell that a cell reaches to."""
        turns, phase = divmod(cell, len(self.spans))
        return self.spans[phase][1] + turns * self.further


def fields_along(chain: Iterable[Axis]) -> Iterator[Field]:
    """The field of each layer's output cells, layer by layer."""
    jump, start = Fraction(1), Fraction(0)
    known, since = _Period(((0, 0),), 1), list[Axis]()
    period, further = 1, 1
    for axis in chain:
        middle, stride = axis.middle_of_first()
        start, jump = start + middle * jump, jump * stride
        turns = period // gcd(period, stride.numerator)
        further = further * turns * stride.numerator // period
        period = stride.denominator * turns
        since.append(axis)
        if period <= _LONGEST_PERIOD:
            known, since = _Period(tuple(_spans(known, since, range(period))), further), []
        widths = (last - first + 1 for first, last in _spans(known, since, _typical(axis.output, period)))
        yield Field(max(0, *widths), jump, start)


def _typical(outputs: int, period: int) -> Sequence[int]:
    """Output cells among which the widest field is: those of one period, of a very long one the first of them."""
    return range(min(outputs, period, _LONGEST_PERIOD))


def _spans(known: _Period, since: Sequence[Axis], cells: Iterable[int]) -> Iterator[tuple[int, int]]:
    """What cells span, back through the axes that lie behind the layer whose spans are known."""
    for cell in cells:
        first = last = cell
        for axis in reversed(since):
            first, last = axis.span_of(first)[0], axis.span_of(last)[1]
        yield known.first(first), known.last(last)
