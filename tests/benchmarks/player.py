"""How long the player takes to draw a step, in headless Chromium: `python -m tests.benchmarks.player`.

Each step of a 28×28 input is shown, forwards and then backwards, and a pixel is read back after it, so that the drawing is done
when the clock stops. What tests hold up is how many cells that draws, not how long it takes.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from convanim import Scene, render
from tests.pages import FLAGS

VIEWS = {
    "isometric": {},
    "isometric, by value": {"colour": "value"},
    "numeric": {"kind": "numeric"},
}
_MEASURED = """() => {
  const figure = document.querySelector('conv-anim');
  const canvas = figure.shadowRoot.querySelector('canvas');
  const reader = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  figure.pause();
  const drawn = (step) => {
    const start = performance.now();
    figure.show(step);
    reader.drawImage(canvas, 0, 0, 1, 1, 0, 0, 1, 1);
    reader.getImageData(0, 0, 1, 1);
    return [performance.now() - start, figure.work.cells];
  };
  figure.show(0);
  const steps = [...Array(figure.steps).keys()];
  return [steps.slice(1).map(drawn), steps.slice(0, -1).reverse().map(drawn)];
}"""


def step_times(scene):
    """Milliseconds and cells drawn for each step of a scene, forwards and backwards."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        (path,) = render(scene, Path(folder) / "figure.html")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.goto(path.as_uri())
        page.wait_for_function("() => document.querySelector('conv-anim')?.steps")
        found = page.evaluate(_MEASURED)
        browser.close()
    return found


def main():
    for name, view in VIEWS.items():
        ways = step_times(Scene(28, 3, view=view, timing={"steps": ":"}))
        for way, found in zip(("forwards", "backwards"), ways, strict=True):
            milliseconds, cells = ([one[at] for one in found] for at in (0, 1))
            sys.stdout.write(
                f"{name}, {way}: {len(found)} steps, median {median(milliseconds):.1f} ms, slowest {max(milliseconds):.0f} ms, "
                f"median {median(cells):.0f} cells\n"
            )


if __name__ == "__main__":
    main()
