"""From a scene to its Recording: `record` computes exactly, once, and keeps what it computed."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from convanim.engine import arrays, conv, pool
from convanim.engine.arrays import Array, frozen
from convanim.engine.recording import Placement, Recording, Stamp, StampTap, Tap
from convanim.engine.taps import ScatterAxis, gather_axis, scatter_axis
from convanim.errors import Problem, SceneError, times
from convanim.scene import Scene, Values
from convanim.scene.values import Listed

CELL_LIMIT = 2**24
TAP_LIMIT = 10**9

__all__ = ["Placement", "Recording", "Stamp", "StampTap", "Tap", "record"]


def record(scene: Scene, input: Any = None, kernel: Any = None) -> Recording:
    """Compute the scene exactly and record every placement.

    `input` and `kernel` are arrays of the scene's sizes (any leading channel axes are 1); without them the scene's
    own values are used. The recording's scene lists the values that were given, so that it says what was computed.
    Raises SceneError if an array has the wrong size, is not of finite numbers, or makes sums that are not.
    """
    _refuse_too_large(scene)
    if kernel is not None and scene.op != "conv":
        raise SceneError(Problem("kernel", "got an array", f"but {scene.op} has no kernel values"))
    x = arrays.filled(scene.values.input, scene.input)
    w = arrays.filled(scene.values.kernel, scene.kernel) if scene.op == "conv" else None
    values = scene.values
    if input is not None:
        x = arrays.given("input", input, scene.input, channel_axes=1)
        values = values._replace(input=_listed(x))
    if kernel is not None:
        w = arrays.given("kernel", kernel, scene.kernel, channel_axes=2)
        values = values._replace(kernel=_listed(w))
    x, w = arrays.exact_together(x, w, prod(scene.kernel))
    return _compute(_with_values(scene, values), x, w)


def _refuse_too_large(scene: Scene) -> None:
    """Before any array is made: what no machine should be asked for by a slip of the finger."""
    cells, taps = prod(scene.canvas), scene.placements * prod(scene.kernel)
    if cells > CELL_LIMIT:
        problem = f"{times(scene.input)} makes {cells:,} cells"
        raise SceneError(Problem("input", problem, f"legal are {CELL_LIMIT:,} at most"))
    if taps > TAP_LIMIT:
        raise SceneError(Problem("kernel", f"{taps:,} products in all", f"legal are {TAP_LIMIT:,} at most"))


def _with_values(scene: Scene, values: Values) -> Scene:
    return scene if values == scene.values else replace(scene, values=values)


def _compute(scene: Scene, x: Array, w: Array | None) -> Recording:
    axes = tuple(gather_axis(axis, flip=scene.flip) for axis in scene.axes)
    divisors, chosen = None, None
    with np.errstate(over="ignore", invalid="ignore"):
        if w is not None:
            sums = output = conv.correlate(x, w, axes)
        elif scene.op == "max_pool":
            sums, chosen = pool.maximum(x, axes)
            output = sums
        else:
            sums, divisors = pool.sums_and_divisors(x, axes, count_padding=scene.count_include_pad)
            output = pool.quotients(sums, divisors)
    if output.dtype == np.float64 and not np.isfinite(output).all():
        raise SceneError(Problem("values", "sums beyond what a 64-bit float holds", "legal are smaller values"))
    return Recording(
        scene,
        frozen(x[np.newaxis]),
        None if w is None else frozen(w[np.newaxis, np.newaxis]),
        frozen(output[np.newaxis]),
        axes,
        frozen(sums),
        None if divisors is None else frozen(divisors),
        None if chosen is None else frozen(chosen),
        _scatter(scene),
    )


def _scatter(scene: Scene) -> tuple[ScatterAxis, ...] | None:
    return tuple(scatter_axis(axis, flip=scene.flip) for axis in scene.axes) if scene.transposed else None


def _listed(array: Array) -> Listed:
    return Listed(array.shape, tuple(array.ravel().tolist()))
