"""What the widget's script does in a notebook: beside other views, under a notebook's keys, theme and restarts."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

import convanim
from convanim import Explorer, Scene
from tests.pages import browser

__all__ = ["browser"]
VIEWS = Path(__file__).with_name("views.js").read_text("utf-8")
WEB = Path(convanim.__file__).parent / "web"
SECONDS = 30


class Said(Explorer):
    """A widget that keeps the last thing that it would send."""

    def send(self, content, buffers=None):
        self.__dict__["sent"] = {"content": content, "buffers": [list(each) for each in buffers or []]}


@pytest.fixture
def page(browser):
    with browser.new_context(viewport={"width": 1300, "height": 1000}) as there, there.new_page() as page:
        faults = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        yield page
        assert faults == []


def show(page, views=1):
    """Show views of one widget, and wait for their figures."""
    widget = Said(Scene(5, 3))

    def answer(message):
        widget._asked(widget, message, [])
        return widget.__dict__["sent"]

    page.expose_function("toPython", answer)
    homes = "<div class=home></div>" * views
    page.set_content(f"<style>{(WEB / 'explore.css').read_text('utf-8')}</style><body>{homes}</body>")
    values = {"text": widget.text, "_modules": widget._modules}
    page.evaluate(VIEWS, {"source": (WEB / "widget.js").read_text("utf-8"), "values": values, "selector": ".home"})
    for home in page.locator(".home").all():
        expect(home.locator("[data-part=title]")).to_contain_text("kernel 3×3", timeout=SECONDS * 1000)


def enter(home, name, text):
    entry = home.locator(f".field[data-field={name}] input[type=text]")
    entry.fill(text)
    entry.press("Enter")


def test_views_of_a_widget_begin_together_and_follow_each_other(page):
    show(page, 2)
    one, two = page.locator(".home").all()
    enter(two, "padding", "2")
    for home in (one, two):
        expect(home.locator("[data-part=title]")).to_contain_text("padding 2")


def test_an_answer_goes_to_the_view_that_asked(page):
    show(page, 2)
    one, two = page.locator(".home").all()
    page.evaluate("""() => {
        globalThis.notebook.delay = 300;
        const [one, two] = document.querySelectorAll(".home");
        [...one.querySelectorAll("[role=tab]")].find((tab) => tab.textContent === "PyTorch").click();
        const padding = two.querySelector(".field[data-field=padding] input[type=text]");
        padding.value = "2";
        padding.dispatchEvent(new Event("change"));
    }""")
    expect(two.locator("[data-part=title]")).to_contain_text("padding 2")
    expect(one.locator(".panel")).to_contain_text("import torch")
    expect(two.locator("[data-part=wrong]")).to_be_empty()


@pytest.mark.parametrize("where", ["conv-anim", "[data-field=op] select", "[data-field=stride] input[type=range]"])
def test_keys_are_no_commands_of_the_notebook(page, where):
    show(page)
    page.evaluate("""() => {
        globalThis.heard = [];
        document.addEventListener("keydown", ({ key }) => globalThis.heard.push(key));
    }""")
    page.locator(where).focus()
    for key in ("x", "a", "ArrowDown", "ArrowUp", "Shift+M", "Control+s"):
        page.keyboard.press(key)
    assert page.evaluate("() => globalThis.heard") == ["Control", "s"]


def test_arrows_choose_where_the_notebook_has_commands_for_them(page):
    show(page)
    page.evaluate("""() => document.addEventListener("keydown", (event) => {
        if (event.key.startsWith("Arrow")) event.preventDefault();
    })""")
    page.locator("[data-field=stride] input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-part=title]")).to_contain_text("stride 2")


def test_it_is_as_dark_as_the_notebook_is(page):
    show(page)
    explorer, figure = page.locator(".explorer"), page.locator("conv-anim")
    ground = figure.evaluate("(figure) => figure.data.outline")
    assert "dark" not in explorer.get_attribute("class")
    page.evaluate("() => { document.body.style.background = '#111'; }")
    expect(explorer).to_have_css("color-scheme", "dark")
    expect(page.locator(".explorer.dark:not(.stale) conv-anim")).to_be_visible()
    page.wait_for_timeout(500)
    assert figure.evaluate("(figure) => figure.data.outline") != ground
    page.evaluate("() => { document.body.style.background = '#fff'; }")
    expect(explorer).to_have_css("color-scheme", "light")


@pytest.mark.parametrize("ground", ["#fff", "oklch(1 0 0)", "color(srgb 1 1 1)"])
def test_a_light_notebook_stays_light_where_the_system_is_dark(page, ground):
    page.emulate_media(color_scheme="dark")
    show(page)
    expect(page.locator(".explorer")).to_have_css("color-scheme", "dark")
    page.evaluate("(ground) => { document.body.style.background = ground; }", ground)
    expect(page.locator(".explorer")).to_have_css("color-scheme", "light")
    expect(page.locator(".explorer")).to_have_css("background-color", "rgb(253, 253, 251)")


def test_after_a_restart_of_python_it_says_what_to_do(page):
    show(page)
    page.evaluate("() => { globalThis.notebook.isGone = true; }")
    enter(page, "padding", "2")
    expect(page.locator("[data-part=wrong]")).to_have_text("Python no longer has this figure: run the cell again.")


def test_that_python_does_not_answer_is_said_until_it_does(page):
    page.clock.install()
    show(page)
    said = page.locator(".unanswered")
    page.evaluate("() => { globalThis.notebook.isSilent = true; }")
    enter(page, "padding", "2")
    page.clock.run_for(4_000)
    expect(said).to_be_empty()
    page.clock.run_for(2_000)
    expect(said).to_contain_text("Python does not answer: it is busy, or it was restarted")


def test_a_download_is_a_click_that_the_notebook_sees(page):
    show(page)
    page.evaluate("""() => {
        globalThis.clicked = [];
        document.body.addEventListener("click", ({ target }) => globalThis.clicked.push([target.download, target.href.slice(0, 5)]));
    }""")
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG", exact=True).dispatch_event("click", {"bubbles": False})
    assert page.evaluate("() => globalThis.clicked") == [["convolution-kernel-3x3-stride-1-padding-0.svg", "blob:"]]
    assert download.value.path().read_bytes().startswith(b"<svg")
    assert page.locator("a[download]").count() == 0
