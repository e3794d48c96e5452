"""Which steps a figure shows (mostly one a placement): those the scene names, else all while they can be watched.

It is settled before anything is computed, so that a scene of absurd size costs nothing.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from convanim.errors import Problem, SceneError, notice
from convanim.scene import Scene
from convanim.scene.readers import parse_steps

if TYPE_CHECKING:
    from convanim.scene.stack import Stack

WATCHABLE = 400


def animated(scene: Scene | Stack, total: int, longest: int = 0) -> range:
    """The steps of an animation that has `total` of them, the longest one beside it `longest`.

    Of more than 400 so few are shown, evenly over all and with the last one, that there are 400 at the most; a Notice
    says so.
    """
    if scene.timing.steps:
        return _asked(scene, total, longest)
    if total <= WATCHABLE:
        return range(total)
    every = ceil(total / WATCHABLE)
    shown = _every(total, every)
    text = f"one {_what(scene, total)[:-1]} in {every} is shown, {len(shown)} of {total:,}; choose others with timing.steps"
    notice(f"{text} (--steps 0:100, --every 4, --all)")
    return shown


def still(scene: Scene | Stack, total: int, longest: int = 0) -> range:
    """The one step of a still: the last that is shown, however many there are."""
    shown = _asked(scene, total, longest) if scene.timing.steps else range(total)
    return shown[-1:]


def _asked(scene: Scene | Stack, total: int, longest: int) -> range:
    """The steps that the scene names. `::n` alone counts back from the last, so that the figure is finished.

    Beside a longer scene that has these steps, one that has not is at its end.
    """
    chosen = parse_steps(scene.timing.steps)
    if chosen.start is None and chosen.stop is None:
        return _every(total, chosen.step or 1)
    shown = range(total)[chosen]
    if not shown and range(longest)[chosen]:
        return range(total)[-1:]
    if not shown:
        legal = f"legal is a part of the {total:,} {_what(scene, total)}"
        raise SceneError(Problem("timing.steps", f'got "{scene.timing.steps}"', legal))
    return shown


def _every(total: int, step: int) -> range:
    """Every `step`-th of so many placements, the last one among them."""
    return range((total - 1) % step, total, step)


def _what(scene: Scene | Stack, total: int) -> str:
    return "placements" if isinstance(scene, Scene) and total == scene.placements else "steps"
