"""Convolution as a product with a matrix: y = C·x, the input x and the output y written as one line of cells, row by row.

x lies above the columns of C and y beside its rows, so that every weight stands below the value that it multiplies and
left of the sum that it goes into. C is tinted by kernel cell, and a small spatial picture shows the same step.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import prod

from convanim.draw.storyboard import Grid, Paint, Step, Storyboard, Text
from convanim.engine import Recording
from convanim.errors import Problem
from convanim.language import language
from convanim.scene import Scene
from convanim.views.matrix_layout import Layout, laid_out
from convanim.views.matrix_rows import Row
from convanim.views.matrix_words import Words, words_of
from convanim.views.planes import cells_computed_since, computed_since, window_paints
from convanim.views.sheets import board_of, small_cell_refused

MOST_CELLS, MOST_SYMBOLS = 49, 36


def refusal(scene: Scene) -> Problem | None:
    """What is not linear has no matrix; a large one is not legible; symbols need a kernel whose cells never add up."""
    if scene.op == "max_pool":
        return Problem("view.kind", f"matrix cannot show {scene.op}", "a maximum is not linear and has no matrix")
    rows, columns = prod(scene.output), prod(scene.input)
    most = MOST_SYMBOLS if scene.view.symbols else MOST_CELLS
    if max(rows, columns) > most:
        kind, unit = ("view.symbols", "symbol") if max(rows, columns) <= MOST_CELLS else ("view.kind", "number")
        legal = f"legal are {most} input cells and {most} output cells at most, else no {unit} is legible"
        return Problem(kind, f"matrix cannot show one of {rows}×{columns}", legal)
    return (_symbols_refused(scene) if scene.view.symbols else None) or small_cell_refused(scene)


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The placements in `shown`, one a step: each makes a row of the matrix."""
    words = words_of(recording)
    layout = laid_out(recording, words)
    step = partial(_step, recording, words, layout, shown)
    return board_of(recording, layout.placed, layout.captioned, shown, step, moves=_moves(recording))


def _symbols_refused(scene: Scene) -> Problem | None:
    if not scene.has_kernel:
        return Problem("view.symbols", "got true", f"but {scene.op} has no kernel whose cells could be named")
    if scene.padding_mode != "zeros":
        legal = 'legal is padding_mode = "zeros", else several kernel cells add up in one place'
        return Problem("view.symbols", "got true", legal)
    return None


def _step(recording: Recording, words: Words, layout: Layout, shown: range, place: int, duration: int) -> Step:
    number = shown[place]
    at = recording.output_number(number)
    done = cells_computed_since(recording, shown, place)
    lasting: list[Paint | Text] = [Paint(name, done, "output numbered") for name in ("output", "y")]
    if recording.asked.view.output == "computed":
        for one in computed_since(shown, place):
            cell = recording.output_number(one)
            lasting += [words.text(layout.grid(name), cell, words.y[cell]) for name in ("output", "y")]
    passing = [
        *window_paints(recording, number, layout.grid("canvas").roles),
        *_row_paints(layout.rows[at], at, layout.grid("C")),
        *_kernel_paints(layout.rows[at], layout),
        *(Paint(name, (at,), "result") for name in ("output", "y")),
    ]
    return Step(number, duration, tuple(lasting), (*passing, *layout.captioned.counter(number)))


def _row_paints(row: Row, number: int, matrix: Grid) -> Iterator[Paint]:
    """The current row of C, and the cells of x that its weights multiply."""
    by_role: dict[str, list[int]] = {}
    for cell in range(number * matrix.columns, (number + 1) * matrix.columns):
        by_role.setdefault(matrix.roles[cell], []).append(cell)
    yield from (Paint("C", tuple(cells), f"{role} tap") for role, cells in by_role.items())
    yield Paint("x", tuple(sorted(row)), "input numbered tap")


def _kernel_paints(row: Row, layout: Layout) -> Iterator[Paint]:
    """The kernel's cells that the current row holds, if a kernel is drawn."""
    grid = next((grid for grid in layout.placed.grids if grid.name == "kernel"), None)
    if grid is None:
        return
    for at in sorted({grid.number(cell) for entry in row.values() for cell in entry.kernel}):
        yield Paint("kernel", (at,), f"{grid.roles[at]} tap")


def _moves(recording: Recording) -> str:
    scene = recording.scene
    name, held = "the matrix C", "each row holds the kernel's weights where its window lies and"
    if scene.transposed:
        name, held = "the transposed matrix", "each column holds the kernel as one input cell stamps it, each row"
    rows, columns = prod(scene.output), prod(scene.input)
    text = (
        f"Row by row {name}, of {{rows}} rows and {{columns}} columns, is multiplied by the {{columns}} input cells, written "
        f"one after another; {held} makes one of {{rows}} output cells."
    )
    if scene.op == "max_unpool":
        text = (
            "The matrix C, of {rows} rows and {columns} columns, is multiplied by the {columns} input cells, written one "
            "after another; each value goes to the one of {rows} output cells in whose row a 1 stands below it."
        )
    return language(scene.view.language)(text, rows=rows, columns=columns)
