"""Stacks of layers: planes above one another, the input lowest, and which cells lead to which through all of them.

A chosen output cell is followed down to the input cells that it sees, or an input cell up to the output cells that it
reaches. What is lit is what `Stack.traced` says; no values play a part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from math import floor, prod
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Lazy, Line, Paint, Step, Storyboard, Text, bounds
from convanim.draw.text import width
from convanim.draw.timing import durations
from convanim.errors import Problem, times
from convanim.language import Language, language
from convanim.scene import stack_wording
from convanim.scene.stack import Stack
from convanim.scene.values import Size
from convanim.view_table import STACKS
from convanim.views.caption import Caption, Parts, caption_of, counter
from convanim.views.stack_layout import grids_of, middle_of, planes_of

_MARGIN, _LABEL_SIZE, _SIDE_SIZE, _LABEL_GAP = 18, 15, 12, 22
_LEAST_WIDTH, _MOST_AXES, _MOST_LAYERS, _MOST_SIZES = 420, 2, 16, 5
_LABEL_ROLES = {"input": "input label", "output": "output label"}

_Crossing = tuple[
    tuple[int, ...], ...
]  # cells of a plane, by what they cross along each axis, in order; none if that is none


class _Drawing(NamedTuple):
    """A stack, its planes, where the labels stand and what they say in their second lines, and the caption.

    `trail` is the stack's, worked out once for each cell along an axis.
    """

    stack: Stack
    trail: Callable[[int, int], tuple[tuple[int, ...], ...]]
    grids: tuple[Grid, ...]
    labels: tuple[Text, ...]
    parameters: tuple[tuple[str, ...], ...]
    caption: Caption | None
    size: tuple[int, int]


def steps(stack: Stack) -> int:
    """One for each cell that is followed."""
    return prod(_chosen_from(stack))


def refusal(stack: Stack) -> Problem | None:
    """What keeps a stack from being drawn: three axes, or more than a page holds."""
    if len(stack.input) > _MOST_AXES:
        return Problem("input", f"a figure of a stack cannot have {len(stack.input)} axes", "legal are 1 and 2")
    if len(stack.layers) > _MOST_LAYERS:
        legal = f"legal in a figure are {_MOST_LAYERS} at most"
        return Problem("layers", f"got {len(stack.layers)}", legal)
    cells = sum(prod(plane.size) for plane in planes_of(stack))
    if cells > STACKS.most_cells:
        return Problem("layers", f"planes of {cells:,} cells in all", f"legal are {STACKS.most_cells:,} at most")
    return None


def storyboard(stack: Stack, shown: range) -> Storyboard:
    """The chosen cells numbered in `shown`, one a step."""
    drawing = _drawing(stack)
    times_ = durations(len(shown), stack.timing.step, stack.timing.hold)

    def step(place: int) -> Step:
        return Step(shown[place], times_[place], (), tuple(_passing(drawing, shown[place])))

    captions = drawing.caption.texts if drawing.caption else ()
    return Storyboard(
        drawing.size,
        drawing.grids,
        Lazy(len(shown), step),
        (*drawing.labels, *captions),
        ("connector", "quiet"),
        title=stack_wording.title(stack),
        alternative=stack_wording.alternative_text(stack, shown[0] if len(shown) == 1 else None),
        plays=stack.timing.loop,
        language=stack.view.language,
    )


def _passing(drawing: _Drawing, number: int) -> Iterator[Paint | Line | Text]:
    """The cells that the chosen one leads to, and lines from plane to plane around them."""
    stack = drawing.stack
    along = [drawing.trail(axis, at) for axis, at in enumerate(_cell(_chosen_from(stack), number))]
    traced: list[_Crossing] = list(zip(*along, strict=True))
    for grid, cells in zip(drawing.grids, traced, strict=True):
        if all(cells):
            yield Paint(grid.name, _numbers(cells, grid.shape), grid.changes[0])
    for lower, upper, below, above in zip(drawing.grids, drawing.grids[1:], traced, traced[1:], strict=False):
        if all(below) and all(above):
            corners = zip(lower.block(*_block(below)), upper.block(*_block(above)), strict=True)
            behind = (upper.name,) if upper.stroke else ()  # only lines show which of very small cells is meant
            yield from (Line(start, end, "connector", 1.0, behind) for start, end in corners)
    said = language(stack.view.language)
    if stack.view.labels:
        followed = _of_the_followed(drawing.labels, stack)
        for label, parameters, cells in zip(drawing.labels, drawing.parameters, traced, strict=False):
            if label != followed:
                yield _second_line(label, (*parameters, _lit(stack, cells, said)), said)
    if drawing.caption:
        yield drawing.caption.at_step(number)


def _numbers(cells: _Crossing, size: Size) -> tuple[int, ...]:
    """The numbers of cells of a plane, counted row by row."""
    numbers = [0]
    for along, length in zip(cells, size, strict=True):
        numbers = [start * length + at for start in numbers for at in along]
    return tuple(numbers)


def _of_the_followed(labels: Sequence[Text], stack: Stack) -> Text:
    """The name of the plane one of whose cells is followed; the names come first, the input's at the start."""
    return labels[len(stack.layers) if stack.trace == "sees" else 0]


def _lit(stack: Stack, cells: _Crossing, said: Language) -> str:
    """What is lit in a plane that the followed cell leads to: all that it sees there, or reaches."""
    if stack.trace == "sees":
        return said("seen: {size}", size=times(_spans(cells))) if all(cells) else said("not seen")
    return said("reached: {size}", size=times(_spans(cells))) if all(cells) else said("not reached")


def _spans(cells: _Crossing) -> Size:
    """How far cells reach along each axis."""
    return tuple(along[-1] + 1 - along[0] for along in cells)


def _block(cells: _Crossing) -> tuple[int, int, int, int]:
    """The block (row, column, rows, columns) that cells span."""
    corner, spans = [along[0] for along in cells], _spans(cells)
    (row, column), (rows, columns) = ((0, *corner), (1, *spans)) if len(spans) == 1 else (corner, spans)
    return row, column, rows, columns


def _drawing(stack: Stack) -> _Drawing:
    grids = grids_of(stack, _MARGIN)
    _, _, right, bottom = bounds(point for grid in grids for point in grid.polygon())
    labels: tuple[Text, ...] = ()
    parameters = tuple(_parameters(stack))
    if stack.view.labels:
        labels = _labels(stack, grids, parameters, right + _LABEL_GAP)
        right = max(
            text.x + width(text.text, text.size, bold=text.bold)
            for text in (*labels, *_longest(stack, labels, parameters))
        )
        bottom = max(bottom, *(text.y + text.size * 0.3 for text in labels))
    across, below = right - _MARGIN, bottom + _MARGIN
    words = None
    if stack.view.caption:
        first, derived = _caption_parts(stack)
        across = max(across, _LEAST_WIDTH, *(width(part, 14) for part in (*first, *derived)))
        said = language(stack.view.language)
        parts = Parts(first, derived, counter(said, steps(stack)), listed=said(", "))
        words = caption_of(parts, (_MARGIN, below - 4, across))
        below += words.height + _MARGIN - 4
    return _Drawing(
        stack, cache(stack.trail), grids, labels, parameters, words, (floor(across + 2 * _MARGIN), floor(below))
    )


def _caption_parts(stack: Stack) -> tuple[list[str], list[str]]:
    said = language(stack.view.language)
    ends = [said("input {size}", size=times(stack.input)), said("output {size}", size=times(stack.output))]
    is_short = len(stack.layers) <= _MOST_SIZES
    first = [
        said("stack of {layers}", layers=stack_wording.layers(stack)),
        *([stack_wording.sizes(stack)] if is_short else ends),
    ]
    if stack.trace == "reaches":
        return first, [said("the output cells that one input cell reaches")]
    if 1 < len(stack.layers) <= _MOST_SIZES:
        field = said("receptive field, layer by layer: {fields}", fields=stack_wording.fields(stack))
    else:
        field = said("receptive field of an output cell: {field}", field=stack_wording.field(stack))
    return first, [field, *([said("padding included")] if stack_wording.sees_padding(stack) else [])]


def _labels(stack: Stack, grids: Sequence[Grid], parameters: Sequence[tuple[str, ...]], x: float) -> tuple[Text, ...]:
    """Each plane's name, level with it in a column on the right; below it, of the plane whose cells are followed, its parameters."""
    said = language(stack.view.language)
    layers = (stack_wording.layer_name(scene, said) for scene in stack.layers)
    names = [said("input {size}", size=times(stack.input)), *layers]
    labels = []
    for grid, name in zip(grids, names, strict=True):
        x, y = round(x), round(middle_of(grid)[1] - 1)
        labels.append(Text(x, y, name, _LABEL_ROLES.get(grid.name, "text"), _LABEL_SIZE, "left", bold=True))
    followed = _of_the_followed(labels, stack)
    of_it = parameters[labels.index(followed)]
    return (*labels, *([_second_line(followed, of_it, said)] if of_it else []))


def _second_line(label: Text, parts: Sequence[str], said: Language) -> Text:
    """The line below a label."""
    y = round(label.y + 1 + 1.3 * _SIDE_SIZE)
    return Text(label.x, y, said.listed(parts), "quiet", _SIDE_SIZE, "left")


def _longest(stack: Stack, labels: Sequence[Text], parameters: Sequence[tuple[str, ...]]) -> Iterator[Text]:
    """The second lines at their longest, as they change with the steps."""
    said = language(stack.view.language)
    sizes = [stack.input, *(scene.output for scene in stack.layers)]
    for label, parts, size in zip(labels, parameters, sizes, strict=False):
        whole, none = tuple((0, length - 1) for length in size), ((),) * len(size)
        yield _second_line(label, (*parts, max(_lit(stack, whole, said), _lit(stack, none, said), key=len)), said)


def _parameters(stack: Stack) -> list[tuple[str, ...]]:
    """What else must be known of each plane, the input's first."""
    said, channels = language(stack.view.language), stack.layers[0].in_channels
    of_input = (said("{count} channels", count=channels),) if channels > 1 else ()
    return [of_input, *(stack_wording.layer_parameters(scene, said) for scene in stack.layers)]


def _chosen_from(stack: Stack) -> Size:
    """The plane whose cells are followed, one after another."""
    return stack.output if stack.trace == "sees" else stack.input


def _cell(size: Size, number: int) -> Size:
    """The cell of a plane with that number, counted row by row."""
    at = []
    for length in reversed(size):
        number, one = divmod(number, length)
        at.append(one)
    return tuple(reversed(at))
