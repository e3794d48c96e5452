"""APNG: a PNG that moves, in the exact colours, every step a frame of its own with its exact duration.

The container is written here, as the PNG specification (third edition, 2025) has it, since Pillow's writer merges equal
frames. Only the rectangle that changed is written, its unchanged pixels transparent where that is smaller.
"""

from __future__ import annotations

import zlib
from fractions import Fraction
from itertools import count
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from convanim.draw.raster import Film
from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import Finish
from convanim.errors import FormatError
from convanim.formats.changes import changes, laid_over
from convanim.formats.png import note_in, texts

__all__ = ["note_in", "refuse", "write"]

_LEVEL = 8  # 2 % larger than 9 makes it, in half the time
_LEAST, _MOST = 20, 2**16 - 1
_COLOURS, _PALETTE = 2, 3
_METRES_AN_INCH = 0.0254
_REPLACE, _OVER = b"\0\0", b"\0\1"


def write(board: Storyboard, finish: Finish, note: str, stream: BinaryIO) -> None:
    """Write the animation, with its scene and alternative text inside. FormatError as `refuse` has it."""
    refuse(board, finish)
    film = Film(board, finish, limit=None)
    coding, number = _coding(film), count()
    stream.write(b"\x89PNG\r\n\x1a\n")
    stream.write(_chunk(b"IHDR", _longs(*film.size) + bytes([8, coding.kind, 0, 0, 0])))
    stream.write(_chunk(b"acTL", _longs(len(film), board.plays)))
    if finish.dpi:
        stream.write(_chunk(b"pHYs", _longs(*[round(finish.dpi / _METRES_AN_INCH)] * 2) + b"\1"))
    stream.writelines(_chunk(name, data) for name, data in coding.chunks.items())
    for place, change in enumerate(changes(film)):
        pixels, is_over = laid_over(change, film)
        height, width = pixels.shape
        control = _longs(next(number), width, height, *change.corner) + _delay(change.duration)
        stream.write(_chunk(b"fcTL", control + (_OVER if is_over else _REPLACE)))
        data = zlib.compress(_lines(coding.samples.take(pixels, axis=0)), _LEVEL)
        if place:
            stream.write(_chunk(b"fdAT", _longs(next(number)) + data))
        else:
            stream.write(_chunk(b"IDAT", data) + _texts(board, note))
    stream.write(_chunk(b"IEND", b""))


def refuse(board: Storyboard, finish: Finish) -> None:  # noqa: ARG001 - as every format has it
    """FormatError if there is a duration that APNG cannot hold exactly, or browsers would show it slower."""
    for step in board.steps:
        _delay(step.duration)


def _texts(board: Storyboard, note: str) -> bytes:
    """The texts' chunks. They come after the first picture, since FFmpeg takes a file for a still that has much before it."""
    pairs = texts(board, note).items()
    return b"".join(_chunk(b"iTXt", key.encode() + b"\0\0\0\0\0" + text.encode()) for key, text in pairs)


def _delay(duration: int) -> bytes:
    """Milliseconds as a fraction of a second, of two bytes each."""
    seconds = Fraction(duration, 1000)
    if duration < _LEAST or seconds.numerator > _MOST:
        raise FormatError(
            f"an APNG holds no step of {duration} ms; legal are {_LEAST} to {_MOST} ms, and tens up to {_MOST * 10} ms"
        )
    return seconds.numerator.to_bytes(2, "big") + seconds.denominator.to_bytes(2, "big")


class _Coding(NamedTuple):
    """PNG's kind of colour, the sample or samples of each palette index, and the chunks that say what they mean."""

    kind: int
    samples: npt.NDArray[np.uint8]
    chunks: dict[bytes, bytes]


def _coding(film: Film) -> _Coding:
    """A palette where 256 entries are enough, else colours themselves, of which one that is not used is transparent."""
    clear = len(film.colours) if film.clear is None else film.clear
    colours = np.zeros((clear + 1, 3), dtype=np.uint8)
    colours[: len(film.colours)] = film.colours
    if clear < 256:
        opaque = bytes([255] * clear)
        return _Coding(
            _PALETTE, np.arange(clear + 1, dtype=np.uint8), {b"PLTE": colours.tobytes(), b"tRNS": opaque + b"\0"}
        )
    used = set(film.colours)
    colours[clear] = next(key for n in count() if (key := (n >> 16, n >> 8 & 255, n & 255)) not in used)
    return _Coding(_COLOURS, colours, {b"tRNS": b"".join(bytes([0, sample]) for sample in colours[clear])})


def _lines(samples: npt.NDArray[np.uint8]) -> bytes:
    """Scanlines, each after the number of its filter, which is none."""
    rows = samples.reshape(len(samples), -1)
    return np.pad(rows, ((0, 0), (1, 0))).tobytes()


def _chunk(name: bytes, data: bytes) -> bytes:
    return _longs(len(data)) + name + data + _longs(zlib.crc32(name + data))


def _longs(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in numbers)
