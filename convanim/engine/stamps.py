"""The scatter view of a transposed convolution: each input cell stamps its value times the kernel on the output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import overload

import numpy as np

from convanim.engine.recording import Index, Number, Recording, Stamp, StampTap, plain


class Stamps(Sequence[Stamp]):
    """The stamps of a recording, plane by plane, row by row, each made when asked for."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def __len__(self) -> int:
        recording = self._recording
        return 0 if recording.scatter_axes is None else prod(recording.asked.input_shape)

    @overload
    def __getitem__(self, index: int) -> Stamp: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Stamp, ...]: ...
    def __getitem__(self, index: int | slice) -> Stamp | tuple[Stamp, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        number = range(len(self))[index]
        recording = self._recording
        channel, *cell = (int(at) for at in np.unravel_index(number, recording.asked.input_shape))
        value = plain(recording.input[(channel, *cell)])
        return Stamp(number, tuple(cell), value, tuple(self._taps(channel, tuple(cell), value)), channel)

    def _taps(self, channel: int, cell: Index, value: Number) -> Iterator[StampTap]:
        axes, kernel, scene = self._recording.scatter_axes, self._recording.kernel, self._recording.asked
        if axes is None or kernel is None:
            return
        group = channel // (scene.in_channels // scene.groups)
        columns = [
            [(axis.target(at, tap), axis.kernel_index(tap), axis.place(at, tap)) for tap in range(axis.taps)]
            for axis, at in zip(axes, cell, strict=True)
        ]
        for plane, weights in enumerate(kernel[channel], start=group * (scene.out_channels // scene.groups)):
            for along in product(*columns):
                targets, weighed, whole = zip(*along, strict=True)
                weight = plain(weights[weighed])
                yield StampTap(None if None in targets else targets, weighed, weight, value * weight, plane, whole)
