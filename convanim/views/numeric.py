"""Flat, with values: the canvas and the output beside it (below it, where both are long), the current sum written out.

From a Recording comes a Storyboard. The kernel's values stand small in the corners of the cells that they multiply;
an output value appears when it is computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import ceil
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Line, Paint, Point, Step, Storyboard, Text
from convanim.draw.text import width
from convanim.engine import Placement, Recording
from convanim.errors import Problem
from convanim.language import language
from convanim.scene import Scene, wording
from convanim.views import sums
from convanim.views.caption import Caption, caption, widest
from convanim.views.contents import (
    canvas_texts,
    has_notes,
    held_texts,
    known_texts,
    noted_weights,
    notes,
    output_text,
)
from convanim.views.planes import (
    assembled,
    canvas_roles,
    canvas_shades,
    cells_computed_since,
    computed_since,
    output_rest,
    output_shades,
    tapped,
    two,
    window_numbers,
    window_paints,
)
from convanim.views.sheets import (
    AIR,
    CELL,
    LABEL_ROOM,
    LABEL_SIZE,
    LEAST_CELL,
    LEAST_WIDTH,
    MARGIN,
    crossed,
    numbers_said,
    ring,
    small_cell_refused,
    widest_held,
)

_ROOM, _GAP = 900, 56


class _Layout(NamedTuple):
    """Where everything lies; `sums` says how sums are written from `sum_top` down, None if they are not."""

    canvas: Grid
    output: Grid
    texts: tuple[Text, ...]
    caption: Caption | None
    sums: sums.SumRoom | None
    sum_top: float
    size: tuple[int, int]

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.caption.lines_beside((self.canvas, self.output)) if self.caption else ()


def refusal(scene: Scene) -> Problem | None:
    """Cells too small for a number."""
    return small_cell_refused(scene)


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The placements in `shown`, one a step."""
    layout = _layout(recording, shown)
    appear = recording.scene.view.output == "computed"

    def step(place: int, duration: int) -> Step:
        number = shown[place]
        placement = recording[number]
        since = computed_since(shown, place)
        made = [recording.output_number(done) for done in since] if appear else []
        texts = tuple(output_text(recording, layout.output, cell) for cell in made)
        done = Paint("output", cells_computed_since(recording, shown, place), "output numbered")
        result = Paint("output", (recording.output_number(number),), "result")
        paints = (*window_paints(recording, number, layout.canvas.roles), result)
        words = (*notes(recording, placement, layout.canvas), *_sum(placement, recording, layout))
        counter = (layout.caption.at_step(number),) if layout.caption else ()
        marks = _marks(recording, placement, layout)
        return Step(number, duration, (done, *texts), (*paints, *marks, *words, *counter))

    grids, lines = (layout.canvas, layout.output), (*layout.lines, *_dropped(recording, layout.output))
    board = Storyboard(layout.size, grids, (), layout.texts, ("text", "quiet"), lines=lines)
    return assembled(board, recording.scene, shown, step)


def _sum(placement: Placement, recording: Recording, layout: _Layout) -> Iterator[Text]:
    if layout.sums is not None:
        area = (MARGIN, layout.sum_top, layout.size[0] - 2 * MARGIN)
        yield from sums.sum_texts(placement, recording.scene, layout.sums, area)


def _marks(recording: Recording, placement: Placement, layout: _Layout) -> Iterator[Line]:
    """Rings around the cells that a maximum took and a switch names."""
    if placement.chosen is not None:
        yield from ring(layout.canvas, window_numbers(recording, placement.index)[placement.chosen])
    if recording.placed is not None:
        yield from ring(layout.output, recording.output_number(placement.index))


def _dropped(recording: Recording, output: Grid) -> Iterator[Line]:
    """Crosses through the cells that a stride drops."""
    every = recording.asked.view.dropped_by_stride
    for number, cell in enumerate(product(*map(range, recording.asked.output)) if every > 1 else ()):
        if any(at % every for at in cell):
            yield from crossed(output, number)


def _layout(recording: Recording, shown: range) -> _Layout:
    view = recording.scene.view
    labels = _label_texts(recording)
    canvas, output, (across, below) = _grids(recording, labels)
    texts = [*canvas_texts(recording, canvas), *known_texts(recording, output)]
    if view.labels:
        texts += [_above(labels[0], canvas), _above(labels[1], output)]
    if view.caption:
        across = max(across, LEAST_WIDTH, widest(recording.scene, recording.asked.placements, numbers_said(view)))
    room, sum_top = None, below - 8
    if view.has_sums:
        room = sums.room_for_sums(recording, shown, max(across, LEAST_WIDTH))
        across = max(across, LEAST_WIDTH, room.width)
        below += room.height
    words = None
    if view.caption:
        total, area = recording.asked.placements, (MARGIN, below, across)
        words = caption(recording.scene, total, area, centred=False, said=numbers_said(view))
        texts += words.texts
        below += words.height
    below += MARGIN if view.caption or view.has_sums else 0
    return _Layout(canvas, output, tuple(texts), words, room, sum_top, (round(across + 2 * MARGIN), round(below)))


def _grids(recording: Recording, labels: tuple[Text, Text]) -> tuple[Grid, Grid, Point]:
    """Canvas and output, side by side or one below the other, and how far they reach: (width, height from the top)."""
    cell = _cell_size(recording)
    (rows, columns), (output_rows, output_columns) = two(recording.canvas_size), two(recording.scene.output)
    wide = max(columns * cell[0], _label_width(labels[0])), max(output_columns * cell[0], _label_width(labels[1]))
    top = MARGIN + (LABEL_ROOM if recording.scene.view.labels else 0)
    if rows == 1 or wide[0] + _GAP + wide[1] > max(_ROOM, 1.5 * rows * cell[1]):
        across, middles = max(wide), (max(wide) / 2, max(wide) / 2)
        room_between = MARGIN + LABEL_ROOM if recording.scene.view.labels else _GAP / 2
        tops = (float(top), top + rows * cell[1] + room_between)
        below = tops[1] + output_rows * cell[1]
    else:
        across, middles = wide[0] + _GAP + wide[1], (wide[0] / 2, wide[0] + _GAP + wide[1] / 2)
        tallest = max(rows, output_rows) * cell[1]
        tops = (top + (tallest - rows * cell[1]) / 2, top + (tallest - output_rows * cell[1]) / 2)
        below = top + tallest
    roles = canvas_roles(recording, numbered=True)
    rest = output_rest(recording, "output numbered")
    origins = [
        (round(MARGIN + middle - length * cell[0] / 2), round(y))
        for middle, length, y in zip(middles, (columns, output_columns), tops, strict=True)
    ]
    lattice = ((cell[0], 0), (0, cell[1]))
    canvas = Grid(
        "canvas",
        recording.canvas_size,
        origins[0],
        *lattice,
        roles,
        tapped(roles),
        ("value", "note") if has_notes(recording, cell[1]) else ("value",),
        2,
        canvas_shades(recording),
    )
    changes = ("output numbered", "result")
    output = Grid(
        "output", recording.scene.output, origins[1], *lattice, rest, changes, ("value",), 2, output_shades(recording)
    )
    return canvas, output, (across, below + MARGIN)


def _cell_size(recording: Recording) -> tuple[int, int]:
    """A cell's width and height: as high as fits, and wide enough for every value and note."""
    asked = recording.scene.view.cell
    columns = two(recording.canvas_size)[1] + two(recording.scene.output)[1]
    height = asked or max(min(CELL, (_ROOM - _GAP) // columns), LEAST_CELL)
    noted = noted_weights(recording) if has_notes(recording, height) else ()
    return max(height, ceil(widest_held(height, held_texts(recording), noted) + AIR)), height


def _label_texts(recording: Recording) -> tuple[Text, Text]:
    first, around = wording.input_label(recording.scene)
    return (
        Text(
            0, 0, language(recording.scene.view.language).listed((first, *around)), "input label", LABEL_SIZE, bold=True
        ),
        Text(0, 0, wording.output_label(recording.scene), "output label", LABEL_SIZE, bold=True),
    )


def _label_width(label: Text) -> float:
    return width(label.text, label.size, bold=True)


def _above(label: Text, grid: Grid) -> Text:
    x, y = grid.point(0, grid.columns / 2)
    return label._replace(x=x, y=y - 14)
