"""`convanim new`: a scene file to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from convanim.cli.scenes import scene_options, written_in_options

_START = {"input": 5, "kernel": 3}
_MORE = """
# More that a scene may say; convanim schema lists all of it:
#
# padding = [[0, 1], [0, 1]]       # per side; or "valid", "same", "same-lower", "full"
# dilation = 2
# transposed = true
#
# [values]
# input = [[1, 2], [3, 4]]         # or "ramp", "impulse", { random = [0, 3], seed = 1 }
#
# [view]
# kind = "numeric"                 # or "isometric"
#
# [timing]
# step = 1000                      # milliseconds
"""


@click.command("new")
@click.argument("name")
@scene_options("values", "view", "timing")
@click.option("-f", "--force", is_flag=True, help="Overwrite the file.")
def command(name: str, force: bool, **options: Any) -> None:
    """Write NAME.toml with the parameters given, to edit and render; - for standard output."""
    from convanim.scene import scene_to_toml
    from convanim.scene.files import read_scene
    from convanim.writing import write_text

    text = scene_to_toml(read_scene(_START | written_in_options(options))) + _MORE
    if name == "-":
        click.echo(text, nl=False)
        return
    path = Path(name if name.endswith(".toml") else f"{name}.toml")
    write_text(path, text, overwrite=force)
    click.echo(f"{path}: edit it, then convanim render {path}", err=True)
