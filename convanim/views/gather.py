"""The kernel in sight: the canvas, the kernel as it is laid on it, and the output that each placement makes.

From a Recording comes a Storyboard. A kernel that lies turned by 180 degrees (in a transposed convolution, or a true one)
is drawn turned, and said to be. The canvas of a transposed convolution is the stretched and padded input.
"""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from convanim.draw.storyboard import Paint, Step, Storyboard, Text
from convanim.engine import Placement, Recording
from convanim.errors import Problem, times
from convanim.language import language
from convanim.scene import Scene, wording
from convanim.views import sums
from convanim.views.contents import (
    canvas_texts,
    has_notes,
    held_texts,
    known_texts,
    laid_kernel,
    noted_weights,
    notes,
    output_text,
)
from convanim.views.numbers import Number, short
from convanim.views.planes import cells_computed_since, computed_since, two, window_paints
from convanim.views.sheets import (
    LEAST_WIDTH,
    MARGIN,
    Captioned,
    Placed,
    Sheet,
    board_of,
    canvas_sheet,
    captioned,
    cell_size,
    in_a_column,
    in_a_row,
    output_sheet,
    small_cell_refused,
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
        return small_cell_refused(scene)
    named = wording.operation(wording.in_language(scene, "en"))
    return Problem("view.kind", f"gather cannot draw {named}, which has no kernel", "legal is a convolution")


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
        since = computed_since(shown, place)
        texts = tuple(output_text(recording, output, recording.output_number(made)) for made in since)
        words = (
            *notes(recording, placement, canvas),
            *_sum(placement, recording, stage),
            *stage.words.counter(number),
        )
        appearing = texts if recording.asked.view.output == "computed" else ()
        return Step(number, duration, (done, *appearing), (*lit, *words))

    return board_of(recording, stage.placed, stage.words, shown, step, moves=_moves(recording.asked))


def _stage(recording: Recording, shown: range) -> _Stage:
    scene, view = recording.asked, recording.asked.view
    laid = laid_kernel(recording)
    cell = _cell(recording, laid)
    sheets = [canvas_sheet(recording, ("value", "note")), _kernel_sheet(scene), output_sheet(recording)]
    if two(recording.canvas_size)[0] == 1:
        placed = in_a_column(sheets, cell, labels=view.labels)
    else:
        placed = in_a_row(sheets, cell, signs=("∗", "→"), labels=view.labels)
    canvas, kernel, output = placed.grids
    texts = [*canvas_texts(recording, canvas), *values_in(kernel, laid), *known_texts(recording, output)]
    placed = placed._replace(texts=(*placed.texts, *texts))
    room, sum_top = None, placed.bottom + MARGIN / 2
    if view.has_sums:
        room = sums.room_for_sums(recording, shown, max(placed.right - MARGIN, LEAST_WIDTH))
        right = MARGIN + max(placed.right - MARGIN, LEAST_WIDTH, room.width)
        placed = placed._replace(right=right, bottom=sum_top + room.height)
    return _Stage(placed, captioned(recording, placed, scene.placements, _said(scene)), room, sum_top)


def _kernel_sheet(scene: Scene) -> Sheet:
    size = tuple(axis.kernel for axis in scene.axes)
    said = language(scene.view.language)
    label = said.listed([wording.slider(scene), *([said("turned")] if _is_turned(scene) else [])])
    return Sheet("kernel", size, ("kernel",) * prod(size), label, "kernel label")


def _is_turned(scene: Scene) -> bool:
    """Whether the kernel lies on the canvas turned by 180 degrees."""
    return scene.transposed != scene.flip


def _cell(recording: Recording, laid: list[Number]) -> tuple[int, int]:
    scene = recording.asked
    columns = [
        two(size)[1] for size in (recording.canvas_size, scene.output, tuple(axis.kernel for axis in scene.axes))
    ]
    room = max(columns) if two(recording.canvas_size)[0] == 1 else sum(columns)
    height = cell_size(recording, room, ())[1]
    notes = noted_weights(recording) if has_notes(recording, height) else []
    return cell_size(recording, room, [*held_texts(recording), *map(short, laid)], notes=notes)


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
