"""MP4 and WebM as ffmpeg and ffprobe read them, which share nothing with the encoders used here but their names."""

import json
import struct
import subprocess
from collections import Counter
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest

from convanim import Scene, load_scene, record, render, storyboard
from convanim.catalogue import built_in
from convanim.draw.raster import Film
from convanim.draw.storyboard import Grid, Step, Storyboard
from convanim.draw.theme import LIGHT, THEMES, Finish
from convanim.formats import FORMATS, module_of, video
from tests import seen
from tests.formats.programs import tool

both = pytest.mark.parametrize("suffix", ["mp4", "webm"])
FORMATS_444 = {"mp4": "High 4:4:4 Predictive", "webm": "Profile 1"}


def probed(path):
    """What ffprobe says of the one stream, its packets, and the file."""
    words = ["-v", "error", "-show_streams", "-show_packets", "-show_format", "-of", "json"]
    said = json.loads(subprocess.run([tool("ffprobe"), *words, path], capture_output=True, check=True).stdout)
    (stream,) = said["streams"]
    times = [(round(float(p["pts_time"]) * 1000), round(float(p["duration_time"]) * 1000)) for p in said["packets"]]
    return stream, times, said["format"]


def decoded(path):
    """Every frame in RGB, by the colours that the file says it has."""
    stream, *_ = probed(path)
    words = ["-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-vsync", "passthrough", "-"]
    data = subprocess.run([tool("ffmpeg"), *words], capture_output=True, check=True).stdout
    return np.frombuffer(data, dtype=np.uint8).reshape(-1, stream["height"], stream["width"], 3)


def drawn(scene, theme="light"):
    film = Film(storyboard(scene), Finish(THEMES[theme], scene.view.scale), limit=None)
    return [np.array(film.colours, dtype=np.uint8).take(frame.image, axis=0) for frame in film]


def middle(picture, polygon):
    """The colour in the middle of a cell, past any thin line that crosses it."""
    x, y = (round(sum(corner) / 4) for corner in zip(*polygon, strict=True))
    around = picture[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3)
    return np.median(around, axis=0)


def fill_at(picture, polygon):
    """The name of the fill that most probes in a cell show within 4 of 255, a tap's or a result's as `shaded …`."""
    fills = dict(seen.FILLS) | {f"shaded {name}": colour for name, colour in seen.SHADED.items()}
    (x, y), (ax, ay), _, (dx, dy) = polygon
    names = Counter()
    for u, v in seen._PROBES:
        colour = picture[int(y + u * (ay - y) + v * (dy - y)), int(x + u * (ax - x) + v * (dx - x))].astype(int)
        names.update(name for name, fill in fills.items() if np.abs(colour - fill).max() <= 4)
    (name, count), *_ = names.most_common(1)
    assert count > len(seen._PROBES) / 3, "no fill"
    return name


def shaded(picture, board, name):
    shape = board.grid(name).shape
    cells = [(row, column) for row in range(shape[0]) for column in range(shape[1])]
    return {cell for cell in cells if fill_at(picture, board.cell(name, cell)).startswith("shaded")}


@both
@pytest.mark.parametrize("pixel_format", ["yuv420", "yuv444"])
def test_every_step_shades_the_cells_of_its_placement(suffix, pixel_format, tmp_path):
    scene = load_scene(built_in()["no_padding_strides_transposed"])
    scene = replace(scene, view={"pixel_format": pixel_format})
    (path,) = render(scene, tmp_path / f"x.{suffix}")
    pictures, board, recording = decoded(path), storyboard(scene), record(scene)
    assert len(pictures) == len(recording)
    for step in (0, 3, 24):
        placement = recording[step]
        assert shaded(pictures[step], board, "canvas") == {tap.canvas for tap in placement.taps}
        assert shaded(pictures[step], board, "output") == {placement.output}


@both
def test_every_step_is_shown_for_its_time_and_the_last_is_held(suffix, tmp_path):
    scene = Scene(4, 2, stride=2, timing={"step": 333, "hold": 2001})
    (path,) = render(scene, tmp_path / f"x.{suffix}")
    _, times, whole = probed(path)
    assert times == [(0, 333), (333, 333), (666, 333), (999, 2001)]
    assert float(whole["duration"]) == 3


@both
def test_equal_steps_stay_steps_of_their_own(suffix, tmp_path):
    grid = Grid("canvas", (2, 2), (4, 4), (20, 0), (0, 20), ("input",) * 4)
    board = Storyboard((48, 48), (grid,), [Step(n, time) for n, time in enumerate([100, 7, 100, 1500])])
    stream = BytesIO()
    module_of(FORMATS[suffix]).write(board, Finish(LIGHT), "", stream)
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(stream.getvalue())
    assert probed(path)[1] == [(0, 100), (100, 7), (107, 100), (207, 1500)]
    assert len(decoded(path)) == 4


@both
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_the_themes(suffix, theme, tmp_path):
    scene = Scene(3, 2, padding=1, view={"theme": theme})
    (path,) = render(scene, tmp_path / f"x.{suffix}")
    fills, board, picture = THEMES[theme].fills, storyboard(scene), decoded(path)[0]
    for index in ((2, 2), (3, 3)):
        assert np.abs(middle(picture, board.cell("canvas", index)) - fills["input"]).max() <= 3
    assert np.abs(middle(picture, board.cell("output", (3, 3))) - fills["pending"]).max() <= 3
    assert np.abs(picture[:6, :6].astype(int) - fills["background"]).max() <= 2
    stream, *_ = probed(path)
    said = [stream[name] for name in ("color_space", "color_transfer", "color_primaries", "color_range")]
    assert said == ["bt709", "bt709", "bt709", "tv"]


@both
def test_pictures_are_as_drawn_within_what_coding_costs(suffix, tmp_path):
    scene = Scene(4, 3, padding=1)
    plain, whole = tmp_path / f"plain.{suffix}", tmp_path / f"whole.{suffix}"
    render(scene, plain)
    render(replace(scene, view={"pixel_format": "yuv444"}), whole)
    errors = {}
    for path in (plain, whole):
        pairs = zip(decoded(path), drawn(scene), strict=True)
        errors[path] = max(np.abs(seen[: own.shape[0], : own.shape[1]].astype(int) - own).mean() for seen, own in pairs)
    assert errors[plain] < 1.5
    assert errors[whole] < errors[plain] * 0.7


@both
def test_yuv444_has_colour_for_every_pixel(suffix, tmp_path):
    for pixel_format in ("yuv420", "yuv444"):
        (path,) = render(Scene(3, 2, view={"pixel_format": pixel_format}), tmp_path / f"{pixel_format}.{suffix}")
        stream, *_ = probed(path)
        assert stream["pix_fmt"] == f"{pixel_format}p"
        assert (stream["profile"] == FORMATS_444[suffix]) == (pixel_format == "yuv444")


@both
@pytest.mark.parametrize(("width", "height"), [(61, 62), (62, 61), (61, 61), (62, 62)])
def test_sizes_are_even_by_ground_at_the_right_and_below(suffix, width, height, tmp_path):
    """Cells reach to the edges, so that what is added is seen to be none of theirs."""
    grid = Grid("canvas", (2, 2), (0, 0), (width / 2, 0), (0, height / 2), ("input",) * 4, stroke=0)
    board = Storyboard((width, height), (grid,), [Step(0, 100)])
    stream = BytesIO()
    module_of(FORMATS[suffix]).write(board, Finish(THEMES["dark"], pixel_format="yuv444"), "", stream)
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(stream.getvalue())
    said, *_ = probed(path)
    assert (said["width"], said["height"]) == (width + width % 2, height + height % 2)
    (picture,) = decoded(path)
    fills = THEMES["dark"].fills
    for edge, is_added in ((picture[:, -1], width % 2), (picture[-1], height % 2)):
        assert np.abs(np.median(edge, axis=0) - fills["background" if is_added else "input"]).max() <= 12
    assert np.abs(middle(picture, board.cell("canvas", (0, 0))) - fills["input"]).max() <= 3


def test_the_index_of_an_mp4_comes_before_its_pictures(tmp_path):
    (path,) = render(Scene(3, 2), tmp_path / "x.mp4")
    data, names, position = path.read_bytes(), [], 0
    while position < len(data):
        size, name = struct.unpack_from(">I4s", data, position)
        names.append(name)
        position += size
    assert position == len(data)
    assert names.index(b"moov") < names.index(b"mdat")


@both
def test_title_description_and_scene_are_where_programs_look(suffix, tmp_path):
    scene = Scene(3, 2, title="Über × 2")
    (path,) = render(scene, tmp_path / f"x.{suffix}")
    tags = {name.lower(): text for name, text in probed(path)[2]["tags"].items()}
    assert tags["title"] == "Über × 2"
    assert "kernel" in tags["description"]
    assert 'title = "Über × 2"' in tags["comment"].splitlines()


def test_luma_and_chroma_are_those_of_bt709():
    """The primaries and black and white, in the limited range, as ITU-R BT.709 gives them."""
    colours = ((0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255))
    assert [plane.tolist() for plane in video._converted(colours)] == [
        [16, 235, 63, 173, 32],
        [128, 128, 102, 42, 240],
        [128, 128, 240, 26, 118],
    ]


def test_chroma_is_halved_where_players_take_it_to_be():
    """A vertical edge: the sample at its left column is a quarter of what is beyond it."""
    levels = np.array([0, 80], dtype=np.uint8)
    image = np.array([[0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1]], dtype=np.uint8)
    assert video._halved(levels, image).tolist() == [[0, 20, 80]]
    assert video._halved(levels, image[:, :2]).tolist() == [[0]]
    assert video._halved(levels, image[:, 2:4]).tolist() == [[20]]
    assert video._halved(levels, np.array([[0, 0], [1, 1]], dtype=np.uint8)).tolist() == [[40]]
