"""Which placements a figure shows: those the scene names, else all of them while they can be watched.

It is settled before anything is computed, so that a scene of absurd size costs nothing.
"""

from __future__ import annotations

import warnings
from math import ceil

from convanim.errors import Notice, Problem, SceneError
from convanim.scene import Scene
from convanim.scene.readers import parse_steps

WATCHABLE = 400


def animated(scene: Scene) -> range:
    """The placements of an animation.

    Of more than 400 so few are shown, evenly over all and with the last one, that there are 400 at the most; a Notice
    says so.
    """
    total = scene.placements
    if scene.timing.steps:
        return _asked(scene)
    if total <= WATCHABLE:
        return range(total)
    every = ceil(total / WATCHABLE)
    shown = _every(total, every)
    text = f"one placement in {every} is shown, {len(shown)} of {total:,}; choose others with timing.steps"
    warnings.warn(Notice(f"{text} (--steps 0:100, --every 4, --all)"), stacklevel=2)
    return shown


def still(scene: Scene) -> range:
    """The one placement of a still: the last that is shown, however many there are."""
    shown = _asked(scene) if scene.timing.steps else range(scene.placements)
    return shown[-1:]


def _asked(scene: Scene) -> range:
    """The placements that the scene names. `::n` alone counts back from the last, so that the figure is finished."""
    chosen = parse_steps(scene.timing.steps)
    if chosen.start is None and chosen.stop is None:
        return _every(scene.placements, chosen.step or 1)
    shown = range(scene.placements)[chosen]
    if not shown:
        legal = f"legal is a part of the {scene.placements:,} placements"
        raise SceneError(Problem("timing.steps", f'got "{scene.timing.steps}"', legal))
    return shown


def _every(total: int, step: int) -> range:
    """Every `step`-th of so many placements, the last one among them."""
    return range((total - 1) % step, total, step)
