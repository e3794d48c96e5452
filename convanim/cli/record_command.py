"""`convanim record`: the Recording of a scene as JSON, written out placement by placement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from convanim.cli.scenes import complete_scenes, scene_options, scenes_of, standard_output, written_in_options

if TYPE_CHECKING:
    from convanim.engine import Recording


_READABLE = 1_000_000


@click.command("record")
@click.argument("scene", required=False, shell_complete=complete_scenes)
@click.option("-o", "--output", default="-", type=click.Path(dir_okay=False, allow_dash=True), help="A file instead.")
@scene_options("values")
@click.option("--all", "every_one", is_flag=True, help="Print it however long it is.")
@click.option("-f", "--force", is_flag=True, help="Overwrite the file.")
def command(scene: str | None, output: str, every_one: bool, force: bool, **options: Any) -> None:
    """Print the exact computation as JSON: arrays, every placement with its taps, and a transpose's stamps."""
    from convanim.engine import record
    from convanim.writing import write_file

    if not output:
        raise click.UsageError("-o got an empty name; legal is a file, or -")
    (_, chosen), *_ = scenes_of((scene,) if scene else (), written_in_options(options), options.get("from_code"))
    taps = chosen.placements * chosen.out_channels * prod(axis.kernel for axis in chosen.axes)
    if chosen.has_kernel:
        taps *= chosen.in_channels // chosen.groups
    if taps > _READABLE and not every_one:
        raise click.UsageError(f"{taps:,} products are more than anyone reads; --all prints them")
    recording = record(chosen)

    def write(stream: BinaryIO) -> None:
        stream.writelines(part.encode() for part in json_parts(recording))

    if output == "-":
        write(standard_output())
        standard_output().flush()
    else:
        write_file(Path(output), write, overwrite=force)


def json_parts(recording: Recording) -> Iterator[str]:
    """The JSON text in parts, so that a long recording is never held as one."""
    from convanim.engine import plain

    for key, value in plain.head(recording).items():
        yield f'{"{" if key == "scene" else ","}\n"{key}": {json.dumps(value)}'
    channels = recording.output.shape[0] * recording.input.shape[0] > 1
    yield from _list_parts("placements", (plain.placement_to_dict(each, channels=channels) for each in recording))
    if len(recording.stamps):
        yield from _list_parts("stamps", (plain.stamp_to_dict(each, channels=channels) for each in recording.stamps))
    yield "\n}\n"


def _list_parts(key: str, items: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield f',\n"{key}": ['
    for number, item in enumerate(items):
        yield f"{',' if number else ''}\n{json.dumps(item)}"
    yield "\n]"
