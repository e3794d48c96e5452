"""The output size's formula set below a figure: in letters, and with the numbers put in."""

from __future__ import annotations

from typing import NamedTuple

from convanim.draw.formula import Formula, formula
from convanim.draw.storyboard import Line, Text
from convanim.notation import Row, Words

_SIZE, _ROLE = 14, "text"
_ABOVE, _BELOW = 9, 3


class Equation(NamedTuple):
    """What an equation is of ("" if it needs no name), its formula in letters (or none), and with numbers."""

    name: str
    letters: Row
    numbers: Row

    @property
    def widest(self) -> float:
        """How wide the widest part is that no line may break in."""
        return max(line.width for line in self._lines(0))

    def placed(self, left: float, top: float, room: float, *, centred: bool) -> tuple[Formula, float]:
        """The equation below `top`, on one line if `room` is enough, else broken before the numbers; and its bottom."""
        lines = self._lines(room)
        if centred:
            left += (room - max(line.width for line in lines)) / 2
        texts: list[Text] = []
        strokes: list[Line] = []
        y = top + _ABOVE
        for line in lines:
            moved = line.at(round(left), round(y + line.ascent))
            texts += moved.texts
            strokes += moved.lines
            y = round(y + line.ascent) + line.descent + _BELOW
        return Formula(tuple(texts), tuple(strokes), room, 0, y - top), y

    def _lines(self, room: float) -> list[Formula]:
        named = (Words(f"{self.name}  "),) if self.name else ()
        if not self.letters:
            return [_set((*named, *self.numbers))]
        whole = _set((*named, *self.letters, " = ", *self.numbers))
        if whole.width <= room:
            return [whole]
        indent = _set((*named, "o")).width
        below = _set((" = ", *self.numbers))
        shifted = below.at(indent, 0)._replace(width=below.width + indent)
        return [_set((*named, *self.letters)), shifted]


def _set(row: Row) -> Formula:
    return formula(row, _SIZE, _ROLE)
