"""Themes: what colour each role has. A role's fill, and the ink that lines and text have on it.

Fills tell roles apart by hue and lightness both; padding is dashed besides. A tap is its cell mixed with ink, 40 % of it
in the light theme. The basic colours stand in `theme_table`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from convanim import theme_table
from convanim.draw.hatch import BACK_DIAGONAL, CROSS, DIAGONAL, DOTS
from convanim.theme_table import LEAST_CONTRAST, Colour, OwnTheme, contrast, mix, parsed

__all__ = [
    "BACKGROUND",
    "BARE",
    "DARK",
    "DASH",
    "DASHED",
    "HATCH",
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
NO_INK, OUTLINE, DASH, HATCH = "", "outline", "dash", "hatch"
VALUE, NOTE = "value", "note"
SOLID, DASHED, BARE = "solid", "dashed", "bare"
_LINES = {"nought": BARE, "padding": DASHED, "clear": BARE}
_PRINTED = {"padding tap": DASHED}  # in grey it is as light as an inserted zero under the kernel
_AIMS = {DOTS: 2.6}  # contrast of patterns with their cells
_AIM = 1.8
_LEAST_DASH = 2  # contrast of dashes with their cell; in darker ones they are drawn in the outline's colour
UNFILLED = (BACKGROUND, "padding", "clear")
MOST_LEVELS = 16
TINTS = 9  # kernel cells told apart by tint: more share one
MOST_COUNTED = 6  # counts from 0 to this have fills of their own
_BLACK_AND_WHITE = ((0, 0, 0), (255, 255, 255))
SHADES = 256
CSS_DPI = 96


class Theme(NamedTuple):
    """`fills` by cell role; `inks` by the role of a line or text. Text in a cell takes the ink that is legible there.

    `ramps` are for cells shaded by value, by role: the darkest shade, the middle one and the lightest. What has no value
    beside them is blank: a grey that no ramp comes near.

    `lines` says of a cell role whether its border is dashed, or bare (only what its neighbours draw), if not solid.

    `hatches` is the pattern of each role that has one, a name of `draw.hatch.PATTERNS`; `ink(HATCH, role)` is its colour.
    """

    name: str
    fills: Mapping[str, Colour]
    inks: Mapping[str, Colour]
    notes: tuple[Colour, Colour]
    lines: Mapping[str, str]
    ramps: Mapping[str, tuple[Colour, ...]]
    hatches: Mapping[str, str] = MappingProxyType({})

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

    def hatch(self, role: str, shade: int | None = None) -> str | None:
        """The pattern of a role's cells, if they have one. Shaded cells have it under the kernel alone: shades are to be seen."""
        return self.hatches.get(role) if shade is None or role.endswith(" tap") else None

    def ink(self, ink: str, role: str, shade: int | None = None) -> Colour:
        """The colour of an ink role on a fill."""
        fill = self.fill(role, shade)
        if ink == HATCH:
            return self._pattern(role, shade)
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

    def _pattern(self, role: str, shade: int | None) -> Colour:
        """The colour of a pattern: seen on the fill, values as legible on it as on that, and notes if one colour can be both."""
        fill, aim = self.fill(role, shade), _AIMS.get(self.hatches[role], _AIM)
        value, note = (self.ink(ink, role, shade) for ink in (VALUE, NOTE))
        tones = [mix(fill, end, share / 20) for end in _BLACK_AND_WHITE for share in range(1, 20)]
        legible = [tone for tone in tones if contrast(tone, value) >= LEAST_CONTRAST]
        best = [tone for tone in legible if contrast(tone, note) >= LEAST_CONTRAST] or legible
        return min(best, key=lambda tone: abs(contrast(tone, fill) - aim))

    def _in_cells(self, ink: str, role: str) -> tuple[Colour, ...]:
        """The colours that a text in a cell of a role may have."""
        if ink == NOTE:
            return self.notes
        return (self.inks["faint"],) if role == "padding" else (self.inks["text"], self.fills[BACKGROUND])


class Finish(NamedTuple):
    """How a storyboard becomes pixels: its theme, pixels for each scene unit, and how many levels of ink at the most.

    `transparent` leaves out what no fill covers: the ground, and cells that are unfilled. Edges are mixed with the ground.
    `pixel_format` is a video's: "yuv420" or "yuv444".
    `outlined` is for formats that hold text: they draw it as outlines. `dpi` is how many of its pixels are an inch on paper,
    None if nothing is said of that.
    """

    theme: Theme
    scale: float = 1
    levels: int = MOST_LEVELS
    transparent: bool = False
    pixel_format: str = "yuv420"
    outlined: bool = False
    dpi: int | None = None

    @property
    def points(self) -> float:
        """How many points on paper a scene unit is, a 72nd of an inch each."""
        return 72 * self.scale / (self.dpi or CSS_DPI)

    @property
    def css_pixels(self) -> float:
        """How many of CSS' pixels a scene unit is, a 96th of an inch each."""
        return self.scale if self.dpi is None else CSS_DPI * self.scale / self.dpi


def chosen_theme(theme: str | OwnTheme) -> Theme:
    """The theme that a scene names, or describes."""
    if isinstance(theme, OwnTheme):
        return theme_of(theme.base, dict(theme.colours), hatch=theme.hatch)
    return THEMES[theme]


def theme_of(base: str, changes: Mapping[str, str] | None = None, *, hatch: bool | None = None) -> Theme:
    """The theme of a name, some of its basic colours changed, hatched or not if that is said."""
    theme = _theme("light" if base == "plain" else base, changes or {})
    if base == "plain":
        theme = _plain(theme)
    is_hatched = base in theme_table.HATCHED if hatch is None else hatch
    return theme._replace(hatches=_HATCHES) if is_hatched else theme


def _legible(preferred: tuple[Colour, ...], fill: Colour) -> Colour:
    """The most legible of some colours on a fill; black or white where none is legible enough, since one of them is."""
    best = max(preferred, key=lambda colour: contrast(colour, fill))
    if contrast(best, fill) >= LEAST_CONTRAST:
        return best
    return max(_BLACK_AND_WHITE, key=lambda colour: contrast(colour, fill))


def _theme(name: str, changes: Mapping[str, str]) -> Theme:
    """A whole theme from a dozen colours: taps and results are their cells mixed with ink, numbered cells are paler."""
    colours = {key: parsed(text) for key, text in theme_table.basic_colours(name, changes).items()}
    tap = theme_table.TAPS[name]
    window, made = _of(theme_table.WINDOW, name), _of(theme_table.MADE, name)
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
    fills["blank zero tap"] = mix(colours["blank"], window[1], 0.6)
    fills["input numbered tap"] = fills["input tap"]
    fills["result"] = mix(fills["output"], ink, theme_table.RESULTS[name])
    fills |= {"kernel": colours["kernel"], "kernel tap": mix(colours["kernel"], colours["note"], 0.35)}
    fills |= {f"count {n}": mix(ground, colours["count"], n / MOST_COUNTED) for n in range(MOST_COUNTED + 1)}
    tints = *theme_table.tints_of(name, changes), *_of(theme_table.MIXED, name)
    fills |= _weights(ground, ink, tints, theme_table.PALER[name])
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
        "mark edge": max(_BLACK_AND_WHITE, key=lambda colour: contrast(colour, colours["mark"])),
        "input stem": colours["input_label"],
        "output stem": colours["output_label"],
        "axis": colours["dash"],
    }
    dark, light = _of(theme_table.SHADED, name)
    ramps: dict[str, tuple[Colour, ...]] = {role: (dark, colours[role], light) for role in ("input", "output")}
    ramps |= {f"{role} numbered": ramp for role, ramp in ramps.items()}
    ramps |= {"input tap": window, "input numbered tap": window, "result": made}
    lines = _LINES | (_PRINTED if name == "print" else {})
    return Theme(name, fills, inks, (colours["kernel"], colours["note"]), lines, ramps)


def _of(table: Mapping[str, tuple[str, ...]], name: str) -> tuple[Colour, ...]:
    """The colours of a theme in a table, the light theme's if it has none of its own."""
    return tuple(map(parsed, table.get(name, table["light"])))


def _weights(ground: Colour, ink: Colour, tints: tuple[Colour, ...], paler: float) -> dict[str, Colour]:
    """The fills of a matrix: kernel cells by tint, from the first over the middle one to the last, and zeros.

    Tints are strong where lit and `paler` elsewhere; one more is for places where several kernel cells add up.
    """
    first, middle, last, mixed = tints
    fills = {"nought": mix(ground, ink, 0.05), "nought tap": mix(ground, ink, 0.17)}
    for number in range(TINTS):
        share = 2 * number / (TINTS - 1)
        tint = mix(first, middle, share) if share < 1 else mix(middle, last, share - 1)
        fills |= {f"weight {number}": mix(tint, ground, paler), f"weight {number} tap": tint}
    return fills | {"weight mixed": mix(mixed, ground, paler), "weight mixed tap": mixed}


def _plain(light: Theme) -> Theme:
    """The original figures' colours: every line in ink, inserted zeros left blank."""
    ink = light.inks[OUTLINE]
    fills = {**light.fills, "zero": light.fills["padding"], "zero tap": light.fills["padding tap"]}
    inks = {**light.inks, DASH: ink, "connector": ink}
    return Theme("plain", fills, inks, light.notes, {**_LINES, "zero": BARE}, light.ramps)


_DARK_SHADE = parsed("#04222b")
_TAPS = ("input tap", "input numbered tap", "padding tap", "layer tap", "kernel tap", "nought tap")
_HATCHES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("zero", "blank zero", "blank pending", "weight mixed"), DOTS)
    | dict.fromkeys(("output", "output numbered"), BACK_DIAGONAL)
    | dict.fromkeys((*_TAPS, *(f"weight {number} tap" for number in range(TINTS))), DIAGONAL)
    | dict.fromkeys(("zero tap", "blank zero tap", "weight mixed tap"), CROSS)
)
THEMES = {name: theme_of(name) for name in theme_table.THEMES}
LIGHT, DARK, PLAIN = THEMES["light"], THEMES["dark"], THEMES["plain"]
