"""The matrix form of a linear operation: y = Cx, with x and y flattened channel by channel, row by row.

C is made from the tap tables: one entry for each tap that holds an input cell, added up where padding shows a cell twice.
A convolution's Cᵀ is the transposed convolution with the same kernel array (A guide to convolution arithmetic for deep
learning, section 4.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np

from convanim.engine import record
from convanim.engine.arrays import Array, as_array, frozen, normal, size_of
from convanim.engine.pool import tap_positions
from convanim.engine.recording import Index, Recording
from convanim.engine.resample import share_of
from convanim.errors import Problem, SceneError, expect, times
from convanim.scene import Scene

ENTRY_LIMIT = 10**7


class Matrix(NamedTuple):
    """A sparse matrix by its entries: `values[n]` stands in row `rows[n]` and column `columns[n]`, in order of rows.

    Of an average or an interpolation of whole numbers the entries are whole too, and `divisors` (one a row) divide each
    row: so `matrix @ x` is exact. `shape` is (output cells, input cells), `output_shape` and `input_shape` their arrays'.
    """

    rows: Array
    columns: Array
    values: Array
    divisors: Array | None
    output_shape: Index
    input_shape: Index

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns: the cells of output and input."""
        return prod(self.output_shape), prod(self.input_shape)

    def __matmul__(self, vector: Any) -> Array:
        """The product with a flat array, or with one of `input_shape`; the answer has the same form."""
        legal = f"legal is {times(self.input_shape)}, or {self.shape[1]} numbers in a row"
        x = as_array("input", vector, legal)
        if x.shape not in {self.input_shape, (self.shape[1],)}:
            raise SceneError(Problem("input", f"got an array of {size_of(x)}", legal))
        x = normal(x, "input")
        products = self.values * x.reshape(-1)[self.columns]
        y = np.zeros(self.shape[0], dtype=products.dtype)
        np.add.at(y, self.rows, products)
        if self.divisors is not None:
            y = np.asarray(y / self.divisors, dtype=np.float64)
        return y if x.ndim == 1 and x.shape != self.input_shape else y.reshape(self.output_shape)

    @property
    def T(self) -> Matrix:  # noqa: N802 - as NumPy names it
        """The transpose, divided before it is turned."""
        order = np.lexsort((self.rows, self.columns))
        values = self.weights[order]
        return Matrix(self.columns[order], self.rows[order], values, None, self.input_shape, self.output_shape)

    @property
    def weights(self) -> Array:
        """The entries, divided if they are to be."""
        return self.values if self.divisors is None else np.asarray(self.values / self.divisors[self.rows])

    def dense(self) -> Array:
        """The matrix as an array of `shape`. SceneError if that is more than anyone looks at."""
        if prod(self.shape) > ENTRY_LIMIT:
            raise SceneError(
                Problem("input", f"a matrix of {self.shape}", f"legal are {ENTRY_LIMIT:,} entries at most")
            )
        whole = np.zeros(self.shape, dtype=self.weights.dtype)
        whole[self.rows, self.columns] = self.weights
        return whole

    def sparse(self) -> Any:
        """The matrix as a `scipy.sparse.coo_array`, which needs SciPy (`pip install scipy`)."""
        coo_array = import_module("scipy.sparse").coo_array

        weights = self.weights.astype(np.float64) if self.weights.dtype == object else self.weights
        return coo_array((weights, (self.rows, self.columns)), shape=self.shape)


def matrix(figure: Scene | Recording) -> Matrix:
    """The matrix C of a linear scene's y = Cx, from its kernel's values.

    Convolutions, transposed or not, their gradients (with respect to the kernel: in x, for the gradient given), average
    pooling, upsampling, and unpooling with its switches. SceneError for max pooling, which is not linear.
    """
    expect(figure, Scene, Recording)
    recording = record(figure) if isinstance(figure, Scene) else figure
    scene = recording.asked
    if scene.op == "max_pool":
        raise SceneError(Problem("op", 'got "max_pool"', "but a maximum is not linear; legal is any other operation"))
    parts = list(_unpooling(recording) if recording.placed is not None else _entries(recording))
    rows, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    rows, columns, values = _summed(rows, columns, values)
    divisors = recording.divisors
    return Matrix(
        frozen(rows),
        frozen(columns),
        frozen(values),
        None if divisors is None else frozen(divisors.reshape(-1)),
        recording.output.shape,
        recording.input.shape,
    )


def _entries(recording: Recording) -> Iterator[tuple[Array, Array, Array]]:
    """Rows, columns and values of each tap, output plane by output plane."""
    scene, axes = recording.asked, recording.axes
    entries = scene.placements * recording.planes * prod(axis.taps for axis in axes)
    entries *= scene.in_channels // scene.groups if scene.op in {"conv", "conv_input_grad"} else 1
    if entries > ENTRY_LIMIT:
        raise SceneError(Problem("kernel", f"a matrix of {entries:,} entries", f"legal are {ENTRY_LIMIT:,} at most"))
    sources, inside = recording.canvas_sources()
    places, cells = scene.placements, prod(scene.input)
    read = [(sources[where].reshape(-1), inside[where].reshape(-1)) for where in tap_positions(axes)]
    taps = list(product(*(range(axis.taps) for axis in axes)))
    shares = [_shares(recording, tap) for tap in taps]
    for plane in range(recording.planes):
        for channel, weights in recording.planes_read(plane):
            for tap, share, (source, held) in zip(taps, shares, read, strict=True):
                at = np.flatnonzero(held & (share != 0))
                kernel = tuple(axis.kernel_index(one) for axis, one in zip(axes, tap, strict=True))
                value = share[at] if weights is None else np.full(at.size, weights[kernel])
                yield at + plane * places, source[at] + channel * cells, value


def _shares(recording: Recording, tap: Index) -> Array:
    """What a tap counts in each place of an average (1) or an upsampling (its weight, whole but for floats)."""
    if recording.asked.op != "upsample":
        return np.ones(recording.asked.placements, dtype=np.int64)
    is_float = recording.input.dtype == np.float64
    whole = 1 if is_float or recording.divisors is None else int(recording.divisors.reshape(-1)[0])
    exact = [
        prod(share_of(axis, at, one) for axis, at, one in zip(recording.axes, cell, tap, strict=True)) * whole
        for cell in product(*(range(axis.output) for axis in recording.axes))
    ]
    return np.array([float(share) if is_float else int(share) for share in exact])


def _unpooling(recording: Recording) -> Iterator[tuple[Array, Array, Array]]:
    """One entry for each value that is carried; where two values go to one cell, the last one's."""
    placed = recording.placed
    assert placed is not None  # noqa: S101 - asked before
    places = prod(recording.asked.output)
    rows = (placed.reshape(len(placed), -1) + np.arange(len(placed))[:, np.newaxis] * places).reshape(-1)
    last = {int(row): column for column, row in enumerate(rows)}
    kept = np.array(sorted(last), dtype=np.int64)
    yield kept, np.array([last[int(row)] for row in kept], dtype=np.int64), np.ones(kept.size, dtype=np.int64)


def _summed(rows: Array, columns: Array, values: Array) -> tuple[Array, Array, Array]:
    """Entries in order of rows and columns, those of the same place added up."""
    order = np.lexsort((columns, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    if not rows.size:
        return rows, columns, values
    first = np.flatnonzero(np.r_[True, (np.diff(rows) != 0) | (np.diff(columns) != 0)])
    return rows[first], columns[first], np.add.reduceat(values, first)
