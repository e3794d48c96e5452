"""WebM: VP9 video, for pages; on a transparent ground too, which browsers with VP9's alpha show (Chromium, Firefox)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import Finish
from convanim.errors import FormatError
from convanim.formats import video

# with quality 16 flat colours are within 6 of 255, and 12 % more bytes bring no more than 5; effort 1 takes 5 % less in half
# as much time again
_CODING = video.Coding(
    "webm",
    "libvpx-vp9",
    {"crf": "16", "b": "0", "deadline": "good", "cpu-used": "2"},
    {"fflags": "+bitexact"},  # else every file has a number of its own
)
_SEGMENT, _TAGS, _TAG, _PAIR = b"\x18\x53\x80\x67", b"\x12\x54\xc3\x67", b"\x73\x73", b"\x67\xc8"
_NAME, _TEXT = b"\x45\xa3", b"\x44\x87"
_LONGEST = 2**26


def write(board: Storyboard, finish: Finish, note: str, stream: BinaryIO) -> None:
    """Write the video; the scene is its comment. FormatError as `refuse` has it."""
    refuse(board, finish)
    video.write(board, finish, note, stream, _CODING)


def refuse(board: Storyboard, finish: Finish) -> None:
    """FormatError if the ground is transparent and colour is to be whole, or as `video.refuse` has it."""
    if finish.transparent and finish.pixel_format != video.HALVED:
        raise FormatError(
            f"a WebM in {finish.pixel_format} has no transparent ground; legal is {video.HALVED}, or the theme's ground"
        )
    video.refuse(board, finish, "a WebM")


def note_in(stream: BinaryIO) -> str:
    """The comment of a WebM; empty if there is none."""
    for segment in _parts(stream, (0, stream.seek(0, 2)), _SEGMENT):
        for tags in _parts(stream, segment, _TAGS):
            for tag in _parts(stream, tags, _TAG):
                for pair in _parts(stream, tag, _PAIR):
                    names = [_read(stream, at) for at in _parts(stream, pair, _NAME)]
                    texts = [_read(stream, at) for at in _parts(stream, pair, _TEXT)]
                    if names == [b"COMMENT"] and texts:
                        return texts[0].decode(errors="replace")
    return ""


def _parts(stream: BinaryIO, within: tuple[int, int], wanted: bytes) -> Iterator[tuple[int, int]]:
    """Where the elements of one name among those in a stretch of the file begin and end, without their heads."""
    position, end = within
    while position < end:
        stream.seek(position)
        name, length = _number(stream, is_name=True), _number(stream)
        start = stream.tell()
        stop = min(start + int.from_bytes(length), end)
        if not name or not length:
            return
        if name == wanted:
            yield start, stop
        position = stop


def _number(stream: BinaryIO, *, is_name: bool = False) -> bytes:
    """EBML's number of a variable length, whose first byte says how many follow; in a name that mark stays."""
    first = stream.read(1)
    if not first or not first[0]:
        return b""
    following = 8 - first[0].bit_length()
    mark = 0 if is_name else 0x80 >> following
    return bytes([first[0] ^ mark]) + stream.read(following)


def _read(stream: BinaryIO, within: tuple[int, int]) -> bytes:
    start, end = within
    stream.seek(start)
    return stream.read(min(end - start, _LONGEST))
