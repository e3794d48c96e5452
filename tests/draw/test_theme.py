"""Themes: text is legible on every fill, and roles are told apart by lightness, not only by hue."""

import pytest

from convanim.draw.theme import BACKGROUND, THEMES, VALUE, contrast

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
NUMBERED = [
    "padding",
    "zero",
    "input numbered",
    "input tap",
    "padding tap",
    "zero tap",
    "pending",
    "output numbered",
    "result",
]


@themes
@pytest.mark.parametrize("role", NUMBERED)
def test_values_are_legible_on_their_cells(theme, role):
    least = 3 if role == "padding" else 4.5
    assert contrast(theme.ink(VALUE, role), theme.fills[role]) >= least


@themes
@pytest.mark.parametrize("role", ["input tap", "padding tap", "zero tap"])
def test_notes_are_legible_on_taps(theme, role):
    assert contrast(theme.ink("note", role), theme.fills[role]) >= 3


@themes
@pytest.mark.parametrize("ink", ["text", "quiet", "input label", "output label"])
def test_labels_are_legible_on_the_ground(theme, ink):
    assert contrast(theme.ink(ink, BACKGROUND), theme.fills[BACKGROUND]) >= 4.5


@themes
@pytest.mark.parametrize(
    ("one", "other"),
    [
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
    ],
)
def test_roles_that_stand_beside_each_other_differ_in_lightness(theme, one, other):
    assert contrast(theme.fills[one], theme.fills[other]) >= 1.4
