"""`convanim gallery`: a folder of scenes rendered, and a page that shows them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from convanim.cli.folders import figures_in, pool, say_notices
from convanim.cli.notices import notices_as_lines


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
    from convanim.gallery import PAGE, write_gallery

    scenes, files = figures_in(folder)
    say_notices(scenes, quiet=quiet)
    sources = {name: str(path) for name, path in files.items()} if folder else {}
    bar = click.progressbar(
        length=len(scenes),
        label="Rendering",
        file=sys.stderr,
        hidden=quiet or not sys.stderr.isatty(),
        item_show_func=lambda name: name,
    )
    with pool(min(jobs, len(scenes))) as executor, notices_as_lines(quiet=True), bar:
        write_gallery(scenes, output, executor, sources=sources, overwrite=force, done=lambda name: bar.update(1, name))
    if not quiet:
        figures = "1 figure" if len(scenes) == 1 else f"{len(scenes)} figures"
        click.echo(f"{figures} in {output}; open {output / PAGE}", file=sys.stderr)
