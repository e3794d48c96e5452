"""Pooling: the largest or the average of each window. Padding never wins a maximum; an average may count it or not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from convanim.engine.arrays import Array
from convanim.engine.conv import canvas_of
from convanim.engine.taps import BEYOND, ReadAxis, source_array

Where = tuple[slice | npt.NDArray[np.int64], ...]


def maximum(input: Array, axes: Sequence[ReadAxis]) -> tuple[Array, Array]:
    """The largest input value in each window, and the number of the tap that holds it, the first of equal ones."""
    canvas, inside = canvas_of(input, axes), _at_least(axes, 0)
    size = [len(input), *(axis.output for axis in axes)]
    greatest, chosen = np.zeros(size, dtype=canvas.dtype), np.full(size, -1, dtype=np.int64)
    for number, where in enumerate(tap_positions(axes)):
        values = canvas[(slice(None), *where)]
        better = inside[where] & ((chosen < 0) | (values > greatest))
        greatest[better] = values[better]
        chosen[better] = number
    return greatest, chosen


def sums_and_divisors(
    input: Array, axes: Sequence[ReadAxis], *, count_padding: bool, divisor: int | None
) -> tuple[Array, Array]:
    """Each window's sum, and what divides it: `divisor`, or its cells, those that hold padding or only those of input."""
    canvas, counted = canvas_of(input, axes), _at_least(axes, BEYOND + 1 if count_padding else 0)
    sums = np.zeros([len(input), *(axis.output for axis in axes)], dtype=canvas.dtype)
    divisors = np.zeros_like(sums[0], dtype=np.int64)
    for where in tap_positions(axes):
        sums += canvas[(slice(None), *where)]
        divisors += counted[where]
    if divisor is not None:
        divisors[:] = divisor
    return sums, np.broadcast_to(divisors, sums.shape).copy()


def quotients(sums: Array, divisors: Array) -> Array:
    """Sum over divisor as float64, correctly rounded however large the whole numbers are."""
    if sums.dtype == np.float64 or (sums.dtype == np.int64 and np.abs(sums).max() < 2**53):
        return np.asarray(sums / divisors)
    flat = [int(total) / int(cells) for total, cells in zip(sums.ravel(), divisors.ravel(), strict=True)]
    return np.array(flat, dtype=np.float64).reshape(sums.shape)


def tap_positions(axes: Sequence[ReadAxis]) -> list[Where]:
    """The canvas cells under each tap, row by row; lists of cells are crossed with each other."""
    return [
        _crossed([axis.positions(tap) for axis, tap in zip(axes, taps, strict=True)])
        for taps in product(*(range(axis.taps) for axis in axes))
    ]


def _crossed(where: list[slice | npt.NDArray[np.int64]]) -> Where:
    if not any(isinstance(cells, np.ndarray) for cells in where):
        return tuple(where)
    lists = [np.arange(cells.start, cells.stop, cells.step) if isinstance(cells, slice) else cells for cells in where]
    return np.ix_(*lists)


def _at_least(axes: Sequence[ReadAxis], least: int) -> npt.NDArray[np.bool_]:
    """Whether each canvas cell is, on every axis, no less than `least`: input, or padding that counts."""
    held = np.ix_(*map(source_array, axes))
    whole: npt.NDArray[np.bool_] = np.logical_and.reduce(np.broadcast_arrays(*(part >= least for part in held)))
    return whole
