"""`Recording`: the exact computation, every placement of it. The second thing of the chain; it knows no drawing.

Arrays are held once; a placement's taps are made from one small table an axis when they are asked for. Whole
numbers stay whole, averages of whole numbers are fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, overload

import numpy as np
import numpy.typing as npt

from convanim.engine.arrays import Array
from convanim.engine.taps import BEYOND, ZERO, ReadAxis, ResampleAxis, ScatterAxis
from convanim.scene import Scene
from convanim.scene.values import Listed, Size
from convanim.showing import ShowsItself

if TYPE_CHECKING:
    from fractions import Fraction

Number: TypeAlias = "int | float | Fraction"
Index = tuple[int, ...]
# what a canvas cell is: what it is on any axis, the last of these first
_KINDS = ("input", "zero", "padding", "beyond")


class Tap(NamedTuple):
    """One kernel cell on one canvas cell.

    `canvas` is the canvas cell; `source` the input cell that it holds, None in a hole; `kind` is "input",
    "padding" (which may repeat input cells), "beyond" (under a last window of ceil_mode, past the padding) or "zero"
    (inserted). `kernel` is the kernel's (window's) cell. `value` is what the canvas cell holds: 0 in a hole, None in one
    that counts for nothing (padding of a maximum). `weight` is the kernel's value, in upsampling the cell's share, None
    in pooling; `product` is value × weight, in pooling the value. `channel` is the input's plane.
    """

    canvas: Index
    source: Index | None
    kind: str
    kernel: Index
    value: Number | None
    weight: Number | None
    product: Number | None
    channel: int = 0


@dataclass(frozen=True)
class Placement:
    """One placement of the kernel: the output cell that it makes, its taps in the order of summing, and the value.

    `divisor` is what an average's sum is divided by (1 elsewhere); `chosen` the tap that a maximum took, the first
    of equal ones (None elsewhere). `channel` is the output's plane, counted over all leading axes of the output.
    """

    index: int
    output: Index
    taps: tuple[Tap, ...]
    value: Number
    divisor: int = 1
    chosen: int | None = None
    channel: int = 0


class StampTap(NamedTuple):
    """One cell of a stamp: the output cell it adds to (None where padding takes it away), kernel cell and product.

    `whole` is its place on the output before padding takes cells away, `channel` the output's plane.
    """

    output: Index | None
    kernel: Index
    weight: Number
    product: Number
    channel: int
    whole: Index


@dataclass(frozen=True)
class Stamp:
    """One input cell of a transposed convolution, stamped on the output as value × kernel; `channel` is its plane."""

    index: int
    input: Index
    value: Number
    taps: tuple[StampTap, ...]
    channel: int = 0


@dataclass(frozen=True, eq=False)
class Recording(ShowsItself, Sequence[Placement]):
    """An exact convolution, pooling or upsampling: its placements, row by row over one output plane after another.

    `input` and `output` are read-only arrays of (channels, *size), `kernel` one of (out, in/groups, *size), transposed
    (in, out/groups, *size), or None; dtype int64, object (Python integers, where int64 could overflow) or float64. `sums`
    holds the output before it is divided by `divisors`, `chosen` the taps that a maximum took, `placed` the output cells
    that unpooling filled, one placement for each input cell. `asked` is the scene, and `given` names the arrays that came
    from elsewhere: `scene` lists them too. Of the gradient with respect to a kernel, `kernel` is the output's gradient
    (out, *size), and `output` has the kernel's shape.
    """

    asked: Scene
    given: tuple[str, ...]
    input: Array
    kernel: Array | None
    output: Array
    axes: tuple[ReadAxis, ...]
    sums: Array
    divisors: Array | None = None
    chosen: Array | None = None
    scatter_axes: tuple[ScatterAxis, ...] | None = None
    placed: Array | None = None

    @cached_property
    def scene(self) -> Scene:
        """The scene with all values in it that were given as arrays."""
        arrays = {"input": self.input, "kernel": self.kernel, "switches": self.placed}
        listed = {name: _listed(array) for name, array in arrays.items() if name in self.given and array is not None}
        if "switches" in listed:
            listed["switches"] = listed["switches"]._replace(size=self.input.shape)
        return replace(self.asked, values=self.asked.values._replace(**listed)) if listed else self.asked

    def __len__(self) -> int:
        return self.planes * self._per_plane

    @overload
    def __getitem__(self, index: int) -> Placement: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Placement, ...]: ...
    def __getitem__(self, index: int | slice) -> Placement | tuple[Placement, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        number = range(len(self))[index]
        output, plane = self.output_index(number), number // self._per_plane
        at = (plane, *output)
        return Placement(
            number,
            output,
            tuple(self._carried(number) if self.placed is not None else self._taps(output, plane)),
            self.value(output, plane),
            int(self.divisors[at]) if self.divisors is not None and self.asked.op == "avg_pool" else 1,
            None if self.chosen is None else int(self.chosen[at]),
            plane,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Recording):
            return NotImplemented
        return self.scene == other.scene and all(
            _equal(getattr(self, name), getattr(other, name)) for name in ("input", "kernel", "output")
        )

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def _per_plane(self) -> int:
        return self.asked.placements

    @property
    def planes(self) -> int:
        """How many planes the output has: its channels, of a kernel's gradient each pair of channels."""
        return prod(self.output.shape[: -len(self.axes)])

    @property
    def canvas_size(self) -> Size:
        """The size of the padded (and, transposed, stretched) input that the kernel slides over."""
        return self.asked.canvas

    @property
    def stamps(self) -> Sequence[Stamp]:
        """The scatter view of a transposed convolution, one stamp for each input cell; empty for other operations."""
        from convanim.engine.stamps import Stamps  # noqa: PLC0415 - it is built on this module

        return Stamps(self)

    @cached_property
    def switches(self) -> Array:
        """The input cells that max pooling took, counted row by row in their plane (torch's return_indices).

        (channels, *output); of unpooling the cells that it was told. AttributeError for other operations.
        """
        if self.placed is not None:
            return self.placed
        if self.chosen is None:
            raise AttributeError("only max pooling and max unpooling have switches")
        sources, _ = self.canvas_sources()
        taps = [axis.taps for axis in self.axes]
        cells = np.ix_(*(range(length) for length in self.chosen.shape))[1:]
        offsets = np.unravel_index(self.chosen, taps)
        at = [
            axis.start + axis.step * cell + axis.spread * offset
            for axis, cell, offset in zip(self.axes, cells, offsets, strict=True)
            if not isinstance(axis, ResampleAxis)
        ]
        return np.asarray(sources[tuple(at)])

    def output_index(self, number: int) -> Index:
        """The output cell of placement `number`, within its plane."""
        at, index = self.output_number(number), []
        for length in reversed(self.asked.output):
            at, place = divmod(at, length)
            index.append(place)
        return tuple(reversed(index))

    def output_number(self, number: int) -> int:
        """The output cell of placement `number`, counted row by row within its plane."""
        return int(self.placed.ravel()[number]) if self.placed is not None else number % self._per_plane

    def window(self, number: int) -> tuple[Sequence[int], ...]:
        """The canvas cells under the kernel of placement `number`, one sequence for each axis."""
        if self.placed is not None:
            cell = np.unravel_index(number % self.asked.placements, self.asked.input)
            return tuple(range(int(at), int(at) + 1) for at in cell)
        return tuple(axis.canvas(at) for axis, at in zip(self.axes, self.output_index(number), strict=True))

    def kind(self, canvas: Index) -> str:
        """What a canvas cell is: "input", "zero" (inserted between input cells), "padding" or "beyond" it."""
        return _KINDS[max(_degree(axis, at) for axis, at in zip(self.axes, canvas, strict=True))]

    def kinds(self) -> tuple[str, ...]:
        """The kind of every canvas cell, row by row."""
        degrees = [np.array([_degree(axis, at) for at in range(len(axis.sources))]) for axis in self.axes]
        return tuple(_KINDS[degree] for degree in _outermost(degrees).ravel().tolist())

    def canvas_sources(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """The number of the input cell, counted row by row, that each canvas cell holds, and whether it holds one."""
        held = np.ix_(*(np.array(axis.sources) for axis in self.axes))
        inside = np.logical_and.reduce(np.broadcast_arrays(*(source >= 0 for source in held)))
        sources = np.ravel_multi_index([np.maximum(source, 0) for source in held], self.asked.input)
        return np.broadcast_to(sources, inside.shape), inside

    def source(self, canvas: Index) -> Index | None:
        """The input cell that a canvas cell holds, None for a hole."""
        held = tuple(axis.sources[at] for axis, at in zip(self.axes, canvas, strict=True))
        return held if min(held) >= 0 else None

    def canvas_value(self, canvas: Index, channel: int = 0) -> Number | None:
        """The value at a canvas cell: an input cell's, 0 in a hole, None in a hole that counts for nothing."""
        source = self.source(canvas)
        if source is not None:
            value: Number = plain(self.input[(channel, *source)])
            return value
        return self._hole[self.kind(canvas)]

    def value(self, output: Index, plane: int = 0) -> Number:
        """The exact value of an output cell: a whole number, a fraction (an average of whole numbers) or a float."""
        lead = np.unravel_index(plane, self.output.shape[: -len(self.axes)])
        at = (*map(int, lead), *output)
        if self.divisors is None or self.sums.dtype == np.float64:
            value: Number = plain(self.output[at])
            return value
        from fractions import Fraction  # noqa: PLC0415 - averages alone need it

        fraction = Fraction(int(self.sums[at]), int(self.divisors[at]))
        return fraction.numerator if fraction.denominator == 1 else fraction

    def running(self, stamps: int) -> Array:
        """The output of a transposed convolution after its first `stamps` stamps, (channels, *size)."""
        total = np.zeros_like(self.output)
        for stamp in self.stamps[:stamps]:
            for tap in stamp.taps:
                if tap.output is not None:
                    total[(tap.channel, *tap.output)] += tap.product
        return total

    @cached_property
    def _hole(self) -> dict[str, Number | None]:
        """What a hole of each kind holds."""
        zero = 0.0 if self.input.dtype == np.float64 else 0
        counts = self.asked.op != "max_pool" and self.asked.count_include_pad
        return {kind: zero if counts and kind != "beyond" else None for kind in _KINDS}

    def _taps(self, output: Index, plane: int) -> Iterator[Tap]:
        """The taps of one output cell: channel by channel, row by row."""
        columns = [_column(axis, at) for axis, at in zip(self.axes, output, strict=True)]
        hole, is_upsampling = self._hole, self.asked.op == "upsample"
        for channel, weights in self.planes_read(plane):
            values = self.input[channel]
            for along in product(*columns):
                canvas, held, degrees, kernel, taps = zip(*along, strict=True)
                source, kind = held if min(held) >= 0 else None, _KINDS[max(degrees)]
                if weights is None:
                    weight = self._share(output, taps) if is_upsampling else None
                else:
                    weight = plain(weights[kernel])
                value = hole[kind] if source is None else plain(values[source])
                result = value if weight is None or value is None else value * weight
                yield Tap(canvas, source, kind, kernel, value, weight, result, channel)

    def planes_read(self, plane: int) -> Iterator[tuple[int, Array | None]]:
        """The input planes that an output plane is made of, each with the kernel's plane that weighs it, if one does."""
        scene, kernel = self.asked, self.kernel
        if kernel is None:
            yield plane, None
            return
        inside, outside = scene.in_channels // scene.groups, scene.out_channels // scene.groups
        if scene.op == "conv_kernel_grad":
            whole, at = divmod(plane, inside)
            yield whole // outside * inside + at, kernel[whole]
            return
        first = plane // outside * inside
        for at in range(inside):
            yield first + at, kernel[first + at, plane % outside] if scene.transposed else kernel[plane, at]

    def _share(self, output: Index, taps: Index) -> Number:
        """The weight of a tap in an upsampling."""
        from convanim.engine.resample import share_of  # noqa: PLC0415 - few scenes are upsamplings

        shares = [share_of(axis, at, tap) for axis, at, tap in zip(self.axes, output, taps, strict=True)]
        weight = prod(shares)
        return float(weight) if self.input.dtype == np.float64 else weight

    def _carried(self, number: int) -> Iterator[Tap]:
        """The one tap of an unpooling: the value, and the cell of its window that the switch names."""
        scene = self.asked
        plane, at = divmod(number, scene.placements)
        cell = tuple(int(index) for index in np.unravel_index(at, scene.input))
        kernel = tuple(
            place - (start * axis.stride - axis.padding[0])
            for place, start, axis in zip(self.output_index(number), cell, scene.axes, strict=True)
        )
        value = plain(self.input[(plane, *cell)])
        yield Tap(cell, cell, "input", kernel, value, None, value, plane)


def plain(value: Any) -> Any:
    """A NumPy number as Python's own."""
    return value.item() if isinstance(value, np.generic) else value


def _column(axis: ReadAxis, output: int) -> list[tuple[int, int, int, int, int]]:
    """The taps of an output cell along one axis: canvas cell, what it holds, its degree, kernel cell and number."""
    return [
        (at, axis.sources[at], _degree(axis, at), axis.kernel_index(tap), tap)
        for tap, at in enumerate(axis.canvas(output))
    ]


def _degree(axis: ReadAxis, at: int) -> int:
    """Which of `_KINDS` a canvas cell is along one axis."""
    source = axis.sources[at]
    if source == BEYOND:
        return 3
    return (1 if source == ZERO else 0) if at in axis.inside else 2


def _listed(array: Array) -> Listed:
    return Listed(array.shape, tuple(array.ravel().tolist()))


def _outermost(degrees: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    """What each cell of a lattice is by its axes: the greatest of their degrees."""
    whole: npt.NDArray[np.int64] = np.maximum.reduce(np.broadcast_arrays(*np.ix_(*degrees)))
    return whole


def _equal(one: Array | None, other: Array | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.dtype == other.dtype and np.array_equal(one, other)
