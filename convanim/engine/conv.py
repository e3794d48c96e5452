"""Convolution, plain and transposed, and its gradient with respect to the kernel: sums of products over the canvas.

Products are added up in the order in which taps are recorded: channel by channel, row by row. Whole numbers whose sums
a float holds exactly may be added in any order, and then a matrix product does it; other floats of many channels are
added in order by `einsum`, once NumPy has shown here that it adds so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from convanim.engine.arrays import Array, largest
from convanim.engine.taps import ReadAxis, source_array

_EXACT_FLOAT = 2**53
_PATCHES = 2**22
_MANY_CHANNELS = 16
_MANY_CELLS = 32
_CHUNK = 2**18


def canvas_of(input: Array, axes: Sequence[ReadAxis]) -> Array:
    """The padded (and stretched) input as an array of (channels, *canvas): input values, 0 in every hole."""
    if all(len(axis.sources) == size == len(axis.inside) for axis, size in zip(axes, input.shape[1:], strict=True)):
        return input
    canvas = np.zeros([len(input), *(len(axis.sources) for axis in axes)], dtype=input.dtype)
    held = [source_array(axis) for axis in axes]
    inside = [np.flatnonzero(sources >= 0) for sources in held]
    sources = (sources[at] for sources, at in zip(held, inside, strict=True))
    canvas[_whole(*_open(inside))] = input[_whole(*_open(sources))]
    return canvas


def correlate(input: Array, weights: Array, axes: Sequence[ReadAxis]) -> Array:
    """The output (groups · out, *size) of weights (groups, out, in, *size), tap by tap, holes included."""
    groups, outside, inside = weights.shape[:3]
    canvas = canvas_of(input, axes)
    canvas = canvas.reshape(groups, inside, *canvas.shape[1:])
    size = [axis.output for axis in axes]
    multiply = _multiplication(input, weights, math.prod(size))
    if multiply is not None:
        return _by_patches(canvas, weights, axes, multiply).reshape(groups * outside, *size)
    output = np.zeros([groups, outside, *size], dtype=canvas.dtype)
    step = max(_CHUNK // max(output[0, 0].size, 1), 1)
    for start in range(0, outside, step):
        part = output[:, start : start + step]
        products = np.empty_like(part)
        for channel in range(inside):
            for kernel, where in _taps(axes):
                column = canvas[_whole(slice(channel, channel + 1), *where)]
                weight = weights[_whole(slice(start, start + step), channel, *kernel)]
                np.multiply(column, weight.reshape(*weight.shape, *[1] * len(axes)), out=products)
                part += products
    return output.reshape(groups * outside, *size)


def kernel_gradient(input: Array, gradient: Array, axes: Sequence[ReadAxis], groups: int) -> Array:
    """The gradient (out, in/groups, *kernel) of an output's gradient (out, *output), each pair of channels by itself."""
    canvas = canvas_of(input, axes)
    canvas = canvas.reshape(groups, 1, len(input) // groups, *canvas.shape[1:])
    weights = gradient.reshape(groups, len(gradient) // groups, 1, *gradient.shape[1:])
    size = [axis.output for axis in axes]
    output = np.zeros([groups, len(gradient) // groups, len(input) // groups, *size], dtype=canvas.dtype)
    for kernel, where in _taps(axes):
        weight = weights[_last(*kernel)]
        output += canvas[_last(*where)] * weight.reshape(*weight.shape, *[1] * len(axes))
    return output.reshape(len(gradient), len(input) // groups, *size)


def _taps(axes: Sequence[ReadAxis]) -> list[tuple[tuple[int, ...], tuple[slice, ...]]]:
    """The kernel's cell and the canvas cells of each tap, row by row."""
    return [
        (
            tuple(axis.kernel_index(tap) for axis, tap in zip(axes, taps, strict=True)),
            tuple(_slice(axis, tap) for axis, tap in zip(axes, taps, strict=True)),
        )
        for taps in product(*(range(axis.taps) for axis in axes))
    ]


def _slice(axis: ReadAxis, tap: int) -> slice:
    where = axis.positions(tap)
    if not isinstance(where, slice):
        raise TypeError("a convolution's placements lie evenly")
    return where


def _multiplication(input: Array, weights: Array, cells: int) -> Callable[[Array, Array], Array] | None:
    """Kernels times patches in one go, where that gives the numbers of the sums in order; None where tap by tap must do."""
    if weights.shape[1] * weights.shape[2] < _MANY_CHANNELS:
        return None
    if _is_exact_as_float(input, weights):
        return np.matmul
    in_order = input.dtype == np.float64 and cells >= _MANY_CELLS and _einsum_adds_in_order()
    return _multiply_in_order if in_order else None


def _multiply_in_order(kernels: Array, patches: Array) -> Array:
    """The matrix product of each group, every sum from its first product to its last, each product rounded by itself.

    The cells are the contiguous axis of both the patches and the result, so that `einsum` goes along them innermost and
    over the taps in their order outside.
    """
    product: Array = np.einsum("gok,gkn->gon", kernels, patches)
    return product


@cache
def _einsum_adds_in_order() -> bool:
    """Whether this NumPy adds products one by one and rounds each of them, as machines with a fused multiply-add may not."""
    split, huge = 1 + 2.0**-30, 2.0**60
    kernels = np.array([[[huge, 1, -huge, -(1 + 2.0**-29), split]]])
    patches = np.ones((1, 5, _MANY_CELLS))
    patches[:, -1] = split
    return not _multiply_in_order(kernels, patches).any()


def _is_exact_as_float(input: Array, weights: Array) -> bool:
    """Whether floats hold every sum, in whichever order: whole numbers (of either type) that stay below 2⁵³."""
    if input.dtype == object:
        return False
    if input.dtype == np.float64:
        most = float(np.abs(input).max()) * float(np.abs(weights).max())
        whole = most < _EXACT_FLOAT and all(bool((array == np.floor(array)).all()) for array in (input, weights))
        return whole and most * weights[0, 0].size < _EXACT_FLOAT
    return bool(largest(input) * largest(weights) * weights[0, 0].size < _EXACT_FLOAT)


def _by_patches(
    canvas: Array, weights: Array, axes: Sequence[ReadAxis], multiply: Callable[[Array, Array], Array]
) -> Array:
    """Kernels times patches as float64, so many rows of the output at a time as memory should hold."""
    groups, outside, inside = weights.shape[:3]
    taps = _taps(axes)
    kernels = np.stack([weights[_last(*kernel)] for kernel, _ in taps], axis=-1).astype(np.float64)
    kernels = kernels.reshape(groups, outside, -1)
    rows, *rest = (axis.output for axis in axes)
    output = np.empty((groups, outside, rows, *rest), dtype=canvas.dtype)
    step = max(_PATCHES // (len(taps) * groups * inside * math.prod(rest)), 1)
    for start in range(0, rows, step):
        part = output[:, :, start : start + step]
        patches = np.empty((groups, inside, len(taps), *part.shape[2:]))
        for number, (_, where) in enumerate(taps):
            patches[:, :, number] = canvas[_last(*where)][:, :, start : start + step]
        part[:] = multiply(kernels, patches.reshape(groups, inside * len(taps), -1)).reshape(part.shape)
    return output


def _whole(*where: Any) -> Any:
    """All of the first axis, and these parts of the next ones."""
    return (slice(None), *where)


def _last(*where: Any) -> Any:
    """These parts of the last axes."""
    return (..., *where)


def _open(indexes: Iterable[Array]) -> tuple[Array, ...]:
    return np.ix_(*indexes)
