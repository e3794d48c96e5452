"""`convanim size`: the arithmetic of a scene, explained in words and numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from convanim.cli.scenes import complete_scenes, scene_options, scenes_of, stack_of, written_in_options

if TYPE_CHECKING:
    from convanim.scene import Scene


@click.command("size")
@click.argument("scene", required=False, shell_complete=complete_scenes)
@scene_options()
@click.option("--json", "as_json", is_flag=True, help="Numbers for programs.")
def command(scene: str | None, as_json: bool, **options: Any) -> None:
    """Work the output size of a scene out: the formula, the numbers put in, what the floor drops.

    \b
    convanim size --input 6 --kernel 3 --stride 2 --padding 1
    convanim size --input 3 --kernel 3 --stride 2 --padding 1 --transposed --json
    convanim size dcgan_generator

    Of a stack of layers: each layer's sizes, and how much of the stack's input a cell sees.
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
        from convanim.scene.explanation import explanation

        click.echo("\n".join(explanation(chosen)))


def numbers(scene: Scene) -> dict[str, Any]:
    """The sizes of a scene as plain numbers, one for each axis."""
    from convanim.scene import wording

    axes = scene.axes
    plain: dict[str, Any] = {
        "operation": wording.operation(wording.in_language(scene, "en")),
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
