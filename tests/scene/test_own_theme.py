"""Themes in a scene file: names, an alias, and colours of one's own, checked and written down again."""

import json

import jsonschema
import pytest
from PIL import Image

from convanim import Scene, SceneError, load_stack, render, storyboard
from convanim.catalogue import built_in_stacks
from convanim.draw.raster import Film
from convanim.draw.theme import Finish, chosen_theme
from convanim.rendering import render_to
from convanim.scene import parse_scene, scene_to_dict, scene_to_toml
from convanim.scene.schema import scene_schema
from convanim.scene.stack import Stack
from convanim.scene.stack_files import stack_to_dict, stack_to_toml
from convanim.theme_table import LIGHT, THEMES, OwnTheme
from tests.schema import validate

OWN = {"base": "light", "input": "#AA5500", "output": "#6a3d9a", "background": "#fffdf5"}


def with_theme(theme):
    return Scene(4, 3, view={"theme": theme})


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_is_named(name):
    assert with_theme(name).view.theme == with_theme({"base": name}).view.theme == name


def test_classic_is_another_name_for_the_well_known_colours():
    assert with_theme("classic") == with_theme("light") == Scene(4, 3)


def test_colours_of_ones_own_are_kept_in_files_and_in_what_is_drawn(tmp_path):
    scene = with_theme(OWN)
    assert scene.view.theme == OwnTheme(
        "light", (("background", "#fffdf5"), ("input", "#aa5500"), ("output", "#6a3d9a"))
    )
    assert parse_scene(scene_to_toml(scene)) == scene
    assert parse_scene(json.dumps(scene_to_dict(scene))) == scene
    assert Scene(4, 3, view=scene.view) == scene
    validate(scene_to_dict(scene))
    film = Film(storyboard(scene), Finish(chosen_theme(scene.view.theme)))
    assert {(0xAA, 0x55, 0), (0x6A, 0x3D, 0x9A), (0xFF, 0xFD, 0xF5)} <= set(film.colours)
    with (tmp_path / "own.gif").open("wb") as stream:
        render_to(scene, stream, "gif")


@pytest.mark.parametrize(
    ("theme", "kept", "is_hatched"),
    [
        ({"base": "light", "hatch": True}, OwnTheme("light", (), hatch=True), True),
        ({"base": "light", "hatch": False}, "light", False),
        ({"base": "print", "hatch": True}, "print", True),
        ({"base": "print", "hatch": False}, OwnTheme("print", (), hatch=False), False),
        ({"base": "print", "input": "#c0c0c0"}, OwnTheme("print", (("input", "#c0c0c0"),)), True),
        ({"hatch": True, "input": "#aa5500"}, OwnTheme("light", (("input", "#aa5500"),), hatch=True), True),
    ],
)
def test_any_theme_may_be_hatched_or_not(theme, kept, is_hatched):
    scene = with_theme(theme)
    assert scene.view.theme == kept
    assert parse_scene(scene_to_toml(scene)) == parse_scene(json.dumps(scene_to_dict(scene))) == scene
    assert Scene(4, 3, view=scene.view) == scene
    validate(scene_to_dict(scene))
    assert bool(chosen_theme(scene.view.theme).hatches) == is_hatched


@pytest.mark.parametrize(
    ("theme", "said"),
    [
        ("pink", "legal is light, dark, print, colorblind or plain, or a table"),
        (3, "legal is light"),
        ({"base": "pink"}, "legal is light"),
        ({"inpt": "#aa5500"}, "inpt is no colour of a theme; they are background, ink, input"),
        ({"input": "orange"}, "input: got 'orange', and a colour is \"#rrggbb\""),
        ({"input": 5}, 'input: got 5, and a colour is "#rrggbb"'),
        ({"hatch": "diagonal"}, "hatch: got 'diagonal', and legal is true or false"),
        ({"hatch": 1}, "hatch: got 1, and legal is true or false"),
        ({"background": "#222222"}, "ink #073642 on background has a contrast of 1.2, 4.5 is needed"),
        ({"base": "dark", "input_label": "#203040"}, "input_label #203040 on background has a contrast of 1"),
        ({"input": "#ffffff"}, "input #ffffff looks like background #ffffff"),
        ({"output": "#2aa198", "pending": "#2aa198"}, "output #2aa198 looks like pending #2aa198"),
    ],
)
def test_what_is_no_theme_or_not_legible_is_refused(theme, said):
    with pytest.raises(SceneError) as caught:
        with_theme(theme)
    assert said in str(caught.value)
    assert str(caught.value).startswith("view.theme: got ")


def test_the_schema_knows_the_colours():
    schema = scene_schema()["$defs"]["section_view"]["properties"]["theme"]
    table = next(one for one in schema["oneOf"] if one.get("type") == "object")
    assert set(table["properties"]) == {"base", "hatch", *LIGHT}
    for wrong in ({"input": "red"}, {"hatch": "dots"}, {"inpt": "#ffffff"}, "pink"):
        with pytest.raises(jsonschema.ValidationError):
            validate({"input": 4, "kernel": 3, "view": {"theme": wrong}})


def test_a_stack_has_colours_of_its_own_and_a_transparent_ground_too(tmp_path):
    stack = load_stack(built_in_stacks()["three_3x3"])
    stack = Stack.from_dict(stack_to_dict(stack) | {"view": {"theme": OWN, "background": "transparent"}})
    assert Stack.from_dict(stack_to_dict(stack)) == stack
    assert 'theme = { base = "light", background = "#fffdf5", input = "#aa5500"' in stack_to_toml(stack)
    (path,) = render(stack, tmp_path / "stack.png")
    with Image.open(path) as image:
        assert image.convert("RGBA").getpixel((0, 0))[3] == 0
