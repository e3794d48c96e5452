"""`convanim size`: the arithmetic of a scene, explained in words and numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from convanim.cli.scenes import complete_scenes, scene_options, scenes_of, written_in_options

if TYPE_CHECKING:
    from convanim.scene import Scene
    from convanim.scene.check import Axis


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
    (_, chosen), *_ = scenes_of((scene,) if scene else (), written_in_options(options))
    if as_json:
        click.echo(json.dumps(numbers(chosen), indent=2))
    else:
        click.echo("\n".join(explanation(chosen)))


def numbers(scene: Scene) -> dict[str, Any]:
    """The sizes of a scene as plain numbers, one for each axis."""
    from convanim.scene import wording

    plain: dict[str, Any] = {
        "operation": wording.operation(scene),
        "input": scene.input,
        "kernel": scene.kernel,
        "stride": scene.stride,
        "padding": scene.pads,
        "dilation": scene.dilation,
        "output": scene.output,
        "placements": scene.placements,
    }
    if not scene.transposed:
        return plain | {"remainder": wording.remainders(scene)}
    direct = [wording.equivalent(axis) for axis in scene.axes]
    return plain | {
        "output_padding": [axis.output_padding for axis in scene.axes],
        "direct": {
            "stretched_input": [one.stretched for one in direct],
            "zeros_between": [one.zeros_between for one in direct],
            "stride": [1] * len(direct),
            "padding": [one.padding for one in direct],
            "dilation": scene.dilation,
            "canvas": scene.canvas,
            "kernel_turned": not scene.flip,
        },
    }


def explanation(scene: Scene) -> list[str]:
    """The same in words, a line each."""
    from convanim.scene import wording

    lines = [f"{wording.operation(scene)}, input {wording.times(scene.input)}, {', '.join(wording.parameters(scene))}"]
    lines.append(f"output {wording.times(scene.output)}")
    alike = len(set(scene.axes)) == 1
    names = ("",) if alike else wording.AXIS_NAMES[scene.dimensions]
    for name, axis in zip(names, scene.axes, strict=False):
        lines += ["", *([f"{name}:"] if name else []), *_axis_lines(axis, transposed=scene.transposed)]
    if scene.transposed:
        turned = ", ".join(wording.direct_parameters(scene))
        lines += ["", f"the same as a direct convolution: {turned}, over a canvas of {wording.times(scene.canvas)}"]
    return lines


def _axis_lines(axis: Axis, *, transposed: bool) -> list[str]:
    from convanim import arithmetic
    from convanim.scene import wording

    lines = []
    if axis.dilation != 1:
        lines.append(f"  K = d·(k − 1) + 1 = {axis.dilation}·({axis.kernel} − 1) + 1 = {axis.extent}")
    letter = "k" if axis.dilation == 1 else "K"
    worked = wording.formula(axis, transposed=transposed)
    before, after = axis.padding
    if transposed:
        extra = " + output padding" if axis.output_padding else ""
        lines += [f"  o = (i − 1)·s + {letter} − {_pads(axis)}{extra}", f"    = {worked}"]
        choices = range(axis.output - axis.output_padding, axis.output - axis.output_padding + axis.stride)
        if axis.stride > 1:
            span = f"{choices[0]} to {choices[-1]}"
            lines.append(
                f"  a convolution makes {axis.input} from any input of {span}; output padding chooses among them"
            )
        direct = arithmetic.equivalent_direct(
            axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation, axis.output_padding
        )
        lines.append(f"  stretched input: i + (i − 1)(s − 1) = {direct.stretched}")
        lines.append(
            f"  its padding: {letter} − 1 − p = {axis.extent} − 1 − {before} = {direct.padding[0]} before, "
            f"{direct.padding[1]} after"
        )
        return lines
    lines += [f"  o = ⌊(i + {_pads(axis)} − {letter}) / s⌋ + 1", f"    = {worked}"]
    spare = arithmetic.remainder(axis.input, axis.kernel, axis.stride, axis.padding, axis.dilation)
    room = axis.input + before + after - axis.extent
    lines += [f"  remainder a = {room} mod {axis.stride} = {spare}", f"  {_unseen(axis)}"]
    if axis.stride > 1:
        inputs = arithmetic.same_size_inputs(axis.output, axis.kernel, axis.stride, axis.padding, axis.dilation)
        least = max(inputs[0], 1)
        lines.append(f"  any input of {least} to {inputs[-1]} gives {axis.output}")
    return lines


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
