"""Views turn a Recording into a Storyboard. Each is one file here and one line in `view_table`."""

from __future__ import annotations

from importlib import import_module
from math import prod
from typing import TYPE_CHECKING, Any

from convanim.draw.storyboard import Storyboard
from convanim.engine import Recording
from convanim.errors import Problem, SceneError, got
from convanim.scene import Scene
from convanim.timings import stage
from convanim.view_table import STACKS, UNASKED, VIEWS

if TYPE_CHECKING:
    from convanim.scene.stack import Stack


def storyboard(figure: Recording | Stack, shown: range) -> Storyboard:
    """The steps numbered in `shown`, drawn by the view that the recording's scene names, or by that of stacks."""
    module = _module(figure.scene if isinstance(figure, Recording) else figure)
    with stage("layout"):
        board: Storyboard = module.storyboard(figure, shown)
    return board


def step_count(figure: Scene | Stack) -> int:
    """How many steps the whole figure has: one for each placement, unless the view shows something else by step."""
    steps: Any = getattr(_module(figure), "steps", None)
    return figure.placements if isinstance(figure, Scene) and steps is None else int(steps(figure))


def refuse_what_cannot_be_drawn(figure: Scene | Stack) -> None:
    """SceneError if the figure's view cannot draw it; to be asked before anything is computed."""
    if isinstance(figure, Scene):
        _refuse_what_no_plane_holds(figure)
        _refuse_what_the_view_ignores(figure)
    refusal = getattr(_module(figure), "refusal", None)
    problem = refusal(figure) if refusal else None
    if problem is not None:
        raise SceneError(problem)


def _refuse_what_no_plane_holds(scene: Scene) -> None:
    """SceneError for axes, channels and cells that the scene's view has no place for."""
    kind, axes = scene.view.kind, scene.dimensions
    if axes > VIEWS[kind].most_axes:
        roomy = [name for name, view in VIEWS.items() if view.most_axes >= axes]
        instead = f"{' or '.join(roomy)} can" if roomy else f"convanim size and convanim record take {axes}"
        legal = "legal is 1" if VIEWS[kind].most_axes == 1 else "legal are 1 and 2"
        raise SceneError(Problem("view.kind", f"{kind} cannot draw {axes} axes", f"{legal}; {instead}"))
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


def _refuse_what_the_view_ignores(scene: Scene) -> None:
    """SceneError for fields that ask the scene's view for what it does not draw."""
    view = scene.view
    for name, unasked in UNASKED.items():
        value = getattr(view, name)
        if value not in unasked and name not in VIEWS[view.kind].takes:
            able = " or ".join(f'"{kind}"' for kind, row in VIEWS.items() if name in row.takes)
            legal = f"but {view.kind} draws nothing of it; leave it out, or kind = {able}"
            raise SceneError(Problem(f"view.{name}", got(value), legal))
    if view.numbered and view.formula:
        raise SceneError(
            Problem("view.formula", "got true", "but numbered cells show no values to add up; leave it out")
        )


def _module(figure: Scene | Stack) -> Any:
    row = VIEWS[figure.view.kind] if isinstance(figure, Scene) else STACKS
    with stage("imports"):
        return import_module(row.module)
