"""APNG and WebP as Pillow decodes them: every pixel of every step as drawn, with its exact time."""

import struct
import subprocess
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from convanim import Scene, load_scene, record, render, storyboard
from convanim.catalogue import built_in
from convanim.draw.raster import Film
from convanim.draw.storyboard import Grid, Step, Storyboard
from convanim.draw.theme import LIGHT, THEMES, Finish
from convanim.formats import apng, webp
from convanim.rendering import render_to
from tests import seen
from tests.formats.programs import tool
from tests.strategies import small_scenes

MODULES = {"apng": apng, "webp": webp}
both = pytest.mark.parametrize("suffix", MODULES)
SHADED = Scene(20, 3, values={"input": np.arange(400).reshape(20, 20).tolist()}, view={"colour": "value"})


def written(suffix, board):
    stream = BytesIO()
    MODULES[suffix].write(board, Finish(LIGHT), "", stream)
    stream.seek(0)
    return stream


def still_board(durations, plays=0):
    """A board on which nothing ever changes."""
    grid = Grid("canvas", (2, 2), (4, 4), (20, 0), (0, 20), ("input",) * 4)
    return Storyboard((48, 48), (grid,), [Step(n, time) for n, time in enumerate(durations)], plays=plays)


def assert_as_drawn(stream, scene, theme="light"):
    film = Film(storyboard(scene), Finish(THEMES[theme]), limit=None)
    colours = np.array(film.colours, dtype=np.uint8)
    with Image.open(stream) as image:
        pictures = [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(image)]
        assert image.size == film.size
    assert len(pictures) == len(film)
    for picture, frame in zip(pictures, film, strict=True):
        assert np.array_equal(picture[..., :3], colours.take(frame.image, axis=0))
        assert (picture[..., 3] == 255).all()


@both
@settings(max_examples=20, deadline=None)
@given(
    small_scenes(ops=("conv", "max_pool", "avg_pool")),
    st.sampled_from(["isometric", "numeric"]),
    st.sampled_from(list(THEMES)),
)
def test_decoded_pixels_are_the_drawn_ones(suffix, scene, kind, theme):
    scene = replace(scene, view={"kind": kind, "theme": theme})
    stream = BytesIO()
    render_to(scene, stream, suffix)
    stream.seek(0)
    assert_as_drawn(stream, scene, theme)


@both
def test_more_colours_than_a_gif_holds_are_all_there(suffix):
    scene = replace(SHADED, timing={"steps": "0:5"})
    assert len(Film(storyboard(scene), Finish(LIGHT), limit=None).colours) > 256
    stream = BytesIO()
    render_to(scene, stream, suffix)
    stream.seek(0)
    assert_as_drawn(stream, scene)


@pytest.mark.parametrize("scene", [Scene(4, 3), replace(SHADED, timing={"steps": "0:5"})], ids=["palette", "colours"])
def test_ffmpeg_decodes_the_apng_alike(scene, tmp_path):
    (path,) = render(scene, tmp_path / "x.apng")
    command = [tool("ffmpeg"), "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgba", "-vsync", "passthrough"]
    data = subprocess.run([*command, "-"], capture_output=True, check=True).stdout
    film = Film(storyboard(scene), Finish(LIGHT), limit=None)
    width, height = film.size
    decoded = np.frombuffer(data, dtype=np.uint8).reshape(-1, height, width, 4)
    assert len(decoded) == len(film)
    for picture, frame in zip(decoded, film, strict=True):
        assert np.array_equal(picture[..., :3], np.array(film.colours).take(frame.image, axis=0))


@both
def test_the_fourth_step_shades_the_cells_of_the_fourth_placement(suffix, tmp_path):
    scene = load_scene(built_in()["no_padding_strides_transposed"])
    (path,) = render(scene, tmp_path / f"x.{suffix}")
    board, placement = storyboard(scene), record(scene)[3]
    picture, _ = seen.frames(path)[3]
    assert seen.shaded_cells(picture, board, "canvas") == {tap.canvas for tap in placement.taps}
    assert seen.shaded_cells(picture, board, "output") == {placement.output}


@both
def test_equal_steps_stay_steps_of_their_own_with_their_own_times(suffix):
    durations = [100, 200, 333, 60_001, 20]
    with Image.open(written(suffix, still_board(durations))) as image:
        assert image.n_frames == 5
        assert [(frame.load(), frame.info["duration"])[1] for frame in ImageSequence.Iterator(image)] == durations


@both
@pytest.mark.parametrize("plays", [0, 1, 5, 65_535])
def test_it_plays_for_ever_or_n_times(suffix, plays):
    with Image.open(written(suffix, still_board([100, 100], plays))) as image:
        assert image.info["loop"] == plays


def chunks(data):
    """The chunks of a PNG."""
    position = 8
    while position < len(data):
        size, name = struct.unpack_from(">I4s", data, position)
        yield name, data[position + 8 : position + 8 + size]
        position += size + 12


def test_an_apngs_times_are_fractions_and_its_numbers_run_on():
    data = written("apng", still_board([333, 1000, 90_000])).getvalue()
    controls = [body for name, body in chunks(data) if name == b"fcTL"]
    assert [struct.unpack(">HH", body[20:24]) for body in controls] == [(333, 1000), (1, 1), (90, 1)]
    numbers = [struct.unpack(">I", body[:4])[0] for name, body in chunks(data) if name in {b"fcTL", b"fdAT"}]
    assert numbers == list(range(5))
    assert [name for name, _ in chunks(data)].count(b"IDAT") == 1


def test_an_apng_has_a_palette_where_it_can():
    for scene, kind in ((Scene(4, 3), 3), (replace(SHADED, timing={"steps": "0:2"}), 2)):
        stream = BytesIO()
        render_to(scene, stream, "apng")
        header = next(body for name, body in chunks(stream.getvalue()) if name == b"IHDR")
        assert header[9] == kind


@both
def test_only_what_changed_is_written(suffix):
    """A step's rectangle is smaller than the picture, and a step like the one before it costs next to nothing."""
    sizes = [len(written(suffix, still_board([100] * steps)).getvalue()) for steps in (1, 101)]
    assert (sizes[1] - sizes[0]) / 100 < 80
    stream = BytesIO()
    render_to(Scene(12, 3, view={"labels": False, "caption": False}), stream, suffix)
    one = BytesIO()
    render_to(Scene(12, 3, view={"labels": False, "caption": False}, timing={"steps": "0:1"}), one, suffix)
    assert len(stream.getvalue()) < 40 * len(one.getvalue())


def test_title_and_description_are_in_the_texts():
    board = replace(still_board([100]), title="a < b", alternative="c & d")
    with Image.open(written("apng", board)) as image:
        image.load()
        assert (image.info["Title"], image.info["Description"]) == ("a < b", "c & d")
    with Image.open(written("webp", board)) as image:
        assert "a &lt; b" in image.info["xmp"].decode()
        assert "c &amp; d" in image.info["xmp"].decode()


def test_frames_of_a_webp_begin_at_even_pixels_and_fill_its_size():
    data = written("webp", still_board([100, 100])).getvalue()
    assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8
    assert len(data) % 2 == 0
