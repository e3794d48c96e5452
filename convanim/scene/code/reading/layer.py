"""What a framework's table of layers holds, and what its readers share: shapes, sizes and padding as fields.

A reader is given a layer's arguments by name, how many axes the layer's name says (None if it does not), and the
fields that are known already: those the caller gave beside the text. It answers with the fields of a scene.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from convanim.scene.code.reading.call import Shaped, refused
from convanim.scene.code.reading.signature import Arguments, entries
from convanim.scene.code.said import got

Fields = dict[str, Any]
Known = Mapping[str, Any]


class Layer(NamedTuple):
    """One row: the signature, the reader, the axes that the name tells, further arguments that change nothing.

    `called` is the signature of a call of the layer itself, `layer(…)(x)`, its input first; None for functions.
    """

    takes: str
    read: Callable[[Arguments, int | None, Known], Fields]
    axes: int | None = None
    ignored: str = ""
    called: str | None = None


def listed(value: Any) -> Any:
    """A size as a scene takes it: tuples as lists, numbers as they are."""
    return [listed(each) for each in value] if isinstance(value, tuple | list) else value


def axes_known(axes: int | None, known: Known, *sizes: Any) -> int:
    """How many axes there are: as the name says, as one of the sizes says, as the fields say, else 2."""
    if axes:
        return axes
    for size in (*sizes, known.get("input"), known.get("kernel")):
        if isinstance(size, tuple | list):
            return len(size)
    return int(known.get("dimensions") or 2)


def each_axis(value: Any, axes: int, name: str) -> tuple[int, ...]:
    """One number for each axis."""
    numbers = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    if len(numbers) != axes:
        raise refused(name, got(listed(numbers)), f"legal is one number or {axes}")
    return numbers


def input_of(value: Any, axes: int | None, *, channels_last: bool) -> Fields:
    """The input's size and channels from the shape of an array; nothing if the text does not tell it.

    An array has batch and channels beside its spatial axes; without a known number of axes these are all others.
    """
    if not isinstance(value, Shaped):
        return {}
    shape = value.shape
    spatial = axes or len(shape) - 2
    if not 1 <= spatial <= 3 or len(shape) not in {spatial + 1, spatial + 2}:
        raise refused("input", f"got an array of {len(shape)} axes", f"legal are {spatial + 1} or {spatial + 2}")
    if channels_last:
        return {"input": list(shape[-1 - spatial : -1]), "in_channels": shape[-1]}
    return {"input": list(shape[-spatial:]), "in_channels": shape[-spatial - 1]}


def joined(shape: Fields, own: Fields, layer: str) -> Fields:
    """What an input's shape tells together with what the layer says; refused where the channels differ."""
    given, taken = shape.get("in_channels"), own.get("in_channels")
    if given is not None and taken is not None and given != taken:
        raise refused("input", f"got an array of {given} channels", f"{layer} takes {taken} here")
    return {**shape, **own}


def needed(known: Known, name: str, layer: str) -> Any:
    """A field that the text does not tell and the caller must."""
    if known.get(name) is None:
        raise refused(name, "missing", f"the text of {layer} does not tell it; give {name}=")
    return known[name]


def input_known(known: Known, axes: int, layer: str) -> tuple[int, ...]:
    """The input's size, for a layer of which other sizes depend on it."""
    size = each_axis(needed(known, "input", layer), axes, "input")
    if any(type(cells) is not int or cells < 1 for cells in size):
        raise refused("input", got(listed(size)), "legal is a whole number from 1, or one for each axis")
    return size


def pairs(value: Any, axes: int, name: str) -> tuple[tuple[int, int], ...]:
    """(before, after) for each axis from a number, one for each axis, or pairs."""
    if isinstance(value, int) and not isinstance(value, bool):
        return ((value, value),) * axes
    sides = tuple((side, side) if isinstance(side, int) else tuple(entries(side)) for side in entries(value))
    if len(sides) != axes or any(len(pair) != 2 or not all(type(n) is int for n in pair) for pair in sides):
        raise refused(name, got(listed(value)), f"legal is a number or a (before, after) pair for each of {axes} axes")
    return tuple((before, after) for before, after in sides)


def crops(padding: tuple[tuple[int, int], ...], kernel: Any, dilation: Any, stride: Any, name: str) -> Fields:
    """Padding of a stretched input as a transposed convolution has it: K - 1 - p cells taken away on each side.

    More than K - 1 after the input is output padding, as far as that goes; before it nothing here is its equal.
    """
    axes = len(padding)
    sizes = (each_axis(value, axes, name) for value in (kernel, dilation, stride))
    taken, extra = [], []
    for (before, after), cells, spread, step in zip(padding, *sizes, strict=True):
        reach = spread * (cells - 1)
        beyond = max(after - reach, 0)
        if before > reach or beyond >= max(step, spread, 1):
            legal = f"legal here is {reach} at most, the kernel's reach; more makes cells that no input cell reaches"
            raise refused(name, got(listed((before, after))), legal)
        taken.append([reach - before, reach - after + beyond])
        extra.append(beyond)
    fields: Fields = {"transposed": True, "padding": taken}
    return {**fields, "output_padding": extra} if any(extra) else fields
