"""The output size as a formula, in letters and with a scene's numbers put in, for each axis.

Letters are those of `convanim.arithmetic`; K, the extent of a dilated kernel, is written out as d(k − 1) + 1.
"""

from __future__ import annotations

from convanim import arithmetic
from convanim.language import Language, language
from convanim.notation import Fenced, Fraction, Row, Words, plain
from convanim.scene.axis import Axis
from convanim.scene.model import Scene

AXIS_NAMES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def formulas(scene: Scene) -> tuple[str, ...]:
    """The output size worked out with numbers; one text if all axes are alike, else one for each, by name."""
    worked = [plain(with_numbers(scene, axis)) for axis in scene.axes]
    if len(set(worked)) == 1:
        return (worked[0],)
    return tuple(f"{name} {text}" for name, text in zip(axis_names(scene), worked, strict=True))


def axis_names(scene: Scene) -> tuple[str, ...]:
    """The axes' names in the scene's language."""
    return tuple(map(language(scene.view.language), AXIS_NAMES[scene.dimensions]))


def equations(scene: Scene) -> tuple[tuple[str, Row, Row], ...]:
    """For each axis that differs: its name ("" if all are alike), the formula in letters, and with numbers put in."""
    worked = [("", in_letters(scene, axis), with_numbers(scene, axis)) for axis in scene.axes]
    if len(set(worked)) == 1:
        return (worked[0],)
    return tuple((name, *rows[1:]) for name, rows in zip(axis_names(scene), worked, strict=True))


def in_letters(scene: Scene, axis: Axis) -> Row:
    """The formula of one axis: `o = ⌊(i + 2p − k) / s⌋ + 1`; empty for a size that was asked for."""
    before, after = axis.padding
    pads = "2p" if before == after else "(p₁ + p₂)"
    if scene.op == "upsample":
        return () if scene.output_size else ("o = ", Fenced("⌊", "i·f", "⌋"))
    if scene.transposed or scene.op == "max_unpool":
        kernel = "k" if axis.dilation == 1 else "d(k − 1) + 1"
        return (f"o = (i − 1)s + {kernel} − {pads}{' + a' if axis.output_padding else ''}",)
    over = f"i + {pads.strip('()')} − {'k' if axis.dilation == 1 else 'd(k − 1) − 1'}"
    if scene.ceil_mode:
        dropped = " − 1" if _drops_last(axis) else ""
        return "o = ", Fenced("⌈", Fraction(over, "s"), "⌉"), f" + 1{dropped}"
    return "o = ", Fenced("⌊", Fraction(over, "s"), "⌋"), " + 1"


def with_numbers(scene: Scene, axis: Axis) -> Row:
    """The formula of one axis worked out with numbers, as the operation has it: `⌊(5 + 2·1 − 3) / 2⌋ + 1 = 3`."""
    said = language(scene.view.language)
    if scene.op == "upsample" and axis.resampling is not None:
        if scene.output_size:
            return (f"{axis.input} → {axis.output}",)
        return Fenced("⌊", f"{axis.input}·{float(axis.resampling.scale):g}", "⌋"), f" = {axis.output}"
    if scene.op == "max_unpool":
        return _unpooled(axis, said)
    if scene.op == "conv_kernel_grad":
        whole = arithmetic.direct_output(axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation)
        part = () if whole == axis.output else (Words(said(", of which {cells}", cells=axis.output)),)
        return (*of_axis(axis._replace(output=whole)), *part)
    if scene.ceil_mode:
        return of_axis(axis, is_ceil=True, dropped=_drops_last(axis))
    return of_axis(axis)


def of_axis(axis: Axis, *, knows_extent: bool = False, is_ceil: bool = False, dropped: bool = False) -> Row:
    """A convolution's output size with numbers; a dilated kernel's extent as a number if it is known."""
    before, after = axis.padding
    pads = f"2·{before}" if before == after else f"({before} + {after})"
    is_plain = knows_extent or axis.dilation == 1
    reach = f"{axis.dilation}·({axis.kernel} − 1)"
    if not axis.transposed:
        taken = f"{axis.extent}" if is_plain else f"{reach} − 1"
        down, up = "⌈⌉" if is_ceil else "⌊⌋"
        share = Fraction(f"{axis.input} + {pads} − {taken}", f"{axis.stride}")
        return Fenced(down, share, up), f" + 1{' − 1' if dropped else ''} = {axis.output}"
    kernel = f"{axis.extent}" if is_plain else f"{reach} + 1"
    extra = f" + {axis.output_padding}" if axis.output_padding else ""
    return (f"({axis.input} − 1)·{axis.stride} + {kernel} − {pads}{extra} = {axis.output}",)


def formula(axis: Axis, *, knows_extent: bool = False, is_ceil: bool = False) -> str:
    """`of_axis` on one line."""
    return plain(of_axis(axis, knows_extent=knows_extent, is_ceil=is_ceil))


def _unpooled(axis: Axis, said: Language) -> Row:
    usual = arithmetic.unpooled_output(axis.input, axis.kernel, axis.stride, axis.padding)
    before, after = axis.padding
    pads = f"2·{before}" if before == after else f"({before} + {after})"
    wanted = (Words(said(", wanted {cells}", cells=axis.output)),) if axis.output != usual else ()
    return f"({axis.input} − 1)·{axis.stride} + {axis.kernel} − {pads} = {usual}", *wanted


def _drops_last(axis: Axis) -> bool:
    """Whether ceil mode would give one window more, which starts beyond the input and is dropped."""
    room = axis.input + sum(axis.padding) - axis.extent
    return -(-room // axis.stride) + 1 > axis.output
