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
from convanim.scene.axis import Axis, axes_of
from convanim.scene.fields import CONVOLUTIONS
from convanim.scene.impossible import kernel_planes
from convanim.scene.values import (
    DEFAULT_INPUT,
    DEFAULT_KERNEL,
    DEFAULT_SWITCHES,
    Filling,
    Listed,
    Picture,
    Size,
    Switches,
)
from convanim.showing import ShowsItself
from convanim.theme_table import OwnTheme

Sides = arithmetic.Sides


class Values(NamedTuple):
    """What fills the arrays; `kernel` plays no part in pooling, `switches` in unpooling alone."""

    input: Filling = DEFAULT_INPUT
    kernel: Filling = DEFAULT_KERNEL
    switches: Listed | Switches = DEFAULT_SWITCHES


class View(NamedTuple):
    """How the figure is drawn; `cell` None means as large as fits. Sizes in pixels at scale 1.

    `colour` is "role" or "value", None "value" where the input is a picture; `formula` None leaves it to the view.
    """

    kind: str = "isometric"
    look: str = "full"
    theme: str | OwnTheme = "light"
    background: str = "theme"
    colour: str | None = None
    output: str = "computed"
    labels: bool = True
    caption: bool = True
    formula: bool | None = None
    size_formula: bool = False
    language: str = "en"
    overlaps: bool = False
    numbered: bool = False
    dropped_by_stride: int = 1
    symbols: bool = False
    cell: int | None = None
    levels: int = 16
    scale: int | float = 1
    width: str | None = None
    dpi: int | None = None
    pixel_format: str = "yuv420"
    outlined: bool = False
    pages: bool = False

    @property
    def has_sums(self) -> bool:
        """Whether a view that can write out the current sum does so."""
        return self.formula is not False and not self.numbered


class Timing(NamedTuple):
    """Milliseconds a step (None: fitted to their number) and for the last one; plays (0: for ever); which steps."""

    step: int | None = None
    hold: int = 2000
    loop: int = 0
    steps: str = ""


@dataclass(frozen=True, init=False)
class Scene(ShowsItself):
    """A convolution, pooling or upsampling to be shown; parameters mean what they mean in torch.nn.

    `input`, `kernel`, `stride`, `dilation`, `output_padding` and `output_size` are sizes in cells, one for each of up to
    three axes ((depth,) height, width), or one number for all axes. `input` is the operation's own input, for a
    transposed convolution too. `padding` is a number, one for each axis, a (before, after) pair for each axis, or a name
    (`convanim.scene.fields.PADDINGS`). A list of one number as `input` makes a one-dimensional scene, as does
    `dimensions=1`.

    Raises SceneError that lists everything that is wrong.
    """

    input: Size
    kernel: Size
    op: str
    stride: Size
    padding: str | tuple[Sides, ...]
    padding_mode: str
    dilation: Size
    transposed: bool
    output_padding: Size | None
    output_size: Size | None
    flip: bool
    ceil_mode: bool
    count_include_pad: bool
    divisor_override: int | None
    in_channels: int
    out_channels: int
    groups: int
    scale_factor: tuple[float, ...] | None
    mode: str
    align_corners: bool
    coordinates: str | None
    rounding: str | None
    title: str
    description: str
    note: str
    values: Values
    view: View
    timing: Timing

    def __init__(
        self,
        input: int | Sequence[int] | None = None,
        kernel: int | Sequence[int] | None = None,
        *,
        op: str = "conv",
        stride: int | Sequence[int] | None = None,
        padding: int | str | Sequence[int] | Sequence[Sequence[int]] = 0,
        padding_mode: str = "zeros",
        dilation: int | Sequence[int] = 1,
        transposed: bool = False,
        output_padding: int | Sequence[int] | None = None,
        output_size: int | Sequence[int] | None = None,
        flip: bool = False,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
        in_channels: int | None = None,
        out_channels: int | None = None,
        groups: int = 1,
        scale_factor: float | Sequence[float] | None = None,
        mode: str = "nearest",
        align_corners: bool = False,
        coordinates: str | None = None,
        rounding: str | None = None,
        dimensions: int | None = None,
        title: str = "",
        description: str = "",
        note: str = "",
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

    @classmethod
    def from_code(cls, text: str, input: int | Sequence[int] | None = None, **changes: Any) -> Scene:
        """The scene of a layer as people write it: torch.nn, Keras, JAX, Flax or an ONNX node, parsed, never executed.

        `input` is the size of its input, which most layers leave open; other fields change what the text says.
        """
        from convanim.scene.code import scene_from_code  # noqa: PLC0415 - for those who paste code

        return scene_from_code(text, input, **changes)

    @classmethod
    def from_layer(cls, layer: object, input: int | Sequence[int] | None = None, **changes: Any) -> Scene:
        """The scene of a live layer (a torch module, a Keras or Flax layer, an ONNX node or model), by its attributes."""
        from convanim.scene.code import scene_from_layer  # noqa: PLC0415 - for those who have one

        return scene_from_layer(layer, input, **changes)

    def to_code(self, framework: str) -> str:
        """A script for "torch", "keras", "jax", "onnx" or "numpy" that runs and ends with `y`, this scene's output."""
        from convanim.scene.code import code_for  # noqa: PLC0415 - for those who want code
        from convanim.scene.limits import refuse_too_many_cells  # noqa: PLC0415

        refuse_too_many_cells(self)
        return code_for(self, framework)

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
        """How many places the kernel has: one for each cell of an output plane, in unpooling of an input plane."""
        return prod(self.input if self.op == "max_unpool" else self.output)

    @property
    def has_kernel(self) -> bool:
        """Whether there are kernel values, as in all convolutions and their gradients."""
        return self.op in CONVOLUTIONS

    @property
    def input_shape(self) -> Size:
        """The shape of the input's array: (channels, *size)."""
        return (self.in_channels, *self.input)

    @property
    def kernel_shape(self) -> Size | None:
        """The shape of the array that slides: (out, in/groups, *size), transposed (in, out/groups, *size).

        For a gradient with respect to the kernel that is the output's gradient, (out, *size). None if nothing does.
        """
        if not self.has_kernel:
            return None
        if self.op == "conv_kernel_grad":
            return (self.out_channels, *(axis.kernel for axis in self.axes))
        return (*(kernel_planes(vars(self)) or ()), *self.kernel)

    @property
    def output_shape(self) -> Size:
        """The shape of the output's array: (channels, *size), of a kernel's gradient (out, in/groups, *size)."""
        if self.op == "conv_kernel_grad":
            return (self.out_channels, self.in_channels // self.groups, *self.output)
        return (self.out_channels, *self.output)

    @property
    def is_shaded(self) -> bool:
        """Whether cells are coloured by value."""
        if self.view.colour is None:
            return isinstance(self.values.input, Picture) and self.in_channels == 1
        return self.view.colour == "value"

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The integers of each axis, as `arithmetic` takes them."""
        return axes_of(vars(self))


def _hold(scene: Scene, fields: dict[str, Any]) -> None:
    """Give a new scene its fields."""
    for name, kind in _SECTION_TYPES.items():
        fields[name] = kind(**fields[name])
    for name, value in fields.items():
        object.__setattr__(scene, name, value)


_SECTION_TYPES: dict[str, type] = {"values": Values, "view": View, "timing": Timing}
