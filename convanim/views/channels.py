"""Volumes: every input channel beside the filter's plane that weighs it, and the output channels that they add up to.

One output channel is made after another. A filter's plane lies beside each input channel that the output channel is made
of, and nowhere else, so groups show. What each plane contributes stands beside it; lines lead to the cell's row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Line, Paint, Step, Storyboard, Text
from convanim.draw.text import width
from convanim.engine import Placement, Recording
from convanim.engine.recording import plain
from convanim.errors import Problem
from convanim.language import language
from convanim.scene import Scene
from convanim.views import channel_sums, sums
from convanim.views.channel_layout import (
    PART_SIZE,
    Layout,
    cells_across,
    cells_down,
    kernel_label,
    label,
    laid_out,
    output_planes,
    reads_all,
)
from convanim.views.contents import canvas_texts, held_texts, known_texts, number_of, output_text
from convanim.views.numbers import Number, short
from convanim.views.planes import computed_since, window_block, window_paints
from convanim.views.sheets import (
    LEAST_WIDTH,
    MARGIN,
    Captioned,
    board_of,
    captioned,
    reach,
    small_cell_refused,
    value_text,
)
from convanim.views.weights import filter_weights

_MOST_PLANES, _MOST_CELLS = 16, 48
_BELOW_SUMS = 15


class _Drawing(NamedTuple):
    """A recording, where everything of it lies, its caption, and how its sums are written from `sum_top` down."""

    recording: Recording
    layout: Layout
    words: Captioned
    sums: sums.SumRoom | None
    sum_top: float


def steps(scene: Scene) -> int:
    """One for each cell of each output channel."""
    return output_planes(scene) * scene.placements


def refusal(scene: Scene) -> Problem | None:
    """What keeps the numbers of all planes from being legible in one figure."""
    planes = scene.in_channels + output_planes(scene)
    if planes > _MOST_PLANES:
        legal = f"legal are {_MOST_PLANES} at most, input and output together"
        return Problem("in_channels", f"channels cannot show {planes} planes", legal)
    for cells, way in ((cells_across(scene), "side by side"), (cells_down(scene), "one below the other")):
        if cells > _MOST_CELLS:
            legal = f"legal are {_MOST_CELLS} at most, over all planes"
            return Problem("input", f"channels cannot show {cells} cells {way}", legal)
    if scene.is_shaded:
        return Problem("view.colour", "channels colours by role", 'legal is view.colour = "role"')
    return small_cell_refused(scene)


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The placements in `shown`, one a step, over one output channel after another."""
    drawing = _drawing(recording)
    layout, appear = drawing.layout, recording.scene.view.output == "computed"
    weights = [filter_weights(recording, plane, layout.kernels) for plane in range(recording.planes)]

    def step(place: int, duration: int) -> Step:
        number = shown[place]
        since = computed_since(shown, place)
        done = [_output_paint(drawing, made, "output numbered") for made in since]
        values = [_output_text(drawing, made) for made in since if appear]
        placement = recording[number]
        return Step(number, duration, (*done, *values), tuple(_passing(drawing, placement)), weights[placement.channel])

    texts = [text for channel, grid in enumerate(layout.canvases) for text in canvas_texts(recording, grid, channel)]
    for plane, grid in enumerate(layout.outputs):
        texts += known_texts(recording, grid, plane)
    placed = layout.placed._replace(texts=(*layout.labels, *texts))
    inks = ("connector", "kernel label")
    return board_of(recording, placed, drawing.words, shown, step, moves=_moves(recording), inks=inks)


def _drawing(recording: Recording) -> _Drawing:
    scene = recording.scene
    placements = [recording[number] for number in range(len(recording))]
    texts = held_texts(recording)
    if recording.kernel is not None and not scene.view.numbered:
        texts += map(short, dict.fromkeys(recording.kernel.ravel().tolist()))
    layout = laid_out(recording, _width_of_parts(recording, placements), texts)
    room, placed = None, layout.placed
    if scene.view.has_sums:
        room = channel_sums.room_for_sums(recording, placements, max(layout.right - MARGIN, LEAST_WIDTH))
        lower = layout.bottom + room.height + _BELOW_SUMS
        placed = placed._replace(right=MARGIN + max(layout.right - MARGIN, LEAST_WIDTH, room.width), bottom=lower)
    return _Drawing(recording, layout, captioned(recording, placed, len(recording)), room, layout.bottom + 12)


def _width_of_parts(recording: Recording, placements: Iterable[Placement]) -> float:
    """How wide what a channel contributes is at the most; numbered cells contribute nothing that is written."""
    if recording.scene.view.numbered:
        return 0
    parts = [_part(value) for each in placements for value in channel_sums.contributions(each).values()]
    return max(reach(part, PART_SIZE, bold=True) for part in dict.fromkeys(parts))


def _passing(drawing: _Drawing, placement: Placement) -> Iterator[Paint | Text | Line]:
    """What is seen while one cell is made: windows, filter, contributions, lines, the sum and the count."""
    recording, layout = drawing.recording, drawing.layout
    number = placement.index
    for channel, weights in recording.planes_read(placement.channel):
        grid = layout.canvases[channel]
        yield from window_paints(recording, number, grid.roles, grid.name)
        if weights is not None:
            yield from _filter(drawing, placement.channel, channel)
    yield from _contributions(drawing, placement)
    yield _output_paint(drawing, number, "result")
    if drawing.sums is not None:
        lines = channel_sums.lines_of(
            placement, recording, drawing.words.size[0] - 2 * MARGIN, in_full=drawing.sums.in_full
        )
        yield from sums.placed_lines(lines, MARGIN, drawing.sum_top)
    yield from drawing.words.counter(number)


def _filter(drawing: _Drawing, plane: int, channel: int) -> Iterator[Paint | Text]:
    """The filter's plane beside an input channel, turned as it lies on that, with its values and its name."""
    recording, grid = drawing.recording, drawing.layout.kernels[channel]
    if not reads_all(recording):
        yield Paint(grid.name, tuple(range(len(grid.roles))), "kernel")
    weights = next(weights for read, weights in recording.planes_read(plane) if read == channel)
    if weights is None:
        return
    taps = [range(axis.taps) for axis in recording.axes]
    for number, at in enumerate(product(*taps)):
        cell = tuple(axis.kernel_index(tap) for axis, tap in zip(recording.axes, at, strict=True))
        held = number_of(cell, weights.shape) if recording.scene.view.numbered else plain(weights[cell])
        yield value_text(grid, number, short(held))
    if recording.scene.view.labels:
        yield label(grid, kernel_label(recording, plane, channel), "kernel label")


def _contributions(drawing: _Drawing, placement: Placement) -> Iterator[Text | Line]:
    """What each channel adds, and a line from it to the row of the cell that is made."""
    recording, layout = drawing.recording, drawing.layout
    output = layout.outputs[placement.channel]
    end = output.point(recording.output_number(placement.index) // output.columns + 0.5, 0)
    parts, previous = channel_sums.contributions(placement), None
    row, _, rows, _ = window_block(recording, placement.index)
    for channel, value in parts.items():
        canvas = layout.canvases[channel]
        _, y = canvas.point(row + rows / 2, 0)
        if layout.kernels:
            kernel = layout.kernels[channel]
            _, y = kernel.point(kernel.rows / 2, 0)
            x = (canvas.point(0, canvas.columns)[0] + kernel.origin[0]) / 2
            yield Text(round(x), round(y + 6), "×", "text", PART_SIZE + 3)
            if not recording.scene.view.numbered:
                yield Text(round(layout.parts), round(y + 6), _part(value), "text", PART_SIZE, "left", bold=True)
            if previous is not None and not recording.scene.view.numbered:
                x = layout.parts + width("= ", PART_SIZE, bold=True)
                yield Text(round(x), round((y + previous) / 2 + 6), "+", "text", PART_SIZE, "left")
            previous = y
        yield Line((layout.fan[0], round(y)), (layout.fan[1], round(end[1])), "connector", 1.0)


def _part(value: Number) -> str:
    return f"= {short(value)}"


def _output_paint(drawing: _Drawing, number: int, role: str) -> Paint:
    grid = _output(drawing, number)
    return Paint(grid.name, (drawing.recording.output_number(number),), role)


def _output_text(drawing: _Drawing, number: int) -> Text:
    recording, plane = drawing.recording, number // drawing.recording.asked.placements
    return output_text(recording, _output(drawing, number), recording.output_number(number), plane)


def _output(drawing: _Drawing, number: int) -> Grid:
    return drawing.layout.outputs[number // drawing.recording.asked.placements]


def _moves(recording: Recording) -> str:
    """How it moves, in a sentence."""
    read = len(list(recording.planes_read(0)))
    what = "one input channel" if read == 1 else "{read} input channels, added up"
    said = language(recording.scene.view.language)
    return said(f"One output channel after another is made, each cell of {what}.", read=read)
