"""A scene in words: its operation, parameters, sizes and formulas with numbers, for captions, pages and the shell.

Everything here follows from the Scene alone. Texts that list several facts are tuples of parts, so that whoever
shows them can choose where to break.
"""

from __future__ import annotations

from convanim import arithmetic
from convanim.scene.check import Axis
from convanim.scene.model import Scene
from convanim.scene.values import Size

AXIS_NAMES = {1: ("length",), 2: ("height", "width")}
_SIDES = {1: (("before", "after"),), 2: (("top", "bottom"), ("left", "right"))}


def times(size: Size) -> str:
    """A size, `5×5`."""
    return "×".join(map(str, size))


def operation(scene: Scene) -> str:
    """What the scene computes, in the field's words."""
    if scene.op != "conv":
        return {"max_pool": "max pooling", "avg_pool": "average pooling"}[scene.op]
    name = "transposed convolution" if scene.transposed else "convolution"
    if not scene.flip:
        return name
    return "transposed true convolution" if scene.transposed else "true convolution (kernel turned)"


def parameters(scene: Scene) -> tuple[str, ...]:
    """The operation's own parameters: those it is called with, not those of an equivalent one."""
    parts = [f"{'window' if scene.op != 'conv' else 'kernel'} {times(scene.kernel)}", f"stride {_one(scene.stride)}"]
    parts.append(f"padding {padding(scene)}")
    if any(cells != 1 for cells in scene.dilation):
        parts.append(f"dilation {_one(scene.dilation)}")
    if any(scene.output_padding):
        parts.append(f"output padding {_one(scene.output_padding)}")
    if scene.op == "avg_pool" and any(sum(sides) for sides in scene.pads) and not scene.count_include_pad:
        parts.append("padding not counted")
    return tuple(parts)


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
        return f"{before} {first}, {after} {second}"
    return ", ".join(
        f"{cells} {name}"
        for pair, both in zip(pads, names, strict=True)
        for cells, name in zip(pair, both, strict=True)
    )


def formulas(scene: Scene) -> tuple[str, ...]:
    """The output size worked out with numbers; one text if all axes are alike, else one for each, by name."""
    worked = [formula(axis, transposed=scene.transposed) for axis in scene.axes]
    if len(set(worked)) == 1:
        return (worked[0],)
    return tuple(f"{name} {text}" for name, text in zip(AXIS_NAMES[scene.dimensions], worked, strict=True))


def direct_parameters(scene: Scene) -> tuple[str, ...]:
    """A transposed convolution's equivalent direct convolution, its parameters in words."""
    direct = [equivalent(axis) for axis in scene.axes]
    zeros = tuple(one.zeros_between for one in direct)
    parts = ["stride 1", f"padding {sides(tuple(one.padding for one in direct))}"]
    if any(one.zeros_between and one.stretched > 1 for one in direct):
        parts.insert(0, f"{_one(zeros)} {'zero' if set(zeros) == {1} else 'zeros'} between inputs")
    if any(cells != 1 for cells in scene.dilation):
        parts.append(f"dilation {_one(scene.dilation)}")
    if not scene.flip:
        parts.append("kernel turned")
    return tuple(parts)


def equivalent(axis: Axis) -> arithmetic.Direct:
    """One axis of the direct convolution that equals a transposed one."""
    return arithmetic.equivalent_direct(
        axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation, axis.output_padding
    )


def remainders(scene: Scene) -> Size:
    """Rows and columns at the far edge that no placement of a direct operation sees (the a of relationship 14)."""
    return tuple(
        arithmetic.remainder(axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation) for axis in scene.axes
    )


def input_label(scene: Scene) -> tuple[str, tuple[str, ...]]:
    """The name of the input's plane, and what is between and around its cells, if anything is."""
    name = f"input {times(scene.input)}"
    if not scene.transposed:
        return name, (f"padding {sides(scene.pads)}",) if any(map(sum, scene.pads)) else ()
    direct = [equivalent(axis) for axis in scene.axes]
    around = tuple((max(one.padding[0], 0), max(one.padding[1], 0)) for one in direct)
    between = ("zeros between",) if any(one.zeros_between and one.stretched > 1 for one in direct) else ()
    return name, between + ((f"padded by {sides(around)}",) if any(map(sum, around)) else ())


def output_label(scene: Scene) -> str:
    """The name of the output's plane."""
    return f"output {times(scene.output)}"


def title(scene: Scene) -> str:
    """The scene's title, or one made from its parameters."""
    return scene.title or f"{operation(scene).capitalize()}, {', '.join(parameters(scene))}"


def alternative_text(scene: Scene) -> str:
    """What the animation shows, for those who do not see it: the scene's own description, or one made from it."""
    if scene.description:
        return scene.description
    what, window = operation(scene), "window" if scene.op != "conv" else "kernel"
    moves = f"A {times(scene.kernel)} {window} slides over"
    around = ", ".join(input_label(scene)[1])
    over = f"a {times(scene.input)} input" + (f" ({around})" if around else "")
    makes = f"each placement makes one cell of the {times(scene.output)} output"
    return f"Animation of {_article(what)}: {', '.join(parameters(scene))}. {moves} {over}; {makes}."


def _article(noun: str) -> str:
    return noun if noun.endswith("pooling") else f"a {noun}"


def formula(axis: Axis, *, transposed: bool) -> str:
    """The output size of one axis worked out with numbers."""
    before, after = axis.padding
    pads = f"2·{before}" if before == after else f"({before} + {after})"
    reach = f"{axis.dilation}·({axis.kernel} − 1)"
    if not transposed:
        taken = f"{axis.kernel}" if axis.dilation == 1 else f"{reach} − 1"
        return f"⌊({axis.input} + {pads} − {taken}) / {axis.stride}⌋ + 1 = {axis.output}"
    kernel = f"{axis.kernel}" if axis.dilation == 1 else f"{reach} + 1"
    extra = f" + {axis.output_padding}" if axis.output_padding else ""
    return f"({axis.input} − 1)·{axis.stride} + {kernel} − {pads}{extra} = {axis.output}"


def _one(values: Size) -> str:
    return str(values[0]) if len(set(values)) == 1 else times(values)
