"""Stacks as text: what a stack's file holds. A stack written and read again is the same stack."""

from __future__ import annotations

from typing import Any

from convanim.scene.files import plain_value, scene_to_dict, toml
from convanim.scene.stack import Stack
from convanim.scene.stack_look import STACK_SECTIONS


def stack_to_dict(stack: Stack) -> dict[str, Any]:
    """What a stack's file holds: only what differs from the defaults."""
    layers = [scene_to_dict(scene) for scene in stack.layers]
    written: dict[str, Any] = {
        name: getattr(stack, name) for name in ("title", "description", "note") if getattr(stack, name)
    }
    written |= {name: layers[0][name] for name in ("input", "in_channels") if name in layers[0]}
    for name, table in STACK_SECTIONS.items():
        section = getattr(stack, name)
        usual = type(section)()
        said = {field.name: getattr(section, field.name) for field in table}
        changed = {key: plain_value(value) for key, value in said.items() if value != getattr(usual, key)}
        if changed:
            written[name] = changed
    passed_on = ("input", "in_channels")
    return written | {"layers": [{key: layer[key] for key in layer if key not in passed_on} for layer in layers]}


def stack_to_toml(stack: Stack) -> str:
    """The stack as the text of a stack's file."""
    written = stack_to_dict(stack)
    layers = written.pop("layers")
    return toml(written) + "".join("\n[[layers]]\n" + toml(layer, "layers.") for layer in layers)
