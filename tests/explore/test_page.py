"""The explorer's page in Chromium: what its controls ask for, what it then shows, and that it asks nobody else."""

import json
import shlex
from base64 import b64decode
from contextlib import contextmanager
from io import BytesIO
from random import Random
from urllib.request import Request, urlopen

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from convanim import Scene, load_figure, record, storyboard
from convanim.catalogue import built_in, built_in_stacks
from convanim.draw.theme import LIGHT
from convanim.drawing import drawing_of, step_count
from convanim.formats import FORMATS
from convanim.formats.player_data import player_data
from convanim.headings import in_order
from convanim.reading import carried_figure
from convanim.scene import scene_to_dict
from convanim.scene.fields import OPERATIONS, SECTIONS, TOP
from tests.explore.serving import served
from tests.pages import browser
from tests.random_scenes import random_scene

__all__ = ["browser"]
SCENES, MOST_LOADED = 50, 150_000
FIRST = Scene(5, 3, stride=2, padding=1)
_OF_GRIDS = {"name", "shape", "origin", "across", "down", "stroke", "roles", "dashes", "shades", "patterns", "said"}
PARTS = ("", "explore.css", "explore.js", "player.js", "api/start")


@pytest.fixture(scope="module")
def address():
    with served() as url:
        yield url


@contextmanager
def opened(browser, address, fragment="", expected=(), **context):
    """The page, when its first figure is there; it may log only what is `expected`, and ask nobody but its server."""
    options = {"viewport": {"width": 1280, "height": 900}} | context
    with browser.new_context(**options) as there, there.new_page() as page:
        said = []
        page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.on(
            "request",
            lambda request: (
                said.append(request.url) if not request.url.startswith((address, "blob:", "data:")) else None
            ),
        )
        page.goto(address + fragment)
        page.wait_for_selector("[data-part=downloads] button")
        ready(page)
        yield page
        assert [text for text in said if not any(each in text for each in expected)] == []


def ready(page):
    page.evaluate("async () => { do { await explorer.ready; } while (explorer.busy); }")


def load(page, scene):
    page.evaluate("(scene) => { explorer.load({ scene }); }", scene)
    ready(page)


def shown(page):
    """The figure that the player has, as data."""
    data = page.evaluate("() => document.querySelector('conv-anim').data")
    for grid in data["grids"]:  # to which the player adds what it draws with
        for name in grid.keys() - _OF_GRIDS:
            del grid[name]
    return data


def as_player(scene):
    pictured = drawing_of(scene, [None]).pictured()
    return json.loads(json.dumps(player_data(pictured.board, pictured.finish)))


def pixels(page):
    """What the figure's canvas shows, at a pixel a scene unit."""
    data = page.evaluate(
        "() => document.querySelector('conv-anim').shadowRoot.querySelector('canvas').toDataURL('image/png').split(',')[1]"
    )
    return Image.open(BytesIO(b64decode(data))).convert("RGB")


def field(page, name):
    return page.locator(f".field[data-field='{name}']")


@pytest.fixture(scope="module")
def shared(browser, address):
    """One page for many tests, of which each begins with the first scene."""
    with opened(browser, address) as page:
        page.evaluate("() => { for (const each of document.querySelectorAll('details')) each.open = true; }")
        yield page


@pytest.fixture
def page(shared):
    load(shared, scene_to_dict(FIRST))
    return shared


def random_scenes():
    """Scenes small enough for a page, of every view that is not a page of its own."""
    rng, kinds = Random("explorer"), ("isometric", "numeric", "gather", "scatter", "matrix", "channels", "line")
    for number in range(SCENES):
        yield random_scene(f"explorer {number}", rng.choice(kinds))


def test_fifty_random_scenes_are_shown_as_they_are_recorded(browser, address):
    with opened(browser, address) as page:
        for scene in random_scenes():
            load(page, scene_to_dict(scene))
            assert page.locator("[data-part=wrong]").text_content() == ""
            assert shown(page) == as_player(scene)
            assert page.evaluate("() => explorer.scene") == json.loads(json.dumps(scene_to_dict(scene)))
            assert page.evaluate("() => explorer.answer.resolved.output") == list(scene.output)


def test_the_pixels_of_every_step_are_those_of_the_record(browser, address):
    scene = Scene(4, 3, stride=2, padding=1, dilation=1)
    recording, board = record(scene), storyboard(scene)
    with opened(browser, address) as page:
        load(page, scene_to_dict(scene))
        for step, placement in enumerate(recording):
            page.evaluate("(step) => document.querySelector('conv-anim').show(step)", step)
            picture = pixels(page)
            scale = picture.width / board.size[0]
            taps = {tap.canvas for tap in placement.taps}
            for grid, lit in (("canvas", taps), ("output", {placement.output})):
                home = board.grid(grid)
                for row, column in np.ndindex(home.rows, home.columns):
                    x, y = home.point(row + 0.5, column + 0.25)
                    colour = picture.getpixel((int(x * scale), int(y * scale)))
                    shades = {LIGHT.fills[role] for role in ("input tap", "padding tap", "result")}
                    assert (colour in shades) == ((row, column) in lit), (step, grid, row, column)


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


def test_many_quick_changes_end_with_the_last_one(browser, address):
    with opened(browser, address) as page:
        page.evaluate("""() => {
          const slider = document.querySelector(".field[data-field=input] input[type=range]");
          for (const value of [6, 9, 4, 11, 7, 12]) { slider.value = value; slider.dispatchEvent(new Event("input")); }
        }""")
        ready(page)
        assert page.evaluate("() => explorer.scene.input") == 12
        assert shown(page) == as_player(Scene(12, 3, stride=2, padding=1))


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


def test_a_dark_page_shows_a_light_figure_to_who_wants_it(browser, address):
    with opened(browser, address, color_scheme="dark") as page:
        choice = field(page, "view.theme").locator("select")
        grounds = []
        for theme in ("", "light", "print", ""):
            choice.select_option(theme)
            ready(page)
            assert choice.input_value() == theme
            grounds.append(page.evaluate("() => [explorer.answer.figure.ground, location.hash.includes('theme')]"))
        assert grounds[0] == grounds[3] == ["#0e1a1f", False]
        assert grounds[1] == ["#ffffff", True]


def test_what_is_wrong_is_in_sight(browser, address):
    scene = {"input": 3, "kernel": 2, "values": {"input": [[1, 2, 3]] * 3}}
    with opened(browser, address, expected=["422"]) as page:
        load(page, scene)
        problem = field(page, "values.input").locator(".problem")
        assert not problem.is_visible()
        load(page, scene | {"input": 4})
        assert problem.is_visible()
        assert problem.text_content() == "got a list of 3×3; but the size is 4×4"


def test_pictures_are_asked_for_where_they_can_be_the_input(browser, address):
    with opened(browser, address) as page:
        asks = page.locator("[data-part=drop]")
        for fragment, can in (
            ("#input=[8]&kernel=3", False),
            ("#input=8&kernel=3", True),
            ("#preset=05b_two_ways", False),
        ):
            page.evaluate("(fragment) => { location.hash = fragment; }", fragment)
            page.wait_for_timeout(100)
            ready(page)
            assert asks.is_visible() is can, fragment


def test_a_figure_that_is_changed_loses_the_title_that_it_came_with(page):
    page.locator("[data-part=presets]").select_option("padding_strides")
    ready(page)
    field(page, "view.kind").locator("select").select_option("numeric")
    ready(page)
    assert page.locator("[data-part=title]").text_content() == "Padding, strides"
    field(page, "transposed").locator("input").check()
    ready(page)
    assert page.locator("[data-part=title]").text_content().startswith("Transposed convolution, kernel 3×3")
    load(page, scene_to_dict(Scene(5, 3, title="Mine")))
    field(page, "transposed").locator("input").check()
    ready(page)
    assert page.locator("[data-part=title]").text_content() == "Mine"


def test_values_are_edited_in_their_cells(browser, address):
    with opened(browser, address, "#input=3&kernel=2&view.kind=numeric") as page:
        page.evaluate("() => { for (const each of document.querySelectorAll('.values details')) each.open = true; }")
        for name, path, value in (("input", "1 2", "-7"), ("kernel", "0 1", "2.5")):
            entry = page.locator(f"[data-cell='{name} {path}']")
            entry.fill(value)
            entry.press("Enter")
            ready(page)
        scene = Scene.from_dict(page.evaluate("() => explorer.scene"))
        recording = record(scene)
        assert recording.input[0, 1, 2] == -7
        assert recording.kernel[0, 0, 0, 1] == 2.5
        assert shown(page) == as_player(scene)


def test_cells_are_edited_faster_than_figures_come(browser, address):
    with opened(browser, address, "#input=3&kernel=2&view.kind=numeric") as page:
        page.evaluate("() => { for (const each of document.querySelectorAll('.values details')) each.open = true; }")
        page.route("**/api/figure", lambda route: (page.wait_for_timeout(150), route.continue_()))
        page.locator("[data-cell='kernel 0 0']").focus()
        for text in ("5", "6", "7"):
            page.keyboard.press("Control+A")
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        page.keyboard.press("Control+A")
        page.keyboard.type("-1")
        page.wait_for_timeout(900)
        page.keyboard.type("2")
        page.keyboard.press("Enter")
        ready(page)
        assert page.evaluate("() => explorer.scene.values.kernel") == [[5, 6], [7, -12]]


@pytest.mark.parametrize("text", ["abc", "", "0,5", "5 6", "1e400", "true", "[1]"])
def test_a_cell_that_is_no_number_is_said_by_its_place(page, text):
    before = page.evaluate("() => explorer.answer.values.input")
    entry = page.locator("[data-cell='input 1 2']")
    entry.fill(text)
    entry.press("Enter")
    ready(page)
    said = page.locator("[data-part=wrong]").text_content()
    assert said == f'input, cell 1, 2: got "{text}"; legal is a finite number'
    assert entry.get_attribute("aria-invalid") == "true"
    entry.fill("−4")  # with the minus that figures have
    entry.press("Enter")
    ready(page)
    before[1][2] = -4
    assert page.evaluate("() => explorer.scene.values.input") == before
    assert page.locator("[data-part=wrong]").text_content() == ""


def test_a_picture_becomes_the_input(browser, address, tmp_path):
    picture = Image.new("L", (40, 40), 40)
    picture.paste(200, (20, 0, 40, 40))
    picture.save(tmp_path / "picture.png")
    with opened(browser, address, "#input=4&kernel=2") as page:
        page.set_input_files("[data-part=picture]", tmp_path / "picture.png")
        page.wait_for_timeout(200)
        ready(page)
        scene = Scene.from_dict(page.evaluate("() => explorer.scene"))
        assert record(scene).input[0].tolist() == [[40, 40, 200, 200]] * 4
        (tmp_path / "broken.png").write_bytes(b"\x89PNG....")
    with opened(browser, address, expected=["422"]) as page:
        page.set_input_files("[data-part=picture]", tmp_path / "broken.png")
        page.wait_for_function(
            "() => document.querySelector('[data-part=wrong]').textContent.includes('not a picture')"
        )


@pytest.mark.parametrize(
    "fields",
    [
        {"input": [6, 7], "kernel": 3, "padding": "same", "stride": 2},
        {"input": 3, "kernel": 3, "stride": 2, "transposed": True, "title": "5", "view": {"kind": "scatter", "theme": "dark"}},
        {"input": 4, "kernel": 2, "title": 'a&b=c #%41 "x" ü', "values": {"input": {"random": [0, 9], "seed": 3}}, "timing": {"steps": "0:3"}},
    ],
)  # fmt: skip
def test_a_link_gives_another_page_the_same_figure(browser, address, fields):
    with opened(browser, address) as page:
        load(page, fields)
        link = page.evaluate("() => location.href")
        before = shown(page)
    with opened(browser, address, link.removeprefix(address)) as page:
        assert shown(page) == before
        assert Scene.from_dict(page.evaluate("() => explorer.scene")) == Scene.from_dict(fields)
        page.evaluate("() => { location.hash = '#input=4&kernel=2'; }")
        page.wait_for_timeout(100)
        ready(page)
        assert shown(page) == as_player(Scene(4, 2))


def test_presets_and_scene_files_of_several_scenes(browser, address):
    with opened(browser, address) as page:
        page.locator("[data-part=presets]").select_option("05b_two_ways")
        ready(page)
        assert page.locator("[data-part=controls]").is_hidden()
        assert len(shown(page)["grids"]) > 4
        page.locator("[data-part=presets]").select_option("dilation")
        ready(page)
        assert page.locator("[data-part=controls]").is_visible()
        assert page.evaluate("() => explorer.scene.dilation") == 2
        assert page.locator("[data-part=presets]").input_value() == "dilation"
        field(page, "stride").locator("input[type=text]").fill("2")
        field(page, "stride").locator("input[type=text]").press("Tab")
        ready(page)
        assert page.locator("[data-part=presets]").input_value() == ""  # what is shown is that figure no more


def test_presets_stand_under_their_headings_in_order(page):
    groups = page.evaluate(
        """() => [...document.querySelectorAll('[data-part=presets] optgroup')].map(
            ({ label, children }) => [label, [...children].map(({ value }) => value)])"""
    )
    figures = {name: load_figure(path) for name, path in {**built_in(), **built_in_stacks()}.items()}
    assert groups == [list(each) for each in in_order(figures).items()]
    assert groups[0][1][0] == "01_output_size"


def test_the_tabs_say_the_scene_in_other_words(browser, address):
    with opened(browser, address, "#input=5&kernel=3&stride=2&padding=1") as page:

        def panel(title):
            page.get_by_role("tab", name=title, exact=True).click()
            page.wait_for_function("() => document.querySelector('[data-part=panel]').childElementCount > 0")
            page.wait_for_timeout(80)
            return page.locator("[data-part=panel]")

        assert "= ⌊(5 + 2·1 − 3) / 2⌋ + 1 = 3" in panel("What it computes").text_content()
        command = shlex.split(panel("Command").locator("pre").text_content())
        assert command == [
            "convanim",
            "render",
            "--input",
            "5",
            "--kernel",
            "3",
            "--stride",
            "2",
            "--padding",
            "1",
            "-o",
            "figure.gif",
        ]
        for title, framework in (
            ("PyTorch", "torch"),
            ("Keras", "keras"),
            ("JAX", "jax"),
            ("ONNX", "onnx"),
            ("NumPy", "numpy"),
        ):
            expect(panel(title).locator("pre")).to_have_text(FIRST.to_code(framework), use_inner_text=False)
        area = panel("Scene file").locator("textarea")
        assert "stride = 2" in area.input_value()
        area.fill("input = 6\nkernel = 2\n")
        page.get_by_role("button", name="Use this scene file").click()
        ready(page)
        assert shown(page) == as_player(Scene(6, 2))
        panel("Paste a layer").locator("textarea").fill("nn.ConvTranspose2d(1, 1, 3, stride=2)")
        page.get_by_role("button", name="Load this layer").click()
        page.wait_for_timeout(200)
        ready(page)
        assert Scene.from_dict(page.evaluate("() => explorer.scene")) == Scene(6, 3, stride=2, transposed=True)


@pytest.mark.parametrize("suffix", [*FORMATS, "pptx"])
def test_each_download_is_the_figure(browser, address, suffix, tmp_path):
    with opened(browser, address, "#input=3&kernel=2&title=Here") as page:
        with page.expect_download() as told:
            page.get_by_role("button", name=suffix.upper(), exact=True).click()
        told.value.save_as(tmp_path / told.value.suggested_filename)
    assert told.value.suggested_filename == f"here.{suffix}"
    assert carried_figure(tmp_path / f"here.{suffix}") == Scene(3, 2, title="Here")


def test_what_was_done_is_seen(browser, address):
    with opened(browser, address) as page:
        told = page.locator("[data-part=status]")
        assert told.bounding_box()["height"] == 0
        page.get_by_role("button", name="PNG", exact=True).click()
        expect(told).to_contain_text("-padding-1.png, ")
        box = told.bounding_box()
        assert box["height"] > 20
        assert 0 <= box["y"] < box["y"] + box["height"] <= 900


def test_what_is_said_of_a_download_goes_with_the_next(browser, address):
    with opened(browser, address, expected=["422", "REFUSED"]) as page:
        page.route("**/api/file/gif", lambda route: route.fulfill(status=422, json={"reason": "gif cannot be"}))
        page.get_by_role("button", name="GIF", exact=True).click()
        expect(page.locator("[data-part=wrong]")).to_have_text("gif cannot be")
        page.get_by_role("button", name="SVG", exact=True).click()
        expect(page.locator("[data-part=status]")).to_contain_text("convolution-kernel-3x3-stride-2-padding-1.svg, ")
        assert page.locator("[data-part=wrong]").text_content() == ""
        page.route("**/api/file/png", lambda route: route.abort("connectionrefused"))
        page.get_by_role("button", name="PNG", exact=True).click()
        expect(page.locator("[data-part=wrong]")).to_contain_text("the server does not answer")


def test_keys_and_the_bar_step_and_scrub(browser, address):
    with opened(browser, address) as page:
        figure = page.locator("conv-anim")
        step = "() => document.querySelector('conv-anim').step"
        last = step_count(FIRST) - 1
        assert page.evaluate(step) == last
        figure.focus()
        for key, expected in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", last)):
            page.keyboard.press(key)
            assert page.evaluate(step) == expected
        page.evaluate("""() => {
          const scrub = document.querySelector("conv-anim").shadowRoot.querySelector("input[type=range]");
          scrub.value = 4;
          scrub.dispatchEvent(new Event("input"));
        }""")
        assert page.evaluate(step) == 4


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (900, "light"), (1600, "dark")])
def test_the_page_fits_narrow_and_wide_and_is_accessible(browser, address, width, scheme):
    with opened(
        browser, address, viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    ) as page:
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("() => document.querySelector('conv-anim').playing") is False
        found = Axe().run(page).response["violations"]
        assert [
            (each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in {"serious", "critical"}
        ] == []
        dark = sum(pixels(page).getpixel((1, 1))) < 200
        assert dark == (scheme == "dark")


def test_the_first_load_is_small(address):
    loaded = 0
    for part in PARTS:
        with urlopen(Request(address + part, headers={"Accept-Encoding": "gzip"})) as answer:  # noqa: S310 - of this machine
            assert answer.headers["Content-Encoding"] == "gzip" or part == ""
            loaded += len(answer.read())
    assert loaded < MOST_LOADED


def test_values_of_cells_give_way_to_another_size_and_come_back(browser, address):
    with opened(
        browser, address, "#input=4&kernel=2&values.input=[[1,2,3,4],[5,6,7,8],[9,1,2,3],[4,5,6,7]]", ["422"]
    ) as page:
        slider = field(page, "input").locator("input[type=range]")
        slider.fill("6")
        ready(page)
        assert shown(page) == as_player(Scene(6, 2))
        assert page.locator("[data-part=wrong]").text_content() == ""
        notices = page.locator("[data-part=notices]")
        assert notices.text_content() == "set aside until the sizes are as they were: values.input"
        slider.fill("4")
        ready(page)
        assert page.evaluate("() => explorer.scene.values.input[3]") == [4, 5, 6, 7]
        assert notices.text_content() == ""
        entry = field(page, "values.input").locator("input")
        entry.evaluate("(each) => { each.value = '[[1]]'; each.dispatchEvent(new Event('change')); }")
        ready(page)
        assert "4×4" in page.locator("[data-part=wrong]").text_content(), "what is entered as such is refused"


def test_a_preset_says_its_note_until_it_is_another_figure(browser, address):
    with opened(browser, address, "#preset=17a_dilation") as page:
        note = page.locator("[data-part=note]")
        assert note.text_content() == load_figure(built_in()["17a_dilation"]).note
        page.evaluate("() => explorer.load({ scene: { input: 4, kernel: 2 } })")
        ready(page)
        assert note.is_hidden()


def test_a_name_that_no_figure_has_is_said(browser, address):
    with opened(browser, address, "#preset=nope") as page:
        said = page.locator("[data-part=wrong]")
        expect(said).to_have_text('no figure that comes with convanim is called "nope"')
        assert shown(page) == as_player(Scene(5, 3, stride=2, padding=1))


def test_what_is_wrong_with_a_pasted_layer_is_said_there_and_the_figure_stays_right(browser, address):
    with opened(browser, address, "#input=4&kernel=2", ["422"]) as page:
        page.get_by_role("tab", name="Paste a layer").click()
        page.locator("[data-part=panel] textarea").fill("nn.Nothing(1, 2)")
        page.get_by_role("button", name="Load this layer").click()
        expect(page.locator("[data-part=panel] .wrong")).to_contain_text("Nothing")
        assert page.locator("[data-part=stage].stale").count() == 0
        assert page.locator("[aria-invalid=true]").count() == 0


def test_the_way_back_leads_to_the_figure_before(browser, address):
    with opened(browser, address, "#input=4&kernel=2") as page:
        page.locator("[data-part=presets]").select_option("dilation")
        ready(page)
        field(page, "stride").locator("input[type=range]").fill("2")
        ready(page)
        page.go_back()
        page.wait_for_timeout(100)
        ready(page)
        assert shown(page) == as_player(Scene(4, 2))
        page.go_forward()
        page.wait_for_timeout(100)
        ready(page)
        assert page.evaluate("() => [explorer.scene.dilation, explorer.scene.stride]") == [2, 2]


def test_what_only_a_transposed_convolution_has_is_shown_for_one(page):
    assert field(page, "output_padding").is_hidden()
    field(page, "transposed").locator("input").check()
    ready(page)
    assert field(page, "output_padding").is_visible()


def test_a_text_that_is_dropped_is_said_to_be_no_picture(page):
    page.evaluate("""() => { const data = new DataTransfer(); data.setData('text/plain', 'a word');
        document.querySelector('[data-part=stage]').dispatchEvent(new DragEvent('drop', { dataTransfer: data })); }""")
    expect(page.locator("[data-part=wrong]")).to_have_text("what was dropped is no file; legal is a picture")


def test_a_picture_is_read_anew_for_another_size(browser, address, tmp_path):
    shades = np.random.default_rng(1).integers(0, 256, (8, 8), dtype=np.uint8)
    Image.fromarray(shades).save(tmp_path / "picture.png")
    with opened(browser, address, "#input=4&kernel=2") as page:
        with page.expect_response("**/api/picture?size=4x4"):
            page.set_input_files("[data-part=picture]", tmp_path / "picture.png")
        page.wait_for_timeout(300)
        ready(page)
        assert "image" in page.evaluate("() => explorer.scene.values.input")
        assert np.unique(page.evaluate("() => explorer.answer.values.input")).size <= 16
        with page.expect_response("**/api/picture?size=8x8"):
            field(page, "input").locator("input[type=range]").fill("8")
        page.wait_for_timeout(300)
        ready(page)
        assert np.array_equal(page.evaluate("() => explorer.answer.values.input"), shades)
