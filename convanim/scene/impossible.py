"""Sizes that leave nothing to compute, or that an operation cannot have: asked of fields that are otherwise right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import gcd
from typing import Any

from convanim import arithmetic
from convanim.errors import Problem, got, span
from convanim.scene.axis import Axis, axes_of
from convanim.scene.fields import POOLINGS
from convanim.scene.values import Size

Fields = Mapping[str, Any]
_AXIS_NAMES = {1: ("",), 2: ("height: ", "width: "), 3: ("depth: ", "height: ", "width: ")}


def sizes(fields: Fields) -> Iterator[Problem]:
    """What is wrong with the sizes, one problem for each axis that differs from the others."""
    axes = axes_of(fields)
    names = _AXIS_NAMES[len(axes)]
    named = list(zip(names, axes, range(len(axes)), strict=True))
    for which, axis, number in named if len(set(axes)) > 1 else [("", axes[0], 0)]:
        problem = _of_axis(fields, axis, number, which)
        if problem:
            yield problem


def kernel_planes(fields: Fields) -> Size | None:
    """The channels of the kernel's array, (out, in/groups), transposed (in, out/groups); None if they are not known."""
    inside, outside, groups = (fields.get(name) for name in ("in_channels", "out_channels", "groups"))
    if not inside or not outside or not groups or "transposed" not in fields:
        return None
    return (inside, outside // groups) if fields["transposed"] else (outside, inside // groups)


def _of_axis(fields: Fields, axis: Axis, number: int, which: str) -> Problem | None:
    op = fields["op"]
    if op == "upsample":
        legal = f"but {which}nothing is left of {axis.input} cells; legal is an output of 1 or more"
        if fields["mode"] == "bed-of-nails" and (axis.output < 1 or axis.output % axis.input):
            legal = f"but {which}a bed of nails has a whole multiple of {axis.input} cells"
            return Problem("output_size", got(axis.output), legal)
        return None if axis.output >= 1 else Problem("scale_factor", got(fields["scale_factor"][number]), legal)
    if op == "max_unpool":
        return _of_unpooling(fields, axis, which)
    if axis.transposed:
        return _of_transpose(fields, axis, number, which)
    if op == "conv_kernel_grad":  # stands or falls with the convolution whose gradient it is
        return _of_axis({**fields, "op": "conv"}, axes_of({**fields, "op": "conv"})[number], number, which)
    return _of_direct(fields, axis, which)


def _of_direct(fields: Fields, axis: Axis, which: str) -> Problem | None:
    sides = f"got {axis.padding[0]} and {axis.padding[1]}"
    most = {"reflect": axis.input - 1, "circular": axis.input}.get(axis.mode)
    if most is not None and max(axis.padding) > most:
        legal = f"but {which}padding_mode = {axis.mode} has {most} at the most for {axis.input} cells"
        return Problem("padding", sides, legal)
    if axis.output < 1:
        padded = axis.input + sum(axis.padding)
        legal = (
            f"but {which}it spans {axis.extent} cells and the padded input has {padded}; legal is a kernel that fits"
        )
        return Problem("kernel", f"got {axis.kernel}", legal)
    if fields["op"] in POOLINGS and not _all_windows_see_input(axis):
        return Problem("padding", sides, f"but {which}a pooling window then holds padding only; legal is less padding")
    return None


def _of_transpose(fields: Fields, axis: Axis, number: int, which: str) -> Problem | None:
    name, wanted = fields["padding"], fields["output_size"]
    if wanted is not None:
        at = wanted[number]
        if name == "same-tensorflow" and -(-at // axis.stride) != axis.input:
            least = (axis.input - 1) * axis.stride + 1
            return Problem("output_size", got(at), f"but {which}legal is {span(least, axis.input * axis.stride)}")
        if not (isinstance(name, str) and name.startswith(("same", "valid-")) and name != "same-torch"):
            least = arithmetic.transposed_output(axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation)
            if not least <= at < least + axis.stride:
                legal = f"but {which}legal is {span(max(least, 1), least + axis.stride - 1)}"
                return Problem("output_size", got(at), legal)
        if (
            name == "valid-tensorflow"
            and arithmetic.direct_output(at, axis.kernel, axis.stride, dilation=axis.dilation) != axis.input
        ):
            return Problem("output_size", got(at), f"but {which}a valid convolution of it does not make {axis.input}")
    if axis.output < 1:
        legal = f"but {which}the padding takes away all of the output; legal is an output of 1 or more"
        return Problem("padding", f"got {axis.padding[0]} and {axis.padding[1]}", legal)
    return None


def _of_unpooling(fields: Fields, axis: Axis, which: str) -> Problem | None:
    usual = arithmetic.unpooled_output(axis.input, axis.kernel, axis.stride, axis.padding)
    least, most = max(usual - axis.stride + 1, 1), usual + axis.stride - 1
    if fields["output_size"] is not None and not least <= axis.output <= most:
        return Problem("output_size", got(axis.output), f"but {which}legal is {span(least, most)}")
    if axis.output < 1:
        legal = f"but {which}the padding takes away all of the output; legal is an output of 1 or more"
        return Problem("padding", f"got {axis.padding[0]} and {axis.padding[1]}", legal)
    return None


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
    if axis.input >= axis.dilation:
        return True
    common = gcd(axis.dilation, axis.stride)
    period = axis.dilation // common
    starting_before = min(-(-before // axis.stride), axis.output, period)
    if starting_before > axis.input:  # so many places modulo the dilation, all different, are not all inside
        return False
    if starting_before == period:
        return axis.dilation - common + -before % common < axis.input
    return all((start * axis.stride - before) % axis.dilation < axis.input for start in range(starting_before))
