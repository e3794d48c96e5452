"""A view from outside is a module and a line in the table: nothing else of the package knows of it."""

import sys
from io import BytesIO
from types import ModuleType

import pytest
from PIL import Image

from convanim import Scene, SceneError, render, storyboard
from convanim.draw.storyboard import Grid, Paint, Step, Storyboard
from convanim.draw.timing import durations
from convanim.errors import Problem
from convanim.rendering import render_to
from convanim.view_table import VIEWS, View


def board(recording, shown):
    """The output alone, in a row of cells that light up one after another."""
    cells = recording.asked.placements
    grid = Grid("output", (cells,), (10, 10), (20, 0), (0, 20), ("pending",) * cells, ("output",))
    times = durations(len(shown), None, 1000)
    steps = [
        Step(number, time, (Paint("output", (number,), "output"),)) for number, time in zip(shown, times, strict=True)
    ]
    return Storyboard((20 * cells + 20, 40), (grid,), steps, title="toy", alternative="A toy.")


@pytest.fixture
def toy(monkeypatch):
    module = ModuleType("a_toy_view")
    module.storyboard = board
    module.refusal = lambda scene: (
        Problem("view.kind", "toy draws no pooling", "legal is more") if scene.op != "conv" else None
    )
    monkeypatch.setitem(sys.modules, "a_toy_view", module)
    monkeypatch.setitem(VIEWS, "toy", View("a_toy_view", 100))


@pytest.mark.usefixtures("toy")
def test_a_view_registered_from_outside_is_drawn(tmp_path):
    scene = Scene(4, 3, view={"kind": "toy"})
    assert storyboard(scene).title == "toy"
    stream = BytesIO()
    render_to(scene, stream, "gif")
    with Image.open(stream) as image:
        assert (image.size, image.n_frames) == ((100, 40), 4)
    (path,) = render(scene, tmp_path / "toy.png")
    assert path.stat().st_size > 0
    with pytest.raises(SceneError, match="toy draws no pooling"):
        storyboard(Scene(4, 2, op="max_pool", view={"kind": "toy"}))


def test_without_the_line_there_is_no_such_view():
    with pytest.raises(SceneError, match=r"view\.kind: got 'toy'; legal is isometric"):
        Scene(4, 3, view={"kind": "toy"})
