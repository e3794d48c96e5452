"""Where things lie, one axis at a time: what each canvas cell holds, and which cells each placement uses.

The canvas is what the kernel slides over: the padded input, for a transposed convolution stretched by inserted zeros
first. Two and more dimensions are outer products of these axes, made only when asked for, so a large scene costs
one small table an axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from convanim import arithmetic
from convanim.scene.axis import Axis

if TYPE_CHECKING:
    from fractions import Fraction

Ints = npt.NDArray[np.int64]

PADDING = -1
ZERO = -2
BEYOND = -3  # past the padding, under a last window of ceil_mode: it counts for nothing


class GatherAxis(NamedTuple):
    """How placements read the canvas along one axis.

    Placement o puts kernel cell `kernel_index(j)` on canvas cell `start + step·o + spread·j`, j = 0 … taps - 1.
    `sources` says what each canvas cell holds: an input cell's index, PADDING, ZERO (inserted) or BEYOND. `inside` are
    the canvas cells of the input itself; padding that repeats input cells lies outside of it, and has sources too.
    """

    sources: tuple[int, ...]
    inside: range
    start: int
    step: int
    spread: int
    taps: int
    output: int
    turned: bool

    def canvas(self, output: int) -> Sequence[int]:
        """The canvas cells under the kernel of placement `output`, in order."""
        first = self.start + self.step * output
        return range(first, first + self.spread * self.taps, self.spread)

    def positions(self, tap: int) -> slice | Ints:
        """The canvas cells under tap `tap`, one for each placement."""
        first = self.start + self.spread * tap
        return slice(first, first + self.step * (self.output - 1) + 1, self.step)

    def kernel_index(self, tap: int) -> int:
        """Which kernel cell lies at tap `tap`: the same number, or counted from the end if the kernel is turned."""
        return self.taps - 1 - tap if self.turned else tap


class ResampleAxis(NamedTuple):
    """How an upsampling reads its input along one axis: `cells[o]` are made of by `shares[o]`, a tuple for each output."""

    sources: tuple[int, ...]
    inside: range
    taps: int
    output: int
    cells: tuple[tuple[int, ...], ...]
    shares: tuple[tuple[Fraction, ...], ...]

    def canvas(self, output: int) -> Sequence[int]:
        """The input cells that have a share in output cell `output`."""
        return tuple(cell for cell, share in zip(self.cells[output], self.shares[output], strict=True) if share)

    def positions(self, tap: int) -> slice | Ints:
        """The input cells at tap `tap`, one for each output cell."""
        return np.array([cells[tap] for cells in self.cells], dtype=np.int64)

    def kernel_index(self, tap: int) -> int:
        """The tap itself: there is no kernel."""
        return tap


class ScatterAxis(NamedTuple):
    """How a transposed convolution's input cells stamp the output along one axis: i·step + j·spread - crop."""

    step: int
    spread: int
    taps: int
    crop: int
    output: int
    turned: bool

    def place(self, input: int, tap: int) -> int:
        """Where tap `tap` of input cell `input` lies on the output before padding takes cells away."""
        return input * self.step + tap * self.spread

    def target(self, input: int, tap: int) -> int | None:
        """The output cell that tap `tap` of input cell `input` adds to; None where padding took that cell away."""
        position = self.place(input, tap) - self.crop
        return position if 0 <= position < self.output else None

    def kernel_index(self, tap: int) -> int:
        """Which kernel cell the stamp holds at tap `tap`."""
        return self.taps - 1 - tap if self.turned else tap


ReadAxis = GatherAxis | ResampleAxis


def gather_axis(axis: Axis, *, flip: bool) -> ReadAxis:
    """The gather table of one axis.

    A transposed convolution is read as the direct one that equals it (relationship 14): stride 1 over the stretched
    canvas, kernel turned. Where its padding is negative the window starts inside the stretched input.
    """
    if axis.resampling is not None:
        return _resample_axis(axis)
    if axis.transposed:
        return _stretched_axis(axis, flip=flip)
    before = 0 if axis.is_unpooling else axis.padding[0]
    sources = tuple(range(axis.input)) if axis.is_unpooling else _padded(axis)
    inside = range(before, before + axis.input)
    return GatherAxis(sources, inside, 0, axis.stride, axis.dilation, axis.kernel, axis.output, turned=flip)


def scatter_axis(axis: Axis, *, flip: bool) -> ScatterAxis:
    """The scatter table of one axis of a transposed convolution: y[s·i + d·j - p] += x[i]·w[j]."""
    return ScatterAxis(axis.stride, axis.dilation, axis.kernel, axis.padding[0], axis.output, turned=flip)


def source_array(axis: ReadAxis) -> Ints:
    """`axis.sources` as an array."""
    return np.array(axis.sources, dtype=np.int64)


def _padded(axis: Axis) -> tuple[int, ...]:
    """What the cells of a padded input hold, in each padding mode, and nothing beyond it."""
    before, after = axis.padding
    size = axis.input
    if axis.mode != "zeros":
        return tuple(arithmetic.repeated(at, size, axis.mode) or 0 for at in range(-before, size + after))
    beyond = axis.canvas - size - before - after
    return (PADDING,) * before + tuple(range(size)) + (PADDING,) * after + (BEYOND,) * beyond


def _stretched_axis(axis: Axis, *, flip: bool) -> GatherAxis:
    before, after = axis.direct.padding
    stretched = [ZERO] * ((axis.input - 1) * axis.stride + 1)
    stretched[:: axis.stride] = range(axis.input)
    lead = max(before, 0)
    sources = (PADDING,) * lead + tuple(stretched) + (PADDING,) * max(after, 0)
    inside = range(lead, lead + len(stretched))
    return GatherAxis(sources, inside, max(-before, 0), 1, axis.dilation, axis.kernel, axis.output, turned=not flip)


def _resample_axis(axis: Axis) -> ReadAxis:
    resampling = axis.resampling
    assert resampling is not None  # noqa: S101 - asked before
    if resampling.mode == "bed-of-nails":
        every = axis.output // axis.input
        sources = tuple(
            at // every if at % every == 0 and at < every * axis.input else ZERO for at in range(axis.output)
        )
        return GatherAxis(sources, range(axis.output), 0, 1, 1, 1, axis.output, turned=False)
    shares = [resampling.shares(output) for output in range(axis.output)]
    return ResampleAxis(
        tuple(range(axis.input)),
        range(axis.input),
        axis.kernel,
        axis.output,
        tuple(tuple(share.cell for share in of) for of in shares),
        tuple(tuple(share.weight for share in of) for of in shares),
    )
