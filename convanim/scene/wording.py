"""A scene in words: its operation, parameters, sizes and formulas with numbers, for captions, pages and the shell.

Everything here follows from the Scene alone. Texts that list several facts are tuples of parts, so that whoever
shows them can choose where to break.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from convanim import arithmetic
from convanim.errors import times
from convanim.language import Language, language
from convanim.scene.model import Scene
from convanim.scene.values import Size

if TYPE_CHECKING:
    from convanim.scene.comparison import Comparison

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
_LINEAR = {1: "linear upsampling", 2: "bilinear upsampling", 3: "trilinear upsampling"}


def in_language(scene: Scene, name: str) -> Scene:
    """The same scene with its texts in another language."""
    if scene.view.language == name:
        return scene
    other = copy(scene)
    object.__setattr__(other, "view", scene.view._replace(language=name))
    return other


def operation(scene: Scene) -> str:
    """What the scene computes, in the field's words."""
    return language(scene.view.language)(_operation(scene))


def _operation(scene: Scene) -> str:
    if scene.op == "upsample":
        return _UPSAMPLINGS.get(scene.mode, _LINEAR[scene.dimensions])
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
    said = language(scene.view.language)
    parts = [
        said("kernel {size}" if scene.has_kernel else "window {size}", size=times(scene.kernel)),
        said("stride {cells}", cells=_one(scene.stride)),
        said("padding {cells}", cells=padding(scene)),
    ]
    if scene.padding_mode != "zeros":
        parts[-1] += f" {said(scene.padding_mode)}"
    if scene.op == "conv_kernel_grad":
        parts.append(said("output's gradient {size}", size=times(tuple(axis.kernel for axis in scene.axes))))
    parts += _dilation(scene)
    extra = tuple(axis.output_padding for axis in scene.axes)
    if any(extra):
        parts.append(said("output padding {cells}", cells=_one(extra)))
    if scene.ceil_mode:
        parts.append(said("ceil mode"))
    return (*parts, *_average(scene), *_channels(scene))


def _dilation(scene: Scene) -> tuple[str, ...]:
    if all(cells == 1 for cells in scene.dilation):
        return ()
    return (language(scene.view.language)("dilation {cells}", cells=_one(scene.dilation)),)


def _average(scene: Scene) -> tuple[str, ...]:
    """What an average divides by, if that is not all of its window."""
    said = language(scene.view.language)
    if scene.divisor_override is not None:
        return (said("divided by {number}", number=scene.divisor_override),)
    is_padded = any(sum(sides) for sides in scene.pads) and not scene.count_include_pad
    return (said("padding not counted"),) if is_padded and scene.op == "avg_pool" else ()


def _upsampling(scene: Scene) -> tuple[str, ...]:
    said = language(scene.view.language)
    if scene.scale_factor is None:
        parts = [said("to {size}", size=times(scene.output))]
    else:
        parts = [said("scale factor {factor}", factor="×".join(f"{one:g}" for one in _alike(scene.scale_factor)))]
    if scene.align_corners:
        parts.append(said("corners aligned"))
    return (*parts, *(name for name in (scene.coordinates, scene.rounding) if name))


def _channels(scene: Scene) -> tuple[str, ...]:
    """Channels and groups, where there are more than one."""
    inside, outside, groups = scene.in_channels, scene.out_channels, scene.groups
    if inside == outside == 1:
        return ()
    said = language(scene.view.language)
    if scene.has_kernel:
        named = said("channels {inside} → {outside}", inside=inside, outside=outside)
    else:
        named = said("{count} channels", count=inside)
    if groups == 1:
        return (named,)
    return named, said("depthwise") if groups == inside and not scene.transposed else said(
        "groups {count}", count=groups
    )


def padding(scene: Scene) -> str:
    """The padding by name if it has one, and in cells."""
    cells = sides(scene.pads, language(scene.view.language))
    if isinstance(scene.padding, str):
        return f"{scene.padding} ({cells})"
    return cells


def sides(pads: tuple[arithmetic.Sides, ...], said: Language) -> str:
    """Cells on each side, as short as it can be said: `1`, `1×2`, `0 top, 1 bottom, …`."""
    if all(before == after for before, after in pads):
        return _one(tuple(before for before, _ in pads))
    names = _SIDES[len(pads)]
    if len(set(pads)) == 1:
        (before, after), (first, second) = pads[0], (("top/left", "bottom/right"), ("before", "after"))[len(pads) == 1]
        return said.listed(said(f"{{cells}} {name}", cells=cells) for cells, name in ((before, first), (after, second)))
    return said.listed(
        said(f"{{cells}} {name}", cells=cells)
        for pair, both in zip(pads, names, strict=True)
        for cells, name in zip(pair, both, strict=True)
    )


def direct_parameters(scene: Scene) -> tuple[str, ...]:
    """A transposed convolution's equivalent direct convolution, its parameters in words."""
    said = language(scene.view.language)
    around = sides(tuple(axis.direct.padding for axis in scene.axes), said)
    parts = [said("stride {cells}", cells=1), said("padding {cells}", cells=around)]
    between = _zeros_between(scene)
    if between:
        parts.insert(0, between)
    parts += _dilation(scene)
    if not scene.flip:
        parts.append(said("kernel turned"))
    return tuple(parts)


def _zeros_between(scene: Scene) -> str:
    """How many zeros lie between neighbouring input cells; "" if none does, or no cell has a neighbour."""
    zeros = tuple(axis.stride - 1 if axis.input > 1 else 0 for axis in scene.axes)
    if not any(zeros):
        return ""
    said = language(scene.view.language)
    if len(set(zeros)) == 1:
        return said(f"{{count}} {'zero' if zeros[0] == 1 else 'zeros'} between inputs", count=zeros[0])
    each = zip(zeros, _CELLS[scene.dimensions], strict=True)
    named = [said(f"{{count}} between {name}", count=count) for count, name in each if count]
    return said("zeros: {parts}", parts=said(" and ").join(named))


def input_label(scene: Scene) -> tuple[str, tuple[str, ...]]:
    """The name of the input's plane, and what is between and around its cells, if anything is."""
    said = language(scene.view.language)
    name = _with_channels(said(f"{reads(scene)} {{size}}", size=times(scene.input)), scene.in_channels, said)
    if scene.op in {"upsample", "max_unpool"}:
        return name, (said("zeros between"),) if scene.mode == "bed-of-nails" else ()
    if not scene.transposed:
        around = (said("padding {cells}", cells=sides(scene.pads, said)),)
        return name, around if any(map(sum, scene.pads)) else ()
    padded = tuple((max(axis.direct.padding[0], 0), max(axis.direct.padding[1], 0)) for axis in scene.axes)
    between = (said("zeros between"),) if _zeros_between(scene) else ()
    around = (said("padded by {cells}", cells=sides(padded, said)),)
    return name, between + (around if any(map(sum, padded)) else ())


def _with_channels(name: str, channels: int, said: Language) -> str:
    return said.listed([name, said("{count} channels", count=channels)]) if channels > 1 else name


def kernel_label(scene: Scene) -> tuple[str, ...]:
    """The name of what moves along, and what is said of it besides."""
    said = language(scene.view.language)
    if scene.op == "upsample":
        return (said("shares"),)
    turned = (said("turned"),) if scene.flip != scene.transposed else ()
    return (slider(scene), *_dilation(scene), *turned)


def slider(scene: Scene) -> str:
    """What slides over the input, and its size: `kernel 3×3`."""
    size = times(tuple(axis.kernel for axis in scene.axes))
    return language(scene.view.language)(f"{slides(scene)} {{size}}", size=size)


def slides(scene: Scene) -> str:
    """What slides over the input, as templates have it."""
    return "output's gradient" if scene.op == "conv_kernel_grad" else "kernel" if scene.has_kernel else "window"


def reads(scene: Scene) -> str:
    """What is slid over, as templates have it."""
    return "output's gradient" if scene.op == "conv_input_grad" else "input"


def makes(scene: Scene) -> str:
    """What is made, as templates have it."""
    return {"conv_input_grad": "input's gradient", "conv_kernel_grad": "kernel's gradient"}.get(scene.op, "output")


def output_label(scene: Scene) -> str:
    """The name of the output's plane."""
    said = language(scene.view.language)
    name = said(f"{makes(scene)} {{size}}", size=times(scene.output))
    return name if scene.op == "conv_kernel_grad" else _with_channels(name, scene.out_channels, said)


def title(scene: Scene) -> str:
    """The scene's title, or one made from its parameters."""
    said = language(scene.view.language)
    return scene.title or said.listed([operation(scene).capitalize(), *parameters(scene)])


def title_of_comparison(comparison: Comparison) -> str:
    """The comparison's title, or one made from its scenes'."""
    return comparison.title or " | ".join(map(title, comparison.scenes))


def _one(values: Size) -> str:
    return times(_alike(values))


def _alike(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """One of some values that are all the same, else all of them."""
    return values[:1] if len(set(values)) == 1 else values
