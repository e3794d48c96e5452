"""Storyboards side by side, in step: the shorter ones go at such a pace that all end together.

Where it is said when a board's steps begin, it waits until then: its cells hold nothing yet. Each keeps its own caption; a heading over each says what it is. Grids are named `1.canvas`, `2.canvas` and so on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache

from convanim.draw.storyboard import Grid, Lazy, Line, Paint, Point, Step, Storyboard, Text
from convanim.draw.text import width
from convanim.draw.timing import durations

_HEADING_SIZE, _HEADING_ROOM, _GAP, _MARGIN = 16, 34, 20, 18


def beside(
    boards: Sequence[Storyboard],
    headings: Sequence[str],
    *,
    starts: Sequence[Sequence[int]] = (),
    step: int | None = None,
    hold: int,
    plays: int = 0,
    title: str = "",
    alternative: str = "",
) -> Storyboard:
    """One storyboard of several, from left to right; `step` and `hold` are milliseconds, as `durations` takes them.

    `starts` holds for each board the steps of the whole, from 1, at which its own begin; those beyond the last follow one by
    one. A board that has none, as one of which nothing is said, goes at such a pace that it ends with the others.
    """
    room = _HEADING_ROOM if any(headings) else 0
    widths = [max(board.size[0], _reach(heading)) for board, heading in zip(boards, headings, strict=True)]
    lefts = [sum(widths[:number]) + _GAP * number for number in range(len(boards))]
    moves = [
        (f"{number}.", left + (across - board.size[0]) // 2, room)
        for number, (board, left, across) in enumerate(zip(boards, lefts, widths, strict=True), start=1)
    ]
    begins = [_begins(board, each) for board, each in zip(boards, starts or [()] * len(boards), strict=True)]
    total = max(each[-1] + 1 if each else len(board.steps) for board, each in zip(boards, begins, strict=True))
    times = durations(total, step, hold)

    sides = [_side(board, each, total, *move) for board, each, move in zip(boards, begins, moves, strict=True)]

    def make(place: int) -> Step:
        parts = [side(place) for side in sides]
        return Step(
            place,
            times[place],
            tuple(change for part in parts for change in part.lasting),
            tuple(change for part in parts for change in part.passing),
            tuple(held for part in parts for held in part.weights),
        )

    named = zip(headings, lefts, widths, strict=True)
    texts = [
        Text(round(left + across / 2), _MARGIN + _HEADING_SIZE - 2, heading, "text", _HEADING_SIZE, bold=True)
        for heading, left, across in named
        if heading
    ]
    for board, each, move in zip(boards, begins, moves, strict=True):
        texts += [_moved_text(text, *move) for text in board.texts if not (_waits(each) and text.cell)]
    return Storyboard(
        (lefts[-1] + widths[-1], room + max(board.size[1] for board in boards)),
        tuple(_moved_grid(grid, *move) for board, move in zip(boards, moves, strict=True) for grid in board.grids),
        Lazy(total, make),
        tuple(texts),
        tuple(dict.fromkeys(("text", *(ink for board in boards for ink in board.inks)))),
        title,
        alternative,
        plays,
        tuple(_moved_line(line, *move) for board, move in zip(boards, moves, strict=True) for line in board.lines),
        boards[0].language,
    )


def _begins(board: Storyboard, starts: Sequence[int]) -> list[int]:
    """At which step of the whole, from 0, each of a board's steps begins; empty if nothing is said of it."""
    if not starts:
        return []
    return [start - 1 for start in starts] + [starts[-1] + number for number in range(len(board.steps) - len(starts))]


def _waits(begins: Sequence[int]) -> bool:
    """Whether a board begins later than the whole."""
    return bool(begins) and begins[0] > 0


def _side(
    board: Storyboard, begins: Sequence[int], total: int, prefix: str, right: int, down: int
) -> Callable[[int], Step]:
    """What a board shows at each step of so many, in its place beside the others; before its first step, nothing.

    A step that the others go on during is made once.
    """
    first = begins[0] if _waits(begins) else None
    waited = tuple(text for text in board.texts if text.cell)  # they appear with its first step

    @lru_cache(maxsize=1)
    def moved(number: int) -> Step:
        return _moved_step(board.steps[number], prefix, right, down)

    def shown(place: int) -> Step:
        number = _number_shown(board, begins, place, total)
        if number < 0:
            return Step(0, 0)
        step = moved(number)
        if place != first:
            return step
        return step._replace(lasting=(*(_moved_text(text, prefix, right, down) for text in waited), *step.lasting))

    return shown


def _number_shown(board: Storyboard, begins: Sequence[int], place: int, total: int) -> int:
    """Which of its own steps a board shows at a step of so many: by default the last at the last; before its first, -1."""
    return bisect_right(begins, place) - 1 if begins else place * len(board.steps) // total


def _reach(heading: str) -> int:
    return round(width(heading, _HEADING_SIZE, bold=True)) + 2 * _MARGIN


def _moved_grid(grid: Grid, prefix: str, right: int, down: int) -> Grid:
    return grid._replace(name=prefix + grid.name, origin=_moved(grid.origin, right, down))


def _moved_step(step: Step, prefix: str, right: int, down: int) -> Step:
    lasting, passing = (
        tuple(_moved_change(part, prefix, right, down) for part in changes) for changes in (step.lasting, step.passing)
    )
    weights = tuple(held._replace(grid=prefix + held.grid) for held in step.weights)
    return Step(step.number, step.duration, lasting, passing, weights)


def _moved_change(change: Paint | Text | Line, prefix: str, right: int, down: int) -> Paint | Text | Line:
    if isinstance(change, Paint):
        return _moved_paint(change, prefix)
    if isinstance(change, Text):
        return _moved_text(change, prefix, right, down)
    return _moved_line(change, prefix, right, down)


def _moved_line(line: Line, prefix: str, right: int, down: int) -> Line:
    behind = tuple(prefix + name for name in line.behind)
    return line._replace(start=_moved(line.start, right, down), end=_moved(line.end, right, down), behind=behind)


def _moved_paint(paint: Paint, prefix: str) -> Paint:
    return paint._replace(grid=prefix + paint.grid)


def _moved_text(text: Text, prefix: str, right: int, down: int) -> Text:
    cell = None if text.cell is None else (prefix + text.cell[0], text.cell[1])
    return text._replace(x=text.x + right, y=text.y + down, cell=cell)


def _moved(point: Point, right: int, down: int) -> Point:
    return point[0] + right, point[1] + down
