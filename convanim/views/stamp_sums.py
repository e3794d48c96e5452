"""What the stamps of a transposed convolution leave behind: the sums that the cells of the whole output hold after each.

The whole output is the output before padding takes cells away; its cells are counted row by row. Every stamp is added
up once, and what a cell held at any time is looked up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from convanim.engine import Recording
from convanim.scene import Scene
from convanim.scene.values import Size
from convanim.views.numbers import Number

_STAMP = attrgetter("stamp")


class Addition(NamedTuple):
    """What a stamp adds to a cell: what the cell held before (None if nothing), and with it the sum and the number of stamps."""

    stamp: int
    before: Number | None
    product: Number
    sum: Number
    stamps: int


class StampSums(NamedTuple):
    """What stamps add to each cell of an output of size `whole`, cells in the order in which they are first reached.

    `reached` holds the cells that each stamp adds to, in the order of its taps; `kept` the cells that padding leaves.
    """

    whole: Size
    kept: frozenset[int]
    additions: dict[int, list[Addition]]
    reached: tuple[tuple[int, ...], ...]

    @property
    def untouched(self) -> list[int]:
        """The output's cells that no stamp reaches."""
        return sorted(self.kept - self.additions.keys())

    def after(self, stamps: int) -> Iterator[tuple[int, Addition]]:
        """The cells that so many stamps have reached, each with what the last of these added to it."""
        for cell, additions in self.additions.items():
            if additions[0].stamp >= stamps:
                return
            yield cell, additions[bisect_left(additions, stamps, key=_STAMP) - 1]


def stamp_sums(recording: Recording) -> StampSums:
    """All stamps of a recording, added up in their order."""
    whole = _whole_size(recording.asked)
    additions: dict[int, list[Addition]] = {}
    reached: list[tuple[int, ...]] = []
    for stamp in recording.stamps:
        cells = tuple(_number(tap.whole, whole) for tap in stamp.taps)
        reached.append(cells)
        for cell, tap in zip(cells, stamp.taps, strict=True):
            earlier = additions.setdefault(cell, [])
            before = earlier[-1].sum if earlier else None
            total = (before or 0) + tap.product
            earlier.append(Addition(stamp.index, before, tap.product, total, len(earlier) + 1))
    return StampSums(whole, _kept(recording.asked, whole), additions, tuple(reached))


def _whole_size(scene: Scene) -> Size:
    """The output's size before padding takes cells away, output padding included."""
    return tuple(
        max((axis.input - 1) * axis.stride + axis.extent, axis.padding[0] + axis.output) for axis in scene.axes
    )


def _kept(scene: Scene, whole: Size) -> frozenset[int]:
    """The cells of the whole output that padding leaves."""
    numbers = [0]
    for axis, length in zip(scene.axes, whole, strict=True):
        before = axis.padding[0]
        numbers = [start * length + at for start in numbers for at in range(before, before + axis.output)]
    return frozenset(numbers)


def _number(cell: Sequence[int], whole: Size) -> int:
    number = 0
    for at, length in zip(cell, whole, strict=True):
        number = number * length + at
    return number
