"""WebP: lossless and moving, in the exact colours, every step a frame of its own with its exact duration.

The container is written here, as the WebP container specification (Google, RFC 9649) has it, since libwebp's own merges
equal frames; the lossless coder is Pillow's libwebp. Only the rectangle that changed is written, its unchanged pixels transparent
where that is smaller.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import BinaryIO
from xml.sax.saxutils import escape, unescape

import numpy as np
import numpy.typing as npt
from PIL import Image

from convanim.draw.raster import Film, size_of
from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import Finish
from convanim.errors import FormatError
from convanim.formats.changes import changes, laid_over

# libwebp's effort: what is above takes ten to a hundred times as long for 1 % at the most
_METHOD, _QUALITY = 3, 75
_LEAST, _MOST = 20, 2**24 - 1
_LONGEST_SIDE = 2**14 - 1
_GRAIN = 2  # frames begin at even pixels
_HAS_ALPHA, _HAS_XMP, _IS_ANIMATED = 0x10, 0x04, 0x02
_REPLACE, _OVER = 2, 0
_XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{alternative}</rdf:li></rdf:Alt></dc:description>
<dc:source>{note}</dc:source>
</rdf:Description></rdf:RDF></x:xmpmeta>
"""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write(board: Storyboard, finish: Finish, note: str, stream: BinaryIO) -> None:
    """Write the animation; the scene is its XMP source. FormatError as `refuse` has it."""
    refuse(board, finish)
    film = Film(board, finish, limit=None)
    width, height = film.size
    flags = _HAS_ALPHA | _HAS_XMP | _IS_ANIMATED
    parts = [
        _chunk(b"VP8X", bytes([flags, 0, 0, 0]) + _short(width - 1) + _short(height - 1)),
        _chunk(b"ANIM", bytes(4) + board.plays.to_bytes(2, "little")),
        *_frames(film),
        _chunk(b"XMP ", _xmp(board, note)),
    ]
    stream.write(_chunk(b"RIFF", b"WEBP" + b"".join(parts)))


def refuse(board: Storyboard, finish: Finish) -> None:
    """FormatError if the picture is larger than WebP can be, or a duration none that it can hold or browsers would show slower."""
    width, height = size_of(board, finish)
    if max(width, height) > _LONGEST_SIDE:
        raise FormatError(
            f"a WebP has {_LONGEST_SIDE} pixels a side at the most, not {width}×{height}; use a smaller cell or scale"
        )
    for step in board.steps:
        if not _LEAST <= step.duration <= _MOST:
            raise FormatError(f"a WebP shows a step for {_LEAST} to {_MOST} ms, not {step.duration} ms")


def note_in(stream: BinaryIO) -> str:
    """The source that a WebP's XMP names; empty if there is none."""
    with Image.open(stream, formats=["WEBP"]) as image:
        xmp = image.info.get("xmp", b"").decode(errors="replace")
    found = re.search(r"<dc:source>(.*?)</dc:source>", xmp, re.DOTALL)
    return unescape(found[1]) if found else ""


def _xmp(board: Storyboard, note: str) -> bytes:
    texts = {"title": board.title, "alternative": board.alternative, "note": note}
    return _XMP.format(**{name: escape(_NO_XML.sub(_as_toml, text)) for name, text in texts.items()}).encode()


def _as_toml(character: re.Match[str]) -> str:
    """A character that XML cannot have, as a scene's text may as well write it."""
    return f"\\u{ord(character[0]):04x}"


def _frames(film: Film) -> list[bytes]:
    """A chunk for each frame, encoded."""
    clear = len(film.colours) if film.clear is None else film.clear
    samples = np.zeros((clear + 1, 4), dtype=np.uint8)
    samples[:clear, :3], samples[:clear, 3] = film.colours[:clear], 255
    frames = []
    for change in changes(film, _GRAIN):
        pixels, is_over = laid_over(change, film)
        (left, top), (height, width) = change.corner, pixels.shape
        place = b"".join(map(_short, (left // _GRAIN, top // _GRAIN, width - 1, height - 1, change.duration)))
        frames.append(
            _chunk(b"ANMF", place + bytes([_OVER if is_over else _REPLACE]) + _picture(samples.take(pixels, axis=0)))
        )
    return frames


def _picture(samples: npt.NDArray[np.uint8]) -> bytes:
    """The chunk of one lossless picture, out of the file that Pillow makes of it."""
    stream = BytesIO()
    Image.fromarray(samples).save(stream, "WEBP", lossless=True, method=_METHOD, quality=_QUALITY)
    data = stream.getvalue()
    start = data.index(b"VP8L", 12) + 8
    return _chunk(b"VP8L", data[start : start + int.from_bytes(data[start - 4 : start], "little")])


def _chunk(name: bytes, data: bytes) -> bytes:
    """A chunk; what follows one begins at an even byte."""
    return name + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)


def _short(number: int) -> bytes:
    """Three bytes, as most numbers here have."""
    return number.to_bytes(3, "little")
