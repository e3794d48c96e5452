"""From what a user wrote to a scene's fields: every field by itself, then all of them together.

All problems are collected before any is raised. A field that is wrong by itself is left out of the checks across
fields, so that one mistake makes one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import gcd
from typing import Any

from convanim.errors import Problem, SceneError, got, times
from convanim.scene.axis import Axis, axis_of
from convanim.scene.fields import LOOK_DEFAULTS, SECTIONS, TOP, Field
from convanim.scene.readers import IllegalError
from convanim.scene.values import DEFAULT_KERNEL, Filling, Impulse, Listed, Picture, PictureFile, Size

_SIZES = ("input", "kernel", "stride", "dilation", "padding", "output_padding", "transposed")
_PER_AXIS = ("kernel", "stride", "dilation", "output_padding")


def checked(written: Mapping[str, Any]) -> dict[str, Any]:
    """The normal form of every field, defaults included, sections as dicts; SceneError with all that is wrong."""
    problems: list[Problem] = []
    fields = _read(TOP, {key: value for key, value in written.items() if key not in SECTIONS}, "", problems)
    for name, table in SECTIONS.items():
        section = written.get(name, {})
        if not isinstance(section, Mapping):
            problems.append(Problem(name, got(section), f"legal is a table of {_names(table)}"))
            section = {}
        if name == "view":
            section = {**LOOK_DEFAULTS.get(str(section.get("look", "full")), {}), **section}
        fields[name] = _read(table, section, f"{name}.", problems)
    _broadcast(fields, problems)
    _read_pictures(fields, problems)
    problems.extend(_contradictions(fields))
    if not any(problem.field in _SIZES for problem in problems):
        problems.extend(_impossible(fields))
    if problems:
        raise SceneError(problems)
    del fields["dimensions"]
    return fields


def _read(table: tuple[Field, ...], written: Mapping[str, Any], prefix: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of one table; a field that was wrong is absent from the answer."""
    by_name = {field.name: field for field in table}
    fields = {field.name: field.default for field in table}
    for name, value in written.items():
        field = by_name.get(name)
        if field is None:
            problems.append(_unknown(str(name), prefix, by_name))
            continue
        try:
            fields[name] = field.read(value)
        except IllegalError as why:
            legal = f"{why}; {field.legal}" if str(why) else field.legal
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
    return Problem(prefix + name, "not a field of a scene", legal)


def _broadcast(fields: dict[str, Any], problems: list[Problem]) -> None:
    """Give every axis its number. The input's list says how many axes there are, then `dimensions`, then 2."""
    for required in ("input", "kernel"):
        if required in fields and fields[required] is None:
            problems.append(Problem(required, "missing", "every scene says how large it is"))
            del fields[required]
    size, told = fields.get("input"), fields.get("dimensions")
    axes = len(size) if isinstance(size, tuple) else told or 2
    if axes > 2:
        problems.append(Problem("input", f"got {axes} axes", "legal are 1 and 2 axes"))
        for name in ("input", *_PER_AXIS, "padding"):
            fields.pop(name, None)
        return
    if told and told != axes:
        problems.append(Problem("dimensions", f"got {told}", f"but input has {axes} {'axis' if axes == 1 else 'axes'}"))
    if "stride" in fields and fields["stride"] is None:
        fields["stride"] = fields.get("kernel", 1) if fields.get("op", "conv") != "conv" else 1
    for name in ("input", *_PER_AXIS, "padding"):
        _broadcast_one(name, fields, axes, problems)


def _broadcast_one(name: str, fields: dict[str, Any], axes: int, problems: list[Problem]) -> None:
    value = fields.get(name)
    if isinstance(value, int):
        fields[name] = (((value, value),) if name == "padding" else (value,)) * axes
    elif isinstance(value, tuple) and len(value) != axes:
        problems.append(_wrong_length(name, fields.pop(name), axes))


def _read_pictures(fields: Mapping[str, Any], problems: list[Problem]) -> None:
    """Read the pictures that values name, each in the size of its array."""
    values = fields["values"]
    for name in [name for name, filling in values.items() if isinstance(filling, PictureFile)]:
        if name == "kernel" and fields.get("op", "conv") != "conv":
            continue  # and is refused with every other filling of it
        source = values.pop(name).source
        if name not in fields:
            continue
        from convanim.scene.pictures import read_picture  # noqa: PLC0415 - few scenes have pictures

        try:
            values[name] = read_picture(source, fields[name])
        except ValueError as why:
            problems.append(Problem(f"values.{name}", str(why), "legal is a picture file of 8 or 16 bits"))


def _wrong_length(name: str, value: tuple[Any, ...], axes: int) -> Problem:
    legal = f"the scene has {axes} {'axis' if axes == 1 else 'axes'}, so legal is one number or a list of {axes}"
    return Problem(name, got(list(value)), legal)


def _contradictions(fields: Mapping[str, Any]) -> Iterator[Problem]:
    """Fields that say what cannot be said together; each check runs if the fields that it looks at are there."""
    pooling = fields.get("op", "conv") != "conv"
    if pooling:
        for name, why in (("transposed", "has no transpose here"), ("flip", "has no kernel values to turn")):
            if fields.get(name):
                yield Problem(name, "got true", f'but {fields["op"]} {why}; leave it out, or op = "conv"')
        if fields["values"].get("kernel", DEFAULT_KERNEL) != DEFAULT_KERNEL:
            yield Problem("values.kernel", "given", f"but {fields['op']} has no kernel values; leave it out")
    if fields.get("count_include_pad") is False and fields.get("op", "avg_pool") != "avg_pool":
        yield Problem("count_include_pad", "got false", 'but it only means something with op = "avg_pool"')
    yield from _output_padding_contradictions(fields)
    for name in ("input", "kernel"):
        if name in fields and name in fields["values"] and not (pooling and name == "kernel"):
            yield from _misfit(f"values.{name}", fields["values"][name], fields[name])


def _output_padding_contradictions(fields: Mapping[str, Any]) -> Iterator[Problem]:
    extra = fields.get("output_padding", ())
    if not any(extra):
        return
    if fields.get("transposed") is False:
        yield Problem("output_padding", got(list(extra)), "but only a transposed convolution has it; leave it out")
    elif fields.get("padding") in ("same", "same-lower"):
        legal = f'but padding = "{fields["padding"]}" fixes the output at input × stride; leave one of them out'
        yield Problem("output_padding", got(list(extra)), legal)
    elif "stride" in fields and "dilation" in fields:
        limits = [max(pair) for pair in zip(fields["stride"], fields["dilation"], strict=True)]
        if any(cells >= limit for cells, limit in zip(extra, limits, strict=True)):
            legal = f"legal is less than the larger of stride and dilation, here less than {got(limits)[4:]}"
            yield Problem("output_padding", got(list(extra)), legal)


def _misfit(name: str, filling: Filling, size: Size) -> Iterator[Problem]:
    if isinstance(filling, Listed) and filling.size != size:
        yield Problem(name, f"got a list of {times(filling.size)}", f"but the size is {times(size)}")
    if isinstance(filling, Picture) and filling.size != size:
        yield Problem(name, f"got a picture of {times(filling.size)}", f"but the size is {times(size)}")
    if isinstance(filling, Impulse) and filling.at is not None:
        inside = len(filling.at) == len(size) and all(at < n for at, n in zip(filling.at, size, strict=True))
        if not inside:
            yield Problem(name, got(list(filling.at)), f"but the impulse must lie inside {times(size)}, counted from 0")


def _impossible(fields: Mapping[str, Any]) -> Iterator[Problem]:
    """Sizes that leave nothing to compute; looked at if all that makes a size is there."""
    if not all(name in fields for name in _SIZES):
        return
    axes = axes_of(fields)
    named = zip(("height: ", "width: "), axes, strict=False) if len(set(axes)) > 1 else [("", axes[0])]
    for which, axis in named:
        if axis.output < 1 and axis.transposed:
            legal = f"but {which}the padding takes away all of the output; legal is an output of 1 or more"
            yield Problem("padding", f"got {axis.padding[0]} and {axis.padding[1]}", legal)
        elif axis.output < 1:
            legal = (
                f"but {which}it spans {axis.extent} cells and the padded input has {axis.canvas}; "
                "legal is a kernel that fits"
            )
            yield Problem("kernel", f"got {axis.kernel}", legal)
        elif fields.get("op", "conv") != "conv" and not _all_windows_see_input(axis):
            legal = f"but {which}a pooling window then holds padding only; legal is less padding"
            yield Problem("padding", f"got {axis.padding[0]} and {axis.padding[1]}", legal)


def _all_windows_see_input(axis: Axis) -> bool:
    """Whether each window of a pooling holds an input cell. One that starts inside the input does.

    One that starts before it meets the input at its start modulo the dilation, if it reaches that far and the input is
    so long; these places come again after one period.
    """
    before, _ = axis.padding
    if (axis.output - 1) * axis.stride >= axis.input + before:
        return False
    if before > (axis.kernel - 1) * axis.dilation:
        return False
    starting_before = min(-(-before // axis.stride), axis.output, axis.dilation // gcd(axis.dilation, axis.stride))
    return all((start * axis.stride - before) % axis.dilation < axis.input for start in range(starting_before))


def axes_of(fields: Mapping[str, Any]) -> tuple[Axis, ...]:
    """The integers of each axis from checked fields, padding in cells and output size worked out."""
    padding = fields["padding"]
    return tuple(
        axis_of(
            fields["input"][number],
            fields["kernel"][number],
            fields["stride"][number],
            fields["dilation"][number],
            padding if isinstance(padding, str) else padding[number],
            fields["output_padding"][number],
            transposed=fields["transposed"],
        )
        for number in range(len(fields["input"]))
    )


def _names(table: tuple[Field, ...]) -> str:
    return ", ".join(field.name for field in table)
