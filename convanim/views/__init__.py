"""Views turn a Recording into a Storyboard. Each is one file here and one line in `view_table`."""

from __future__ import annotations

from importlib import import_module
from math import prod
from typing import Any

from convanim.draw.storyboard import Storyboard
from convanim.engine import Recording
from convanim.errors import Problem, SceneError
from convanim.scene import Scene
from convanim.timings import stage
from convanim.view_table import VIEWS

_MOST_AXES = 2


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The placements numbered in `shown`, drawn by the view that the recording's scene names."""
    module = _module(recording.scene)
    with stage("layout"):
        board: Storyboard = module.storyboard(recording, shown)
    return board


def step_count(scene: Scene) -> int:
    """How many steps the whole figure has: one for each placement, unless the view shows something else by step."""
    steps = getattr(_module(scene), "steps", None)
    return scene.placements if steps is None else int(steps(scene))


def refuse_what_cannot_be_drawn(scene: Scene) -> None:
    """SceneError if the scene's view cannot draw it; to be asked before anything is computed."""
    kind = scene.view.kind
    refusal = getattr(_module(scene), "refusal", None)
    problem = refusal(scene) if refusal else None
    if problem is not None:
        raise SceneError(problem)
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


def _module(scene: Scene) -> Any:
    with stage("imports"):
        return import_module(VIEWS[scene.view.kind].module)
