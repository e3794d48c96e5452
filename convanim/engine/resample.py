"""Upsampling: each output cell as the weighted sum of input cells, weights exact fractions of one denominator."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import lcm, prod

import numpy as np

from convanim.engine.arrays import Array
from convanim.engine.conv import canvas_of
from convanim.engine.pool import tap_positions
from convanim.engine.taps import ReadAxis, ResampleAxis


def denominator(axes: Sequence[ReadAxis]) -> int:
    """What all weights are whole multiples of: one over this."""
    return prod(_denominator(axis) for axis in axes)


def resample(input: Array, axes: Sequence[ReadAxis]) -> tuple[Array, Array]:
    """Sums of input times whole weights, and what divides them. Of floats the weights are floats, and the divisor 1."""
    canvas = canvas_of(input, axes)
    size = [len(input), *(axis.output for axis in axes)]
    is_float = canvas.dtype == np.float64
    sums = np.zeros(size, dtype=canvas.dtype)
    wholes = [_denominator(axis) for axis in axes]
    for taps, where in zip(product(*(range(axis.taps) for axis in axes)), tap_positions(axes), strict=True):
        weights = np.array(1, dtype=object)
        for axis, tap, whole in zip(axes, taps, wholes, strict=True):
            shares = [share_of(axis, output, tap) for output in range(axis.output)]
            exact = np.array(shares if is_float else [int(share * whole) for share in shares], dtype=object)
            weights = weights[..., np.newaxis] * exact
        sums += canvas[(slice(None), *where)] * weights.astype(canvas.dtype)
    return sums, np.full(size, 1 if is_float else prod(wholes), dtype=object if prod(wholes) > 2**62 else np.int64)


def share_of(axis: ReadAxis, output: int, tap: int) -> Fraction:
    """The weight of tap `tap` in output cell `output`: 1 where one cell is taken as it is."""
    return axis.shares[output][tap] if isinstance(axis, ResampleAxis) else Fraction(1)


def _denominator(axis: ReadAxis) -> int:
    if not isinstance(axis, ResampleAxis):
        return 1
    return lcm(*(share.denominator for shares in axis.shares for share in shares))
