"""One exact palette for a whole animation: every fill, and its ramp towards each ink that may lie on it.

A pixel is a fill role, an ink role and a level of ink; its palette index is a look-up in a table over the three. As many
ink levels are used as fit beside each other in 255 colours (one index is left for "unchanged").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from convanim.draw.storyboard import Grid, Line, Storyboard
from convanim.draw.theme import BACKGROUND, DASH, OUTLINE, SOLID, Colour, Finish, Theme, mix
from convanim.errors import FormatError

COLOUR_LIMIT = 255
LEVELS = (16, 14, 12, 10, 8, 6, 5, 4, 3, 2)
LEVEL_BITS = 4


class Palette(NamedTuple):
    """`colours` are the palette; `table[role << 8 | ink << 4 | level]` is a colour's index in it.

    `roles` and `inks` number the roles; `levels` is how many levels of ink there are, 0 being none.
    """

    colours: tuple[Colour, ...]
    table: npt.NDArray[np.uint8]
    roles: dict[str, int]
    inks: dict[str, int]
    levels: int


def palette_of(board: Storyboard, finish: Finish) -> Palette:
    """The palette that draws `board`, with as many ink levels as fit and `finish` allows."""
    theme = finish.theme
    pairs = dict.fromkeys(_pairs(board, theme))
    for levels in (finish.levels, *(levels for levels in LEVELS if levels < finish.levels)):
        ramps = {pair: _ramp(*pair, theme, levels) for pair in pairs}
        colours = tuple(dict.fromkeys(colour for ramp in ramps.values() for colour in ramp))
        if len(colours) <= COLOUR_LIMIT:
            return _table(ramps, colours, levels)
    raise FormatError(f"the figure needs more than {COLOUR_LIMIT} colours")


def _pairs(board: Storyboard, theme: Theme) -> Iterator[tuple[str, str]]:
    """Which ink may lie on which fill."""
    yield BACKGROUND, OUTLINE
    for text in board.texts:
        if text.cell is None:
            yield BACKGROUND, text.role
    for ink in board.inks:
        yield BACKGROUND, ink
    for grid in board.grids:
        yield from _grid_pairs(grid, board, theme)


def _grid_pairs(grid: Grid, board: Storyboard, theme: Theme) -> Iterator[tuple[str, str]]:
    crossing = {item.role for item in board.steps[0].passing if isinstance(item, Line) and grid.name not in item.behind}
    for role in dict.fromkeys((*grid.roles, *grid.changes)):
        yield role, OUTLINE
        for ink in (*sorted(crossing), *grid.slots):
            yield role, ink
        if theme.line(role) != SOLID:
            yield role, DASH
            yield BACKGROUND, DASH


def _ramp(role: str, ink: str, theme: Theme, levels: int) -> list[Colour]:
    fill, colour = theme.fills[role], theme.ink(ink, role)
    return [mix(fill, colour, level / (levels - 1)) for level in range(levels)]


def _table(ramps: dict[tuple[str, str], list[Colour]], colours: tuple[Colour, ...], levels: int) -> Palette:
    index = {colour: number for number, colour in enumerate(colours)}
    roles = {role: number for number, role in enumerate(dict.fromkeys([BACKGROUND, *(role for role, _ in ramps)]))}
    inks = {ink: number for number, ink in enumerate(dict.fromkeys(ink for _, ink in ramps))}
    table = np.full(len(roles) << 8, COLOUR_LIMIT, dtype=np.uint8)
    for (role, ink), ramp in ramps.items():
        for level, colour in enumerate(ramp):
            table[roles[role] << 8 | inks[ink] << LEVEL_BITS | level] = index[colour]
        for other in inks.values():
            table[roles[role] << 8 | other << LEVEL_BITS] = index[ramp[0]]
    return Palette(colours, table, roles, inks, levels)
