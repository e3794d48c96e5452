"""What stands in the cells of the matrix view: values, or the symbols w, x and y with their indices below the line."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from convanim.engine import Recording
from convanim.scene.values import Size
from convanim.views.matrix_rows import Entry, Index
from convanim.views.numbers import short

_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_TEN = 10


class Words(NamedTuple):
    """The texts of input, output and kernel cells, row by row, and whether they are symbols."""

    x: tuple[str, ...]
    y: tuple[str, ...]
    w: tuple[str, ...]
    are_symbols: bool

    def entry(self, entry: Entry) -> str:
        """The text of a place of the matrix: the one kernel cell's symbol, or the weight."""
        return symbol("w", entry.kernel[0]) if self.are_symbols else short(entry.weight)


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
