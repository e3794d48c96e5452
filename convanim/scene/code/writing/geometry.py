"""What the writers share about sizes: padding and cropping as numbers, and sizes as source text."""

from __future__ import annotations

from collections.abc import Iterable

from convanim.scene.axis import Axis
from convanim.scene.model import Scene

Pads = tuple[tuple[int, int], ...]


def one_or_all(sizes: Iterable[int]) -> str:
    """`3` where all axes agree, else `(3, 2)`."""
    numbers = tuple(sizes)
    return str(numbers[0]) if len(set(numbers)) == 1 else str(numbers)


def keywords(**given: tuple[str, str]) -> str:
    """`, stride=2, groups=3` of (text, default) pairs, those that are the default left out."""
    return "".join(f", {name}={text}" for name, (text, default) in given.items() if text != default)


def symmetric(pads: Pads) -> bool:
    """Whether each axis has as much before as after."""
    return all(before == after for before, after in pads)


def reaching(scene: Scene) -> Pads:
    """Padding of a pooling up to the end of its last window, which ceil_mode may hang over the padding."""
    return tuple((axis.padding[0], max(_reach(axis), 0)) for axis in scene.axes)


def counted_pads(scene: Scene) -> Pads:
    """The padding that an average counts, as far as the last window reaches."""
    return tuple((axis.padding[0], min(max(_reach(axis), 0), axis.padding[1])) for axis in scene.axes)


def beyond(scene: Scene) -> Pads:
    """The cells after the padding that a last window hangs over."""
    return tuple((0, max(_reach(axis) - axis.padding[1], 0)) for axis in scene.axes)


def _reach(axis: Axis) -> int:
    return (axis.output - 1) * axis.stride + axis.extent - axis.input - axis.padding[0]


def full_sizes(scene: Scene) -> tuple[int, ...]:
    """The output of a transposed convolution before anything is taken away."""
    return tuple((axis.input - 1) * axis.stride + axis.extent for axis in scene.axes)


def trims(scene: Scene) -> Pads:
    """Cells to add to that on each side: less than none where padding takes cells away."""
    pairs = zip(scene.axes, full_sizes(scene), strict=True)
    return tuple((-axis.padding[0], axis.output + axis.padding[0] - full) for axis, full in pairs)


def is_transposed(scene: Scene) -> bool:
    """Whether the scene is computed as a transposed convolution; the gradient by the input is one."""
    return scene.transposed or scene.op == "conv_input_grad"
