"""A transparent ground: what no fill covers shows the page, frame by frame, and nothing else does."""

import subprocess
import warnings
from dataclasses import replace
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageSequence

from convanim import Scene, storyboard
from convanim.draw.palette import COLOUR_LIMIT
from convanim.draw.raster import Film
from convanim.draw.theme import THEMES, Finish
from convanim.rendering import render_to
from tests.formats.programs import tool

CLEAR = {"background": "transparent"}
SCENES = [
    Scene(4, 3, padding=1, view=CLEAR),
    Scene(3, 3, stride=2, transposed=True, view=CLEAR | {"theme": "dark"}),
    Scene(4, 2, padding=1, view=CLEAR | {"kind": "numeric"}),
    Scene([6], 3, padding="causal", view=CLEAR | {"kind": "line", "theme": "print"}),
    Scene(2, 2, stride=2, transposed=True, view=CLEAR | {"look": "plain"}),
]
scenes = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.view.kind} {scene.view.theme}")


def drawn(scene, *, transparent=True, limit=COLOUR_LIMIT):
    film, images = film_of(scene, transparent, limit)
    pixels = np.array(film.colours, dtype=np.uint8)
    return film, [(pixels.take(image, axis=0), image == film.clear) for image in images]


@cache
def film_of(scene, transparent, limit):
    film = Film(storyboard(scene), Finish(THEMES[scene.view.theme], scene.view.scale, transparent=transparent), limit)
    return film, [frame.image.copy() for frame in film]


def file_of(scene, suffix):
    return BytesIO(bytes_of(scene, suffix))


@cache
def bytes_of(scene, suffix):
    stream = BytesIO()
    render_to(scene, stream, suffix)
    return stream.getvalue()


def assert_as_drawn(decoded, frames):
    """Pictures in RGBA show the frames: opaque pixels in their colours, all others clear."""
    assert len(decoded) == len(frames)
    for picture, (colours, clear) in zip(decoded, frames, strict=True):
        assert np.array_equal(picture[..., 3], np.where(clear, 0, 255))
        assert np.array_equal(picture[..., :3][~clear], colours[~clear])


@scenes
def test_a_gif_shows_each_frame_and_nothing_of_the_one_before(scene):
    film, frames = drawn(scene)
    assert len(film.colours) <= COLOUR_LIMIT
    with Image.open(file_of(scene, "gif")) as image:
        decoded = [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(image)]
    assert_as_drawn(decoded, frames)


@scenes
@pytest.mark.parametrize("suffix", ["apng", "webp"])
def test_so_do_formats_of_any_number_of_colours(scene, suffix):
    _, frames = drawn(scene, limit=None)
    with Image.open(file_of(scene, suffix)) as image:
        decoded = [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(image)]
    assert_as_drawn(decoded, frames)


@scenes
def test_a_webm_is_clear_where_nothing_is_drawn(scene, tmp_path):
    film, frames = drawn(scene, limit=None)
    path = tmp_path / "figure.webm"
    path.write_bytes(bytes_of(scene, "webm"))
    command = [tool("ffmpeg"), "-v", "error", "-c:v", "libvpx-vp9", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgba"]
    data = subprocess.run([*command, "-vsync", "passthrough", "-"], capture_output=True, check=True).stdout
    width, height = film.size
    decoded = np.frombuffer(data, dtype=np.uint8).reshape(-1, height + height % 2, width + width % 2, 4)
    assert len(decoded) == len(frames)
    for picture, (colours, clear) in zip(decoded, frames, strict=True):
        opacity, seen = picture[:height, :width, 3].astype(int), picture[:height, :width, :3].astype(int)
        assert np.mean(np.abs(opacity - np.where(clear, 0, 255))) < 1
        assert np.mean(np.abs(seen - colours)[~clear]) < 4
        assert (picture[height:, :, 3] < 8).all()  # what makes the size even is clear too
        assert (picture[:, width:, 3] < 8).all()


@scenes
def test_ffmpeg_reads_the_gif_alike(scene, tmp_path):
    film, frames = drawn(scene)
    path = tmp_path / "figure.gif"
    path.write_bytes(bytes_of(scene, "gif"))
    command = [
        tool("ffmpeg"),
        "-v",
        "error",
        "-i",
        path,
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgba",
        "-vsync",
        "passthrough",
        "-",
    ]
    data = subprocess.run(command, capture_output=True, check=True).stdout
    width, height = film.size
    decoded = np.frombuffer(data, dtype=np.uint8).reshape(-1, height, width, 4)
    assert_as_drawn(decoded, frames)


@scenes
def test_a_png_shows_the_last_frame(scene):
    _, frames = drawn(scene, limit=None)
    with Image.open(file_of(scene, "png")) as image:
        assert_as_drawn([np.asarray(image.convert("RGBA"))], frames[-1:])


@scenes
def test_on_a_page_of_the_themes_ground_it_looks_as_if_it_were_not_transparent(scene):
    _, frames = drawn(scene)
    _, opaque = drawn(scene, transparent=False)
    for (colours, clear), (same, _) in zip(frames, opaque, strict=True):
        assert np.array_equal(colours, same)  # a transparent pixel has the ground's colour here
        assert (colours[clear] == THEMES[scene.view.theme].fills["background"]).all()
        assert clear[0].all()
        assert clear[:, 0].all()


def test_white_text_on_a_dark_cell_is_no_hole():
    scene = SCENES[2]
    board = storyboard(scene)
    film, frames = drawn(scene)
    ground = THEMES["light"].fills["background"]
    x, y = (round(part) for part in board.grid("canvas").point(1.5, 1.5))
    colours, clear = frames[0]
    around = np.s_[y - 10 : y + 10, x - 10 : x + 10]
    assert (colours[around] == ground).all(axis=-1).any()
    assert not clear[around].any()
    assert film.colours[-1] == ground


def test_padding_is_unfilled_until_the_kernel_covers_it():
    board = storyboard(SCENES[0])
    _, frames = drawn(SCENES[0])
    x, y = (round(part) for part in board.grid("canvas").point(0.5, 0.5))
    assert not frames[0][1][y, x]
    assert frames[-1][1][y, x]


def test_a_shaded_picture_in_many_colours_is_transparent_around_it():
    values = {"input": np.arange(400).reshape(20, 20).tolist()}
    scene = Scene(20, 3, values=values, view=CLEAR | {"colour": "value", "labels": False, "caption": False})
    with Image.open(file_of(scene, "png")) as image:
        assert image.mode == "RGBA"
        assert image.getpixel((0, 0))[3] == 0
        assert {alpha for _, alpha in image.getchannel("A").getcolors()} == {0, 255}
    scene = replace(scene, timing={"steps": "0:3"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(file_of(scene, "gif")) as image:
            alpha = np.asarray(image.convert("RGBA"))[..., 3]
    assert alpha[0, 0] == 0
    assert alpha.max() == 255


def test_the_default_is_the_themes_ground():
    assert Scene(4, 3).view.background == "theme"
    film, _ = drawn(Scene(4, 3), transparent=False)
    assert film.clear is None
