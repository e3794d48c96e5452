"""The switches of an unpooling as numbers: listed ones, or one cell of each window at random."""

from __future__ import annotations

import random
from itertools import product

from convanim.scene.axis import Axis
from convanim.scene.model import Scene
from convanim.scene.values import Listed


def switches_of(scene: Scene) -> tuple[int, ...]:
    """Cells of the output plane, one for each input value, row by row and plane by plane."""
    filling = scene.values.switches
    if isinstance(filling, Listed):
        return tuple(map(int, filling.numbers))
    generator = random.Random(filling.seed)  # noqa: S311 - for figures, not for secrets
    blocks = [[_block(axis, at) for at in range(axis.input)] for axis in scene.axes]
    numbers = []
    for _, *cell in product(range(scene.in_channels), *(range(length) for length in scene.input)):
        number = 0
        for axis, along, at in zip(scene.axes, blocks, cell, strict=True):
            block = along[at]
            number = number * axis.output + block[int(generator.random() * len(block))]
        numbers.append(number)
    return tuple(numbers)


def _block(axis: Axis, at: int) -> range:
    """The cells of a window that no other window has, as far as they lie in the output."""
    start = at * axis.stride - axis.padding[0]
    first = min(max(start, 0), axis.output - 1)
    return range(first, max(min(start + min(axis.kernel, axis.stride), axis.output), first + 1))
