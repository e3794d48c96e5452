"""What holds of every format: it carries its scene, repeats its bytes, and refuses what it cannot hold."""

import subprocess
import sys
from io import BytesIO

import pytest

from convanim import FormatError, Scene, render
from convanim.draw.storyboard import Grid, Step, Storyboard
from convanim.draw.theme import LIGHT, Finish
from convanim.drawing import drawing_of
from convanim.formats import FORMATS, format_of, module_of
from convanim.reading import carried_figure

SCENE = Scene([3, 4], [2, 3], padding="same", title="Über uns × 2 <&> ]]>", timing={"step": 120, "hold": 700})
every = pytest.mark.parametrize("suffix", FORMATS)
VIDEOS = ("mp4", "webm")


def still_board(durations):
    """A board on which nothing ever changes."""
    grid = Grid("canvas", (2, 2), (4, 4), (20, 0), (0, 20), ("input",) * 4)
    return Storyboard((48, 48), (grid,), [Step(n, time) for n, time in enumerate(durations)])


def write_board(suffix, durations):
    stream = BytesIO()
    module_of(format_of(suffix)).write(still_board(durations), Finish(LIGHT), "", stream)
    return stream.getvalue()


@every
def test_a_figure_carries_its_scene(suffix, tmp_path):
    (path,) = render(SCENE, tmp_path / f"x.{suffix}")
    assert carried_figure(path) == SCENE


@every
def test_a_title_of_odd_characters_comes_back(suffix, tmp_path):
    scene = Scene(2, 2, title="a\x01b\x7fc\ufffed\u2028e\x85 'q' \"r\" \\s 𝔘")
    (path,) = render(scene, tmp_path / f"x.{suffix}")
    assert carried_figure(path) == scene


@every
def test_the_same_scene_gives_the_same_bytes_in_every_process(suffix, tmp_path):
    render(SCENE, tmp_path / f"one.{suffix}", tmp_path / f"two.{suffix}")
    code = "import convanim, sys; convanim.render(convanim.load_figure(sys.argv[1]), sys.argv[2])"
    (tmp_path / "scene.toml").write_text(drawing_of(SCENE, [None]).source)
    words = [str(tmp_path / "scene.toml"), str(tmp_path / f"three.{suffix}")]
    subprocess.run([sys.executable, "-c", code, *words], check=True, env={"PYTHONHASHSEED": "7"})
    assert len({path.read_bytes() for path in tmp_path.glob(f"*.{suffix}")}) == 1
    assert len(list(tmp_path.glob(f"*.{suffix}"))) == 3


@pytest.mark.parametrize("suffix", VIDEOS)
def test_a_videos_scene_is_read_without_the_extra(suffix, tmp_path, monkeypatch):
    (path,) = render(SCENE, tmp_path / f"x.{suffix}")
    monkeypatch.setitem(sys.modules, "av", None)
    assert carried_figure(path) == SCENE


@pytest.mark.parametrize("row", [row for row in FORMATS.values() if row.extra], ids=lambda row: row.suffix)
def test_a_missing_extra_is_said_with_the_command_that_installs_it(row, tmp_path):
    code = "import sys; sys.modules[sys.argv.pop(1)] = None; from convanim.cli import main; main()"
    words = ["render", "dilation", "-o", str(tmp_path / f"x.{row.suffix}")]
    said = subprocess.run([sys.executable, "-c", code, row.needs, *words], check=False, capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (2, "")
    line = f'convanim: {row.suffix} needs {row.needs}; install it with: pip install "convanim[{row.extra}]"\n'
    assert said.stderr == line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", VIDEOS)
def test_a_build_without_the_encoder_is_said(suffix, monkeypatch, tmp_path):
    monkeypatch.setattr("av.codecs_available", {"mpeg4"})
    with pytest.raises(FormatError, match="this PyAV has no lib"):
        render(SCENE, tmp_path / f"x.{suffix}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("suffix", "duration"),
    [("apng", 19), ("apng", 65_537), ("apng", 655_361), ("webp", 19), ("webp", 2**24), ("mp4", 0), ("webm", 0)],
)
def test_times_that_a_format_cannot_show_are_refused(suffix, duration):
    with pytest.raises(FormatError, match=f" {duration} ms"):
        write_board(suffix, [100, duration, 100])


@pytest.mark.parametrize("suffix", [row.suffix for row in FORMATS.values() if not row.stills])
def test_the_longest_times_that_a_scene_can_ask_for_are_held(suffix):
    assert len(write_board(suffix, [600_000, 600_000])) > 200
