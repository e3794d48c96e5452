"""`Recording`: the exact computation, every placement of it. The second thing of the chain; it knows no drawing.

Arrays are held once; a placement's taps are made from one small table an axis when they are asked for. Whole
numbers stay whole, averages of whole numbers are fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, overload

import numpy as np
import numpy.typing as npt

from convanim.engine.arrays import Array
from convanim.engine.taps import PADDING, ZERO, GatherAxis, ScatterAxis
from convanim.scene import Scene
from convanim.scene.values import Size

if TYPE_CHECKING:
    from fractions import Fraction

Number: TypeAlias = "int | float | Fraction"
Index = tuple[int, ...]
# what a canvas cell is: padding if it is on any axis, else an inserted zero if it is on any
_KINDS = ("input", "zero", "padding")
_DEGREE = {ZERO: 1, PADDING: 2}


class Tap(NamedTuple):
    """One kernel cell on one canvas cell.

    `canvas` is the canvas cell; `source` the input cell that it holds, None in a hole; `kind` is "input",
    "padding" or "zero" (inserted). `kernel` is the kernel's (window's) cell. `value` is what the canvas cell holds:
    0 in a hole, None in one that counts for nothing (padding of a maximum). `weight` is the kernel's value, None in
    pooling; `product` is value × weight, in pooling the value.
    """

    canvas: Index
    source: Index | None
    kind: str
    kernel: Index
    value: Number | None
    weight: Number | None
    product: Number | None


@dataclass(frozen=True)
class Placement:
    """One placement of the kernel: the output cell that it makes, its taps in the order of summing, and the value.

    `divisor` is what an average's sum is divided by (1 elsewhere); `chosen` the tap that a maximum took, the first
    of equal ones (None elsewhere).
    """

    index: int
    output: Index
    taps: tuple[Tap, ...]
    value: Number
    divisor: int = 1
    chosen: int | None = None


class StampTap(NamedTuple):
    """One cell of a stamp: the output cell it adds to (None where padding takes it away), kernel cell and product."""

    output: Index | None
    kernel: Index
    weight: Number
    product: Number


@dataclass(frozen=True)
class Stamp:
    """One input cell of a transposed convolution, stamped on the output as value × kernel."""

    index: int
    input: Index
    value: Number
    taps: tuple[StampTap, ...]


@dataclass(frozen=True, eq=False)
class Recording(Sequence[Placement]):
    """An exact convolution or pooling: a sequence of its placements, row by row over the output.

    `input` and `output` are read-only arrays of (channels, *size), `kernel` one of (out, in, *size) or None for
    pooling; dtype int64, object (Python integers, where int64 could overflow) or float64. `sums` holds the
    output before an average is divided, `divisors` the divisors of an average, `chosen` the taps that a maximum took.
    """

    scene: Scene
    input: Array
    kernel: Array | None
    output: Array
    axes: tuple[GatherAxis, ...]
    sums: Array
    divisors: Array | None = None
    chosen: Array | None = None
    scatter_axes: tuple[ScatterAxis, ...] | None = None

    def __len__(self) -> int:
        return prod(axis.output for axis in self.axes)

    @overload
    def __getitem__(self, index: int) -> Placement: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Placement, ...]: ...
    def __getitem__(self, index: int | slice) -> Placement | tuple[Placement, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        number = range(len(self))[index]
        output = self.output_index(number)
        return Placement(
            number,
            output,
            tuple(self._tap(taps, output) for taps in product(*(range(axis.taps) for axis in self.axes))),
            self.value(output),
            1 if self.divisors is None else int(self.divisors[output]),
            None if self.chosen is None else int(self.chosen[output]),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Recording):
            return NotImplemented
        return self.scene == other.scene and all(
            _equal(getattr(self, name), getattr(other, name)) for name in ("input", "kernel", "output")
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def canvas_size(self) -> Size:
        """The size of the padded (and, transposed, stretched) input that the kernel slides over."""
        return self.scene.canvas

    @property
    def stamps(self) -> Sequence[Stamp]:
        """The scatter view of a transposed convolution, one stamp for each input cell; empty for other operations."""
        return _Stamps(self)

    def output_index(self, number: int) -> Index:
        """The output cell of placement `number`."""
        return tuple(int(at) for at in np.unravel_index(number, self.scene.output))

    def window(self, number: int) -> tuple[range, ...]:
        """The canvas cells under the kernel of placement `number`, one range for each axis."""
        output = self.output_index(number)
        return tuple(axis.canvas(at) for axis, at in zip(self.axes, output, strict=True))

    def kind(self, canvas: Index) -> str:
        """What a canvas cell is: "input", "padding" or "zero" (inserted between input cells)."""
        held = [axis.sources[at] for axis, at in zip(self.axes, canvas, strict=True)]
        if PADDING in held:
            return "padding"
        return "zero" if ZERO in held else "input"

    def kinds(self) -> tuple[str, ...]:
        """The kind of every canvas cell, row by row."""
        held = [np.array([_DEGREE.get(source, 0) for source in axis.sources]) for axis in self.axes]
        return tuple(_KINDS[degree] for degree in _outermost(held).ravel().tolist())

    def canvas_sources(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """The number of the input cell, counted row by row, that each canvas cell holds, and whether it holds one."""
        held = np.ix_(*(np.array(axis.sources) for axis in self.axes))
        inside = np.logical_and.reduce(np.broadcast_arrays(*(source >= 0 for source in held)))
        sources = np.ravel_multi_index([np.maximum(source, 0) for source in held], self.scene.input)
        return np.broadcast_to(sources, inside.shape), inside

    def source(self, canvas: Index) -> Index | None:
        """The input cell that a canvas cell holds, None for a hole."""
        held = tuple(axis.sources[at] for axis, at in zip(self.axes, canvas, strict=True))
        return held if min(held) >= 0 else None

    def canvas_value(self, canvas: Index) -> Number | None:
        """The value at a canvas cell: an input cell's, 0 in a hole, None in a hole that counts for nothing."""
        source = self.source(canvas)
        if source is not None:
            value: Number = plain(self.input[0][source])
            return value
        return None if self.scene.op == "max_pool" or not self.scene.count_include_pad else self._zero

    def value(self, output: Index) -> Number:
        """The exact value of an output cell: a whole number, a fraction (an average of whole numbers) or a float."""
        if self.divisors is None or self.sums.dtype == np.float64:
            value: Number = plain(self.output[0][output])
            return value
        from fractions import Fraction  # noqa: PLC0415 - averages alone need it

        fraction = Fraction(int(self.sums[output]), int(self.divisors[output]))
        return fraction.numerator if fraction.denominator == 1 else fraction

    def running(self, stamps: int) -> Array:
        """The output of a transposed convolution after its first `stamps` stamps, (channels, *size)."""
        total = np.zeros_like(self.output)
        for stamp in self.stamps[:stamps]:
            for tap in stamp.taps:
                if tap.output is not None:
                    total[0][tap.output] += tap.product
        return total

    @property
    def _zero(self) -> Number:
        return 0.0 if self.input.dtype == np.float64 else 0

    def _tap(self, taps: Index, output: Index) -> Tap:
        axes = self.axes
        canvas = tuple(
            axis.start + axis.step * at + axis.spread * tap for axis, at, tap in zip(axes, output, taps, strict=True)
        )
        value = self.canvas_value(canvas)
        kernel = tuple(axis.kernel_index(tap) for axis, tap in zip(axes, taps, strict=True))
        weight = None if self.kernel is None else plain(self.kernel[0, 0][kernel])
        result = value if weight is None or value is None else value * weight
        return Tap(canvas, self.source(canvas), self.kind(canvas), kernel, value, weight, result)


class _Stamps(Sequence[Stamp]):
    """The stamps of a recording, each made when asked for."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def __len__(self) -> int:
        return 0 if self._recording.scatter_axes is None else prod(self._recording.scene.input)

    @overload
    def __getitem__(self, index: int) -> Stamp: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Stamp, ...]: ...
    def __getitem__(self, index: int | slice) -> Stamp | tuple[Stamp, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        number = range(len(self))[index]
        recording = self._recording
        cell = tuple(int(at) for at in np.unravel_index(number, recording.scene.input))
        value = plain(recording.input[0][cell])
        return Stamp(number, cell, value, tuple(self._taps(cell, value)))

    def _taps(self, cell: Index, value: Number) -> Iterator[StampTap]:
        axes, kernel = self._recording.scatter_axes, self._recording.kernel
        if axes is None or kernel is None:
            return
        for taps in product(*(range(axis.taps) for axis in axes)):
            targets = [axis.target(at, tap) for axis, at, tap in zip(axes, cell, taps, strict=True)]
            inside = tuple(target for target in targets if target is not None)
            weighed = tuple(axis.kernel_index(tap) for axis, tap in zip(axes, taps, strict=True))
            weight = plain(kernel[0, 0][weighed])
            yield StampTap(inside if len(inside) == len(targets) else None, weighed, weight, value * weight)


def plain(value: Any) -> Any:
    """A NumPy number as Python's own."""
    return value.item() if isinstance(value, np.generic) else value


def _outermost(degrees: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    """What each cell of a lattice is by its axes: the greatest of their degrees."""
    whole: npt.NDArray[np.int64] = np.maximum.reduce(np.broadcast_arrays(*np.ix_(*degrees)))
    return whole


def _equal(one: Array | None, other: Array | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.dtype == other.dtype and np.array_equal(one, other)
