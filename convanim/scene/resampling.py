"""How an upsampling reads its input along one axis: which input cells each output cell is made of, and their shares.

Coordinates are ONNX Resize's (coordinate_transformation_mode), exact: an output cell d of n lies at a rational place x
of the input. torch.nn.Upsample's "nearest" is asymmetric with floor, its "nearest-exact" half-pixel with halves rounded
up, its linear modes half-pixel or, with align_corners, d(i - 1)/(o - 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any, NamedTuple

from convanim.arithmetic import Steps, floored

_HALF = Fraction(1, 2)
_FINEST = 10**6
_ROUNDED: dict[str, Callable[[Fraction], int]] = {
    "floor": floor,
    "ceil": ceil,
    "round-prefer-floor": lambda place: ceil(place - _HALF),
    "round-prefer-ceil": lambda place: floor(place + _HALF),
}


class Share(NamedTuple):
    """An input cell, and its weight in an output cell."""

    cell: int
    weight: Fraction


class Resampling(NamedTuple):
    """One axis of an upsampling; `scale` is the exact factor by which coordinates are stretched."""

    input: int
    output: int
    scale: Fraction
    mode: str
    coordinates: str
    rounding: str

    @classmethod
    def of(cls, fields: Mapping[str, Any], number: int) -> Resampling:
        """The axis `number` of checked fields."""
        size, mode = fields["input"][number], fields["mode"]
        if fields["output_size"] is not None:
            output = fields["output_size"][number]
            scale = Fraction(output, size)
        else:
            scale = factor(fields["scale_factor"][number])
            output = floor(size * scale)
        coordinates = "align-corners" if fields["align_corners"] else fields["coordinates"]
        return cls(
            size,
            output,
            scale,
            mode,
            coordinates or ("asymmetric" if mode == "nearest" else "half-pixel"),
            fields["rounding"] or ("floor" if mode == "nearest" else "round-prefer-ceil"),
        )

    @property
    def taps(self) -> int:
        """How many input cells an output cell is made of."""
        return 2 if self.mode == "linear" else 1

    def shares(self, output: int) -> tuple[Share, ...]:
        """What output cell `output` is made of, `taps` shares, one of nothing last; places beyond the edge are the edge's."""
        place = self.place(output)
        last = self.input - 1
        if self.mode != "linear":
            return (Share(min(max(_ROUNDED[self.rounding](place), 0), last), Fraction(1)),)
        place = min(max(place, Fraction(0)), Fraction(last))
        cell = floor(place)
        return Share(cell, 1 - (place - cell)), Share(min(cell + 1, last), place - cell)

    @property
    def every(self) -> int:
        """How far apart the nails of a bed of nails are."""
        return self.output // self.input

    def sources_of(self, output: int) -> set[int]:
        """The input cells that have a share in output cell `output`."""
        if self.mode == "bed-of-nails":
            return {output // self.every} if output % self.every == 0 and output < self.every * self.input else set()
        return {share.cell for share in self.shares(output) if share.weight}

    def targets_of(self, source: int) -> set[int]:
        """The output cells in which an input cell has a share."""
        if self.mode == "bed-of-nails":
            return {source * self.every}
        return {output for output in self._near(source) if source in self.sources_of(output)}

    def _near(self, source: int) -> range:
        """Output cells whose places lie less than two cells from an input cell, or beyond the edge that it is at."""
        first, apart = self.middle_of_first()
        if not apart:
            return range(self.output)
        low = 0 if source == 0 else max(floor((source - 2 - first) / apart), 0)
        high = self.output if source == self.input - 1 else min(ceil((source + 2 - first) / apart) + 1, self.output)
        return range(low, high)

    def ends(self) -> tuple[Steps, Steps]:
        """The first and the last input cell of each output cell, as if the input went on beyond its edges."""
        first, apart = self.middle_of_first()
        d = lcm(first.denominator, apart.denominator)
        n, c = int(apart * d), int(first * d)
        if self.mode in {"bed-of-nails", "linear"}:
            low, high = floored(n, c, d), Steps(n, c, d)
            return (high, low) if self.mode == "bed-of-nails" else (low, high)
        rounded = {
            "floor": floored(n, c, d),
            "ceil": Steps(n, c, d),
            "round-prefer-floor": Steps(2 * n, 2 * c - d, 2 * d),
            "round-prefer-ceil": floored(2 * n, 2 * c + d, 2 * d),
        }[self.rounding]
        return rounded, rounded

    def middle_of_first(self) -> tuple[Fraction, Fraction]:
        """Where the first output cell lies in the input, and how far the next one is from it."""
        if self.mode == "bed-of-nails":
            return Fraction(0), Fraction(1, self.every)
        return self.place(0), self.place(1) - self.place(0)

    def place(self, output: int) -> Fraction:
        """Where in the input an output cell lies."""
        match self.coordinates:
            case "align-corners":
                return Fraction(output * (self.input - 1), self.output - 1) if self.output > 1 else Fraction(0)
            case "asymmetric":
                return output / self.scale
            case "pytorch-half-pixel" if self.output == 1:
                return Fraction(0)
            case "half-pixel-symmetric":
                whole = self.scale * self.input
                centre = Fraction(self.input, 2)
                return centre * (1 - self.output / whole) + (output + _HALF) / self.scale - _HALF
            case _:
                return (output + _HALF) / self.scale - _HALF


def factor(written: float) -> Fraction:
    """A scale factor as the fraction that its writer meant: the nearest one of a denominator up to a million.

    So a third written with sixteen digits is a third, and 0.7 is 7/10, which no binary fraction is.
    """
    return Fraction(written).limit_denominator(_FINEST)
