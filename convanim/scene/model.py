"""`Scene`: which convolution, checked and with its defaults resolved. The start of the chain; it knows no arrays.

A Scene holds what the user wrote in normal form (a number that stands for all axes is broadcast, a padding's name
stays a name); what follows from it by arithmetic alone (padding in cells, sizes) are its properties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

from convanim import arithmetic
from convanim.scene import check
from convanim.scene.axis import Axis
from convanim.scene.values import DEFAULT_INPUT, DEFAULT_KERNEL, Filling, Picture, Size

Sides = arithmetic.Sides


class Values(NamedTuple):
    """What fills the arrays; `kernel` plays no part in pooling."""

    input: Filling = DEFAULT_INPUT
    kernel: Filling = DEFAULT_KERNEL


class View(NamedTuple):
    """How the figure is drawn; `cell` None means as large as fits. Sizes in pixels at scale 1.

    `colour` is "role" or "value", None "value" where the input is a picture.
    """

    kind: str = "isometric"
    look: str = "full"
    theme: str = "light"
    colour: str | None = None
    output: str = "computed"
    labels: bool = True
    caption: bool = True
    formula: bool = True
    cell: int | None = None
    levels: int = 16
    scale: int | float = 1


class Timing(NamedTuple):
    """Milliseconds a step (None: fitted to their number) and for the last one; plays (0: for ever); which steps."""

    step: int | None = None
    hold: int = 2000
    loop: int = 0
    steps: str = ""


@dataclass(frozen=True, init=False)
class Scene:
    """A convolution or pooling to be shown; parameters mean what they mean in torch.nn.

    `input`, `kernel`, `stride`, `dilation` and `output_padding` are sizes in cells, one for each axis (height,
    width), or one number for all axes. `input` is the operation's own input, for a transposed convolution too.
    `padding` is a number, one for each axis, a (before, after) pair for each axis, or "valid", "same",
    "same-lower" or "full". A list of one number as `input` makes a one-dimensional scene, as does `dimensions=1`.

    Raises SceneError that lists everything that is wrong.
    """

    input: Size
    kernel: Size
    op: str
    stride: Size
    padding: str | tuple[Sides, ...]
    dilation: Size
    transposed: bool
    output_padding: Size
    flip: bool
    count_include_pad: bool
    title: str
    description: str
    values: Values
    view: View
    timing: Timing

    def __init__(
        self,
        input: int | Sequence[int],
        kernel: int | Sequence[int],
        *,
        op: str = "conv",
        stride: int | Sequence[int] | None = None,
        padding: int | str | Sequence[int] | Sequence[Sequence[int]] = 0,
        dilation: int | Sequence[int] = 1,
        transposed: bool = False,
        output_padding: int | Sequence[int] = 0,
        flip: bool = False,
        count_include_pad: bool = True,
        dimensions: int | None = None,
        title: str = "",
        description: str = "",
        values: Values | Mapping[str, Any] | None = None,
        view: View | Mapping[str, Any] | None = None,
        timing: Timing | Mapping[str, Any] | None = None,
    ) -> None:
        written = {name: value for name, value in locals().items() if name != "self" and value is not None}
        for name, kind in _SECTION_TYPES.items():
            if isinstance(written.get(name), kind):
                written[name] = {key: value for key, value in written[name]._asdict().items() if value is not None}
        _hold(self, check.checked(written))

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Scene:
        """The scene that a scene file's mapping describes; unknown keys are errors, as everything that is wrong is."""
        scene = cls.__new__(cls)
        _hold(scene, check.checked(mapping))
        return scene

    @property
    def dimensions(self) -> int:
        """How many spatial axes there are."""
        return len(self.input)

    @property
    def pads(self) -> tuple[Sides, ...]:
        """The padding of each axis in cells, (before, after), whatever name it was given."""
        return tuple(axis.padding for axis in self.axes)

    @property
    def output(self) -> Size:
        """The output's size."""
        return tuple(axis.output for axis in self.axes)

    @property
    def canvas(self) -> Size:
        """The size of what the kernel slides over: the padded input, for a transposed convolution stretched first."""
        return tuple(axis.canvas for axis in self.axes)

    @property
    def placements(self) -> int:
        """How many placements the kernel has: one for each output cell."""
        return prod(self.output)

    @property
    def is_shaded(self) -> bool:
        """Whether cells are coloured by value."""
        if self.view.colour is None:
            return isinstance(self.values.input, Picture)
        return self.view.colour == "value"

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The integers of each axis, as `arithmetic` takes them."""
        return check.axes_of(vars(self))


def _hold(scene: Scene, fields: dict[str, Any]) -> None:
    """Give a new scene its fields."""
    for name, kind in _SECTION_TYPES.items():
        fields[name] = kind(**fields[name])
    for name, value in fields.items():
        object.__setattr__(scene, name, value)


_SECTION_TYPES: dict[str, type] = {"values": Values, "view": View, "timing": Timing}
