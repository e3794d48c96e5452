"""The JSON Schema of a scene file, made from the tables of fields, for editors that complete and check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from convanim.scene.fields import MOST_BESIDE, SECTIONS, TOP, Field, Schema
from convanim.scene.stack import OF_THE_STACK, STACK_TOP
from convanim.scene.stack_look import STACK_VIEW

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TABLES = (*SECTIONS.items(), ("stack_view", STACK_VIEW))
_FILE = {"$schema": {"type": "string"}}
# what a scene must say: its input's size, if only as that of a picture, and the kernel's where there is one
_SIZED = [
    {"required": ["input"]},
    {
        "required": ["values"],
        "properties": {
            "values": {
                "required": ["input"],
                "properties": {"input": {"type": "object", "required": ["image", "size"]}},
            }
        },
    },
]
_WITH_KERNEL = [{"required": ["kernel"]}, {"required": ["op"], "properties": {"op": {"const": "upsample"}}}]


def scene_schema() -> dict[str, Any]:
    """The schema as a plain dict: a scene, several side by side (`scenes`), or a stack of `layers`.

    It knows each field; what fields must be to each other only `Scene`, `Comparison` and `Stack` check.
    """
    definitions = {field.name: _said(field) for field in TOP}
    definitions |= {
        f"section_{name}": _object({field.name: _said(field) for field in table}) for name, table in _TABLES
    }
    scene = _of_top(TOP) | {name: _reference(f"section_{name}") for name in SECTIONS}
    layer = {name: said for name, said in scene.items() if name not in OF_THE_STACK}
    definitions |= {"scene": _object(scene | {"starts": _starts()}), "layer": _object(layer)}
    return {
        "$schema": _DIALECT,
        "title": "convanim scene",
        "oneOf": [
            _object(_FILE | scene) | {"allOf": [{"anyOf": _SIZED}, {"anyOf": _WITH_KERNEL}]},
            _object(_FILE | scene | {"scenes": _scenes()}) | {"required": ["scenes"]},
            _object(_FILE | _stack()) | {"required": ["input", "layers"]},
        ],
        "$defs": definitions,
    }


def _scenes() -> Schema:
    about = "Scenes side by side, in step; what stands at the top is every one's unless it says otherwise."
    return {
        "type": "array",
        "minItems": 2,
        "maxItems": MOST_BESIDE,
        "description": about,
        "items": _reference("scene"),
    }


def _starts() -> Schema:
    about = "The steps of the whole figure, from 1, at which its own steps begin; by default all end together."
    return {"type": "array", "items": {"type": "integer", "minimum": 1}, "description": about}


def _stack() -> Schema:
    about = "Layers one after another, each one's output the next one's input."
    return _of_top(field for field in TOP if field.name in STACK_TOP) | {
        "layers": {"type": "array", "minItems": 1, "description": about, "items": _reference("layer")},
        "view": _reference("section_stack_view"),
        "timing": _reference("section_timing"),
    }


def _of_top(fields: Iterable[Field]) -> Schema:
    return {field.name: _reference(field.name) for field in fields}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _said(field: Field) -> Schema:
    return field.schema | _about(field)


def _about(field: Field) -> Schema:
    about: Schema = {"description": field.help}
    if isinstance(field.default, bool | int | str) and field.default != "":
        about["default"] = field.default
    return about
