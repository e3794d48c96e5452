"""Max unpooling: every input value goes to the output cell that its switch names, zeros stay everywhere else."""

from __future__ import annotations

import numpy as np

from convanim.engine.arrays import Array, as_array, size_of
from convanim.errors import Problem, SceneError, times
from convanim.scene import Scene


def given_switches(value: object, scene: Scene) -> Array:
    """Switches from a caller; channel axes of 1 may be left out. SceneError if they are not whole or do not fit."""
    legal = f"legal are whole numbers of {times(scene.input_shape)}"
    array = as_array("switches", value, legal)
    if array.shape == scene.input and scene.in_channels == 1:
        array = array[np.newaxis]
    if array.shape != scene.input_shape or array.dtype.kind not in "iu":
        raise SceneError(Problem("switches", f"got an array of {size_of(array)} of {array.dtype}", legal))
    return array


def unpool(input: Array, switches: Array, scene: Scene) -> tuple[Array, Array]:
    """The output (channels, *size), and the switches as int64. SceneError if one leaves the output or two contradict."""
    cells = int(np.prod(scene.output))
    low, high = min(switches.ravel().tolist()), max(switches.ravel().tolist())
    if low < 0 or high >= cells:
        wrong = low if low < 0 else high
        legal = f"legal are the cells 0 to {cells - 1} of the {times(scene.output)} output"
        raise SceneError(Problem("switches", f"got {wrong}", legal))
    output = np.zeros((len(input), cells), dtype=input.dtype)
    placed = switches.astype(np.int64)
    for plane, values, targets in zip(
        output, input.reshape(len(input), -1), placed.reshape(len(input), -1), strict=True
    ):
        plane[targets] = values
        clash = np.flatnonzero(plane[targets] != values)
        if clash.size:
            problem = f"two of them name cell {targets[clash[0]]} for different values"
            raise SceneError(Problem("switches", problem, "legal is one value a cell"))
    return output.reshape(len(input), *scene.output), placed
