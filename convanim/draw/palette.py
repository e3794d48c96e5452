"""One exact palette for a whole animation: every fill, and its ramp towards each ink that may lie on it.

A fill is a role, or a role in the shade of a value. A pixel is a fill, an ink role and a level of ink; its palette index
is a look-up in a table over the three. As many ink levels are used as fit beside each other in the colours that a format
has; where not even four fit, shades that are near each other share a fill.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from convanim.draw.hatch import TONES, is_hatchable
from convanim.draw.storyboard import Grid, Line, Storyboard
from convanim.draw.theme import (
    BACKGROUND,
    DASH,
    HATCH,
    NO_INK,
    NOTE,
    OUTLINE,
    SHADES,
    SOLID,
    UNFILLED,
    Colour,
    Finish,
    Theme,
    mix,
)
from convanim.errors import FormatError, notice

COLOUR_LIMIT = 255  # what a GIF holds beside the index that means "unchanged"
LEVELS = (16, 14, 12, 10, 8, 6, 5, 4, 3, 2)
LEVEL_BITS = 4
_KEPT_LEVELS = 4
_LINE_GRADES = 2  # thin lines that move are most of a file's bytes, and half of the ink levels is enough for them
_SHARED = (128, 96, 64, 48, 40, 32, 24, 20, 16, 12, 10, 8, 6, 4, 2)

Fill = tuple[str, int | None]
Ramps = dict[tuple[Fill, str], dict[int, Colour]]
Pixels = npt.NDArray[np.unsignedinteger[Any]]


class Palette(NamedTuple):
    """`colours` are the palette; `table[fill << 8 | ink << 4 | level]` is a colour's index in it.

    `roles` numbers the cell roles, `fills[role, shade]` the fills, and `fill_roles` says whose fill each is; `inks`
    numbers the ink roles; `levels` is how many levels of ink there are, 0 being none. The levels of the ink `HATCH` are
    the classes of `hatch_classes`: where no other ink lies, they draw the pattern of whatever role is there. `clear` is the last index where the ground is transparent: it has the ground's colour, and no other pixel has it.
    """

    colours: tuple[Colour, ...]
    table: Pixels
    roles: dict[str, int]
    fills: npt.NDArray[np.uint16]
    fill_roles: tuple[str, ...]
    inks: dict[str, int]
    levels: int
    clear: int | None = None

    @property
    def hatch(self) -> int | None:
        """The number of the ink that patterns are drawn with, if any cell has one."""
        return self.inks.get(HATCH)


def palette_of(board: Storyboard, finish: Finish, limit: int | None = COLOUR_LIMIT) -> Palette:
    """The palette that draws `board` in at most `limit` colours (None: however many), with as many ink levels as fit.

    Warns with a Notice if near shades share a fill; FormatError if the figure needs more colours all the same.
    """
    theme = finish.theme
    if limit is not None and finish.transparent:
        limit -= 1
    lines = frozenset(line.role for line in _lines(board))
    pairs = tuple(dict.fromkeys(_pairs(board, finish)))
    for shades, levels in _trials(finish.levels):
        ramps = _ramps(pairs, lines, theme, shades, levels, limit)
        if ramps is not None:
            if shades < SHADES:
                text = f"near values share a shade, {shades} in all, since the format has {limit} colours; a PNG has them all"
                notice(text)
            palette = _table(ramps, pairs, shades, levels)
            return _with_holes(palette, theme) if finish.transparent else palette
    raise FormatError(f"the figure needs more than {limit} colours")


def line_grades(levels: int) -> int:
    """How many levels of ink above none a line has, where there are `levels`."""
    return max((levels - 1) // _LINE_GRADES, 1)


def line_level(grade: int, levels: int) -> int:
    """The level of ink of a line's grade, from 1 to `line_grades`."""
    return grade * (levels - 1) // line_grades(levels)


def _trials(most: int) -> Iterator[tuple[int, int]]:
    """How many shades and levels of ink to try, best first: all shades while four levels fit, then fewer shades."""
    levels = (most, *(fewer for fewer in LEVELS if fewer < most))
    kept = min(most, _KEPT_LEVELS)
    yield from ((SHADES, number) for number in levels if number >= kept)
    yield from ((shades, kept) for shades in _SHARED)
    yield from product(_SHARED, (number for number in levels if number < kept))


def _lines(board: Storyboard) -> tuple[Line, ...]:
    """Lines of every role that occurs: those at rest, and all that steps bring.

    The first step has these, the last one those of a figure that waits beside others.
    """
    ends = (*board.steps[:1], *board.steps[-1:])
    brought = (item for step in ends for item in (*step.lasting, *step.passing) if isinstance(item, Line))
    return (*board.lines, *brought)


def _pairs(board: Storyboard, finish: Finish) -> Iterator[tuple[Fill, str]]:
    """Which ink may lie on which fill."""
    ground = (BACKGROUND, None)
    yield ground, OUTLINE
    for text in board.texts:
        if text.cell is None:
            yield ground, text.role
    for ink in (*board.inks, *(line.role for line in _lines(board))):
        yield ground, ink
    for grid in board.grids:
        yield from _grid_pairs(grid, board, finish)


def _grid_pairs(grid: Grid, board: Storyboard, finish: Finish) -> Iterator[tuple[Fill, str]]:
    theme, has_room = finish.theme, is_hatchable(grid, finish.scale)
    crossing = {line.role for line in _lines(board) if grid.name not in line.behind}
    inks = (*([OUTLINE] if grid.stroke > 0 else []), *sorted(crossing), *grid.slots)
    shades = sorted(set(grid.shades))
    for role in dict.fromkeys((*grid.roles, *grid.changes)):
        for shade in shades if shades and role in theme.ramps else [None]:
            yield (role, shade), NO_INK
            for ink in inks:
                if ink != NOTE or role in grid.changes:  # notes come and go with the steps
                    yield (role, shade), ink
            if has_room and theme.hatch(role, shade):
                yield (role, shade), HATCH
        if theme.line(role) != SOLID and grid.stroke > 0:
            yield (role, None), DASH
            yield (BACKGROUND, None), DASH


def _ramps(
    pairs: tuple[tuple[Fill, str], ...],
    lines: frozenset[str],
    theme: Theme,
    shades: int,
    levels: int,
    limit: int | None,
) -> Ramps | None:
    """The colours of every pair by level of ink, shades rounded to `shades` of them; None if beyond the limit."""
    ramps: Ramps = {}
    line_levels = [0, *(line_level(grade + 1, levels) for grade in range(line_grades(levels)))]
    colours: set[Colour] = set()
    for (role, shade), ink in pairs:
        fill = role, None if shade is None else shared(shade, shades)
        if (fill, ink) in ramps:
            continue
        ground = theme.fill(*fill)
        if ink == NO_INK:
            ramp = {0: ground}
        elif ink == HATCH:
            ramp = dict(enumerate(_hatched(theme, *fill)))
        else:
            colour, reached = theme.ink(ink, *fill), line_levels if ink in lines else range(levels)
            ramp = {level: mix(ground, colour, level / (levels - 1)) for level in reached}
        ramps[fill, ink] = ramp
        colours.update(ramp.values())
        if limit is not None and len(colours) > limit:
            return None
    return ramps


def _hatched(theme: Theme, role: str, shade: int | None) -> Iterator[Colour]:
    """A fill as its pattern shows it in pixels of each class: in two tones where it has many shades already."""
    ground, colour = theme.fill(role, shade), theme.ink(HATCH, role, shade)
    for tone in TONES[theme.hatches[role]]:
        yield mix(ground, colour, tone if shade is None else round(tone))


def shared(shade: int, shades: int) -> int:
    """The shade that stands for a shade if there are only so many, spread from the darkest to the lightest."""
    return shade if shades == SHADES else round(shade * shades // SHADES * (SHADES - 1) / (shades - 1))


def _table(ramps: Ramps, pairs: tuple[tuple[Fill, str], ...], shades: int, levels: int) -> Palette:
    colours = tuple(dict.fromkeys(colour for ramp in ramps.values() for colour in ramp.values()))
    index = {colour: number for number, colour in enumerate(colours)}
    fills = {fill: number for number, fill in enumerate(dict.fromkeys(fill for fill, _ in ramps))}
    roles = {role: number for number, role in enumerate(dict.fromkeys(role for role, _ in fills))}
    inks = {ink: number for number, ink in enumerate(dict.fromkeys(ink for _, ink in ramps))}
    kind = np.uint8 if len(colours) <= COLOUR_LIMIT else np.uint16
    table: Pixels = np.full(len(fills) << 8, np.iinfo(kind).max, dtype=kind)
    for (fill, ink), ramp in ramps.items():
        for level, colour in ramp.items():
            table[fills[fill] << 8 | inks[ink] << LEVEL_BITS | level] = index[colour]
        for other in inks.values():
            table[fills[fill] << 8 | other << LEVEL_BITS] = index[ramp[0]]
    _fill_holes(table)
    numbers = np.zeros((len(roles), SHADES), dtype=np.uint16)
    for (role, shade), _ in pairs:
        if shade is None:
            numbers[roles[role]] = fills[role, None]
        else:
            numbers[roles[role], shade] = fills[role, shared(shade, shades)]
    return Palette(colours, table, roles, numbers, tuple(role for role, _ in fills), inks, levels)


def _with_holes(palette: Palette, theme: Theme) -> Palette:
    """The palette with one index more, for the pixels of unfilled roles on which no ink lies: they are transparent."""
    clear = len(palette.colours)
    table: Pixels = palette.table.astype(np.uint8 if clear <= COLOUR_LIMIT else np.uint16)
    by_fill = table.reshape(-1, 1 << (8 - LEVEL_BITS), 1 << LEVEL_BITS)
    unfilled = [role in UNFILLED for role in palette.fill_roles]
    by_fill[unfilled, :, 0] = clear
    if palette.hatch is not None:
        by_fill[unfilled, palette.hatch] = clear
    return palette._replace(colours=(*palette.colours, theme.fills[BACKGROUND]), table=table, clear=clear)


def _fill_holes(table: Pixels) -> None:
    """Give what no pair declares the colour of its fill: ink in a place where none can lie must not break a file."""
    by_fill = table.reshape(-1, 1 << 8)
    np.copyto(by_fill, by_fill[:, :1], where=by_fill == np.iinfo(table.dtype).max)
