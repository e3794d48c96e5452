"""PNG: one step as a still, in the exact colours (a palette where 256 are enough), with its scene and alternative text inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import BinaryIO

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from convanim.draw.raster import Film, Frame
from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import Finish
from convanim.formats import Said

_NOTE = "convanim"
_LEVEL = 7  # a few per cent larger than 9 makes it, in a sixth of the time


def write(board: Storyboard, finish: Finish, note: str, stream: BinaryIO) -> None:
    """Write the last step."""
    film = Film(board, finish, limit=None)
    for frame in film:
        last = frame
    stream.write(_encoded(last, film, texts(board, note), finish.dpi))


def stills(board: Storyboard, finish: Finish, said: Iterable[Said]) -> Iterator[bytes]:
    """Every step as the bytes of a file, in order, each with what is said of it."""
    film = Film(board, finish, limit=None)
    for frame, (note, alternative) in zip(film, said, strict=True):
        yield _encoded(frame, film, texts(board, note) | {"Description": alternative}, finish.dpi)


def note_in(stream: BinaryIO) -> str:
    """The scene in a PNG's text; empty if there is none."""
    with Image.open(stream, formats=["PNG"]) as image:
        if _NOTE not in image.info:
            image.load()  # texts may come after the picture
        return str(image.info.get(_NOTE, ""))


def texts(board: Storyboard, note: str) -> dict[str, str]:
    """What a PNG says of itself, by keyword."""
    return {_NOTE: note, "Title": board.title, "Description": board.alternative}


def _encoded(frame: Frame, film: Film, said: Mapping[str, str], dpi: int | None) -> bytes:
    if frame.image.dtype == np.uint8:
        image = Image.fromarray(frame.image)
        image.putpalette([part for colour in film.colours for part in colour])
    else:
        image = Image.fromarray(np.array(film.colours, dtype=np.uint8).take(frame.image, axis=0))
        if film.clear is not None:
            image.putalpha(Image.fromarray(np.where(frame.image == film.clear, 0, 255).astype(np.uint8)))
    info = PngInfo()
    for key, text in said.items():
        info.add_itxt(key, text)
    stream = BytesIO()
    clear = {"transparency": film.clear} if film.clear is not None and image.mode == "P" else {}
    paper = {"dpi": (dpi, dpi)} if dpi else {}
    image.save(stream, "PNG", pnginfo=info, compress_level=_LEVEL, **clear, **paper)
    return stream.getvalue()
