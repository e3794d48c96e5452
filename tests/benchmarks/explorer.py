"""How quick the explorer is in Chromium on this machine: `python -m tests.benchmarks.explorer`.

From the change of a slider to the new picture, over the single scenes that come with convanim, and a step of a 28×28 input while it
is scrubbed.
"""

import statistics
from contextlib import ExitStack

from playwright.sync_api import sync_playwright

from convanim import Scene, load_figure
from convanim.catalogue import built_in
from convanim.scene import scene_to_dict
from tests.explore.serving import served
from tests.pages import FLAGS

_MOVES = 6
_CHANGE = """async (size) => {
  const slider = document.querySelector(".field[data-field=input] input[type=range]");
  const from = performance.now();
  slider.value = size;
  slider.dispatchEvent(new Event("input"));
  do { await explorer.ready; } while (explorer.busy);
  return performance.now() - from;
}"""
_SCRUB = """() => {
  const figure = document.querySelector("conv-anim");
  return Array.from({ length: figure.steps }, (_, step) => {
    const from = performance.now();
    figure.show(step);
    return performance.now() - from;
  });
}"""


def main():
    """Print both medians, and the slowest of each kind."""
    with ExitStack() as stack:
        address = stack.enter_context(served())
        playwright = stack.enter_context(sync_playwright())
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        page.wait_for_selector("[data-part=downloads] button")
        took = {}
        for name, path in built_in().items():
            figure = load_figure(path)
            if not isinstance(figure, Scene) or max(figure.input) > 16 or "values" in scene_to_dict(figure):
                continue
            load(page, figure)
            size = max(figure.input)
            took[name] = [page.evaluate(_CHANGE, size + (move % 2)) for move in range(1, _MOVES + 1)]
        load(page, Scene(28, 3, timing={"steps": ":"}))
        steps = page.evaluate(_SCRUB)
        chromium.close()
    medians = {name: statistics.median(each) for name, each in took.items()}
    slowest = max(medians, key=medians.get)
    print(
        f"slider to picture: median {statistics.median(medians.values()):.0f} ms of {len(medians)} scenes, slowest {slowest} {medians[slowest]:.0f} ms"
    )
    print(f"a step of 28×28: median {statistics.median(steps):.1f} ms of {len(steps)}, slowest {max(steps):.1f} ms")


def load(page, scene):
    page.evaluate(
        "async (scene) => { explorer.load({ scene }); do { await explorer.ready; } while (explorer.busy); }",
        scene_to_dict(scene),
    )


if __name__ == "__main__":
    main()
