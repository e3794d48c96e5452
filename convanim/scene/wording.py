"""A scene in words: its operation, parameters, sizes and formulas with numbers, for captions, pages and the shell.

Everything here follows from the Scene alone. Texts that list several facts are tuples of parts, so that whoever
shows them can choose where to break.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from convanim import arithmetic
from convanim.errors import times
from convanim.scene.axis import Axis
from convanim.scene.model import Scene
from convanim.scene.values import Size

if TYPE_CHECKING:
    from convanim.scene.comparison import Comparison

AXIS_NAMES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
_SIDES = {
    1: (("before", "after"),),
    2: (("top", "bottom"), ("left", "right")),
    3: (("front", "back"), ("top", "bottom"), ("left", "right")),
}
_CELLS = {1: ("cells",), 2: ("rows", "columns"), 3: ("planes", "rows", "columns")}
_OPERATIONS = {
    "max_pool": "max pooling",
    "avg_pool": "average pooling",
    "max_unpool": "max unpooling",
    "conv_input_grad": "gradient of a convolution with respect to its input",
    "conv_kernel_grad": "gradient of a convolution with respect to its kernel",
}
_UPSAMPLINGS = {
    "nearest": "nearest upsampling",
    "nearest-exact": "nearest upsampling (exact)",
    "bed-of-nails": "bed of nails",
}
_LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


def operation(scene: Scene) -> str:
    """What the scene computes, in the field's words."""
    if scene.op == "upsample":
        return _UPSAMPLINGS.get(scene.mode, f"{_LINEAR[scene.dimensions]} upsampling")
    if scene.op != "conv":
        return _OPERATIONS[scene.op]
    name = "transposed convolution" if scene.transposed else "convolution"
    if not scene.flip:
        return name
    return "transposed true convolution" if scene.transposed else "true convolution (kernel turned)"


def parameters(scene: Scene) -> tuple[str, ...]:
    """The operation's own parameters: those it is called with, not those of an equivalent one."""
    if scene.op == "upsample":
        return (*_upsampling(scene), *_channels(scene))
    window = "kernel" if scene.has_kernel else "window"
    parts = [f"{window} {times(scene.kernel)}", f"stride {_one(scene.stride)}", f"padding {padding(scene)}"]
    if scene.padding_mode != "zeros":
        parts[-1] += f" {scene.padding_mode}"
    if scene.op == "conv_kernel_grad":
        parts.append(f"output's gradient {times(tuple(axis.kernel for axis in scene.axes))}")
    if any(cells != 1 for cells in scene.dilation):
        parts.append(f"dilation {_one(scene.dilation)}")
    extra = tuple(axis.output_padding for axis in scene.axes)
    if any(extra):
        parts.append(f"output padding {_one(extra)}")
    if scene.ceil_mode:
        parts.append("ceil mode")
    return (*parts, *_average(scene), *_channels(scene))


def _average(scene: Scene) -> tuple[str, ...]:
    """What an average divides by, if that is not all of its window."""
    if scene.divisor_override is not None:
        return (f"divided by {scene.divisor_override}",)
    is_padded = any(sum(sides) for sides in scene.pads) and not scene.count_include_pad
    return ("padding not counted",) if is_padded and scene.op == "avg_pool" else ()


def _upsampling(scene: Scene) -> tuple[str, ...]:
    if scene.scale_factor is None:
        parts = [f"to {times(scene.output)}"]
    else:
        parts = [f"scale factor {'×'.join(f'{one:g}' for one in _alike(scene.scale_factor))}"]
    if scene.align_corners:
        parts.append("corners aligned")
    return (*parts, *(said for said in (scene.coordinates, scene.rounding) if said))


def _channels(scene: Scene) -> tuple[str, ...]:
    """Channels and groups, where there are more than one."""
    inside, outside, groups = scene.in_channels, scene.out_channels, scene.groups
    if inside == outside == 1:
        return ()
    named = f"channels {inside} → {outside}" if scene.has_kernel else f"{inside} channels"
    if groups == 1:
        return (named,)
    return named, "depthwise" if groups == inside and not scene.transposed else f"groups {groups}"


def padding(scene: Scene) -> str:
    """The padding by name if it has one, and in cells."""
    cells = sides(scene.pads)
    if isinstance(scene.padding, str):
        return f"{scene.padding} ({cells})"
    return cells


def sides(pads: tuple[arithmetic.Sides, ...]) -> str:
    """Cells on each side, as short as it can be said: `1`, `1×2`, `0 top, 1 bottom, …`."""
    if all(before == after for before, after in pads):
        return _one(tuple(before for before, _ in pads))
    names = _SIDES[len(pads)]
    if len(set(pads)) == 1:
        (before, after), (first, second) = pads[0], (("top/left", "bottom/right"), ("before", "after"))[len(pads) == 1]
        return f"{times((before,))} {first}, {times((after,))} {second}"
    return ", ".join(
        f"{cells} {name}"
        for pair, both in zip(pads, names, strict=True)
        for cells, name in zip(pair, both, strict=True)
    )


def formulas(scene: Scene) -> tuple[str, ...]:
    """The output size worked out with numbers; one text if all axes are alike, else one for each, by name."""
    worked = [_formula_of(scene, axis) for axis in scene.axes]
    if len(set(worked)) == 1:
        return (worked[0],)
    return tuple(f"{name} {text}" for name, text in zip(AXIS_NAMES[scene.dimensions], worked, strict=True))


def direct_parameters(scene: Scene) -> tuple[str, ...]:
    """A transposed convolution's equivalent direct convolution, its parameters in words."""
    parts = ["stride 1", f"padding {sides(tuple(axis.direct.padding for axis in scene.axes))}"]
    between = _zeros_between(scene)
    if between:
        parts.insert(0, between)
    if any(cells != 1 for cells in scene.dilation):
        parts.append(f"dilation {_one(scene.dilation)}")
    if not scene.flip:
        parts.append("kernel turned")
    return tuple(parts)


def _zeros_between(scene: Scene) -> str:
    """How many zeros lie between neighbouring input cells; "" if none does, or no cell has a neighbour."""
    zeros = tuple(axis.stride - 1 if axis.input > 1 else 0 for axis in scene.axes)
    if not any(zeros):
        return ""
    if len(set(zeros)) == 1:
        return f"{zeros[0]} {'zero' if zeros[0] == 1 else 'zeros'} between inputs"
    named = [f"{cells} between {name}" for cells, name in zip(zeros, _CELLS[scene.dimensions], strict=True) if cells]
    return "zeros: " + " and ".join(named)


def input_label(scene: Scene) -> tuple[str, tuple[str, ...]]:
    """The name of the input's plane, and what is between and around its cells, if anything is."""
    name = f"input {times(scene.input)}" + (f", {scene.in_channels} channels" if scene.in_channels > 1 else "")
    if scene.op in {"upsample", "max_unpool"}:
        return name, ("zeros between",) if scene.mode == "bed-of-nails" else ()
    if not scene.transposed:
        return name, (f"padding {sides(scene.pads)}",) if any(map(sum, scene.pads)) else ()
    around = tuple((max(axis.direct.padding[0], 0), max(axis.direct.padding[1], 0)) for axis in scene.axes)
    between = ("zeros between",) if _zeros_between(scene) else ()
    return name, between + ((f"padded by {sides(around)}",) if any(map(sum, around)) else ())


def kernel_label(scene: Scene) -> tuple[str, ...]:
    """The name of what moves along, and what is said of it besides."""
    if scene.op == "upsample":
        return ("shares",)
    size = times(tuple(axis.kernel for axis in scene.axes))
    parts = [f"output's gradient {size}" if scene.op == "conv_kernel_grad" else f"kernel {size}"]
    if any(cells != 1 for cells in scene.dilation):
        parts.append(f"dilation {_one(scene.dilation)}")
    if scene.flip != scene.transposed:
        parts.append("turned")
    return tuple(parts)


def output_label(scene: Scene) -> str:
    """The name of the output's plane."""
    if scene.op == "conv_kernel_grad":
        return f"kernel's gradient {times(scene.output)}"
    return f"output {times(scene.output)}" + (f", {scene.out_channels} channels" if scene.out_channels > 1 else "")


def title(scene: Scene) -> str:
    """The scene's title, or one made from its parameters."""
    return scene.title or f"{operation(scene).capitalize()}, {', '.join(parameters(scene))}"


def alternative_text(scene: Scene, still: int | None = None, moves: str = "", kind: str = "") -> str:
    """What the animation shows, for those who do not see it: the scene's own description, or one made from it.

    For a still, of step `still` (from 0), it says so. `moves` says how it moves, if that is not placement by placement; `kind`
    what it is, if neither an animation nor one of its steps.
    """
    if scene.description:
        return scene.description
    what, of = operation(scene), "" if moves else f" of {scene.placements}"
    kind = kind or ("Animation" if still is None else f"Step {still + 1}{of}")
    return f"{kind} of {_article(what)}: {', '.join(parameters(scene))}. {moves or _movement(scene)}"


def title_of_comparison(comparison: Comparison) -> str:
    """The comparison's title, or one made from its scenes'."""
    return comparison.title or " | ".join(map(title, comparison.scenes))


def alternative_of_comparison(comparison: Comparison, each: Sequence[str]) -> str:
    """What is side by side, from the alternative texts of the parts, left to right."""
    if comparison.description:
        return comparison.description
    parts = zip((scene.title for scene in comparison.scenes), each, strict=True)
    named = (
        f"{number}. {heading + ': ' if heading else ''}{text}" for number, (heading, text) in enumerate(parts, start=1)
    )
    return f"Side by side, in step: {' '.join(named)}"


def _movement(scene: Scene) -> str:
    """How a view of planes moves, in a sentence."""
    around = ", ".join(input_label(scene)[1])
    over = f"a {times(scene.input)} input" + (f" ({around})" if around else "")
    to = f"the {times(scene.output)} output"
    if scene.op == "max_unpool":
        return f"Each value of {over} goes to the cell of {to} that its switch names, zeros stay elsewhere."
    if scene.op == "upsample":
        return f"Each cell of {to} is made of cells of {over}."
    slides = "output's gradient" if scene.op == "conv_kernel_grad" else "kernel" if scene.has_kernel else "window"
    size = times(tuple(axis.kernel for axis in scene.axes))
    return f"A {size} {slides} slides over {over}; each placement makes one cell of {to}."


def _article(noun: str) -> str:
    return noun if noun.endswith(("pooling", "sampling", ")")) and "conv" not in noun else f"a {noun}"


def _formula_of(scene: Scene, axis: Axis) -> str:
    """The output size of one axis worked out with numbers, as the operation has it."""
    if scene.op == "upsample" and axis.resampling is not None:
        scale = axis.resampling.scale
        return (
            f"{axis.input} → {axis.output}" if scene.output_size else f"⌊{axis.input}·{float(scale):g}⌋ = {axis.output}"
        )
    if scene.op == "max_unpool":
        usual = arithmetic.unpooled_output(axis.input, axis.kernel, axis.stride, axis.padding)
        before, after = axis.padding
        pads = f"2·{before}" if before == after else f"({before} + {after})"
        wanted = f", wanted {axis.output}" if axis.output != usual else ""
        return f"({axis.input} − 1)·{axis.stride} + {axis.kernel} − {pads} = {usual}{wanted}"
    if scene.op == "conv_kernel_grad":
        whole = arithmetic.direct_output(axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation)
        text = formula(axis._replace(output=whole))
        return text if whole == axis.output else f"{text}, of which {axis.output}"
    if scene.ceil_mode:
        return _ceil_formula(axis)
    return formula(axis)


def _ceil_formula(axis: Axis) -> str:
    whole = formula(axis, is_ceil=True)
    room = axis.input + sum(axis.padding) - axis.extent
    dropped = -(-room // axis.stride) + 1 - axis.output
    return whole.replace("+ 1 =", "+ 1 − 1 =") if dropped else whole


def formula(axis: Axis, *, knows_extent: bool = False, is_ceil: bool = False) -> str:
    """The output size of one axis worked out with numbers; a dilated kernel's extent as a number if it is known."""
    before, after = axis.padding
    pads = f"2·{before}" if before == after else f"({before} + {after})"
    is_plain = knows_extent or axis.dilation == 1
    reach = f"{axis.dilation}·({axis.kernel} − 1)"
    if not axis.transposed:
        taken = f"{axis.extent}" if is_plain else f"{reach} − 1"
        down, up = "⌈⌉" if is_ceil else "⌊⌋"
        return f"{down}({axis.input} + {pads} − {taken}) / {axis.stride}{up} + 1 = {axis.output}"
    kernel = f"{axis.extent}" if is_plain else f"{reach} + 1"
    extra = f" + {axis.output_padding}" if axis.output_padding else ""
    return f"({axis.input} − 1)·{axis.stride} + {kernel} − {pads}{extra} = {axis.output}"


def _one(values: Size) -> str:
    return times(_alike(values))


def _alike(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """One of some values that are all the same, else all of them."""
    return values[:1] if len(set(values)) == 1 else values
