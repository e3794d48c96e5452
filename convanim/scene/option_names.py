"""How fields are called on the command line, and a scene as the words of a command."""

from __future__ import annotations

import json
from typing import Any

from convanim.scene.fields import SECTIONS, TOP, Field
from convanim.scene.files import scene_to_dict, toml_value
from convanim.scene.model import Scene

_OWN = {
    ("values", "input"): "input-values",
    ("values", "kernel"): "kernel-values",
    ("view", "kind"): "view",
    ("view", "output"): "show-output",
}


def option_name(section: str, field: Field) -> str:
    """The option of a field of a section, `""` being the top of a scene."""
    return _OWN.get((section, field.name), field.name.replace("_", "-"))


def command_words(scene: Scene) -> list[str]:
    """The options of `convanim render` that make a scene, which are its fields as far as they are not what they are anyway."""
    written, words = scene_to_dict(scene), []
    for section, table in {"": TOP, **SECTIONS}.items():
        held = written.get(section, {}) if section else written
        for field in table:
            if field.name in held:
                words += _words(option_name(section, field), held[field.name])
    return words


def _words(name: str, value: Any) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    if isinstance(value, str):
        return [f"--{name}", value]
    return [f"--{name}", toml_value(value) if isinstance(value, dict) else json.dumps(value, separators=(",", ":"))]
