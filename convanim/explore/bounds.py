"""What the explorer computes at the most, so that one request cannot keep others waiting. Everything larger is refused by name.

The command line has no such bounds: it works for one who waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from convanim.drawing import Figure, step_count
from convanim.engine import Recording
from convanim.errors import Problem, SceneError, times
from convanim.scene import Scene
from convanim.scene.comparison import Comparison
from convanim.scene.readers import parse_steps
from convanim.scene.stack import Stack

MOST_CELLS, MOST_PRODUCTS, MOST_STEPS, MOST_SCALE, MOST_LAYERS = 2**16, 2**21, 800, 3, 12
MOST_NESTING = 16


def refuse_files(mapping: Any, depth: int = 0) -> None:
    """SceneError if a scene's mapping names a picture's file, which would be read on this machine, or is nested without end."""
    if depth > MOST_NESTING:
        raise SceneError(Problem("scene", "is nested too deeply", f"legal are {MOST_NESTING} levels"))
    if isinstance(mapping, Mapping):
        source = mapping.get("image")
        if isinstance(source, str) and not source.startswith("data:"):
            raise SceneError(
                Problem("image", "names a file", "legal here is a picture itself; drop its file on the page")
            )
    if isinstance(mapping, Mapping | list):
        for value in mapping.values() if isinstance(mapping, Mapping) else mapping:
            refuse_files(value, depth + 1)


def refuse_too_much(figure: Figure) -> None:
    """SceneError if a figure is more than the explorer draws, before anything of it is computed."""
    for scene in _scenes(figure):
        cells = max(prod(scene.canvas) * scene.in_channels, prod(scene.output_shape), prod(scene.kernel_shape or ()))
        if cells > MOST_CELLS:
            said = f"{times(scene.input)} makes {cells:,} cells"
            raise SceneError(Problem("input", said, f"legal are {MOST_CELLS:,} here, more by the command line"))
        window = prod(axis.kernel for axis in scene.axes) * scene.in_channels // scene.groups
        products = scene.placements * window * scene.out_channels
        if products > MOST_PRODUCTS:
            said = f"{products:,} products in all"
            raise SceneError(Problem("kernel", said, f"legal are {MOST_PRODUCTS:,} here, more by the command line"))
        _refuse_many_steps(scene, step_count(scene))
        _refuse_large(scene.view.scale, scene.view.width)
    if isinstance(figure, Stack):
        if len(figure.layers) > MOST_LAYERS:
            said = f"got {len(figure.layers)} of them"
            raise SceneError(Problem("layers", said, f"legal are {MOST_LAYERS} here, more by the command line"))
        _refuse_many_steps(figure, step_count(figure))
        _refuse_large(figure.view.scale, figure.view.width)


def _scenes(figure: Figure) -> Iterator[Scene]:
    if isinstance(figure, Comparison):
        yield from figure.scenes
    elif isinstance(figure, Stack):
        yield from figure.layers
    else:
        yield figure.scene if isinstance(figure, Recording) else figure


def _refuse_many_steps(figure: Scene | Stack, total: int) -> None:
    if not figure.timing.steps:
        return  # no more than can be watched are shown
    shown = len(range(total)[parse_steps(figure.timing.steps)])
    if shown > MOST_STEPS:
        said = f'"{figure.timing.steps}" are {shown:,} steps'
        raise SceneError(Problem("timing.steps", said, f"legal are {MOST_STEPS} here, more by the command line"))


def _refuse_large(scale: float, width: str | None) -> None:
    if scale > MOST_SCALE:
        raise SceneError(
            Problem("view.scale", f"got {scale}", f"legal is up to {MOST_SCALE} here, more by the command line")
        )
    if width is not None:
        raise SceneError(
            Problem(
                "view.width", f"got {width}", "means nothing on a page that fits figures; legal by the command line"
            )
        )
