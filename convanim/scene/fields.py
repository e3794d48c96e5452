"""The table of a scene's fields: what each may be, said once for the checks, the error texts, the JSON Schema and --help.

A reader takes what a user wrote and returns the normal form of it, or raises `IllegalError` where that cannot be done.
It sees one field alone; what fields must be to each other is `check`'s subject.
"""

from __future__ import annotations

import math
import numbers
import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from convanim.scene.values import (
    DEFAULT_INPUT,
    DEFAULT_KERNEL,
    Filling,
    Impulse,
    Listed,
    Picture,
    PictureFile,
    Ramp,
    Random,
)

OPERATIONS = ("conv", "max_pool", "avg_pool")
VIEWS = ("isometric", "numeric")
THEMES = ("light", "dark", "plain")
LOOKS = ("full", "plain")
PADDINGS = ("valid", "same", "same-lower", "full")
OUTPUTS = ("computed", "whole")
COLOURS = ("role", "value")

MOST_CELLS = 10**9
MOST_NUMBER = int(1e300)  # that float exactly, so that it is legal itself

Schema = dict[str, Any]


class IllegalError(ValueError):
    """What was written is not legal for this field. Its text, if any, says more than the field's own `legal`."""


class Field(NamedTuple):
    """One field: its name, how it is read, what is legal in words and as JSON Schema, what it is for, its default."""

    name: str
    read: Callable[[Any], Any]
    legal: str
    schema: Schema
    help: str
    default: Any = None


def _is_whole(value: object) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    finite = _is_whole(value) or (isinstance(value, float) and math.isfinite(value))
    return finite and abs(value) <= MOST_NUMBER


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _whole(least: int, most: int | None = None) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if not _is_whole(value) or value < least or (most is not None and value > most):
            raise IllegalError
        return int(value)

    return read


def _per_axis(least: int) -> Callable[[Any], int | tuple[int, ...]]:
    one = _whole(least, MOST_CELLS)

    def read(value: Any) -> int | tuple[int, ...]:
        if _is_list(value):
            if not value:
                raise IllegalError
            return tuple(one(length) for length in value)
        return one(value)

    return read


def _choice(*choices: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in choices or not isinstance(value, str):
            raise IllegalError
        return value

    return read


def _true_or_false(value: Any) -> bool:
    if not isinstance(value, bool):
        raise IllegalError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise IllegalError
    try:
        value.encode()
    except UnicodeEncodeError:
        raise IllegalError("some of it is no Unicode text") from None
    return " ".join(value.split())


def _padding(value: Any) -> int | str | tuple[Any, ...]:
    if isinstance(value, str):
        return _choice(*PADDINGS)(value)
    one = _whole(0, MOST_CELLS)
    if not _is_list(value):
        return one(value)
    if not value:
        raise IllegalError
    return tuple(_sides(side, one) if _is_list(side) else (one(side), one(side)) for side in value)


def _sides(value: Any, one: Callable[[Any], int]) -> tuple[int, int]:
    if len(value) != 2:
        raise IllegalError
    return one(value[0]), one(value[1])


def _scale(value: Any) -> float | int:
    if not _is_number(value) or not 0.25 <= value <= 8:
        raise IllegalError
    return int(value) if value == int(value) else float(value)


def _steps(value: Any) -> str:
    if _is_whole(value):
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


def _filling(value: Any) -> Filling | PictureFile:
    if isinstance(value, Listed):
        if not all(map(_is_number, value.numbers)) or math.prod(value.size) != len(value.numbers):
            raise IllegalError
        return value
    if isinstance(value, Picture):
        if not isinstance(value.levels, bytes) or math.prod(value.size) != len(value.levels):
            raise IllegalError("a picture has a byte a cell")
        return value._replace(size=tuple(value.size))
    if isinstance(value, Random | Ramp | Impulse):
        return value
    if isinstance(value, str):
        return _named(value)
    if isinstance(value, Mapping):
        return _described(value)
    if _is_list(value):
        return _listed(value)
    raise IllegalError


def _named(value: str) -> Ramp | Impulse:
    if value.startswith("{"):
        raise IllegalError("texts in a table stand in quotes")
    if "." in value or "/" in value:
        raise IllegalError('a picture is written as { image = "…" }')
    return Ramp() if _choice("ramp", "impulse")(value) == "ramp" else Impulse()


def _described(value: Mapping[str, Any]) -> Random | Ramp | Impulse | PictureFile:
    kind = next((name for name in ("random", "ramp", "impulse", "image") if name in value), None)
    extra = [name for name in value if name != kind and (name, kind) != ("seed", "random")]
    if kind is None:
        raise IllegalError
    if extra:
        raise IllegalError(f"{extra[0]} is no part of it")
    given = value[kind]
    if kind == "image":
        return _picture_file(given)
    if kind == "impulse":
        if not _is_list(given) or not given:
            raise IllegalError
        return Impulse(tuple(_whole(0)(position) for position in given))
    if not _is_list(given) or len(given) != 2 or not all(map(_is_number, given)):
        raise IllegalError
    first, second = given
    if kind == "ramp":
        return Ramp(first, second)
    if first > second:
        raise IllegalError("the lower end of a random range comes first")
    seed = value.get("seed", 0)
    if not _is_whole(seed) or seed < 0:
        raise IllegalError("a seed is a whole number from 0")
    return Random(first, second, int(seed))


def _picture_file(given: Any) -> PictureFile:
    path = os.fspath(given) if isinstance(given, os.PathLike) else given
    if not isinstance(path, str) or not path or "\0" in path:
        raise IllegalError("an image is the path of a picture file")
    return PictureFile(path)


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
    if all(map(_is_whole, rows)):
        rows = [int(number) for number in rows]
    else:
        try:
            rows = [float(number) for number in rows]
        except OverflowError:
            raise IllegalError("a whole number beside decimals must fit a 64-bit float") from None
    return Listed(tuple(size), tuple(rows))


def _int_schema(least: int, most: int | None = None) -> Schema:
    return {"type": "integer", "minimum": least} | ({} if most is None else {"maximum": most})


def _axes_schema(least: int) -> Schema:
    one = _int_schema(least, MOST_CELLS)
    return {"oneOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": 2}]}


_PAIR_OF_NUMBERS: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_FILLING_SCHEMA: Schema = {
    "oneOf": [
        {"enum": ["ramp", "impulse"]},
        {"type": "array", "minItems": 1},
        {
            "type": "object",
            "properties": {"random": _PAIR_OF_NUMBERS, "seed": _int_schema(0)},
            "required": ["random"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"ramp": _PAIR_OF_NUMBERS},
            "required": ["ramp"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"impulse": {"type": "array", "items": _int_schema(0), "minItems": 1, "maxItems": 2}},
            "required": ["impulse"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"image": {"type": "string", "minLength": 1}},
            "required": ["image"],
            "additionalProperties": False,
        },
    ]
}
_PADDING_SCHEMA: Schema = {
    "oneOf": [
        _int_schema(0, MOST_CELLS),
        {"enum": list(PADDINGS)},
        {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {
                "oneOf": [
                    _int_schema(0, MOST_CELLS),
                    {"type": "array", "items": _int_schema(0, MOST_CELLS), "minItems": 2, "maxItems": 2},
                ]
            },
        },
    ]
}
_FILLING_LEGAL = (
    'legal is a nested list of finite numbers, "ramp", "impulse", { random = [low, high], seed = n }, '
    '{ ramp = [start, step] }, { impulse = [row, column] } or { image = "file.png" }'
)


def _axes(name: str, least: int, help: str, default: Any = None) -> Field:
    legal = f"legal is a whole number from {least} to {MOST_CELLS:,}, or a list with one for each axis"
    return Field(name, _per_axis(least), legal, _axes_schema(least), help, default)


def _flag(name: str, help: str, default: bool) -> Field:
    return Field(name, _true_or_false, "legal is true or false", {"type": "boolean"}, help, default)


def _one_of(name: str, choices: tuple[str, ...], help: str, default: str | None) -> Field:
    legal = "legal is " + ", ".join(choices[:-1]) + f" or {choices[-1]}"
    return Field(name, _choice(*choices), legal, {"enum": list(choices)}, help, default)


def _number(name: str, least: int, most: int, help: str, default: int | None) -> Field:
    legal = f"legal is a whole number from {least} to {most}"
    return Field(name, _whole(least, most), legal, _int_schema(least, most), help, default)


_TEXT_LEGAL = "legal is text in quotes"

TOP = (
    Field("title", _text, _TEXT_LEGAL, {"type": "string"}, "What the figure is called.", ""),
    Field("description", _text, _TEXT_LEGAL, {"type": "string"}, "Alternative text, instead of the one made.", ""),
    _one_of("op", OPERATIONS, "The operation.", "conv"),
    _axes("input", 1, "The input's size: height and width, or one number for both."),
    _axes("kernel", 1, "The kernel's size."),
    _axes("stride", 1, "Cells between neighbouring placements; by default 1, for pooling the kernel's size."),
    Field(
        "padding",
        _padding,
        f'legal is a whole number from 0 to {MOST_CELLS:,}, one for each axis, a [before, after] pair for each axis, "valid", '
        '"same", "same-lower" or "full"',
        _PADDING_SCHEMA,
        "Zeros around the input: n, [h, w], [[top, bottom], [left, right]], valid, same, same-lower or full. "
        "For a transposed convolution, those of the convolution that it transposes.",
        0,
    ),
    _axes("dilation", 1, "Distance between neighbouring kernel cells.", 1),
    _flag("transposed", "Transposed convolution.", False),
    _axes("output_padding", 0, "Rows and columns added at the output's bottom and right (transposed only).", 0),
    _flag("flip", "True convolution: turn the kernel by 180 degrees.", False),
    _flag("count_include_pad", "Average pooling counts padding cells in the divisor.", True),
    _number("dimensions", 1, 2, "Spatial axes, where one number stands for all; by default 2.", None),
)

VALUES = (
    Field("input", _filling, _FILLING_LEGAL, _FILLING_SCHEMA, "The input's values.", DEFAULT_INPUT),
    Field("kernel", _filling, _FILLING_LEGAL, _FILLING_SCHEMA, "The kernel's values.", DEFAULT_KERNEL),
)

VIEW = (
    _one_of("kind", VIEWS, "How the figure is drawn.", "isometric"),
    _one_of("look", LOOKS, "A preset: plain draws what the well-known figures draw, and no word.", "full"),
    _one_of("theme", THEMES, "Colours.", "light"),
    _one_of(
        "colour",
        COLOURS,
        "Colour cells by their role, or shade them by their value, which is the default where the input is an image.",
        None,
    ),
    _one_of("output", OUTPUTS, "Fill the output in as it is computed, or show it whole from the start.", "computed"),
    _flag("labels", "Name the planes.", True),
    _flag("caption", "State operation, parameters, formula and step below.", True),
    _flag("formula", "Write out the current sum (numeric view).", True),
    _number("cell", 3, 200, "A cell's side in pixels (numeric view: its height); by default as large as fits.", None),
    _number("levels", 2, 16, "Levels of ink at the most: fewer make smaller files and rougher edges.", 16),
    Field(
        "scale",
        _scale,
        "legal is a number from 0.25 to 8",
        {"type": "number", "minimum": 0.25, "maximum": 8},
        "Pixels for each unit of the drawing: 2 for high-density screens.",
        1,
    ),
)

TIMING = (
    _number("step", 20, 600_000, "Milliseconds a step; by default 1000, fewer where steps are many.", None),
    _number("hold", 20, 600_000, "Milliseconds the last step is held.", 2000),
    _number("loop", 0, 65_535, "How often it plays: 0 for ever, 1 once, n times.", 0),
    Field(
        "steps",
        _steps,
        'legal is "start:stop" or "start:stop:step", counted from 0, a step of 1 or more, or one number',
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        'Which placements to show, as start:stop:step counted from 0; ":" for all of them however many.',
        "",
    ),
)

# what a look sets, unless the scene says otherwise
LOOK_DEFAULTS: dict[str, dict[str, Any]] = {
    "full": {},
    "plain": {"theme": "plain", "labels": False, "caption": False, "formula": False, "output": "whole"},
}

SECTIONS = {"values": VALUES, "view": VIEW, "timing": TIMING}
