"""What no machine should be asked for by a slip of the finger, refused before any array is made."""

from __future__ import annotations

from math import prod

from convanim.errors import Problem, SceneError, times
from convanim.scene.model import Scene

CELL_LIMIT = 2**24
TAP_LIMIT = 10**10


def refuse_too_large(scene: Scene) -> None:
    """SceneError for a scene with more cells or products than are computed."""
    refuse_too_many_cells(scene)
    per_place = prod(axis.kernel for axis in scene.axes) * (
        scene.in_channels // scene.groups if scene.has_kernel else 1
    )
    taps = scene.placements * per_place * scene.out_channels
    if taps > TAP_LIMIT:
        raise SceneError(Problem("kernel", f"{taps:,} products in all", f"legal are {TAP_LIMIT:,} at most"))


def refuse_too_many_cells(scene: Scene) -> None:
    """SceneError for a scene whose arrays hold more cells than are filled."""
    cells = max(prod(scene.canvas) * scene.in_channels, prod(scene.output_shape), prod(scene.kernel_shape or ()))
    if cells > CELL_LIMIT:
        problem = f"{times(scene.input)} makes {cells:,} cells"
        raise SceneError(Problem("input", problem, f"legal are {CELL_LIMIT:,} at most"))
