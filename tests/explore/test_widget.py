"""The explorer in a notebook: by itself, and in a real marimo page in Chromium."""

import json
import os
import socket
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from PIL import Image
from playwright.sync_api import expect

import convanim
from convanim import Comparison, Explorer, Scene
from convanim.explore import answers
from tests.explore.paging import as_player, shown
from tests.pages import browser

__all__ = ["browser"]
NOTEBOOK = Path(__file__).with_name("notebook.py")
SECONDS = 60


class Said(Explorer):
    """A widget that keeps what it would send."""

    def send(self, content, buffers=None):
        self.__dict__.setdefault("sent", []).append((content, buffers))


def ask(widget, kind, question, buffers=()):
    widget._asked(widget, {"number": 7, "kind": kind, "question": question}, list(buffers))
    (said, data) = widget.sent.pop()
    assert said.pop("number") == 7
    return said, data


def test_its_scene_is_the_one_shown_and_may_be_another():
    widget = Explorer(input=7, kernel=3)
    assert widget.scene == Scene(7, 3, stride=2, padding=1)
    widget.scene = Scene(3, 2, title="x")
    assert (widget.scene, widget.text) == (Scene(3, 2, title="x"), 'title = "x"\ninput = 3\nkernel = 2\n')
    both = Comparison([{}, {"stride": 2}], input=5, kernel=3)
    widget.scene = both
    assert widget.scene == both
    with pytest.raises(TypeError, match="expected a Scene, a Comparison or a Stack, not int"):
        widget.scene = 3


def test_it_answers_what_the_page_asks():
    widget = Said()
    asked = {"scene": {"input": 4, "kernel": 2}}
    assert ask(widget, "figure", asked) == ({"answer": answers.figure(asked)}, None)
    assert ask(widget, "code", asked | {"framework": "torch"})[0]["answer"]["code"] == Scene(4, 2).to_code("torch")
    assert ask(widget, "layer", {"code": "nn.Conv2d(1, 1, 2)", "input": 4})[0]["answer"] == {
        "scene": {"input": 4, "kernel": 2}
    }
    assert {field["name"] for field in ask(widget, "start", {})[0]["answer"]["fields"]} > {"input", "kernel"}
    said, (data,) = ask(widget, "file", asked | {"suffix": "gif"})
    assert (said, data[:4]) == ({}, b"GIF8")
    stream = BytesIO()
    Image.new("L", (4, 4), 9).save(stream, "PNG")
    picture, _ = ask(widget, "picture", {"size": [2, 2]}, [memoryview(stream.getvalue())])
    assert picture["answer"]["image"].startswith("data:image/png;base64,")


def test_what_is_wrong_is_said_field_by_field():
    said, _ = ask(Said(), "figure", {"scene": {"input": 4, "kernel": 9}})
    assert [each["field"] for each in said["problems"]] == ["kernel"]
    assert said["reason"].startswith("kernel: got 9")


def test_a_fault_of_ours_is_told_too_so_that_the_page_does_not_wait(monkeypatch):
    def fails(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(answers, "file", fails)
    widget = Said()
    with pytest.raises(ZeroDivisionError):
        widget._asked(widget, {"number": 7, "kind": "file", "question": {"suffix": "gif"}}, [])
    assert widget.sent == [
        ({"number": 7, "reason": "something went wrong; the notebook's log says what", "problems": []}, None)
    ]


def test_without_the_extra_the_install_command_is_said():
    code = "import sys; sys.modules['anywidget'] = None; import convanim; convanim.Scene(3, 2); convanim.Explorer"
    said = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (
        said.stderr.splitlines()[-1]
        == 'ImportError: Explorer needs anywidget; install it with: pip install "convanim[notebook]"'
    )


def test_its_figure_stands_beside_it_for_who_has_no_python():
    both = Comparison([{}, {"stride": 2}], input=5, kernel=3)
    widget = Explorer(Scene(5, 3))
    for figure in (Scene(5, 3), both):
        widget.scene = figure
        data, _ = widget._repr_mimebundle_()
        assert data["text/html"] == figure._repr_mimebundle_()["text/html"]
        assert "application/vnd.jupyter.widget-view+json" in data
    widget.text = "input = 0"
    data, _ = widget._repr_mimebundle_()
    assert "text/html" not in data
    assert "application/vnd.jupyter.widget-view+json" in data


@pytest.fixture(scope="module")
def marimo():
    """The address of the notebook as an app."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-m", "marimo", "-q", "run", str(NOTEBOOK), "--headless", "--no-token", "--port", str(port)]
    home = {"PYTHONPATH": str(Path(convanim.__file__).parent.parent), "MARIMO_SKIP_UPDATE_CHECK": "1"}
    with subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | home
    ) as run:
        url, until = f"http://127.0.0.1:{port}/", monotonic() + SECONDS
        while monotonic() < until:
            try:
                urlopen(url).close()
                break
            except URLError:
                sleep(0.2)
        yield url
        run.terminate()


def test_it_works_both_ways_in_a_marimo_page(browser, marimo):
    with browser.new_context(viewport={"width": 1300, "height": 1000}) as there, there.new_page() as page:
        faults = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(marimo)
        figure = page.locator("conv-anim")
        figure.wait_for(timeout=SECONDS * 1000)
        expect(page.get_by_text("the output is (4, 4)")).to_be_visible(timeout=SECONDS * 1000)
        assert (
            json.loads(figure.evaluate("(figure) => JSON.stringify(figure.data.title)"))
            == as_player(Scene(4, 3, padding=1))["title"]
        )
        entry = page.locator(".field[data-field=input] input[type=text]")
        entry.fill("5")
        entry.press("Enter")
        expect(page.get_by_text("the output is (5, 5)")).to_be_visible(timeout=SECONDS * 1000)
        page.get_by_role("button", name="another").click()
        expect(entry).to_have_value("6", timeout=SECONDS * 1000)
        expect(page.locator("[data-part=title]")).to_contain_text("kernel 2×2, stride 2")
        assert shown_in(figure) == as_player(Scene(6, 2, stride=2))
        entry = page.locator(".field[data-field=kernel] input[type=text]")
        entry.fill("9")
        entry.press("Enter")
        expect(page.locator(".field[data-field=kernel] .problem")).to_contain_text("got 9")
        assert faults == []


def shown_in(figure):
    """The figure that the player has, from within the shadows of the notebook's elements."""

    class Page:
        @staticmethod
        def evaluate(_):
            return figure.evaluate("(figure) => figure.data")

    return shown(Page)
