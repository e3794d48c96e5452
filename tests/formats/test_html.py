"""Pages with a player, and decks: in Chromium they show what the storyboard says, step when they are told to, and ask no host."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from convanim import Comparison, FormatError, Scene, load_stack, render, render_deck, render_stills, storyboard
from convanim.catalogue import built_in_stacks
from convanim.reading import carried_figure
from tests.pages import browser, opened, pixels

__all__ = ["browser"]
TRANSPOSED = Scene(2, 3, stride=2, transposed=True)
NUMERIC = Scene(5, 3, stride=2, padding=1, view={"kind": "numeric", "theme": "dark"})
PRINTED = Scene(4, 3, padding=1, view={"kind": "numeric", "theme": "print"})
SHADED = Scene(6, 3, view={"colour": "value"})
CHANNELS = Scene(5, 3, in_channels=2, out_channels=3, view={"kind": "channels"})
NASTY = '</script><script>alert(1)</script> & "quotes" <!-- \u2028 ]]> \x07'


def page_of(tmp_path, figure, name="page"):
    return render(figure, tmp_path / f"{name}.html")[0]


class Parts(HTMLParser):
    """The scripts of a page, by type."""

    def __init__(self, text):
        super().__init__()
        self.scripts, self._kind = [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "script":
            self._kind = dict(attributes).get("type", "")
            self.scripts.append([self._kind, ""])

    def handle_data(self, data):
        if self._kind is not None:
            self.scripts[-1][1] += data

    def handle_endtag(self, tag):
        if tag == "script":
            self._kind = None


def centres(board):
    """Every cell's middle, in scene units, by grid and index."""
    for grid in board.grids:
        for number in range(len(grid.roles)):
            yield grid.point(*(place + 0.5 for place in divmod(number, grid.columns)))


def probes(picture, board):
    """The commonest colour around each cell's middle: fills, whatever is written on them."""
    height, width = picture.shape[:2]
    along, down = width / board.size[0], height / board.size[1]
    found = []
    for x, y in centres(board):
        area = picture[round((y - 5) * down) : round((y + 5) * down), round((x - 5) * along) : round((x + 5) * along)]
        colours, counts = np.unique(area.reshape(-1, 3), axis=0, return_counts=True)
        found.append(colours[counts.argmax()])
    return np.array(found, dtype=int)


@pytest.mark.parametrize("figure", [TRANSPOSED, NUMERIC, SHADED], ids=["transposed", "numeric", "shaded"])
def test_every_cell_of_every_step_has_the_colour_of_the_still(browser, tmp_path, figure):
    board = storyboard(figure)
    stills = render_stills(figure, tmp_path)
    with opened(browser, page_of(tmp_path, figure)) as page:
        for step, still in enumerate(stills):
            page.evaluate("step => { const f = document.querySelector('conv-anim'); f.pause(); f.show(step); }", step)
            with Image.open(still) as image:
                expected = probes(np.asarray(image.convert("RGB")), board)
            assert abs(probes(pixels(page), board) - expected).max() <= 1, f"step {step}"


@pytest.mark.parametrize(
    "figure", [CHANNELS, load_stack(built_in_stacks()["dcgan_generator"])], ids=["channels", "stack"]
)
def test_other_views_and_stacks_are_drawn_too(browser, tmp_path, figure):
    board = storyboard(figure)
    (still,) = render(figure, tmp_path / "last.png")
    with opened(browser, page_of(tmp_path, figure)) as page:
        page.evaluate("() => { const f = document.querySelector('conv-anim'); f.pause(); f.show(1e9); }")
        with Image.open(still) as image:
            expected = probes(np.asarray(image.convert("RGB")), board)
        differing = abs(probes(pixels(page), board) - expected).max(axis=1) > 1
        assert differing.mean() < 0.01, "a line may cross a small cell's middle"


def test_patterns_and_texts_are_drawn(browser, tmp_path):
    with opened(browser, page_of(tmp_path, PRINTED)) as page:
        page.evaluate("() => { const f = document.querySelector('conv-anim'); f.pause(); f.show(0); }")
        hatched = pixels(page)
    board = storyboard(PRINTED)
    (x, y), _, (right, bottom), _ = board.cell("canvas", (1, 1))
    scale = hatched.shape[1] / board.size[0]
    inside = hatched[
        round((y + 3) * scale) : round((bottom - 3) * scale), round((x + 3) * scale) : round((right - 3) * scale)
    ]
    assert len(np.unique(inside.reshape(-1, 3), axis=0)) > 4, "fill, pattern, halo and digits"


def step(page):
    return page.evaluate("() => document.querySelector('conv-anim').step")


def test_keys_buttons_and_the_bar_step_it(browser, tmp_path):
    with opened(browser, page_of(tmp_path, TRANSPOSED)) as page:
        page.focus("conv-anim")
        page.keyboard.press("End")
        assert step(page) == 24
        page.keyboard.press("ArrowLeft")
        assert step(page) == 23
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        assert step(page) == 1
        page.get_by_role("button", name="Step forward").click()
        assert step(page) == 2
        page.get_by_role("slider").fill("7")
        assert step(page) == 7
        assert (
            page.evaluate("() => document.querySelector('conv-anim').shadowRoot.querySelector('output').textContent")
            == "8 / 25"
        )
        page.get_by_role("button", name="Play").click()
        assert page.evaluate("() => document.querySelector('conv-anim').playing")
        page.wait_for_function("() => document.querySelector('conv-anim').step > 7")
        page.get_by_role("button", name="Pause").click()
        assert not page.evaluate("() => document.querySelector('conv-anim').playing")


def test_it_plays_as_often_and_as_long_as_the_scene_says(browser, tmp_path):
    figure = Scene(3, 2, timing={"step": 60, "hold": 90, "loop": 2})
    with opened(browser, page_of(tmp_path, figure)) as page:
        page.evaluate(
            """() => { const f = document.querySelector('conv-anim'); window.seen = []; f.pause();
            f.addEventListener('step', (e) => seen.push(e.detail.step)); f.show(0); f.play(); }"""
        )
        page.wait_for_function("() => !document.querySelector('conv-anim').playing")
        assert page.evaluate("seen") == [0, 1, 2, 3, 0, 1, 2, 3]


def test_readers_who_want_less_motion_see_the_end_at_rest(browser, tmp_path):
    with opened(browser, page_of(tmp_path, TRANSPOSED), reduced_motion="reduce") as page:
        assert step(page) == 24
        assert not page.evaluate("() => document.querySelector('conv-anim').playing")


@pytest.mark.parametrize(("width", "density"), [(360, 1), (1200, 2)])
def test_it_fits_its_room_and_is_crisp(browser, tmp_path, width, density):
    figure = CHANNELS
    with opened(
        browser, page_of(tmp_path, figure), viewport={"width": width, "height": 800}, device_scale_factor=density
    ) as page:
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= width
        shown, held = page.evaluate(
            "() => { const c = document.querySelector('conv-anim').shadowRoot.querySelector('canvas');"
            " return [c.getBoundingClientRect().width, c.width]; }"
        )
        assert held == pytest.approx(shown * density, abs=1)


def test_the_page_says_what_the_figure_shows(tmp_path):
    text = page_of(tmp_path, TRANSPOSED).read_text()
    assert "<title>Transposed convolution, kernel 3×3" in text
    data = json.loads(Parts(text).scripts[0][1])
    board = storyboard(TRANSPOSED)
    assert (data["size"], data["text"], len(data["steps"])) == (list(board.size), board.alternative, 25)
    assert [duration for _, duration, _, _ in data["steps"]] == [step.duration for step in board.steps]


@pytest.mark.parametrize(
    "figure", [TRANSPOSED, Comparison([{"input": 4}, {"input": 5}], kernel=3)], ids=["scene", "comparison"]
)
def test_the_scene_is_read_back_and_the_bytes_repeat(tmp_path, figure):
    one, other = page_of(tmp_path, figure, "one"), page_of(tmp_path, figure, "other")
    assert one.read_bytes() == other.read_bytes()
    assert carried_figure(one) == figure


def test_nothing_in_a_title_is_read_as_markup(browser, tmp_path):
    figure = Scene(3, 2, title=NASTY, description=NASTY)
    path = page_of(tmp_path, figure)
    assert carried_figure(path) == figure
    kinds = [kind for kind, _ in Parts(path.read_text()).scripts]
    assert kinds == ["application/json", "application/json", "module"]
    with opened(browser, path) as page:
        assert page.title() == re.sub(r"\s+", " ", NASTY).rstrip("\x07 ")
    deck = render_deck([figure], tmp_path / "deck.html")
    assert len(Parts(deck.read_text()).scripts) == 5


def test_only_the_pages_own_scripts_may_run(browser, tmp_path):
    """The policy in the page names them by their hashes: a script that is put in does nothing."""
    path = page_of(tmp_path, TRANSPOSED)
    path.write_text(path.read_text().replace("</body>", "<script>window.intruder = 1</script></body>"))
    with browser.new_context() as there, there.new_page() as page:
        page.goto(path.as_uri())
        page.wait_for_function("() => Boolean(customElements.get('conv-anim'))")
        assert page.evaluate("() => window.intruder") is None


def test_a_deck_steps_with_every_click_and_then_turns_the_page(browser, tmp_path):
    figures = [Scene(3, 2), NUMERIC]
    deck = render_deck(figures, tmp_path / "deck.html", "A talk")
    shown = "() => document.querySelector('section.present conv-anim').step"
    with opened(browser, deck, viewport={"width": 1280, "height": 800}) as page:
        page.wait_for_function("() => Reveal.isReady()")
        assert page.title() == "A talk"
        steps = []
        for _ in range(4):
            steps.append(page.evaluate(shown))
            page.keyboard.press("ArrowRight")
        assert steps == [0, 1, 2, 3]
        assert page.evaluate("() => Reveal.getIndices().h") == 1
        assert page.evaluate(shown) == 0
        page.keyboard.press("ArrowRight")
        assert page.evaluate(shown) == 1
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        assert (page.evaluate("() => Reveal.getIndices().h"), page.evaluate(shown)) == (0, 3)
        page.evaluate("() => Reveal.slide(1, 0, 3)")
        page.wait_for_function(shown.replace("step", "step === 4"))
        board = storyboard(NUMERIC)
        stills = render_stills(NUMERIC, tmp_path)
        with Image.open(stills[4]) as image:
            expected = probes(np.asarray(image.convert("RGB")), board)
        assert abs(probes(pixels(page, "section.present conv-anim"), board) - expected).max() <= 1


def test_decks_repeat_their_bytes_and_refuse_what_they_cannot_hold(tmp_path):
    one, other = (render_deck([TRANSPOSED, NUMERIC], tmp_path / f"{name}.html") for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()
    with pytest.raises(FormatError, match="no figure for the deck"):
        render_deck([], tmp_path / "none.html")
    with pytest.raises(FormatError, match=r'"\.gif" is no format of decks; legal are html'):
        render_deck([TRANSPOSED], tmp_path / "x.gif")
    with pytest.raises(FileExistsError):
        render_deck([TRANSPOSED], one, overwrite=False)
