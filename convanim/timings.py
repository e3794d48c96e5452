"""Where the time of a run goes, by stage. Measured only while someone listens; otherwise it costs next to nothing.

Stages nest: while an inner one runs, the outer one's clock stands, so that all of them add up to the time that passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter


class Timings:
    """Seconds by stage, in the order in which stages first began."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._running: list[str] = []
        self._since = 0.0

    def begin(self, name: str) -> None:
        """A stage begins inside the one that runs."""
        self._settle()
        self._running.append(name)
        self.seconds.setdefault(name, 0.0)

    def end(self) -> None:
        """The innermost stage ends."""
        self._settle()
        self._running.pop()

    def _settle(self) -> None:
        now = perf_counter()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        self._since = now


_listening: ContextVar[Timings | None] = ContextVar("timings", default=None)


@contextmanager
def listening() -> Iterator[Timings]:
    """Measure the stages inside."""
    timings = Timings()
    token = _listening.set(timings)
    try:
        yield timings
    finally:
        _listening.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """What is inside is the stage `name`."""
    timings = _listening.get()
    if timings is None:
        yield
        return
    timings.begin(name)
    try:
        yield
    finally:
        timings.end()
