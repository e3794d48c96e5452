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
import numpy.typing as npt
from PIL import Image

from convanim.draw.palette import Pixels
from convanim.draw.raster import Film
from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import Finish
from convanim.errors import FormatError

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
    shown: Pixels | None = None
    bits, unchanged = _bits(film), len(film.colours)
    for frame in film:
        if shown is None:
            shown = frame.image.copy()
            yield _image((0, 0), shown, bits), frame.duration
            continue
        left, top, right, bottom = frame.box
        area = np.s_[top:bottom, left:right]
        same = frame.image[area] == shown[area]
        rows, columns = _span(~same.all(axis=1)), _span(~same.all(axis=0))
        new, same = frame.image[area][rows, columns], same[rows, columns]
        shown[area] = frame.image[area]
        corner = left + columns.start, top + rows.start
        yield _image(corner, _thinned(new, same, unchanged), bits), frame.duration


def _thinned(pixels: Pixels, same: npt.NDArray[np.bool_], unchanged: int) -> Pixels:
    """The pixels with runs of unchanged ones made transparent, where that makes fewer runs for the coder.

    Transparency costs a change of colour at each end of a run. A run that has at most one change as it is, from the
    pixel before it to the pixel after it, keeps its colours.
    """
    flat, kept = pixels.ravel(), same.ravel()
    edges = np.flatnonzero(kept[1:] != kept[:-1]) + 1
    bounds = np.concatenate(([0], edges, [flat.size]))
    first = 0 if kept[0] else 1
    starts, ends = bounds[first:-1:2], bounds[first + 1 :: 2]
    changes = np.zeros(flat.size + 1, dtype=np.int32)  # how many there are before each pixel, and before the end
    np.cumsum(flat[1:] != flat[:-1], out=changes[1:-1])
    changes[-1] = changes[-2]
    drawn = np.ones(bounds.size - 1, dtype=bool)
    drawn[first::2] = changes[ends] - changes[np.maximum(starts - 1, 0)] <= 1
    thinned = np.full(flat.size, unchanged, dtype=np.uint8)
    np.copyto(thinned, flat, where=np.repeat(drawn, np.diff(bounds)))
    return thinned.reshape(pixels.shape)


def _span(changed: npt.NDArray[np.bool_]) -> slice:
    """From the first to the last that changed; one pixel if none did, so that the step stays a frame of its own."""
    at = np.flatnonzero(changed)
    return slice(int(at[0]), int(at[-1]) + 1) if at.size else slice(0, 1)


def _image(corner: tuple[int, int], pixels: Pixels, bits: int) -> bytes:
    height, width = pixels.shape
    place = b"".join(map(_short, (*corner, width, height)))
    coded = Image.fromarray(np.ascontiguousarray(pixels)).tobytes("gif", "L", bits, 0)
    return b"," + place + b"\0" + bytes([bits]) + coded + b"\0"


def _short(number: int) -> bytes:
    return number.to_bytes(2, "little")
