"""Reading back the scene that a figure carries: a GIF's or a video's comment, a PNG's text, a WebP's source, an SVG's metadata."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, UnidentifiedImageError

from convanim import formats
from convanim.errors import Problem, SceneError
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
        row = formats.format_that_opens(stream.read(formats.OPENING))
        stream.seek(0)
        try:
            text = formats.module_of(row).note_in(stream) if row else ""
        except (UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError):
            text = ""
        except OSError as fault:
            if fault.errno is not None:
                raise
            text = ""  # Pillow's word for a file cut short
    if not text:
        raise SceneError(Problem("file", "carries no scene", "legal are figures made by convanim"), str(path))
    return str(text)
