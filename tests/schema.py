"""The schema as a validator: it is checked once, though many mappings are held against it."""

from __future__ import annotations

from functools import cache

import jsonschema

from convanim.scene.schema import scene_schema


def validate(mapping):
    """jsonschema.ValidationError if the scene schema does not accept a mapping."""
    _validator().validate(mapping)


@cache
def _validator():
    jsonschema.Draft202012Validator.check_schema(scene_schema())
    return jsonschema.Draft202012Validator(scene_schema())
