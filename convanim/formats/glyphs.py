"""The glyphs of a text as outlines, from the fonts that its layout measured, where a file is to hold no text.

fontTools reads them: fonts for Chinese come in several formats and in collections, so a reader of our own for the built-in face
would not do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from typing import Any, NamedTuple

from convanim.draw.storyboard import Text
from convanim.draw.text import Run, runs, width
from convanim.errors import FormatError

Glyph = tuple[str, int, str]  # a font's file, its number there, and the glyph's name


class Word(NamedTuple):
    """A run of a text in one font: where it begins, how large the font's units are across and down, and its glyphs.

    Each glyph is at a place in the font's own units, as its outline is.
    """

    x: float
    across: float
    down: float
    glyphs: tuple[tuple[Glyph, float], ...]


def expect_glyphs() -> None:
    """FormatError if what reads fonts is not installed."""
    if find_spec("fontTools") is None:
        raise FormatError('outlined text needs fontTools; install it with: pip install "convanim[outlined]"')


def words(text: Text) -> Iterator[Word]:
    """The runs of a text, from its left end, each as wide as it was laid out."""
    x = 0.0
    for run in runs(text.text, bold=text.bold, italic=text.italic):
        across = width(run.text, text.size, bold=text.bold, italic=text.italic)
        yield word(run, text.size, across)._replace(x=x)
        x += across


def word(run: Run, size: float, across: float) -> Word:
    """A run in a size, so far across."""
    font = _font(run.file, run.number)
    x, placed = 0.0, []
    for character in run.text:
        glyph = run.file, run.number, font.getBestCmap().get(ord(character), ".notdef")
        if has_outline(glyph):
            placed.append((glyph, x))
        x += font["hmtx"][glyph[2]][0]
    scale = size / font["head"].unitsPerEm
    return Word(0, across / x if x else scale, scale, tuple(placed))


def drawn(glyph: Glyph, make_pen: Callable[[Any], Any]) -> Any:
    """One of fontTools' pens, made for a set of glyphs, when it has drawn a glyph in the font's own units, upwards."""
    glyphs = _glyphs(*glyph[:2])
    pen = make_pen(glyphs)
    glyphs[glyph[2]].draw(pen)
    return pen


@cache
def has_outline(glyph: Glyph) -> bool:
    """Whether a glyph leaves a mark."""
    from fontTools.pens.recordingPen import RecordingPen  # noqa: PLC0415 - only outlines need it, which few ask for

    return bool(drawn(glyph, lambda _glyphs: RecordingPen()).value)


@cache
def _font(file: str, place: int) -> Any:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - as above

    return TTFont(file, fontNumber=place)


@cache
def _glyphs(file: str, place: int) -> Any:
    return _font(file, place).getGlyphSet()
