"""`convanim render`: scenes in, files out. Everything that can be wrong is found before the first file is written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from convanim.cli.notices import notices_as_lines
from convanim.cli.scenes import (
    complete_scenes,
    figures_of,
    scene_options,
    standard_output,
    steps_options,
    trace_option,
    written_in_options,
)
from convanim.errors import SceneError, span
from convanim.formats import FORMATS, format_of
from convanim.timings import listening, stage

if TYPE_CHECKING:
    from convanim.scene import Scene
    from convanim.scene.comparison import Comparison
    from convanim.scene.stack import Stack

_DEFAULT = "gif"
_STAGES = ("start-up", "scene", "imports", "record", "layout", "raster", "encode")


class _Target(NamedTuple):
    """One `-o` for one scene: a file, standard output (path None), or a folder of stills (`each_step`)."""

    name: str
    suffix: str
    path: Path | None
    each_step: bool = False


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
@scene_options("values", "view", "timing")
@steps_options
@trace_option
@click.option("-f", "--force", is_flag=True, help="Overwrite files.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say what the time went into.")
def command(
    scenes: tuple[str, ...],
    outputs: tuple[str, ...],
    suffix: str | None,
    force: bool,
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Draw scenes: files, built-in names, figures made earlier, or - for standard input. Without one, options make it.

    \b
    convanim render no_padding_strides_transposed -o figure.gif -o figure.png
    convanim render --input 5x7 --kernel 3 --stride 2 --padding same -o mine.gif
    convanim render mine.toml --theme dark --steps 0:10 -o - > mine.gif
    """
    if verbose and quiet:
        raise click.UsageError("--verbose and --quiet contradict each other; leave one out")
    started = process_time()
    with listening() as timings:
        _command(scenes, outputs, suffix, options, force=force, quiet=quiet)
    if verbose:
        for line in _account({"start-up": started} | timings.seconds):
            click.echo(line, file=sys.stderr)


def _command(
    scenes: tuple[str, ...],
    outputs: tuple[str, ...],
    suffix: str | None,
    options: dict[str, Any],
    *,
    force: bool,
    quiet: bool,
) -> None:
    with stage("scene"):
        chosen = list(figures_of(scenes, written_in_options(options), options.get("from_code")))
    still: int | None = options["still"]
    if still is not None:
        _refuse_missing_step(still, [scene for _, scene in chosen])
    planned = [
        (name, scene, [_target(name, output, suffix, still) for output in outputs or (f"{name}.{suffix or _DEFAULT}",)])
        for name, scene in chosen
    ]
    _refuse_collisions([target for _, _, targets in planned for target in targets], force=force)
    with notices_as_lines(quiet=quiet):
        for name, scene, targets in planned:
            try:
                _render(scene, targets, force=force, quiet=quiet)
            except SceneError as fault:
                raise fault.at(fault.where or name if scenes else "") from None


def _refuse_missing_step(still: int, scenes: list[Scene | Comparison | Stack]) -> None:
    """A usage error if a figure has no such step; of scenes side by side, if none has it."""
    from convanim.drawing import step_count

    for figure in scenes:
        total = step_count(figure)
        if still > total:
            raise click.UsageError(f"--still: got {still}; legal is {span(1, total)}")


def _target(name: str, output: str, suffix: str | None, still: int | None) -> _Target:
    if not output:
        raise click.UsageError("-o got an empty name; legal is a file, a folder that ends in /, or -")
    if output == "-":
        return _Target(name, suffix or _DEFAULT, None)
    if output.endswith(("/", "\\")) or Path(output).is_dir():
        chosen = suffix or _DEFAULT
        if FORMATS[chosen].stills and still is None and suffix:
            return _Target(name, chosen, Path(output), each_step=True)
        return _Target(name, chosen, Path(output) / f"{name}.{chosen}")
    own = format_of(Path(output).suffix).suffix
    if suffix not in {None, own}:
        raise click.UsageError(f"--format {suffix} and -o {output} contradict each other; leave --format out")
    return _Target(name, own, Path(output))


def _refuse_collisions(targets: list[_Target], *, force: bool) -> None:
    """Two figures that would be one file, and files that are there already."""
    with stage("imports"):
        from convanim.rendering import refuse_taken

    seen: dict[str, str] = {}
    for target in targets:
        place = "-" if target.path is None else os.path.realpath(target.path)
        if target.each_step:
            place += f"/{target.name}-"
        if place in seen:
            said = "standard output" if target.path is None else str(target.path)
            both = f"{seen[place]} and {target.name}" if seen[place] != target.name else f"{target.name}, twice"
            raise click.UsageError(f"{said} would hold {both}; a folder (-o figures/) takes scenes of different names")
        seen[place] = target.name
    refuse_taken([target.path for target in targets if target.path and not target.each_step], overwrite=force)


def _render(scene: Scene | Comparison | Stack, targets: list[_Target], *, force: bool, quiet: bool) -> None:
    with stage("imports"):
        from convanim.rendering import render, render_stills, render_to

    files = [target.path for target in targets if target.path and not target.each_step]
    if files:
        for path in render(scene, *files, overwrite=force):
            _say(str(path), path.stat().st_size, quiet=quiet)
    for target in targets:
        if target.each_step and target.path:
            paths = render_stills(scene, target.path, target.name, overwrite=force)
            _say(f"{paths[0]} … {paths[-1].name}", sum(path.stat().st_size for path in paths), quiet=quiet)
        elif target.path is None:
            stream = standard_output()
            if stream.isatty():
                raise click.UsageError("a terminal shows no pictures; send standard output to a file or a program")
            render_to(scene, stream, target.suffix)
            stream.flush()


def _account(seconds: dict[str, float]) -> Iterator[str]:
    """What the time went into, a line a stage. Before the command begins only processor time is known."""
    for name in sorted(seconds, key=_STAGES.index):
        yield f"{name:>10} {seconds[name] * 1000:8.1f} ms"
    yield f"{'in all':>10} {sum(seconds.values()) * 1000:8.1f} ms"


def _say(what: str, size: int, *, quiet: bool) -> None:
    if not quiet:
        click.echo(f"{what}: {size:,} bytes", file=sys.stderr)
