"""The table of themes: a dozen basic colours each, from which `draw.theme` makes all others. It imports nothing else here.

A scene may name a theme, or change some of its colours; what colours must be to each other is said here too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

Colour = tuple[int, int, int]
LEAST_CONTRAST = 4.5  # of text on what it lies on, by WCAG 2
_LEAST_EDGE = 1.12  # of one fill beside another: less is no edge at all

LIGHT = {
    "background": "#ffffff",
    "ink": "#073642",
    "input": "#268bd2",
    "output": "#2aa198",
    "kernel": "#f2e3b3",
    "zero": "#edf2f4",
    "pending": "#e3f2f0",
    "blank": "#c2c8ca",
    "line": "#073642",
    "dash": "#8a9a9e",
    "quiet": "#586e75",
    "faint": "#66767b",
    "input_label": "#1a689e",
    "output_label": "#1d7a73",
    "kernel_label": "#7a5c00",
    "note": "#4d3a00",
    "mark": "#7d2906",
    "count": "#dd7f1f",
}
DARK = {
    "background": "#0e1a1f",
    "ink": "#ffffff",
    "input": "#1f76b4",
    "output": "#1f8a82",
    "kernel": "#f2e3b3",
    "zero": "#22323a",
    "pending": "#18363a",
    "blank": "#566065",
    "line": "#b4c5ca",
    "dash": "#73868c",
    "quiet": "#a3b4b9",
    "faint": "#8a9ca2",
    "input_label": "#6cb8ee",
    "output_label": "#55c4ba",
    "kernel_label": "#e0c56e",
    "note": "#2e2300",
    "mark": "#ff9f5a",
    "count": "#dd7f1f",
}
# lightness alone tells neighbours apart, and the hues are those that a printer's grey keeps apart least badly
PRINT = LIGHT | {
    "ink": "#000000",
    "input": "#a4c8e6",
    "output": "#6fa79e",
    "kernel": "#f7efd6",
    "zero": "#f1f3f4",
    "pending": "#eef4f3",
    "blank": "#d9c9bd",
    "line": "#000000",
    "dash": "#5c5c5c",
    "quiet": "#4a4a4a",
    "faint": "#5c5c5c",
    "input_label": "#1f5c8c",
    "output_label": "#1f655e",
    "kernel_label": "#5f4800",
    "note": "#2e2300",
    "mark": "#7a2400",
    "count": "#a04c00",
}
# blue, orange and purple stay apart whichever cones are missing
COLORBLIND = LIGHT | {
    "input": "#0072b2",
    "output": "#e69f00",
    "kernel": "#e8c0da",
    "pending": "#fcf1dc",
    "input_label": "#00609a",
    "output_label": "#8a5a00",
    "kernel_label": "#8f2f66",
    "note": "#4a1033",
    "mark": "#7a1f52",
    "count": "#a84400",
}
BASIC: dict[str, Mapping[str, str]] = {"light": LIGHT, "dark": DARK, "print": PRINT, "colorblind": COLORBLIND}
# how much ink there is in what lies under the kernel, and in the cell that is made
TAPS = {"light": 0.4, "dark": 0.34, "print": 0.3, "colorblind": 0.52}
RESULTS = TAPS | {"print": 0.55}
# kernel cells in a matrix, from the first to the last, and places where several add up; all are paler but in the current row
TINTS = {
    "light": ("#f5da85", "#e5a92e", "#a5590f"),
    "print": ("#fbf3dc", "#d8c28a", "#9a7a3c"),
    "colorblind": ("#f5da85", "#dc8c8a", "#7a2060"),  # from yellow to blue for eyes that miss red or green
}
MIXED = {"light": ("#9aa3a5",), "colorblind": ("#8aa0b4",)}
PALER = dict.fromkeys(TAPS, 0.6) | {"print": 0.4}
# cells shaded by value, from the darkest to the lightest: the first and last of all planes, and all three of what lies under
# the kernel and of the cell that is made, which are to stand out in every shade
SHADED = {"light": ("#04222b", "#f7fafb"), "print": ("#47535a", "#f7fafb")}
WINDOW = {"light": ("#8a3f00", "#dd7f1f", "#ffd9a8"), "print": ("#2b1200", "#96704f", "#e8c49c")}
MADE = WINDOW | {"colorblind": ("#701a80", "#b83fc4", "#f0a0f4")}
# themes whose cells have patterns
HATCHED = ("print",)
ALIASES = {"classic": "light"}
THEMES = (*BASIC, "plain")


class OwnTheme(NamedTuple):
    """A theme with some of its basic colours changed: pairs of a name and #rrggbb, in the table's order.

    `hatch` says whether cells have patterns, if not as the base has it.
    """

    base: str
    colours: tuple[tuple[str, str], ...]
    hatch: bool | None = None


# what follows from a colour that a scene changes, unless the scene says it too
_LABELS = {"input": "input_label", "output": "output_label", "kernel": "kernel_label"}
_TEXTS = ("ink", "quiet", "faint", "input_label", "output_label", "kernel_label", "mark")
_APART = (("input", "background"), ("output", "background"), ("output", "pending"), ("input", "zero"))


def basic_colours(base: str, changes: Mapping[str, str]) -> dict[str, str]:
    """The basic colours of a theme with some of them changed; labels and the output still to come follow theirs."""
    colours = {**BASIC["light" if base == "plain" else base], **changes}
    for fill, label in _LABELS.items():
        if fill in changes and label not in changes:
            colours[label] = _legible(changes[fill], colours)
    if "output" in changes and "pending" not in changes:
        colours["pending"] = written(mix(parsed(colours["output"]), parsed(colours["background"]), 0.87))
    if "ink" in changes and "line" not in changes:
        colours["line"] = changes["ink"]
    return colours


def tints_of(base: str, changes: Mapping[str, str]) -> tuple[Colour, ...]:
    """The first, the middle and the last tint of kernel cells; those of a kernel of another colour follow from that."""
    if "kernel" not in changes:
        first, middle, last = map(parsed, TINTS.get(base, TINTS["light"]))
        return first, middle, last
    colours = basic_colours(base, changes)
    kernel, note = parsed(colours["kernel"]), parsed(colours["note"])
    return kernel, mix(kernel, note, 0.35), mix(kernel, note, 0.7)


def fault_of(base: str, changes: Mapping[str, str]) -> str:
    """What makes a changed theme illegible, in words, or nothing."""
    colours = {name: parsed(colour) for name, colour in basic_colours(base, changes).items()}
    for name in _TEXTS:
        found = contrast(colours[name], colours["background"])
        if found < LEAST_CONTRAST:
            return f"{name} {written(colours[name])} on background has a contrast of {found:.1f}, {LEAST_CONTRAST} is needed"
    for one, other in _APART:
        found = contrast(colours[one], colours[other])
        if found < _LEAST_EDGE:
            return f"{one} {written(colours[one])} looks like {other} {written(colours[other])}"
    return ""


def is_colour(text: object) -> bool:
    """Whether a text is a colour as #rrggbb."""
    return isinstance(text, str) and re.fullmatch("#[0-9a-fA-F]{6}", text) is not None


def parsed(text: str) -> Colour:
    """A colour from #rrggbb."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def written(colour: Colour) -> str:
    """A colour as #rrggbb."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """`colour` with a `share` of `other` in it."""
    (red, green, blue), (to_red, to_green, to_blue) = colour, other
    return (
        round(red + (to_red - red) * share),
        round(green + (to_green - green) * share),
        round(blue + (to_blue - blue) * share),
    )


@lru_cache(maxsize=4096)  # asked of the same colours for each cell of each step
def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG 2, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Colour) -> float:
    """The relative luminance of WCAG 2, 0 to 1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (byte / 255 for byte in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _legible(fill: str, colours: Mapping[str, str]) -> str:
    """A fill's colour with as much ink in it as a text on the background needs."""
    ink, ground = parsed(colours["ink"]), parsed(colours["background"])
    shares = (tenth / 10 for tenth in range(11))
    mixed = (mix(parsed(fill), ink, share) for share in shares)
    return written(next((colour for colour in mixed if contrast(colour, ground) >= LEAST_CONTRAST), ink))
