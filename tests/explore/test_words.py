"""What the explorer says of a figure and takes as text: presets, the tabs, and files."""

import shlex

import pytest
from playwright.sync_api import expect

from convanim import Scene, load_figure
from convanim.catalogue import built_in, built_in_stacks
from convanim.formats import FORMATS
from convanim.headings import in_order
from convanim.reading import carried_figure
from convanim.scene import scene_to_dict
from tests.explore.paging import FIRST, address, as_player, field, load, opened, page, ready, shared, shown
from tests.pages import browser

__all__ = ["address", "browser", "page", "shared"]


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


def test_a_preset_says_its_note_until_it_is_another_figure(browser, address):
    with opened(browser, address, "#preset=17a_dilation") as page:
        note = page.locator("[data-part=note]")
        assert note.text_content() == load_figure(built_in()["17a_dilation"]).note
        page.evaluate("() => explorer.load({ scene: { input: 4, kernel: 2 } })")
        ready(page)
        assert note.is_hidden()


def test_a_note_that_a_figure_came_with_goes_when_it_is_another_whatever_its_title(browser, address):
    with opened(browser, address, "#preset=17a_dilation") as page:
        title = field(page, "title").locator("input")
        title.evaluate("(each) => { each.value = 'Mine'; each.dispatchEvent(new Event('change')); }")
        ready(page)
        note = page.locator("[data-part=note]")
        assert note.text_content() == load_figure(built_in()["17a_dilation"]).note
        field(page, "dilation").locator("input[type=range]").fill("1")
        ready(page)
        assert page.evaluate("() => [explorer.scene.title, explorer.scene.note ?? null]") == ["Mine", None]
        assert note.text_content() == ""


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


def test_what_is_wrong_with_a_pasted_layer_is_said_there_and_the_figure_stays_right(browser, address):
    with opened(browser, address, "#input=4&kernel=2", ["422"]) as page:
        page.get_by_role("tab", name="Paste a layer").click()
        page.locator("[data-part=panel] textarea").fill("nn.Nothing(1, 2)")
        page.get_by_role("button", name="Load this layer").click()
        expect(page.locator("[data-part=panel] .wrong")).to_contain_text("Nothing")
        assert page.locator("[data-part=stage].stale").count() == 0
        assert page.locator("[aria-invalid=true]").count() == 0


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


def test_a_layer_that_is_refused_is_still_there_when_the_scene_is_another(browser, address):
    with opened(browser, address, "#input=4&kernel=2", ["422"]) as page:
        page.get_by_role("tab", name="Paste a layer").click()
        area, wrong = page.locator("[data-part=panel] textarea"), page.locator("[data-part=panel] .wrong")
        area.fill("nn.Conv2d(1, 1, 5)")
        page.get_by_role("button", name="Load this layer").click()
        expect(wrong).to_contain_text("kernel")
        slider = field(page, "input").locator("input[type=range]")
        slider.focus()
        slider.fill("6")
        ready(page)
        assert (area.input_value(), wrong.text_content()) == ("nn.Conv2d(1, 1, 5)", "")


@pytest.mark.parametrize(
    ("title", "name"),
    [("x" + "𝒜" * 70, "x" + "𝒜" * 59), ("हिन्दी", "हिन्दी"), ("../a/b", "a-b"), ("..", "figure")],
)
def test_a_file_is_named_by_whole_characters_of_the_title(page, title, name):
    load(page, {"input": 3, "kernel": 2, "title": title})
    with page.expect_download() as told:
        page.get_by_role("button", name="SVG", exact=True).click()
    assert told.value.suggested_filename == f"{name}.svg"
