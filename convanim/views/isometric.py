"""The known look: the canvas below, the output above its middle, and four lines from the window to the cell it makes.

From a Recording comes a Storyboard. The planes are far enough apart that neither hides a cell of the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from math import floor
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Line, Paint, Point, Step, Storyboard, Text, bounds
from convanim.engine import Recording
from convanim.errors import Problem
from convanim.scene import Scene
from convanim.views.caption import Caption, caption, widest
from convanim.views.contents import canvas_texts, known_cells, output_text
from convanim.views.isometric_labels import labels_of, text_box
from convanim.views.isometric_numbers import in_slanted_cells, number_size
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
from convanim.views.sheets import numbers_said

_ACROSS, _DOWN = (0.9, -0.45), (0.64, 0.585)
# the well-known figures: a cell's side, the margin, and the gap between planes, less by a share of the canvas's height
_PLAIN_CELL, _PLAIN_MARGIN, _PLAIN_GAP, _PLAIN_NEARER = 32.6, 21.85, 29.55, 0.1324
# lines are drawn from 8 pixels up; in the smallest cell there is still the middle of a pixel, wherever it lies
_LARGEST_CELL, _LINED_CELL, _SMALLEST_CELL, _PLANE_WIDTH = 36, 8, 1.66, 560
_MARGIN = 16
_LEAST_GAP = 22
_LEAST_CAPTION = 340


class _Layout(NamedTuple):
    """Where everything lies; `number_size` is that of the numbers in cells, None if there are none."""

    canvas: Grid
    output: Grid
    texts: tuple[Text, ...]
    caption: Caption | None
    size: tuple[int, int]
    number_size: float | None

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.caption.lines_beside((self.canvas, self.output)) if self.caption else ()


def refusal(scene: Scene) -> Problem | None:
    """Numbers in cells that are too small for them."""
    cell = _cell(scene)
    if not scene.view.numbered or number_size(scene, *_sides(cell)) is not None:
        return None
    least = next(side for side in range(floor(cell), 1000) if number_size(scene, *_sides(side)) is not None)
    if scene.view.cell:
        return Problem("view.cell", f"got {scene.view.cell}", f"legal with numbers in cells is {least} or more")
    legal = f"but in cells of {cell:.0f} pixels no number is legible; legal is a smaller input, or view.cell = {least}"
    return Problem("view.numbered", "got true", legal)


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The placements in `shown`, one a step."""
    layout, view = _layout(recording), recording.scene.view

    def step(place: int, duration: int) -> Step:
        number = shown[place]
        made = cells_computed_since(recording, shown, place)
        done = Paint("output", made, _role("output", recording.scene))
        numbers = _output_numbers(recording, layout, made) if view.output == "computed" else ()
        result = Paint("output", (recording.output_number(number),), "result")
        paints = (*window_paints(recording, number, layout.canvas.roles), result)
        counter = (layout.caption.at_step(number),) if layout.caption else ()
        lines = _connectors(recording, layout.canvas, layout.output, number)
        return Step(number, duration, (done, *numbers), (*paints, *lines, *counter))

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


def _output_numbers(recording: Recording, layout: _Layout, cells: Iterable[int]) -> tuple[Text, ...]:
    """The numbers of some output cells, if cells carry them."""
    if layout.number_size is None:
        return ()
    texts = (output_text(recording, layout.output, cell) for cell in cells)
    return tuple(in_slanted_cells(texts, layout.output, layout.number_size))


def _role(name: str, scene: Scene) -> str:
    """The role of a plane's cells, lighter where numbers stand in them."""
    return f"{name} numbered" if scene.view.numbered else name


def _connectors(recording: Recording, canvas: Grid, output: Grid, number: int) -> tuple[Line, ...]:
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
    labels = (
        labels_of(recording, canvas, output, partial(_connectors, recording, canvas, output))
        if scene.view.labels
        else ()
    )
    margin = _PLAIN_MARGIN if scene.view.look == "plain" else _MARGIN
    points = [*canvas.polygon(), *output.polygon(), *(point for text in labels for point in text_box(text))]
    left, top, right, bottom = bounds(points)
    across, below = right - left, bottom - top + 2 * margin
    if scene.view.look == "plain":
        across = max(across, _plain_width(recording))
    words = None
    if scene.view.caption:
        total, said = recording.asked.placements, numbers_said(scene.view)
        across = max(across, _LEAST_CAPTION, widest(scene, total, said))
        words = caption(scene, total, (margin, below - 4, across), centred=True, said=said)
        below += words.height + margin - 4
    x, y = round(margin - left + (across - (right - left)) / 2), round(margin - top)
    layout = _Layout(
        _shifted(canvas, x, y),
        _shifted(output, x, y),
        (*(text._replace(x=text.x + x, y=text.y + y) for text in labels), *(words.texts if words else ())),
        words,
        (floor(across + 2 * margin), floor(below)),
        number_size(scene, canvas.across, canvas.down) if scene.view.numbered else None,
    )
    return layout._replace(texts=(*layout.texts, *_numbers_at_rest(recording, layout)))


def _numbers_at_rest(recording: Recording, layout: _Layout) -> tuple[Text, ...]:
    """The numbers that cells carry from the start, if they carry any."""
    if layout.number_size is None:
        return ()
    inside = in_slanted_cells(canvas_texts(recording, layout.canvas), layout.canvas, layout.number_size)
    return (*inside, *_output_numbers(recording, layout, known_cells(recording)))


def _planes(recording: Recording) -> tuple[Grid, Grid]:
    """Both grids, the output's middle straight above the canvas's."""
    canvas_size, output_size = two(recording.canvas_size), two(recording.scene.output)
    cell = _cell(recording.scene)
    across, down = _sides(cell)
    lift = _lift(recording, across, down, cell)
    x, y = _middle(canvas_size, across, down)
    left, top = _middle(output_size, across, down)
    is_numbered = recording.scene.view.numbered
    roles = canvas_roles(recording, numbered=is_numbered)
    done, slots = _role("output", recording.scene), ("value",) if is_numbered else ()
    rest = output_rest(recording, done)
    stroke = 1.5 if cell >= 2 * _LINED_CELL else 1.0 if cell >= _LINED_CELL else 0.0
    canvas = Grid(
        "canvas",
        recording.canvas_size,
        (0, 0),
        across,
        down,
        roles,
        tapped(roles),
        slots,
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
        (done, "result"),
        slots,
        stroke=stroke,
        shades=output_shades(recording),
    )
    return canvas, output


def _sides(cell: float) -> tuple[Point, Point]:
    """The two sides of a cell of so many pixels."""
    across, down = ((x * cell, y * cell) for x, y in (_ACROSS, _DOWN))
    if cell >= _LINED_CELL:  # whole pixels, for lines as crisp in one place as in another
        across, down = ((float(round(x)), float(round(y))) for x, y in (across, down))
    return across, down


def _cell(scene: Scene) -> float:
    """A cell's side: as asked, the well-known figures' own in the plain look, or as large as fits."""
    if scene.view.cell or scene.view.look == "plain":
        return scene.view.cell or _PLAIN_CELL
    sizes = two(scene.canvas), two(scene.output)
    widest_plane = max(columns * _ACROSS[0] + rows * _DOWN[0] for rows, columns in sizes)
    fitting = _PLANE_WIDTH / widest_plane
    return max(fitting, _SMALLEST_CELL) if fitting < _LINED_CELL else min(floor(fitting), _LARGEST_CELL)


def _plain_width(recording: Recording) -> float:
    """How wide the well-known figures draw a canvas of this size."""
    rows, columns = two(recording.canvas_size)
    return _cell(recording.scene) * (columns * _ACROSS[0] + rows * _DOWN[0])


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


def _shifted(grid: Grid, x: float, y: float) -> Grid:
    return grid._replace(origin=(grid.origin[0] + x, grid.origin[1] + y))
