"""Arrays of any framework as plain numbers: their shape, their numbers row by row, their axes in another order.

A small kernel of finite numbers becomes a scene's values; one that is large, or has no numbers yet, leaves it at its
shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from math import isfinite, prod
from typing import Any

KERNEL_LIMIT = 4096


def shape_of(array: Any) -> tuple[int, ...]:
    """The shape of an array."""
    return tuple(array.shape)


def numbers_of(array: Any) -> list[float]:
    """The numbers of an array row by row, wherever it lives and of whatever kind its floats are."""
    for step in ("detach", "cpu"):
        array = getattr(array, step)() if hasattr(array, step) else array
    if not hasattr(array, "tolist"):
        array = array.__array__()
    return [float(number) for number in _flat(array.tolist())]


def with_kernel(
    fields: Mapping[str, Any], shape: tuple[int, ...], numbers: Callable[[], Sequence[float]]
) -> dict[str, Any]:
    """The fields with the kernel's values, unless the caller gave some, or it is large or not of finite numbers."""
    values = dict(fields.get("values") or {})
    if "kernel" in values or prod(shape) > KERNEL_LIMIT:
        return dict(fields)
    known = numbers()
    if not all(isfinite(number) for number in known):
        return dict(fields)
    whole = [int(number) if number == int(number) else number for number in known]
    return {**fields, "values": {**values, "kernel": _nested(whole, shape)}}


def _nested(numbers: Sequence[float], shape: tuple[int, ...]) -> list[Any]:
    if len(shape) == 1:
        return list(numbers)
    inner = prod(shape[1:])
    return [_nested(numbers[at : at + inner], shape[1:]) for at in range(0, len(numbers), inner)]


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
