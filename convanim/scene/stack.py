"""`Stack`: layers one after another, each layer's output the next one's input, and what a cell sees through them.

Which cells matter for which is a question of one axis at a time, since every layer's window is a block: the cells that
an output cell sees are the crossing of what it sees along each axis. Receptive fields, jumps (effective strides) and start offsets
follow the usual recurrences (Araujo, Norris, Sim: Computing receptive fields of convolutional neural networks, 2019),
a transposed layer of stride s counting as 1/s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

from convanim.errors import Problem, SceneError, got
from convanim.scene.axis import Axis
from convanim.scene.model import Scene
from convanim.scene.values import Size

_PASSED_ON = ("input", "in_channels")
_PERIOD = 4096
_TOP = ("title", "description", "input", "in_channels", "dimensions", "layers")


class Field(NamedTuple):
    """What one layer's output cells see of the stack's input, along one axis, in input cells.

    `size` is the receptive field (the widest span of any output cell, padding included), `jump` the distance between
    neighbouring cells' fields, `start` the place of the first cell's field's middle (0 is the middle of the first input
    cell).
    """

    size: int
    jump: Fraction
    start: Fraction


@dataclass(frozen=True, init=False)
class Stack:
    """Layers one after another. `layers` are scenes, sizes and channels filled in from one to the next.

    `input` is the first layer's input size, `in_channels` its channels; each of `layers` is a mapping of a scene's fields
    without these two. A max unpooling undoes the last max pooling before it that none has undone yet: it has its kernel,
    stride, padding and, as output size, its input size, unless it says otherwise. Raises SceneError; a problem of layer 2
    is called `layers[2].kernel`, counted from 1.
    """

    title: str
    description: str
    layers: tuple[Scene, ...]

    def __init__(
        self,
        input: int | Sequence[int],
        layers: Iterable[Mapping[str, Any]],
        *,
        in_channels: int = 1,
        dimensions: int | None = None,
        title: str = "",
        description: str = "",
    ) -> None:
        head = {"input": input, "in_channels": in_channels, "dimensions": dimensions}
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "description", description)
        object.__setattr__(self, "layers", _scenes(head, list(layers)))

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Stack:
        """The stack that a scene file with `[[layers]]` describes."""
        unknown = [name for name in mapping if name not in _TOP]
        layers = mapping.get("layers")
        if unknown:
            raise SceneError(Problem(unknown[0], "not a field of a stack", f"known are {', '.join(_TOP)}"))
        if not isinstance(layers, Sequence) or not layers or not all(isinstance(layer, Mapping) for layer in layers):
            raise SceneError(Problem("layers", got(layers), "legal is a list of tables, one a layer"))
        if "input" not in mapping:
            raise SceneError(Problem("input", "missing", "every stack says how large it is"))
        for name in ("title", "description"):
            if not isinstance(mapping.get(name, ""), str):
                raise SceneError(Problem(name, got(mapping[name]), "legal is text in quotes"))
        return cls(
            mapping["input"],
            layers,
            in_channels=mapping.get("in_channels", 1),
            dimensions=mapping.get("dimensions"),
            title=mapping.get("title", ""),
            description=mapping.get("description", ""),
        )

    @property
    def input(self) -> Size:
        """The size of the first layer's input."""
        return self.layers[0].input

    @property
    def output(self) -> Size:
        """The size of the last layer's output."""
        return self.layers[-1].output

    def undoes(self, number: int) -> int | None:
        """Which layer's switches the max unpooling `number` (from 0) uses; None if it has its own."""
        return _undone([layer.op for layer in self.layers[: number + 1]])

    def fields(self, layer: int = -1) -> tuple[Field, ...]:
        """What the output cells of a layer (from 0; the last by default) see of the input, one answer for each axis."""
        axes = list(zip(*(scene.axes for scene in self._up_to(layer)), strict=True))
        return tuple(_field(chain) for chain in axes)

    def sees(self, cell: Sequence[int], layer: int = -1) -> frozenset[Size]:
        """The cells of the stack's input that an output cell of a layer depends on: holes of dilated kernels left out,
        and no padding (padding that repeats input cells counts as the cells that it repeats).
        """
        layers = self._up_to(layer)
        at = _cell(cell, layers[-1].output, "cell")
        along = [_seen(chain, {one}) for chain, one in zip(_chains(layers), at, strict=True)]
        return frozenset(product(*along))

    def reaches(self, cell: Sequence[int], layer: int = -1) -> frozenset[Size]:
        """The output cells of a layer that depend on a cell of the stack's input."""
        layers = self._up_to(layer)
        at = _cell(cell, self.input, "cell")
        along = []
        for chain, one in zip(_chains(layers), at, strict=True):
            along.append([output for output in range(chain[-1].output) if one in _seen(chain, {output})])
        return frozenset(product(*along))

    def _up_to(self, layer: int) -> tuple[Scene, ...]:
        numbers = range(len(self.layers))
        try:
            return self.layers[: numbers[layer] + 1]
        except IndexError:
            legal = f"legal is 0 to {len(numbers) - 1}, or counted from the end"
            raise SceneError(Problem("layer", got(layer), legal)) from None


def _scenes(head: Mapping[str, Any], layers: list[Mapping[str, Any]]) -> tuple[Scene, ...]:
    scenes: list[Scene] = []
    problems: list[Problem] = []
    passed = {name: value for name, value in head.items() if value is not None}
    for number, layer in enumerate(layers, start=1):
        where = f"layers[{number}]."
        taken = [name for name in _PASSED_ON if name in layer]
        problems += [
            Problem(where + name, got(layer[name]), "a layer's comes from the one before it") for name in taken
        ]
        if problems:
            raise SceneError(problems)
        unpooled = _undone([*(scene.op for scene in scenes), str(layer.get("op", "conv"))])
        written = {**passed, **(_undoing(scenes[unpooled]) if unpooled is not None else {}), **layer}
        try:
            scene = Scene.from_dict(written)
        except SceneError as fault:
            named = ((problem._replace(field=where + problem.field)) for problem in fault.problems)
            raise SceneError(named) from None
        scenes.append(scene)
        passed = {"input": list(scene.output), "in_channels": scene.out_channels}
    if not scenes:
        raise SceneError(Problem("layers", "got none", "legal is one layer or more"))
    return tuple(scenes)


def _undoing(pooling: Scene) -> dict[str, Any]:
    """The fields of the unpooling that undoes a pooling."""
    return {
        "kernel": pooling.kernel,
        "stride": pooling.stride,
        "padding": pooling.padding if isinstance(pooling.padding, str) else list(pooling.padding),
        "output_size": list(pooling.input),
    }


def _undone(ops: Sequence[str]) -> int | None:
    """The last max pooling that the max unpooling at the end of `ops` undoes: pairs nest like brackets."""
    if ops[-1] != "max_unpool":
        return None
    waiting: list[int] = []
    for number, op in enumerate(ops[:-1]):
        if op == "max_pool":
            waiting.append(number)
        elif op == "max_unpool" and waiting:
            waiting.pop()
    return waiting[-1] if waiting else None


def _cell(cell: Sequence[int], size: Size, name: str) -> Size:
    at = tuple(cell)
    if len(at) != len(size) or not all(0 <= one < length for one, length in zip(at, size, strict=True)):
        raise SceneError(Problem(name, got(list(at)), f"legal is a cell of {list(size)}, counted from 0"))
    return at


def _chains(layers: Sequence[Scene]) -> list[tuple[Axis, ...]]:
    return list(zip(*(scene.axes for scene in layers), strict=True))


def _seen(chain: Sequence[Axis], outputs: Iterable[int]) -> list[int]:
    """The input cells that some output cells of a chain of axes depend on."""
    cells = set(outputs)
    for axis in reversed(chain):
        cells = {source for cell in cells for source in axis.sources_of(cell)}
    return sorted(cells)


def _typical(outputs: int) -> Iterable[int]:
    """Output cells among which the widest field is: all, or of very many the first and so many from the middle.

    Fields change with the place modulo the product of the transposed strides, which is less than so many.
    """
    if outputs <= 2 * _PERIOD:
        return range(outputs)
    return (*range(_PERIOD), *range(outputs // 2, outputs // 2 + _PERIOD))


def _field(chain: Sequence[Axis]) -> Field:
    """The recurrence over a chain of axes, the widest span over all of the last one's output cells."""
    jump, start = Fraction(1), Fraction(0)
    for axis in chain:
        middle, stride = axis.middle_of_first()
        start += middle * jump
        jump *= stride
    widest = 0
    for output in _typical(chain[-1].output):
        low, high = output, output
        for axis in reversed(chain):
            low, high = axis.span_of(low)[0], axis.span_of(high)[1]
        widest = max(widest, high - low + 1)
    return Field(widest, jump, start)
