"""`convanim size`: the arithmetic of a scene, explained in words and numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from convanim.cli.scenes import complete_scenes, scene_options, scenes_of, stack_of, written_in_options

if TYPE_CHECKING:
    from convanim.scene import Scene
    from convanim.scene.axis import Axis

_NAMED, _COUNTED = 12, 10**7


@click.command("size")
@click.argument("scene", required=False, shell_complete=complete_scenes)
@scene_options()
@click.option("--json", "as_json", is_flag=True, help="Numbers for programs.")
def command(scene: str | None, as_json: bool, **options: Any) -> None:
    """Work the output size of a scene out: the formula, the numbers put in, what the floor drops.

    \b
    convanim size --input 6 --kernel 3 --stride 2 --padding 1
    convanim size --input 3 --kernel 3 --stride 2 --padding 1 --transposed --json
    """
    changes = written_in_options(options)
    stack = stack_of(scene, changes)
    if stack is not None:
        from convanim.cli.stacks import stack_explanation, stack_numbers

        click.echo(json.dumps(stack_numbers(stack), indent=2) if as_json else "\n".join(stack_explanation(stack)))
        return
    (_, chosen), *_ = scenes_of((scene,) if scene else (), changes, options.get("from_code"))
    if as_json:
        click.echo(json.dumps(numbers(chosen), indent=2))
    else:
        click.echo("\n".join(explanation(chosen)))


def numbers(scene: Scene) -> dict[str, Any]:
    """The sizes of a scene as plain numbers, one for each axis."""
    from convanim.scene import wording

    axes = scene.axes
    plain: dict[str, Any] = {
        "operation": wording.operation(scene),
        "input": scene.input,
        "kernel": scene.kernel,
        "stride": scene.stride,
        "padding": scene.pads,
        "dilation": scene.dilation,
        "output": scene.output,
        "in_channels": scene.in_channels,
        "out_channels": scene.out_channels,
        "groups": scene.groups,
        "placements": scene.placements,
    }
    if scene.op in {"upsample", "max_unpool", "conv_kernel_grad"}:
        return plain
    if not scene.transposed:
        return plain | {"remainder": [axis.remainder for axis in axes]}
    return plain | {
        "output_padding": [axis.output_padding for axis in axes],
        "direct": {
            "stretched_input": [axis.direct.stretched for axis in axes],
            "zeros_between": [axis.direct.zeros_between for axis in axes],
            "stride": [1] * len(axes),
            "padding": [axis.direct.padding for axis in axes],
            "dilation": scene.dilation,
            "canvas": [axis.direct.canvas for axis in axes],
            "kernel_turned": not scene.flip,
        },
    }


def explanation(scene: Scene) -> list[str]:
    """The same in words, a line each."""
    from convanim.errors import times
    from convanim.scene import wording

    lines = [
        f"{wording.operation(scene)}, input {times(scene.input)}, {', '.join(wording.parameters(scene))}",
        f"output {times(scene.output)}",
    ]
    if scene.op in {"upsample", "max_unpool", "conv_kernel_grad"} or scene.ceil_mode:
        return [*lines, "", *wording.formulas(scene)]
    names = ("",) if len(set(scene.axes)) == 1 else wording.AXIS_NAMES[scene.dimensions]
    padding_follows_input = isinstance(scene.padding, str) and scene.padding.startswith("same")
    for name, axis in zip(names, scene.axes, strict=False):
        explain = _transposed_lines if scene.transposed else _direct_lines
        lines += ["", *([f"{name}:"] if name else []), *_extent_lines(axis)]
        lines += [f"  {line}" for line in explain(axis, padding_follows_input=padding_follows_input)]
    if scene.transposed:
        canvas = times(tuple(axis.direct.canvas for axis in scene.axes))
        direct = ", ".join(wording.direct_parameters(scene))
        lines += ["", f"the same as a direct convolution: {direct}, over a canvas of {canvas}"]
    return lines


def _extent_lines(axis: Axis) -> list[str]:
    if axis.dilation == 1:
        return []
    return [f"  K = d·(k − 1) + 1 = {axis.dilation}·({axis.kernel} − 1) + 1 = {axis.extent}"]


def _direct_lines(axis: Axis, *, padding_follows_input: bool) -> Iterator[str]:
    from convanim import arithmetic
    from convanim.scene import wording

    yield f"o = ⌊(i + {_pads(axis)} − {_letter(axis)}) / s⌋ + 1"
    yield f"  = {wording.formula(axis)}"
    yield f"remainder a = {axis.canvas - axis.extent} mod {axis.stride} = {axis.remainder}"
    yield _unseen(axis)
    if axis.stride > 1 and not padding_follows_input:
        inputs = arithmetic.same_size_inputs(axis.output, axis.kernel, axis.stride, axis.padding, axis.dilation)
        yield f"any input of {max(inputs[0], 1)} to {inputs[-1]} gives {axis.output}"


def _transposed_lines(axis: Axis, *, padding_follows_input: bool) -> Iterator[str]:
    from convanim import arithmetic
    from convanim.errors import times
    from convanim.scene import wording

    letter, (before, after) = _letter(axis), axis.padding
    extra = " + output padding" if axis.output_padding else ""
    yield f"o = (i − 1)·s + {letter} − {_pads(axis)}{extra}"
    yield f"  = {wording.formula(axis)}"
    if axis.stride > 1 and not padding_follows_input:
        sizes = arithmetic.same_size_inputs(axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation)
        if axis.output in sizes:
            span = f"{max(sizes[0], 1)} to {sizes[-1]}"
            yield f"a convolution makes {axis.input} from any input of {span}; output padding chooses among them"
    direct = axis.direct
    yield f"stretched input: i + (i − 1)(s − 1) = {axis.input} + {axis.input - 1}·{axis.stride - 1} = {direct.stretched}"
    yield f"its padding before: {letter} − 1 − p = {axis.extent} − 1 − {before} = {times(direct.padding[:1])}"
    added = f" + {axis.output_padding}" if axis.output_padding else ""
    yield f"its padding after: {letter} − 1 − p{extra} = {axis.extent} − 1 − {after}{added} = {times(direct.padding[1:])}"


def _letter(axis: Axis) -> str:
    return "k" if axis.dilation == 1 else "K"


def _pads(axis: Axis) -> str:
    return "2p" if axis.padding[0] == axis.padding[1] else "(p before + p after)"


def _unseen(axis: Axis) -> str:
    """Which cells no placement sees: the remainder at the far edge, and what a long stride steps over."""
    from convanim import arithmetic

    whole = axis.canvas
    if whole * axis.kernel > _COUNTED:
        return "(too long to list the cells that no placement sees)"
    cells = arithmetic.unseen(axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation)
    if not cells:
        return "every cell of the padded input is under some placement"
    named = ", ".join(map(str, cells[:_NAMED])) + (", …" if len(cells) > _NAMED else "")
    return (
        f"under no placement: {'cell' if len(cells) == 1 else 'cells'} {named} of the padded input's 0 to {whole - 1}"
    )
