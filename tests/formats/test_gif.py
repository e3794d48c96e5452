"""The written GIF: decoded pixels, times, loops, comment and bytes."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from convanim import FormatError, Scene, render, storyboard
from convanim.draw.raster import Film
from convanim.draw.storyboard import Grid, Step, Storyboard
from convanim.draw.theme import LIGHT, THEMES, Finish
from convanim.formats import gif
from convanim.formats.changes import thinned
from convanim.reading import carried_figure
from convanim.rendering import render_to
from tests.strategies import small_scenes


def written(board, note=""):
    stream = BytesIO()
    gif.write(board, Finish(LIGHT), note, stream)
    stream.seek(0)
    return stream


def delays(durations):
    clock = gif.Clock()
    return [clock.delay(duration) for duration in durations]


def still_board(durations, plays=0):
    """A board on which nothing ever changes."""
    grid = Grid("canvas", (2, 2), (4, 4), (20, 0), (0, 20), ("input",) * 4)
    return Storyboard((48, 48), (grid,), [Step(n, time) for n, time in enumerate(durations)], plays=plays)


def decoded(path):
    with Image.open(path) as image:
        return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]


@settings(max_examples=40, deadline=None)
@given(
    small_scenes(ops=("conv", "max_pool", "avg_pool")),
    st.sampled_from(["isometric", "numeric"]),
    st.sampled_from(list(THEMES)),
)
def test_decoded_pixels_are_the_drawn_ones(scene, kind, theme):
    scene = replace(scene, view={"kind": kind, "theme": theme})
    stream = BytesIO()
    render_to(scene, stream, "gif")
    stream.seek(0)
    film = Film(storyboard(scene), Finish(THEMES[theme]))
    colours = np.array(film.colours, dtype=np.uint8)
    seen = decoded(stream)
    assert len(seen) == len(film)
    for picture, frame in zip(seen, film, strict=True):
        assert np.array_equal(picture, colours.take(frame.image, axis=0))


def test_equal_steps_stay_steps_of_their_own_with_their_own_times():
    with Image.open(written(still_board([100, 200, 300]))) as image:
        assert image.n_frames == 3
        assert [frame.info["duration"] for frame in ImageSequence.Iterator(image)] == [100, 200, 300]


def test_there_is_one_global_palette_and_no_local_one():
    scene = Scene(4, 3)
    stream = BytesIO()
    render_to(scene, stream, "gif")
    data = stream.getvalue()
    images = 0
    position = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    assert data[10] & 0x80
    while data[position] != 0x3B:
        if data[position] == 0x2C:
            images += 1
            assert data[position + 10] == (data[10] & 7) + 1  # the coder starts with the palette's own width
            assert not data[position + 9] & 0x80
            position += 11
        else:
            position += 2
        while data[position]:
            position += data[position] + 1
        position += 1
    assert images == 4
    colours = len(Film(storyboard(scene), Finish(LIGHT)).colours) + 1
    assert 2 ** (data[10] & 7) < colours <= 2 ** ((data[10] & 7) + 1)
    assert position == len(data) - 1


@pytest.mark.parametrize(("plays", "loop"), [(0, 0), (1, None), (2, 1), (5, 4)])
def test_it_plays_for_ever_once_or_n_times(plays, loop):
    with Image.open(written(still_board([100, 100], plays))) as image:
        assert image.info.get("loop") == loop


def test_times_that_hundredths_cannot_hold_add_up_all_the_same():
    assert delays([25, 25, 25, 25]) == [2, 3, 3, 2]
    assert sum(delays([333] * 30)) == 999


@given(st.lists(st.integers(20, 2000), min_size=1, max_size=50))
def test_rounding_never_drifts_nor_makes_a_delay_that_browsers_slow_down(durations):
    ticks = delays(durations)
    assert min(ticks) >= 2
    for shown in range(1, len(durations) + 1):
        assert abs(sum(ticks[:shown]) * 10 - sum(durations[:shown])) <= 5


@pytest.mark.parametrize("duration", [0, 19, 655_351])
def test_times_that_no_gif_can_show_are_refused(duration):
    with pytest.raises(FormatError, match="20 to 655350 ms"):
        delays([duration])


@pytest.mark.parametrize("note", ["", "short", "größe × 2 " * 200])
def test_the_comment_is_whole_whatever_its_length(note):
    with Image.open(written(still_board([100]), note)) as image:
        assert image.info.get("comment", b"").decode() == note


def test_every_gif_carries_its_scene(tmp_path):
    scene = Scene([3, 4], [2, 3], padding="same", title="Über uns × 2", timing={"step": 120})
    (path,) = render(scene, tmp_path / "x.gif")
    assert carried_figure(path) == scene


def test_the_same_scene_gives_the_same_bytes_in_every_process(tmp_path):
    render(Scene(4, 3), tmp_path / "one.gif")
    render(Scene(4, 3), tmp_path / "two.gif")
    code = "import convanim, sys; convanim.render(convanim.Scene(4, 3), sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "three.gif")], check=True, env={"PYTHONHASHSEED": "7"})
    hashes = {hashlib.sha256(path.read_bytes()).digest() for path in tmp_path.iterdir()}
    assert len(hashes) == 1


@given(
    st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=40),
)
def test_unchanged_runs_are_transparent_unless_they_have_one_change_at_most(pixels):
    colours = np.array([[colour for colour, _ in pixels]], dtype=np.uint8)
    same = np.array([[unchanged for _, unchanged in pixels]])
    expected, start = list(colours[0]), 0
    while start < len(pixels):
        end = start
        while end < len(pixels) and same[0, end] == same[0, start]:
            end += 1
        seen = list(colours[0, max(start - 1, 0) : end + 1])
        if same[0, start] and sum(one != other for one, other in pairwise(seen)) > 1:
            expected[start:end] = [9] * (end - start)
        start = end
    assert thinned(colours, same, 9)[0].tolist() == expected


def test_only_what_changed_is_written():
    """Steps write rectangles smaller than the picture, wherever less than all of it changes."""
    scene = Scene(12, 3, view={"labels": False, "caption": False})
    stream = BytesIO()
    render_to(scene, stream, "gif")
    stream.seek(0)
    film = Film(storyboard(scene), Finish(LIGHT))
    changed = [(right - left) * (bottom - top) for left, top, right, bottom in (frame.box for frame in film)]
    assert changed[0] == film.size[0] * film.size[1]
    assert max(changed[1:]) < changed[0] * 0.8
