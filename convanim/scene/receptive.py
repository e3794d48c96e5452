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

from convanim.arithmetic import Steps
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


class _Ends(NamedTuple):
    """One end of what a layer's cells reach to: that of the first cells, from which those that follow lie so much further.

    `since` leads from a later layer's cells to this layer's, its last step first.
    """

    cells: tuple[int, ...] = (0,)
    further: int = 1
    since: tuple[Steps, ...] = ()

    def of(self, cell: int) -> int:
        """The input cell at this end of a cell."""
        for steps in reversed(self.since):
            cell = steps.of(cell)
        turns, phase = divmod(cell, len(self.cells))
        return self.cells[phase] + turns * self.further

    def after(self, steps: Steps) -> _Ends:
        """The ends of the next layer's cells."""
        whole = self.since[-1].after(steps) if self.since else None
        return self._replace(since=(*self.since, steps) if whole is None else (*self.since[:-1], whole))

    def tabled(self, period: int, further: int) -> _Ends:
        """The same, written out for the cells of one period."""
        return _Ends(tuple(self.of(cell) for cell in range(period)), further)


def fields_along(chain: Iterable[Axis]) -> Iterator[Field]:
    """The field of each layer's output cells, layer by layer."""
    jump, start = Fraction(1), Fraction(0)
    first, last = _Ends(), _Ends()
    period, further = 1, 1
    for axis in chain:
        middle, stride = axis.middle_of_first()
        start, jump = start + middle * jump, jump * stride
        turns = period // gcd(period, stride.numerator)
        further = further * turns * stride.numerator // period
        period = stride.denominator * turns
        first, last = (ends.after(steps) for ends, steps in zip((first, last), axis.ends(), strict=True))
        if period <= _LONGEST_PERIOD:
            first, last = first.tabled(period, further), last.tabled(period, further)
        widths = (last.of(cell) - first.of(cell) + 1 for cell in _typical(axis.output, period))
        yield Field(max(0, *widths), jump, start)


def _typical(outputs: int, period: int) -> Sequence[int]:
    """Output cells among which the widest field is: those of one period, of a very long one the first of them."""
    return range(min(outputs, period, _LONGEST_PERIOD))
