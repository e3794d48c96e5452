"""What the player does next, whatever happened before: taken out and put back, given another figure, paused, dragged over, left."""

import pytest

from convanim import Scene, storyboard
from tests.formats.test_player import NUMERIC, marked, middle, page_with, shown
from tests.pages import browser, opened

__all__ = ["browser"]
QUICK = Scene(3, 2, timing={"step": 20, "hold": 20, "loop": 2})
SLOW = Scene(3, 2, timing={"step": 2000, "hold": 2000})
SINGLE = Scene(2, 2)
HEAR = "() => { window.seen = []; f.addEventListener('step', (e) => seen.push(e.detail.step)); }"
TOUCH = """([fromX, fromY, x, y]) => { const canvas = f.shadowRoot.querySelector('canvas');
    for (const [name, clientX, clientY] of [['pointerdown', fromX, fromY], ['pointerup', x, y]])
        canvas.dispatchEvent(new PointerEvent(name, { pointerType: 'touch', clientX, clientY })); }"""


def give(page, number):
    """Give the first figure of a page the data of another."""
    page.evaluate("n => { f.data = JSON.parse(all[n].querySelector('script').textContent); }", number)


@pytest.fixture
def several(browser, tmp_path):
    """A page with figures of nine, four and one step, all paused; the first is `f`."""
    with opened(browser, page_with(tmp_path, NUMERIC, QUICK, SINGLE)) as page:
        page.evaluate(
            "() => { window.all = [...document.querySelectorAll('conv-anim')]; for (const each of all) each.pause(); }"
        )
        page.evaluate("() => { [window.f] = all; }")
        yield page


def test_it_goes_on_playing_when_it_is_put_back(browser, tmp_path):
    with shown(browser, tmp_path, QUICK) as page:
        page.evaluate("() => { f.show(0); f.play(); const home = f.parentNode; f.remove(); home.append(f); }")
        page.wait_for_function("() => f.step > 1")


def test_who_is_at_the_end_stays_at_the_end_of_a_longer_figure(several):
    several.evaluate("() => { all[1].show(3); all[1].data = JSON.parse(all[0].querySelector('script').textContent); }")
    assert several.evaluate("all[1].step") == 8


def test_a_single_step_is_not_played(several):
    several.evaluate("f.play()")
    assert several.evaluate("f.playing")
    give(several, 2)
    assert several.evaluate("[f.steps, f.playing]") == [1, False]
    several.evaluate("f.play()")
    assert not several.evaluate("f.playing")


def test_the_cursor_of_the_figure_before_is_forgotten(several):
    several.evaluate("f.focus()")
    for key in ("Enter", "ArrowLeft", "ArrowDown", "ArrowDown", "Escape"):
        several.keyboard.press(key)
    give(several, 1)
    several.keyboard.press("Enter")
    assert several.evaluate("f.marked[0]") == {"grid": "output", "index": [0, 0]}


def test_from_the_beginning_it_plays_as_often_as_the_figure_says(browser, tmp_path):
    with shown(browser, tmp_path, QUICK) as page:
        page.evaluate(HEAR)
        page.evaluate("() => { f.show(0); f.play(); seen.length = 0; }")
        page.wait_for_function("() => seen.includes(0)")  # the second and last time
        page.evaluate("() => { f.pause(); f.show(0); seen.length = 0; f.play(); }")
        page.wait_for_function("() => !f.playing")
        assert page.evaluate("seen.filter((step) => step === 3).length") == 2


def test_what_is_dragged_over_it_points_at_nothing(browser, tmp_path):
    board = storyboard(NUMERIC)
    with shown(browser, tmp_path) as page:
        page.mouse.move(3, 3)
        page.mouse.down()
        page.mouse.move(*middle(page, board, "output", (1, 1)))
        assert marked(page) == set()
        page.mouse.up()
        page.mouse.move(*middle(page, board, "output", (1, 2)))
        assert marked(page) != set()


@pytest.mark.parametrize(
    ("across", "down", "step"), [(-80, 0, 3), (80, 30, 1), (-80, 60, 2), (-30, 0, 2), (0, 80, 2)], ids=str
)
def test_a_finger_steps_only_when_it_moves_sideways(browser, tmp_path, across, down, step):
    with shown(browser, tmp_path) as page:
        x, y = middle(page, storyboard(NUMERIC), "canvas", (3, 3))
        page.evaluate(TOUCH, [x, y, x + across, y + down])
        assert page.evaluate("f.step") == step
        assert marked(page) == set()


def test_who_leaves_takes_the_cursor_along(browser, tmp_path):
    with shown(browser, tmp_path) as page:
        page.evaluate("f.focus()")
        page.keyboard.press("Enter")
        assert marked(page) != set()
        page.evaluate("f.blur()")
        assert marked(page) == set()


def test_another_speed_is_that_of_the_step_that_is_shown(browser, tmp_path):
    with shown(browser, tmp_path, SLOW) as page:
        page.evaluate(HEAR)
        page.evaluate("() => { f.show(0); f.play(); seen.length = 0; window.began = performance.now(); }")
        page.get_by_role("combobox", name="Speed").select_option("4")
        page.wait_for_function("() => seen.length > 0")
        assert page.evaluate("() => performance.now() - began") < 1500


def test_a_cell_that_is_pinned_pauses_and_one_that_is_pointed_at_does_not(browser, tmp_path):
    with shown(browser, tmp_path, SLOW) as page:
        page.evaluate("f.play()")
        page.mouse.move(*middle(page, storyboard(SLOW), "output", (1, 1)))
        assert [page.evaluate("f.playing"), len(marked(page))] == [True, 5]
        page.evaluate("f.pin('output', 2)")
        assert [page.evaluate("f.playing"), len(marked(page))] == [False, 5]


def test_steps_are_said_aloud_when_they_are_gone_to_and_not_while_it_plays(browser, tmp_path):
    live = "() => f.shadowRoot.querySelector('.unseen').textContent"
    with shown(browser, tmp_path, QUICK) as page:
        assert page.evaluate(live) == "Step 3 of 4"
        page.evaluate("() => { f.show(0); f.play(); }")
        page.wait_for_function("() => f.step > 1")
        page.wait_for_function("() => !f.playing")
        assert page.evaluate(live) == "Step 1 of 4"
