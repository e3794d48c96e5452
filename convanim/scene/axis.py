"""One axis of a scene in integers: its parameters with the padding's name resolved, and what follows from them."""

from __future__ import annotations

from typing import NamedTuple

from convanim import arithmetic


class Axis(NamedTuple):
    """One axis as `arithmetic` takes it. `padding` is (before, after) in cells, `output` the output's size."""

    input: int
    kernel: int
    stride: int
    padding: arithmetic.Sides
    dilation: int
    output_padding: int
    transposed: bool
    output: int

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

    @property
    def canvas(self) -> int:
        """The length that is drawn below the kernel: the padded input, for a transposed convolution stretched first.

        Where padding beyond the kernel's reach takes stretched cells away, they are still there, under no placement.
        """
        if not self.transposed:
            return self.input + sum(self.padding)
        return self.direct.stretched + sum(max(side, 0) for side in self.direct.padding)


def axis_of(
    size: int,
    kernel: int,
    stride: int,
    dilation: int,
    padding: str | arithmetic.Sides,
    output_padding: int,
    *,
    transposed: bool,
) -> Axis:
    """The axis with these parameters, its padding worked out if it is a name."""
    lower = padding == "same-lower"
    if isinstance(padding, tuple):
        sides = padding
    elif padding == "valid":
        sides = (0, 0)
    elif padding == "full":
        sides = arithmetic.full_padding(kernel, dilation)
    elif transposed:
        sides, output_padding = arithmetic.transposed_same_padding(kernel, stride, dilation, lower)
    else:
        sides = arithmetic.same_padding(size, kernel, stride, dilation, lower)
    if transposed:
        output = arithmetic.transposed_output(size, kernel, stride, sides, dilation, output_padding)
    else:
        output = arithmetic.direct_output(size, kernel, stride, sides, dilation)
    return Axis(size, kernel, stride, sides, dilation, output_padding, transposed, output)
