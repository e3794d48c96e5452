"""Reading back the scene that a figure carries: a GIF's or a video's comment, a PNG's text, a WebP's source, an SVG's metadata.

A deck carries those of all its figures.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, NamedTuple

from PIL import Image, UnidentifiedImageError

from convanim import formats
from convanim.errors import Problem, SceneError
from convanim.scene import Scene
from convanim.scene.comparison import Comparison
from convanim.scene.files import parse_mapping, read_figure
from convanim.scene.stack import Stack


class Carried(NamedTuple):
    """The text of a scene that a file carries, and of which slide on, if it is a deck."""

    slide: int
    text: str


def carried_figure(path: Path) -> Scene | Comparison | Stack:
    """The scene, comparison or stack that made a figure. SceneError if the file is no picture or carries none; OSError if unreadable."""
    return read_figure(parse_mapping(carried_text(path), str(path)), str(path))


def carried_text(path: Path) -> str:
    """The text of the scene that a figure carries, or a deck of one. SceneError if a deck has more; errors as above."""
    found = carried_texts(path)
    if len(found) > 1:
        legal = "legal is a figure, or a deck of one; convanim show prints all"
        raise SceneError(Problem("file", f"a deck of {len(found)} figures", legal), str(path))
    return found[0].text


def carried_texts(path: Path) -> list[Carried]:
    """The texts of the scenes that a figure or a deck carries, one or more, in order; errors as above."""
    with path.open("rb") as stream:
        rows = formats.formats_that_open(stream.read(formats.OPENING))
        found = next(filter(None, (_notes(row, stream) for row in rows)), [])
    if not found:
        raise SceneError(Problem("file", "carries no scene", "legal are figures made by convanim"), str(path))
    return found


def _notes(row: formats.Format, stream: BinaryIO) -> list[Carried]:
    module = formats.module_of(row)
    stream.seek(0)
    try:
        notes = module.notes_in(stream) if row.ways else [(1, module.note_in(stream))]
    except (UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError):
        return []
    except OSError as fault:
        if fault.errno is not None:
            raise
        return []  # Pillow's word for a file cut short
    return [Carried(slide, str(text)) for slide, text in notes if text]
