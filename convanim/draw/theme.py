"""Themes: what colour each role has. A role's fill, and the ink that lines and text have on it.

Fills tell roles apart by hue and lightness both; padding is dashed besides. A tap is its cell mixed with ink, 40 % of it
in the light theme. The basic colours stand in `theme_table`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from convanim import theme_table
from convanim.theme_table import LEAST_CONTRAST, Colour, OwnTheme, contrast, mix, parsed

__all__ = [
    "BACKGROUND",
    "BARE",
    "DARK",
    "DASH",
    "DASHED",
    "LIGHT",
    "MOST_COUNTED",
    "MOST_LEVELS",
    "NOTE",
    "NO_INK",
    "OUTLINE",
    "PLAIN",
    "SHADES",
    "SOLID",
    "THEMES",
    "UNFILLED",
    "VALUE",
    "Colour",
    "Finish",
    "Theme",
    "chosen_theme",
    "contrast",
    "mix",
    "theme_of",
]
BACKGROUND = "background"
NO_INK, OUTLINE, DASH = "", "outline", "dash"
VALUE, NOTE = "value", "note"
SOLID, DASHED, BARE = "solid", "dashed", "bare"
_LINES = {"nought": BARE, "padding": DASHED, "clear": BARE}
_HATCHED = {"padding tap": DASHED}  # in grey it is as light as an inserted zero under the kernel
_LEAST_DASH = 2  # contrast of dashes with their cell; in darker ones they are drawn in the outline's colour
UNFILLED = (BACKGROUND, "padding", "clear")
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
        if ink in {VALUE, NOTE}:
            return _legible(self._in_cells(ink, role), fill)
        if ink == DASH and contrast(self.inks[DASH], fill) < _LEAST_DASH:
            return self.inks[OUTLINE]
        return self.inks[ink]

    def _in_cells(self, ink: str, role: str) -> tuple[Colour, ...]:
        """The colours that a text in a cell of a role may have."""
        if ink == NOTE:
            return self.notes
        return (self.inks["faint"],) if role == "padding" else (self.inks["text"], self.fills[BACKGROUND])


class Finish(NamedTuple):
    """How a storyboard becomes pixels: its theme, pixels for each scene unit, and how many levels of ink at the most.

    `transparent` leaves out what no fill covers: the ground, and cells that are unfilled. Edges are mixed with the ground.
    `outlined` is for formats that hold text: they draw it as outlines.
    """

    theme: Theme
    scale: float = 1
    levels: int = MOST_LEVELS
    transparent: bool = False
    outlined: bool = False


def chosen_theme(theme: str | OwnTheme) -> Theme:
    """The theme that a scene names, or describes."""
    if isinstance(theme, OwnTheme):
        return theme_of(theme.base, dict(theme.colours))
    return THEMES[theme]


def theme_of(base: str, changes: Mapping[str, str] | None = None) -> Theme:
    """The theme of a name, some of its basic colours changed."""
    basic = theme_table.basic_colours(base, changes or {})
    if base == "plain":
        return _plain(_theme("light", basic, theme_table.TAPS["light"]))
    return _theme(base, basic, theme_table.TAPS[base])


def _legible(preferred: tuple[Colour, ...], fill: Colour) -> Colour:
    """The most legible of some colours on a fill; black or white where none is legible enough, since one of them is."""
    best = max(preferred, key=lambda colour: contrast(colour, fill))
    if contrast(best, fill) >= LEAST_CONTRAST:
        return best
    return max(_BLACK_AND_WHITE, key=lambda colour: contrast(colour, fill))


def _theme(name: str, basic: Mapping[str, str], tap: float) -> Theme:
    """A whole theme from a dozen colours: taps and results are their cells mixed with ink, numbered cells are paler."""
    colours = {key: parsed(text) for key, text in basic.items()}
    ground, ink = colours["background"], colours["ink"]
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
    fills |= {"kernel": colours["kernel"], "kernel tap": mix(colours["kernel"], colours["note"], 0.35)}
    fills |= {f"count {n}": mix(ground, colours["count"], n / MOST_COUNTED) for n in range(MOST_COUNTED + 1)}
    fills |= _weights(ground, ink)
    inks = {
        OUTLINE: colours["line"],
        DASH: colours["dash"],
        "connector": colours["quiet"],
        "text": ink,
        "rule": ink,
        "quiet": colours["quiet"],
        "faint": colours["faint"],
        "input label": colours["input_label"],
        "output label": colours["output_label"],
        "kernel label": colours["kernel_label"],
        "mark": colours["mark"],
        "input stem": colours["input_label"],
        "output stem": colours["output_label"],
        "axis": colours["dash"],
    }
    ramps = {role: (_DARK_SHADE, colours[role], _LIGHT_SHADE) for role in ("input", "output")}
    ramps |= {f"{role} numbered": ramp for role, ramp in ramps.items()}
    ramps |= dict.fromkeys(("input tap", "input numbered tap", "result"), _LIT)
    return Theme(
        name, fills, inks, (colours["kernel"], colours["note"]), _LINES | (_HATCHED if name == "print" else {}), ramps
    )


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


_DARK_SHADE, _LIGHT_SHADE = parsed("#04222b"), parsed("#f7fafb")
# a tap in any shade differs from its neighbours: it stays orange from its darkest to its lightest
_LIT = parsed("#8a3f00"), parsed("#dd7f1f"), parsed("#ffd9a8")
_PALER = 0.6
_STRAW, _GOLD, _AMBER, _MIXED = map(parsed, ("#f5da85", "#e5a92e", "#a5590f", "#9aa3a5"))
THEMES = {name: theme_of(name) for name in theme_table.THEMES}
LIGHT, DARK, PLAIN = THEMES["light"], THEMES["dark"], THEMES["plain"]
