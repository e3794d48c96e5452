"""`convanim schema`: the JSON Schema of scene files."""

from __future__ import annotations

import json

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of scene files, for editors: put `#:schema ./scene.schema.json` on a file's first line."""
    from convanim.scene.schema import scene_schema

    click.echo(json.dumps(scene_schema(), indent=2, ensure_ascii=False))
