"""The kernel in sight: the canvas, the kernel as it is laid on it, and the output that each placement makes.

From a Recording comes a Storyboard. A kernel that lies turned by 180 degrees (in a transposed convolution, or a true one)
is drawn turned, and the kernel as given beside it. The canvas of a transposed convolution is the stretched and padded input.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import NamedTuple

from convanim.draw.storyboard import Paint, Step, Storyboard, Text
from convanim.engine import Placement, Recording
from convanim.errors import Problem
from convanim.language import language
from convanim.scene import Scene, wording
from convanim.scene.alternatives import cells_in_sentence, input_in_sentence
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
from convanim.views.numbers import short
from convanim.views.planes import cells_computed_since, computed_since, two, window_paints
from convanim.views.sheets import (
    LABEL_ROOM,
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
    label_above,
    output_sheet,
    placed_at,
    small_cell_refused,
    values_in,
)
from convanim.views.weights import given_weights, laid_weights

_GIVEN, _BETWEEN = "given", 12


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
    canvas, output = (next(grid for grid in stage.placed.grids if grid.name == name) for name in ("canvas", "output"))
    kernels = (grid for grid in stage.placed.grids if grid not in (canvas, output))
    weights = tuple(given_weights(grid) if grid.name == _GIVEN else laid_weights(recording, grid) for grid in kernels)

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
        return Step(number, duration, (done, *appearing), (*lit, *words), weights)

    return board_of(recording, stage.placed, stage.words, shown, step, moves=_moves(recording.asked))


def _stage(recording: Recording, shown: range) -> _Stage:
    scene, view = recording.asked, recording.asked.view
    placed, held = _placed(recording), laid_kernel(recording)
    for grid in placed.grids:
        texts: Iterable[Text] = known_texts(recording, grid)
        if grid.name == "canvas":
            texts = canvas_texts(recording, grid)
        elif grid.name != "output":
            texts = values_in(
                grid, held[::-1] if grid.name == _GIVEN else held
            )  # half a turn: the last cell comes first
        placed = placed._replace(texts=(*placed.texts, *texts))
    room, sum_top = None, placed.bottom + MARGIN / 2
    if view.has_sums:
        room = sums.room_for_sums(recording, shown, max(placed.right - MARGIN, LEAST_WIDTH))
        right = MARGIN + max(placed.right - MARGIN, LEAST_WIDTH, room.width)
        placed = placed._replace(right=right, bottom=sum_top + room.height)
    return _Stage(placed, captioned(recording, placed, scene.placements, _said(scene)), room, sum_top)


def _placed(recording: Recording) -> Placed:
    """Canvas, kernel and output. The kernel as given stands above the turned one if the canvas is as high, else before it."""
    scene, labels = recording.asked, recording.asked.view.labels
    sheets = [canvas_sheet(recording, ("value", "note")), _kernel_sheet(scene), output_sheet(recording)]
    cell = _cell(recording, sheets)
    if not _shows_given(scene):
        if _is_long(recording):
            return in_a_column(sheets, cell, labels=labels)
        return in_a_row(sheets, cell, signs=("∗", "→"), labels=labels)
    given = sheets[1]._replace(name=_GIVEN, label=wording.slider(scene))
    if _is_long(recording):
        return in_a_column([sheets[0], given, *sheets[1:]], cell, labels=labels)
    lower = (two(given.size)[0] * cell[1] + LABEL_ROOM + _BETWEEN) / 2
    if 2 * lower + two(given.size)[0] * cell[1] <= two(recording.canvas_size)[0] * cell[1]:
        return _with_given_above(in_a_row(sheets, cell, signs=("∗", "→"), labels=labels), given, cell, round(lower))
    sheets.insert(1, given)
    return in_a_row(sheets, _cell(recording, sheets), signs=("∗", "↻", "→"), labels=labels)


def _with_given_above(placed: Placed, given: Sheet, cell: tuple[int, int], lower: int) -> Placed:
    """The kernel moved down, and the one as given above it, both about the middle."""
    canvas, kernel, output = placed.grids
    x, y = kernel.origin
    above, below = placed_at(given, cell, (x, y - lower)), kernel._replace(origin=(x, y + lower))
    others = tuple(text for text in placed.texts if text.role != "kernel label")
    label = next(text for text in placed.texts if text.role == "kernel label")
    labels = label_above(above, given.label, label.role), label_above(below, label.text, label.role)
    return placed._replace(grids=(canvas, above, below, output), texts=(*others, *labels))


def _kernel_sheet(scene: Scene) -> Sheet:
    size = tuple(axis.kernel for axis in scene.axes)
    said = language(scene.view.language)
    parts = [wording.slider(scene), *([said("turned")] if _is_turned(scene) else [])]
    label = said("turned by 180°") if _shows_given(scene) else said.listed(parts)
    return Sheet("kernel", size, ("kernel",) * prod(size), label, "kernel label")


def _shows_given(scene: Scene) -> bool:
    """Whether the kernel as given is shown too: where it lies turned, and that is seen and said."""
    return _is_turned(scene) and scene.view.labels and any(axis.kernel > 1 for axis in scene.axes)


def _is_long(recording: Recording) -> bool:
    """Whether the canvas is one row, below which all else lies."""
    return two(recording.canvas_size)[0] == 1


def _is_turned(scene: Scene) -> bool:
    """Whether the kernel lies on the canvas turned by 180 degrees."""
    return scene.transposed != scene.flip


def _cell(recording: Recording, sheets: Sequence[Sheet]) -> tuple[int, int]:
    columns = [two(sheet.size)[1] for sheet in sheets]
    room = max(columns) if _is_long(recording) else sum(columns)
    height = cell_size(recording, room, ())[1]
    notes = noted_weights(recording) if has_notes(recording, height) else []
    return cell_size(recording, room, [*held_texts(recording), *map(short, laid_kernel(recording))], notes=notes)


def _sum(placement: Placement, recording: Recording, stage: _Stage) -> tuple[Text, ...]:
    if stage.room is None:
        return ()
    area = (MARGIN, stage.sum_top, stage.words.size[0] - 2 * MARGIN)
    return tuple(sums.sum_texts(placement, recording.asked, stage.room, area))


def _said(scene: Scene) -> str:
    laid = "the kernel, turned by 180°, is" if _is_turned(scene) else f"the {wording.slides(scene)} is"
    return language(scene.view.language)(f"{laid} laid on each place of the canvas; products add up")


def _moves(scene: Scene) -> str:
    said = language(scene.view.language)
    turned = ", turned by 180 degrees," if _is_turned(scene) else ""
    slides, makes = f"{wording.slides(scene)}{turned}", wording.makes(scene)
    text = f"The {{size}} {slides} slides over {{over}}; each placement makes one cell of the {{to}} {makes}."
    size, to = (cells_in_sentence(size, said) for size in (tuple(axis.kernel for axis in scene.axes), scene.output))
    return said(text, size=size, over=input_in_sentence(scene), to=to)
