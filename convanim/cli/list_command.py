"""`convanim list`: the built-in scenes and stacks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import click


class _Row(NamedTuple):
    """One built-in file; `kind` is "scene" or "stack"."""

    name: str
    title: str
    file: str
    kind: str


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Names, titles, files and kinds for programs.")
def command(as_json: bool) -> None:
    """List the built-in scenes, then the stacks of layers: the name to use, and the title."""
    from convanim.catalogue import built_in, built_in_stacks

    scenes = [_Row(name, _title(path), str(path), "scene") for name, path in built_in().items()]
    stacks = [_Row(name, _title_of_stack(path), str(path), "stack") for name, path in built_in_stacks().items()]
    if as_json:
        click.echo(json.dumps([row._asdict() for row in (*scenes, *stacks)], indent=2, ensure_ascii=False))
        return
    widest = max(len(row.name) for row in (*scenes, *stacks))
    _say(scenes, widest)
    click.echo("\nstacks of layers:")
    _say(stacks, widest)


def _say(rows: Iterable[_Row], widest: int) -> None:
    for row in rows:
        click.echo(f"{row.name:{widest}}  {row.title}")


def _title(path: Path) -> str:
    """The title of a scene file, made from its parameters if it gives none; what fills the cells is not looked at."""
    from convanim.scene import wording
    from convanim.scene.files import parse_mapping, read_scene

    mapping = parse_mapping(path.read_text(encoding="utf-8"), str(path))
    if "scenes" in mapping:
        return str(mapping.get("title") or path.stem)
    return wording.title(read_scene({name: value for name, value in mapping.items() if name != "values"}))


def _title_of_stack(path: Path) -> str:
    from convanim.scene.files import parse_mapping

    return str(parse_mapping(path.read_text(encoding="utf-8"), str(path)).get("title", ""))
