"""How a stack is drawn and how fast it moves: its `[view]` and `[timing]`, with the same words as a scene's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from convanim.errors import Problem, SceneError, got
from convanim.scene import lengths, readers
from convanim.scene.check import read_table
from convanim.scene.fields import TIMING, VIEW, Field
from convanim.scene.model import Timing
from convanim.theme_table import OwnTheme

TRACES = ("sees", "reaches")
TRACE = Field(
    "trace",
    readers.choice(TRACES),
    "legal is sees or reaches",
    {"enum": list(TRACES)},
    "Follow an output cell down to the input cells that it sees, or an input cell up to the output cells that it reaches; "
    "by default down where the output is no larger than the input.",
)
_OF_SCENES = {
    "theme",
    "background",
    "labels",
    "caption",
    "language",
    "cell",
    "levels",
    "scale",
    "width",
    "dpi",
    "pixel_format",
    "outlined",
    "pages",
}
STACK_VIEW = (TRACE, *(field for field in VIEW if field.name in _OF_SCENES))
STACK_SECTIONS = {"view": STACK_VIEW, "timing": TIMING}


class StackView(NamedTuple):
    """How a stack is drawn; `trace` is "sees" or "reaches", `cell` None as large as fits."""

    trace: str | None = None
    theme: str | OwnTheme = "light"
    background: str = "theme"
    labels: bool = True
    caption: bool = True
    language: str = "en"
    cell: int | None = None
    levels: int = 16
    scale: int | float = 1
    width: str | None = None
    dpi: int | None = None
    pixel_format: str = "yuv420"
    outlined: bool = False
    pages: bool = False


def read_look(
    view: Mapping[str, Any] | StackView | None, timing: Mapping[str, Any] | Timing | None
) -> tuple[StackView, Timing]:
    """Both sections checked; SceneError with all that is wrong in them."""
    problems: list[Problem] = []
    given = {"view": view, "timing": timing}
    fields = {name: _read(name, section, problems) for name, section in given.items()}
    problems += lengths.contradictions(fields["view"])
    if problems:
        raise SceneError(problems)
    return StackView(**fields["view"]), Timing(**fields["timing"])


def _read(name: str, section: Any, problems: list[Problem]) -> dict[str, Any]:
    table = STACK_SECTIONS[name]
    if isinstance(section, StackView | Timing):
        section = {key: value for key, value in section._asdict().items() if value is not None}
    if section is not None and not isinstance(section, Mapping):
        names = ", ".join(field.name for field in table)
        problems.append(Problem(name, got(section), f"legal is a table of {names}"))
        section = None
    found: list[Problem] = []
    fields = read_table(table, section or {}, f"{name}.", found)
    elsewhere = {field.name for field in VIEW} - {field.name for field in STACK_VIEW}
    for problem in found:
        field = problem.field.removeprefix("view.")
        is_of_scenes = name == "view" and field in elsewhere
        known = ", ".join(field.name for field in table)
        problems.append(
            Problem(problem.field, "means nothing of a stack", f"known are {known}") if is_of_scenes else problem
        )
    return fields
