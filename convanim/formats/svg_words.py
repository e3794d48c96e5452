"""Text in SVG: as text, in a face that most machines have and as wide as it was laid out, or as outlines.

Outlines are the glyphs of the fonts that the layout measured, which fontTools reads: fonts for Chinese come in several
formats and in collections, so a reader of our own for the built-in face would not do.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from typing import Any

from convanim.draw.storyboard import Text
from convanim.draw.text import Run, runs, width
from convanim.draw.theme import Colour
from convanim.errors import FormatError
from convanim.formats.svg_markup import colour, element, escaped, number

FAMILY = "DejaVu Sans, Verdana, sans-serif"
_ANCHORS = {"left": "", "middle": "middle", "right": "end"}
_FITTED_FROM = 4  # shorter ones hardly differ from face to face

Attributes = tuple[tuple[str, str], ...]


class Words:
    """Writes texts, as text."""

    def elements(self, texts: Iterable[tuple[Text, Colour]]) -> tuple[str, ...]:
        """Texts in their colours; neighbours that look alike share a group."""
        return tuple(
            self._alike(style, [text for text, _ in alike]) for style, alike in groupby(texts, key=self._style)
        )

    def definitions(self) -> str:
        """What all the texts written so far refer to."""
        return ""

    def _style(self, item: tuple[Text, Colour]) -> Attributes:
        text, ink = item
        return (
            ("fill", colour(ink)),
            ("font-size", number(text.size)),
            ("text-anchor", _ANCHORS[text.anchor]),
            ("font-weight", "bold" if text.bold else ""),
            ("font-style", "italic" if text.italic else ""),
        )

    def _alike(self, style: Attributes, texts: list[Text]) -> str:
        if len(texts) == 1:
            return self._written(texts[0], style)
        return element("g", style, "".join(self._written(text) for text in texts))

    def _written(self, text: Text, style: Attributes = ()) -> str:
        fitted = number(_width(text)) if len(text.text) >= _FITTED_FROM else ""
        is_spaced = text.text != " ".join(text.text.split())
        own = (
            ("x", number(text.x)),
            ("y", number(text.y)),
            ("textLength", fitted),
            ("lengthAdjust", fitted and "spacingAndGlyphs"),
            ("xml:space", "preserve" if is_spaced else ""),
        )
        return element("text", (*own, *style), escaped(text.text))


class Outlines(Words):
    """Writes texts as outlines: each glyph once, by a name that begins with `prefix`. FormatError without fontTools."""

    def __init__(self, prefix: str) -> None:
        if find_spec("fontTools") is None:
            raise FormatError('outlined text needs fontTools; install it with: pip install "convanim[outlined]"')
        self._prefix = prefix
        self._names: dict[tuple[str, int, str], str] = {}

    def definitions(self) -> str:
        paths = (
            element("path", (("id", name), ("d", _outline(*glyph) or "M0 0"))) for glyph, name in self._names.items()
        )
        return element("defs", (), "".join(paths)) if self._names else ""

    def _style(self, item: tuple[Text, Colour]) -> Attributes:
        return (("fill", colour(item[1])),)

    def _written(self, text: Text, style: Attributes = ()) -> str:
        across = _width(text)
        x = text.x - {"left": 0, "middle": across / 2, "right": across}[text.anchor]
        parts = []
        for run in runs(text.text, bold=text.bold, italic=text.italic):
            content, units = self._run(run)
            scale = text.size / units
            place = f"matrix({number(scale, 5)} 0 0-{number(scale, 5)} {number(x)} {number(text.y)})"
            parts.append((place, content))
            x += width(run.text, text.size, bold=text.bold, italic=text.italic)
        if len(parts) == 1:
            return element("g", (*style, ("transform", parts[0][0])), parts[0][1])
        return element("g", style, "".join(element("g", (("transform", place),), content) for place, content in parts))

    def _run(self, run: Run) -> tuple[str, int]:
        """The glyphs of a run one after another, in the font's own units, and how many of those its size is."""
        font = _font(run.file, run.number)
        glyphs = [font.getBestCmap().get(ord(character), ".notdef") for character in run.text]
        x, placed = 0.0, []
        for glyph in glyphs:
            name = self._names.setdefault((run.file, run.number, glyph), f"{self._prefix}{len(self._names)}")
            placed.append(element("use", (("xlink:href", f"#{name}"), ("x", number(x) if x else ""))))
            x += font["hmtx"][glyph][0]
        return "".join(placed), int(font["head"].unitsPerEm)


def _width(text: Text) -> float:
    return width(text.text, text.size, bold=text.bold, italic=text.italic)


@cache
def _font(file: str, place: int) -> Any:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - only outlines need it, which few ask for

    return TTFont(file, fontNumber=place)


@cache
def _outline(file: str, place: int, glyph: str) -> str:
    """A glyph as a path, in the font's own units, upwards."""
    from fontTools.pens.svgPathPen import SVGPathPen  # noqa: PLC0415 - as above

    glyphs = _font(file, place).getGlyphSet()
    pen = SVGPathPen(glyphs, ntos=number)
    glyphs[glyph].draw(pen)
    return str(pen.getCommands())
