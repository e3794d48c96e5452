"""JAX' dimension_numbers: what the axes of input and kernel are, and in which order a function's sizes name them.

Strides, padding and dilation of jax.lax are in the order of the kernel's spatial letters. A scene is in that of the
input's, so where these differ the sizes are turned.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from convanim.scene.code.reading.call import Shaped, Unread, refused
from convanim.scene.code.reading.layer import Fields, Known, joined, needed
from convanim.scene.code.reading.signature import Arguments
from convanim.scene.code.said import got

_LEGAL = "legal are three strings such as ('NHWC', 'HWIO', 'NHWC')"
_TURNED = ("kernel", "stride", "padding", "dilation", "output_padding")


class Dimensions(NamedTuple):
    """The letters of input and kernel; `places` are where the input's spatial letters stand among the kernel's."""

    left: str
    right: str
    places: tuple[int, ...] = ()

    def of_input(self, fields: Fields) -> Fields:
        """Sizes in the kernel's order, in that of the input."""
        turned = {
            name: [value[place] for place in self.places]
            for name, value in fields.items()
            if name in _TURNED and self.places and isinstance(value, list)
        }
        return {**fields, **turned}

    def of_kernel(self, size: Any) -> Any:
        """A size in the input's order, in that of the kernel."""
        if not self.places or not isinstance(size, list | tuple) or len(size) != len(self.places):
            return size
        return [size[self.places.index(place)] for place in range(len(size))]


def dimensions_of(arguments: Arguments, *, channels_last: bool) -> Dimensions:
    """The dimension_numbers of a call, or those that JAX takes where none are given."""
    numbers = arguments.values.get("dimension_numbers")
    shapes = [value for name in ("lhs", "rhs") if isinstance(value := arguments.values.get(name), Shaped)]
    if isinstance(numbers, Unread) and not shapes:
        numbers = None  # the caller gives all sizes, in the scene's order
    if numbers is None:
        space = "DHW"[-(len(shapes[0].shape) - 2) :] if shapes else "HW"
        return Dimensions(f"N{space}C", f"{space}IO") if channels_last else Dimensions(f"NC{space}", f"OI{space}")
    numbers = arguments["dimension_numbers"]
    if not isinstance(numbers, tuple) or len(numbers) != 3 or not _agree(*numbers):
        raise refused("dimension_numbers", got(numbers), _LEGAL)
    left, right, out = (_spatial(order, beside) for order, beside in zip(numbers, ("NC", "IO", "NC"), strict=True))
    if out != left:
        raise refused("dimension_numbers", got(numbers[2]), f"legal here is an output in the input's order, {left}")
    return Dimensions(numbers[0], numbers[1], tuple(map(right.index, left)))


def _agree(left: Any, right: Any, out: Any) -> bool:
    """Whether each string names each axis once, and all of them the same spatial ones."""
    orders = ((left, "NC"), (right, "IO"), (out, "NC"))
    if not all(isinstance(order, str) and set(beside) <= set(order) for order, beside in orders):
        return False
    space = {frozenset(_spatial(order, beside)) for order, beside in orders}
    return len(space) == 1 and all(len(set(order)) == len(order) for order, _ in orders)


def _spatial(order: str, beside: str) -> str:
    return "".join(letter for letter in order if letter not in beside)


def arrays_of(arguments: Arguments, known: Known, dimensions: Dimensions, groups: int, *, swapped: bool) -> Fields:
    """Input and kernel of a function of jax.lax; the kernel in its own order, its in and out `swapped` if it is turned."""
    left, right = dimensions.left, dimensions.right
    lhs, rhs = (_lengths(arguments.values.get(name), order) for name, order in (("lhs", left), ("rhs", right)))
    shape: Fields = {}
    if lhs:
        shape = {"input": [lhs[letter] for letter in _spatial(left, "NC")], "in_channels": lhs["C"]}
    if not rhs:
        kernel = dimensions.of_kernel(needed(known, "kernel", arguments.layer))
        return {**shape, "kernel": kernel}
    inside, outside = ("O", "I") if swapped else ("I", "O")
    own: Fields = {"in_channels": rhs[inside] * groups, "out_channels": rhs[outside]}
    own["kernel"] = [rhs[letter] for letter in _spatial(right, "IO")]
    return joined(shape, own, arguments.layer)


def _lengths(array: Any, order: str) -> dict[str, int]:
    """The lengths of an array by the letters of its axes; none if it is not told."""
    if not isinstance(array, Shaped):
        return {}
    if len(array.shape) != len(order):
        raise refused("dimension_numbers", got(order), f"legal is a letter for each of {len(array.shape)} axes")
    return dict(zip(order, array.shape, strict=True))
