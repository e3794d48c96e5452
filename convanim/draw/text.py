"""Text with real metrics: how wide a line is, and its ink as a mask.

The face is DejaVu Sans, which travels with the package. What it has no glyph for, as Chinese, is drawn with a font of the
machine that has it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple
from unicodedata import category

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from convanim.draw.fallback import fallback_for, has_all

_FOLDER = Path(__file__).parent / "fonts"
BUILT_IN, _BOLD, _ITALIC = (
    str(_FOLDER / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf")
)
_MARGIN = 2
_WORDS = re.compile("[^ ]* ?")


class Run(NamedTuple):
    """A part of a text that one font draws: the font's file, its number in a collection of fonts, and the characters."""

    file: str
    number: int
    text: str


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False, italic: bool = False) -> float:
    """How far a line of text reaches, in the units of `size`. FormatError if no font has all its characters."""
    total = 0.0
    for run in runs(text, bold=bold, italic=italic):
        words = _WORDS.findall(run.text)  # the last one is empty
        for word, following in pairwise(words):
            total += _advance(run.file, run.number, size, word, following[:1])
    return total


def mask(text: str, size: float, *, bold: bool = False, italic: bool = False) -> tuple[npt.NDArray[np.uint8], int, int]:
    """A line of text as coverage 0 to 255, and where its first pixel lies from the start of the baseline (x, y)."""
    placed, x = [], 0.0
    for run in runs(text, bold=bold, italic=italic):
        font = _font(run.file, run.number, size)
        placed.append((x, run.text, font, font.getbbox(run.text, anchor="ls")))
        x += font.getlength(run.text)
    boxes = [(at + box[0], box[1], at + box[2], box[3]) for at, _, _, box in placed] or [(0.0, 0.0, 0.0, 0.0)]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top = int(min(lefts)) - _MARGIN, int(min(tops)) - _MARGIN
    image = Image.new("L", (int(max(rights)) - left + _MARGIN, int(max(bottoms)) - top + _MARGIN))
    draw = ImageDraw.Draw(image)
    for at, part, font, _ in placed:
        draw.text((at - left, -top), part, 255, font, anchor="ls")
    return np.asarray(image), left, top


@lru_cache(maxsize=4096)
def runs(text: str, *, bold: bool = False, italic: bool = False) -> tuple[Run, ...]:
    """A text in runs, each in one font. FormatError names the characters that no font here has."""
    own = _BOLD if bold else _ITALIC if italic else BUILT_IN
    if text.isascii() or all(_has(own, character) for character in dict.fromkeys(text)):
        return (Run(own, 0, text),)
    upright = _BOLD if bold else BUILT_IN
    missing = "".join(dict.fromkeys(character for character in text if not _has(upright, character)))
    other = fallback_for(missing, bold=bold) if missing else (upright, 0)
    parts = groupby(text, key=lambda character: character in missing)
    return tuple(Run(*(other if is_missing else (upright, 0)), "".join(part)) for is_missing, part in parts)


@lru_cache(maxsize=16_384)
def _advance(file: str, number: int, size: float, word: str, following: str) -> float:
    """How far a word leads to the character that follows it, kerning included.

    Lines share many of their words, and lines that are tried and wrapped most of them. All lengths are whole parts of a
    pixel, so that nothing is lost by adding up.
    """
    whole = _font(file, number, size).getlength(word + following)
    return whole - _advance(file, number, size, following, "") if following else whole


@cache
def _font(file: str, number: int, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, index=number, layout_engine=ImageFont.Layout.BASIC)


@cache
def _has(file: str, character: str) -> bool:
    """Whether one of the built-in fonts has a character, or it is one that leaves no mark."""
    return category(character)[0] in "CZ" or has_all(file, 0, character)
