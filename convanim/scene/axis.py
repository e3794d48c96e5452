"""One axis of a scene in integers: its parameters with the padding's name resolved, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from convanim import arithmetic

if TYPE_CHECKING:
    from fractions import Fraction

    from convanim.scene.resampling import Resampling


class Axis(NamedTuple):
    """One axis as `arithmetic` takes it. `padding` is (before, after) in cells, `output` the output's size.

    `canvas` is the length that is drawn below the kernel: the padded input, for a transposed convolution stretched
    first, with the cells beyond the padding that a last window of ceil_mode reaches. `mode` is the padding's mode;
    `resampling` says how an upsampling reads the input; `is_unpooling` is set for max unpooling. For a gradient with respect to the kernel this is the axis of
    the convolution that computes it: `kernel` is the size of the output's gradient, stride and dilation change places.
    """

    input: int
    kernel: int
    stride: int
    padding: arithmetic.Sides
    dilation: int
    output_padding: int
    transposed: bool
    output: int
    canvas: int
    mode: str = "zeros"
    resampling: Resampling | None = None
    is_unpooling: bool = False

    @property
    def is_stretched(self) -> bool:
        """Whether input cells lie a stride apart in the output, each with a kernel or window of its own."""
        return self.transposed or self.is_unpooling

    @property
    def extent(self) -> int:
        """Cells from the kernel's first to its last."""
        return arithmetic.kernel_extent(self.kernel, self.dilation)

    @property
    def direct(self) -> arithmetic.Direct:
        """The direct convolution that equals this transposed one."""
        return arithmetic.equivalent_direct(
            self.input, self.kernel, self.stride, self.padding, self.dilation, self.output_padding
        )

    @property
    def remainder(self) -> int:
        """Cells at the far edge that no placement of a direct operation sees."""
        return arithmetic.remainder(self.input, self.kernel, self.stride, self.padding, self.dilation)

    def sources_of(self, output: int) -> set[int]:
        """The input cells that an output cell may be made of; of padding that repeats input cells, the repeated ones.

        Of an unpooling, those whose windows it lies in, whatever their switches say.
        """
        if self.resampling is not None:
            return self.resampling.sources_of(output)
        if self.is_stretched:
            steps = (output + self.padding[0] - tap * self.dilation for tap in range(self.kernel))
            return {at // self.stride for at in steps if at % self.stride == 0 and 0 <= at // self.stride < self.input}
        places = (output * self.stride + tap * self.dilation - self.padding[0] for tap in range(self.kernel))
        found = (self._held(place) for place in places)
        return {at for at in found if at is not None}

    def targets_of(self, source: int) -> set[int]:
        """The output cells that may be made of an input cell: those with it among their `sources_of`."""
        if self.resampling is not None:
            return self.resampling.targets_of(source)
        taps = [tap * self.dilation - self.padding[0] for tap in range(self.kernel)]
        if self.is_stretched:
            found = {source * self.stride + tap for tap in taps}
        else:
            starts = (place - tap for place in self._places_of(source) for tap in taps)
            found = {start // self.stride for start in starts if start % self.stride == 0}
        return {at for at in found if 0 <= at < self.output}

    def ends(self) -> tuple[arithmetic.Steps, arithmetic.Steps]:
        """The first and the last input cell that each output cell reaches to, as if the input went on beyond its edges.

        In a hole, which no input cell reaches, the first one lies behind the last.
        """
        if self.resampling is not None:
            return self.resampling.ends()
        before, reach = self.padding[0], self.extent - 1
        if self.is_stretched:
            return arithmetic.Steps(1, before - reach, self.stride), arithmetic.floored(1, before, self.stride)
        return arithmetic.Steps(self.stride, -before), arithmetic.Steps(self.stride, reach - before)

    def middle_of_first(self) -> tuple[Fraction, Fraction]:
        """Where the middle of the first output cell's field lies, in input cells, and how far the next one's is from it.

        An unpooled value stands for its window from the first cell on, as in nearest upsampling.
        """
        from fractions import Fraction  # noqa: PLC0415 - stacks alone need it

        half = Fraction(self.extent - 1, 2)
        if self.resampling is not None:
            return self.resampling.middle_of_first()
        if self.is_unpooling:
            return Fraction(self.padding[0], self.stride), Fraction(1, self.stride)
        if self.transposed:
            return (self.padding[0] - half) / self.stride, Fraction(1, self.stride)
        return half - self.padding[0], Fraction(self.stride)

    def _places_of(self, source: int) -> list[int]:
        """Where the padded input holds an input cell, counted from the input's first: in padding that repeats it too."""
        if self.mode == "zeros":
            return [source]
        before, after = self.padding
        padding = (*range(-before, 0), *range(self.input, self.input + after))
        return [source, *(place for place in padding if arithmetic.repeated(place, self.input, self.mode) == source)]

    def _held(self, place: int) -> int | None:
        """The input cell at a place of the padded input, counted from the input's first; None in a hole."""
        if 0 <= place < self.input:
            return place
        return arithmetic.repeated(place, self.input, self.mode) if self.canvas > self.input else None


def axes_of(fields: Mapping[str, Any]) -> tuple[Axis, ...]:
    """The integers of each axis from checked fields, padding in cells and output size worked out."""
    make = _MAKERS.get(fields["op"], _transposed if fields["transposed"] else _direct)
    return tuple(make(fields, number) for number in range(len(fields["input"])))


def direct_padding(name: str, size: int, kernel: int, stride: int = 1, dilation: int = 1) -> arithmetic.Sides:
    """The padding of a direct operation that a name stands for."""
    match name:
        case "valid":
            return 0, 0
        case "full":
            return arithmetic.full_padding(kernel, dilation)
        case "same-torch":
            return arithmetic.torch_same_padding(kernel, dilation)
        case "causal":
            return arithmetic.causal_padding(kernel, dilation)
        case _:
            return arithmetic.same_padding(size, kernel, stride, dilation, lower=name == "same-lower")


def _direct(fields: Mapping[str, Any], number: int) -> Axis:
    size, kernel, stride, dilation = (fields[name][number] for name in ("input", "kernel", "stride", "dilation"))
    padding = fields["padding"]
    sides = direct_padding(padding, size, kernel, stride, dilation) if isinstance(padding, str) else padding[number]
    output = arithmetic.direct_output(size, kernel, stride, sides, dilation, ceil=fields["ceil_mode"])
    reached = (output - 1) * stride + arithmetic.kernel_extent(kernel, dilation) if fields["ceil_mode"] else 0
    canvas = max(size + sum(sides), reached)
    return Axis(size, kernel, stride, sides, dilation, 0, False, output, canvas, fields["padding_mode"])


def _transposed(fields: Mapping[str, Any], number: int) -> Axis:
    size, kernel, stride, dilation = (fields[name][number] for name in ("input", "kernel", "stride", "dilation"))
    sides, extra = _taken_away(fields, number)
    output = arithmetic.transposed_output(size, kernel, stride, sides, dilation, extra)
    direct = arithmetic.equivalent_direct(size, kernel, stride, sides, dilation, extra)
    # where padding beyond the kernel's reach takes stretched cells away, they are still there, under no placement
    canvas = direct.stretched + sum(max(side, 0) for side in direct.padding)
    return Axis(size, kernel, stride, sides, dilation, extra, True, output, canvas)


def _taken_away(fields: Mapping[str, Any], number: int) -> tuple[arithmetic.Sides, int]:
    """The padding in cells of a transposed convolution and its output padding, by names or by a wanted size."""
    size, kernel, stride, dilation = (fields[name][number] for name in ("input", "kernel", "stride", "dilation"))
    name = fields["padding"]
    extra, wanted = _given(fields["output_padding"], number), _given(fields["output_size"], number)
    if isinstance(name, str):
        if name == "same-keras" and extra is not None:
            return arithmetic.keras_same_padding(kernel, dilation, extra)
        if name.startswith("same") and name != "same-torch":
            lower = name == "same-lower"
            return arithmetic.transposed_same_padding(size, kernel, stride, dilation, extra or 0, wanted, lower=lower)
        if name.startswith("valid-"):
            return arithmetic.transposed_valid_padding(size, kernel, stride, dilation, extra, wanted)
    sides = direct_padding(name, size, kernel, stride, dilation) if isinstance(name, str) else name[number]
    if wanted is not None:
        extra = wanted - arithmetic.transposed_output(size, kernel, stride, sides, dilation)
    return sides, extra or 0


def _kernel_gradient(fields: Mapping[str, Any], number: int) -> Axis:
    forward = _direct(fields, number)
    return forward._replace(
        kernel=forward.output, stride=forward.dilation, dilation=forward.stride, output=forward.kernel
    )


def _unpooling(fields: Mapping[str, Any], number: int) -> Axis:
    size, kernel, stride = (fields[name][number] for name in ("input", "kernel", "stride"))
    sides, wanted = fields["padding"][number], _given(fields["output_size"], number)
    output = arithmetic.unpooled_output(size, kernel, stride, sides) if wanted is None else wanted
    return Axis(size, kernel, stride, sides, 1, 0, False, output, size, is_unpooling=True)


def _upsampling(fields: Mapping[str, Any], number: int) -> Axis:
    from convanim.scene.resampling import Resampling  # noqa: PLC0415 - fractions are for those who need them

    resampling = Resampling.of(fields, number)
    size, output = resampling.input, resampling.output
    canvas = output if resampling.mode == "bed-of-nails" else size
    return Axis(size, resampling.taps, 1, (0, 0), 1, 0, False, output, canvas, resampling=resampling)


def _given(values: tuple[int, ...] | None, number: int) -> int | None:
    return None if values is None else values[number]


_MAKERS = {"conv_kernel_grad": _kernel_gradient, "max_unpool": _unpooling, "upsample": _upsampling}
