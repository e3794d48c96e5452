"""Themes: what colour each role has. A role's fill, and the ink that lines and text have on it.

Fills tell roles apart by hue and lightness both; padding is dashed besides. A tap is its cell mixed with ink, 40 % of it
in the light theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Colour = tuple[int, int, int]

BACKGROUND = "background"
NO_INK, OUTLINE, DASH = "", "outline", "dash"
VALUE, NOTE = "value", "note"
SOLID, DASHED, BARE = "solid", "dashed", "bare"
_LINES = {"nought": BARE, "padding": DASHED, "clear": BARE}
MOST_LEVELS = 16
TINTS = 9  # kernel cells told apart by tint: more share one
MOST_COUNTED = 6  # counts from 0 to this have fills of their own
_BLACK_AND_WHITE = ((0, 0, 0), (255, 255, 255))
SHADES = 256


class Theme(NamedTuple):
    """`fills` by cell role; `inks` by the role of a line or text. Text in a cell takes the ink that is legible there.

    `ramps` are for cells shaded by value, by role: the darkest shade, the middle one and the lightest. What has no value
    beside them is blank: a grey that no ramp comes near.

    `lines` says of a cell role whether its border is dashed, or bare (only what its neighbours draw), if not solid.
    """

    name: str
    fills: Mapping[str, Colour]
    inks: Mapping[str, Colour]
    notes: tuple[Colour, Colour]
    lines: Mapping[str, str]
    ramps: Mapping[str, tuple[Colour, Colour, Colour]]

    def fill(self, role: str, shade: int | None = None) -> Colour:
        """The fill of a role, in a shade from 0 (dark) to 255 (light) if it is given."""
        if shade is None:
            return self.fills[role]
        dark, middle, light = self.ramps[role]
        share = shade / (SHADES - 1)
        return mix(dark, middle, 2 * share) if share < 0.5 else mix(middle, light, 2 * share - 1)

    def line(self, role: str) -> str:
        """How the border of a cell of that role is drawn: SOLID, DASHED or BARE."""
        return self.lines.get(role, SOLID)

    def ink(self, ink: str, role: str, shade: int | None = None) -> Colour:
        """The colour of an ink role on a fill."""
        fill = self.fill(role, shade)
        if ink in {VALUE, NOTE} and shade is not None:  # nothing less is legible on all shades
            return max(_BLACK_AND_WHITE, key=lambda colour: contrast(colour, fill))
        if (
            ink == OUTLINE and shade is not None
        ):  # dark in every theme: a picture is not to be seen through a bright grid
            return _DARK_SHADE
        if ink == VALUE:
            if role == "padding":
                return self.inks["faint"]
            return max((self.inks["text"], self.fills[BACKGROUND]), key=lambda colour: contrast(colour, fill))
        if ink == NOTE:
            return max(self.notes, key=lambda colour: contrast(colour, fill))
        return self.inks[ink]


class Finish(NamedTuple):
    """How a storyboard becomes pixels: its theme, pixels for each scene unit, and how many levels of ink at the most."""

    theme: Theme
    scale: float = 1
    levels: int = MOST_LEVELS


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """`colour` with a `share` of `other` in it."""
    (red, green, blue), (to_red, to_green, to_blue) = colour, other
    return (
        round(red + (to_red - red) * share),
        round(green + (to_green - green) * share),
        round(blue + (to_blue - blue) * share),
    )


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG 2, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (byte / 255 for byte in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _colour(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _theme(name: str, basic: Mapping[str, str], tap: float) -> Theme:
    """A whole theme from a dozen colours: taps and results are their cells mixed with ink, numbered cells are paler."""
    colours = {key: _colour(text) for key, text in basic.items()}
    ground, ink = colours["ground"], colours["ink"]
    fills = {
        BACKGROUND: ground,
        "padding": ground,
        "clear": ground,
        "zero": colours["zero"],
        "input": colours["input"],
        "input numbered": mix(colours["input"], ground, 0.25),
        "pending": colours["pending"],
        "output": colours["output"],
        "output numbered": mix(colours["output"], ground, 0.3),
    }
    fills |= {f"{role} tap": mix(fills[role], ink, tap) for role in ("padding", "zero", "input")}
    fills["layer"] = mix(mix(colours["input"], colours["output"], 0.5), ground, 0.55)
    fills["layer tap"] = mix(mix(colours["input"], colours["output"], 0.5), ink, tap)
    fills |= {"blank pending": colours["blank"], "blank zero": colours["blank"]}
    fills["blank zero tap"] = mix(colours["blank"], _LIT[1], 0.6)
    fills["input numbered tap"] = fills["input tap"]
    fills["result"] = mix(fills["output"], ink, tap)
    fills |= {"kernel": colours["kernel"], "kernel tap": mix(colours["kernel"], colours["kernel label"], 0.35)}
    fills |= {f"count {n}": mix(ground, _LIT[1], n / MOST_COUNTED) for n in range(MOST_COUNTED + 1)}
    fills |= _weights(ground, ink)
    inks = {
        OUTLINE: colours["line"],
        DASH: colours["dash"],
        "connector": colours["quiet"],
        "text": ink,
        "quiet": colours["quiet"],
        "faint": colours["faint"],
        "input label": colours["input label"],
        "output label": colours["output label"],
        "kernel label": colours["kernel name"],
        "mark": colours["mark"],
        "input stem": colours["input label"],
        "output stem": colours["output label"],
        "axis": colours["dash"],
    }
    ramps = {role: (_DARK_SHADE, colours[role], _LIGHT_SHADE) for role in ("input", "output")}
    ramps |= {f"{role} numbered": ramp for role, ramp in ramps.items()}
    ramps |= dict.fromkeys(("input tap", "input numbered tap", "result"), _LIT)
    return Theme(name, fills, inks, (colours["kernel"], colours["kernel label"]), _LINES, ramps)


def _weights(ground: Colour, ink: Colour) -> dict[str, Colour]:
    """The fills of a matrix: kernel cells by tint from straw to amber, strong where lit and pale elsewhere, and zeros."""
    fills = {"nought": mix(ground, ink, 0.05), "nought tap": mix(ground, ink, 0.17)}
    for number in range(TINTS):
        share = 2 * number / (TINTS - 1)
        tint = mix(_STRAW, _GOLD, share) if share < 1 else mix(_GOLD, _AMBER, share - 1)
        fills |= {f"weight {number}": mix(tint, ground, _PALER), f"weight {number} tap": tint}
    return fills | {"weight mixed": mix(_MIXED, ground, _PALER), "weight mixed tap": _MIXED}


def _plain(light: Theme) -> Theme:
    """The original figures' colours: every line in ink, inserted zeros left blank."""
    ink = light.inks[OUTLINE]
    fills = {**light.fills, "zero": light.fills["padding"], "zero tap": light.fills["padding tap"]}
    inks = {**light.inks, DASH: ink, "connector": ink}
    return Theme("plain", fills, inks, light.notes, {**_LINES, "zero": BARE}, light.ramps)


_DARK_SHADE, _LIGHT_SHADE = _colour("#04222b"), _colour("#f7fafb")
# a tap in any shade differs from its neighbours: it stays orange from its darkest to its lightest
_LIT = _colour("#8a3f00"), _colour("#dd7f1f"), _colour("#ffd9a8")
_PALER = 0.6
_STRAW, _GOLD, _AMBER, _MIXED = map(_colour, ("#f5da85", "#e5a92e", "#a5590f", "#9aa3a5"))
LIGHT = _theme(
    "light",
    {
        "ground": "#ffffff",
        "ink": "#073642",
        "input": "#268bd2",
        "output": "#2aa198",
        "kernel": "#f2e3b3",
        "zero": "#edf2f4",
        "pending": "#e3f2f0",
        "blank": "#c2c8ca",
        "dash": "#8a9a9e",
        "quiet": "#586e75",
        "faint": "#74858a",
        "input label": "#1a689e",
        "output label": "#1d7a73",
        "kernel label": "#4d3a00",
        "kernel name": "#7a5c00",
        "mark": "#cb4b16",
        "line": "#073642",
    },
    tap=0.4,
)
DARK = _theme(
    "dark",
    {
        "ground": "#0e1a1f",
        "ink": "#ffffff",
        "input": "#1f76b4",
        "output": "#1f8a82",
        "kernel": "#f2e3b3",
        "zero": "#22323a",
        "pending": "#18363a",
        "blank": "#566065",
        "dash": "#73868c",
        "quiet": "#a3b4b9",
        "faint": "#8a9ca2",
        "input label": "#6cb8ee",
        "output label": "#55c4ba",
        "kernel label": "#2e2300",
        "kernel name": "#e0c56e",
        "mark": "#ff9f5a",
        "line": "#b4c5ca",
    },
    tap=0.34,
)
PLAIN = _plain(LIGHT)
THEMES = {theme.name: theme for theme in (LIGHT, DARK, PLAIN)}
