"""`convanim gallery`: a folder of scenes rendered, and a page that shows them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from convanim.cli.notices import ignore_notices, notices_as_lines
from convanim.errors import Problem, SceneError

if TYPE_CHECKING:
    from convanim.scene import Scene
    from convanim.scene.comparison import Comparison
    from convanim.scene.stack import Stack


@click.command("gallery")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    default="output",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write into.",
)
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, metavar="N", help="Scenes drawn at the same time.")
@click.option("-f", "--force", is_flag=True, help="Overwrite files that are not an earlier gallery's.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def command(folder: Path | None, output: Path, jobs: int, force: bool, quiet: bool) -> None:
    """Render every scene of FOLDER (by default the built-in ones) as GIF and PNG, and write index.html beside them."""
    from convanim.catalogue import built_in, built_in_stacks, scene_files
    from convanim.site import PAGE, write_gallery

    try:
        files = scene_files(folder) if folder else built_in() | built_in_stacks()
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None
    if not files:
        raise click.UsageError(f"{folder} holds no scene files (*.toml, *.json)")
    scenes = _loaded(files)
    _say_notices(scenes, quiet=quiet)
    sources = {name: str(path) for name, path in files.items()} if folder else {}
    jobs = min(jobs, len(scenes))
    pool: AbstractContextManager[Executor | None] = nullcontext()
    if jobs > 1:
        pool = ProcessPoolExecutor(jobs, initializer=ignore_notices)
    bar = click.progressbar(
        length=len(scenes),
        label="Rendering",
        file=sys.stderr,
        hidden=quiet or not sys.stderr.isatty(),
        item_show_func=lambda name: name,
    )
    with pool as executor, notices_as_lines(quiet=True), bar:
        write_gallery(scenes, output, executor, sources=sources, overwrite=force, done=lambda name: bar.update(1, name))
    if not quiet:
        figures = "1 figure" if len(scenes) == 1 else f"{len(scenes)} figures"
        click.echo(f"{figures} in {output}; open {output / PAGE}", file=sys.stderr)


def _loaded(files: Mapping[str, Path]) -> dict[str, Scene | Comparison | Stack]:
    """Every scene; what is wrong with any of them is said of all at once."""
    from convanim.scene.files import load_figure

    scenes: dict[str, Scene | Comparison | Stack] = {}
    faults: list[Problem] = []
    for name, path in files.items():
        try:
            scenes[name] = load_figure(path)
        except SceneError as fault:
            faults += [problem._replace(field=f"{path}: {problem.field}") for problem in fault.problems]
        except OSError as fault:
            raise click.UsageError(f"{path}: {(fault.strerror or str(fault)).lower()}") from None
    if faults:
        raise SceneError(faults)
    return scenes


def _say_notices(scenes: Mapping[str, Scene | Comparison | Stack], *, quiet: bool) -> None:
    from convanim.drawing import steps_shown
    from convanim.scene.comparison import Comparison

    for name, figure in scenes.items():
        with notices_as_lines(quiet=quiet, prefix=f"{name}: "):
            for scene in figure.scenes if isinstance(figure, Comparison) else (figure,):
                steps_shown(scene)
