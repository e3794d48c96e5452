"""The JSON Schema of a scene file, made from the table of fields, for editors that complete and check."""

from __future__ import annotations

from typing import Any

from convanim.scene.fields import MOST_BESIDE, SECTIONS, TOP, Field

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SCENES = {
    "type": "array",
    "minItems": 2,
    "maxItems": MOST_BESIDE,
    "description": "Scenes side by side, in step; what stands at the top is every one's unless it says otherwise.",
}
# what a scene must say, unless it is several
_COMPLETE = [
    {"required": ["input", "kernel"]},
    {"required": ["input", "op"], "properties": {"op": {"const": "upsample"}}},
    {"required": ["scenes"]},
]


def scene_schema() -> dict[str, Any]:
    """The schema as a plain dict. It knows each field; what fields must be to each other only `Scene` checks."""
    sections = {name: _object(table) for name, table in SECTIONS.items()}
    one = _object(TOP)
    one["properties"] |= sections
    schema = _object(TOP)
    schema["properties"] |= sections | {"$schema": {"type": "string"}, "scenes": _SCENES | {"items": one}}
    return {"$schema": _DIALECT, "title": "convanim scene"} | schema | {"anyOf": _COMPLETE}


def _object(table: tuple[Field, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field.name: field.schema | _about(field) for field in table},
        "additionalProperties": False,
    }


def _about(field: Field) -> dict[str, Any]:
    about: dict[str, Any] = {"description": field.help}
    if isinstance(field.default, bool | int | str) and field.default != "":
        about["default"] = field.default
    return about
