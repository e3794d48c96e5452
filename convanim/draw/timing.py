"""How long each step is shown, in whole milliseconds."""

from __future__ import annotations

from collections.abc import Sequence

STEP = 1000
WHOLE = 30_000
LEAST = 20
_GRAIN = 10


def durations(steps: int, step: int | None, hold: int) -> Sequence[int]:
    """One duration a step, the last one `hold`.

    Without `step`, a second each, or less where that makes the whole longer than half a minute; never under 20 ms,
    which browsers would show slower than 100.
    """
    if step is None:
        room = max(WHOLE - hold, 0) // max(steps - 1, 1)
        step = max(min(STEP, room // _GRAIN * _GRAIN), LEAST)
    return [step] * (steps - 1) + [hold]
