"""Arrays of any framework as plain numbers: their shape, their numbers row by row, and their axes in another order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any


def shape_of(array: Any) -> tuple[int, ...]:
    """The shape of an array."""
    return tuple(array.shape)


def numbers_of(array: Any) -> list[float]:
    """The numbers of an array row by row, wherever it lives."""
    for step in ("detach", "cpu", "numpy"):
        array = getattr(array, step)() if hasattr(array, step) else array
    if not hasattr(array, "tolist"):
        array = array.__array__()
    return _flat(array.tolist())


def in_order(
    numbers: Sequence[float], shape: tuple[int, ...], order: tuple[int, ...]
) -> tuple[tuple[int, ...], list[float]]:
    """Shape and numbers of the array whose axes are those of another, in `order`."""
    steps = [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    turned = tuple(shape[axis] for axis in order)
    return turned, [
        numbers[sum(at * steps[axis] for at, axis in zip(index, order, strict=True))]
        for index in product(*map(range, turned))
    ]


def _flat(nested: Any) -> list[float]:
    return [number for part in nested for number in _flat(part)] if isinstance(nested, list) else [nested]
