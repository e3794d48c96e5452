"""Convolution, plain and transposed: sums of products over the canvas, in the order in which taps are recorded."""

from __future__ import annotations

from itertools import product

import numpy as np

from convanim.engine.arrays import Array
from convanim.engine.taps import GatherAxis, source_array


def canvas_of(input: Array, axes: tuple[GatherAxis, ...]) -> Array:
    """The padded (and stretched) input as an array: input values, 0 in every hole."""
    canvas = np.zeros([len(axis.sources) for axis in axes], dtype=input.dtype)
    held = [source_array(axis) for axis in axes]
    inside = [np.flatnonzero(sources >= 0) for sources in held]
    canvas[np.ix_(*inside)] = input[np.ix_(*(sources[at] for sources, at in zip(held, inside, strict=True)))]
    return canvas


def correlate(input: Array, kernel: Array, axes: tuple[GatherAxis, ...]) -> Array:
    """The output: at each placement the products of canvas and kernel, added up tap by tap, holes included."""
    canvas = canvas_of(input, axes)
    output = np.zeros([axis.output for axis in axes], dtype=canvas.dtype)
    for taps in product(*(range(axis.taps) for axis in axes)):
        weight = kernel[tuple(axis.kernel_index(tap) for axis, tap in zip(axes, taps, strict=True))]
        output += canvas[tuple(axis.positions(tap) for axis, tap in zip(axes, taps, strict=True))] * weight
    return output
