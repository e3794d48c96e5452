"""Views turn a Recording into a Storyboard. Each is one file here and one line in `view_table`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from math import prod
from typing import TYPE_CHECKING, Any

from convanim.draw.storyboard import Storyboard
from convanim.engine import Recording
from convanim.errors import Problem, SceneError, got
from convanim.scene import Scene, wording
from convanim.timings import stage
from convanim.view_table import STACKS, UNASKED, VIEWS

if TYPE_CHECKING:
    from convanim.scene.stack import Stack


def storyboard(figure: Recording | Stack, shown: range) -> Storyboard:
    """The steps numbered in `shown`, drawn by the view that the recording's scene names, or by that of stacks."""
    module = _module(figure.scene if isinstance(figure, Recording) else figure)
    with stage("layout"):
        board: Storyboard = module.storyboard(figure, shown)
    if isinstance(figure, Recording):
        said = _said(figure.asked)
        if said:
            grids = (grid._replace(said=said.get(grid.name.partition(" ")[0], "")) for grid in board.grids)
            board = replace(board, grids=tuple(grids))
    return board


def _said(scene: Scene) -> dict[str, str]:
    """What the cells of grids are by the grids' names, where they aren't the input's, the kernel's and the output's own."""
    slides = wording.slides(scene) if scene.has_kernel else "share"
    named = {
        "input": ("canvas", wording.reads(scene)),
        "kernel": ("given", slides),
        "output": ("", wording.makes(scene)),
    }
    return {name: said for own, (other, said) in named.items() if said != own for name in (own, other)}


def step_count(figure: Scene | Stack) -> int:
    """How many steps the whole figure has: one for each placement, unless the view shows something else by step."""
    steps: Any = getattr(_module(figure), "steps", None)
    return figure.placements if isinstance(figure, Scene) and steps is None else int(steps(figure))


def refuse_what_cannot_be_drawn(figure: Scene | Stack) -> None:
    """SceneError if the figure's view cannot draw it; to be asked before anything is computed."""
    problem = _problem(figure)
    if problem is None:
        return
    if problem.field == "view.kind" and isinstance(figure, Scene):
        problem = problem._replace(legal="; ".join(filter(None, (problem.legal, _instead(figure)))))
    raise SceneError(problem)


def _problem(figure: Scene | Stack) -> Problem | None:
    """What the figure's view cannot draw of it, if there is anything."""
    if isinstance(figure, Scene):
        problem = _beyond_the_view(figure) or _ignored_by_the_view(figure)
        if problem is not None:
            return problem
    refusal: Callable[[Any], Problem | None] | None = getattr(_module(figure), "refusal", None)
    return refusal(figure) if refusal else None


def _instead(scene: Scene) -> str:
    """The views that would draw the scene, as it is but for the kind of view."""
    able = [kind for kind in VIEWS if _problem(replace(scene, view=scene.view._replace(kind=kind))) is None]
    if able:
        return f"{' or '.join(filter(None, (', '.join(able[:-1]), able[-1])))} can"
    is_too_deep = scene.dimensions > max(view.most_axes for view in VIEWS.values())
    return f"convanim size and convanim record take {scene.dimensions}" if is_too_deep else ""


def _beyond_the_view(scene: Scene) -> Problem | None:
    """Axes, channels and cells that the scene's view has no place for."""
    kind, axes, view = scene.view.kind, scene.dimensions, VIEWS[scene.view.kind]
    if axes > view.most_axes:
        return Problem(
            "view.kind", f"{kind} cannot draw {axes} axes", "legal is 1" if view.most_axes == 1 else "legal are 1 and 2"
        )
    channels = max(scene.in_channels, scene.out_channels)
    if channels > 1 and not view.channels:
        return Problem("view.kind", f"{kind} cannot show the values of {channels} channels", "legal is one channel")
    if channels > 1 and scene.view.colour == "value":
        legal = 'legal is one channel, or colour = "role", which shows where the kernel lies'
        return Problem("view.colour", f"cannot show the values of {channels} channels", legal)
    cells = prod(scene.canvas) + prod(scene.output)
    if cells > view.most_cells:
        return Problem("view.kind", f"{kind} cannot draw {cells:,} cells", f"legal are {view.most_cells:,} at most")
    return None


def _ignored_by_the_view(scene: Scene) -> Problem | None:
    """Fields that ask the scene's view for what it does not draw."""
    view = scene.view
    for name, unasked in UNASKED.items():
        value = getattr(view, name)
        if value not in unasked and name not in VIEWS[view.kind].takes:
            able = " or ".join(f'"{kind}"' for kind, row in VIEWS.items() if name in row.takes)
            legal = f"but {view.kind} draws nothing of it; leave it out, or kind = {able}"
            return Problem(f"view.{name}", got(value), legal)
    if view.numbered and view.formula:
        return Problem("view.formula", "got true", "but numbered cells show no values to add up; leave it out")
    return None


def _module(figure: Scene | Stack) -> Any:
    row = VIEWS[figure.view.kind] if isinstance(figure, Scene) else STACKS
    with stage("imports"):
        return import_module(row.module)
