"""`convanim render`: scenes in, files out."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from convanim.cli.scenes import complete_scenes, scene_options, scenes_of, steps_options, written_in_options
from convanim.formats import FORMATS

if TYPE_CHECKING:
    from convanim.scene import Scene


@click.command("render")
@click.argument("scenes", nargs=-1, metavar="[SCENE]...", shell_complete=complete_scenes)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    type=click.Path(),
    help="Where to write, the format by suffix; a folder (ending in /), or - for standard output. May be repeated.",
)
@click.option("--format", "suffix", type=click.Choice(list(FORMATS)), help="The format for a folder or - (gif).")
@click.option("--still", type=click.IntRange(1), metavar="N", help="Only step N, as the caption counts them.")
@scene_options("values", "view", "timing")
@steps_options
@click.option("-f", "--force", is_flag=True, help="Overwrite files.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def command(
    scenes: tuple[str, ...],
    outputs: tuple[str, ...],
    suffix: str | None,
    still: int | None,
    force: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Draw scenes: files, built-in names, or - for standard input. Without one, the options make the scene.

    \b
    convanim render no_padding_strides_transposed -o figure.gif -o figure.png
    convanim render --input 5x7 --kernel 3 --stride 2 --padding same -o mine.gif
    convanim render mine.toml --theme dark --steps 0:10 -o - > mine.gif
    """
    changes = written_in_options(options)
    if still is not None:
        changes.setdefault("timing", {})["steps"] = str(still - 1)
    chosen = list(scenes_of(scenes, changes))
    for _, scene in chosen:
        if still is not None and still > scene.placements:
            raise click.UsageError(f"--still: got {still}; legal is 1 to {scene.placements}")
    jobs = [(name, scene, output) for name, scene in chosen for output in outputs or (f"{name}.{suffix or 'gif'}",)]
    single_files = [output for output in outputs if not _is_folder(output)]
    if len(chosen) > 1 and single_files:
        raise click.UsageError(
            f"{len(chosen)} scenes do not fit into {single_files[0]}; -o takes a folder, ending in /"
        )
    if outputs.count("-") > 1:
        raise click.UsageError("standard output takes one figure")
    with warnings.catch_warnings(record=True) as notices:
        warnings.simplefilter("always")
        for name, scene, output in jobs:
            _render(name, scene, output, suffix, whole=still is None, force=force, quiet=quiet)
    if not quiet:
        for text in dict.fromkeys(str(notice.message) for notice in notices):
            click.echo(f"convanim: {text}", err=True)


def _render(name: str, scene: Scene, output: str, suffix: str | None, *, whole: bool, force: bool, quiet: bool) -> None:
    from convanim.rendering import render, render_stills, render_to

    if output == "-":
        stream = sys.stdout.buffer
        if stream.isatty():
            raise click.UsageError("a terminal shows no pictures; send standard output to a file or a program")
        render_to(scene, stream, suffix or "gif")
        stream.flush()
        return
    if _is_folder(output) and whole and suffix and FORMATS[suffix].stills:
        paths = render_stills(scene, output, name, overwrite=force)
    elif _is_folder(output):
        paths = render(scene, Path(output) / f"{name}.{suffix or 'gif'}", overwrite=force)
    else:
        paths = render(scene, output, overwrite=force)
    if not quiet:
        size = sum(path.stat().st_size for path in paths)
        what = str(paths[0]) if len(paths) == 1 else f"{paths[0]} … {paths[-1].name}"
        click.echo(f"{what}: {size:,} bytes", file=sys.stderr)


def _is_folder(output: str) -> bool:
    return output.endswith(("/", "\\")) or (output != "-" and Path(output).is_dir())
