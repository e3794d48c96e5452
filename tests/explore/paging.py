"""The explorer's page in Chromium, opened and asked by tests."""

import json
from base64 import b64decode
from contextlib import contextmanager
from io import BytesIO

import pytest
from PIL import Image

from convanim import Scene
from convanim.drawing import drawing_of
from convanim.formats.player_data import player_data
from convanim.scene import scene_to_dict
from tests.explore.serving import served

FIRST = Scene(5, 3, stride=2, padding=1)
_OF_GRIDS = {"name", "shape", "origin", "across", "down", "stroke", "roles", "dashes", "shades", "patterns", "said"}


@pytest.fixture(scope="module")
def address():
    with served() as url:
        yield url


@contextmanager
def opened(browser, address, fragment="", expected=(), **context):
    """The page, when its first figure is there; it may log only what is `expected`, and ask nobody but its server."""
    options = {"viewport": {"width": 1280, "height": 900}} | context
    with browser.new_context(**options) as there, there.new_page() as page:
        said = []
        page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.on(
            "request",
            lambda request: (
                said.append(request.url) if not request.url.startswith((address, "blob:", "data:")) else None
            ),
        )
        page.goto(address + fragment)
        page.wait_for_selector("[data-part=downloads] button")
        ready(page)
        yield page
        assert [text for text in said if not any(each in text for each in expected)] == []


def ready(page):
    page.evaluate("async () => { do { await explorer.ready; } while (explorer.busy); }")


def load(page, scene):
    page.evaluate("(scene) => { explorer.load({ scene }); }", scene)
    ready(page)


def shown(page):
    """The figure that the player has, as data."""
    data = page.evaluate("() => document.querySelector('conv-anim').data")
    for grid in data["grids"]:  # to which the player adds what it draws with
        for name in grid.keys() - _OF_GRIDS:
            del grid[name]
    return data


def as_player(scene):
    pictured = drawing_of(scene, [None]).pictured()
    return json.loads(json.dumps(player_data(pictured.board, pictured.finish)))


def pixels(page):
    """What the figure's canvas shows, at a pixel a scene unit."""
    data = page.evaluate(
        "() => document.querySelector('conv-anim').shadowRoot.querySelector('canvas').toDataURL('image/png').split(',')[1]"
    )
    return Image.open(BytesIO(b64decode(data))).convert("RGB")


def field(page, name):
    return page.locator(f".field[data-field='{name}']")


@pytest.fixture(scope="module")
def shared(browser, address):
    """One page for many tests, of which each begins with the first scene."""
    with opened(browser, address) as page:
        page.evaluate("() => { for (const each of document.querySelectorAll('details')) each.open = true; }")
        yield page


@pytest.fixture
def page(shared):
    load(shared, scene_to_dict(FIRST))
    return shared
