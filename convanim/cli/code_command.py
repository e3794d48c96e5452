"""`convanim code`: a scene as code for a framework."""

from __future__ import annotations

from typing import Any

import click

from convanim.cli.scenes import complete_scenes, scene_options, scenes_of, written_in_options

FRAMEWORKS = ("torch", "keras", "jax", "onnx", "numpy")


@click.command("code")
@click.argument("scene", required=False, shell_complete=complete_scenes)
@click.option(
    "--framework", type=click.Choice(FRAMEWORKS), default="torch", show_default=True, help="Whose code to write."
)
@scene_options("values")
def command(scene: str | None, framework: str, **options: Any) -> None:
    """Print a script that computes the scene in a framework and ends with y, the same numbers.

    \b
    convanim code padding_strides --framework jax
    convanim code --from-code 'nn.Conv2d(1, 1, 3, stride=2)' --input 5 --framework keras
    """
    (_, chosen), *_ = scenes_of((scene,) if scene else (), written_in_options(options), options.get("from_code"))
    click.echo(chosen.to_code(framework), nl=False)
