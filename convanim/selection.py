"""Which placements a figure shows: those the scene names, else all of them while they can be watched.

It is settled before anything is computed, so that a scene of absurd size costs nothing.
"""

from __future__ import annotations

import warnings

from convanim.errors import Notice, Problem, SceneError
from convanim.scene import Scene
from convanim.scene.fields import parse_steps

WATCHABLE = 400
UNASKED = 50_000


def animated(scene: Scene) -> range:
    """The placements of an animation.

    More than 400 are cut to the first 400, with a Notice; more than 50,000 are refused until the scene says which.
    """
    total = scene.placements
    if scene.timing.steps:
        return _asked(scene)
    if total > UNASKED:
        legal = 'say which to show with timing.steps (--steps 0:400, --every 1000), or ":" (--all) for all of them'
        raise SceneError(Problem("timing.steps", f"missing, and there are {total:,} placements", legal))
    if total > WATCHABLE:
        text = f"the first {WATCHABLE} of {total:,} placements are shown; choose others with timing.steps"
        warnings.warn(Notice(f"{text} (--steps 0:100, --every 4, --all)"), stacklevel=2)
        return range(WATCHABLE)
    return range(total)


def still(scene: Scene) -> range:
    """The one placement of a still: the last that is shown, however many there are."""
    shown = _asked(scene) if scene.timing.steps else range(scene.placements)
    return shown[-1:]


def _asked(scene: Scene) -> range:
    shown = range(scene.placements)[parse_steps(scene.timing.steps)]
    if not shown:
        legal = f"legal is a part of the {scene.placements:,} placements"
        raise SceneError(Problem("timing.steps", f'got "{scene.timing.steps}"', legal))
    return shown
