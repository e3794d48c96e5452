"""Text in SVG: as text, in a face that most machines have and as wide as it was laid out, or as outlines."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from convanim.draw.storyboard import Text
from convanim.draw.text import width
from convanim.draw.theme import Colour
from convanim.formats.svg_markup import colour, element, escaped, number

FAMILY = "DejaVu Sans, Verdana, sans-serif"
_ANCHORS = {"left": "", "middle": "middle", "right": "end"}
_FITTED_FROM = 4  # shorter ones hardly differ from face to face


class Words:
    """Writes texts, as text."""

    definitions = ""

    def elements(self, texts: Iterable[tuple[Text, Colour]]) -> tuple[str, ...]:
        """Texts in their colours; neighbours that look alike share a group."""
        return tuple(
            _group(style, [self._one(text) for text, _ in alike]) for style, alike in groupby(texts, key=_style)
        )

    def _one(self, text: Text) -> tuple[tuple[tuple[str, str], ...], str]:
        """A text's own attributes and its content."""
        fitted = number(width(text.text, text.size, bold=text.bold)) if len(text.text) >= _FITTED_FROM else ""
        spaced = "preserve" if text.text != " ".join(text.text.split()) else ""
        own = (
            ("x", number(text.x)),
            ("y", number(text.y)),
            ("textLength", fitted),
            ("lengthAdjust", fitted and "spacingAndGlyphs"),
            ("xml:space", spaced),
        )
        return own, escaped(text.text)


def _style(item: tuple[Text, Colour]) -> tuple[tuple[str, str], ...]:
    text, ink = item
    return (
        ("fill", colour(ink)),
        ("font-size", number(text.size)),
        ("text-anchor", _ANCHORS[text.anchor]),
        ("font-weight", "bold" if text.bold else ""),
    )


def _group(style: tuple[tuple[str, str], ...], texts: list[tuple[tuple[tuple[str, str], ...], str]]) -> str:
    if len(texts) == 1:
        return element("text", (*texts[0][0], *style), texts[0][1])
    return element("g", style, "".join(element("text", own, content) for own, content in texts))
