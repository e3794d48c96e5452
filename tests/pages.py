"""Pages in Debian's Chromium, driven by Playwright: what they log, what they ask for, and the pixels that they show."""

import base64
import os
import shutil
from contextlib import contextmanager
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--force-color-profile=srgb",
    "--disable-lcd-text",
]


@pytest.fixture(scope="module")
def browser():
    """One browser for a module; a test without it is skipped, but fails where all tools must be there (CI is set)."""
    program = shutil.which("chromium")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@contextmanager
def opened(browser, path, **context):
    """A page from a file. Whatever it logs as an error or asks another host for fails the test."""
    options = {"viewport": {"width": 1000, "height": 900}} | context
    with browser.new_context(**options) as there, there.new_page() as page:
        said = []
        page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda fault: said.append(str(fault)))
        page.on("request", lambda request: said.append(request.url) if not request.url.startswith("file:") else None)
        page.goto(path.as_uri())
        page.wait_for_function("() => Boolean(customElements.get('conv-anim'))")
        yield page
        assert said == []


def screenshot(browser, path, size):
    """What the browser shows of a file (HTML, SVG), as an array of RGB of a size."""
    viewport = {"width": size[0], "height": size[1]}
    with browser.new_context(viewport=viewport) as there, there.new_page() as page:
        page.goto(path.as_uri())
        return np.asarray(Image.open(BytesIO(page.screenshot())).convert("RGB"))


def pixels(page, selector="conv-anim"):
    """What an element's canvas shows, as an array of RGB at the density of the screen."""
    data = page.evaluate(
        """selector => {
            const canvas = document.querySelector(selector).shadowRoot.querySelector('canvas');
            return canvas.toDataURL('image/png').split(',')[1];
        }""",
        selector,
    )
    return np.asarray(Image.open(BytesIO(base64.b64decode(data))).convert("RGB"))
