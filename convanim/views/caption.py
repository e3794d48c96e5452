"""The caption that every view puts under its figure, and how text is laid out in lines.

The first line says the operation and its parameters; quieter lines say what is derived: the output size worked out, the
equivalent direct convolution, and which step this is. Lines break between parts, never inside one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from convanim.draw.storyboard import Text
from convanim.draw.text import width
from convanim.scene import Scene, wording

FIRST_SIZE, QUIET_SIZE = 14, 12
_LEADING = 1.55
_DOT, _COMMA = " · ", ", "


class Caption(NamedTuple):
    """Texts at rest, the place of the step's number among them (that of the last step stands in), and the height."""

    texts: tuple[Text, ...]
    counter: Text
    height: float

    def at_step(self, number: int) -> Text:
        """The text that counts placement `number` (from 0), flush with the last one's number on the right."""
        text, end = str(number + 1), self.counter.x + width(self.counter.text, self.counter.size)
        return self.counter._replace(text=text, x=round(end - width(text, self.counter.size)))


def caption(scene: Scene, total: int, area: tuple[float, float, float], *, centred: bool, said: str = "") -> Caption:
    """The caption of `scene` in `area` (left, top, width), its lines centred or flush left.

    `said` is what the view shows, on a line of its own between the parameters and what is derived. Where `total` is 0
    no step is counted.
    """
    formula, direct = _derived(scene)
    first = [wording.operation(scene), *wording.parameters(scene)]
    return caption_of(first, formula, total, area, centred=centred, said=said, below=direct)


def caption_of(
    parts: Sequence[str],
    derived: Sequence[str],
    total: int,
    area: tuple[float, float, float],
    *,
    centred: bool = False,
    said: str = "",
    below: Sequence[str] = (),
) -> Caption:
    """A caption whose first line is of `parts`; under `said`, a quieter one is `derived` and ends in the step's count.

    What stands `below` it has a line of its own.
    """
    left, top, room = area
    first = _balanced(parts, _DOT, FIRST_SIZE, room)
    quiet, counted = _quiet_lines(derived, below, _counter(total), room)
    texts: list[Text] = []
    y, told = top, [said] if said else []
    for lines, size, role in ((first, FIRST_SIZE, "text"), (told, QUIET_SIZE, "quiet"), (quiet, QUIET_SIZE, "quiet")):
        for line in lines:
            y += size * _LEADING
            start = left + (room - width(line, size)) / 2 if centred else left
            texts.append(Text(round(start), round(y), line, role, size, "left"))
    if not total:
        return Caption(tuple(texts), Text(0, 0, "", "quiet", QUIET_SIZE), y + QUIET_SIZE * 0.4 - top)
    at_rest, number = _without_number(texts, len(first) + len(told) + counted, str(total))
    return Caption(at_rest, number, y + QUIET_SIZE * 0.4 - top)


def widest(scene: Scene, total: int, said: str = "") -> float:
    """The widest part of the caption: what a figure must at least have room for."""
    formula, direct = _derived(scene)
    quiet = max(width(part, QUIET_SIZE) for part in [*formula, *direct, _counter(total), said])
    parts = [wording.operation(scene), *wording.parameters(scene)]
    return max(quiet, *(width(part, FIRST_SIZE) for part in parts))


def wrapped(parts: Sequence[str], separator: str, size: float, room: float) -> list[str]:
    """The parts joined by `separator`, in as many lines as `room` needs; a part too wide has a line to itself."""
    lines = [parts[0]]
    for part in parts[1:]:
        longer = lines[-1] + separator + part
        if width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _quiet_lines(formula: Sequence[str], direct: Sequence[str], counter: str, room: float) -> tuple[list[str], int]:
    """All that is derived, and which line ends in the counter: the formula's; the direct convolution stands below.

    Commas part the formula from the step, since a dot there would read as a product.
    """
    counted = wrapped([*formula, *([counter] if counter else [])], _COMMA, QUIET_SIZE, room)
    return counted + (_balanced(direct, _DOT, QUIET_SIZE, room) if direct else []), len(counted) - 1


def _balanced(parts: Sequence[str], separator: str, size: float, room: float) -> list[str]:
    """The parts in as few lines as `wrapped` makes, the widest line as narrow as can be: no last word left alone."""
    lines = wrapped(parts, separator, size, room)
    widest_line = max(width(line, size) for line in lines)
    narrower = wrapped(parts, separator, size, widest_line - 1)
    while len(narrower) == len(lines) and max(width(line, size) for line in narrower) < widest_line:
        lines, widest_line = narrower, max(width(line, size) for line in narrower)
        narrower = wrapped(parts, separator, size, widest_line - 1)
    return lines


def _derived(scene: Scene) -> tuple[list[str], list[str]]:
    """The output size worked out, and for a transposed convolution the direct one that equals it."""
    direct: list[str] = []
    if scene.transposed:
        first, *others = wording.direct_parameters(scene)
        direct = [f"as direct convolution: {first}", *others]
    return list(wording.formulas(scene)), direct


def _counter(total: int) -> str:
    return f"step {total} / {total}" if total else ""


def _without_number(texts: list[Text], line: int, total: str) -> tuple[tuple[Text, ...], Text]:
    """Take the step's number out of its line, which ends in it, a slash and the total: it alone changes."""
    whole = texts[line]
    after = f" / {total}"
    before = whole.text.removesuffix(total + after)
    number = whole._replace(x=round(whole.x + width(before, whole.size)), text=total)
    slash = whole._replace(x=round(number.x + width(total + " ", whole.size)), text=after.lstrip())
    return (*texts[:line], whole._replace(text=before.rstrip()), slash, *texts[line + 1 :]), number
