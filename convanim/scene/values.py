"""What fills the input and the kernel: lists, a seeded random range, a ramp, an impulse or a picture.

Each is a frozen description; `fill` turns one into a flat tuple of Python numbers, row by row. The random numbers
come from Python's own generator, whose stream does not change between versions, so the same scene gives the same
values everywhere.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from math import floor, log10, prod
from typing import NamedTuple

Number = int | float
Size = tuple[int, ...]
_RANDOM_DECIMALS = 2


class Listed(NamedTuple):
    """Numbers as the user wrote them: `size` of the nested list, and the numbers in it row by row."""

    size: Size
    numbers: tuple[Number, ...]


class Random(NamedTuple):
    """Uniform between `low` and `high`, both included: whole numbers if both are whole, else rounded to decimals.

    Two decimals, or as many as it takes to tell a hundred numbers of the range apart.
    """

    low: Number
    high: Number
    seed: int = 0


class Ramp(NamedTuple):
    """`start`, `start + step`, … row by row."""

    start: Number = 1
    step: Number = 1


class Impulse(NamedTuple):
    """One at `at` (the middle cell if None), zeros elsewhere."""

    at: Size | None = None


class Named(NamedTuple):
    """A well-known kernel by its name, one of KERNELS, in whole numbers."""

    name: str


class Switches(NamedTuple):
    """Cells to unpool into, one of each window at random."""

    seed: int = 0


class Picture(NamedTuple):
    """A picture's greys, 0 black to 255 white, row by row; with 3 channels its reds, greens and blues."""

    size: Size
    levels: bytes
    channels: int = 1

    def __repr__(self) -> str:
        return f"Picture(size={self.size}, levels=<{len(self.levels)} bytes>)"


class PictureFile(NamedTuple):
    """A picture that is still to be read, by the path of its file or as a `data:` URI, in a size if one is said."""

    source: str
    size: Size | None = None


KERNELS = (
    "identity",
    "box",
    "gaussian",
    "bilinear",
    "sharpen",
    "laplacian",
    "sobel-x",
    "sobel-y",
    "prewitt-x",
    "prewitt-y",
)

Filling = Listed | Random | Ramp | Impulse | Picture | Named

DEFAULT_INPUT = Random(0, 3, seed=0)
DEFAULT_KERNEL = Random(0, 2, seed=6)
DEFAULT_SWITCHES = Switches()


def fill(filling: Filling, size: Size, planes: int = 1) -> tuple[Number, ...]:
    """The numbers of `planes` planes of `size` cells, row by row. What has a size of its own must have that size already.

    An impulse and a kernel by name are the same in every plane; ramps and random numbers go on from plane to plane.
    """
    cells = prod(size)
    match filling:
        case Listed():
            return filling.numbers
        case Picture():
            return tuple(filling.levels)
        case Random():
            return tuple(_random(filling, cells * planes))
        case Ramp():
            return tuple(filling.start + filling.step * n for n in range(cells * planes))
        case Named():
            from convanim.scene.kernels import named_kernel  # noqa: PLC0415 - few scenes name a kernel

            return named_kernel(filling.name, size) * planes
        case Impulse():
            at = filling.at or tuple(length // 2 for length in size)
            one = _flat(at, size)
            return tuple(int(n == one) for n in range(cells)) * planes


def _random(filling: Random, cells: int) -> Iterator[Number]:
    generator = random.Random(filling.seed)
    low, high = filling.low, filling.high
    decimals = max(_RANDOM_DECIMALS, _RANDOM_DECIMALS - floor(log10(high - low))) if high > low else 300
    for _ in range(cells):
        if isinstance(low, int) and isinstance(high, int):
            yield low + int(generator.random() * (high - low + 1))
        else:
            yield min(max(round(low + generator.random() * (high - low), decimals), low), high)


def _flat(index: Size, size: Size) -> int:
    flat = 0
    for position, length in zip(index, size, strict=True):
        flat = flat * length + position
    return flat
