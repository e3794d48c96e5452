"""Cells as blocks: neighbours that look alike are drawn as one, which is smaller and leaves no gaps between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from convanim.draw.storyboard import Grid

Block = tuple[int, int, int, int]  # row, column, rows, columns


def blocks(grid: Grid, cells: Iterable[int]) -> Iterator[Block]:
    """Some cells as blocks (row, column, rows, columns): stretches of rows, those that lie below one another as one."""
    growing: dict[tuple[int, int], Block] = {}
    for row, column, columns in _stretches(grid, cells):
        start = growing.get((column, columns))
        if start and start[0] + start[2] == row:
            growing[column, columns] = (start[0], column, start[2] + 1, columns)
            continue
        if start:
            yield start
        growing[column, columns] = (row, column, 1, columns)
    yield from growing.values()


def _stretches(grid: Grid, cells: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """Neighbours in a row, as its number, the first one's column and how many they are."""
    start = length = 0
    for cell in sorted(cells):
        if length and cell == start + length and cell % grid.columns:
            length += 1
            continue
        if length:
            yield *divmod(start, grid.columns), length
        start, length = cell, 1
    if length:
        yield *divmod(start, grid.columns), length
