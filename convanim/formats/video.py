"""Video: what MP4 and WebM share. Frames become planes of luma and chroma in BT.709, shown at their exact milliseconds.

PyAV is used as it is: imageio's writer over it has one rate for all frames, so no time is exact, and no say in how
colours become luma and chroma. The palette is converted here, colour by colour, so that no frame depends on a converter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from convanim.draw.palette import Pixels
from convanim.draw.raster import Film, size_of
from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import BACKGROUND, Finish
from convanim.errors import FormatError

Plane = npt.NDArray[np.uint8]
HALVED, WHOLE = "yuv420", "yuv444"
_TICK = Fraction(1, 1000)
_BT709, _LIMITED = 1, 1  # as ITU-T H.273 numbers them, but for the range, which has FFmpeg's number
_RED, _BLUE = 0.2126, 0.0722  # their shares of luma, as ITU-R BT.709 has them
_LONGEST_SIDE = 2**14


class Coding(NamedTuple):
    """A container, the encoder of what is in it, and the options of both, as FFmpeg names them."""

    container: str
    encoder: str
    options: Mapping[str, str]
    muxing: Mapping[str, str]


def write(board: Storyboard, finish: Finish, note: str, stream: BinaryIO, coding: Coding) -> None:
    """Write the video, the scene as its comment. It is made in a file, since its parts are put in order at the end."""
    film = Film(board, finish, limit=None)
    with TemporaryDirectory(prefix="convanim-") as folder:
        path = Path(folder) / f"video.{coding.container}"
        _encode(film, finish, {"title": board.title, "description": board.alternative, "comment": note}, path, coding)
        with path.open("rb") as made:
            copyfileobj(made, stream)


def refuse(board: Storyboard, finish: Finish, name: str) -> None:
    """FormatError if the picture is larger than players show, or a step has no time."""
    width, height = size_of(board, finish)
    if max(width, height) > _LONGEST_SIDE:
        raise FormatError(
            f"{name} has {_LONGEST_SIDE} pixels a side at the most, not {width}×{height}; use a smaller cell or scale"
        )
    for step in board.steps:
        if step.duration < 1:
            raise FormatError(f"{name} shows a step for 1 ms or more, not {step.duration} ms")


def _encode(film: Film, finish: Finish, texts: Mapping[str, str], path: Path, coding: Coding) -> None:
    import av  # noqa: PLC0415 - the extra that brings it may be missing

    if coding.encoder not in av.codecs_available:
        raise FormatError(
            f"this PyAV has no {coding.encoder}; the one on PyPI has it: pip install --force-reinstall av"
        )
    try:
        with av.open(str(path), "w", format=coding.container, options=dict(coding.muxing)) as container:
            container.metadata.update({key: text for key, text in texts.items() if text})
            for packet in _packets(container, film, finish, coding):
                container.mux(packet)
    except av.FFmpegError as fault:
        if isinstance(fault, OSError):
            raise
        raise FormatError(f"{coding.encoder} cannot encode this: {fault.strerror}") from None


def _packets(container: Any, film: Film, finish: Finish, coding: Coding) -> Iterator[Any]:
    """Each frame encoded, with its time."""
    import av  # noqa: PLC0415

    width, height = (length + length % 2 for length in film.size)
    usual = 1 / (film.board.steps[0].duration * _TICK)
    video = container.add_stream(coding.encoder, rate=usual, options=dict(coding.options))
    video.width, video.height, video.pix_fmt = width, height, _pixel_format(film, finish)
    video.time_base = video.codec_context.time_base = _TICK
    video.codec_context.thread_count = 1  # more would give other bytes, and these pictures are small
    video.codec_context.max_b_frames = 0  # which save nothing here, and whose order players must untangle
    video.color_range = _LIMITED
    video.colorspace = video.color_primaries = video.color_trc = _BT709
    durations: dict[int, int] = {}
    begin = 0
    for planes, duration in _planes(film, finish):
        frame: Any = av.VideoFrame(width, height, video.pix_fmt)
        for plane, samples in zip(frame.planes, planes, strict=True):
            lines = np.frombuffer(plane, dtype=np.uint8).reshape(plane.height, plane.line_size)
            lines[:, : plane.width] = samples
        frame.pts, frame.time_base = begin, _TICK
        durations[begin] = duration
        begin += duration
        yield from _timed(video.encode(frame), durations)
    yield from _timed(video.encode(None), durations)


def _timed(packets: Iterable[Any], durations: dict[int, int]) -> Iterator[Any]:
    """Packets with their frames' durations, which encoders do not keep."""
    for packet in packets:
        packet.duration = durations.pop(packet.pts)
        yield packet


def _pixel_format(film: Film, finish: Finish) -> str:
    alpha = "" if film.clear is None else "a"
    return finish.pixel_format.replace("yuv", f"yuv{alpha}") + "p"


def _planes(film: Film, finish: Finish) -> Iterator[tuple[list[Plane], int]]:
    """Each frame's planes of luma, blue and red difference (and alpha), of even size, and its duration."""
    luma, blue, red = _converted(film.colours)
    ground = film.clear
    if ground is None:
        ground = film.colours.index(finish.theme.fills[BACKGROUND])
    is_whole = finish.pixel_format == WHOLE
    width, height = film.size
    for frame in film:
        image = np.pad(frame.image, ((0, height % 2), (0, width % 2)), constant_values=ground)
        planes = [
            luma.take(image),
            *(chroma.take(image) if is_whole else _halved(chroma, image) for chroma in (blue, red)),
        ]
        if film.clear is not None:
            planes.append(np.where(image == film.clear, 0, 255).astype(np.uint8))
        yield planes, frame.duration


def _converted(colours: tuple[tuple[int, int, int], ...]) -> tuple[Plane, Plane, Plane]:
    """Luma and both chromas of some colours, in the limited range of BT.709."""
    red, green, blue = np.array(colours, dtype=float).T / 255
    luma = _RED * red + (1 - _RED - _BLUE) * green + _BLUE * blue
    by_blue, by_red = (blue - luma) / (2 - 2 * _BLUE), (red - luma) / (2 - 2 * _RED)
    return _rounded(16 + 219 * luma), _rounded(128 + 224 * by_blue), _rounded(128 + 224 * by_red)


def _rounded(samples: npt.NDArray[np.float64]) -> Plane:
    return np.round(samples).astype(np.uint8)


def _halved(chroma: Plane, image: Pixels) -> Plane:
    """Chroma at half the width and height, sampled where players take it to be: at even columns, between two rows."""
    samples = chroma.astype(np.uint16).take(image)
    rows = samples[::2] + samples[1::2]
    before = np.concatenate([rows[:, :1], rows[:, 1:-1:2]], axis=1)
    halved: Plane = ((before + 2 * rows[:, ::2] + rows[:, 1::2] + 4) >> 3).astype(np.uint8)
    return halved
