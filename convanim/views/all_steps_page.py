"""How the panels of the all-steps view fit a page: how many in a row, and how large their cells are."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, prod
from typing import NamedTuple

from convanim.engine import Recording
from convanim.scene import Scene
from convanim.views.contents import has_notes, held_texts, noted_weights
from convanim.views.planes import two
from convanim.views.sheets import AIR, LEAST_CELL, widest_held

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
    scene = recording.asked
    cells = [(max(height, ceil(_widest(recording, height) + AIR)), height) for height in _valued_heights(scene)]
    if cells and scene.view.cell:
        return _wide(scene, count, cells[0], valued=True)
    found = _best(scene, count, cells)
    if found:
        return Panels(*found, valued=True, size=_panel_size(scene, found[1]))
    heights = _heights(scene)
    found = _best(scene, count, [(height, height) for height in heights])
    if found:
        return Panels(*found, valued=False, size=_panel_size(scene, found[1]))
    return _wide(scene, count, (heights[-1], heights[-1]), valued=False)


def hold_numbers(scene: Scene, count: int) -> bool:
    """Whether the cells of so many panels hold the cells' numbers."""
    longest = str(max(prod(scene.input), prod(scene.output)))
    cells = [(max(height, ceil(widest_held(height, [longest]) + AIR)), height) for height in _valued_heights(scene)]
    return bool(cells) if scene.view.cell else _best(scene, count, cells) is not None


def most_on_a_page(scene: Scene) -> int:
    """How many panels of a scene fit a page, in cells as small as can be."""
    cell = scene.view.cell or _SMALLEST_CELL
    down = _panel_size(scene, (cell, cell))[1]
    return _in_a_row(scene, (cell, cell)) * int((_PAGE[1] + APART) // (down + APART))


def _heights(scene: Scene) -> Sequence[int]:
    """How high cells may be, the highest first."""
    return [scene.view.cell] if scene.view.cell else range(_LARGEST_CELL, _SMALLEST_CELL - 1, -1)


def _valued_heights(scene: Scene) -> list[int]:
    """Those that something can be written in: values of one channel, or numbers."""
    has_words = scene.view.numbered or max(scene.in_channels, scene.out_channels) == 1
    return [height for height in _heights(scene) if height >= LEAST_CELL and has_words]


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


def _widest(recording: Recording, height: int) -> float:
    """The widest text that a cell of that height may hold."""
    is_noted = recording.kernel is not None and has_notes(recording, height)
    return widest_held(height, held_texts(recording), noted_weights(recording) if is_noted else ())
