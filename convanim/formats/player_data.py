"""A storyboard as data for the player in pages: what it draws, in colours instead of roles, as JSON.

All that a theme decides is decided here, so the player knows no themes: of each role it gets the fill, the line around
it and the inks of texts in it, for shaded cells by shade. Of what roles mean it is told what it needs to say which cells
lead to which: whether a role is a tap's or a result's, which cells are padding, inserted zeros or the kernel's, and of a
kernel that lies in cells of its own which weight each of them holds, step by step.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from math import hypot
from typing import Any

from convanim.draw.cellmap import DASH_PERIOD, DASH_SHARE
from convanim.draw.hatch import hatch_of, is_hatchable
from convanim.draw.ink import HALO
from convanim.draw.storyboard import Grid, Line, Paint, Step, Storyboard, Text, Weights
from convanim.draw.theme import (
    BACKGROUND,
    BARE,
    DASH,
    DASHED,
    HATCH,
    NOTE,
    OUTLINE,
    SOLID,
    UNFILLED,
    VALUE,
    Colour,
    Finish,
    Theme,
    contrast,
)
from convanim.formats.player_words import player_words

_DIGITS = 2
# the rings around marked cells, and their edges: of two colours that are 9:1 to each other, one is 3:1 to any third
_RINGS = (((91, 26, 158), (255, 255, 255)), ((255, 225, 77), (0, 0, 0)))
_SLOTS = (VALUE, NOTE)
_STYLE = 7  # where a text's item has its letters b, i and s: bold, italic, a line of the step's sum
_NO_CELLS = ("nought tap",)  # lit with its row of a matrix, but multiplied with nothing


def player_json(board: Storyboard, finish: Finish) -> str:
    """The data as JSON that may stand inside a script element of a page."""
    return in_script(player_data(board, finish))


def in_script(data: Any) -> str:
    """Anything as JSON in which nothing ends a script element or begins a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def player_data(board: Storyboard, finish: Finish) -> dict[str, Any]:
    """The data in plain lists, dicts, texts and numbers."""
    theme, roles = finish.theme, _Roles(finish.theme, board.grids)
    items = _Items(board, roles)
    grids = [_grid(grid, theme, roles) for grid in board.grids]
    rest = [*map(items.item, board.lines), *map(items.item, board.texts)]
    steps = list(map(items.step, board.steps))
    laid = [list(map(items.weights, held)) for held in items.laid]
    words = player_words(board.language)
    return {
        "language": board.language,
        **({"words": words} if words else {}),
        "size": board.size,
        "scale": finish.css_pixels,
        "title": board.title,
        "text": board.alternative,
        "plays": board.plays,
        "ground": "" if finish.transparent else _colour(theme.fills[BACKGROUND]),
        "outline": _colour(theme.inks[OUTLINE]),
        "ring": list(map(_colour, _ring(theme))),
        "halo": HALO,
        "grids": grids,
        "rest": rest,
        "steps": steps,
        **({"laid": laid} if laid else {}),
        "roles": roles.data(board),
        "inks": [_colour(theme.inks[name]) for name in items.inks],
    }


class _Items:
    """What stands on a board and what steps change, as short lists whose first entry says what they are."""

    def __init__(self, board: Storyboard, roles: _Roles) -> None:
        self._grids = {grid.name: number for number, grid in enumerate(board.grids)}
        self._roles = roles
        self.inks: dict[str, int] = {}
        self.laid: dict[tuple[Weights, ...], int] = {}

    def step(self, step: Step) -> list[Any]:
        lasting, passing = (list(map(self.item, parts)) for parts in (step.lasting, step.passing))
        for part, item in zip(step.passing, passing, strict=True):
            if isinstance(part, Text) and _is_sum(part):
                item[_STYLE] += "s"
        laid = [self.laid.setdefault(step.weights, len(self.laid))] if step.weights else []
        return [step.number, step.duration, lasting, passing, *laid]

    def weights(self, held: Weights) -> list[Any]:
        return [self._grids[held.grid], list(_runs(held.cells)), held.places, held.plane, held.filter]

    def item(self, change: Paint | Text | Line) -> list[Any]:
        if isinstance(change, Paint):
            return ["p", self._grids[change.grid], list(_runs(change.cells)), self._roles.number(change.role)]
        if isinstance(change, Line):
            return self._line(change)
        return self._text(change)

    def _line(self, line: Line) -> list[Any]:
        behind = [self._grids[name] for name in line.behind]
        return ["l", *_numbers(*line.start, *line.end), self._ink(line.role), *_numbers(line.width), behind]

    def _text(self, text: Text) -> list[Any]:
        home = [self._grids[text.cell[0]], text.cell[1]] if text.cell else None
        ink = _SLOTS.index(text.role) if text.cell else self._ink(text.role)
        style = "b" * text.bold + "i" * text.italic
        return ["t", *_numbers(text.x, text.y), text.text, ink, *_numbers(text.size), text.anchor[0], style, home]

    def _ink(self, role: str) -> int:
        return self.inks.setdefault(role, len(self.inks))


class _Roles:
    """The roles of cells, numbered as they occur; texts have inks where grids have room for them."""

    def __init__(self, theme: Theme, grids: Iterable[Grid]) -> None:
        self._theme, self._numbers = theme, dict[str, int]()
        self._slots = {slot for grid in grids for slot in grid.slots}

    def number(self, role: str) -> int:
        return self._numbers.setdefault(role, len(self._numbers))

    def data(self, board: Storyboard) -> list[dict[str, Any]]:
        shades = sorted({shade for grid in board.grids for shade in grid.shades})
        return [self._role(role, shades) for role in self._numbers]

    def _role(self, role: str, shades: list[int]) -> dict[str, Any]:
        theme, line = self._theme, self._theme.line(role)
        data: dict[str, Any] = {} if line == SOLID else {"line": "" if line == BARE else "d"}
        if role in UNFILLED:
            data["bare"] = 1
        data |= _meaning(role)
        data |= self._colours(role, None)
        if theme.hatch(role):
            data["hatch"] = theme.hatches[role]
        if shades and role in theme.ramps:
            data["shades"] = {shade: self._colours(role, shade) for shade in shades}
        return data

    def _colours(self, role: str, shade: int | None) -> dict[str, str]:
        theme = self._theme
        border = DASH if theme.line(role) == DASHED else OUTLINE
        inks, line = {"f": theme.fill(role, shade)}, theme.ink(border, role, shade)
        if shade is not None or line != theme.inks[OUTLINE]:
            inks["o"] = line
        inks |= {ink[0]: theme.ink(ink, role, shade) for ink in (VALUE, NOTE) if ink in self._slots}
        if theme.hatch(role, shade):
            inks["h"] = theme.ink(HATCH, role, shade)
        return {name: _colour(colour) for name, colour in inks.items()}


def _meaning(role: str) -> dict[str, Any]:
    """What a role says of a cell, whatever its colour: that it is a tap or a result of a step, and what it holds."""
    rest = role.removesuffix(" tap").removeprefix("blank ")
    data: dict[str, Any] = {"is": rest} if rest in {"padding", "zero", "kernel"} else {}
    if role == "result":
        data["made"] = 1
    elif role == "kernel" or (role.endswith(" tap") and role not in _NO_CELLS):
        data["tap"] = 1
    return data


def _is_sum(text: Text) -> bool:
    """Whether a text that passes with a step is a line of its sum."""
    is_free = text.cell is None and text.role == "text"
    return is_free and text.anchor == "left" and not text.bold and len(text.text) > 1


def _ring(theme: Theme) -> tuple[Colour, Colour]:
    """The colour of the rings around marked cells, and that of their edges."""
    return max(_RINGS, key=lambda ring: contrast(ring[0], theme.fills[BACKGROUND]))


def _grid(grid: Grid, theme: Theme, roles: _Roles) -> dict[str, Any]:
    data = {
        "name": grid.name,
        "shape": grid.shape,
        "origin": _numbers(*grid.origin),
        "across": _numbers(*grid.across),
        "down": _numbers(*grid.down),
        "stroke": grid.stroke,
        "roles": [[roles.number(role), len(list(run))] for role, run in groupby(grid.roles)],
        "dashes": [_dashes(side) for side in (grid.across, grid.down)],
    }
    if grid.said:
        data["said"] = grid.said
    if grid.shades:
        data["shades"] = list(grid.shades)
    patterns = {theme.hatches[role] for role in (*grid.roles, *grid.changes) if theme.hatch(role)}
    if patterns and is_hatchable(grid):
        data["patterns"] = {name: _pattern(name, grid) for name in sorted(patterns)}
    return data


def _pattern(name: str, grid: Grid) -> dict[str, Any]:
    hatch = hatch_of(name, grid)
    return {
        "lines": [_numbers(*start, *end) for start, end in hatch.lines],
        "dots": [_numbers(*dot) for dot in hatch.dots],
        "width": hatch.width,
        "radius": hatch.radius,
    }


def _dashes(side: tuple[float, float]) -> list[float]:
    """A dash and the gap after it, whole periods a cell."""
    length = hypot(*side)
    period = length / max(round(length / DASH_PERIOD), 1)
    return _numbers(DASH_SHARE * period, (1 - DASH_SHARE) * period)


def _runs(cells: Iterable[int]) -> Iterator[int]:
    """Numbers of cells as pairs: the first of a stretch, and how many there are."""
    stretches = groupby(enumerate(cells), key=lambda pair: pair[1] - pair[0])
    for _, stretch in stretches:
        numbers = [cell for _, cell in stretch]
        yield from (numbers[0], len(numbers))


def _numbers(*values: float) -> list[float]:
    rounded = (round(value, _DIGITS) for value in values)
    return [int(value) if value == int(value) else value for value in rounded]


def _colour(colour: Colour) -> str:
    return "#" + bytes(colour).hex()
