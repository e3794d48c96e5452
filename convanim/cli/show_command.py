"""`convanim show`: a built-in file, the scene that a figure carries, or those of a deck."""

from __future__ import annotations

from pathlib import Path

import click

from convanim.cli.scenes import complete_scenes, mapping_of


@click.command("show")
@click.argument("name", metavar="NAME|FILE", shell_complete=complete_scenes)
def command(name: str) -> None:
    """Print a built-in scene or stack, a checked scene file, or the scene inside a figure or deck that convanim made."""
    from convanim.catalogue import built_in, built_in_stacks
    from convanim.scene.files import figure_to_toml, read_figure

    slides = _slides_of_deck(Path(name))
    if len(slides) > 1:
        click.echo("\n".join(slides), nl=False)
        return
    _, where, mapping = mapping_of(name)
    values = mapping.get("values")
    names_files = isinstance(values, dict) and any(
        "image" in value for value in values.values() if isinstance(value, dict)
    )
    path = built_in().get(name) or built_in_stacks().get(name)
    if path and not Path(name).is_file() and not names_files:
        click.echo(path.read_text(encoding="utf-8"), nl=False)
    else:  # whole: the pictures that a scene file names are in it
        click.echo(figure_to_toml(read_figure(mapping, where)), nl=False)


def _slides_of_deck(path: Path) -> list[str]:
    """What is printed of each figure of a deck, under the number of its slide; nothing if that is no deck."""
    from convanim.formats import OPENING, formats_that_open
    from convanim.scene.files import figure_to_toml, parse_mapping, read_figure

    try:
        with path.open("rb") as stream:
            is_deck = any(row.ways for row in formats_that_open(stream.read(OPENING)))
    except OSError:
        return []
    if not is_deck:
        return []
    from convanim.reading import carried_texts

    where = str(path)
    return [
        f"# slide {carried.slide}\n{figure_to_toml(read_figure(parse_mapping(carried.text, where), where))}"
        for carried in carried_texts(path)
    ]
