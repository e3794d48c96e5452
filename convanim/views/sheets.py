"""What flat views are laid out of: sheets of cells side by side or in rows, with values in them, names above them.

A sheet is a grid that has no place yet. Sizes are settled for the widest value that will occur, so that nothing moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Line, Step, Storyboard, Text
from convanim.draw.text import width
from convanim.engine import Recording
from convanim.errors import Problem
from convanim.language import language
from convanim.scene import Scene, wording
from convanim.scene.model import View
from convanim.scene.values import Size
from convanim.views.caption import Caption, caption, widest
from convanim.views.numbers import Number, short
from convanim.views.planes import (
    assembled,
    canvas_roles,
    canvas_shades,
    output_rest,
    output_shades,
    tapped,
    two,
)

CELL, LEAST_CELL, LEAST_LEGIBLE_CELL, LEAST_NOTED_CELL, LEAST_SIZE = 46, 18, 14, 30, 9
MARGIN, GAP, LABEL_ROOM, LABEL_SIZE = 18, 44, 28, 15
LEAST_WIDTH = 420
_VALUE_SIZE, _NOTE_SIZE, _SIGN_SIZE = 17, 11, 20
_STROKE, _ABOVE, _BETWEEN = 2, 14, 20
AIR, _LARGE = 10, 8
_NUMBERED = "cells carry their numbers, counted row by row"


class Sheet(NamedTuple):
    """A flat grid to be placed: roles at rest and those that steps give; which texts its cells hold; its name above it."""

    name: str
    size: Size
    roles: tuple[str, ...]
    label: str = ""
    label_role: str = "quiet"
    changes: tuple[str, ...] = ()
    slots: tuple[str, ...] = ("value",)
    shades: bytes = b""


def canvas_sheet(recording: Recording, slots: tuple[str, ...] = ("value",)) -> Sheet:
    """The padded and stretched input, with all that is said of it in its name."""
    roles = canvas_roles(recording, numbered=True)
    name, around = wording.input_label(recording.scene)
    label = language(recording.scene.view.language).listed((name, *around))
    shades = canvas_shades(recording)
    return Sheet("canvas", recording.canvas_size, roles, label, "input label", tapped(roles), slots, shades)


def output_sheet(recording: Recording) -> Sheet:
    """The output as it is before the first step."""
    size, roles = recording.asked.output, output_rest(recording, "output numbered")
    label, changes = wording.output_label(recording.scene), ("output numbered", "result")
    return Sheet("output", size, roles, label, "output label", changes, shades=output_shades(recording))


class Placed(NamedTuple):
    """Grids with their labels and signs, how far they reach from the left and the top, and lines at rest."""

    grids: tuple[Grid, ...]
    texts: tuple[Text, ...]
    right: float
    bottom: float
    lines: tuple[Line, ...] = ()


def in_a_row(
    sheets: Sequence[Sheet],
    cell: tuple[float, float],
    *,
    signs: Sequence[str] = (),
    labels: bool = True,
    corner: tuple[float, float] = (MARGIN, MARGIN),
) -> Placed:
    """Sheets from left to right, their middles on one line, a sign (or nothing) in each gap; `cell` is (width, height)."""
    left, top = corner
    shown = labels and any(sheet.label for sheet in sheets)
    top += LABEL_ROOM if shown else 0
    tallest = max(two(sheet.size)[0] for sheet in sheets) * cell[1]
    grids: list[Grid] = []
    texts: list[Text] = []
    for number, sheet in enumerate(sheets):
        if number:
            sign = signs[number - 1] if signs else ""
            if sign:
                texts.append(Text(round(left + GAP / 2), round(top + tallest / 2 + 7), sign, "text", _SIGN_SIZE))
            left += GAP
        rows, columns = two(sheet.size)
        room = max(columns * cell[0], _label_width(sheet) if shown else 0)
        x, y = round(left + (room - columns * cell[0]) / 2), round(top + (tallest - rows * cell[1]) / 2)
        grid = placed_at(sheet, cell, (x, y))
        grids.append(grid)
        if shown and sheet.label:
            texts.append(label_above(grid, sheet.label, sheet.label_role))
        left += room
    return Placed(tuple(grids), tuple(texts), left, top + tallest)


def in_a_column(
    sheets: Sequence[Sheet],
    cell: tuple[float, float],
    *,
    labels: bool = True,
    corner: tuple[float, float] = (MARGIN, MARGIN),
) -> Placed:
    """Sheets from top to bottom, their middles on one line, each with its name above it; `cell` is (width, height)."""
    left, top = corner
    widths = [max(two(sheet.size)[1] * cell[0], _label_width(sheet) if labels else 0) for sheet in sheets]
    grids: list[Grid] = []
    texts: list[Text] = []
    for number, sheet in enumerate(sheets):
        rows, columns = two(sheet.size)
        top += (_BETWEEN if number else 0) + (LABEL_ROOM if labels and sheet.label else 0)
        grid = placed_at(sheet, cell, (round(left + (max(widths) - columns * cell[0]) / 2), round(top)))
        grids.append(grid)
        if labels and sheet.label:
            texts.append(label_above(grid, sheet.label, sheet.label_role))
        top += rows * cell[1]
    return Placed(tuple(grids), tuple(texts), left + max(widths), top)


def ring(grid: Grid, number: int) -> tuple[Line, ...]:
    """A mark around a cell, inside its border: two rings, one within the other, of which one is seen on whatever fill."""
    thick = 2 if grid.down[1] >= LEAST_NOTED_CELL else 1
    outer = _frame(grid, number, 1 + thick / 2, "mark edge", thick)
    return (*outer, *_frame(grid, number, 1 + 1.5 * thick, "mark", thick))


def _frame(grid: Grid, number: int, inset: float, role: str, thick: float) -> Iterator[Line]:
    """Four lines that far inside the border of a cell, which share no pixel."""
    row, column = divmod(number, grid.columns)
    (left, top), (right, bottom) = grid.point(row, column), grid.point(row + 1, column + 1)
    left, top, right, bottom = left + inset, top + inset, right - inset, bottom - inset
    half = thick / 2
    for y in (top, bottom):
        yield Line((left - half, y), (right + half, y), role, thick)
    for x in (left, right):
        yield Line((x, top + half), (x, bottom - half), role, thick)


def crossed(grid: Grid, number: int) -> tuple[Line, ...]:
    """A cross through a cell, which leaves its middle to what stands there. The wide lines lie below the narrow ones."""
    row, column = divmod(number, grid.columns)
    middle, (x, y) = grid.point(row + 0.5, column + 0.5), grid.point(row, column)
    is_large = grid.down[1] >= LEAST_NOTED_CELL
    inset, thick, casing, open_share = (4, 3, 5.5, 0.36) if is_large else (3, 2, 4, 0.65)
    across, down = middle[0] - x - inset, middle[1] - y - inset

    def arm(right: int, below: int, role: str, thick: float) -> Line:
        ends = [(middle[0] + right * across * share, middle[1] + below * down * share) for share in (1, open_share)]
        return Line(ends[0], ends[1], role, thick)

    corners = ((-1, -1), (1, -1), (-1, 1), (1, 1))
    return tuple(arm(*corner, *ink) for ink in (("mark edge", casing), ("mark", thick)) for corner in corners)


def placed_at(sheet: Sheet, cell: tuple[float, float], corner: tuple[float, float]) -> Grid:
    """A sheet as a grid whose first cell starts at `corner`."""
    lattice = ((cell[0], 0.0), (0.0, cell[1]))
    return Grid(
        sheet.name, sheet.size, corner, *lattice, sheet.roles, sheet.changes, sheet.slots, _STROKE, sheet.shades
    )


def label_above(grid: Grid, label: str, role: str) -> Text:
    """A grid's name above its middle."""
    x, y = grid.point(0, grid.columns / 2)
    return Text(x, y - _ABOVE, label, role, LABEL_SIZE, bold=True)


def small_cell_refused(scene: Scene) -> Problem | None:
    """A cell that is asked for and that no number of 9 pixels fits."""
    asked, kind = scene.view.cell, scene.view.kind
    if asked is None or asked >= LEAST_LEGIBLE_CELL:
        return None
    legal = f"legal in the {kind} view is {LEAST_LEGIBLE_CELL} or more, else no number is legible"
    return Problem("view.cell", f"got {asked}", legal)


def cell_size(
    recording: Recording, columns: int, texts: Iterable[str], *, notes: Iterable[str] = (), room: float = 900
) -> tuple[int, int]:
    """A cell's width and height: as high as fits `columns` into `room`, wide enough for every text and note."""
    height = recording.scene.view.cell or max(min(CELL, int(room // max(columns, 1))), LEAST_CELL)
    return max(height, ceil(widest_held(height, texts, notes) + AIR)), height


def widest_held(height: float, texts: Iterable[str], notes: Iterable[str] = ()) -> float:
    """How wide the widest of some texts and notes is in cells of a height."""
    pairs = [(text, value_size(height)) for text in dict.fromkeys(texts)]
    pairs += [(note, note_size(height)) for note in dict.fromkeys(notes)]
    return max((reach(text, size) for text, size in pairs), default=0)


def reach(text: str, size: float, *, bold: bool = False) -> float:
    """How far a text reaches at every scale: at a small size its characters may be set closer than at a large one."""
    return max(width(text, size, bold=bold), width(text, size * _LARGE, bold=bold) / _LARGE)


def value_size(height: float) -> float:
    """The size of a value in a cell of that height."""
    return max(_VALUE_SIZE * height / CELL, LEAST_SIZE)


def note_size(height: float) -> float:
    """The size of a note in a cell of that height."""
    return max(_NOTE_SIZE * height / CELL, LEAST_SIZE)


def value_text(grid: Grid, number: int, text: str, *, bold: bool = False) -> Text:
    """A value in the middle of a cell."""
    row, column = divmod(number, grid.columns)
    size = value_size(grid.down[1])
    x, y = grid.point(row + 0.5, column + 0.5)
    return Text(x, round(y + size * 0.26), text, "value", size, bold=bold, cell=(grid.name, number))


def note_text(grid: Grid, number: int, text: str) -> Text:
    """A note in the bottom right corner of a cell."""
    x, y = grid.point(number // grid.columns + 1, number % grid.columns + 1)
    return Text(x - 4, y - 5, text, "note", note_size(grid.down[1]), "right", cell=(grid.name, number))


def values_in(grid: Grid, values: Iterable[Number]) -> tuple[Text, ...]:
    """A value in every cell of a grid, row by row."""
    return tuple(value_text(grid, number, short(value)) for number, value in enumerate(values))


class Captioned(NamedTuple):
    """The caption under some grids, and the picture's size with it."""

    caption: Caption | None
    size: tuple[int, int]

    @property
    def texts(self) -> tuple[Text, ...]:
        return self.caption.texts if self.caption else ()

    def lines_beside(self, grids: Iterable[Grid]) -> tuple[Line, ...]:
        return self.caption.lines_beside(grids) if self.caption else ()

    def counter(self, number: int) -> tuple[Text, ...]:
        """The text that counts a step, if there is a caption."""
        return (self.caption.at_step(number),) if self.caption else ()


def captioned(recording: Recording, placed: Placed, total: int, said: str = "") -> Captioned:
    """Room for the caption under what is placed: `said` is what the view shows, in a few words."""
    scene, said = recording.scene, numbers_said(recording.scene.view, said)
    across, below = placed.right - MARGIN, placed.bottom + MARGIN
    if not scene.view.caption:
        return Captioned(None, (round(across + 2 * MARGIN), round(below)))
    across = max(across, LEAST_WIDTH, widest(scene, total, said))
    words = caption(scene, total, (MARGIN, below - 8, across), centred=False, said=said)
    return Captioned(words, (round(across + 2 * MARGIN), round(below + words.height + MARGIN - 8)))


def numbers_said(view: View, said: str = "") -> str:
    """What a view shows, and that cells carry numbers if they do."""
    return "; ".join(filter(None, (said, _NUMBERED if view.numbered else "")))


def board_of(
    recording: Recording,
    placed: Placed,
    words: Captioned,
    shown: range,
    make: Callable[[int, int], Step],
    *,
    moves: str,
    inks: tuple[str, ...] = (),
) -> Storyboard:
    """The storyboard of placed grids; `make(place, duration)` makes each step, `moves` says in a sentence what it shows."""
    inks = tuple(dict.fromkeys(("text", "quiet", *inks)))
    board = Storyboard(
        words.size,
        placed.grids,
        (),
        (*placed.texts, *words.texts),
        inks,
        lines=(*placed.lines, *words.lines_beside(placed.grids)),
    )
    return assembled(board, recording.scene, shown, make, moves)


def _label_width(sheet: Sheet) -> float:
    return width(sheet.label, LABEL_SIZE, bold=True) if sheet.label else 0
