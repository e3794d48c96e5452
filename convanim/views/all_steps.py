"""All placements at once, on one page for print: small panels in rows, each with its window and its output cell lit.

Cells are as large as fits the page; they show values where these are legible, else roles alone.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from convanim.draw.storyboard import Grid, Point, Step, Storyboard, Text
from convanim.draw.text import width
from convanim.engine import Recording
from convanim.errors import Problem
from convanim.language import language
from convanim.scene import Scene, alternatives, wording
from convanim.scene.readers import parse_steps
from convanim.views.all_steps_page import APART, ARROW, NUMBER_ROOM, Panels, hold_numbers, most_on_a_page, panels_of
from convanim.views.contents import canvas_texts, has_notes, known_cells, notes, output_text
from convanim.views.planes import (
    canvas_roles,
    canvas_shades,
    output_rest,
    output_shades,
    tapped,
    two,
    window_numbers,
)
from convanim.views.sheets import (
    LABEL_ROOM,
    LABEL_SIZE,
    LEAST_CELL,
    MARGIN,
    Placed,
    Sheet,
    board_of,
    captioned,
    placed_at,
)

_LINED_CELL, _LEAST_LINED_CELL, _NUMBER = 12, 6, 12


def refusal(scene: Scene) -> Problem | None:
    """More placements than are legible on a page, even with cells of a few pixels."""
    count = _count(scene)
    most = most_on_a_page(scene)
    if count <= most:
        return _numbers_refused(scene, count) if scene.view.numbered else None
    if scene.view.cell:
        legal = "leave it out for cells as large as fit, or choose some with timing.steps"
        return Problem("view.cell", f"{count:,} placements in cells of {scene.view.cell} pixels fit no page", legal)
    legal = f"legal are {most} of this size at most; timing.steps chooses some" if most else "legal are smaller ones"
    return Problem("view.kind", f"all-steps cannot show {count:,} placements on a page", legal)


def _numbers_refused(scene: Scene, count: int) -> Problem | None:
    """No room for numbers in the cells of so many panels."""
    if hold_numbers(scene, count):
        return None
    if scene.view.cell:
        return Problem("view.cell", f"got {scene.view.cell}", f"legal with numbered cells is {LEAST_CELL} or more")
    legal = f"but the cells of {count:,} placements on a page hold no numbers; timing.steps chooses some"
    return Problem("view.numbered", "got true", legal)


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """One step, with a panel for each placement in `shown`."""
    scene = recording.scene
    panels = panels_of(recording, len(shown))
    top = MARGIN + (LABEL_ROOM if scene.view.labels else 0)
    grids: list[Grid] = []
    texts = list(_names(recording)) if scene.view.labels else []
    for place, number in enumerate(shown):
        row, column = divmod(place, panels.columns)
        corner = MARGIN + column * (panels.size[0] + APART), top + row * (panels.size[1] + APART)
        canvas, output, words = _panel(recording, number, panels, corner)
        grids += [canvas, output]
        texts += words
    across, rows = min(len(shown), panels.columns), ceil(len(shown) / panels.columns)
    right = max(MARGIN + across * (panels.size[0] + APART) - APART, *(text.x + _reach(text) for text in texts))
    placed = Placed(tuple(grids), tuple(texts), right, top + rows * (panels.size[1] + APART) - APART)
    caption = captioned(recording, placed, 0, _said(scene, shown))
    board = board_of(recording, placed, caption, range(1), lambda _, duration: Step(0, duration), moves="")
    said = language(scene.view.language)
    kind = said("All {count} placements" if len(shown) == scene.placements else "{count} placements", count=len(shown))
    moves = said("Each numbered panel shows the window on the input and the cell of the output that it makes.")
    return replace(board, alternative=alternatives.alternative_text(scene, moves=moves, kind=kind))


def _count(scene: Scene) -> int:
    """How many placements the scene asks for."""
    chosen = parse_steps(scene.timing.steps) if scene.timing.steps else slice(None)
    return len(range(scene.placements)[chosen])


def _said(scene: Scene, shown: range) -> str:
    said = language(scene.view.language)
    if len(shown) == scene.placements:
        return said("all {count} placements, in order", count=len(shown))
    return said("{count} of {total} placements, numbered in order", count=len(shown), total=scene.placements)


def _names(recording: Recording) -> list[Text]:
    """Which plane is which, once for the whole page."""
    first, around = wording.input_label(recording.scene)
    words = (
        (language(recording.scene.view.language).listed((first, *around)), "input label"),
        ("→", "text"),
        (wording.output_label(recording.scene), "output label"),
    )
    texts, x = [], float(MARGIN)
    for word, role in words:
        texts.append(Text(round(x), MARGIN + LABEL_SIZE - 2, word, role, LABEL_SIZE, "left", bold=True))
        x += _reach(texts[-1]) + 12
    return texts


def _panel(recording: Recording, number: int, panels: Panels, corner: Point) -> tuple[Grid, Grid, list[Text]]:
    """The canvas with the window of a placement lit, the output with its cell lit, and the texts of both."""
    cell = panels.cell
    slots = ("value", "note") if _has_notes(recording, panels) else ("value",) if panels.valued else ()
    canvas, output = _canvas(recording, number, panels, slots), _output(recording, number, panels, slots[:1])
    *places, arrow = _places(recording.asked, cell, (corner[0], corner[1] + NUMBER_ROOM))
    stroke = 1.5 if cell[1] >= _LINED_CELL else 1.0 if cell[1] >= _LEAST_LINED_CELL else 0.0
    grids = [
        placed_at(sheet, cell, place)._replace(stroke=stroke)
        for sheet, place in zip((canvas, output), places, strict=True)
    ]
    sign = Text(*arrow, "↓" if recording.asked.dimensions == 1 else "→", "quiet", _NUMBER)
    texts = [Text(corner[0], places[0][1] - 6, str(number + 1), "text", _NUMBER, "left", bold=True), sign]
    if panels.valued:
        texts += _values(recording, number, (grids[0], grids[1]), noted=_has_notes(recording, panels))
    return grids[0], grids[1], texts


def _places(scene: Scene, cell: tuple[int, int], corner: Point) -> tuple[Point, Point, Point]:
    """Where the canvas, the output and the arrow between them stand: beside each other, a signal above its output."""
    (left, top), (rows, columns), (output_rows, output_columns) = corner, two(scene.canvas), two(scene.output)
    if scene.dimensions == 1:
        middle = left + max(columns, output_columns) * cell[0] / 2
        return (
            (round(middle - columns * cell[0] / 2), top),
            (round(middle - output_columns * cell[0] / 2), top + cell[1] + ARROW),
            (round(middle), round(top + cell[1] + ARROW / 2 + 5)),
        )
    beside, middle = left + columns * cell[0], top + max(rows, output_rows) * cell[1] / 2
    return (
        (left, round(middle - rows * cell[1] / 2)),
        (beside + ARROW, round(middle - output_rows * cell[1] / 2)),
        (round(beside + ARROW / 2), round(middle + 5)),
    )


def _canvas(recording: Recording, number: int, panels: Panels, slots: tuple[str, ...]) -> Sheet:
    """The canvas with a placement's window lit."""
    rest = canvas_roles(recording, numbered=panels.valued)
    roles = list(rest)
    for at in window_numbers(recording, number):
        roles[at] = f"{rest[at]} tap"
    name, shades = f"canvas {number + 1}", canvas_shades(recording)
    return Sheet(name, recording.canvas_size, tuple(roles), changes=tapped(rest), slots=slots, shades=shades)


def _output(recording: Recording, number: int, panels: Panels, slots: tuple[str, ...]) -> Sheet:
    """The output as it is with a placement: its cell lit, those of the placements before it made."""
    done = "output numbered" if panels.valued else "output"
    roles = list(output_rest(recording, done))
    for one in range(number):
        roles[recording.output_number(one)] = done
    roles[recording.output_number(number)] = "result"
    name, shades = f"output {number + 1}", output_shades(recording)
    return Sheet(name, recording.asked.output, tuple(roles), slots=slots, shades=shades)


def _has_notes(recording: Recording, panels: Panels) -> bool:
    return panels.valued and recording.kernel is not None and has_notes(recording, panels.cell[1])


def _values(recording: Recording, number: int, grids: tuple[Grid, Grid], *, noted: bool) -> list[Text]:
    """The values of the canvas, those of the output up to this placement, and the kernel's in the window's cells."""
    canvas, output = grids
    made = dict.fromkeys([*known_cells(recording), *map(recording.output_number, range(number + 1))])
    texts = [*canvas_texts(recording, canvas), *(output_text(recording, output, cell) for cell in made)]
    return [*texts, *(notes(recording, recording[number], canvas) if noted else ())]


def _reach(text: Text) -> float:
    return width(text.text, text.size, bold=text.bold)
