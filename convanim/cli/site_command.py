"""`convanim site`: a folder of scenes as pages with players, for any host of plain files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from convanim.cli.folders import figures_in, pool, say_notices
from convanim.cli.notices import notices_as_lines


@click.command("site")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder to write into."
)
@click.option("--address", default="", metavar="URL", help="Where the site will be, for pictures beside links to it.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, metavar="N", help="Figures drawn at the same time.")
@click.option("-f", "--force", is_flag=True, help="Overwrite files that are not an earlier site's.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def command(folder: Path | None, output: Path, address: str, jobs: int, force: bool, quiet: bool) -> None:
    """Write a site of FOLDER's scenes (by default the built-in ones): a page with a player for each, and an index."""
    from convanim.site import INDEX, write_site

    if address and not address.startswith(("http://", "https://")):
        raise click.UsageError(f"--address: got {address}; legal is the site's address, https://…")
    figures, _ = figures_in(folder)
    say_notices(figures, quiet=quiet)
    hidden = quiet or not sys.stderr.isatty()
    bar = click.progressbar(
        length=len(figures), label="Writing", file=sys.stderr, hidden=hidden, item_show_func=lambda name: name
    )
    with pool(min(jobs, len(figures))) as executor, notices_as_lines(quiet=True), bar:
        write_site(figures, output, executor, address=address, overwrite=force, done=lambda name: bar.update(1, name))
    if not quiet:
        count = "1 figure" if len(figures) == 1 else f"{len(figures)} figures"
        click.echo(f"{count} in {output}; open {output / INDEX}", file=sys.stderr)
