"""The player in pages: pointing, keys, touch, full screen, what embedding pages may do with it, and how little it draws."""

import gzip
from contextlib import contextmanager

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from convanim import Scene, load_scene, record, render, render_deck, storyboard
from convanim.catalogue import built_in
from convanim.formats.player_words import TEMPLATES
from convanim.formats.scripts import player
from tests.pages import browser, opened, pixels

__all__ = ["browser"]
NUMERIC = Scene(5, 3, stride=2, padding=1, view={"kind": "numeric", "formula": True})
MOST_LOADED = 17_000
READY = "() => { window.f = document.querySelector('conv-anim'); f.pause(); f.show(2); }"


@contextmanager
def shown(browser, tmp_path, figure=NUMERIC, **context):
    """A page with a figure, paused at its third step."""
    with opened(browser, render(figure, tmp_path / "figure.html")[0], **context) as page:
        page.evaluate(READY)
        yield page


def middle(page, board, grid, index):
    """Where a cell's middle is on the page."""
    corners = board.cell(grid, index)
    x, y = (sum(corner[axis] for corner in corners) / 4 for axis in (0, 1))
    box = page.evaluate(
        "() => { const b = f.shadowRoot.querySelector('canvas').getBoundingClientRect(); return [b.x, b.y, b.width]; }"
    )
    return box[0] + x * box[2] / board.size[0], box[1] + y * box[2] / board.size[0]


def marked(page):
    return {(one["grid"], tuple(one["index"])) for one in page.evaluate("f.marked")}


def made(recording, output):
    """An output cell and what it is made of."""
    placement = next(one for one in recording if one.output == output)
    return {("output", output), *(("canvas", tap.canvas) for tap in placement.taps)}


def said(page):
    return page.evaluate("() => f.shadowRoot.querySelector('.said').textContent")


def test_pointing_lights_up_and_a_click_pins_it(browser, tmp_path):
    recording, board = record(NUMERIC), storyboard(NUMERIC)
    with shown(browser, tmp_path) as page:
        page.evaluate("() => { window.pins = []; f.addEventListener('pin', (e) => pins.push(e.detail)); }")
        page.mouse.move(*middle(page, board, "output", (1, 1)))
        assert marked(page) == made(recording, (1, 1))
        assert said(page).startswith("output (1, 1) = ")
        assert page.evaluate("f.step") == 2
        page.mouse.move(5, 5)
        assert (marked(page), said(page), page.evaluate("pins")) == (set(), "", [])
        page.evaluate("f.play()")
        page.mouse.click(*middle(page, board, "output", (1, 1)))
        assert not page.evaluate("f.playing")
        page.mouse.move(*middle(page, board, "output", (0, 0)))
        assert marked(page) == made(recording, (1, 1)), "a pin stays"
        page.mouse.click(*middle(page, board, "output", (0, 0)))
        assert marked(page) == made(recording, (0, 0)), "another cell takes it over"
        page.mouse.click(*middle(page, board, "output", (0, 0)))
        assert marked(page) == set()
        page.mouse.click(*middle(page, board, "canvas", (2, 2)))
        assert marked(page) == {("canvas", (2, 2))} | {
            ("output", one.output) for one in recording if (2, 2) in {tap.canvas for tap in one.taps}
        }
        page.focus("conv-anim")
        page.keyboard.press("Escape")
        assert marked(page) == set()
        told = [detail and (detail["grid"], detail["index"]) for detail in page.evaluate("pins")]
        assert told == [("output", [1, 1]), ("output", [0, 0]), None, ("canvas", [2, 2]), None]


def test_time_goes_on_while_a_cell_is_pointed_at(browser, tmp_path):
    figure = Scene(5, 3, timing={"step": 40})
    with shown(browser, tmp_path, figure) as page:
        page.evaluate("f.play()")
        page.mouse.move(*middle(page, storyboard(figure), "output", (2, 2)))
        before, lit = pixels(page), marked(page)
        page.evaluate(
            "() => new Promise((done) => { let n = 0; f.addEventListener('step', () => { n += 1; if (n > 3) done(); }); })"
        )
        assert page.evaluate("f.playing")
        assert (pixels(page) == before).all(), "the picture that explains the cell stays"
        assert marked(page) == lit


def test_the_picture_of_a_cell_is_that_of_its_step(browser, tmp_path):
    place = "() => f.shadowRoot.querySelector('output').textContent"
    with shown(browser, tmp_path) as page:
        page.evaluate("f.show(7)")
        seventh = pixels(page).astype(int)
        page.evaluate("f.show(2)")
        page.evaluate("f.pin('output', 7)")
        differing = abs(pixels(page).astype(int) - seventh).max(axis=2) > 8
        assert 0 < differing.mean() < 0.05, "but for the rings"
        assert page.evaluate(place) == "8 / 9", "the bar says which step is seen"
        page.evaluate("f.pin(null)")
        assert page.evaluate("f.step") == 2
        assert page.evaluate(place) == "3 / 9"


def test_steps_go_on_from_the_cell_that_is_pinned_but_not_from_one_that_is_passed(browser, tmp_path):
    with shown(browser, tmp_path) as page:
        forward = "() => f.shadowRoot.querySelector('[aria-label=\"Step forward\"]').click()"
        page.evaluate("f.show(2)")
        page.evaluate("f.pin('output', 6)")
        page.evaluate(forward)
        assert page.evaluate("f.step") == 7
        page.evaluate("f.show(2)")
        page.mouse.move(*middle(page, storyboard(NUMERIC), "output", (2, 0)))
        assert marked(page)
        page.evaluate(forward)
        assert page.evaluate("f.step") == 3


def test_a_cursor_moves_over_the_cells_with_the_keys(browser, tmp_path):
    recording = record(NUMERIC)
    with shown(browser, tmp_path) as page:
        page.focus("conv-anim")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("f.step") == 3
        page.keyboard.press("Enter")
        assert marked(page) == made(recording, recording[3].output)
        page.keyboard.press("ArrowRight")
        assert marked(page) == made(recording, (1, 1))
        page.keyboard.press("ArrowUp")
        assert marked(page) == made(recording, (0, 1))
        live = "() => { const s = f.shadowRoot.querySelector('.said'); return [s.textContent, s.getAttribute('aria-live')]; }"
        words, manner = page.evaluate(live)
        assert (words.split(" = ")[0], manner) == ("output (0, 1)", "polite")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        ((grid, index),) = {cell for cell in marked(page) if cell[0] == "canvas"}
        assert (grid, index[1]) == ("canvas", 6), "beyond the output's edge lies the canvas"
        page.keyboard.press("Escape")
        assert marked(page) == set()
        assert page.evaluate("f.step") == 3
        page.keyboard.press("Enter")
        assert ("canvas", index) in marked(page), "it begins where it was"
        page.keyboard.press("Enter")
        assert marked(page) == set()
        page.keyboard.press("Tab")
        assert page.evaluate("() => f.shadowRoot.activeElement.ariaLabel") == "Play"


def swipe(page, start, end):
    """A finger that goes from one place to another."""
    session = page.context.new_cdp_session(page)
    send = lambda kind, points: session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})  # noqa: E731
    send("touchStart", [{"x": start[0], "y": start[1]}])
    for part in range(1, 6):
        x, y = (a + (b - a) * part / 5 for a, b in zip(start, end, strict=True))
        send("touchMove", [{"x": x, "y": y}])
    send("touchEnd", [])


def test_fingers_step_and_pin(browser, tmp_path):
    board = storyboard(NUMERIC)
    with shown(browser, tmp_path, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 700}) as page:
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
        x, y = middle(page, board, "canvas", (3, 3))
        swipe(page, (x, y), (x - 80, y))
        assert page.evaluate("f.step") == 3
        swipe(page, (x, y), (x + 80, y + 5))
        swipe(page, (x, y), (x + 80, y))
        assert page.evaluate("f.step") == 1
        assert marked(page) == set()
        page.touchscreen.tap(*middle(page, board, "output", (2, 0)))
        assert marked(page) == made(record(NUMERIC), (2, 0))
        page.touchscreen.tap(*middle(page, board, "output", (2, 0)))
        assert marked(page) == set()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_it_fills_the_screen_and_comes_back(browser, tmp_path):
    with shown(browser, tmp_path) as page:
        width = "() => f.shadowRoot.querySelector('canvas').getBoundingClientRect().width"
        before = page.evaluate(width)
        page.get_by_role("button", name="Full screen").click()
        page.wait_for_function("() => document.fullscreenElement === f")
        page.wait_for_function(f"before => ({width})() > 1.2 * before", arg=before)
        bar, canvas, screen = page.evaluate(
            "() => ['.bar', 'canvas'].map((s) => f.shadowRoot.querySelector(s).getBoundingClientRect().bottom).concat(innerHeight)"
        )
        assert canvas < bar < screen
        page.get_by_role("button", name="Full screen").click()
        page.wait_for_function(f"before => !document.fullscreenElement && ({width})() === before", arg=before)


def test_where_the_page_forbids_full_screen_there_is_no_button(browser, tmp_path):
    render(NUMERIC, tmp_path / "figure.html")
    frame = tmp_path / "frame.html"
    frame.write_text('<iframe src="figure.html" allow="fullscreen \'none\'" width="700" height="700"></iframe>')
    with browser.new_context() as there, there.new_page() as page:
        page.goto(frame.as_uri())
        inner = page.frames[1]
        inner.wait_for_selector("conv-anim")
        inner.get_by_role("button", name="Repeat").wait_for()
        assert inner.get_by_role("button", name="Full screen").count() == 0


def test_it_repeats_or_not_as_the_reader_wants(browser, tmp_path):
    figure = Scene(3, 2, timing={"step": 30, "hold": 30})
    with shown(browser, tmp_path, figure) as page:
        button = page.get_by_role("button", name="Repeat")
        assert button.get_attribute("aria-pressed") == "true"
        button.click()
        assert button.get_attribute("aria-pressed") == "false"
        page.evaluate("f.play()")
        page.wait_for_function("() => !f.playing")
        assert page.evaluate("f.step") == 3
        button.click()
        page.evaluate(
            "() => { window.seen = []; f.addEventListener('step', (e) => seen.push(e.detail.step)); f.show(0); f.play(); }"
        )
        page.wait_for_function("() => seen.length > 9")
        assert page.evaluate("f.playing")


def test_cells_on_a_slide_can_be_pointed_at_and_its_keys_stay_the_decks(browser, tmp_path):
    deck = render_deck([NUMERIC, Scene(3, 2)], tmp_path / "deck.html")
    with opened(browser, deck, viewport={"width": 1500, "height": 700}) as page:
        page.wait_for_function("() => Reveal.isReady()")
        page.evaluate("() => { window.f = document.querySelector('section.present conv-anim'); }")
        page.mouse.click(*middle(page, storyboard(NUMERIC), "output", (2, 1)))
        assert marked(page) == made(record(NUMERIC), (2, 1))
        page.keyboard.press("ArrowRight")
        assert (page.evaluate("f.step"), marked(page)) == (1, set())


def page_with(tmp_path, *figures, head=""):
    """A page of one's own with several figures."""
    for number, figure in enumerate(figures):
        render(figure, tmp_path / f"{number}.html")
    elements = [
        (tmp_path / f"{number}.html").read_text().split("<main>")[1].split("</main>")[0]
        for number in range(len(figures))
    ]
    path = tmp_path / "page.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8>{head}{''.join(elements)}<script type=module>{player()}</script>"
    )
    return path


def test_several_figures_on_a_page_mind_their_own_business(browser, tmp_path):
    with opened(browser, page_with(tmp_path, NUMERIC, Scene(4, 3))) as page:
        page.evaluate(
            "() => { window.all = [...document.querySelectorAll('conv-anim')]; all.forEach((f) => f.pause()); }"
        )
        page.evaluate("() => { all[0].show(3); all[1].show(1); all[0].pin('output', 0); }")
        assert page.evaluate("() => all.map((f) => [f.step, f.marked.length])") == [[3, 10], [1, 0]]
        names = page.evaluate("() => Object.keys(window).filter((name) => /conv|figure|player/i.test(name))")
        assert names == [], "the module leaves nothing behind in the page"


def test_another_figure_is_shown_at_the_same_step(browser, tmp_path):
    with opened(browser, page_with(tmp_path, NUMERIC, Scene(3, 2))) as page:
        page.evaluate(
            "() => { window.all = [...document.querySelectorAll('conv-anim')]; all.forEach((f) => f.pause()); }"
        )
        data = page.evaluate("() => JSON.parse(all[1].querySelector('script').textContent)")
        page.evaluate("() => { all[0].show(2); all[0].pin('output', 2); }")
        page.evaluate("data => { all[0].data = data; }", data)
        assert page.evaluate("() => [all[0].step, all[0].steps, all[0].marked.length]") == [2, 4, 0]
        page.evaluate("() => all[0].pin('output', 3)")
        assert page.evaluate("() => all[0].marked.length") == 5
        page.evaluate("() => { all[0].setAttribute('step', '1'); }")
        assert page.evaluate("() => [all[0].step, all[0].marked.length]") == [0, 0]
        page.evaluate("() => all[0].removeAttribute('paused')")
        page.evaluate("() => all[0].toggleAttribute('paused', true)")
        assert not page.evaluate("() => all[0].playing")
        page.evaluate("() => all[0].removeAttribute('paused')")
        assert page.evaluate("() => all[0].playing")


@pytest.mark.parametrize("how", ["pin", "hover"])
def test_a_cell_that_is_pointed_at_is_let_go_of_when_a_figure_of_fewer_steps_comes(browser, tmp_path, how):
    with opened(browser, page_with(tmp_path, NUMERIC, Scene(3, 2))) as page:
        page.evaluate(
            "() => { window.all = [...document.querySelectorAll('conv-anim')]; all.forEach((each) => each.pause()); }"
        )
        page.evaluate("() => { window.f = all[0]; f.show(8); window.pins = []; }")
        if how == "pin":
            page.evaluate("() => { f.pin('output', 8); f.addEventListener('pin', (e) => pins.push(e.detail)); }")
        else:
            page.mouse.move(*middle(page, storyboard(NUMERIC), "output", (2, 2)))
        assert page.evaluate("f.marked.length") == 10
        page.evaluate("() => { f.data = JSON.parse(all[1].querySelector('script').textContent); }")
        assert page.evaluate("[f.step, f.steps, f.marked.length, f.said]") == [3, 4, 0, ""]
        assert page.evaluate("pins") == ([None] if how == "pin" else [])


@pytest.mark.parametrize(
    ("said", "expected"), [("3", 2), ("2.7", 1), ("a word", 0), ("-3", 0), ("99", 8), ("1e999", 8), ("0.5", 0)]
)
def test_whatever_the_attribute_step_says_a_step_is_shown(browser, tmp_path, said, expected):
    """After it was said, and from the beginning; a word from the beginning says nothing, as no attribute does."""
    with shown(browser, tmp_path) as page:
        page.evaluate("said => { f.setAttribute('step', said); }", said)
        assert page.evaluate("f.step") == expected
        page.evaluate(
            "said => { const other = document.createElement('conv-anim'); other.setAttribute('step', said);"
            " other.data = f.data; f.replaceWith(other); window.f = other; }",
            said,
        )
        assert page.evaluate("[f.step, f.playing]") == [expected, said == "a word"]


def test_data_may_be_there_before_the_player(browser, tmp_path):
    early = "<script>addEventListener('DOMContentLoaded', () => 0)</script>"
    path = page_with(tmp_path, NUMERIC, head=early)
    text = path.read_text()
    start, end = text.index('<script type="application/json">'), text.index("</script>", text.index("application/json"))
    data = text[start:end].split(">", 1)[1]
    give = f"<script>document.querySelector('conv-anim').data = {data};</script>"
    path.write_text(text[:start] + text[end + 9 :].replace("</conv-anim>", f"</conv-anim>{give}"))
    with opened(browser, path) as page:
        page.evaluate(READY)
        assert page.evaluate("f.steps") == len(storyboard(NUMERIC).steps)


def test_an_element_that_is_taken_out_and_put_back_leaks_nothing(browser, tmp_path):
    with shown(browser, tmp_path) as page:
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")

        def listeners():
            session.send("HeapProfiler.collectGarbage")
            found = session.send("Performance.getMetrics")["metrics"]
            return next(one["value"] for one in found if one["name"] == "JSEventListeners")

        again = "() => { const home = f.parentNode; for (let n = 0; n < 20; n += 1) { f.remove(); home.append(f); } }"
        page.evaluate(again)
        before = listeners()
        page.evaluate(again)
        assert listeners() == before
        page.evaluate("f.play()")
        page.evaluate(
            "() => { window.home = f.parentNode; window.count = 0; f.addEventListener('step', () => { count += 1; }); f.remove(); }"
        )
        page.wait_for_timeout(100)
        assert page.evaluate("count") == 0, "out of the page, time stands still"
        page.evaluate("() => { window.gone = new WeakRef(f); window.f = null; }")
        assert page.evaluate("() => { home.append(gone.deref()); return gone.deref().playing; }")
        page.evaluate("() => { gone.deref().remove(); }")
        session.send("HeapProfiler.collectGarbage")
        page.wait_for_timeout(50)
        session.send("HeapProfiler.collectGarbage")
        assert page.evaluate("() => gone.deref() === undefined")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1000])
def test_axe_finds_nothing_serious(browser, tmp_path, theme, width):
    figure = Scene(5, 3, padding=1, view={"kind": "numeric", "theme": theme})
    with shown(browser, tmp_path, figure, color_scheme=theme, viewport={"width": width, "height": 800}) as page:
        page.evaluate("f.pin('output', 4)")
        assert said(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["impact"]) for one in found if one["impact"] in {"serious", "critical"}] == []


def test_its_labels_are_in_the_figures_language(browser, tmp_path):
    figure = Scene(4, 3, view={"language": "zh"})
    with shown(browser, tmp_path, figure) as page:
        names = [button.get_attribute("aria-label") for button in page.get_by_role("button").all()]
        assert names == ["播放", "上一步", "下一步", "循环播放", "全屏"]
        assert page.evaluate("() => document.documentElement.lang") == "zh"
    texts, of_grids = player(), {"kernel", "output", "share"}
    assert [template for template in TEMPLATES if f'"{template}"' not in texts and template not in of_grids] == []


def test_a_long_animation_draws_little_at_each_step(browser, tmp_path):
    """28×28, every placement: the window moves by one cell, and what it leaves and enters is all that is drawn anew."""
    figure = Scene(28, 3, timing={"steps": ":"})
    with shown(browser, tmp_path, figure) as page:
        counts = page.evaluate(
            "() => { const found = []; f.show(0); for (let s = 1; s < f.steps; s += 1) { f.show(s); found.push(f.work); } return found; }"
        )
        cells = sorted(one["cells"] for one in counts)
        assert len(cells) == 675
        total = 28 * 28 + 26 * 26
        assert cells[0] > 0
        assert cells[len(cells) // 2] <= 100
        assert cells[-1] < total / 4
        assert max(one["texts"] for one in counts) <= 2
        before = page.evaluate("f.work.steps")
        page.evaluate("() => { for (let s = f.steps - 2; s >= f.steps - 102; s -= 1) f.show(s); }")
        gone = page.evaluate("f.work.steps") - before
        assert gone <= 100 * 26, "a step back goes through no more steps than lie between two snapshots"


@pytest.mark.parametrize(
    "figure",
    [
        NUMERIC,
        Scene(2, 3, stride=2, transposed=True),
        Scene(6, 3, view={"colour": "value"}),
        Scene(3, 3, stride=2, transposed=True, view={"kind": "scatter"}),
    ],
    ids=["numeric", "isometric", "shaded", "scatter"],
)
def test_what_is_drawn_anew_looks_as_if_all_were(browser, tmp_path, figure):
    with shown(browser, tmp_path, figure) as page:
        last = page.evaluate("f.steps") - 1
        for way in ([0, 1, last // 2, last], [last, 3, 2, 0]):
            for step in way:
                page.evaluate("step => f.show(step)", step)
            kept = pixels(page).astype(int)
            page.evaluate("() => { f.data = f.data; }")
            page.evaluate("step => f.show(step)", way[-1])
            difference = abs(kept - pixels(page).astype(int)).max(axis=2)
            assert np.mean(difference > 64) == 0
            assert np.mean(difference > 16) < 0.002, "slanted lines are smoothed a little otherwise within a box"


def test_a_page_is_light(tmp_path):
    (page,) = render(load_scene(built_in()["no_padding_strides_transposed"]), tmp_path / "x.html")
    assert 5_000 < len(gzip.compress(page.read_bytes(), 9, mtime=0)) < MOST_LOADED
