"""The explorer's page in Chromium: random scenes as they are recorded, how it lies, its address, and that it asks nobody else."""

import json
from random import Random
from urllib.request import Request, urlopen

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from convanim import Scene, record, storyboard
from convanim.draw.theme import LIGHT
from convanim.drawing import step_count
from convanim.scene import scene_to_dict
from tests.explore.paging import FIRST, address, as_player, field, load, opened, page, pixels, ready, shared, shown
from tests.pages import browser
from tests.random_scenes import random_scene

__all__ = ["address", "browser", "page", "shared"]
SCENES, MOST_LOADED = 50, 150_000
PARTS = ("", "explore.css", "explore.js", "player.js", "api/start")


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


def test_many_quick_changes_end_with_the_last_one(browser, address):
    with opened(browser, address) as page:
        page.evaluate("""() => {
          const slider = document.querySelector(".field[data-field=input] input[type=range]");
          for (const value of [6, 9, 4, 11, 7, 12]) { slider.value = value; slider.dispatchEvent(new Event("input")); }
        }""")
        ready(page)
        assert page.evaluate("() => explorer.scene.input") == 12
        assert shown(page) == as_player(Scene(12, 3, stride=2, padding=1))


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


def test_a_name_that_no_figure_has_is_said(browser, address):
    with opened(browser, address, "#preset=nope") as page:
        said = page.locator("[data-part=wrong]")
        expect(said).to_have_text('no figure that comes with convanim is called "nope"')
        assert shown(page) == as_player(Scene(5, 3, stride=2, padding=1))


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


def test_the_way_back_fills_the_field_that_was_entered_last(browser, address):
    with opened(browser, address, "#input=4&kernel=2") as page:
        page.locator("[data-part=presets]").select_option("dilation")
        ready(page)
        entry = field(page, "stride").locator("input[type=text]")
        entry.fill("2")
        entry.press("Enter")
        ready(page)
        page.go_back()
        page.wait_for_timeout(100)
        ready(page)
        assert entry.input_value() == ""
        entry.press_sequentially("3")
        page.evaluate("() => { location.hash = '#input=5&kernel=2'; }")
        page.wait_for_timeout(100)
        ready(page)
        assert entry.input_value() == "3", "what is being typed stays"


def test_a_browser_that_takes_no_more_addresses_for_now_has_the_last_one_later(browser, address):
    with opened(browser, address, "#input=4&kernel=2") as page:
        page.evaluate("""() => {
            const replace = history.replaceState.bind(history);
            history.replaceState = () => { throw new DOMException("more than 100 times per 30 seconds", "SecurityError"); };
            setTimeout(() => { history.replaceState = replace; }, 500);
        }""")
        field(page, "input").locator("input[type=range]").fill("6")
        ready(page)
        assert page.locator("[data-part=wrong]").text_content() == ""
        expect(page).to_have_url(f"{address}#input=6&kernel=2")


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
