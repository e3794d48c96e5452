"""How wide a figure is to be, in pixels or as a length on paper: `640`, `"640px"`, `"12cm"`, `"5in"`, `"120mm"`, `"300pt"`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from convanim.errors import Problem, got
from convanim.scene.readers import IllegalError

PIXELS, DPI = "px", 96  # CSS counts 96 pixels an inch, as do browsers and word processors
_INCHES = {"cm": 1 / 2.54, "mm": 1 / 25.4, "in": 1.0, "pt": 1 / 72}
UNITS = (PIXELS, *_INCHES)
_MOST = 100_000
_WRITTEN = re.compile(rf"(\d+(?:\.\d*)?|\.\d+)\s*({'|'.join(UNITS)})?", re.IGNORECASE)


def read_width(value: Any) -> str:
    """A width in normal form: a number and a unit. IllegalError if it is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    found = (
        _WRITTEN.fullmatch(str(value) if is_number else value.strip()) if is_number or isinstance(value, str) else None
    )
    if not found or not 0 < float(found[1]) <= _MOST:
        raise IllegalError
    number = f"{float(found[1]):.6f}".rstrip("0").rstrip(".")
    return f"{number}{(found[2] or PIXELS).lower()}"


def contradictions(view: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the fields of a view together."""
    width, scale = view.get("width"), view.get("scale", 1)
    if width is not None and scale != 1:
        yield Problem("view.scale", got(scale), f"but width = {width} says how large it is; leave one of them out")


def pixels_of(width: str, dpi: int | None) -> float:
    """A width, as `read_width` gives it, in pixels at so many an inch."""
    found = _WRITTEN.fullmatch(width)
    if found is None:
        raise ValueError(width)
    length, unit = float(found[1]), found[2]
    return length if unit == PIXELS else length * _INCHES[unit] * (dpi or DPI)
