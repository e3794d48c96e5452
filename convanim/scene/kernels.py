"""Well-known kernels by name, in whole numbers, as they are multiplied (cross-correlation), for any number of axes.

A box is all ones and a gaussian binomial: divide by their sum for an average. "bilinear" is the tent with which a transposed
convolution of stride s and kernel 2s - s mod 2 upsamples (Long, Shelhamer, Darrell: Fully convolutional networks, 2015):
divide by its sum over sᵈ. Sobel's and Prewitt's are the centred
difference along one axis, smoothed along the others; x is the last axis and y the one before it, values rising to the
right and downwards give positive answers.
"""

from __future__ import annotations

from itertools import product
from math import comb, prod

from convanim.scene.values import Size

_OF_THREE = ("sharpen", "laplacian", "prewitt-x", "prewitt-y")


def misfit(name: str, size: Size) -> str:
    """Why there is no such kernel of a size, with what would be legal; "" if there is one."""
    if name.endswith("-y") and len(size) < 2:
        return f"{name} needs two axes; legal on one is {name[:-1]}x"
    if name in _OF_THREE and set(size) != {3}:
        return f"{name} is 3 on every axis"
    if name.startswith("sobel") and any(length < 3 or length % 2 == 0 for length in size):
        return f"{name} is 3, 5, 7 … on every axis"
    if name == "identity" and any(length % 2 == 0 for length in size):
        return "identity has a middle cell: an odd size on every axis"
    return ""


def named_kernel(name: str, size: Size) -> tuple[int, ...]:
    """The kernel's numbers, row by row. It must be one that fits its size (see `misfit`)."""
    axes = len(size)
    if name in {"laplacian", "sharpen"}:
        laplacian = [_laplacian(cell, axes) for cell in product(range(3), repeat=axes)]
        middle = len(laplacian) // 2
        return tuple(int(n == middle) - value if name == "sharpen" else value for n, value in enumerate(laplacian))
    factors = [_factor(name, length, axes - 1 - number) for number, length in enumerate(size)]
    return tuple(prod(cell) for cell in product(*factors))


def _factor(name: str, length: int, from_last: int) -> list[int]:
    """A separable kernel along one axis, counted from the last one."""
    smooth = [comb(length - 1, at) for at in range(length)]
    kind, _, along = name.partition("-")
    if kind == "identity":
        return [int(at == length // 2) for at in range(length)]
    if along and from_last == "xy".index(along):
        shorter = [comb(length - 3, at) for at in range(length - 2)]
        return [before - after for before, after in zip([0, 0, *shorter], [*shorter, 0, 0], strict=True)]
    if kind == "bilinear":
        return [min(2 * at + 1, 2 * (length - at) - 1) // (1 + length % 2) + length % 2 for at in range(length)]
    return [1] * length if kind in {"box", "prewitt"} else smooth


def _laplacian(cell: tuple[int, ...], axes: int) -> int:
    off = sum(at != 1 for at in cell)
    return -2 * axes if off == 0 else int(off == 1)
