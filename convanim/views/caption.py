"""The caption that every view puts under its figure, and how text is laid out in lines.

The first line says the operation and its parameters; quieter lines say what is derived: the output size worked out, the
equivalent direct convolution, and which step this is. Lines break between parts, never inside one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Line, Text
from convanim.draw.text import width
from convanim.language import Language, language
from convanim.scene import Scene, formulas, wording
from convanim.views.equation import Equation

FIRST_SIZE, QUIET_SIZE = 14, 12
_LEADING = 1.55
_DOT, _COMMA = " · ", ", "


class Caption(NamedTuple):
    """Texts and lines at rest, the place of the step's number (that of the last step stands in), and the height."""

    texts: tuple[Text, ...]
    counter: Text
    height: float
    lines: tuple[Line, ...] = ()

    def lines_beside(self, grids: Iterable[Grid]) -> tuple[Line, ...]:
        """The lines, none of which touches one of the grids."""
        names = tuple(grid.name for grid in grids)
        return tuple(line._replace(behind=names) for line in self.lines)

    def at_step(self, number: int) -> Text:
        """The text that counts placement `number` (from 0), flush with the last one's number on the right."""
        text, end = str(number + 1), self.counter.x + width(self.counter.text, self.counter.size)
        return self.counter._replace(text=text, x=round(end - width(text, self.counter.size)))


class Parts(NamedTuple):
    """What a caption says: the parts of its first line, equations, what is derived, and what stands below that.

    `counter` is the text that counts the last step, around its number; nothing is counted where it is empty.
    """

    first: Sequence[str]
    derived: Sequence[str]
    counter: tuple[str, str, str] = ("", "", "")
    below: Sequence[str] = ()
    said: str = ""
    equations: Sequence[Equation] = ()
    listed: str = ", "


def caption(scene: Scene, total: int, area: tuple[float, float, float], *, centred: bool, said: str = "") -> Caption:
    """The caption of `scene` in `area` (left, top, width), its lines centred or flush left.

    `said` is what the view shows, on a line of its own between the parameters and what is derived. Where `total` is 0
    no step is counted.
    """
    return caption_of(_parts(scene, total, said), area, centred=centred)


def caption_of(parts: Parts, area: tuple[float, float, float], *, centred: bool = False) -> Caption:
    """A caption: parameters, what the view shows, equations, and quieter what is derived, which ends in the step's count."""
    left, top, room = area
    first = _balanced(parts.first, _DOT, FIRST_SIZE, room)
    quiet, counted = _quiet_lines(parts, room)
    texts: list[Text] = []
    lines: list[Line] = []
    y, told = top, [parts.said] if parts.said else []

    def written(texts_of: Sequence[str], size: float, role: str) -> None:
        nonlocal y
        for line in texts_of:
            y += size * _LEADING
            start = left + (room - width(line, size)) / 2 if centred else left
            texts.append(Text(round(start), round(y), line, role, size, "left"))

    written(first, FIRST_SIZE, "text")
    written(told, QUIET_SIZE, "quiet")
    before = len(texts)
    for equation in parts.equations:
        placed, y = equation.placed(left, y, room, centred=centred)
        texts += placed.texts
        lines += placed.lines
    equations = len(texts) - before
    written(quiet, QUIET_SIZE, "quiet")
    height = y + QUIET_SIZE * 0.4 - top
    if not parts.counter[1]:
        return Caption(tuple(texts), Text(0, 0, "", "quiet", QUIET_SIZE), height, tuple(lines))
    at_rest, number = _without_number(texts, len(first) + len(told) + equations + counted, parts.counter)
    return Caption(at_rest, number, height, tuple(lines))


def counter(said: Language, total: int) -> tuple[str, str, str]:
    """What stands before the step's number, the last step's number, and what stands after it."""
    whole = said("step {number} / {total}", number="\0", total=total)
    before, _, after = whole.partition("\0")
    return (before, str(total), after) if total else ("", "", "")


def widest(scene: Scene, total: int, said: str = "") -> float:
    """The widest part of the caption: what a figure must at least have room for."""
    parts = _parts(scene, total, said)
    quiet = [*parts.derived, *parts.below, "".join(parts.counter), said]
    equations = (equation.widest for equation in parts.equations)
    return max(
        *(width(part, QUIET_SIZE) for part in quiet), *equations, *(width(part, FIRST_SIZE) for part in parts.first)
    )


def wrapped(parts: Sequence[str], separator: str, size: float, room: float) -> list[str]:
    """The parts joined by `separator`, in as many lines as `room` needs; a part too wide has a line to itself.

    Where a line ends is guessed by its parts' widths and then measured: to measure each longer line takes long for hundreds.
    """
    further = [width(separator + part, size) for part in parts]
    lines, start = [], 0
    while start < len(parts):
        reach, end = width(parts[start], size), start + 1
        while end < len(parts) and reach + further[end] <= room:
            reach, end = reach + further[end], end + 1
        while end > start + 1 and width(separator.join(parts[start:end]), size) > room:
            end -= 1
        while end < len(parts) and width(separator.join(parts[start : end + 1]), size) <= room:
            end += 1
        lines.append(separator.join(parts[start:end]))
        start = end
    return lines


def _quiet_lines(parts: Parts, room: float) -> tuple[list[str], int]:
    """All that is derived, and which line ends in the counter: the formula's; the direct convolution stands below.

    Commas part the formula from the step, since a dot there would read as a product.
    """
    counted = "".join(parts.counter)
    derived = [*parts.derived, *([counted] if counted else [])]
    lines = wrapped(derived, parts.listed, QUIET_SIZE, room) if derived else []
    below = _balanced(parts.below, _DOT, QUIET_SIZE, room) if parts.below else []
    return lines + below, len(lines) - 1


def _balanced(parts: Sequence[str], separator: str, size: float, room: float) -> list[str]:
    """The parts in as few lines as `wrapped` makes, the widest line as narrow as can be: no last word left alone."""
    lines = wrapped(parts, separator, size, room)
    widest_line = max(width(line, size) for line in lines)
    narrower = wrapped(parts, separator, size, widest_line - 1)
    while len(narrower) == len(lines) and max(width(line, size) for line in narrower) < widest_line:
        lines, widest_line = narrower, max(width(line, size) for line in narrower)
        narrower = wrapped(parts, separator, size, widest_line - 1)
    return lines


def _parts(scene: Scene, total: int, told: str) -> Parts:
    """What is said of a scene: the output size worked out, for a transposed convolution the direct one that equals it."""
    said, below = language(scene.view.language), list[str]()
    if scene.transposed:
        first, *others = wording.direct_parameters(scene)
        below = [said("as direct convolution: {first}", first=first), *others]
    is_set = scene.view.size_formula
    return Parts(
        [wording.operation(scene), *wording.parameters(scene)],
        [] if is_set else list(formulas.formulas(scene)),
        counter(said, total),
        below,
        told,
        [Equation(*each) for each in formulas.equations(scene)] if is_set else [],
        said(", "),
    )


def _without_number(texts: list[Text], line: int, counter: tuple[str, str, str]) -> tuple[tuple[Text, ...], Text]:
    """Take the step's number out of its line, which ends in it and what comes after: it alone changes."""
    _, total, after = counter
    whole = texts[line]
    before, shown = whole.text.removesuffix(total + after), after.lstrip()
    number = whole._replace(x=round(whole.x + width(before, whole.size)), text=total)
    rest = whole._replace(x=round(number.x + width(total + after.removesuffix(shown), whole.size)), text=shown)
    return (*texts[:line], whole._replace(text=before.rstrip()), rest, *texts[line + 1 :]), number
