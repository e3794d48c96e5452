"""The explorer's controls: each changes the scene and the picture, and what cannot be is said at its field."""

import pytest

from convanim import Scene
from convanim.scene import scene_to_dict
from convanim.scene.fields import OPERATIONS, SECTIONS, TOP
from tests.explore.paging import FIRST, address, as_player, field, load, opened, page, ready, shared, shown
from tests.pages import browser

__all__ = ["address", "browser", "page", "shared"]


CHANGES = {
    "op": ("max_pool", {"op": "max_pool", "input": 5, "kernel": 3, "stride": 2, "padding": 1}),
    "input": ("6x7", None), "kernel": ("2", None), "stride": ("1", None), "padding": ("same", {"padding": "same"}),
    "dilation": ("2", {"input": 7, "dilation": 2}), "padding_mode": ("circular", None), "groups": ("1", None),
    "in_channels": ("3", None), "out_channels": ("2", None), "title": ("<b>Titel</b> & mehr", None),
    "view.kind": ("numeric", None), "view.theme": ("print", None), "view.language": ("zh", None), "view.look": ("plain", None),
    "view.background": ("transparent", None), "view.colour": ("value", None), "view.output": ("whole", None), "view.cell": ("30", None),
    "timing.step": ("250", None), "timing.hold": ("900", None), "timing.loop": ("2", None), "timing.steps": ("1:5", None),
    "values.input": ("ramp", None), "values.kernel": ("sharpen", None),
}  # fmt: skip
FLAGS = ("transposed", "flip", "view.labels", "view.caption", "view.size_formula", "view.numbered")


@pytest.mark.parametrize("name", CHANGES)
def test_each_control_changes_the_scene_and_the_picture(page, name):
    text, fields = CHANGES[name]
    section, _, inner = name.rpartition(".")
    before = {key: value for key, value in (fields or {}).items() if key == "input"}
    if before:
        load(page, scene_to_dict(FIRST) | before)
    entry = field(page, name).locator("select, input[type=text]").first
    if entry.evaluate("(entry) => entry.tagName") == "SELECT":
        entry.select_option(text)
    else:
        entry.fill(text)
        entry.press("Enter")
    ready(page)
    scene = Scene.from_dict(page.evaluate("() => explorer.scene"))
    expected = scene_to_dict(FIRST) | before
    value = [6, 7] if text == "6x7" else int(text) if text.isdecimal() else text
    expected |= {section: {inner: value}} if section else {inner: value}
    assert scene == Scene.from_dict(expected)
    assert shown(page) == as_player(scene)
    assert page.locator("[data-part=wrong]").text_content() == ""


@pytest.mark.parametrize("name", FLAGS)
def test_each_switch_changes_the_scene_and_back(page, name):
    section, _, inner = name.rpartition(".")
    box = field(page, name).locator("input")
    was = box.is_checked()
    box.click()
    ready(page)
    scene = Scene.from_dict(page.evaluate("() => explorer.scene"))
    assert getattr(scene.view if section else scene, inner) is not was
    assert shown(page) == as_player(scene)
    field(page, name).locator("input").click()
    ready(page)
    assert Scene.from_dict(page.evaluate("() => explorer.scene")) == FIRST


def test_there_is_a_control_for_every_field_that_a_page_has_a_use_for(browser, address):
    elsewhere = {"dimensions", "note"} | {
        f"view.{name}" for name in ("width", "dpi", "pages", "outlined", "pixel_format", "levels", "scale")
    }
    fields = {field.name for field in TOP} | {
        f"{section}.{each.name}" for section, table in SECTIONS.items() for each in table
    }
    with opened(browser, address) as page:
        names = page.evaluate("() => [...document.querySelectorAll('.field')].map((each) => each.dataset.field)")
    assert sorted(names) == sorted(fields - elsewhere)


def test_a_slider_moves_the_figure_with_it(browser, address):
    with opened(browser, address) as page:
        slider = field(page, "input").locator("input[type=range]")
        slider.focus()
        for size in (6, 7, 8):
            slider.press("ArrowRight")
            ready(page)
            assert page.evaluate("() => explorer.answer.resolved.input") == [size, size]
        assert field(page, "input").locator("input[type=text]").input_value() == "8"
        assert shown(page) == as_player(Scene(8, 3, stride=2, padding=1))


def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_changed_in_silence(browser, address):
    with opened(browser, address, expected=["422"]) as page:
        entry = field(page, "kernel").locator("input[type=text]")
        entry.fill("9")
        entry.press("Enter")
        ready(page)
        said = "got 9; but it spans 9 cells and the padded input has 7; legal is a kernel that fits"
        assert field(page, "kernel").locator(".problem").text_content() == said
        assert entry.input_value() == "9"
        assert entry.get_attribute("aria-invalid") == "true"
        assert page.locator(".stage.stale").count() == 1
        assert shown(page) == as_player(FIRST)
        entry.fill("4")
        entry.press("Enter")
        ready(page)
        assert field(page, "kernel").locator(".problem").text_content() == ""
        assert page.locator(".stage.stale").count() == 0
        assert shown(page) == as_player(Scene(5, 4, stride=2, padding=1))


@pytest.mark.parametrize("op", OPERATIONS)
def test_fields_that_an_operation_has_no_use_for_are_not_there(page, op):
    scene = {"op": op, "input": 4, "kernel": 2} | ({"scale_factor": 2} if op == "upsample" else {})
    if op == "upsample":
        del scene["kernel"]
    load(page, scene)
    assert page.locator("[data-part=wrong]").text_content() == ""
    for each in TOP:
        place = field(page, each.name)
        if place.count():
            is_for_others = op == "conv" and each.name in {"output_padding", "output_size"}  # which is not transposed
            is_left_out = (op not in each.ops or is_for_others) and each.name not in scene
            assert place.evaluate("(place) => place.hidden") == is_left_out, each.name


def test_what_only_a_transposed_convolution_has_is_shown_for_one(page):
    assert field(page, "output_padding").is_hidden()
    field(page, "transposed").locator("input").check()
    ready(page)
    assert field(page, "output_padding").is_visible()


def test_what_another_operation_has_no_use_for_is_set_aside_and_comes_back(page):
    begun = {"input": 4, "kernel": 3, "stride": 2, "flip": True, "values": {"kernel": "sharpen"}, "title": "t"}
    load(page, begun)
    choice = field(page, "op").locator("select")
    choice.select_option("upsample")
    ready(page)
    assert page.evaluate("() => explorer.scene") == {"op": "upsample", "input": 4, "scale_factor": 2, "title": "t"}
    said = page.locator("[data-part=notices]").text_content()
    assert said == "set aside, since upsample has no use for it: kernel, stride, flip, values.kernel"
    choice.select_option("max_pool")
    ready(page)
    assert Scene.from_dict(page.evaluate("() => explorer.scene")) == Scene(4, 3, op="max_pool", stride=2, title="t")
    choice.select_option("conv")
    ready(page)
    assert Scene.from_dict(page.evaluate("() => explorer.scene")) == Scene.from_dict(begun)
    assert page.locator("[data-part=wrong]").text_content() == ""
    assert page.locator("[data-part=notices]").text_content() == "", (
        "the factor that it was given is none of the reader's"
    )


def test_what_was_set_aside_belongs_to_the_figure_that_was(page):
    page.locator("[data-part=presets]").select_option("padding_strides")
    ready(page)
    field(page, "op").locator("select").select_option("upsample")
    ready(page)
    assert page.locator("[data-part=notices]").text_content().startswith("set aside")
    assert page.locator("[data-part=presets]").input_value() == ""
    page.locator("[data-part=presets]").select_option("padding_strides")
    ready(page)
    assert page.locator("[data-part=presets]").input_value() == "padding_strides"
    assert page.locator("[data-part=notices]").text_content() == ""


def test_what_is_wrong_is_in_sight(browser, address):
    scene = {"input": 3, "kernel": 2, "values": {"input": [[1, 2, 3]] * 3}}
    with opened(browser, address, expected=["422"]) as page:
        load(page, scene)
        problem = field(page, "values.input").locator(".problem")
        assert not problem.is_visible()
        load(page, scene | {"input": 4})
        assert problem.is_visible()
        assert problem.text_content() == "got a list of 3×3; but the size is 4×4"
