"""From what a user wrote to a scene's fields: every field by itself, then all of them together.

All problems are collected before any is raised. A field that is wrong by itself is left out of the checks across
fields, so that one mistake makes one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convanim.errors import Problem, SceneError, got, key
from convanim.scene import contradictions
from convanim.scene.fields import CONVOLUTIONS, LOOK_DEFAULTS, MOST_AXES, SECTIONS, TOP, Field
from convanim.scene.readers import IllegalError, plain
from convanim.scene.values import PictureFile

_PER_AXIS = ("kernel", "stride", "dilation", "output_padding", "output_size", "scale_factor")


def checked(written: Mapping[str, Any]) -> dict[str, Any]:
    """The normal form of every field, defaults included, sections as dicts; SceneError with all that is wrong."""
    if not isinstance(written, Mapping):
        raise TypeError(f"expected a mapping of a scene's fields, not {type(written).__name__}")
    problems: list[Problem] = []
    fields = read_table(TOP, {key: value for key, value in written.items() if key not in SECTIONS}, "", problems)
    for name, table in SECTIONS.items():
        section = written.get(name, {})
        if not isinstance(section, Mapping):
            problems.append(Problem(name, got(section), f"legal is a table of {_names(table)}"))
            section = {}
        if name == "view":
            section = {**LOOK_DEFAULTS.get(str(section.get("look", "full")), {}), **section}
        fields[name] = read_table(table, section, f"{name}.", problems)
    _size_of_picture(fields, problems)
    _broadcast(fields, problems)
    _resolve_channels(fields)
    _read_pictures(fields, problems)
    problems.extend(contradictions.found(fields))
    if problems:
        raise SceneError(_as_written(problem, written) for problem in problems)
    del fields["dimensions"]
    return fields


def _as_written(problem: Problem, written: Mapping[str, Any]) -> Problem:
    """A problem that echoes what was written where it echoes the field as it is for all axes."""
    is_whole_field = problem.field in written and problem.given.startswith("got [")
    return problem._replace(given=got(written[problem.field])) if is_whole_field else problem


def read_table(
    table: tuple[Field, ...], written: Mapping[str, Any], prefix: str, problems: list[Problem]
) -> dict[str, Any]:
    """The fields of one table, defaults included, what is wrong added to `problems`; a field that was wrong is absent from the answer."""
    by_name = {field.name: field for field in table}
    fields = {field.name: field.default for field in table}
    for name, value in written.items():
        field = by_name.get(name)
        if field is None:
            problems.append(_unknown(str(name), prefix, by_name))
            continue
        try:
            fields[name] = field.read(plain(value))
        except (IllegalError, RecursionError) as why:
            legal = f"{why}; {field.legal}" if isinstance(why, IllegalError) and str(why) else field.legal
            problems.append(Problem(prefix + name, got(value), legal))
            del fields[name]
    return fields


def _unknown(name: str, prefix: str, known: Mapping[str, Field]) -> Problem:
    from difflib import get_close_matches  # noqa: PLC0415 - for those who mistype

    homes = [(section, field.name) for section, table in SECTIONS.items() for field in table]
    elsewhere = [f"[{section}]" for section, field in homes if field == name and f"{section}." != prefix]
    if prefix and name in {field.name for field in TOP}:
        elsewhere.append("the top of the scene")
    nearest = get_close_matches(name, [*known, *([] if prefix else SECTIONS)], n=1)
    if elsewhere:
        legal = f"it belongs in {' or '.join(elsewhere)}"
    elif nearest:
        legal = f"did you mean {nearest[0]}?"
    else:
        legal = f"known are {', '.join([*known, *([] if prefix else SECTIONS)])}"
    return Problem(prefix + key(name), "not a field of a scene", legal)


def _size_of_picture(fields: dict[str, Any], problems: list[Problem]) -> None:
    """A picture that says its size says the input's, unless the scene does."""
    picture = fields["values"].get("input")
    if not isinstance(picture, PictureFile) or picture.size is None:
        return
    size = fields.get("input", 0)
    if size is None:
        fields["input"] = picture.size
    elif size and (size if isinstance(size, tuple) else (size, size)) != picture.size:
        problems.append(Problem("values.input", f"got size {got(list(picture.size))[4:]}", "but input has another"))


def _broadcast(fields: dict[str, Any], problems: list[Problem]) -> None:
    """Give every axis its number. The input's list says how many axes there are, then `dimensions`, then 2."""
    op = fields.get("op", "conv")
    for required in ("input",) if op == "upsample" else ("input", "kernel"):
        if required in fields and fields[required] is None:
            problems.append(Problem(required, "missing", "every scene says how large it is"))
            del fields[required]
    size, told = fields.get("input"), fields.get("dimensions")
    axes = len(size) if isinstance(size, tuple) else told or 2
    if axes > MOST_AXES:
        problems.append(Problem("input", f"got {axes} axes", "legal are 1, 2 and 3 axes"))
        for name in ("input", *_PER_AXIS, "padding"):
            fields.pop(name, None)
        return
    if told and told != axes:
        problems.append(Problem("dimensions", f"got {told}", f"but input has {axes} {'axis' if axes == 1 else 'axes'}"))
    if "stride" in fields and fields["stride"] is None and op != "upsample":
        fields["stride"] = 1 if op in CONVOLUTIONS else fields.get("kernel", 1)
    if op == "conv_input_grad" and "transposed" in fields:
        fields["transposed"] = True
    for name in ("input", *_PER_AXIS, "padding"):
        _broadcast_one(name, fields, axes, problems)


def _broadcast_one(name: str, fields: dict[str, Any], axes: int, problems: list[Problem]) -> None:
    value = fields.get(name)
    if isinstance(value, int | float):
        fields[name] = (((value, value),) if name == "padding" else (value,)) * axes
    elif isinstance(value, tuple) and len(value) != axes:
        problems.append(_wrong_length(name, fields.pop(name), axes))


def _resolve_channels(fields: dict[str, Any]) -> None:
    """The channels that the scene leaves unsaid."""
    op = fields.get("op", "conv")
    if "in_channels" in fields and fields["in_channels"] is None:
        fields["in_channels"] = 1
    if "out_channels" in fields and fields["out_channels"] is None:
        like = "groups" if op in CONVOLUTIONS else "in_channels"
        if like in fields:
            fields["out_channels"] = fields[like]


def _read_pictures(fields: Mapping[str, Any], problems: list[Problem]) -> None:
    """Read the pictures that values name, each in the size of its array."""
    values = fields["values"]
    for name in [name for name, filling in values.items() if isinstance(filling, PictureFile)]:
        if name == "kernel" and fields.get("op", "conv") not in CONVOLUTIONS:
            continue  # and is refused with every other filling of it
        source = values.pop(name).source
        if name not in fields:
            continue
        channels = fields.get("in_channels", 1) if name == "input" else 1
        if channels not in {1, 3}:
            legal = "a picture has 1 channel (grey) or 3 (red, green, blue)"
            problems.append(Problem(f"values.{name}", f"got a picture for {channels} channels", legal))
            continue
        from convanim.scene.pictures import read_picture  # noqa: PLC0415 - few scenes have pictures

        try:
            values[name] = read_picture(source, fields[name], channels)
        except ValueError as why:
            problems.append(Problem(f"values.{name}", str(why), "legal is a picture file of 8 or 16 bits"))


def _wrong_length(name: str, value: tuple[Any, ...], axes: int) -> Problem:
    legal = f"the scene has {axes} {'axis' if axes == 1 else 'axes'}, so legal is one number or a list of {axes}"
    return Problem(name, got(list(value)), legal)


def _names(table: tuple[Field, ...]) -> str:
    return ", ".join(field.name for field in table)
