"""`convanim new`: a scene file to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from convanim.cli.scenes import scene_options, written_in_options
from convanim.scene.fields import TOP

_START = {"input": 5, "kernel": 3}
_HINTS = {
    "padding": '# padding = [[0, 1], [0, 1]]   # per side; or n, [h, w], "valid", "same", "same-lower", "full"',
    "dilation": "# dilation = 2",
    "transposed": "# transposed = true",
}
_SECTION_HINTS = {
    "values": '# [values]\n# input = "ramp"                # or a nested list, "impulse", { random = [0, 9], seed = 1 }',
    "view": '# [view]\n# kind = "numeric"              # or "isometric"',
    "timing": "# [timing]\n# step = 500                    # milliseconds",
}


@click.command("new")
@click.argument("name")
@scene_options("values", "view", "timing")
@click.option("-f", "--force", is_flag=True, help="Overwrite the file.")
def command(name: str, force: bool, **options: Any) -> None:
    """Write NAME.toml with the parameters given, to edit and render; - for standard output."""
    from convanim.cli.scenes import scenes_of
    from convanim.scene import scene_to_toml
    from convanim.writing import write_text

    if name != "-" and Path(name).name.strip(".") in {"", "toml"}:
        raise click.UsageError(f'"{name}" is no name for a scene file; legal is one such as mine')
    written = written_in_options(options)
    start = {"input": _START["input"], "scale_factor": 2} if written.get("op") == "upsample" else _START
    if options["from_code"] or (start is not _START and "output_size" in written):
        start = {"input": _START["input"]}
    (_, scene), *_ = scenes_of((), start | written, options["from_code"])
    text = _with_hints(scene_to_toml(scene), scene.op)
    if name == "-":
        click.echo(text, nl=False)
        return
    path = Path(name if name.endswith(".toml") else f"{name}.toml")
    write_text(path, text, overwrite=force)
    click.echo(f"{path}: edit it, then convanim render {path}", err=True)


def _with_hints(toml: str, op: str) -> str:
    """A scene's text with what else it may say as comments, each where it would be legal."""
    top, *sections = toml.split("\n\n[")
    legal = {field.name for field in TOP if op in field.ops}
    hints = [hint for name, hint in _HINTS.items() if name in legal and f"\n{name} = " not in f"\n{top}"]
    lines = [top.rstrip(), *hints]
    parts = ["\n".join(lines), *(f"[{section.rstrip()}" for section in sections)]
    parts += [hint for name, hint in _SECTION_HINTS.items() if f"\n\n[{name}]" not in toml]
    return "\n\n".join(parts) + "\n"
