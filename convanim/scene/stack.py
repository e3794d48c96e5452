"""`Stack`: layers one after another, each layer's output the next one's input, and what a cell sees through them.

Which cells matter for which is a question of one axis at a time, since every layer's window is a block: the cells that
an output cell sees are the crossing of what it sees along each axis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from convanim.errors import Problem, SceneError, got, key, span, times
from convanim.scene.axis import Axis
from convanim.scene.model import Scene, Timing
from convanim.scene.readers import is_whole, plain
from convanim.scene.receptive import Field, fields_along
from convanim.scene.stack_look import StackView, read_look
from convanim.scene.values import Size
from convanim.showing import ShowsItself

_PASSED_ON, _LOOK = ("input", "in_channels"), ("view", "timing")
OF_THE_STACK = (*_PASSED_ON, *_LOOK)
STACK_TOP = ("title", "description", "note", "input", "in_channels", "dimensions", "view", "timing", "layers")


@dataclass(frozen=True, init=False)
class Stack(ShowsItself):
    """Layers one after another. `layers` are scenes, sizes and channels filled in from one to the next.

    `input` is the first layer's input size, `in_channels` its channels; each of `layers` is a mapping of a scene's fields
    without these two. A max unpooling undoes the last max pooling before it that none has undone yet: it has its kernel,
    stride, padding and, as output size, its input size, and may say nothing else. Without one it has switches of its own,
    as a scene has. Raises SceneError; a problem of layer 2
    is called `layers[2].kernel`, counted from 1. `view` and `timing` are tables of how it is drawn.
    """

    title: str
    description: str
    note: str
    layers: tuple[Scene, ...]
    view: StackView
    timing: Timing

    def __init__(
        self,
        input: int | Sequence[int],
        layers: Iterable[Mapping[str, Any]],
        *,
        in_channels: int = 1,
        dimensions: int | None = None,
        title: str = "",
        description: str = "",
        note: str = "",
        view: StackView | Mapping[str, Any] | None = None,
        timing: Timing | Mapping[str, Any] | None = None,
    ) -> None:
        head = {"input": input, "in_channels": in_channels, "dimensions": dimensions}
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "description", description)
        object.__setattr__(self, "note", note)
        object.__setattr__(self, "layers", _scenes(head, _tables(layers)))
        for name, section in zip(("view", "timing"), read_look(view, timing), strict=True):
            object.__setattr__(self, name, section)

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Stack:
        """The stack that a scene file with `[[layers]]` describes."""
        if not isinstance(mapping, Mapping):
            raise TypeError(f"expected a mapping of a stack's fields, not {type(mapping).__name__}")
        unknown = [name for name in mapping if name not in STACK_TOP]
        layers = mapping.get("layers")
        if unknown:
            raise SceneError(
                Problem(key(str(unknown[0])), "not a field of a stack", f"known are {', '.join(STACK_TOP)}")
            )
        if layers is None:
            raise SceneError(Problem("layers", "missing", "every stack has a table for each layer"))
        if "input" not in mapping:
            raise SceneError(Problem("input", "missing", "every stack says how large it is"))
        for name in ("title", "description", "note"):
            if not isinstance(mapping.get(name, ""), str):
                raise SceneError(Problem(name, got(mapping[name]), "legal is text in quotes"))
        return cls(
            mapping["input"],
            layers,
            in_channels=mapping.get("in_channels", 1),
            dimensions=mapping.get("dimensions"),
            title=mapping.get("title", ""),
            description=mapping.get("description", ""),
            note=mapping.get("note", ""),
            view=mapping.get("view"),
            timing=mapping.get("timing"),
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
        return self._fields[len(self._up_to(layer)) - 1]

    def sees(self, cell: Sequence[int], layer: int = -1) -> frozenset[Size]:
        """The cells of the stack's input that an output cell of a layer depends on: holes of dilated kernels left out,
        and no padding (padding that repeats input cells counts as the cells that it repeats). Through an unpooling it is
        those that some switches would bring there: all that its window was pooled from.
        """
        chains = self._chains(layer)
        at = _cell(cell, tuple(chain[-1].output for chain in chains))
        along = [_followed(reversed(chain), Axis.sources_of, one) for chain, one in zip(chains, at, strict=True)]
        return frozenset(product(*along))

    def reaches(self, cell: Sequence[int], layer: int = -1) -> frozenset[Size]:
        """The output cells of a layer that depend on a cell of the stack's input."""
        chains, at = self._chains(layer), _cell(cell, self.input)
        along = [_followed(chain, Axis.targets_of, one) for chain, one in zip(chains, at, strict=True)]
        return frozenset(product(*along))

    @property
    def trace(self) -> str:
        """Whether the figure follows an output cell down ("sees") or an input cell up ("reaches")."""
        grows = prod(self.output) > prod(self.input)
        return self.view.trace or ("reaches" if grows else "sees")

    def trail(self, axis: int, start: int) -> tuple[tuple[int, ...], ...]:
        """The cells of every plane along one axis, the input's first, that a cell is followed to: one of the output that
        sees them, or one of the input that reaches them. Which of the two, `trace` says.
        """
        chain = self._whole_chains[axis]
        if self.trace == "sees":
            planes = _each_followed(chain[::-1], Axis.sources_of, start)[::-1]
        else:
            planes = _each_followed(chain, Axis.targets_of, start)
        return tuple(tuple(sorted(cells)) for cells in planes)

    @cached_property
    def _fields(self) -> tuple[tuple[Field, ...], ...]:
        """What the output cells of each layer see, one answer for each axis."""
        along = {chain: tuple(fields_along(chain)) for chain in dict.fromkeys(self._whole_chains)}
        return tuple(zip(*(along[chain] for chain in self._whole_chains), strict=True))

    def _chains(self, layer: int) -> list[tuple[Axis, ...]]:
        """The layers' axes up to a layer, those of height, width … by themselves."""
        count = len(self._up_to(layer))
        return [chain[:count] for chain in self._whole_chains]

    @cached_property
    def _whole_chains(self) -> tuple[tuple[Axis, ...], ...]:
        """The axes of all layers, those of height, width … by themselves."""
        return tuple(zip(*map(self._axes, range(len(self.layers))), strict=True))

    def _axes(self, number: int) -> tuple[Axis, ...]:
        """A layer's axes; an unpooling's window is that of the pooling that it undoes, dilated as that is."""
        axes, undone = self.layers[number].axes, self.undoes(number)
        if undone is None:
            return axes
        dilations = self.layers[undone].dilation
        return tuple(axis._replace(dilation=spread) for axis, spread in zip(axes, dilations, strict=True))

    def _up_to(self, layer: int) -> tuple[Scene, ...]:
        numbers = range(len(self.layers))
        try:
            return self.layers[: numbers[layer] + 1]
        except (IndexError, TypeError):
            legal = f"legal is {span(0, len(numbers) - 1)}, or counted from the end"
            raise SceneError(Problem("layer", got(layer), legal)) from None


def _tables(layers: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    tables = list(layers) if isinstance(layers, Iterable) else []
    if not tables or not all(isinstance(layer, Mapping) for layer in tables):
        raise SceneError(Problem("layers", got(layers), "legal is a list of tables, one a layer"))
    return tables


def _scenes(head: Mapping[str, Any], layers: list[Mapping[str, Any]]) -> tuple[Scene, ...]:
    scenes: list[Scene] = []
    passed = {name: value for name, value in head.items() if value is not None}
    for number, layer in enumerate(layers, start=1):
        try:
            scenes.append(_scene(passed, layer, scenes))
        except SceneError as fault:
            where = f"layers[{number}]."
            raise SceneError(problem._replace(field=where + problem.field) for problem in fault.problems) from None
        passed = {"input": list(scenes[-1].output), "in_channels": scenes[-1].out_channels}
    return tuple(scenes)


def _scene(passed: Mapping[str, Any], layer: Mapping[str, Any], before: Sequence[Scene]) -> Scene:
    """One layer's scene, from what is passed on to it and what it says itself."""
    taken = [name for name in _PASSED_ON if name in layer]
    if taken:
        raise SceneError(Problem(name, got(layer[name]), "a layer's comes from the one before it") for name in taken)
    looks = [name for name in _LOOK if name in layer]
    if looks:
        raise SceneError(
            Problem(name, "given", "but a stack has one for all its layers, beside them") for name in looks
        )
    undone = _undone([*(scene.op for scene in before), str(layer.get("op", "conv"))])
    if undone is None:
        return Scene.from_dict({**passed, **layer})
    pooling = before[undone]
    said = Scene.from_dict({**passed, **_undoing(pooling), **layer})
    problems = list(_contradictions(said, layer, pooling, f"layers[{undone + 1}]"))
    if problems:
        raise SceneError(problems)
    return Scene.from_dict({**passed, **_undoing(pooling), "output_size": list(pooling.input), **layer})


def _undoing(pooling: Scene) -> dict[str, Any]:
    """The fields of the unpooling that undoes a pooling, but for the size of its output."""
    return {
        "kernel": pooling.kernel,
        "stride": pooling.stride,
        "padding": [list(sides) for sides in pooling.pads],
    }


def _contradictions(scene: Scene, layer: Mapping[str, Any], pooling: Scene, name: str) -> Iterator[Problem]:
    """What an unpooling says or gets otherwise than the pooling that it undoes, whose switches it takes."""
    pairs = {
        "kernel": (scene.kernel, pooling.kernel),
        "stride": (scene.stride, pooling.stride),
        "padding": (scene.pads, pooling.pads),
        "output_size": (scene.output_size, pooling.input),
    }
    for field, (said, legal) in pairs.items():
        if field in layer and said != legal:
            yield Problem(field, got(layer[field]), f"but {name}, which it undoes, has {_plainly(legal)}; leave it out")
    if "switches" in layer.get("values", {}):
        yield Problem("values.switches", "given", f"but it takes those of {name}, which it undoes; leave them out")
    if scene.input_shape != pooling.output_shape:
        problem = f"got {times(scene.input_shape)} (channels first)"
        yield Problem("input", problem, f"but {name}, which it undoes, made {times(pooling.output_shape)}")


def _plainly(sizes: Sequence[Any]) -> str:
    """A size of each axis, as one number where all are the same."""
    listed = [list(size) if isinstance(size, tuple) else size for size in sizes]
    return str(listed[0] if len(set(sizes)) == 1 and not isinstance(sizes[0], tuple) else listed)


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


def _cell(cell: Sequence[int], size: Size) -> Size:
    at = plain(cell)
    is_inside = (
        isinstance(at, list | tuple)
        and len(at) == len(size)
        and all(is_whole(one) and 0 <= one < length for one, length in zip(at, size, strict=True))
    )
    if not is_inside:
        raise SceneError(Problem("cell", got(cell), f"legal is a cell of {list(size)}, counted from 0"))
    return tuple(map(int, at))


def _followed(chain: Iterable[Axis], step: Callable[[Axis, int], set[int]], cell: int) -> set[int]:
    """The cells that a cell leads to, step by step along a chain of axes."""
    return _each_followed(chain, step, cell)[-1]


def _each_followed(chain: Iterable[Axis], step: Callable[[Axis, int], set[int]], cell: int) -> list[set[int]]:
    """The cell, and the cells that it leads to after each axis of a chain."""
    cells = [{cell}]
    for axis in chain:
        cells.append({found for one in cells[-1] for found in step(axis, one)})
    return cells
