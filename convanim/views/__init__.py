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
    """A row: the module, how many cells its picture can hold, and whether it draws more channels than one.

    A view of planes that draws them shows the places of the kernel, which are the same for every channel.
    """

    module: str
    most_cells: int
    channels: bool


VIEWS = {
    "isometric": View("convanim.views.isometric", 2**19, channels=True),
    "numeric": View("convanim.views.numeric", 2**14, channels=False),
}
_MOST_AXES = 2


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The placements numbered in `shown`, drawn by the view that the recording's scene names."""
    with stage("imports"):
        module = import_module(VIEWS[recording.scene.view.kind].module)
    with stage("layout"):
        board: Storyboard = module.storyboard(recording, shown)
    return board


def refuse_what_cannot_be_drawn(scene: Scene) -> None:
    """SceneError if the scene's view cannot draw it; to be asked before anything is computed."""
    kind = scene.view.kind
    if scene.dimensions > _MOST_AXES:
        legal = "legal are 1 and 2; convanim size and convanim record take 3"
        raise SceneError(Problem("view.kind", f"{kind} cannot draw {scene.dimensions} axes", legal))
    channels = max(scene.in_channels, scene.out_channels)
    if channels > 1 and (scene.view.colour == "value" or not VIEWS[kind].channels):
        name = "view.colour" if VIEWS[kind].channels else "view.kind"
        able = " or ".join(name for name, view in VIEWS.items() if view.channels)
        legal = f"legal is one channel; {able} coloured by role shows where the kernel lies"
        raise SceneError(Problem(name, f"cannot show the values of {channels} channels", legal))
    cells, most = prod(scene.canvas) + prod(scene.output), VIEWS[kind].most_cells
    if cells > most:
        fitting = [name for name, view in VIEWS.items() if view.most_cells >= cells]
        instead = f"; {' or '.join(fitting)} can" if fitting else ""
        raise SceneError(
            Problem("view.kind", f"{kind} cannot draw {cells:,} cells", f"legal are {most:,} at most{instead}")
        )
