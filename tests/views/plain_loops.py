"""What a figure should show, worked out again from the definitions by loops anyone can check by eye.

Of a recording only its numbers are taken (input, kernel, switches), never its placements, taps or output.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from math import floor, prod
from typing import NamedTuple

KINDS = ("input", "zero", "padding", "beyond")  # a cell is, of what it is on any axis, the last


class Axis(NamedTuple):
    """What each canvas cell is, (input cell or None, kind), and each output's taps: (canvas cell, kernel cell, share)."""

    cells: list[tuple[int | None, str]]
    windows: list[list[tuple[int, int, Fraction]]]


class Tap(NamedTuple):
    """A canvas cell under the kernel, by number; the input cell that it holds, if any; what weighs it."""

    canvas: int
    source: tuple[int, ...] | None
    kind: str
    kernel: tuple[int, ...]
    share: Fraction


class Truth:
    """A scene's planes and cells. Cells are tuples; `flat` counts them row by row."""

    def __init__(self, recording):
        self.scene = scene = recording.asked
        self.op, self.input, self.kernel = scene.op, recording.input.tolist(), recording.kernel
        self.places = None if recording.placed is None else [p.ravel().tolist() for p in recording.placed]
        self.axes = [axis_of(scene, number) for number in range(len(scene.input))]
        self.canvas = tuple(len(axis.cells) for axis in self.axes)
        self.output = scene.output if self.places else tuple(len(axis.windows) for axis in self.axes)
        self.cells = list(product(*map(range, self.output)))
        self.inside = scene.in_channels // scene.groups
        self.planes = scene.out_channels * (self.inside if self.op == "conv_kernel_grad" else 1)
        self.per_plane = prod(scene.input) if self.places else len(self.cells)
        self.taps, self.value = cache(self._taps), cache(self._value)

    def made(self, number):
        """The plane and the cell that a placement makes."""
        plane, at = divmod(number, self.per_plane)
        return plane, self.cells[self.places[plane][at] if self.places else at]

    def lit(self, number):
        """The taps of a placement."""
        return self.taps(self.input_cells[number % self.per_plane] if self.places else self.made(number)[1])

    @property
    def input_cells(self):
        return list(product(*map(range, self.scene.input)))

    def _taps(self, cell):
        found = []
        for taps in product(*(axis.windows[at] for axis, at in zip(self.axes, cell, strict=True))):
            canvas, kernel, shares = zip(*taps, strict=True)
            found.append(Tap(flat(canvas, self.canvas), *self.held(canvas), kernel, prod(shares)))
        return found

    def held(self, canvas):
        """The input cell that a canvas cell holds, or None, and its kind."""
        sources, kinds = zip(*(axis.cells[at] for axis, at in zip(self.axes, canvas, strict=True)), strict=True)
        return None if None in sources else sources, max(kinds, key=KINDS.index)

    def kinds(self):
        """The kind of every canvas cell."""
        return [self.held(cell)[1] for cell in product(*map(range, self.canvas))]

    def canvas_values(self, channel):
        """What every canvas cell is worth: None where it counts for nothing."""
        return [self._worth(*self.held(cell), channel) for cell in product(*map(range, self.canvas))]

    def _worth(self, source, kind, channel):
        if source is not None:
            return at(self.input[channel], source)
        counts = self.op != "max_pool" and kind != "beyond" and self.scene.count_include_pad
        return 0 if counts else None

    def reads(self, plane):
        """The channels that an output plane is made of, each with its plane of the kernel (None: nothing weighs it)."""
        scene, inside = self.scene, self.inside
        if self.kernel is None:
            return [(plane, None)]
        outside = scene.out_channels // scene.groups
        if self.op == "conv_kernel_grad":
            made_of, channel = divmod(plane, inside)
            return [(made_of // outside * inside + channel, self.kernel[made_of].tolist())]
        first = plane // outside * inside
        planes = [
            self.kernel[first + n, plane % outside] if scene.transposed else self.kernel[plane, n]
            for n in range(inside)
        ]
        return [(first + n, weights.tolist()) for n, weights in enumerate(planes)]

    def terms(self, cell, channel, weights):
        """What is added up of a channel, in order: (value, weight), of what counts for something."""
        worths = [(self._worth(tap.source, tap.kind, channel), weight(tap, weights)) for tap in self.taps(cell)]
        return [(value, by) for value, by in worths if value is not None]

    def part(self, cell, channel, weights):
        return sum(value * by for value, by in self.terms(cell, channel, weights))

    def divisor(self, cell):
        """What an average is divided by."""
        return self.scene.divisor_override or len(self.terms(cell, 0, None))

    def _value(self, cell, plane=0):
        if self.places:
            sent = {self.cells[to]: source for to, source in zip(self.places[plane], self.input_cells, strict=True)}
            return at(self.input[plane], sent[cell]) if cell in sent else 0
        parts = [self.part(cell, channel, weights) for channel, weights in self.reads(plane)]
        if self.op == "max_pool":
            return max(value for value, _ in self.terms(cell, plane, None))
        return Fraction(parts[0]) / self.divisor(cell) if self.op == "avg_pool" else sum(parts)


def weight(tap, weights):
    return tap.share if weights is None else at(weights, tap.kernel)


def at(nested, cell):
    for place in cell:
        nested = nested[place]
    return nested


def flat(cell, size):
    number = 0
    for place, length in zip(cell, size, strict=True):
        number = number * length + place
    return number


def axis_of(scene, number):
    size = scene.input[number]
    if scene.op == "max_unpool":
        return Axis([(cell, "input") for cell in range(size)], [[(cell, 0, Fraction(1))] for cell in range(size)])
    if scene.op == "upsample":
        return resampled(scene, size, scene.output[number])
    return stretched(scene, number) if scene.transposed else padded(scene, number)


def padded(scene, number):
    """Direct: the kernel slides over the padded input; with ceil_mode a last window may stand over its end."""
    size, kernel, stride, dilation = (
        each[number] for each in (scene.input, scene.kernel, scene.stride, scene.dilation)
    )
    before, after = scene.pads[number]
    whole, extent = before + size + after, dilation * (kernel - 1) + 1
    starts = [start for start in range(0, whole, stride) if start + extent <= whole]
    if scene.ceil_mode and starts[-1] + extent < whole and starts[-1] + stride < before + size:
        starts.append(starts[-1] + stride)
    cells = [(repeated(cell - before, size, scene.padding_mode), "padding") for cell in range(whole)]
    cells[before : before + size] = [(cell, "input") for cell in range(size)]
    cells += [(None, "beyond")] * (starts[-1] + extent - whole)
    if scene.op == "conv_kernel_grad":  # the output's gradient slides, as far apart as the kernel was moved
        return Axis(
            cells, [[(cell * dilation + at, n, Fraction(1)) for n, at in enumerate(starts)] for cell in range(kernel)]
        )
    return Axis(
        cells,
        [
            [(start + n * dilation, turned(scene.flip, n, kernel), Fraction(1)) for n in range(kernel)]
            for start in starts
        ],
    )


def stretched(scene, number):
    """Transposed: which input cells stamp an output cell, seen from that, on the input with zeros between and around it."""
    size, kernel, stride, dilation = (
        each[number] for each in (scene.input, scene.kernel, scene.stride, scene.dilation)
    )
    before, after = scene.pads[number]
    extra = scene.output_padding[number] if scene.output_padding else 0
    long, reach = (size - 1) * stride + 1, dilation * (kernel - 1)
    lead = reach - before
    assert lead >= 0, "these loops are for canvases that padding does not crop"
    cells = [(None, "padding")] * lead
    cells += [(cell // stride, "input") if cell % stride == 0 else (None, "zero") for cell in range(long)]
    cells += [(None, "padding")] * max(reach - after + extra, 0)
    windows = [
        [
            (cell + before - n * dilation + lead, turned(scene.flip, n, kernel), Fraction(1))
            for n in reversed(range(kernel))
        ]
        for cell in range(long + reach - before - after + extra)
    ]
    return Axis(cells, windows)


def resampled(scene, size, output):
    """Upsampling: nails in a bed of zeros, the nearest cell, or the shares of the two cells around a place."""
    if scene.mode == "bed-of-nails":
        every = output // size
        cells = [(cell // every, "input") if cell % every == 0 else (None, "zero") for cell in range(output)]
        return Axis(cells, [[(cell, 0, Fraction(1))] for cell in range(output)])
    windows = []
    for cell in range(output):
        if scene.mode == "nearest":
            windows.append([(cell * size // output, 0, Fraction(1))])
            continue
        place = Fraction((2 * cell + 1) * size, 2 * output) - Fraction(1, 2)
        if scene.align_corners:
            place = Fraction(cell * (size - 1), output - 1)
        place = min(max(place, Fraction(0)), Fraction(size - 1))
        shares = [(floor(place), 0, 1 - place % 1), (floor(place) + 1, 1, place % 1)]
        windows.append([share for share in shares if share[2]])
    return Axis([(cell, "input") for cell in range(size)], windows)


def repeated(place, size, mode):
    """The input cell that padding repeats at a place outside of the input."""
    if mode == "zeros":
        return None
    if mode == "replicate":
        return min(max(place, 0), size - 1)
    if mode == "circular":
        return place % size
    return -place if place < 0 else 2 * (size - 1) - place


def turned(is_turned, number, kernel):
    return kernel - 1 - number if is_turned else number
