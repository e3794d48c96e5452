"""What the player itself says, in the language of the figure: its buttons' names, and of a cell what it is made of or used by.

The player's English stands in `web/player*.js`; here are its templates, so that other languages are asked for all of them.
"""

from __future__ import annotations

from convanim.language import language

TEMPLATES = (
    "Play",
    "Pause",
    "Step back",
    "Step forward",
    "Step",
    "Speed",
    "Repeat",
    "Full screen",
    "Step {number} of {total}",
    "{name} ({place})",
    "input",
    "output",
    "kernel",
    "kernel's gradient",
    "output's gradient",
    "input's gradient",
    "share",
    "padding",
    "inserted zero",
    "layer {number}",
    "input channel {number}",
    "output channel {number}",
    "kernel of channel {number}",
    "kernel of channel {number}, filter {filter}",
    "kernel's gradient, plane {number}",
    "output's gradient, plane {number}",
    "input's gradient, plane {number}",
    "{count} cell of the {name}",
    "{count} cells of the {name}",
    "{count} of padding",
    "{count} inserted zero",
    "{count} inserted zeros",
    "{cell}: {made}",
    "{cell} is used by {count} output",
    "{cell} is used by {count} outputs",
    "{cell} is used by no output",
    "{cell} is used by {count} cell of the {made}",
    "{cell} is used by {count} cells of the {made}",
    "{cell} is used by no cell of the {made}",
    "{cell}: no step makes it",
    ", ",
)


def player_words(name: str) -> dict[str, str]:
    """The templates in a language of that name, by the English ones, which need none."""
    said = language(name)
    return {} if name == "en" else {template: said(template) for template in TEMPLATES}
