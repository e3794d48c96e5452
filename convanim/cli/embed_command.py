"""`convanim embed`: a figure's file in, the lines that show it out."""

from __future__ import annotations

import click

_LANGUAGES = ("markdown", "quarto", "html", "latex", "beamer")


@click.command("embed")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--in",
    "language",
    type=click.Choice(_LANGUAGES),
    default="markdown",
    show_default=True,
    help="What the lines are written in.",
)
def command(file: str, language: str) -> None:
    """Print the lines that show a figure's file on a page or a slide, with its size and its alternative text.

    \b
    convanim embed figure.gif --in quarto
    convanim embed frames.pdf --in latex     (made with --pages: plays in the PDF)
    convanim embed frames.pdf --in beamer    (each step a click)
    """
    from convanim.embedding import embedding

    click.echo(embedding(file, language), nl=False)
