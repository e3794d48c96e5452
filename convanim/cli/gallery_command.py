"""`convanim gallery`: a folder of scenes rendered, and a page that shows them."""

from __future__ import annotations

import sys
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click


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
    from convanim.library import built_in, scene_files
    from convanim.scene import load_scene
    from convanim.site import PAGE, write_gallery

    try:
        files = scene_files(folder) if folder else built_in()
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None
    if not files:
        raise click.UsageError(f"{folder} holds no scene files (*.toml)")
    scenes = {name: load_scene(path) for name, path in files.items()}
    sources = {name: str(path) for name, path in files.items()} if folder else {}
    quiet_bar = quiet or not sys.stderr.isatty()
    pool: AbstractContextManager[Executor | None] = ProcessPoolExecutor(jobs) if jobs > 1 else nullcontext()
    with pool as executor:
        bar = click.progressbar(
            length=len(scenes), label="Rendering", file=sys.stderr, hidden=quiet_bar, item_show_func=lambda name: name
        )
        with bar:
            write_gallery(
                scenes, output, executor, sources=sources, overwrite=force, done=lambda name: bar.update(1, name)
            )
    if not quiet:
        click.echo(f"{len(scenes)} figures in {output}; open {output / PAGE}", file=sys.stderr)
