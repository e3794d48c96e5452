"""Reading back the scene that a figure carries: a GIF's comment, a PNG's text, an SVG's metadata."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, UnidentifiedImageError

from convanim.errors import Problem, SceneError
from convanim.formats import svg
from convanim.formats.png import NOTE_KEY
from convanim.scene import Scene
from convanim.scene.comparison import Comparison
from convanim.scene.files import parse_mapping, read_figure
from convanim.scene.stack import Stack


def carried_figure(path: Path) -> Scene | Comparison | Stack:
    """The scene, comparison or stack that made a figure. SceneError if the file is no picture or carries none; OSError if unreadable."""
    return read_figure(parse_mapping(carried_text(path), str(path)), str(path))


def carried_text(path: Path) -> str:
    """The text of the scene that a figure carries."""
    with path.open("rb") as stream:
        if stream.peek(len(svg.OPENINGS[-1])).startswith(svg.OPENINGS):
            return _expected(svg.note_in(stream), path)
    try:
        with Image.open(path) as image:
            note = image.info.get("comment", image.info.get(NOTE_KEY, ""))
    except (UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError):
        note = ""
    except OSError as fault:
        if fault.errno is not None:
            raise
        note = ""  # Pillow's word for a file cut short
    return _expected(note.decode(errors="replace") if isinstance(note, bytes) else str(note), path)


def _expected(text: str, path: Path) -> str:
    if not text:
        raise SceneError(Problem("file", "carries no scene", "legal are figures made by convanim"), str(path))
    return text
