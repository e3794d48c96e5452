"""What stands in the cells of the matrix view: values, or the symbols w, x and y with their indices below the line."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Text
from convanim.engine import Recording
from convanim.scene.values import Size
from convanim.views.matrix_rows import Entry, Index
from convanim.views.numbers import short
from convanim.views.sheets import value_size, value_text

_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_TEN = 10
_LARGER, _LEAST_SYMBOL = 1.25, 12


class Words(NamedTuple):
    """The texts of input, output and kernel cells, row by row, and whether they are symbols."""

    x: tuple[str, ...]
    y: tuple[str, ...]
    w: tuple[str, ...]
    are_symbols: bool

    def entry(self, entry: Entry) -> str:
        """The text of a place of the matrix: the one kernel cell's symbol, or the weight."""
        return symbol("w", entry.kernel[0]) if self.are_symbols else short(entry.weight)

    def size(self, height: float) -> float:
        """The size of a text in a cell of that height: symbols are larger, for their indices."""
        return max(value_size(height) * _LARGER, _LEAST_SYMBOL) if self.are_symbols else value_size(height)

    def text(self, grid: Grid, number: int, text: str) -> Text:
        """A text in the middle of a cell."""
        plain, size = value_text(grid, number, text), self.size(grid.down[1])
        _, y = grid.point(number // grid.columns + 0.5, 0)
        return plain._replace(size=size, y=round(y + size * 0.22)) if self.are_symbols else plain


def words_of(recording: Recording) -> Words:
    """The texts of a recording, as its scene's view asks."""
    scene, kernel = recording.asked, recording.kernel
    size = () if kernel is None else kernel.shape[-len(scene.input) :]
    if scene.view.symbols:
        return Words(_symbols("x", scene.input), _symbols("y", scene.output), _symbols("w", size), are_symbols=True)
    values = tuple(short(recording.value(cell)) for cell in _cells(scene.output))
    weights = () if kernel is None else tuple(map(short, kernel.ravel().tolist()))
    return Words(tuple(map(short, recording.input[0].ravel().tolist())), values, weights, are_symbols=False)


def symbol(letter: str, index: Index) -> str:
    """`w₀₂`; with a comma between indices of two digits."""
    between = "," if max(index) >= _TEN else ""
    return letter + between.join(str(at).translate(_BELOW) for at in index)


def _symbols(letter: str, size: Size) -> tuple[str, ...]:
    return tuple(symbol(letter, cell) for cell in _cells(size))


def _cells(size: Size) -> list[Index]:
    return list(product(*map(range, size))) if size else []
