"""Pooling: the largest or the average of each window. Padding never wins a maximum; an average may count it or not."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

from convanim.engine.arrays import Array
from convanim.engine.conv import canvas_of
from convanim.engine.taps import GatherAxis, source_array


def maximum(input: Array, axes: tuple[GatherAxis, ...]) -> tuple[Array, Array]:
    """The largest input value in each window, and the number of the tap that holds it, the first of equal ones."""
    canvas, inside = canvas_of(input, axes), _inside(axes)
    size = [axis.output for axis in axes]
    largest, chosen = np.zeros(size, dtype=canvas.dtype), np.full(size, -1, dtype=np.int64)
    for number, where in enumerate(_tap_positions(axes)):
        better = inside[where] & ((chosen < 0) | (canvas[where] > largest))
        largest[better] = canvas[where][better]
        chosen[better] = number
    return largest, chosen


def sums_and_divisors(input: Array, axes: tuple[GatherAxis, ...], *, count_padding: bool) -> tuple[Array, Array]:
    """Each window's sum, and what divides it: all its cells, or only those that hold input."""
    canvas, inside = canvas_of(input, axes), _inside(axes)
    sums = np.zeros([axis.output for axis in axes], dtype=canvas.dtype)
    divisors = np.zeros_like(sums, dtype=np.int64)
    for where in _tap_positions(axes):
        sums += canvas[where]
        divisors += 1 if count_padding else inside[where]
    return sums, divisors


def quotients(sums: Array, divisors: Array) -> Array:
    """Sum over divisor as float64, correctly rounded however large the whole numbers are."""
    if sums.dtype == np.float64 or (sums.dtype == np.int64 and np.abs(sums).max() < 2**53):
        return np.asarray(sums / divisors)
    flat = [int(total) / int(cells) for total, cells in zip(sums.ravel(), divisors.ravel(), strict=True)]
    return np.array(flat, dtype=np.float64).reshape(sums.shape)


def _inside(axes: tuple[GatherAxis, ...]) -> npt.NDArray[np.bool_]:
    inside = np.ones([1] * len(axes), dtype=bool)
    for number, axis in enumerate(axes):
        shape = [-1 if other == number else 1 for other in range(len(axes))]
        inside = inside & (source_array(axis) >= 0).reshape(shape)
    return inside


def _tap_positions(axes: tuple[GatherAxis, ...]) -> list[tuple[slice, ...]]:
    return [
        tuple(axis.positions(tap) for axis, tap in zip(axes, taps, strict=True))
        for taps in product(*(range(axis.taps) for axis in axes))
    ]
