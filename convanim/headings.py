"""Headings: under which one a figure stands among others, and in which order, in the gallery, on sites and in lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import prod

from convanim.catalogue import built_in_stacks
from convanim.scene import Scene
from convanim.scene.comparison import Comparison
from convanim.scene.stack import Stack

_COURSE, _OF_STACKS = "A short course", 20
_BACKWARD = "Backward pass"
HEADINGS = {
    _COURSE: "One idea a figure, from a single output's size to stacks of layers; each builds on those before it.",
    "Convolution": "The kernel slides over the input. Each place where it stops makes one cell of the output.",
    "Transposed convolution": "A convolution turned round: drawn as the direct one that equals it, on a stretched input.",
    "Channels": "Each filter spans the channels that it sees, and what they contribute adds up to one channel of the output.",
    "Pooling": "Each window gives its largest value, or its average.",
    "Unpooling and upsampling": "Fewer cells make more: values put back, repeated or blended.",
    _BACKWARD: "What a convolution hands back while it learns: gradients of its input and of its kernel.",
    "Stacks of layers": "Layer upon layer: what an output cell sees of the input, or an input cell reaches of the output.",
    "With numbers": "Every value, every product, every sum.",
    "Pictures": "The same arithmetic on more cells: each is shaded by its value.",
}
_BY_OPERATION = {
    "max_pool": "Pooling",
    "avg_pool": "Pooling",
    "max_unpool": "Unpooling and upsampling",
    "upsample": "Unpooling and upsampling",
    "conv_input_grad": _BACKWARD,
    "conv_kernel_grad": _BACKWARD,
}
_BY_VIEW = {"channels": "Channels", "numeric": "With numbers"}


def in_order(scenes: Mapping[str, Scene | Comparison | Stack]) -> dict[str, list[str]]:
    """The names of figures under their headings, those that have any; simple ones first."""
    groups: dict[str, list[str]] = {name: [] for name in HEADINGS}
    for name, scene in sorted(scenes.items(), key=lambda item: _place(*item)):
        groups[heading_of(name, scene)].append(name)
    return {name: figures for name, figures in groups.items() if figures}


def heading_of(name: str, figure: Scene | Comparison | Stack) -> str:
    """Under which heading a figure is shown: a lesson, whose name starts with its number, in the course."""
    if _lesson(name, figure) is not None or isinstance(figure, Comparison):
        return _COURSE
    if isinstance(figure, Stack):
        return "Stacks of layers"
    if figure.is_shaded:
        return "Pictures"
    own = _BY_OPERATION.get(figure.op, "Transposed convolution" if figure.transposed else "Convolution")
    return own if own == _BACKWARD else _BY_VIEW.get(figure.view.kind, own)


def _lesson(name: str, figure: Scene | Comparison | Stack) -> int | None:
    """The number that a lesson's name starts with, as in 05a_stamping; the stacks that come with convanim are one lesson."""
    if isinstance(figure, Stack) and name in built_in_stacks():
        return _OF_STACKS
    number = re.match(r"(\d\d)[a-z]?_", name)
    return int(number[1]) if number else None


def _place(name: str, figure: Scene | Comparison | Stack) -> tuple[object, ...]:
    """Where a figure stands: lessons in their order, then what is simple first."""
    lesson = _lesson(name, figure)
    layers = len(figure.layers) if isinstance(figure, Stack) else 0
    if lesson is not None or isinstance(figure, Comparison):
        return 0, lesson or 0, layers, name
    if isinstance(figure, Stack):
        return 1, (layers,), name
    return 1, _simplicity(figure), name


def _simplicity(scene: Scene) -> tuple[int, ...]:
    """What to show first: no pooling, no dilation, no stride, no padding."""
    pads = sum(map(sum, scene.pads))
    return (
        int(scene.op != "conv"),
        prod(scene.dilation or (1,)),
        prod(scene.stride or (1,)),
        pads,
        sum(scene.output_padding or ()),
    )
