"""How the panels of the all-steps view fit a page: how many in a row, and how large their cells are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import ceil
from typing import NamedTuple

from convanim.draw.text import width
from convanim.engine import Recording
from convanim.scene import Scene
from convanim.views.numbers import short
from convanim.views.planes import two
from convanim.views.sheets import LEAST_CELL, LEAST_NOTED_CELL, note_size, value_size

APART, ARROW, NUMBER_ROOM = 28, 24, 20
_PAGE = 1000, 1300  # about the shape of a sheet of paper without its margins
_LARGEST_CELL, _SMALLEST_CELL = 40, 6
_AS_GOOD = 0.7  # rows of panels like the output's rows are worth cells so much smaller

Cell = tuple[int, int]


class Panels(NamedTuple):
    """How many panels there are in a row, a cell's (width, height), whether cells hold values, and a panel's size."""

    columns: int
    cell: Cell
    valued: bool
    size: tuple[float, float]


def panels_of(recording: Recording, count: int) -> Panels:
    """The largest cells that fit the page: with values in them if these fit too. A size that is asked for goes before."""
    scene, asked = recording.asked, recording.asked.view.cell
    heights = [asked] if asked else range(_LARGEST_CELL, _SMALLEST_CELL - 1, -1)
    valued = [height for height in heights if height >= LEAST_CELL] if _has_one_channel(scene) else []
    cells = [(max(height, ceil(_widest(recording, height) + 8)), height) for height in valued]
    if cells and asked:
        return _wide(scene, count, cells[0], valued=True)
    found = _best(scene, count, cells)
    if found:
        return Panels(*found, valued=True, size=_panel_size(scene, found[1]))
    found = _best(scene, count, [(height, height) for height in heights])
    if found:
        return Panels(*found, valued=False, size=_panel_size(scene, found[1]))
    return _wide(scene, count, (heights[-1], heights[-1]), valued=False)


def most_on_a_page(scene: Scene) -> int:
    """How many panels of a scene fit a page, in cells as small as can be."""
    cell = scene.view.cell or _SMALLEST_CELL
    down = _panel_size(scene, (cell, cell))[1]
    return _in_a_row(scene, (cell, cell)) * int((_PAGE[1] + APART) // (down + APART))


def _wide(scene: Scene, count: int, cell: Cell, *, valued: bool) -> Panels:
    """As many panels in a row as the page is wide, however many rows that makes."""
    columns = max(min(_in_a_row(scene, cell), count), 1)
    return Panels(columns, cell, valued, _panel_size(scene, cell))


def _best(scene: Scene, count: int, cells: Sequence[Cell]) -> tuple[int, Cell] | None:
    """Columns and the first of some cells, largest first, with which the panels fit: preferably as the output has rows."""
    fitting = [cell for cell in cells if _fits(scene, count, cell, _in_a_row(scene, cell))]
    if not fitting:
        return None
    columns = two(scene.output)[1]
    if scene.op != "max_unpool" and count == scene.placements:
        for cell in fitting:
            if cell[1] >= _AS_GOOD * fitting[0][1] and _fits(scene, count, cell, columns):
                return columns, cell
    most = min(_in_a_row(scene, fitting[0]), count)
    return ceil(count / ceil(count / most)), fitting[0]


def _fits(scene: Scene, count: int, cell: Cell, columns: int) -> bool:
    down = _panel_size(scene, cell)[1]
    return 0 < columns <= _in_a_row(scene, cell) and ceil(count / columns) * (down + APART) - APART <= _PAGE[1]


def _in_a_row(scene: Scene, cell: Cell) -> int:
    return int((_PAGE[0] + APART) // (_panel_size(scene, cell)[0] + APART))


def _panel_size(scene: Scene, cell: Cell) -> tuple[float, float]:
    """A panel's width and height: its number above the canvas, the output right of it, or below a single row."""
    (rows, columns), (output_rows, output_columns) = two(scene.canvas), two(scene.output)
    if scene.dimensions == 1:
        return max(columns, output_columns) * cell[0], NUMBER_ROOM + 2 * cell[1] + ARROW
    return (columns + output_columns) * cell[0] + ARROW, NUMBER_ROOM + max(rows, output_rows) * cell[1]


def _has_one_channel(scene: Scene) -> bool:
    return max(scene.in_channels, scene.out_channels) == 1


def _widest(recording: Recording, height: int) -> float:
    """The widest text that a cell of that height may hold."""
    outputs = [recording.value(cell) for cell in product(*map(range, recording.asked.output))]
    values = dict.fromkeys([0, *recording.input.ravel().tolist(), *outputs])
    widths = [width(short(value), value_size(height)) for value in values]
    if recording.kernel is not None and height >= LEAST_NOTED_CELL:
        weights = dict.fromkeys(recording.kernel.ravel().tolist())
        widths += [width(f"×{short(weight)}", note_size(height)) + 2 for weight in weights]
    return max(widths)
