"""The names of the isometric view's planes, where neither the planes nor a line between them comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from convanim.draw.storyboard import Grid, Line, Point, Text
from convanim.draw.text import width
from convanim.engine import Recording
from convanim.scene import wording

_LABEL_SIZE, _SIDE_SIZE, _SIDE_LEADING = 15, 12, 1.5

Connectors = Callable[[int], tuple[Line, ...]]
Shape = tuple[Point, ...]


def labels_of(recording: Recording, canvas: Grid, output: Grid, connectors: Connectors) -> tuple[Text, ...]:
    """The planes' names: the output's beside it, clear of the canvas, the input's at its lowest corner."""
    lines = [(line.start, line.end) for number in _outermost(recording, output) for line in connectors(number)]
    inside = _input_label(recording, canvas, [output.polygon(), *lines])
    boxes = [_corners(text_box(text)) for text in inside]
    return (_output_label(recording, canvas, output, [canvas.polygon(), *lines, *boxes]), *inside)


def _outermost(recording: Recording, output: Grid) -> Iterable[int]:
    """The placements between whose connectors all others lie; an unpooling's go anywhere."""
    if recording.placed is not None:
        return range(recording.asked.placements)
    rim = {(row, column) for row in (0, output.rows - 1) for column in range(output.columns)}
    rim |= {(row, column) for row in range(output.rows) for column in (0, output.columns - 1)}
    return (row * output.columns + column for row, column in rim)


def _input_label(recording: Recording, canvas: Grid, obstacles: Sequence[Shape]) -> tuple[Text, ...]:
    """Left of the lowest corner; where the output or a connector comes there, right of it or below everything."""
    name, around = wording.input_label(recording.scene)
    corner, height = canvas.point(canvas.rows, 0), _LABEL_SIZE + _SIDE_SIZE * _SIDE_LEADING * len(around)
    top = corner[1] - height + 8
    row = min(max((top - canvas.origin[1]) / canvas.down[1], 0), canvas.rows)
    column = min(max((top - corner[1]) / canvas.across[1], 0), canvas.columns)
    lowest = max(y for _, y in (*canvas.polygon(), *(point for shape in obstacles for point in shape)))
    places = (
        (canvas.point(row, 0)[0] - 18, top, "right"),
        (canvas.point(canvas.rows, column)[0] + 18, top, "left"),
        (corner[0], lowest + 8, "middle"),
    )
    blocks = [_block(name, around, *place) for place in places]
    clear = (block for block in blocks if all(_is_clear(text, obstacles) for text in block))
    return next(clear, blocks[-1])


def _block(name: str, around: Sequence[str], x: float, top: float, anchor: str) -> tuple[Text, ...]:
    """A name and what is said below it, more quietly, from `top` down."""
    texts = [Text(x, top + _LABEL_SIZE, name, "input label", _LABEL_SIZE, anchor, bold=True)]
    for line, text in enumerate(around, start=1):
        y = top + _LABEL_SIZE + _SIDE_SIZE * _SIDE_LEADING * line
        texts.append(Text(x, y, text, "quiet", _SIDE_SIZE, anchor))
    return tuple(texts)


def _output_label(recording: Recording, canvas: Grid, output: Grid, obstacles: Sequence[Shape]) -> Text:
    """Right of the output's right corner; where the canvas or a connector comes there, in the next place that is clear."""
    right, left, top = output.point(output.rows, output.columns), output.origin, output.point(0, output.columns)
    highest = min(top[1], canvas.point(0, canvas.columns)[1])
    places = (
        (right[0] + 12, right[1] + 16, "left"),
        (right[0] + 12, right[1] + 2, "left"),
        (left[0] - 14, left[1] + 4, "right"),
        (top[0], highest - 12, "middle"),
    )
    name = wording.output_label(recording.scene)
    labels = [Text(x, y, name, "output label", _LABEL_SIZE, anchor, bold=True) for x, y, anchor in places]
    return next((label for label in labels if _is_clear(label, obstacles)), labels[-1])


def _is_clear(text: Text, shapes: Iterable[Shape]) -> bool:
    """Whether the text keeps its distance from all of some convex shapes."""
    (left, top), (right, bottom) = text_box(text)
    left, top, right, bottom = left - 5, top - 3, right + 5, bottom + 3
    for shape in shapes:
        xs, ys = zip(*shape, strict=True)
        is_beside = max(xs) <= left or min(xs) >= right or max(ys) <= top or min(ys) >= bottom
        if not is_beside and not _parted(_corners(((left, top), (right, bottom))), shape):
            return False
    return True


def _corners(box: tuple[Point, Point]) -> Shape:
    (left, top), (right, bottom) = box
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _parted(box: tuple[Point, ...], shape: tuple[Point, ...]) -> bool:
    """Whether a line along an edge of a convex shape parts it from a box that is neither beside it nor above or below."""
    for (x, y), (end_x, end_y) in zip(shape, shape[1:] + shape[:1], strict=True):
        nx, ny = y - end_y, end_x - x
        one, other = ([nx * x + ny * y for x, y in points] for points in (box, shape))
        if max(one) <= min(other) or max(other) <= min(one):
            return True
    return False


def text_box(text: Text) -> tuple[Point, Point]:
    across = width(text.text, text.size, bold=text.bold)
    left = {"left": text.x, "middle": text.x - across / 2, "right": text.x - across}[text.anchor]
    return (left, text.y - text.size), (left + across, text.y + text.size * 0.3)
