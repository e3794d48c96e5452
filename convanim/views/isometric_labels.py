"""The names of the isometric view's planes, where neither the planes nor a line between them comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from convanim.draw.storyboard import Grid, Line, Point, Text
from convanim.draw.text import width
from convanim.engine import Recording
from convanim.scene import wording

_LABEL_SIZE, _SIDE_SIZE, _SIDE_LEADING = 15, 12, 1.5

Connectors = Callable[[int], tuple[Line, ...]]


def labels_of(recording: Recording, canvas: Grid, output: Grid, connectors: Connectors) -> tuple[Text, ...]:
    """The planes' names: the output's beside it, clear of the canvas, the input's below its lower left edge."""
    scene = recording.scene
    corner = canvas.point(canvas.rows, 0)
    name, around = wording.input_label(scene)
    height = _LABEL_SIZE + _SIDE_SIZE * _SIDE_LEADING * len(around)
    top = corner[1] - height + 8
    row = min(max((top - canvas.origin[1]) / canvas.down[1], 0), canvas.rows)
    x = canvas.point(row, 0)[0] - 18
    labels = [
        _output_label(recording, canvas, output, connectors),
        Text(x, top + _LABEL_SIZE, name, "input label", _LABEL_SIZE, "right", bold=True),
    ]
    for line, text in enumerate(around, start=1):
        y = top + _LABEL_SIZE + _SIDE_SIZE * _SIDE_LEADING * line
        labels.append(Text(x, y, text, "quiet", _SIDE_SIZE, "right"))
    return tuple(labels)


def _output_label(recording: Recording, canvas: Grid, output: Grid, connectors: Connectors) -> Text:
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
    numbers: Iterable[int]
    rim = {(row, column) for row in (0, output.rows - 1) for column in range(output.columns)}
    rim |= {(row, column) for row in range(output.rows) for column in (0, output.columns - 1)}
    obstacles = [canvas.polygon()]
    numbers = (row * output.columns + column for row, column in rim)
    if recording.placed is not None:
        numbers = range(recording.asked.placements)
    for number in numbers:
        obstacles += [(line.start, line.end) for line in connectors(number)]
    return next((label for label in labels if _is_clear(label, obstacles)), labels[-1])


def _is_clear(text: Text, shapes: Iterable[tuple[Point, ...]]) -> bool:
    """Whether the text keeps its distance from all of some convex shapes."""
    (left, top), (right, bottom) = text_box(text)
    left, top, right, bottom = left - 5, top - 3, right + 5, bottom + 3
    for shape in shapes:
        xs, ys = zip(*shape, strict=True)
        is_beside = max(xs) <= left or min(xs) >= right or max(ys) <= top or min(ys) >= bottom
        if not is_beside and not _parted(((left, top), (right, top), (right, bottom), (left, bottom)), shape):
            return False
    return True


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
