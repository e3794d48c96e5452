"""The rows of a linear operation's matrix as a Recording has them: which kernel cells and what weight meet which input."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import NamedTuple

from convanim.draw.theme import TINTS
from convanim.engine import Recording
from convanim.scene.values import Size
from convanim.views.numbers import Number

Index = tuple[int, ...]


class Entry(NamedTuple):
    """What stands in one place of the matrix: the weight, and the kernel (window) cells that it is the sum of."""

    weight: Number
    kernel: tuple[Index, ...]


# a row's entries by column: the input cell counted row by row
Row = dict[int, Entry]


def rows_of(recording: Recording) -> list[Row]:
    """The entries of every row; those that no placement makes, of an unpooling, have none."""
    rows: list[Row] = [{} for _ in range(prod(recording.asked.output))]
    for number in range(recording.asked.placements):
        rows[recording.output_number(number)] = _row(recording, number)
    return rows


def _row(recording: Recording, number: int) -> Row:
    """The row that a placement makes. Padding and inserted zeros have no column; where no tap lies there is no entry."""
    placement = recording[number]
    size, is_upsampling = recording.asked.input, recording.asked.op == "upsample"
    entries: Row = {}
    for tap in placement.taps:
        if tap.source is None or (is_upsampling and tap.weight == 0):
            continue
        column, weight = flat(tap.source, size), Fraction(1, placement.divisor) if tap.weight is None else tap.weight
        before = entries.get(column, Entry(0, ()))
        entries[column] = Entry(before.weight + weight, (*before.kernel, tap.kernel))
    return entries


def flat(index: Index, size: Size) -> int:
    """A cell's number, counted row by row."""
    return sum(at * prod(size[axis + 1 :]) for axis, at in enumerate(index))


def role_of(entry: Entry, kernel: Size) -> str:
    """The role of an entry: the tint of its kernel cell, so that the same cell looks the same in every row."""
    if len(entry.kernel) != 1:
        return "weight mixed"
    return tint(flat(entry.kernel[0], kernel), prod(kernel))


def tint(cell: int, cells: int) -> str:
    """The role of one of so many kernel cells; more than there are tints share them, neighbours first."""
    return f"weight {cell * (TINTS - 1) // max(cells - 1, 1)}"


def window_size(recording: Recording) -> Size:
    """The size of what slides: the kernel, a pooling's window, the taps of an upsampling; of an unpooling its window."""
    if recording.placed is not None:
        return recording.asked.kernel
    return tuple(axis.taps for axis in recording.axes)
