"""Rings and crosses of the numeric view: where they lie, and that a reader sees them in every theme, in pixels."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from convanim import Scene, record, storyboard
from convanim.draw.raster import Film
from convanim.draw.storyboard import Line
from convanim.draw.theme import THEMES, Finish, contrast
from tests.views.flat import roles

SCENES = {
    "a maximum": (Scene(4, 3, op="max_pool", stride=1, view={"kind": "numeric"}), "canvas"),
    "a maximum in small cells": (Scene(4, 3, op="max_pool", stride=1, view={"kind": "numeric", "cell": 16}), "canvas"),
    "a shaded maximum": (Scene(4, 3, op="max_pool", stride=1, view={"kind": "numeric", "colour": "value"}), "canvas"),
    "a switch": (Scene(2, 2, op="max_unpool", view={"kind": "numeric"}), "output"),
}
DROPPED = Scene(5, 3, view={"kind": "numeric", "dropped_by_stride": 2})


def marked(lines, grid):
    """The cells of a grid in which lines of marks lie whole."""
    cells = set()
    for line in lines:
        for number in range(len(grid.roles)):
            (left, top), _, (right, bottom), _ = grid.block(*divmod(number, grid.columns))
            if all(left <= x <= right and top <= y <= bottom for x, y in (line.start, line.end)):
                cells.add(number)
    return cells


def seen(board, theme, number, grid, place):
    """How many pixels of a cell, away from its border and its middle, have three times its fill's contrast."""
    film = Film(board, Finish(theme), None)
    image = next(np.array(film.colours).take(frame.image, axis=0) for frame in film if frame.number == place)
    (left, top), _, (right, bottom), _ = ((round(x), round(y)) for x, y in grid.block(*divmod(number, grid.columns)))
    third = (bottom - top - 2) // 3
    away = np.ones((bottom - top - 2, right - left - 2), dtype=bool)
    away[third:-third, third:-third] = False
    role = roles(board, place, grid.name)[number]
    fill = theme.fill(role, grid.shades[number] if grid.shades and role in theme.ramps else None)
    found = Counter(map(tuple, image[top + 1 : bottom - 1, left + 1 : right - 1][away].tolist()))
    return sum(count for colour, count in found.items() if contrast(colour, fill) >= 3)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", SCENES)
def test_a_ring_is_seen_around_a_cell(theme, name):
    scene, plane = SCENES[name]
    board = storyboard(scene)
    grid = board.grid(plane)
    for place, step in enumerate(board.steps):
        (ringed,) = marked([part for part in step.passing if isinstance(part, Line)], grid)
        around = 4 * (grid.down[1] - 8)
        assert seen(board, theme, ringed, grid, place) >= around


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_a_cross_is_seen_on_every_cell_that_a_stride_drops(theme):
    board = storyboard(DROPPED)
    grid = board.grid("output")
    dropped = {row * 3 + column for row, column in product(range(3), repeat=2) if row % 2 or column % 2}
    assert marked([line for line in board.lines if line.role.startswith("mark")], grid) == dropped
    for number in dropped:
        for place in (0, number, 8):
            assert seen(board, theme, number, grid, place) >= 40


def test_crosses_rest_and_no_step_draws_them_again():
    for step in storyboard(DROPPED).steps:
        assert not [part for part in (*step.lasting, *step.passing) if isinstance(part, Line)]


def test_the_ring_is_around_what_the_maximum_took():
    scene, _ = SCENES["a maximum"]
    board, recording = storyboard(scene), record(scene)
    for step, placement in zip(board.steps, recording, strict=True):
        (ringed,) = marked([part for part in step.passing if isinstance(part, Line)], board.grid("canvas"))
        assert recording.input[0].ravel()[ringed] == placement.value
