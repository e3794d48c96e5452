"""What can go wrong, said so that it can be mended: the field, what it was given, what would be legal.

Nothing else of convanim is imported here; every other module may raise these two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

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
        shown = str(value).lower() if isinstance(value, bool) else repr(value)
    except ValueError:  # Python writes no whole number of thousands of digits
        return "got a number of very many digits"
    except Exception:  # noqa: BLE001 - lists nested without end, and whatever an object's own repr raises
        return f"got a {type(value).__name__} that cannot be shown"
    shown = " ".join(shown.split())
    if len(shown) > _GIVEN_LENGTH:
        shown = shown[: _GIVEN_LENGTH - 1] + "…"
    return f"got {shown}"


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


class FormatError(ValueError):
    """A figure cannot be written in the format that was asked for; the message says why and what would do."""
