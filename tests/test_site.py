"""A site of scenes: what its pages say and refer to, whom they ask, and what may stand in its way."""

import json
import re
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import pytest
from PIL import Image

from convanim import Comparison, Scene, SceneError, Stack, storyboard
from convanim.draw.theme import THEMES
from convanim.drawing import drawing_of
from convanim.formats.card import card
from convanim.reading import carried_figure
from convanim.site import write_site
from tests.pages import browser, opened

__all__ = ["browser"]
FIGURES = {
    "01_first": Scene(4, 3, title='Erstes <b>&"', note="A <note>."),
    "02_both": Comparison([{"title": "one"}, {"stride": 2, "title": "two"}], input=5, kernel=3, title="Both"),
    "a stack": Stack(9, [{"kernel": 3}, {"kernel": 3}], title="Stack"),
    "pool": Scene(4, 2, op="max_pool", view={"kind": "numeric", "theme": "dark", "language": "zh"}, title="Pool"),
}
SUFFIXES = ("gif", "svg", "png", "card.png", "html")


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    done = []
    write_site(FIGURES, folder, address="https://example.org/conv", done=done.append)
    assert sorted(done) == sorted(FIGURES)
    return folder


def test_there_is_a_page_and_each_file_for_every_figure(site):
    expected = {f"{name}.{suffix}" for name in FIGURES for suffix in SUFFIXES} | {"index.html", "player.js", "site.css"}
    assert {path.name for path in site.iterdir()} == expected
    for name, figure in FIGURES.items():
        assert carried_figure(site / f"{name}.gif") == figure


def test_pages_refer_to_files_that_are_there_and_to_no_other_host(site):
    for path in site.glob("*.html"):
        text = path.read_text()
        elements = Elements(text)
        references = [
            attributes[name]
            for tag, name in (("a", "href"), ("img", "src"), ("link", "href"), ("script", "src"))
            for attributes in elements.of(tag)
            if name in attributes and not attributes[name].startswith("data:")
        ]
        assert references
        for reference in references:
            assert (site / unquote(reference)).is_file(), (path.name, reference)
        (policy,) = [each["content"] for each in elements.of("meta") if each.get("http-equiv")]
        assert policy.startswith("default-src 'none'; script-src 'self'")


def test_pages_hold_the_figure_the_formula_and_the_scene(site):
    text = (site / "01_first.html").read_text()
    data = json.loads(re.search(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)[1])
    assert len(data["steps"]) == len(storyboard(FIGURES["01_first"]).steps)
    assert "<b>" not in text
    assert "&lt;b&gt;" in text
    assert "= ⌊(4 + 2·0 − 3) / 1⌋ + 1 = 2" in text
    assert "import torch" in text
    assert 'lang="zh"' in (site / "pool.html").read_text()
    assert (site / "02_both.html").read_text().count('<pre class="formula">') == 2


def test_what_others_show_beside_a_link(site):
    said = {
        each.get("property"): each["content"]
        for each in Elements((site / "pool.html").read_text()).of("meta")
        if "property" in each
    }
    assert said["og:title"] == "Pool"
    assert said["og:url"] == "https://example.org/conv/pool.html"
    assert said["og:image"] == "https://example.org/conv/pool.card.png"
    with Image.open(site / "pool.card.png") as image:
        assert image.size == (1200, 630)
        assert image.convert("RGB").getpixel((2, 2)) == THEMES["dark"].fills["background"]


def test_a_card_shows_the_last_step_in_the_middle():
    pictured = drawing_of(Scene(4, 3), [None]).pictured()
    image = Image.open(BytesIO(card(pictured.board, pictured.finish))).convert("RGB")
    board, (width, height) = pictured.board, image.size
    scale = 0.94 * min(width / board.size[0], height / board.size[1])
    left, top = (width - round(board.size[0] * scale)) // 2, (height - round(board.size[1] * scale)) // 2
    x, y = (sum(corner) / 4 * scale for corner in zip(*board.cell("output", (1, 1)), strict=True))
    assert image.getpixel((left + int(x), top + int(y))) == pictured.finish.theme.fills["result"]


def test_figures_stand_in_the_order_of_the_gallery_and_lead_to_one_another(site):
    order = [unquote(each["href"]) for each in Elements((site / "index.html").read_text()).of("a")]
    assert order[:2] == ["01_first.html", "02_both.html"]
    for place, name in enumerate(order):
        ways = {
            each["rel"]: unquote(each["href"]) for each in Elements((site / name).read_text()).of("a") if "rel" in each
        }
        assert ways.get("prev") == (order[place - 1] if place else None)
        assert ways.get("next") == (order[place + 1] if place + 1 < len(order) else None)


@pytest.fixture(scope="module")
def host(site):
    """The site as any host of plain files serves it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.mark.parametrize("width", [360, 1200])
def test_pages_play_in_a_browser_without_asking_anyone(host, browser, width):
    with browser.new_context(viewport={"width": width, "height": 800}) as there, there.new_page() as page:
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.on("request", lambda request: None if request.url.startswith(host) else said.append(request.url))
        for name, steps in (("01_first", 4), ("02_both", 9), ("a stack", 25), ("pool", 4)):
            page.goto(f"{host}/{name}.html")
            assert page.evaluate("() => document.querySelector('conv-anim').steps") == steps
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), name
        page.goto(f"{host}/index.html")
        loaded = "() => Promise.all([...document.images].map((image) => { image.loading = 'eager'; return image.decode().then(() => image.naturalWidth); }))"
        assert page.evaluate(loaded) == [1200] * len(FIGURES)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        assert [each for each in said if "favicon" not in each] == []


def test_pages_play_from_a_disk(site, browser):
    with opened(browser, site / "01_first.html") as page:
        assert page.evaluate("() => document.querySelector('conv-anim').steps") == 4
        assert page.locator("conv-anim canvas").is_visible()


def test_a_site_replaces_its_own_files_and_no_other(tmp_path):
    figures = {"one": Scene(3, 2), "two": Scene(4, 2)}
    write_site(figures, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write_site(figures, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    (tmp_path / "three.html").write_text("mine")
    with pytest.raises(FileExistsError, match=r"three\.html is there already and is no page of a site"):
        write_site(figures | {"three": Scene(5, 2)}, tmp_path)
    assert (tmp_path / "three.html").read_text() == "mine"
    write_site(figures | {"three": Scene(5, 2)}, tmp_path, overwrite=True)
    assert (tmp_path / "three.html").read_text() != "mine"
    other = tmp_path / "other"
    other.mkdir()
    (other / "player.js").write_text("mine")
    with pytest.raises(FileExistsError, match=r"player\.js is there already"):
        write_site(figures, other)
    with pytest.raises(SceneError, match="legal is another: that is the page of all figures"):
        write_site({"index": Scene(3, 2)}, tmp_path / "new")
    assert not Path(tmp_path / "new").exists()


@pytest.mark.parametrize("suffix", [suffix for suffix in SUFFIXES if suffix != "html"])
@pytest.mark.parametrize("is_there", [False, True], ids=["no site", "a site of others"])
def test_a_picture_of_someone_elses_is_left_alone(tmp_path, suffix, is_there):
    if is_there:
        write_site({"one": Scene(3, 2)}, tmp_path)
    path = tmp_path / f"two.{suffix}"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match=rf"two\.{suffix} is there already and is no part of a site"):
        write_site({"one": Scene(3, 2), "two": Scene(4, 2)}, tmp_path)
    assert path.read_text() == "mine"


def test_no_figure_has_the_name_of_anothers_card(tmp_path):
    with pytest.raises(SceneError, match=r"name: got one\.card; legal is another: that is the card of one"):
        write_site({"one": Scene(3, 2), "one.card": Scene(4, 2)}, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    write_site({"two.card": Scene(3, 2)}, tmp_path)
    assert carried_figure(tmp_path / "two.card.png") == Scene(3, 2)


def test_nothing_that_a_figure_says_is_read_as_markup(tmp_path, browser):
    """Nor what names it: every text of a page comes back as it is, and no element is made of one."""
    bad = '</script><img src=x onerror="document.title=1">&lt;b&gt;'
    scene = Scene(3, 2, title=f"t{bad}", note=f"n{bad}", description=f"d{bad}")
    both = Comparison([{"title": f"s{bad}"}, {"stride": 2}], input=5, kernel=3, title=f"c{bad}")
    write_site({"one": scene, 'two "&<b>': both}, tmp_path, address="https://example.org/a")
    for name, texts in (("one", ("t", "n")), ('two "&<b>', ("c", "s")), ("index", ("t", "c"))):
        found = Elements((tmp_path / f"{name}.html").read_text())
        assert all("onerror" not in attributes for _, attributes in found.found)
        assert not [tag for tag, _ in found.found if tag == "b"]
        with browser.new_page() as page:
            page.goto((tmp_path / f"{name}.html").as_uri())
            said = page.evaluate("() => document.body.innerText")
            assert [text + bad for text in texts if text + bad not in said] == []
            assert page.title() != "1"


def test_a_sites_address_may_end_as_people_write_it(tmp_path):
    pages = []
    for number, address in enumerate(("https://example.org/a", "https://example.org/a/")):
        write_site({"one": Scene(3, 2)}, tmp_path / str(number), address=address)
        pages.append((tmp_path / str(number) / "one.html").read_text())
    assert pages[0] == pages[1]
    assert 'content="https://example.org/a/one.html"' in pages[0]
