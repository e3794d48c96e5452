"""One axis: the input as a row of cells, the kernel moving along below it, lines from its taps to the output's cell.

Stems above the input and below the output show both as signals. An output value and its stem appear when they are
computed.
"""

from __future__ import annotations

from collections.abc import Iterator

from convanim.draw.storyboard import Line, Paint, Step, Storyboard, Text
from convanim.engine import Placement, Recording
from convanim.errors import Problem
from convanim.language import language
from convanim.scene import Scene, wording
from convanim.scene.alternatives import cells_in_sentence, input_in_sentence
from convanim.views import sheets, sums
from convanim.views.line_rows import LEGIBLE, Rows, hold_numbers, output_stem, placed_rows, rows_of
from convanim.views.numbers import short
from convanim.views.planes import cells_computed_since, computed_since, window_numbers, window_paints
from convanim.views.weights import given_weights, moving_weights

_THIN, _CHOSEN = 1.0, 2.6


def refusal(scene: Scene) -> Problem | None:
    """Numbers in cells that are too narrow for them."""
    if not scene.view.numbered or hold_numbers(scene):
        return None
    if scene.view.cell:
        return Problem("view.cell", f"got {scene.view.cell}", f"legal with numbered cells is {LEGIBLE} or more")
    legal = "but the cells of so long a signal hold no numbers; legal is a shorter one, or view.cell as you like it"
    return Problem("view.numbered", "got true", legal)


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The placements in `shown`, one a step."""
    scene, rows = recording.scene, rows_of(recording)
    placed = placed_rows(recording, rows)
    top, room = placed.bottom, None
    if scene.view.has_sums and (rows.is_written or scene.view.formula):
        least = max(placed.right - sheets.MARGIN, sheets.LEAST_WIDTH)
        room = sums.room_for_sums(recording, shown, least)
        right = sheets.MARGIN + max(least, room.width)
        placed = placed._replace(right=right, bottom=top + room.height)
    words = sheets.captioned(recording, placed, recording.asked.placements)
    across = words.size[0] - 2 * sheets.MARGIN
    given = (given_weights(rows.given),) if rows.given else ()

    def step(place: int, duration: int) -> Step:
        number = shown[place]
        placement = recording[number]
        done = Paint("output", cells_computed_since(recording, shown, place), "output numbered")
        result = Paint("output", (recording.output_number(number),), "result")
        window = *window_paints(recording, number, rows.canvas.roles), *_weights(recording, placement, rows)
        lines = _connectors(recording, placement, rows)
        sum_of_it = sums.sum_texts(placement, scene, room, (sheets.MARGIN, top, across)) if room else ()
        since = computed_since(shown, place) if scene.view.output == "computed" else range(0)
        appearing = (part for done in since for part in output_stem(recording, rows, recording.output_number(done)))
        weights = (*given, moving_weights(recording, placement, rows.kernel)) if rows.kernel else given
        passing = (*window, result, *lines, *sum_of_it, *words.counter(number))
        return Step(number, duration, (done, *appearing), passing, weights)

    return sheets.board_of(
        recording, placed, words, shown, step, moves=_moves(scene), inks=("connector", "output stem")
    )


def _connectors(recording: Recording, placement: Placement, rows: Rows) -> Iterator[Line]:
    """From the middle of each tap to the cell that the placement makes; the one that a maximum took is bolder."""
    end = rows.output.point(0, recording.output_number(placement.index) + 0.5)
    behind = tuple(grid.name for grid in rows.grids)
    for tap, cell in enumerate(window_numbers(recording, placement.index)):
        thick = _CHOSEN if tap == placement.chosen else _THIN
        yield Line((rows.kernel or rows.canvas).point(1, cell + 0.5), end, "connector", thick, behind)


def _weights(recording: Recording, placement: Placement, rows: Rows) -> Iterator[Paint | Text]:
    """The kernel's cells where it lies, with its values."""
    if rows.kernel is None:
        return
    cells = window_numbers(recording, placement.index)
    yield Paint("kernel", tuple(cells), "kernel")
    if rows.is_written:
        for cell, tap in zip(cells, placement.taps, strict=True):
            if recording.asked.view.numbered:
                yield sheets.value_text(rows.kernel, cell, str(tap.kernel[0] + 1))
            elif tap.weight is not None:
                yield sheets.value_text(rows.kernel, cell, short(tap.weight))


def _moves(scene: Scene) -> str:
    """How it moves, in a sentence."""
    said = language(scene.view.language)
    cells = f"the cells under the {wording.slides(scene)}" if scene.has_kernel else "its cells"
    made = wording.makes(scene)
    text = (
        "Above, {input} as a row of cells with stems as long as its values; step by step, "
        f"lines lead from {cells} to the cell of the {{output}} {made} that they make, whose stem appears."
    )
    return said(text, input=input_in_sentence(scene), output=cells_in_sentence(scene.output, said))
