"""Themes: text is legible on every fill, and roles are told apart by lightness, not only by hue."""

from itertools import combinations, pairwise

import pytest

from convanim.draw.theme import (
    BACKGROUND,
    DASH,
    MOST_COUNTED,
    NOTE,
    OUTLINE,
    SHADES,
    SOLID,
    THEMES,
    TINTS,
    VALUE,
    contrast,
    theme_of,
)
from convanim.theme_table import LEAST_CONTRAST
from tests.draw.vision import MISSING, difference, lightness

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
COUNTS = [f"count {number}" for number in range(MOST_COUNTED + 1)]
# pairs of roles that stand beside each other in one plane
BESIDE = [
    ("input", "input tap"),
    ("input numbered", "input numbered tap"),
    ("padding", "padding tap"),
    ("zero", "zero tap"),
    ("output", "result"),
    ("output", "pending"),
    ("output numbered", "result"),
    ("output numbered", "pending"),
    ("input", "zero"),
    ("input", "padding"),
]
# what must stay apart without hue: all of those, what one window covers, and the kernel beside it
LEAST_LIGHTNESS = 8
IN_GREY = [
    *BESIDE,
    ("input numbered", "zero"),
    ("input numbered", "padding"),
    ("input tap", "zero tap"),
    ("input tap", "padding tap"),
    ("padding tap", "zero tap"),
    ("input tap", "kernel"),
    ("kernel", "kernel tap"),
    ("zero", "padding"),
]
LEAST_DIFFERENCE = 15
IN_COLOUR = [
    *BESIDE,
    *combinations(("input", "output", "kernel", BACKGROUND), 2),
    *combinations(("input numbered", "output numbered", "kernel", BACKGROUND), 2),
    *combinations(("input tap", "result", "kernel tap"), 2),
    ("input tap", "zero tap"),
    ("input tap", "padding tap"),
    ("output numbered", "pending"),
]
LEAST_STEP = 9  # from one count to the next, which stand in their own order
# rings lie on what a maximum takes and where a switch puts it, crosses on output cells
MARKED = ("input numbered tap", "result", "output numbered", "pending", "blank pending")
TEXTS = ("text", "quiet", "faint", "input label", "output label", "kernel label", "mark", "input stem", "output stem")


@themes
def test_values_and_notes_are_legible_on_every_cell(theme):
    for role, fill in theme.fills.items():
        for ink in (VALUE, NOTE):
            assert contrast(theme.ink(ink, role), fill) >= LEAST_CONTRAST, (role, ink)


@themes
@pytest.mark.parametrize("ink", TEXTS)
def test_labels_are_legible_on_the_ground(theme, ink):
    assert contrast(theme.ink(ink, BACKGROUND), theme.fills[BACKGROUND]) >= LEAST_CONTRAST


@themes
@pytest.mark.parametrize("ink", [OUTLINE, DASH, "connector", "axis"])
def test_lines_are_seen_on_the_ground(theme, ink):
    assert contrast(theme.ink(ink, BACKGROUND), theme.fills[BACKGROUND]) >= 2.9


@themes
@pytest.mark.parametrize("role", MARKED)
def test_marks_are_seen_on_the_cells_that_have_them(theme, role):
    for shade in (None, *(range(SHADES) if role in theme.ramps else ())):
        fill = theme.fill(role, shade)
        assert max(contrast(theme.ink(ink, role, shade), fill) for ink in ("mark", "mark edge")) >= 3


@themes
@pytest.mark.parametrize(("one", "other"), BESIDE)
def test_roles_that_stand_beside_each_other_differ_in_lightness(theme, one, other):
    assert contrast(theme.fills[one], theme.fills[other]) >= 1.4


@pytest.mark.parametrize(("one", "other"), IN_GREY)
def test_in_print_roles_are_told_apart_in_grey_or_by_their_lines(one, other):
    theme = THEMES["print"]
    by_line = theme.line(one) != theme.line(other)
    by_lightness = abs(lightness(theme.fills[one]) - lightness(theme.fills[other])) >= LEAST_LIGHTNESS
    assert by_lightness or by_line


def test_in_print_counts_get_darker_by_steps_that_are_seen_in_grey():
    shades = [lightness(THEMES["print"].fills[role]) for role in COUNTS]
    assert all(one - other >= LEAST_LIGHTNESS for one, other in pairwise(shades))


@pytest.mark.parametrize("missing", [None, *MISSING])
@pytest.mark.parametrize(("one", "other"), IN_COLOUR)
def test_without_one_kind_of_cones_roles_stay_apart(missing, one, other):
    theme = THEMES["colorblind"]
    assert difference(theme.fills[one], theme.fills[other], missing) >= LEAST_DIFFERENCE


@pytest.mark.parametrize("missing", [None, *MISSING])
def test_without_one_kind_of_cones_counts_stay_apart(missing):
    fills = [THEMES["colorblind"].fills[role] for role in COUNTS]
    assert all(difference(one, other, missing) >= LEAST_STEP for one, other in pairwise(fills))


def weights(theme, tap):
    return [theme.fills[f"weight {number}{tap}"] for number in range(TINTS)]


@themes
@pytest.mark.parametrize("missing", [None, *MISSING])
@pytest.mark.parametrize(("tap", "step", "from_nought", "from_mixed"), [("", 2, 3.5, 6), (" tap", 4.5, 10, 10)])
def test_every_eye_tells_the_tints_of_a_matrix_apart(theme, missing, tap, step, from_nought, from_mixed):
    """A kernel cell from the next, in a row that is lit strongly and else just seen; from zeros and from sums of several."""
    tints = weights(theme, tap)
    assert all(difference(one, other, missing) >= step for one, other in pairwise(tints))
    for tint in tints:
        assert difference(tint, theme.fills["nought" + tap], missing) >= from_nought
        assert difference(tint, theme.fills["weight mixed" + tap], missing) >= from_mixed


@themes
@pytest.mark.parametrize("missing", [None, *MISSING])
def test_every_eye_sees_which_row_of_a_matrix_is_lit(theme, missing):
    for one, other in zip(weights(theme, ""), weights(theme, " tap"), strict=True):
        assert difference(one, other, missing) >= 5 or theme.name == "print"
    if theme.name == "print":  # by its pattern
        assert all((f"weight {number} tap" in theme.hatches) for number in range(TINTS))
        assert not any((f"weight {number}" in theme.hatches) for number in range(TINTS))


@pytest.mark.parametrize("tap", ["", " tap"])
def test_in_print_tints_of_a_matrix_get_darker_from_cell_to_cell(tap):
    steps = [lightness(one) - lightness(other) for one, other in pairwise(weights(THEMES["print"], tap))]
    assert min(steps) >= (3.5 if tap else 2)


@themes
@pytest.mark.parametrize("missing", [None, *MISSING])
@pytest.mark.parametrize(("cell", "marked"), [("input", "input tap"), ("output", "result")])
def test_every_eye_sees_what_is_marked_in_a_picture_in_whatever_shade(theme, missing, cell, marked):
    for shade in range(SHADES):
        one, other = theme.fill(cell, shade), theme.fill(marked, shade)
        assert difference(one, other, missing) >= 20, shade
        if theme.name == "print":
            assert lightness(one) - lightness(other) >= LEAST_LIGHTNESS


@pytest.mark.parametrize("role", ["input", "input tap", "output", "result"])
@themes
def test_a_lighter_value_has_a_lighter_shade(theme, role):
    shades = [lightness(theme.fill(role, shade)) for shade in range(0, SHADES, 5)]
    assert all(dark < light for dark, light in pairwise(shades))


def test_the_tints_of_a_matrix_follow_from_a_kernel_of_another_colour():
    theme = theme_of("light", {"kernel": "#cfe8c9", "note": "#10401a"})
    assert theme.fills["weight 0 tap"] == (0xCF, 0xE8, 0xC9)
    assert weights(theme, " tap") != weights(THEMES["light"], " tap")
    assert all(difference(one, other) >= 3 for one, other in pairwise(weights(theme, " tap")))
    assert weights(theme_of("light", {"input": "#aa5500"}), "") == weights(THEMES["light"], "")


def test_differences_of_colours_are_those_of_the_books():
    assert lightness((255, 255, 255)) == pytest.approx(100, abs=0.01)
    assert lightness((119, 119, 119)) == pytest.approx(50, abs=0.1)
    assert difference((255, 0, 0), (0, 255, 0)) == pytest.approx(170.6, abs=0.1)
    for missing in MISSING:  # greys are grey to every eye
        assert difference((119, 119, 119), (119, 119, 119)) == difference((90, 90, 90), (90, 90, 90), missing) == 0
        assert difference((128, 128, 128), (128, 128, 128), missing) == 0
    red, green = (200, 80, 60), (110, 130, 50)
    assert difference(red, green, "deuteranopia") < difference(red, green) / 2


def test_a_dashed_tap_is_dashed_in_print_alone():
    assert {theme.name for theme in THEMES.values() if theme.line("padding tap") != SOLID} == {"print"}


def test_dashes_are_seen_on_a_dark_cell():
    theme = THEMES["print"]
    assert contrast(theme.ink(DASH, "padding tap"), theme.fills["padding tap"]) >= 3


def test_a_changed_colour_takes_what_follows_from_it_along():
    theme = theme_of("light", {"input": "#aa5500", "output": "#6a3d9a"})
    light = THEMES["light"]
    assert theme.fills["input"] == (0xAA, 0x55, 0)
    assert theme.fills["input tap"] not in {light.fills["input tap"], theme.fills["input"]}
    assert theme.fills["pending"] != light.fills["pending"]
    assert theme.fills["kernel"] == light.fills["kernel"]
    for label in ("input label", "output label"):
        assert theme.inks[label] != light.inks[label]
        assert contrast(theme.inks[label], theme.fills[BACKGROUND]) >= LEAST_CONTRAST


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#808080", "#ff0000", "#00ff00", "#0000ff", "#ffff00"])
@pytest.mark.parametrize("name", ["input", "output", "kernel", "zero", "count", "pending"])
def test_whatever_colour_a_cell_is_given_its_value_is_legible(colour, name):
    theme = theme_of("light", {name: colour})
    for role, fill in theme.fills.items():
        for ink in (VALUE, NOTE):
            assert contrast(theme.ink(ink, role), fill) >= LEAST_CONTRAST
