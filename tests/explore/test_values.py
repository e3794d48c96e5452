"""Values of the explorer's figure: edited in their cells, or a picture's."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from convanim import Scene, record
from tests.explore.paging import address, as_player, field, opened, page, ready, shared, shown
from tests.pages import browser

__all__ = ["address", "browser", "page", "shared"]


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
        field(page, "stride").locator("input[type=range]").fill("2")
        ready(page)
        assert "4×4" in page.locator("[data-part=wrong]").text_content(), "it is refused until it is mended"
        assert notices.text_content() == ""


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


def test_a_text_that_is_dropped_is_said_to_be_no_picture(page):
    page.evaluate("""() => { const data = new DataTransfer(); data.setData('text/plain', 'a word');
        document.querySelector('[data-part=stage]').dispatchEvent(new DragEvent('drop', { dataTransfer: data })); }""")
    expect(page.locator("[data-part=wrong]")).to_have_text("what was dropped is no file; legal is a picture")


def test_the_gradient_that_slides_is_edited_by_its_name(browser, address):
    with opened(browser, address, "#input=3&kernel=2") as page:
        field(page, "op").locator("select").select_option("conv_kernel_grad")
        ready(page)
        summaries = page.locator("[data-part=values] summary").all_text_contents()
        assert summaries == ["Values of the input", "Values of the output's gradient"]
        page.locator("[data-part=values] summary").nth(1).click()
        entry = page.get_by_label("output's gradient, cell 1, 0", exact=True)
        entry.fill("7")
        entry.press("Enter")
        ready(page)
        scene = Scene.from_dict(page.evaluate("() => explorer.scene"))
        assert record(scene).kernel[0, 1, 0] == 7
        assert shown(page) == as_player(scene)
