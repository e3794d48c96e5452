"""`convanim deck`: scenes in, one file of slides out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from convanim.cli.notices import notices_as_lines, say_unused
from convanim.cli.scenes import (
    complete_scenes,
    figures_of,
    scene_options,
    steps_options,
    trace_option,
    written_in_options,
)
from convanim.errors import SceneError
from convanim.formats import DECKS, FORMATS, deck_of

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


_UNUSED, _UNUSED_IN_VECTORS = ("pages", "outlined", "pixel_format"), ("width", "dpi", "scale")
_WAYS = tuple(dict.fromkeys(way for row in DECKS.values() for way in row.ways))


def _complete_ways(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ways of the format that is asked for already, else all."""
    from click.shell_completion import CompletionItem

    row = DECKS.get(Path(ctx.params.get("output") or "").suffix.lstrip(".").lower())
    return [CompletionItem(way) for way in (row.ways if row else _WAYS) if way.startswith(incomplete)]


def _legal_ways() -> str:
    return "; ".join(f"in {row.suffix} {' or '.join(row.ways)}" for row in DECKS.values())


def _say_unused(view: dict[str, Any], way: str) -> None:
    """A line for each option of which slides take no notice."""
    for name in (*_UNUSED, *(() if way in FORMATS else _UNUSED_IN_VECTORS)):
        if view.get(name):
            say_unused(name, "in a deck" if name in _UNUSED else "on slides that are drawn sharp at any size")


@click.command("deck")
@click.argument("scenes", nargs=-1, metavar="[SCENE]...", shell_complete=complete_scenes)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help=f"Where to write: {', '.join(DECKS)}.",
)
@click.option(
    "--as",
    "way",
    metavar="|".join(_WAYS),
    default="",
    shell_complete=_complete_ways,
    help=f"What slides hold: {_legal_ways()}.",
)
@click.option("--deck-title", metavar="TEXT", default="", help="The deck's title, by default the first figure's.")
@scene_options("values", "view", "timing")
@steps_options
@trace_option
@click.option("-f", "--force", is_flag=True, help="Overwrite the file.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def command(
    scenes: tuple[str, ...], output: str, way: str, deck_title: str, force: bool, quiet: bool, **options: Any
) -> None:
    """Make slides for a talk: a slide for each scene, that moves or is stepped through with the presenter's clicker.

    \b
    convanim deck 01_output_size 05a_stamping -o talk.html
    convanim deck 01_output_size 05a_stamping -o talk.pptx
    convanim deck 01_output_size --as shapes -o steps.pptx
    convanim deck --input 5 --kernel 3 --stride 2 --view numeric -o one.html
    """
    from convanim.rendering import render_deck

    chosen = list(figures_of(scenes, written_in_options(options), options.get("from_code")))
    with notices_as_lines(quiet=quiet):
        try:
            path = render_deck([figure for _, figure in chosen], Path(output), deck_title, way, overwrite=force)
        except SceneError as fault:
            raise fault.at(fault.where or (chosen[0][0] if len(scenes) == 1 else "")) from None
    if not quiet:
        _say_unused(written_in_options(options).get("view", {}), way or deck_of(path.suffix).ways[0])
        figures = "1 figure" if len(chosen) == 1 else f"{len(chosen)} figures"
        click.echo(f"{path}: {path.stat().st_size:,} bytes, {figures}", file=sys.stderr)
