"""The arithmetic of a scene explained line by line: the formula in letters, its numbers, and what they mean.

Letters are those of `arithmetic`: input i, output o, kernel k (K from a dilated one's first cell to its last), stride s,
padding p, dilation d. Everything follows from the Scene alone; who shows the lines adds nothing to them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from convanim import arithmetic
from convanim.errors import times
from convanim.scene import wording
from convanim.scene.axis import Axis
from convanim.scene.formulas import AXIS_NAMES, formula
from convanim.scene.model import Scene

if TYPE_CHECKING:
    from fractions import Fraction

    from convanim.scene.resampling import Resampling

_NAMED, _COUNTED = 12, 10**7
_PLACES = {
    "align-corners": "j·(i − 1) / (o − 1)",
    "asymmetric": "j / f",
    "half-pixel": "(j + ½) / f − ½",
    "pytorch-half-pixel": "(j + ½) / f − ½, or 0 if it is the only one",
    "half-pixel-symmetric": "(j + ½) / f − ½ + i/2·(1 − o / (f·i))",
}
_ROUNDINGS = {
    "floor": "the input cell at that place rounded down",
    "ceil": "the input cell at that place rounded up",
    "round-prefer-floor": "the nearest input cell, of two the first",
    "round-prefer-ceil": "the nearest input cell, of two the second",
}


def explanation(scene: Scene) -> list[str]:
    """What is computed, the output's size, and each axis in formulas (axes that are alike once)."""
    scene = wording.in_language(scene, "en")
    lines = [
        f"{wording.operation(scene)}, {wording.reads(scene)} {times(scene.input)}, {', '.join(wording.parameters(scene))}",
        f"{wording.makes(scene)} {times(scene.output)}",
        *_weights(scene),
    ]
    explain = _explaining(scene)
    names = ("",) if len(set(scene.axes)) == 1 else AXIS_NAMES[scene.dimensions]
    for name, axis in zip(names, scene.axes, strict=False):
        lines += ["", *([f"{name}:"] if name else []), *(f"  {line}" for line in explain(scene, axis))]
    if scene.transposed:
        canvas = times(tuple(axis.direct.canvas for axis in scene.axes))
        direct = ", ".join(wording.direct_parameters(scene))
        lines += ["", f"the same as a direct convolution: {direct}, over a canvas of {canvas}"]
    return lines


def _explaining(scene: Scene) -> Callable[[Scene, Axis], Iterator[str]]:
    """The lines of one axis, by operation."""
    by_operation = {"upsample": _upsampling, "max_unpool": _unpooling, "conv_kernel_grad": _kernel_gradient}
    if scene.transposed:
        return _transposed
    return by_operation.get(scene.op, _with_ceil if scene.ceil_mode else _direct)


def _weights(scene: Scene) -> Iterator[str]:
    """How many weights the kernel holds, where channels make it more than one plane."""
    shape = scene.kernel_shape
    if shape is None or not scene.has_kernel or scene.in_channels == scene.out_channels == 1:
        return
    first, second = ("in", "out") if scene.transposed else ("out", "in")
    each = "" if scene.groups == 1 else f" / {scene.groups} groups"
    yield f"kernel {times(shape)} ({first} × {second}{each} × size): {math.prod(shape):,} weights"


def _direct(scene: Scene, axis: Axis) -> Iterator[str]:
    yield from _extent(axis)
    yield from _named_padding(scene, axis)
    yield f"o = ⌊(i + {_pads(axis)} − {_letter(axis)}) / s⌋ + 1"
    yield f"  = {formula(axis, knows_extent=True)}"
    if axis.stride > 1:
        room = axis.input + sum(axis.padding) - axis.extent
        rest = f"(i + {_pads(axis)} − {_letter(axis)}) mod s = {room} mod {axis.stride}"
        yield f"remainder a = {rest} = {axis.remainder}"
    yield _unseen(axis)
    if axis.stride > 1 and not _padding_follows_input(scene):
        inputs = arithmetic.same_size_inputs(axis.output, axis.kernel, axis.stride, axis.padding, axis.dilation)
        yield f"any input of {max(inputs[0], 1)} to {inputs[-1]} gives {axis.output}"


def _unseen(axis: Axis) -> str:
    """Which cells no placement sees: the remainder at the far edge, and what a long stride steps over."""
    whole = axis.input + sum(axis.padding)
    if whole * axis.kernel > _COUNTED:
        return "(too long to list the cells that no placement sees)"
    cells = arithmetic.unseen(axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation)
    if not cells:
        return "every cell of the padded input is under some placement"
    named = ", ".join(map(str, cells[:_NAMED])) + (", …" if len(cells) > _NAMED else "")
    text = f"under no placement: {_cells(len(cells))} {named} of the padded input's 0 to {whole - 1}"
    if len(cells) == axis.remainder:
        return f"{text}, which the floor drops"
    between = "between kernel cells or placements"
    return f"{text}; the floor drops the last {axis.remainder}" if axis.remainder else f"{text}, {between}"


def _with_ceil(_: Scene, axis: Axis) -> Iterator[str]:
    """A pooling whose last window may hang over the edge (ceil_mode of torch.nn's poolings)."""
    yield from _extent(axis)
    room, held = axis.input + sum(axis.padding) - axis.extent, axis.input + axis.padding[0]
    whole = -(-room // axis.stride) + 1
    yield f"o = ⌈(i + {_pads(axis)} − {_letter(axis)}) / s⌉ + 1"
    yield f"  = {formula(axis._replace(output=whole), knows_extent=True, is_ceil=True)}"
    if whole > axis.output:
        start = (whole - 1) * axis.stride
        yield (
            f"the last window would start at cell {start}, beyond input and padding before (0 to {held - 1}): "
            f"it is dropped, o = {axis.output}"
        )
    over = (axis.output - 1) * axis.stride + axis.extent - axis.input - sum(axis.padding)
    if over > 0:
        yield f"the last window hangs over the padded input by {over} {_cells(over)}, which nothing counts"


def _transposed(scene: Scene, axis: Axis) -> Iterator[str]:
    letter, (before, after) = _letter(axis), axis.padding
    extra = " + output padding" if axis.output_padding else ""
    yield from _extent(axis)
    yield from _named_taking(scene, axis)
    yield f"o = (i − 1)·s + {letter} − {_pads(axis)}{extra}"
    yield f"  = {formula(axis, knows_extent=True)}"
    if axis.stride > 1 and not _padding_follows_input(scene):
        sizes = arithmetic.same_size_inputs(axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation)
        if axis.output in sizes:
            span = f"{max(sizes[0], 1)} to {sizes[-1]}"
            yield f"a convolution makes {axis.input} from any input of {span}; output padding chooses among them"
    direct = axis.direct
    yield f"stretched input: i + (i − 1)(s − 1) = {axis.input} + {axis.input - 1}·{axis.stride - 1} = {direct.stretched}"
    yield f"its padding before: {letter} − 1 − p = {axis.extent} − 1 − {before} = {times(direct.padding[:1])}"
    added = f" + {axis.output_padding}" if axis.output_padding else ""
    yield f"its padding after: {letter} − 1 − p{extra} = {axis.extent} − 1 − {after}{added} = {times(direct.padding[1:])}"
    sides = " ".join(f"{'−' if side < 0 else '+'} {abs(side)}" for side in direct.padding)
    yield f"canvas: {direct.stretched} {sides} = {direct.canvas}"


def _unpooling(scene: Scene, axis: Axis) -> Iterator[str]:
    usual = arithmetic.unpooled_output(axis.input, axis.kernel, axis.stride, axis.padding)
    yield f"o = (i − 1)·s + k − {_pads(axis)}"
    yield f"  = {formula(axis._replace(transposed=True, output=usual))}"
    sizes = arithmetic.same_size_inputs(axis.input, axis.kernel, axis.stride, axis.padding)
    if axis.stride > 1:
        yield f"a pooling makes {axis.input} from any input of {max(sizes[0], 1)} to {sizes[-1]}"
    if scene.output_size is not None:
        least, most = max(usual - axis.stride + 1, 1), usual + axis.stride - 1
        yield f"output size {axis.output} is asked for; legal is {least} to {most}, less than a stride from {usual}"
    yield "each value goes to the cell that its switch names; every other cell is 0"


def _kernel_gradient(_: Scene, axis: Axis) -> Iterator[str]:
    """The axis is that of the convolution that computes the gradient: the output's gradient slides over the input."""
    forward = axis._replace(kernel=axis.output, stride=axis.dilation, dilation=axis.stride, output=axis.kernel)
    yield f"the convolution's output has {formula(forward)} cells, and so has its gradient g"
    yield f"it slides over the padded input, the stride now its dilation: G = s·(g − 1) + 1 = {axis.extent} cells long"
    places = arithmetic.direct_output(axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation)
    step = "" if axis.stride == 1 else f", {axis.stride} apart (the dilation)"
    room = f"⌊(i + {_pads(axis)} − G) / d⌋ + 1"
    yield f"places{step}: {room} = {formula(axis._replace(output=places), knows_extent=True)}"
    if places > axis.output:
        yield f"the kernel has the first {axis.output}; the rest would weigh input that the floor drops"


def _upsampling(scene: Scene, axis: Axis) -> Iterator[str]:
    resampling = axis.resampling
    if resampling is None:
        return
    scale = _fraction(resampling.scale)
    if scene.output_size is not None:
        yield f"output size {axis.output} is asked for: f = o / i = {axis.output} / {axis.input} = {scale}"
    elif resampling.scale * axis.input == axis.output:
        yield f"o = i·f = {axis.input}·{scale} = {axis.output}"
    else:
        yield f"o = ⌊i·f⌋ = ⌊{axis.input}·{scale}⌋ = {axis.output}"
    if resampling.mode == "bed-of-nails":
        yield f"input cell j goes to output cell {scale}·j; every other cell is 0"
        return
    yield f"output cell j lies at x = {_PLACES[resampling.coordinates]} in the input (0 is the middle of cell 0)"
    if resampling.mode == "linear":
        yield "and is made of the two cells around x, weighted 1 − distance; beyond the edge, of the edge's cell"
    else:
        yield f"and is a copy of {_ROUNDINGS[resampling.rounding]}"
    yield _made_of(resampling, min(1, resampling.output - 1))


def _made_of(resampling: Resampling, output: int) -> str:
    """One output cell as an example of where it lies and what it is made of."""
    shares = [share for share in resampling.shares(output) if share.weight]
    named = " + ".join(f"{_fraction(weight)} of cell {cell}" for cell, weight in shares)
    if len(shares) == 1:
        named = f"cell {shares[0].cell}"
    return f"output cell {output}: x = {_fraction(resampling.place(output))}, so it is {named}"


def _named_padding(scene: Scene, axis: Axis) -> Iterator[str]:
    """What a padding's name asks for, of a direct operation."""
    letter, total, (before, after) = _letter(axis), sum(axis.padding), axis.padding
    parted = f"{before} before, {after} after"
    match scene.padding:
        case "same" | "same-lower":
            need = f"(o − 1)·s + {letter} − i = {(axis.output - 1) * axis.stride + axis.extent - axis.input}"
            yield f"{scene.padding}: o = ⌈i / s⌉ = {axis.output}, which takes {need} padding cells: {parted}"
        case "same-torch":
            yield f"same-torch: {letter} − 1 = {total} padding cells: {parted}"
        case "full":
            yield f"full: p = {letter} − 1 = {before} on either side"
        case "causal":
            yield f"causal: {letter} − 1 = {before} before, none after, so that no cell sees later ones"


def _named_taking(scene: Scene, axis: Axis) -> Iterator[str]:
    """What a padding's name asks for, of a transposed convolution: how much of the whole it takes away, and where."""
    if not isinstance(scene.padding, str) or scene.padding == "valid":
        return
    whole, (before, after) = arithmetic.whole_output(axis.input, axis.kernel, axis.stride, axis.dilation), axis.padding
    wanted = f"o = {axis.output}"
    if axis.output == axis.input * axis.stride and scene.padding.startswith("same"):
        wanted = f"o = i·s = {axis.output}"
    elif scene.padding.startswith("valid-") and scene.output_size is None and scene.output_padding is None:
        wanted = f"o = (i − 1)·s + max({_letter(axis)}, s) = {axis.output}"
    added = f", {axis.output_padding} added after" if axis.output_padding else ""
    taken = f"{before} taken away before, {after} after{added}"
    yield f"{scene.padding}: {wanted} of the (i − 1)·s + {_letter(axis)} = {whole} that all stamps cover: {taken}"


def _extent(axis: Axis) -> Iterator[str]:
    if axis.dilation > 1:
        yield f"K = d·(k − 1) + 1 = {axis.dilation}·({axis.kernel} − 1) + 1 = {axis.extent}"


def _padding_follows_input(scene: Scene) -> bool:
    return isinstance(scene.padding, str) and scene.padding.startswith("same")


def _letter(axis: Axis) -> str:
    return "k" if axis.dilation == 1 else "K"


def _pads(axis: Axis) -> str:
    return "2p" if axis.padding[0] == axis.padding[1] else "(p before + p after)"


def _cells(number: int) -> str:
    return "cell" if number == 1 else "cells"


def _fraction(value: Fraction) -> str:
    """A fraction as it stands, whole or with its denominator: 3, 3/4, −1/4."""
    return str(value).replace("-", "−")
