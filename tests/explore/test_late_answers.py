"""The explorer's page while answers are on their way: whichever comes late, what is shown is what was asked for last."""

import pytest
from PIL import Image
from playwright.sync_api import expect

from convanim import Scene
from tests.explore.paging import as_player, field, opened, ready, shown
from tests.explore.serving import served
from tests.pages import browser

__all__ = ["browser"]


@pytest.fixture(scope="module")
def address():
    with served() as url:
        yield url


def test_code_that_comes_late_is_not_shown_for_another_scene(browser, address):
    held = []
    with opened(browser, address, "#input=4&kernel=2") as page:
        page.route("**/api/code", lambda route: route.continue_() if held else held.append(route))
        page.get_by_role("tab", name="NumPy").click()
        page.wait_for_timeout(100)
        assert len(held) == 1
        page.evaluate("() => { explorer.load({ scene: { input: 9, kernel: 5 } }); }")
        ready(page)
        code = page.locator("[data-part=panel] pre")
        expect(code).to_have_text(Scene(9, 5).to_code("numpy"), use_inner_text=False)
        held[0].continue_()
        page.wait_for_timeout(300)
        assert code.text_content() == Scene(9, 5).to_code("numpy")


def test_cells_that_are_typed_into_quickly_keep_what_was_typed(browser, address):
    held = []
    with opened(browser, address, "#input=4&kernel=2") as page:
        page.evaluate("() => { for (const each of document.querySelectorAll('.values details')) each.open = true; }")

        def hold(route):
            held.append(route)

        page.route("**/api/figure", hold)
        page.locator("[data-cell='input 0 0']").fill("77")
        page.keyboard.press("Tab")
        page.keyboard.type("55")
        page.keyboard.press("Tab")
        page.keyboard.type("3")
        page.wait_for_timeout(100)
        held.pop().continue_()
        page.wait_for_timeout(300)  # the first answer is there, and the second question
        held.pop().continue_()
        ready(page)
        page.unroute("**/api/figure")
        assert page.evaluate("() => explorer.answer.values.input[0].slice(0, 2)") == [77, 55]
        page.keyboard.type("3")
        page.keyboard.press("Tab")
        ready(page)
        assert page.evaluate("() => explorer.answer.values.input[0].slice(0, 3)") == [77, 55, 33]
        cells = [page.locator(f"[data-cell='input 0 {number}']").input_value() for number in range(3)]
        assert cells == ["77", "55", "33"]
        assert page.evaluate("() => document.activeElement.dataset.cell") == "input 0 3"


def test_a_cell_that_is_entered_shows_what_came_of_it(browser, address):
    with opened(browser, address, "#input=4&kernel=2", expected=["422"]) as page:
        page.evaluate("() => { for (const each of document.querySelectorAll('.values details')) each.open = true; }")
        entry = page.locator("[data-cell='input 0 0']")
        entry.fill("1e1")
        entry.press("Enter")
        ready(page)
        assert entry.input_value() == "10"
        entry.fill("a word")
        entry.press("Enter")
        ready(page)
        assert "a word" in page.locator("[data-part=wrong]").text_content()
        other = page.locator("[data-cell='input 0 1']")
        other.fill("6")
        other.press("Enter")
        ready(page)
        assert (entry.input_value(), page.locator("[data-part=wrong]").text_content()) == ("10", ""), "as it was before"
        entry.fill("5")
        entry.press("Enter")
        ready(page)
        assert page.locator("[data-part=wrong]").text_content() == ""
        assert page.evaluate("() => explorer.answer.values.input[0].slice(0, 2)") == [5, 6]


@pytest.mark.parametrize("way", ["preset", "text", "layer"])
def test_what_was_set_aside_does_not_come_back_in_another_figure(browser, address, way):
    with opened(browser, address, "#input=4&kernel=2&padding=1") as page:
        field(page, "op").locator("select").select_option("upsample")
        ready(page)
        assert "padding" in page.locator("[data-part=notices]").text_content()
        if way == "preset":
            page.locator("[data-part=presets]").select_option("dilation")
        else:
            tab, text, button = {
                "text": ("Scene file", "input = 5\nkernel = 2\ndilation = 2\n", "Use this scene file"),
                "layer": ("Paste a layer", "nn.Conv2d(1, 1, 2, dilation=2)", "Load this layer"),
            }[way]
            page.get_by_role("tab", name=tab).click()
            page.locator("[data-part=panel] textarea").fill(text)
            page.get_by_role("button", name=button).click()
        page.wait_for_timeout(300)
        ready(page)
        assert page.evaluate("() => explorer.scene.dilation") == 2
        assert page.locator("[data-part=notices]").text_content() == ""
        field(page, "op").locator("select").select_option("max_pool")
        ready(page)
        assert "padding" not in page.evaluate("() => Object.keys(explorer.scene)")


def test_the_same_picture_may_be_chosen_again(browser, address, tmp_path):

    Image.new("L", (4, 4), 9).save(tmp_path / "picture.png")
    with opened(browser, address, "#input=4&kernel=2") as page:
        for _ in range(2):
            with page.expect_response("**/api/picture?*"):
                page.set_input_files("[data-part=picture]", tmp_path / "picture.png")
            page.wait_for_timeout(100)
            ready(page)
            assert page.evaluate("() => document.querySelector('[data-part=picture]').files.length") == 0


def test_a_server_that_is_busy_from_the_beginning_is_said(browser, address):
    with browser.new_context() as there, there.new_page() as page:
        page.route("**/api/start", lambda route: route.fulfill(status=429, json={"reason": "busy", "problems": []}))
        page.goto(address)
        expect(page.locator("[data-part=wrong]")).to_have_text("busy")


def test_an_address_without_a_figure_shows_the_first_one(browser, address):
    with opened(browser, address, "#input=4&kernel=2") as page:
        page.evaluate("() => { location.hash = ''; }")
        page.wait_for_timeout(100)
        ready(page)
        assert shown(page) == as_player(Scene(5, 3, stride=2, padding=1))


def test_values_that_fit_again_before_they_are_refused_stay(browser, address):
    values = "values.input=[[1,2,3,4],[5,6,7,8],[9,1,2,3],[4,5,6,7]]"
    with opened(browser, address, f"#input=4&kernel=2&{values}", expected=["422"]) as page:
        held = []
        page.route("**/api/figure", lambda route: held.append(route) if not held else route.continue_())
        slider = field(page, "input").locator("input[type=range]")
        slider.fill("6")
        page.wait_for_timeout(100)
        slider.fill("4")
        held[0].continue_()
        ready(page)
        assert page.evaluate("() => explorer.scene.values?.input[0]") == [1, 2, 3, 4]
        assert page.locator("[data-part=notices]").text_content() == ""


def test_a_picture_that_is_on_its_way_is_not_lost_by_another_change(browser, address, tmp_path):
    Image.new("L", (4, 4), 9).save(tmp_path / "picture.png")
    with opened(browser, address, "#input=4&kernel=2") as page:
        held = []
        page.route("**/api/picture?*", lambda route: held.append(route) if not held else route.continue_())
        page.set_input_files("[data-part=picture]", tmp_path / "picture.png")
        page.wait_for_timeout(100)
        field(page, "input").locator("input[type=range]").fill("6")
        ready(page)
        held[0].continue_()
        page.wait_for_timeout(300)
        ready(page)
        assert page.evaluate("() => explorer.answer.values.input") == [[9] * 6] * 6


def test_a_broken_picture_is_not_said_of_another_figure(browser, address, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG....")
    with opened(browser, address, "#input=4&kernel=2", expected=["422"]) as page:
        held = []
        page.route("**/api/picture?*", lambda route: route.continue_() if held else held.append(route))
        page.set_input_files("[data-part=picture]", tmp_path / "broken.png")
        page.wait_for_timeout(100)
        page.locator("[data-part=presets]").select_option("dilation")
        ready(page)
        held[0].continue_()
        page.wait_for_timeout(300)
        assert page.locator("[data-part=wrong]").text_content() == ""
