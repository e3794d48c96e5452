"""What SVG is written with: elements, numbers as short as they can be, colours, and text that XML can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from convanim.draw.theme import Colour

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACED = "\ufffd"


class Shown(NamedTuple):
    """Elements that are there from the start of a step: to the end of the animation, or with `passing` only for that step.

    Steps are counted from 1.
    """

    step: int
    elements: tuple[str, ...]
    passing: bool = False


def element(name: str, attributes: Iterable[tuple[str, str]], content: str = "") -> str:
    """One element; attributes that are empty are left out, all others must be escaped already."""
    start = f"<{name}" + "".join(f' {key}="{value}"' for key, value in attributes if value)
    return f"{start}>{content}</{name}>" if content else f"{start}/>"


def number(value: float, digits: int = 2) -> str:
    """A number in so many decimals at the most, without what SVG lets one leave out."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = re.sub(r"^(-?)0\.", r"\1.", text)
    return "0" if text in {"-0", "-", ""} else text


def numbers(*values: float, digits: int = 2) -> str:
    """Numbers in a row; a minus parts them as well as a space does."""
    return re.sub(r" (?=-)", "", " ".join(number(value, digits) for value in values))


def colour(of: Colour) -> str:
    """#rrggbb, or #rgb where that says the same."""
    text = "#{:02x}{:02x}{:02x}".format(*of)
    return "#" + text[1::2] if text[1::2] == text[2::2] else text


def escaped(text: str) -> str:
    """A text as XML holds it in an element; control characters and what no XML can hold are shown as U+FFFD."""
    return _quoted(_FORBIDDEN.sub(_REPLACED, text))


def escaped_note(note: str) -> str:
    """A scene's text, in which what XML cannot hold is written as TOML and JSON write it in quotes."""
    return _quoted(_FORBIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", note))


def _quoted(text: str) -> str:
    for character, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ("\r", "#13")):
        text = text.replace(character, f"&{name};")
    return text


def timed(shown: Iterable[Shown], steps: int) -> str:
    """Markup that a style sheet shows at its steps, and that shows the last step where there is none.

    `steps` is how many there are; what a figure of one step shows is simply there.
    """
    parts = [each for each in shown if each.elements]
    lasting = [each for each in parts if not each.passing]
    early = [each for each in parts if each.passing and each.step < steps]
    last = [each for each in parts if each.passing and each.step >= steps]
    markup = "".join(_timed(each, "l") if each.step > 1 else "".join(each.elements) for each in lasting)
    if early:
        markup += element("g", (("class", "b"), ("opacity", "0")), "".join(_timed(each, "p") for each in early))
    return markup + "".join(_timed(each, "p") if steps > 1 else "".join(each.elements) for each in last)


def _timed(shown: Shown, kind: str) -> str:
    said = f' class="{kind}" style="--k:{shown.step}"'
    if len(shown.elements) > 1:
        return f"<g{said}>{''.join(shown.elements)}</g>"
    name, rest = re.match(r"<(\w+)(.*)", shown.elements[0], re.DOTALL).groups()  # type: ignore[union-attr]
    return f"<{name}{said}{rest}"
