"""What can go wrong, said so that it can be mended: the field, what it was given, what would be legal.

Nothing else of convanim is imported here; every other module may raise these two.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

_GIVEN_LENGTH = 60


class Problem(NamedTuple):
    """One thing that is wrong: `field` (dotted, as in a scene file), what it got, and what would be legal."""

    field: str
    given: str
    legal: str

    def __str__(self) -> str:
        return f"{self.field}: {self.given}; {self.legal}"


def got(value: object) -> str:
    """`value` as the user wrote it, on one line and not too long: the `given` of a Problem."""
    try:
        shown = _written(value)
    except ValueError:  # Python writes no whole number of thousands of digits
        return "got a number of very many digits"
    except Exception:  # noqa: BLE001 - lists nested without end, and whatever an object's own repr raises
        return f"got a {type(value).__name__} that cannot be shown"
    shown = " ".join(shown.split())
    if len(shown) > _GIVEN_LENGTH:
        shown = shown[: _GIVEN_LENGTH - 1] + "…"
    return f"got {shown}"


def _written(value: Any) -> str:
    """A value as a scene file has it; what no file holds, as Python shows it."""
    if hasattr(value, "dtype") and getattr(value, "size", 0) <= _GIVEN_LENGTH:  # NumPy's, as Python's own
        value = value.tolist()
    if type(value) in {list, tuple, dict}:
        return _nested(value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, str):
        return repr(str(value))
    return str(value.isoformat()) if hasattr(value, "isoformat") else repr(value)


def _nested(values: Any) -> str:
    """The same of a list, a tuple or a dict."""
    if isinstance(values, dict):
        return "{" + ", ".join(f"{_written(name)}: {_written(value)}" for name, value in values.items()) + "}"
    parts = ", ".join(map(_written, values))
    if isinstance(values, list):
        return f"[{parts}]"
    return f"({parts},)" if len(values) == 1 else f"({parts})"


def expect(value: object, *kinds: type) -> None:
    """TypeError unless a caller gave one of these kinds."""
    if not isinstance(value, kinds):
        names = " or a ".join(kind.__name__ for kind in kinds)
        raise TypeError(f"expected a {names}, not {type(value).__name__}")


def key(name: str) -> str:
    """The name of a field that is none: in quotes where it would not be seen as one."""
    shown = name if len(name) <= _GIVEN_LENGTH else name[: _GIVEN_LENGTH - 1] + "…"
    return shown if re.fullmatch(r"[\w.-]+…?", shown) else '"' + " ".join(shown.split()) + '"'


def span(least: int, most: int) -> str:
    """The whole numbers from one to another, or the only one."""
    return f"{least}" if least == most else f"{least} to {most}"


def times(size: Iterable[int]) -> str:
    """A size as everybody writes it, `5×5`, with a real minus."""
    return "×".join(map(str, size)).replace("-", "−")


class SceneError(ValueError):
    """A scene (or an array given for it) is not legal. `problems` lists all that is wrong, the first one first.

    `field`, `given` and `legal` are those of the first problem; `where` names the file, if there is one.
    """

    def __init__(self, problems: Iterable[Problem] | Problem, where: str = "") -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.where = where
        self.field, self.given, self.legal = (
            self.problems[0].field,
            self.problems[0].given,
            self.problems[0].legal,
        )
        super().__init__("\n".join(self.lines()))

    def __reduce__(self) -> tuple[type[SceneError], tuple[tuple[Problem, ...], str]]:
        """So that the error survives the way from another process."""
        return SceneError, (self.problems, self.where)

    def lines(self) -> list[str]:
        """One line a problem, each naming the file if there is one."""
        prefix = f"{self.where}: " if self.where else ""
        return [f"{prefix}{problem}" for problem in self.problems]

    def at(self, where: str) -> SceneError:
        """The same error, saying in which file."""
        return SceneError(self.problems, where)

    def inside(self, part: str) -> SceneError:
        """The same error of a part of something larger, whose fields are `part.field`."""
        return SceneError([problem._replace(field=f"{part}.{problem.field}") for problem in self.problems], self.where)


class Notice(UserWarning):
    """Something about a figure that its maker should know, such as steps left out."""


_TAKEN: ContextVar[list[str] | None] = ContextVar("notices that are taken", default=None)


def notice(text: str) -> None:
    """Say something of a figure: to who takes notices here, else as a warning."""
    taken = _TAKEN.get()
    if taken is None:
        warnings.warn(Notice(text), stacklevel=3)
    else:
        taken.append(text)


@contextmanager
def taken_notices() -> Iterator[list[str]]:
    """What is noticed inside, by this thread alone: what Python does with warnings is one for all threads of a process."""
    taken: list[str] = []
    token = _TAKEN.set(taken)
    try:
        yield taken
    finally:
        _TAKEN.reset(token)


class FormatError(ValueError):
    """A figure cannot be written in the format that was asked for; the message says why and what would do."""
