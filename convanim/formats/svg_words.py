"""Text in SVG: as text, in a face that most machines have and as wide as it was laid out, or as outlines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import groupby

from convanim.draw.storyboard import Text
from convanim.draw.text import width
from convanim.draw.theme import Colour
from convanim.formats.glyphs import Glyph, drawn, expect_glyphs, words
from convanim.formats.svg_markup import colour, element, escaped, number, numbers

FAMILY = "DejaVu Sans, Verdana, sans-serif"
_ANCHORS = {"left": "", "middle": "middle", "right": "end"}
_FITTED_FROM = 4  # shorter ones hardly differ from face to face

Attributes = tuple[tuple[str, str], ...]


class Words:
    """Writes texts, as text."""

    def elements(self, texts: Iterable[tuple[Text, Colour]], halo: float = 0) -> Iterator[str]:
        """Texts in their colours, and as far around them as `halo` says; neighbours that look alike share a group."""
        for style, alike in groupby(texts, key=partial(self._style, halo=halo)):
            written = [(self._own(text), self._content(text, halo)) for text, _ in alike]
            if len(written) == 1:
                ((own, content),) = written
                yield element(self._tag, (*own, *style), content)
            else:
                yield element("g", style, "".join(element(self._tag, own, content) for own, content in written))

    def definitions(self) -> str:
        """What all the texts written so far refer to."""
        return ""

    _tag = "text"

    def _style(self, item: tuple[Text, Colour], halo: float) -> Attributes:
        text, ink = item
        return (
            *_painted(ink, halo),
            ("font-size", number(text.size)),
            ("text-anchor", _ANCHORS[text.anchor]),
            ("font-weight", "bold" if text.bold else ""),
            ("font-style", "italic" if text.italic else ""),
        )

    def _own(self, text: Text) -> Attributes:
        fitted = number(_width(text)) if len(text.text) >= _FITTED_FROM else ""
        is_spaced = text.text != " ".join(text.text.split())
        return (
            ("x", number(text.x)),
            ("y", number(text.y)),
            ("textLength", fitted),
            ("lengthAdjust", fitted and "spacingAndGlyphs"),
            ("xml:space", "preserve" if is_spaced else ""),
        )

    def _content(self, text: Text, halo: float) -> str:  # noqa: ARG002 - of outlines, the halo's width is in their own units
        return escaped(text.text)


class Outlines(Words):
    """Writes texts as outlines: each glyph once, by a name that begins with `prefix`. FormatError without fontTools."""

    _tag = "g"

    def __init__(self, prefix: str) -> None:
        expect_glyphs()
        self._prefix = prefix
        self._names: dict[Glyph, str] = {}

    def definitions(self) -> str:
        paths = (element("path", (("id", name), ("d", _outline(glyph)))) for glyph, name in self._names.items())
        return element("defs", (), "".join(paths)) if self._names else ""

    def _style(self, item: tuple[Text, Colour], halo: float) -> Attributes:
        return _painted(item[1], halo)

    def _own(self, text: Text) -> Attributes:
        x = text.x - {"left": 0, "middle": _width(text) / 2, "right": _width(text)}[text.anchor]
        return (("transform", f"translate({numbers(x, text.y)})"),)

    def _content(self, text: Text, halo: float) -> str:
        """The runs of a text, each in its font's own units."""
        parts = []
        for word in words(text):
            place = f"matrix({numbers(word.across, 0, 0, -word.down, digits=5)} {number(word.x)} 0)"
            around = number(2 * halo / word.down) if halo else ""
            placed = (self._used(glyph, x) for glyph, x in word.glyphs)
            parts.append(element("g", (("transform", place), ("stroke-width", around)), "".join(placed)))
        return "".join(parts)

    def _used(self, glyph: Glyph, x: float) -> str:
        name = self._names.setdefault(glyph, f"{self._prefix}{len(self._names)}")
        return element("use", (("xlink:href", f"#{name}"), ("x", number(x) if x else "")))


def _painted(ink: Colour, halo: float) -> Attributes:
    shown = colour(ink)
    if not halo:
        return (("fill", shown),)
    around = number(2 * halo)
    return (("fill", shown), ("stroke", shown), ("stroke-width", around), ("stroke-linejoin", "round"))


def _width(text: Text) -> float:
    return width(text.text, text.size, bold=text.bold, italic=text.italic)


@cache
def _outline(glyph: Glyph) -> str:
    """A glyph as a path, in the font's own units, upwards."""
    from fontTools.pens.svgPathPen import SVGPathPen  # noqa: PLC0415 - only outlines need it, which few ask for

    return str(drawn(glyph, partial(SVGPathPen, ntos=number)).getCommands())
