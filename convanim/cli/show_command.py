"""`convanim show`: a built-in file, or the scene that a figure carries."""

from __future__ import annotations

from pathlib import Path

import click

from convanim.cli.scenes import complete_scenes, mapping_of


@click.command("show")
@click.argument("name", metavar="NAME|FILE", shell_complete=complete_scenes)
def command(name: str) -> None:
    """Print a built-in scene or stack, a checked scene file, or the scene inside a figure that convanim made."""
    from convanim.catalogue import built_in, built_in_stacks
    from convanim.scene.files import figure_to_toml, read_figure

    _, where, mapping = mapping_of(name)
    values = mapping.get("values")
    names_files = isinstance(values, dict) and any(
        "image" in value for value in values.values() if isinstance(value, dict)
    )
    path = built_in().get(name) or built_in_stacks().get(name)
    if path and not Path(name).is_file() and not names_files:
        click.echo(path.read_text(encoding="utf-8"), nl=False)
    else:  # whole: the pictures that a scene file names are in it
        click.echo(figure_to_toml(read_figure(mapping, where)), nl=False)
