"""Where things lie, one axis at a time: what each canvas cell holds, and which cells each placement uses.

The canvas is what the kernel slides over: the padded input, for a transposed convolution stretched by inserted zeros
first. Two and more dimensions are outer products of these axes, made only when asked for, so a large scene costs
one small table an axis.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from convanim.scene.axis import Axis

Ints = npt.NDArray[np.int64]

PADDING = -1
ZERO = -2


class GatherAxis(NamedTuple):
    """How placements read the canvas along one axis.

    Placement o puts kernel cell `kernel_index(j)` on canvas cell `start + step·o + spread·j`, j = 0 … taps - 1.
    `sources` says what each canvas cell holds: an input cell's index, PADDING or ZERO (inserted).
    """

    sources: tuple[int, ...]
    start: int
    step: int
    spread: int
    taps: int
    output: int
    turned: bool

    def canvas(self, output: int) -> range:
        """The canvas cells under the kernel of placement `output`, in order."""
        first = self.start + self.step * output
        return range(first, first + self.spread * self.taps, self.spread)

    def positions(self, tap: int) -> slice:
        """The canvas cells under tap `tap`, one for each placement."""
        first = self.start + self.spread * tap
        return slice(first, first + self.step * (self.output - 1) + 1, self.step)

    def kernel_index(self, tap: int) -> int:
        """Which kernel cell lies at tap `tap`: the same number, or counted from the end if the kernel is turned."""
        return self.taps - 1 - tap if self.turned else tap


class ScatterAxis(NamedTuple):
    """How a transposed convolution's input cells stamp the output along one axis: i·step + j·spread - crop."""

    step: int
    spread: int
    taps: int
    crop: int
    output: int
    turned: bool

    def target(self, input: int, tap: int) -> int | None:
        """The output cell that tap `tap` of input cell `input` adds to; None where padding took that cell away."""
        position = input * self.step + tap * self.spread - self.crop
        return position if 0 <= position < self.output else None

    def kernel_index(self, tap: int) -> int:
        """Which kernel cell the stamp holds at tap `tap`."""
        return self.taps - 1 - tap if self.turned else tap


def gather_axis(axis: Axis, *, flip: bool) -> GatherAxis:
    """The gather table of one axis.

    A transposed convolution is read as the direct one that equals it (relationship 14): stride 1 over the stretched
    canvas, kernel turned. Where its padding is negative the window starts inside the stretched input.
    """
    if not axis.transposed:
        before, after = axis.padding
        sources = (PADDING,) * before + tuple(range(axis.input)) + (PADDING,) * after
        return GatherAxis(sources, 0, axis.stride, axis.dilation, axis.kernel, axis.output, turned=flip)
    before, after = axis.direct.padding
    stretched = [ZERO] * ((axis.input - 1) * axis.stride + 1)
    stretched[:: axis.stride] = range(axis.input)
    sources = (PADDING,) * max(before, 0) + tuple(stretched) + (PADDING,) * max(after, 0)
    return GatherAxis(sources, max(-before, 0), 1, axis.dilation, axis.kernel, axis.output, turned=not flip)


def scatter_axis(axis: Axis, *, flip: bool) -> ScatterAxis:
    """The scatter table of one axis of a transposed convolution: y[s·i + d·j - p] += x[i]·w[j]."""
    return ScatterAxis(axis.stride, axis.dilation, axis.kernel, axis.padding[0], axis.output, turned=flip)


def source_array(axis: GatherAxis) -> Ints:
    """`axis.sources` as an array."""
    return np.array(axis.sources, dtype=np.int64)
