"""Every pixel of every figure, as programs that share no code with this one decode it; and what is left to save."""

import os
import subprocess
import warnings
from dataclasses import replace
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image, ImageSequence

from convanim import load_figure, load_scene, render, storyboard
from convanim.catalogue import built_in
from convanim.draw.raster import Film
from convanim.drawing import drawing_of
from convanim.errors import Notice
from convanim.rendering import render_to
from tests.formats.programs import tool

FFMPEG = ("ffmpeg", "-v", "error", "-i", "{}", "-f", "rawvideo", "-pix_fmt", "rgb24", "-vsync", "passthrough", "-")
ORIGINAL = [name for name, path in built_in().items() if path.parent.name == "scenes" and "numerical" not in name]
MAGICK = ("convert", "{}", "-coalesce", "-depth", "8", "rgb:-")
ONE_THREAD = {"MAGICK_THREAD_LIMIT": "1"}  # more wait for each other, busily


class Drawn(NamedTuple):
    """A figure as drawn, once for all who decode it: its frames as indexes of its colours, and the file of it."""

    colours: np.ndarray
    frames: list[np.ndarray]
    path: Path


@pytest.fixture(scope="module", params=built_in())
def figure(request, tmp_path_factory):
    scene = load_figure(built_in()[request.param])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Notice)
        film = Film(storyboard(scene), drawing_of(scene, [None]).finish)
        stream = BytesIO()
        render_to(scene, stream, "gif")
    path = tmp_path_factory.mktemp(request.param) / "figure.gif"
    path.write_bytes(stream.getvalue())
    return Drawn(np.array(film.colours, dtype=np.uint8), [frame.image.copy() for frame in film], path)


def differing_frames(figure, decoded):
    """The numbers of the frames that are not as drawn; `decoded` gives each as an array, None when there is no more."""
    wrong = [
        number
        for number, image in enumerate(figure.frames)
        if not np.array_equal(next(decoded), figure.colours.take(image, axis=0))
    ]
    assert next(decoded) is None, "more frames than were drawn"
    return wrong


def piped(command, figure):
    """The frames that a program writes to its standard output, as raw RGB."""
    height, width = figure.frames[0].shape
    words = [tool(command[0]), *(word.format(figure.path) for word in command[1:])]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=os.environ | ONE_THREAD) as process:
        while len(data := process.stdout.read(width * height * 3)) == width * height * 3:
            yield np.frombuffer(data, dtype=np.uint8).reshape(height, width, 3)
        assert data == b"", "part of a frame"
        yield None
    assert process.returncode == 0


def test_pillow_decodes_every_pixel_as_drawn(figure):
    with Image.open(figure.path) as image:
        pictures = (np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image))
        assert differing_frames(figure, chain(pictures, [None])) == []


@pytest.mark.parametrize("command", [FFMPEG, MAGICK], ids=lambda command: command[0])
def test_others_decode_every_pixel_as_drawn(figure, command):
    assert differing_frames(figure, piped(command, figure)) == []


def optimised(path):
    """What an optimiser makes of a file's size, as a share of it."""
    smaller = path.with_name("smaller.gif")
    subprocess.run([tool("gifsicle"), "-O3", path, "-o", smaller], check=True)
    return smaller.stat().st_size / path.stat().st_size


@pytest.mark.parametrize("name", ORIGINAL)
def test_an_optimiser_takes_three_per_cent_off_the_plain_figures_at_the_most(name, tmp_path):
    scene = replace(load_scene(built_in()[name]), view={"look": "plain"})
    (path,) = render(scene, tmp_path / "figure.gif")
    assert optimised(path) >= 0.97


def test_an_optimiser_takes_five_per_cent_off_any_figure_at_the_most(figure):
    assert optimised(figure.path) >= 0.95
