"""The known look: the canvas below, the output above its middle, and four lines from the window to the cell it makes.

From a Recording comes a Storyboard. The planes are far enough apart that neither hides a cell of the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import floor
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Line, Paint, Point, Step, Storyboard, Text, bounds
from convanim.draw.text import width
from convanim.engine import Recording
from convanim.scene import wording
from convanim.views.caption import Caption, caption, widest
from convanim.views.planes import (
    assembled,
    canvas_roles,
    canvas_shades,
    cells_computed_since,
    output_rest,
    output_shades,
    tapped,
    two,
    window_block,
    window_paints,
)

_ACROSS, _DOWN = (0.9, -0.45), (0.64, 0.585)
# the well-known figures: a cell's side, the margin, and the gap between planes, less by a share of the canvas's height
_PLAIN_CELL, _PLAIN_MARGIN, _PLAIN_GAP, _PLAIN_NEARER = 32.6, 21.85, 29.55, 0.1324
# lines are drawn from 8 pixels up; in the smallest cell there is still the middle of a pixel, wherever it lies
_LARGEST_CELL, _LINED_CELL, _SMALLEST_CELL, _PLANE_WIDTH = 36, 8, 1.66, 560
_MARGIN, _LABEL_SIZE, _SIDE_SIZE = 16, 15, 12
_SIDE_LEADING = 1.5
_LEAST_GAP = 22
_LEAST_CAPTION = 340


class _Layout(NamedTuple):
    """Where everything lies."""

    canvas: Grid
    output: Grid
    texts: tuple[Text, ...]
    caption: Caption | None
    size: tuple[int, int]

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.caption.lines_beside((self.canvas, self.output)) if self.caption else ()


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The placements in `shown`, one a step."""
    layout = _layout(recording)

    def step(place: int, duration: int) -> Step:
        number = shown[place]
        done = Paint("output", cells_computed_since(recording, shown, place), "output")
        result = Paint("output", (recording.output_number(number),), "result")
        paints = (*window_paints(recording, number, layout.canvas.roles), result)
        counter = (layout.caption.at_step(number),) if layout.caption else ()
        lines = _connectors(recording, number, layout.canvas, layout.output)
        return Step(number, duration, (done,), (*paints, *lines, *counter))

    inks = ("connector", "quiet") if layout.caption else ("connector",)
    board = Storyboard(
        layout.size,
        (layout.canvas, layout.output),
        (),
        layout.texts,
        inks,
        lines=layout.lines,
    )
    return assembled(board, recording.scene, shown, step)


def _connectors(recording: Recording, number: int, canvas: Grid, output: Grid) -> tuple[Line, ...]:
    """From the corners of the window's block to those of the cell that it makes.

    They pass behind the output, unless its cells are so small that only the lines show which one is meant.
    """
    behind = ("output",) if output.stroke else ()
    window = canvas.block(*window_block(recording, number))
    cell = output.block(*divmod(recording.output_number(number), output.columns))
    return tuple(Line(start, end, "connector", 1.0, behind) for start, end in zip(window, cell, strict=True))


def _layout(recording: Recording) -> _Layout:
    scene = recording.scene
    canvas, output = _planes(recording)
    labels = _labels(recording, canvas, output) if scene.view.labels else ()
    margin = _PLAIN_MARGIN if scene.view.look == "plain" else _MARGIN
    points = [*canvas.polygon(), *output.polygon(), *(point for text in labels for point in _text_box(text))]
    left, top, right, bottom = bounds(points)
    across, below = right - left, bottom - top + 2 * margin
    if scene.view.look == "plain":
        across = max(across, _plain_width(recording))
    words = None
    if scene.view.caption:
        across = max(across, _LEAST_CAPTION, widest(scene, recording.asked.placements))
        words = caption(scene, recording.asked.placements, (margin, below - 4, across), centred=True)
        below += words.height + margin - 4
    x, y = round(margin - left + (across - (right - left)) / 2), round(margin - top)
    return _Layout(
        _shifted(canvas, x, y),
        _shifted(output, x, y),
        (*(text._replace(x=text.x + x, y=text.y + y) for text in labels), *(words.texts if words else ())),
        words,
        (floor(across + 2 * margin), floor(below)),
    )


def _planes(recording: Recording) -> tuple[Grid, Grid]:
    """Both grids, the output's middle straight above the canvas's."""
    canvas_size, output_size = two(recording.canvas_size), two(recording.scene.output)
    cell = _cell(recording)
    across, down = ((x * cell, y * cell) for x, y in (_ACROSS, _DOWN))
    if cell >= _LINED_CELL:  # whole pixels, for lines as crisp in one place as in another
        across, down = ((float(round(x)), float(round(y))) for x, y in (across, down))
    lift = _lift(recording, across, down, cell)
    x, y = _middle(canvas_size, across, down)
    left, top = _middle(output_size, across, down)
    roles = canvas_roles(recording)
    rest = output_rest(recording, "output")
    stroke = 1.5 if cell >= 2 * _LINED_CELL else 1.0 if cell >= _LINED_CELL else 0.0
    canvas = Grid(
        "canvas",
        recording.canvas_size,
        (0, 0),
        across,
        down,
        roles,
        tapped(roles),
        stroke=stroke,
        shades=canvas_shades(recording),
    )
    origin = (round(x - left), round(y - lift - top))
    output = Grid(
        "output",
        recording.scene.output,
        origin,
        across,
        down,
        rest,
        ("output", "result"),
        stroke=stroke,
        shades=output_shades(recording),
    )
    return canvas, output


def _cell(recording: Recording) -> float:
    """A cell's side: as asked, the well-known figures' own in the plain look, or as large as fits."""
    view = recording.scene.view
    if view.cell or view.look == "plain":
        return view.cell or _PLAIN_CELL
    sizes = two(recording.canvas_size), two(recording.scene.output)
    widest_plane = max(columns * _ACROSS[0] + rows * _DOWN[0] for rows, columns in sizes)
    fitting = _PLANE_WIDTH / widest_plane
    return max(fitting, _SMALLEST_CELL) if fitting < _LINED_CELL else min(floor(fitting), _LARGEST_CELL)


def _plain_width(recording: Recording) -> float:
    """How wide the well-known figures draw a canvas of this size."""
    rows, columns = two(recording.canvas_size)
    return _cell(recording) * (columns * _ACROSS[0] + rows * _DOWN[0])


def _plain_lift(canvas: tuple[int, int], output: tuple[int, int], cell_height: float, cell: float) -> float:
    """How far the well-known figures draw the planes apart, middle to middle: measured off them for square ones."""
    heights = [sum(size) / 2 * cell_height for size in (canvas, output)]
    return sum(heights) / 2 + _PLAIN_GAP * cell / _PLAIN_CELL - _PLAIN_NEARER * heights[0]


def _lift(recording: Recording, across: Point, down: Point, cell: float) -> float:
    """How far above the canvas's middle the output's lies: at least so far that the parallelograms do not overlap."""
    canvas, output = two(recording.canvas_size), two(recording.scene.output)
    area = across[0] * down[1] - across[1] * down[0]
    apart = min(area / across[0] * (canvas[0] + output[0]) / 2, area / down[0] * (canvas[1] + output[1]) / 2)
    if recording.scene.view.look == "plain":
        return max(apart + 2, _plain_lift(canvas, output, down[1] - across[1], cell))
    return max(apart + max(0.5 * cell, _LEAST_GAP), 2.5 * cell)


def _middle(size: tuple[int, int], across: Point, down: Point) -> Point:
    rows, columns = size
    return (columns * across[0] + rows * down[0]) / 2, (columns * across[1] + rows * down[1]) / 2


def _labels(recording: Recording, canvas: Grid, output: Grid) -> tuple[Text, ...]:
    """The planes' names: the output's beside it, clear of the canvas, the input's below its lower left edge."""
    scene = recording.scene
    corner = canvas.point(canvas.rows, 0)
    name, around = wording.input_label(scene)
    height = _LABEL_SIZE + _SIDE_SIZE * _SIDE_LEADING * len(around)
    top = corner[1] - height + 8
    row = min(max((top - canvas.origin[1]) / canvas.down[1], 0), canvas.rows)
    x = canvas.point(row, 0)[0] - 18
    labels = [
        _output_label(recording, canvas, output),
        Text(x, top + _LABEL_SIZE, name, "input label", _LABEL_SIZE, "right", bold=True),
    ]
    for line, text in enumerate(around, start=1):
        y = top + _LABEL_SIZE + _SIDE_SIZE * _SIDE_LEADING * line
        labels.append(Text(x, y, text, "quiet", _SIDE_SIZE, "right"))
    return tuple(labels)


def _output_label(recording: Recording, canvas: Grid, output: Grid) -> Text:
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
        lines = _connectors(recording, number, canvas, output)
        obstacles += [(line.start, line.end) for line in lines]
    return next((label for label in labels if _is_clear(label, obstacles)), labels[-1])


def _is_clear(text: Text, shapes: Iterable[tuple[Point, ...]]) -> bool:
    """Whether the text keeps its distance from all of some convex shapes."""
    (left, top), (right, bottom) = _text_box(text)
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


def _text_box(text: Text) -> tuple[Point, Point]:
    across = width(text.text, text.size, bold=text.bold)
    left = {"left": text.x, "middle": text.x - across / 2, "right": text.x - across}[text.anchor]
    return (left, text.y - text.size), (left + across, text.y + text.size * 0.3)


def _shifted(grid: Grid, x: float, y: float) -> Grid:
    return grid._replace(origin=(grid.origin[0] + x, grid.origin[1] + y))
