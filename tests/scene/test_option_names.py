"""A scene as the words of a command: what the command's own options make of them is the same scene."""

import json
import shlex
from pathlib import Path

import pytest

from convanim import Scene
from convanim.catalogue import built_in
from convanim.cli.render_command import command as render
from convanim.cli.scenes import scenes_of, written_in_options
from convanim.scene.fields import SECTIONS, TOP
from convanim.scene.files import load_figure
from convanim.scene.option_names import command_words, option_name
from convanim.view_table import VIEWS
from tests.random_scenes import random_scene

SCENES = 300


def scene_of_words(words):
    """The scene that `convanim render` draws for these words."""
    options = render.make_context("render", list(words)).params
    ((_, scene),) = scenes_of((), written_in_options(options))
    return scene


def assert_gives_back(scene):
    words = command_words(scene)
    assert scene_of_words(words) == scene
    assert shlex.split(shlex.join(words)) == words


@pytest.mark.parametrize("kind", VIEWS)
def test_random_scenes_come_back_from_their_command(kind):
    for number in range(SCENES // len(VIEWS) + 1):
        assert_gives_back(random_scene(f"command {number}", kind))


def test_built_in_scenes_come_back_from_their_command():
    scenes = [figure for figure in map(load_figure, built_in().values()) if isinstance(figure, Scene)]
    assert len(scenes) > 30
    for scene in scenes:
        assert_gives_back(scene)


HARD_TEXTS = (
    "it's \"quoted\" $HOME `id` \\ and ; | & > *", "--view", "-o", "-", "=", "5x7", "5,7", "1e3", "true", "[1, 2]", "{}", "null",
    "Überschrift · 3×3", "中文", "\u202eleft", "a=b", "#", "!", "~", "%d {name}",
)  # fmt: skip


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_a_text_comes_back_whatever_it_looks_like(text):
    assert_gives_back(Scene(3, 2, title=text, description=text, note=text))


FIELDS = (
    {"input": [5], "dimensions": 1, "kernel": 3},
    {"input": [4, 4, 4], "kernel": 2},
    {"input": [5, 7], "kernel": [1, 3], "padding": [[0, 1], [2, 0]]},
    {"input": [5, 7], "kernel": [1, 3], "padding": [0, 1]},
    {"op": "upsample", "input": 3, "scale_factor": [1.5, 2.25], "mode": "linear"},
    {"op": "upsample", "input": 9, "scale_factor": 0.123456789012},
    {"op": "conv_input_grad", "input": 3, "kernel": 3, "transposed": False},
    {"op": "avg_pool", "input": 5, "kernel": 2, "count_include_pad": False, "divisor_override": 3},
    {"op": "max_unpool", "input": 2, "kernel": 2, "values": {"switches": [[0, 2], [8, 10]]}},
    {"op": "max_unpool", "input": 2, "kernel": 2, "values": {"switches": {"seed": 3}}},
    {"input": 3, "kernel": 3, "values": {"input": {"random": [-1e-9, 1e300], "seed": 10**40}, "kernel": "sobel-x"}},
    {"input": 3, "kernel": 3, "values": {"input": {"ramp": [-1, 0.5]}, "kernel": {"impulse": [0, 2]}}},
    {"input": 3, "kernel": 3, "values": {"input": "impulse", "kernel": "ramp"}},
    {"input": [2, 2], "kernel": 1, "values": {"input": [[-1.5, 2], [10**30, 1e-7]], "kernel": [[-3]]}},
    {"input": 3, "kernel": 3, "view": {"theme": {"base": "dark", "input": "#aa5500"}}},
    {"input": 3, "kernel": 3, "view": {"theme": {"base": "print", "hatch": True}, "width": "12.5cm", "dpi": 300}},
    {"input": 3, "kernel": 3, "view": {"width": 300, "background": "transparent", "language": "zh"}},
    {"input": 3, "kernel": 3, "view": {"look": "plain", "caption": True, "theme": "light"}},
    {"input": 9, "kernel": 3, "timing": {"steps": "-3:", "step": 20, "loop": 65535}},
    {"input": 9, "kernel": 3, "timing": {"steps": "-1"}},
    {"input": 9, "kernel": 3, "timing": {"steps": "::2"}},
)  # fmt: skip


@pytest.mark.parametrize("fields", FIELDS, ids=json.dumps)
def test_each_way_to_write_a_field_comes_back(fields):
    assert_gives_back(Scene.from_dict(fields))


def test_a_picture_comes_back_from_inside_the_command():
    source = next((Path(__file__).parents[2] / "scenes").rglob("*.png"))
    assert_gives_back(Scene([6, 8], 3, values={"input": {"image": str(source)}}))
    assert_gives_back(Scene([6, 8], 3, in_channels=3, values={"input": {"image": str(source)}}))


def test_each_field_has_an_option_of_its_own():
    names = [option_name(section, field) for section, table in {"": TOP, **SECTIONS}.items() for field in table]
    assert len(set(names)) == len(names)
    known = {option for parameter in render.params for option in parameter.opts}
    assert {f"--{name}" for name in names} <= known


def test_a_command_says_no_more_than_it_must():
    assert command_words(Scene(5, 3)) == ["--input", "5", "--kernel", "3"]
    assert command_words(Scene(5, 3, transposed=True, view={"kind": "numeric", "caption": False})) == [
        "--input", "5", "--kernel", "3", "--transposed", "--view", "numeric", "--no-caption",
    ]  # fmt: skip
