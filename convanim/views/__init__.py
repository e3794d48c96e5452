"""Views turn a Recording into a Storyboard. Each is one file and one line in this table."""

from __future__ import annotations

from importlib import import_module
from math import prod
from typing import NamedTuple

from convanim.draw.storyboard import Storyboard
from convanim.engine import Recording
from convanim.errors import Problem, SceneError
from convanim.scene import Scene
from convanim.timings import stage


class View(NamedTuple):
    """A row: the module, and how many cells its picture can hold."""

    module: str
    most_cells: int


VIEWS = {
    "isometric": View("convanim.views.isometric", 2**19),
    "numeric": View("convanim.views.numeric", 2**14),
}


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The placements numbered in `shown`, drawn by the view that the recording's scene names."""
    with stage("imports"):
        module = import_module(VIEWS[recording.scene.view.kind].module)
    with stage("layout"):
        board: Storyboard = module.storyboard(recording, shown)
    return board


def refuse_too_many_cells(scene: Scene) -> None:
    """SceneError if the scene has more cells than its view can draw; to be asked before anything is computed."""
    cells, most = prod(scene.canvas) + scene.placements, VIEWS[scene.view.kind].most_cells
    if cells > most:
        fitting = [name for name, view in VIEWS.items() if view.most_cells >= cells]
        instead = f"; {' or '.join(fitting)} can" if fitting else ""
        raise SceneError(
            Problem(
                "view.kind", f"{scene.view.kind} cannot draw {cells:,} cells", f"legal are {most:,} at most{instead}"
            )
        )
