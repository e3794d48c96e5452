"""The kernel in sight: the canvas, the kernel as it is laid on it, and the output that each placement makes.

From a Recording comes a Storyboard. A kernel that lies turned by 180 degrees (in a transposed convolution, or a true one)
is drawn turned, and said to be. The canvas of a transposed convolution is the stretched and padded input.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Paint, Step, Storyboard, Text
from convanim.engine import Placement, Recording
from convanim.errors import Problem, times
from convanim.language import language
from convanim.scene import Scene, wording
from convanim.views import sums
from convanim.views.numbers import Number, short
from convanim.views.planes import (
    canvas_roles,
    cells_computed_since,
    computed_since,
    output_rest,
    tapped,
    two,
    window_numbers,
    window_paints,
)
from convanim.views.sheets import (
    LEAST_NOTED_CELL,
    LEAST_WIDTH,
    MARGIN,
    Captioned,
    Placed,
    Sheet,
    board_of,
    captioned,
    cell_size,
    in_a_column,
    in_a_row,
    note_text,
    value_text,
    values_in,
)


class _Stage(NamedTuple):
    """Where everything lies; `room` says how sums are written, from `sum_top` down, None if they are not."""

    placed: Placed
    words: Captioned
    room: sums.SumRoom | None
    sum_top: float


def refusal(scene: Scene) -> Problem | None:
    """Only what weighs cells with a kernel."""
    if scene.has_kernel:
        return None
    legal = "legal is a convolution, or numeric, which draws every operation"
    named = wording.operation(wording.in_language(scene, "en"))
    return Problem(
        "view.kind",
        f"gather cannot draw {named}, which has no kernel",
        legal,
    )


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The placements in `shown`, one a step."""
    stage = _stage(recording, shown)
    canvas, _, output = stage.placed.grids

    def step(place: int, duration: int) -> Step:
        number = shown[place]
        placement = recording[number]
        done = Paint("output", cells_computed_since(recording, shown, place), "output numbered")
        lit = (
            *window_paints(recording, number, canvas.roles),
            Paint("output", (recording.output_number(number),), "result"),
        )
        texts = tuple(_value(recording, made, output) for made in computed_since(shown, place))
        words = (
            *_notes(recording, placement, canvas),
            *_sum(placement, recording, stage),
            *stage.words.counter(number),
        )
        appearing = texts if recording.asked.view.output == "computed" else ()
        return Step(number, duration, (done, *appearing), (*lit, *words))

    return board_of(recording, stage.placed, stage.words, shown, step, moves=_moves(recording.asked))


def _stage(recording: Recording, shown: range) -> _Stage:
    scene, view = recording.asked, recording.asked.view
    weights = _as_laid(recording)
    cell = _cell(recording, weights)
    sheets = _sheets(recording, len(weights))
    if two(recording.canvas_size)[0] == 1:
        placed = in_a_column(sheets, cell, labels=view.labels)
    else:
        placed = in_a_row(sheets, cell, signs=("∗", "→"), labels=view.labels)
    canvas, kernel, output = placed.grids
    texts = [*values_in(canvas, _canvas_values(recording)), *values_in(kernel, weights)]
    if view.output == "whole":
        texts += [_value(recording, number, output) for number in range(scene.placements)]
    placed = placed._replace(texts=(*placed.texts, *texts))
    room, sum_top = None, placed.bottom + MARGIN / 2
    if view.formula:
        room = sums.room_for_sums(recording, shown, max(placed.right - MARGIN, LEAST_WIDTH))
        placed = placed._replace(right=max(placed.right, MARGIN + room.width), bottom=sum_top + room.height)
    return _Stage(placed, captioned(recording, placed, scene.placements, _said(scene)), room, sum_top)


def _sheets(recording: Recording, weights: int) -> list[Sheet]:
    scene = recording.asked
    roles = canvas_roles(recording, numbered=True)
    first, around = wording.input_label(scene)
    size = tuple(axis.kernel for axis in scene.axes)
    said = language(scene.view.language)
    turned = (said("turned"),) if _is_turned(scene) else ()
    return [
        Sheet(
            "canvas",
            recording.canvas_size,
            roles,
            said.listed((first, *around)),
            "input label",
            tapped(roles),
            ("value", "note"),
        ),
        Sheet(
            "kernel",
            size,
            ("kernel",) * weights,
            said.listed((wording.slider(scene), *turned)),
            "kernel label",
        ),
        Sheet(
            "output",
            scene.output,
            output_rest(recording, "output numbered"),
            wording.output_label(scene),
            "output label",
            ("output numbered", "result"),
        ),
    ]


def _as_laid(recording: Recording) -> list[Number]:
    """The kernel's values as they lie on the canvas, row by row."""
    return [tap.weight for tap in recording[0].taps if tap.weight is not None]


def _is_turned(scene: Scene) -> bool:
    """Whether the kernel lies on the canvas turned by 180 degrees."""
    return scene.transposed != scene.flip


def _canvas_values(recording: Recording) -> list[Number]:
    cells = product(*map(range, recording.canvas_size))
    return [value for value in map(recording.canvas_value, cells) if value is not None]


def _cell(recording: Recording, weights: list[Number]) -> tuple[int, int]:
    scene = recording.asked
    outputs = [recording.value(cell) for cell in product(*map(range, scene.output))]
    columns = [
        two(size)[1] for size in (recording.canvas_size, scene.output, tuple(axis.kernel for axis in scene.axes))
    ]
    room = max(columns) if two(recording.canvas_size)[0] == 1 else sum(columns)
    values = [0, *recording.input.ravel().tolist(), *weights, *outputs]
    height = cell_size(recording, room, ())[1]
    notes = [f"×{short(weight)}" for weight in weights] if height >= LEAST_NOTED_CELL else []
    return cell_size(recording, room, values, notes=notes)


def _value(recording: Recording, number: int, grid: Grid) -> Text:
    return value_text(grid, recording.output_number(number), short(recording.value(recording.output_index(number))))


def _notes(recording: Recording, placement: Placement, grid: Grid) -> tuple[Text, ...]:
    """The kernel's value in the corner of each cell that it multiplies."""
    if grid.down[1] < LEAST_NOTED_CELL:
        return ()
    cells = zip(window_numbers(recording, placement.index), placement.taps, strict=True)
    return tuple(note_text(grid, number, f"×{short(tap.weight)}") for number, tap in cells if tap.weight is not None)


def _sum(placement: Placement, recording: Recording, stage: _Stage) -> tuple[Text, ...]:
    if stage.room is None:
        return ()
    area = (MARGIN, stage.sum_top, stage.words.size[0] - 2 * MARGIN)
    return tuple(sums.sum_texts(placement, recording.asked, stage.room, area))


def _said(scene: Scene) -> str:
    laid = "the kernel, turned by 180°, is" if _is_turned(scene) else "the kernel is"
    return language(scene.view.language)(f"{laid} laid on each place of the canvas; products add up")


def _moves(scene: Scene) -> str:
    size = times(tuple(axis.kernel for axis in scene.axes))
    turned = ", turned by 180 degrees," if _is_turned(scene) else ""
    text = f"A {{size}} kernel{turned} slides over {{over}}; each placement makes one cell of the {{to}} output."
    over = wording.input_in_sentence(scene)
    return language(scene.view.language)(text, size=size, over=over, to=times(scene.output))
