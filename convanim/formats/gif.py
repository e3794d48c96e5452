"""GIF: one global palette, one image a step, nothing merged, decoded pixels equal to the drawn ones.

The container is written here, frame by frame, as the GIF89a specification (CompuServe, 1990) has it; the LZW
coder is Pillow's. Only what changed is written, and unchanged pixels in it are transparent where that is smaller. Where
the ground is transparent, every frame is written whole and cleared before the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, log2
from typing import BinaryIO

import numpy as np
from PIL import Image

from convanim.draw.palette import Pixels
from convanim.draw.raster import Film
from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import Finish
from convanim.errors import FormatError
from convanim.formats.changes import changes, thinned

_TICK = 10
_LEAST, _MOST = 20, 655_350
_KEEP, _CLEAR = 1, 2


def write(board: Storyboard, finish: Finish, note: str, stream: BinaryIO) -> None:
    """Write the animation; `note` becomes the file's comment. FormatError if a duration is none that GIF can hold."""
    film, clock = Film(board, finish), Clock()
    stream.write(_header(film))
    if board.plays != 1:
        stream.write(_loop(max(board.plays - 1, 0)))
    stream.write(_comment(note))
    for image, duration in _images(film) if film.clear is None else _whole_images(film):
        stream.write(_control(clock.delay(duration), film))
        stream.write(image)
    stream.write(b";")


def note_in(stream: BinaryIO) -> str:
    """The comment of a GIF; empty if there is none."""
    with Image.open(stream, formats=["GIF"]) as image:
        comment: bytes = image.info.get("comment", b"")
    return comment.decode(errors="replace")


class Clock:
    """Milliseconds as GIF's hundredths of a second; what rounding takes from one step it gives to the next."""

    def __init__(self) -> None:
        self._elapsed = self._ticks = 0

    def delay(self, duration: int) -> int:
        """The next step's. FormatError if GIF cannot hold it, or browsers would show it slower."""
        if not _LEAST <= duration <= _MOST:
            raise FormatError(f"a GIF shows a step for {_LEAST} to {_MOST} ms, not {duration} ms")
        before, self._elapsed = self._ticks, self._elapsed + duration
        self._ticks = round(self._elapsed / _TICK)
        return self._ticks - before


def _header(film: Film) -> bytes:
    """Signature, screen and global palette: the film's colours, and one index more that means "unchanged"."""
    bits = _bits(film)
    width, height = film.size
    screen = _short(width) + _short(height) + bytes([0x80 | 0x70 | (bits - 1), 0, 0])
    colours = b"".join(bytes(colour) for colour in film.colours)
    return b"GIF89a" + screen + colours.ljust(3 << bits, b"\0")


def _bits(film: Film) -> int:
    return max(ceil(log2(len(film.colours) + 1)), 2)


def _loop(again: int) -> bytes:
    """The application extension that browsers read: how often to play again after the first time, 0 for ever."""
    return b"!\xff\x0bNETSCAPE2.0\x03\x01" + _short(again) + b"\0"


def _comment(note: str) -> bytes:
    encoded = note.encode()
    blocks = (encoded[start : start + 255] for start in range(0, len(encoded), 255))
    return b"!\xfe" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0" if note else b""


def _control(delay: int, film: Film) -> bytes:
    """What becomes of an image when the next one comes, how long it stays, and which index shows what is below it."""
    disposal, through = (_KEEP, len(film.colours)) if film.clear is None else (_CLEAR, film.clear)
    return b"!\xf9\x04" + bytes([disposal << 2 | 1]) + _short(delay) + bytes([through, 0])


def _whole_images(film: Film) -> Iterator[tuple[bytes, int]]:
    """Each frame as a whole, since on a transparent ground a pixel can be taken away by clearing all of them alone."""
    for frame in film:
        yield _image((0, 0), frame.image, _bits(film)), frame.duration


def _images(film: Film) -> Iterator[tuple[bytes, int]]:
    """Each frame's image block, the rectangle that differs from the frame before, and its duration."""
    bits, unchanged = _bits(film), len(film.colours)
    for change in changes(film):
        yield _image(change.corner, thinned(change.pixels, change.same, unchanged), bits), change.duration


def _image(corner: tuple[int, int], pixels: Pixels, bits: int) -> bytes:
    height, width = pixels.shape
    place = b"".join(map(_short, (*corner, width, height)))
    coded = Image.fromarray(np.ascontiguousarray(pixels)).tobytes("gif", "L", bits, 0)
    return b"," + place + b"\0" + bytes([bits]) + coded + b"\0"


def _short(number: int) -> bytes:
    return number.to_bytes(2, "little")
