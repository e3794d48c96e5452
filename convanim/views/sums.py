"""A placement's sum in words, `1·2 + 3·0 + … = 8`, wrapped to a width; and how much room the sums of a recording need.

All sums of one figure are written the same way, in full or abbreviated, so that nothing jumps from step to step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import NamedTuple

from convanim.draw.storyboard import Text
from convanim.draw.text import width
from convanim.engine import Placement, Recording
from convanim.language import Language, language
from convanim.scene import Scene
from convanim.views.caption import wrapped
from convanim.views.numbers import Number, equals, factor, short, shows_all

SIZE, LEADING = 16, 1.5
_MOST_LINES, _FIRST_TERMS = 3, 3
_MEASURED = 400


class SumRoom(NamedTuple):
    """How sums are written: on how many lines at most, in full or with `…`, and how wide the widest line is."""

    lines: int
    in_full: bool
    width: float

    @property
    def height(self) -> float:
        return self.lines * SIZE * LEADING


def sum_lines(placement: Placement, scene: Scene, room: float, *, in_full: bool) -> list[str]:
    """The sum of a placement in lines no wider than `room`, if no part of it is."""
    terms, before, between, after = _parts(placement, scene)
    if not in_full and len(terms) > _FIRST_TERMS + 1:
        terms = [*terms[:_FIRST_TERMS], "…", terms[-1]]
    terms[0] = before + terms[0]
    terms[-1] += after
    operator = between.rstrip()
    lines = wrapped(terms, between, SIZE, room - width(operator, SIZE))
    return [line + operator for line in lines[:-1]] + lines[-1:]


def sum_texts(placement: Placement, scene: Scene, room: SumRoom, area: tuple[float, float, float]) -> Iterator[Text]:
    """The sum of a placement as texts in an area (left, top, width), in lines from the top down."""
    left, top, across = area
    return placed_lines(sum_lines(placement, scene, across, in_full=room.in_full), left, top)


def room_for_sums(recording: Recording, shown: range, room: float) -> SumRoom:
    """In full if that takes three lines at most. Of very many placements an upper bound is taken, not each measured."""
    if len(shown) > _MEASURED:
        return _bound(recording, room)
    placements = [recording[number] for number in shown]
    in_full: list[list[str]] = []
    for placement in placements:
        in_full.append(sum_lines(placement, recording.scene, room, in_full=True))
        if len(in_full[-1]) > _MOST_LINES:  # one that is too long is enough, and of hundreds of terms costs much
            break
    else:
        return room_of(in_full, in_full=True)
    return room_of([sum_lines(each, recording.scene, room, in_full=False) for each in placements], in_full=False)


def room_of(sums: Sequence[Sequence[str]], *, in_full: bool) -> SumRoom:
    """Room for sums in lines."""
    return SumRoom(max(map(len, sums)), in_full, max(width(line, SIZE) for lines in sums for line in lines))


def placed_lines(lines: Iterable[str], left: float, top: float) -> Iterator[Text]:
    """Lines of a sum as texts, from the top down."""
    for number, line in enumerate(lines, start=1):
        yield Text(left, round(top + number * SIZE * LEADING), line, "text", SIZE, "left")


def _parts(placement: Placement, scene: Scene) -> tuple[list[str], str, str, str]:
    """The terms, and what stands before, between and after them. What counts for nothing is left out."""
    op, said = scene.op, language(scene.view.language)
    is_upsampling = op == "upsample"
    used = [tap for tap in placement.taps if tap.value is not None and not (is_upsampling and tap.weight == 0)]
    values = [(tap.value, tap.weight) for tap in used]
    shown = [number for pair in values for number in pair if number is not None]
    result = equals(placement.value, rounded=not all(shows_all(number, short(number)) for number in shown))
    plain = [x for x, _ in values if x is not None]
    if op == "max_unpool":
        return [short(x) for x in plain], "", ", ", said(" goes to {place}", place=_place(placement.output, said))
    if op == "max_pool":
        return [short(x) for x in plain], "max(", ", ", f") {result}"
    if op == "avg_pool":
        return [factor(x) for x in plain], "(", " + ", f") / {placement.divisor} {result}"
    products = [f"{factor(x)}·{factor(w)}" for x, w in values if x is not None and w is not None]
    return products, "", " + ", f" {result}"


def _place(cell: tuple[int, ...], said: Language) -> str:
    """A cell in words, counted from 0."""
    names = ("row", "column")[-len(cell) :] if len(cell) > 1 else ("cell",)
    return said.listed(said(f"{name} {{number}}", number=at) for name, at in zip(names, cell, strict=True))


def _bound(recording: Recording, room: float) -> SumRoom:
    """Room for a sum of the widest term, as often as there are taps."""
    scene, placement = recording.scene, recording[0]
    _, before, between, _ = _parts(placement, scene)
    value = _widest(factor(number) for number in recording.input.ravel().tolist())
    weights = [] if recording.kernel is None else recording.kernel.ravel().tolist()
    if scene.op == "upsample":
        weights = [tap.weight for number in range(len(recording)) for tap in recording[number].taps]
    term = value + _widest(f"·{factor(number)}" for number in weights) + width(between, SIZE)
    ends = width(f"{before}) / {placement.divisor} ", SIZE) + _widest(map(equals, _outputs(recording)))
    per_line = max(int((room - ends) / term), 1)
    lines = ceil(len(placement.taps) / per_line)
    in_full = lines <= _MOST_LINES
    if not in_full:
        lines = ceil(min(len(placement.taps), _FIRST_TERMS + 2) / per_line)
    return SumRoom(lines, in_full, max(room, term + ends))


def _outputs(recording: Recording) -> Iterable[Number]:
    return dict.fromkeys(
        recording.value(recording.output_index(number)) for number in range(recording.asked.placements)
    )


def _widest(texts: Iterable[str]) -> float:
    return max((width(text, SIZE) for text in dict.fromkeys(texts)), default=0)
