"""Reading a scene's theme: one of those by name, or a table of a base and what differs from it.

That is some of its basic colours, and whether cells are hatched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convanim.errors import got
from convanim.scene.readers import IllegalError
from convanim.theme_table import ALIASES, HATCHED, LIGHT, THEMES, OwnTheme, fault_of, is_colour

_NAMES = (*THEMES, *ALIASES)
THEME_LEGAL = (
    f'legal is {", ".join(THEMES[:-1])} or {THEMES[-1]}, or a table like {{ base = "light", input = "#aa5500" }}'
)
_COLOUR_SCHEMA = {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}
THEME_SCHEMA: dict[str, Any] = {
    "oneOf": [
        {"enum": list(_NAMES)},
        {
            "type": "object",
            "properties": {"base": {"enum": list(_NAMES)}, "hatch": {"type": "boolean"}}
            | dict.fromkeys(LIGHT, _COLOUR_SCHEMA),
            "additionalProperties": False,
        },
    ]
}


def theme(value: Any) -> str | OwnTheme:
    """A theme's name, or a changed theme; what would not be legible is refused."""
    if isinstance(value, OwnTheme):
        value = table_of(value)
    if not isinstance(value, Mapping):
        return _named(value)
    base = _named(value.get("base", "light"))
    changes = {name: colour for name, colour in value.items() if name not in {"base", "hatch"}}
    hatch = value.get("hatch", base in HATCHED)
    if not isinstance(hatch, bool):
        raise IllegalError(f"hatch: {got(hatch)}, and legal is true or false")
    for name, colour in changes.items():
        if name not in LIGHT:
            raise IllegalError(f"{name} is no colour of a theme; they are {', '.join(LIGHT)}")
        if not is_colour(colour):
            raise IllegalError(f'{name}: {got(colour)}, and a colour is "#rrggbb"')
    fault = fault_of(base, changes)
    if fault:
        raise IllegalError(fault)
    colours = tuple((name, changes[name].lower()) for name in LIGHT if name in changes)
    is_as_base = hatch == (base in HATCHED)
    return base if is_as_base and not colours else OwnTheme(base, colours, None if is_as_base else hatch)


def table_of(theme: OwnTheme) -> dict[str, Any]:
    """A changed theme as a table."""
    hatch = {} if theme.hatch is None else {"hatch": theme.hatch}
    return {"base": theme.base, **hatch, **dict(theme.colours)}


def _named(value: Any) -> str:
    name = ALIASES.get(value, value) if isinstance(value, str) else value
    if name not in THEMES:
        raise IllegalError
    return str(name)
