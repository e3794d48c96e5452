"""Two explorers in one notebook, as when a saved one is opened: their code, loaded anew for each, shares a page."""

import pytest

from convanim import Scene, storyboard
from convanim.explore import answers
from convanim.formats.scripts import explorer, player
from convanim.widget import _WEB
from tests.pages import browser

__all__ = ["browser"]
KINDS = {"start": lambda _: answers.start(), "figure": answers.figure}
SHOWN = """async ({ widget, modules, texts }) => {
    const load = (text) => import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    const show = async (text) => {
        const heard = {};
        const held = { _modules: modules, text };
        const model = {
            get: (name) => held[name], set: (name, value) => { held[name] = value; }, save_changes: () => {},
            on: (name, act) => { heard[name] = act; }, off: () => {},
            send: async ({ number, kind, question }) => heard["msg:custom"]({ number, answer: await answer(kind, question) }, []),
        };
        const el = document.body.appendChild(document.createElement("div"));
        await (await load(widget)).default.render({ model, el });
    };
    await Promise.all(texts.map(show));
}"""


@pytest.fixture(scope="module")
def page(browser):
    with browser.new_context() as there, there.new_page() as page:
        page.expose_function("answer", lambda kind, question: KINDS[kind](question))
        widget = (_WEB / "widget.js").read_text("utf-8")
        modules = {"player": player(), "explorer": explorer()}
        texts = ["input = 3\nkernel = 2\n", "input = 4\nkernel = 3\n"]
        page.evaluate(SHOWN, {"widget": widget, "modules": modules, "texts": texts})
        for number in range(2):
            page.locator("[data-part=tabs] button").nth(9 * number).wait_for()
        yield page


def test_both_show_their_figures(page):
    page.wait_for_function("() => [...document.querySelectorAll('conv-anim')].every((figure) => figure.data)")
    titles = page.evaluate("() => [...document.querySelectorAll('conv-anim')].map((figure) => figure.data.title)")
    assert titles == [storyboard(scene).title for scene in (Scene(3, 2), Scene(4, 3))]


def test_every_label_leads_to_its_own_field(page):
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) > 100
    assert sorted(ids) == sorted(set(ids))
    page.locator(".field[data-field=stride] label").nth(1).click()
    chosen = page.evaluate(
        "() => [...document.querySelectorAll('.explorer')].map((each) => each.contains(document.activeElement))"
    )
    assert chosen == [False, True]
