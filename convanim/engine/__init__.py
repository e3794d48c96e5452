"""From a scene to its Recording: `record` computes exactly, once, and keeps what it computed."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from convanim.engine import arrays, conv, pool
from convanim.engine.arrays import Array, frozen
from convanim.engine.recording import Placement, Recording, Stamp, StampTap, Tap
from convanim.engine.taps import ReadAxis, ScatterAxis, gather_axis, scatter_axis
from convanim.errors import Problem, SceneError, expect
from convanim.scene import Scene
from convanim.scene.limits import refuse_too_large

__all__ = ["Placement", "Recording", "Stamp", "StampTap", "Tap", "record"]


def record(scene: Scene, input: Any = None, kernel: Any = None, switches: Any = None) -> Recording:
    """Compute the scene exactly and record every placement.

    `input` and `kernel` are arrays of the scene's `input_shape` and `kernel_shape` (channel axes that are 1 may be left
    out); without them the scene's own values are used. For a gradient with respect to the kernel, `kernel` is the
    output's gradient, which slides in its place. `switches`, for max unpooling, are cells of the output plane counted row
    by row, one for each input value, as torch.nn.MaxPool2d returns them. The recording's scene lists the values that
    were given, so that it says what was computed.
    Raises SceneError if an array has the wrong size, is not of finite numbers, or makes sums that are not.
    """
    expect(scene, Scene)
    refuse_too_large(scene)
    for name, array, is_legal in (
        ("kernel", kernel, scene.has_kernel),
        ("switches", switches, scene.op == "max_unpool"),
    ):
        if array is not None and not is_legal:
            raise SceneError(
                Problem(name, "got an array", f"but {scene.op} has no {name}{' values' * (name == 'kernel')}")
            )
    axes = len(scene.input)
    if input is None:
        x = arrays.filled(scene.values.input, scene.input_shape, axes)
    else:
        x = arrays.given("input", input, scene.input_shape, axes)
    shape, w = scene.kernel_shape, None
    if shape is not None:
        kernel_axes = len(scene.kernel)
        if kernel is None:
            w = arrays.filled(scene.values.kernel, shape, kernel_axes)
        else:
            w = arrays.given("kernel", kernel, shape, kernel_axes)
    read = tuple(gather_axis(axis, flip=scene.flip) for axis in scene.axes)
    x, w = arrays.exact_together(x, w, _terms(scene, read))
    given = tuple(
        name for name, array in (("input", input), ("kernel", kernel), ("switches", switches)) if array is not None
    )
    return _compute(scene, x, w, read, switches, given)


def _terms(scene: Scene, axes: tuple[ReadAxis, ...]) -> int:
    """How many products of input and kernel, at the most, one sum has."""
    if scene.op == "upsample":
        from convanim.engine.resample import denominator  # noqa: PLC0415 - few scenes are upsamplings

        return denominator(axes)
    taps = prod(axis.taps for axis in axes)
    return taps * scene.in_channels // scene.groups if scene.op in {"conv", "conv_input_grad"} else taps


def _compute(
    scene: Scene, x: Array, w: Array | None, axes: tuple[ReadAxis, ...], switches: Any, given: tuple[str, ...]
) -> Recording:
    divisors, chosen, placed = None, None, None
    with np.errstate(over="ignore", invalid="ignore"):
        if w is not None and scene.op == "conv_kernel_grad":
            sums = output = conv.kernel_gradient(x, w, axes, scene.groups)
        elif w is not None:
            sums = output = conv.correlate(x, _by_group(w, scene), axes)
        elif scene.op == "max_pool":
            sums, chosen = pool.maximum(x, axes)
            output = sums
        elif scene.op == "max_unpool":
            sums, placed = _unpooled(scene, x, switches)
            output = sums
        else:
            sums, divisors = _divided(scene, x, axes)
            output = pool.quotients(sums, divisors)
    if output.dtype == np.float64 and not np.isfinite(output).all():
        raise SceneError(Problem("values", "sums beyond what a 64-bit float holds", "legal are smaller values"))
    return Recording(
        scene,
        given,
        frozen(x),
        None if w is None else frozen(w),
        frozen(output),
        axes,
        frozen(sums),
        None if divisors is None else frozen(divisors),
        None if chosen is None else frozen(chosen),
        _scatter(scene),
        None if placed is None else frozen(placed),
    )


def _by_group(w: Array, scene: Scene) -> Array:
    """The kernel as (groups, out/groups, in/groups, *size), whichever way it is laid out."""
    if scene.transposed:
        by_group = w.reshape(scene.groups, scene.in_channels // scene.groups, *w.shape[1:])
        return np.swapaxes(by_group, 1, 2)
    return w.reshape(scene.groups, scene.out_channels // scene.groups, *w.shape[1:])


def _divided(scene: Scene, x: Array, axes: tuple[ReadAxis, ...]) -> tuple[Array, Array]:
    """Sums and what divides them, of an average or an upsampling."""
    if scene.op == "avg_pool":
        return pool.sums_and_divisors(x, axes, count_padding=scene.count_include_pad, divisor=scene.divisor_override)
    from convanim.engine.resample import resample  # noqa: PLC0415 - few scenes are upsamplings

    return resample(x, axes)


def _unpooled(scene: Scene, x: Array, switches: Any) -> tuple[Array, Array]:
    from convanim.engine.unpool import given_switches, unpool  # noqa: PLC0415 - few scenes unpool
    from convanim.scene.switches import switches_of  # noqa: PLC0415

    if switches is not None:
        return unpool(x, given_switches(switches, scene), scene)
    return unpool(x, np.array(switches_of(scene), dtype=object).reshape(scene.input_shape), scene)


def _scatter(scene: Scene) -> tuple[ScatterAxis, ...] | None:
    return tuple(scatter_axis(axis, flip=scene.flip) for axis in scene.axes) if scene.transposed else None
