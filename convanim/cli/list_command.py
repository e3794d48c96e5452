"""`convanim list`: the built-in scenes."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Names, titles and files for programs.")
def command(as_json: bool) -> None:
    """List the built-in scenes: the name to use, and the title."""
    from convanim.catalogue import built_in

    rows = [(name, _title(path), str(path)) for name, path in built_in().items()]
    if as_json:
        keys = ("name", "title", "file")
        click.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2, ensure_ascii=False))
        return
    widest = max(len(name) for name, *_ in rows)
    for name, title, _ in rows:
        click.echo(f"{name:{widest}}  {title}")


def _title(path: Path) -> str:
    """The title of a scene file, made from its parameters if it gives none; what fills the cells is not looked at."""
    from convanim.scene import wording
    from convanim.scene.files import parse_mapping, read_scene

    mapping = parse_mapping(path.read_text(encoding="utf-8"), str(path))
    if "scenes" in mapping:
        return str(mapping.get("title") or path.stem)
    return wording.title(read_scene({name: value for name, value in mapping.items() if name != "values"}))
