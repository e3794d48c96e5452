"""Upsampling where a framework's own has other coordinates or rounds: the cells, or their shares, written out."""

from __future__ import annotations

from convanim.scene.model import Scene
from convanim.scene.resampling import Resampling


def resampling_of(scene: Scene) -> list[Resampling]:
    """How each axis reads the input."""
    return [axis.resampling for axis in scene.axes if axis.resampling is not None]


def is_whole(scene: Scene) -> bool:
    """Whether every axis becomes a whole number of times larger, by just that factor."""
    return all(one.scale.denominator == 1 and one.output == one.input * one.scale for one in resampling_of(scene))


def is_native(scene: Scene) -> bool:
    """Whether coordinates and rounding are those that PyTorch has, and its floats certain to find the same cells."""
    first = resampling_of(scene)[0]
    if scene.mode == "linear":
        exact = all(one.output == one.input * one.scale for one in resampling_of(scene))
        return first.coordinates in {"half-pixel", "align-corners"} and exact
    usual = {"nearest": ("asymmetric", "floor"), "nearest-exact": ("half-pixel", "round-prefer-ceil")}
    return (first.coordinates, first.rounding) == usual[scene.mode] and is_whole(scene)


def resampled_lines(scene: Scene) -> list[str]:
    """Lines that turn `y`, a NumPy array (channels, *input), into the output, axis by axis."""
    lines = []
    for number, one in enumerate(resampling_of(scene), start=1):
        shares = [one.shares(output) for output in range(one.output)]
        if one.mode != "linear":
            lines.append(f"y = np.take(y, {[share[0].cell for share in shares]}, axis={number})")
            continue
        first, second = ([share[far].cell for share in shares] for far in (0, 1))
        weights = [float(share[1].weight) for share in shares]
        column = f".reshape({', '.join(['-1', *['1'] * (scene.dimensions - number)])})"
        lines += [
            f"far = np.array({weights}){column}",
            f"y = np.take(y, {first}, axis={number}) * (1 - far) + np.take(y, {second}, axis={number}) * far",
        ]
    return lines
