"""Text with real metrics: how wide a line is, and its ink as a mask. The face is DejaVu Sans, regular and bold."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

_FOLDER = Path(__file__).parent / "fonts"
_MARGIN = 2


@cache
def _font(size: float, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(_FOLDER / name), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """How far a line of text reaches, in the units of `size`."""
    return _font(size, bold=bold).getlength(text)


def mask(text: str, size: float, *, bold: bool = False) -> tuple[npt.NDArray[np.uint8], int, int]:
    """A line of text as coverage 0 to 255, and where its first pixel lies from the start of the baseline (x, y)."""
    left, top, right, bottom = _font(size, bold=bold).getbbox(text, anchor="ls")
    x, y = int(left) - _MARGIN, int(top) - _MARGIN
    image = Image.new("L", (int(right) - x + _MARGIN, int(bottom) - y + _MARGIN))
    ImageDraw.Draw(image).text((-x, -y), text, 255, _font(size, bold=bold), anchor="ls")
    return np.asarray(image), x, y
