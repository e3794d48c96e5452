"""MP4: H.264 video, which slides, editors and every browser play. Its index comes first, so that it plays while it loads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import Finish
from convanim.errors import FormatError
from convanim.formats import video

# with quality 16 flat colours are within 3 of 255; preset veryslow alone refers to more frames than small players hold
# the AVX-512 code of mbtree gives other bytes now and then, and psy-rd adds the grain of films: both are off
_CODING = video.Coding(
    "mp4",
    "libx264",
    {"crf": "16", "preset": "veryslow", "refs": "8", "mbtree": "0", "psy-rd": "0:0"},
    {"movflags": "+faststart", "fflags": "+bitexact", "video_track_timescale": "1000"},
)
_TO_COMMENT = (b"moov", b"udta", b"meta", b"ilst", b"\xa9cmt", b"data")
_FLAGS = {b"meta": 4, b"data": 8}  # what comes before a box's content: version and flags, kind and language
_LONG_HEAD = 16
_LONGEST = 2**26


def write(board: Storyboard, finish: Finish, note: str, stream: BinaryIO) -> None:
    """Write the video; the scene is its comment. FormatError as `refuse` has it."""
    refuse(board, finish)
    video.write(board, finish, note, stream, _CODING)


def refuse(board: Storyboard, finish: Finish) -> None:
    """FormatError if the ground is transparent, or as `video.refuse` has it."""
    if finish.transparent:
        raise FormatError(
            "an MP4 has no transparent ground; legal are gif, png, apng, webp and webm, or the theme's ground"
        )
    video.refuse(board, finish, "an MP4")


def note_in(stream: BinaryIO) -> str:
    """The comment of an MP4; empty if there is none."""
    within = (0, stream.seek(0, 2))
    for wanted in _TO_COMMENT:
        found = next((place for name, place in _boxes(stream, within) if name == wanted), None)
        if found is None:
            return ""
        within = (found[0] + _FLAGS.get(wanted, 0), found[1])
    stream.seek(within[0])
    return stream.read(min(max(within[1] - within[0], 0), _LONGEST)).decode(errors="replace")


def _boxes(stream: BinaryIO, within: tuple[int, int]) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """The names of the boxes in a stretch of the file, and where their content begins and ends."""
    position, end = within
    while position + 8 <= end:
        stream.seek(position)
        head = stream.read(_LONG_HEAD)
        size, name, content = int.from_bytes(head[:4]), head[4:8], position + 8
        if size == 1:
            size, content = int.from_bytes(head[8:]), position + _LONG_HEAD
        stop = min(position + size, end) if size else end  # no size: to the end
        if stop < content:
            return
        yield name, (content, stop)
        position = stop
