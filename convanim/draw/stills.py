"""The picture as it stands at each step: what steps have brought so far and the present one shows, beside what is at rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from convanim.draw.storyboard import Line, Paint, Step, Storyboard, Text

Part = TypeVar("Part", Text, Line)


class Still(NamedTuple):
    """One step's picture, as far as it differs from the picture at rest.

    `roles` are those of cells that have another than at rest, by grid and number; `texts` and `lines` those that are more.
    """

    step: Step
    roles: dict[str, dict[int, str]]
    texts: tuple[Text, ...]
    lines: tuple[Line, ...]


def stills(board: Storyboard) -> Iterator[Still]:
    """Every step's picture, in order."""
    lasting = Still(Step(0, 0), {grid.name: {} for grid in board.grids}, (), ())
    for step in board.steps:
        lasting = _with(board, lasting, step, step.lasting)
        yield _with(board, lasting, step, step.passing)


def last_still(board: Storyboard) -> Still:
    """The last step's picture. A storyboard has one step or more."""
    *_, last = stills(board)
    return last


def _with(board: Storyboard, still: Still, step: Step, parts: tuple[Paint | Text | Line, ...]) -> Still:
    roles = {name: dict(cells) for name, cells in still.roles.items()}
    for part in parts:
        if isinstance(part, Paint):
            roles[part.grid].update(dict.fromkeys(part.cells, part.role))
    for grid in board.grids:
        cells = roles[grid.name]
        roles[grid.name] = {cell: role for cell, role in cells.items() if role != grid.roles[cell]}
    texts = (part for part in parts if isinstance(part, Text))
    lines = (part for part in parts if isinstance(part, Line))
    return Still(step, roles, _once(*still.texts, *texts), _once(*still.lines, *lines))


def _once(*parts: Part) -> tuple[Part, ...]:
    """What is written or drawn again where it is already, as side by side with what goes on, is there once."""
    return tuple(dict.fromkeys(parts))
