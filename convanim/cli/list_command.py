"""`convanim list`: the built-in scenes."""

from __future__ import annotations

import json

import click


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Names, titles and files for programs.")
def command(as_json: bool) -> None:
    """List the built-in scenes: the name to use, and the title."""
    from convanim.catalogue import built_in
    from convanim.scene import load_scene, wording

    rows = [(name, wording.title(load_scene(path)), str(path)) for name, path in built_in().items()]
    if as_json:
        keys = ("name", "title", "file")
        click.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2, ensure_ascii=False))
        return
    widest = max(len(name) for name, *_ in rows)
    for name, title, _ in rows:
        click.echo(f"{name:{widest}}  {title}")
