"""Reading one field: what a user wrote becomes its normal form, or `IllegalError` says that it cannot.

A reader sees one field alone; what fields must be to each other is `check`'s subject.
"""

from __future__ import annotations

import math
import numbers
import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from convanim.scene.values import KERNELS, Filling, Impulse, Listed, Named, Picture, PictureFile, Ramp, Random, Switches

MOST_CELLS = 10**9
MOST_NUMBER = int(1e300)  # that float exactly, so that it is legal itself


class IllegalError(ValueError):
    """What was written is not legal for this field. Its text, if any, says more than the field's own `legal`."""


def plain(value: Any) -> Any:
    """Numbers, flags, texts and arrays of NumPy as Python's own, in lists and tables too."""
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        return value.tolist()
    if type(value) in {list, tuple}:
        return type(value)(map(plain, value))
    if type(value) is dict:
        return {key: plain(item) for key, item in value.items()}
    return value


def is_whole(value: object) -> bool:
    """Whether it is an integer, and no flag."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    finite = is_whole(value) or (isinstance(value, float) and math.isfinite(value))
    return finite and abs(value) <= MOST_NUMBER


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def whole(least: int, most: int | None = None) -> Callable[[Any], int]:
    """A whole number from `least`, to `most` if there is one."""

    def read(value: Any) -> int:
        if not is_whole(value) or value < least or (most is not None and value > most):
            raise IllegalError
        return int(value)

    return read


def per_axis(least: int) -> Callable[[Any], int | tuple[int, ...]]:
    """A whole number from `least`, or a list of such, one for each axis."""
    one = whole(least, MOST_CELLS)

    def read(value: Any) -> int | tuple[int, ...]:
        if _is_list(value):
            if not value:
                raise IllegalError
            return tuple(one(length) for length in value)
        return one(value)

    return read


def choice(choices: Collection[str]) -> Callable[[Any], str]:
    """One of some words, of those that are there when it is read."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise IllegalError
        return value

    return read


def true_or_false(value: Any) -> bool:
    """A flag, and no number in its place."""
    if not isinstance(value, bool):
        raise IllegalError
    return value


def text(value: Any) -> str:
    """A text on one line."""
    if not isinstance(value, str):
        raise IllegalError
    try:
        value.encode()
    except UnicodeEncodeError:
        raise IllegalError("some of it is no Unicode text") from None
    return " ".join(value.split())


def padding(names: tuple[str, ...]) -> Callable[[Any], int | str | tuple[Any, ...]]:
    """A number, a name, or one number or (before, after) pair for each axis."""
    one = whole(0, MOST_CELLS)

    def read(value: Any) -> int | str | tuple[Any, ...]:
        if isinstance(value, str):
            return choice(names)(value)
        if not _is_list(value):
            return one(value)
        if not value:
            raise IllegalError
        return tuple(_sides(side, one) if _is_list(side) else (one(side), one(side)) for side in value)

    return read


def factors(value: Any) -> float | tuple[float, ...]:
    """A number above 0, or a list of such, one for each axis; whole ones as whole numbers."""
    if _is_list(value):
        if not value:
            raise IllegalError
        return tuple(_factor(one) for one in value)
    return _factor(value)


def _factor(value: Any) -> float:
    if not _is_number(value) or not 1 / MOST_CELLS <= value <= MOST_CELLS:
        raise IllegalError
    return int(value) if value == int(value) else float(value)


def _sides(value: Any, one: Callable[[Any], int]) -> tuple[int, int]:
    if len(value) != 2:
        raise IllegalError
    return one(value[0]), one(value[1])


def scale(value: Any) -> float | int:
    """Pixels for each unit of a drawing."""
    if not _is_number(value) or not 0.25 <= value <= 8:
        raise IllegalError
    return int(value) if value == int(value) else float(value)


def steps(value: Any) -> str:
    """Which placements, as `parse_steps` takes it."""
    if is_whole(value):
        value = str(value)
    if not isinstance(value, str):
        raise IllegalError
    if value.strip():
        parse_steps(value)
    return "".join(value.split())


def parse_steps(text: str) -> slice:
    """`"start:stop:step"` as a slice over the placements, counted from 0; one number alone is that one placement."""
    parts = [part.strip() for part in text.split(":")]
    if len(parts) > 3 or not all(re.fullmatch("(-?[0-9]{1,12})?", part) for part in parts) or parts == [""]:
        raise IllegalError
    limits = [int(part) if part else None for part in parts]
    if len(limits) == 1 and limits[0] is not None:
        return slice(limits[0], limits[0] + 1 if limits[0] != -1 else None)
    chosen = slice(*limits)
    if chosen.step is not None and chosen.step < 1:
        raise IllegalError("the step must be 1 or more")
    return chosen


def filling(value: Any) -> Filling | PictureFile:
    """What fills an array: described in words, a table or a list. A picture is still to be read, in the array's size."""
    if isinstance(value, Listed):
        if not all(map(_is_number, value.numbers)) or math.prod(value.size) != len(value.numbers):
            raise IllegalError
        return value
    if isinstance(value, Picture):
        if not isinstance(value.levels, bytes) or math.prod(value.size) * value.channels != len(value.levels):
            raise IllegalError("a picture has a byte a cell and channel")
        return value._replace(size=tuple(value.size))
    if isinstance(value, Random | Ramp | Impulse | Named | PictureFile):
        return value
    if isinstance(value, str):
        return _named(value)
    if isinstance(value, Mapping):
        return _described(value)
    if _is_list(value):
        return _listed(value)
    raise IllegalError


def switches(value: Any) -> Listed | Switches:
    """A nested list of cells, or a seed."""
    if isinstance(value, Switches):
        return value
    if isinstance(value, Mapping):
        if set(value) != {"seed"}:
            raise IllegalError
        return Switches(whole(0)(value["seed"]))
    if not isinstance(value, Listed) and not _is_list(value):
        raise IllegalError
    listed = value if isinstance(value, Listed) else _listed(value)
    if not all(is_whole(cell) and cell >= 0 for cell in listed.numbers):
        raise IllegalError
    return listed


def _named(value: str) -> Ramp | Impulse | Named:
    if value.startswith("{"):
        raise IllegalError("texts in a table stand in quotes")
    if "." in value or "/" in value:
        raise IllegalError('a picture is written as { image = "…" }')
    if value in KERNELS:
        return Named(value)
    return Ramp() if choice(("ramp", "impulse"))(value) == "ramp" else Impulse()


def _described(value: Mapping[str, Any]) -> Random | Ramp | Impulse | PictureFile:
    kind = next((name for name in ("random", "ramp", "impulse", "image") if name in value), None)
    extra = [name for name in value if name != kind and (name, kind) not in {("seed", "random"), ("size", "image")}]
    if kind is None:
        raise IllegalError
    if extra:
        raise IllegalError(f"{extra[0]} is no part of it")
    given = value[kind]
    if kind == "image":
        return _picture_file(given, value.get("size"))
    if kind == "impulse":
        if not _is_list(given) or not given:
            raise IllegalError
        return Impulse(tuple(whole(0)(position) for position in given))
    if not _is_list(given) or len(given) != 2 or not all(map(_is_number, given)):
        raise IllegalError
    first, second = given
    if kind == "ramp":
        return Ramp(first, second)
    if first > second:
        raise IllegalError("the lower end of a random range comes first")
    seed = value.get("seed", 0)
    if not is_whole(seed) or seed < 0:
        raise IllegalError("a seed is a whole number from 0")
    return Random(first, second, int(seed))


def _picture_file(given: Any, size: Any) -> PictureFile:
    path = os.fspath(given) if isinstance(given, os.PathLike) else given
    if not isinstance(path, str) or not path or "\0" in path:
        raise IllegalError("an image is the path of a picture file")
    if size is None:
        return PictureFile(path)
    if not _is_list(size) or len(size) != 2:
        raise IllegalError("a picture's size is [rows, columns]")
    rows, columns = map(whole(1, MOST_CELLS), size)
    return PictureFile(path, (rows, columns))


def _listed(value: Sequence[Any]) -> Listed:
    rows = list(value)
    size = [len(rows)]
    while rows and _is_list(rows[0]):
        if not all(_is_list(row) and len(row) == len(rows[0]) for row in rows):
            raise IllegalError("the rows of a list must be equally long")
        size.append(len(rows[0]))
        rows = [number for row in rows for number in row]
    if not rows or not all(map(_is_number, rows)):
        raise IllegalError("a list of values holds finite numbers up to 1e300")
    if all(map(is_whole, rows)):
        rows = [int(number) for number in rows]
    else:
        try:
            rows = [float(number) for number in rows]
        except OverflowError:
            raise IllegalError("a whole number beside decimals must fit a 64-bit float") from None
    return Listed(tuple(size), tuple(rows))
