"""`convanim render`: scenes in, files out. Everything that can be wrong is found before the first file is written."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import partial
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from convanim.cli.notices import notices_as_lines, say_unused
from convanim.cli.scenes import (
    complete_scenes,
    figures_of,
    scene_options,
    standard_output,
    steps_options,
    trace_option,
    written_in_options,
)
from convanim.cli.targets import Suffixes, Target, refuse_collisions, targets_of
from convanim.errors import SceneError, span
from convanim.formats import FORMATS, Format
from convanim.timings import listening, stage

if TYPE_CHECKING:
    from convanim.scene import Scene
    from convanim.scene.comparison import Comparison
    from convanim.scene.stack import Stack

_ONLY_IN = {"pages": ("pdf",), "outlined": ("svg", "pdf"), "pixel_format": ("mp4", "webm")}
_STAGES = ("start-up", "scene", "imports", "record", "layout", "raster", "encode")


class _Way(NamedTuple):
    """How figures are made: by how many workers, where, and what becomes of files that are there."""

    jobs: int
    dask: str | None
    update: bool
    force: bool
    quiet: bool

    @property
    def is_batch(self) -> bool:
        return self.jobs > 1 or self.dask is not None or self.update

    @property
    def named(self) -> str:
        """The option that asks for a batch, or what else makes one."""
        return "--dask" if self.dask else "--update" if self.update else "--jobs"


@click.command("render")
@click.argument("scenes", nargs=-1, metavar="[SCENE]...", shell_complete=complete_scenes)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    type=click.Path(),
    help="Where to write, the format by suffix; a folder (ending in /), or - for standard output; {name} stands for the "
    "scene's name, {ext} for each format's suffix. May be repeated.",
)
@click.option(
    "--format",
    "suffixes",
    type=Suffixes(),
    default=(),
    metavar="FORMAT[,FORMAT]...",
    help=f"The formats for a folder, {{ext}} or - (gif): {', '.join(FORMATS)}.",
)
@scene_options("values", "view", "timing")
@steps_options
@trace_option
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, metavar="N", help="Scenes drawn at the same time.")
@click.option("--dask", metavar="ADDRESS", help="Draw on the workers of the Dask scheduler there.")
@click.option(
    "-u",
    "--update",
    is_flag=True,
    help="Leave files that this version made of the same scene, overwrite other figures.",
)
@click.option("-f", "--force", is_flag=True, help="Overwrite files.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say what the time went into.")
def command(
    scenes: tuple[str, ...],
    outputs: tuple[str, ...],
    suffixes: tuple[str, ...],
    jobs: int,
    dask: str | None,
    update: bool,
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
    convanim render scenes/*.toml -o 'figures/{name}.{ext}' --format gif,png --jobs 4

    Of several scenes, one that is wrong keeps no other from being drawn: at the end it is said which failed (exit code 1).
    """
    if verbose and quiet:
        raise click.UsageError("--verbose and --quiet contradict each other; leave one out")
    started = process_time()
    with listening() as timings:
        _command(scenes, outputs, suffixes, options, _Way(jobs, dask, update, force, quiet))
    if verbose:
        for line in _account({"start-up": started} | timings.seconds):
            click.echo(line, file=sys.stderr)


def _command(
    scenes: tuple[str, ...],
    outputs: tuple[str, ...],
    suffixes: tuple[str, ...],
    options: dict[str, Any],
    way: _Way,
) -> None:
    failed: dict[str, list[str]] = {}
    with stage("scene"):
        chosen = list(_chosen(scenes, options, failed))
    still: int | None = options["still"]
    if still is not None:
        _refuse_missing_step(still, [scene for _, scene in chosen])
    planned = [
        (name, scene, targets_of(name, outputs, suffixes, partial(_has_stills, scene, one_step=still is not None)))
        for name, scene in chosen
    ]
    targets = [target for _, _, each in planned for target in each]
    refuse_collisions(targets, force=way.force, update=way.update)
    if not way.quiet:
        view = written_in_options(options).get("view", {})
        _say_unused(view, {target.suffix for target in targets}, has_one_step=still is not None)
    if way.is_batch or (len(scenes) > 1 and all(target.path and not target.each_step for target in targets)):
        _run_batch(planned, failed, way)
        return
    if failed:
        raise click.UsageError("; ".join(line for lines in failed.values() for line in lines))
    with notices_as_lines(quiet=way.quiet):
        for name, scene, each in planned:
            try:
                _render(scene, each, force=way.force, quiet=way.quiet)
            except SceneError as fault:
                raise fault.at(fault.where or name if scenes else "") from None


def _say_unused(view: dict[str, Any], suffixes: set[str], *, has_one_step: bool) -> None:
    """A line for each option that none of the files has a use for."""
    for name, used in _ONLY_IN.items():
        if view.get(name) and not suffixes & set(used):
            say_unused(name, f"here; it is for {' and '.join(used)}")
        elif name == "pages" and view.get(name) and has_one_step:
            say_unused(name, "beside --still, which shows one step")


def _has_stills(figure: Scene | Comparison | Stack, row: Format, *, one_step: bool) -> bool:
    """Whether a format holds one step of a figure, so that a folder holds all, unless only one is wanted."""
    from convanim.drawing import is_still, view_of

    return not one_step and row.stills and is_still(row, view_of(figure))


def _chosen(
    scenes: tuple[str, ...], options: dict[str, Any], failed: dict[str, list[str]]
) -> Iterator[tuple[str, Scene | Comparison | Stack]]:
    """Each figure by its name. Where there are several, one that is wrong has `failed`, and the others go on."""
    changes, code = written_in_options(options), options.get("from_code")
    if len(scenes) < 2:
        yield from figures_of(scenes, changes, code)
        return
    for name in scenes:
        try:
            yield from figures_of((name,), changes, code)
        except SceneError as fault:
            failed[name] = (fault if fault.where else fault.at(name)).lines()


def _run_batch(
    planned: list[tuple[str, Scene | Comparison | Stack, tuple[Target, ...]]], failed: dict[str, list[str]], way: _Way
) -> None:
    with stage("imports"):
        from convanim.batch import Job
        from convanim.cli.batches import run

    jobs = []
    for name, scene, targets in planned:
        for target in targets:
            if target.path is None or target.each_step:
                where = "standard output" if target.path is None else "a folder of stills"
                raise click.UsageError(
                    f"{way.named} writes files, not {where}; give -o a file, a folder or {{name}}.{{ext}}"
                )
        jobs.append(Job(name, scene, tuple(target.path for target in targets if target.path)))
    run(jobs, failed, workers=way.jobs, dask=way.dask, force=way.force, update=way.update, quiet=way.quiet)


def _refuse_missing_step(still: int, scenes: list[Scene | Comparison | Stack]) -> None:
    """A usage error if a figure has no such step; of scenes side by side, if none has it."""
    from convanim.drawing import step_count

    for figure in scenes:
        total = step_count(figure)
        if still > total:
            raise click.UsageError(f"--still: got {still}; legal is {span(1, total)}")


def _render(scene: Scene | Comparison | Stack, targets: Iterable[Target], *, force: bool, quiet: bool) -> None:
    with stage("imports"):
        from convanim.rendering import render, render_stills, render_to

    files = [target.path for target in targets if target.path and not target.each_step]
    if files:
        for path in render(scene, *files, overwrite=force):
            _say(str(path), path.stat().st_size, quiet=quiet)
    for target in targets:
        if target.each_step and target.path:
            paths = render_stills(scene, target.path, target.name, target.suffix, overwrite=force)
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
