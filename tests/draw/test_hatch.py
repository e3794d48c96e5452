"""Hatching: in print, roles are told apart by pattern in the pixels of a file, patterns stand still, texts stay clear of them."""

from dataclasses import replace
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from convanim import Scene, storyboard
from convanim.draw.hatch import CROSS, DIAGONAL, DOTS, PATTERNS, hatch_of, is_hatchable
from convanim.draw.palette import palette_of
from convanim.draw.raster import Film
from convanim.draw.storyboard import Grid, Paint, Step, Storyboard, Text
from convanim.draw.theme import (
    BACKGROUND,
    HATCH,
    LIGHT,
    NOTE,
    SHADES,
    SOLID,
    THEMES,
    VALUE,
    Finish,
    Theme,
    contrast,
    mix,
    theme_of,
)
from convanim.formats import gif
from convanim.theme_table import LEAST_CONTRAST
from tests.draw.vision import lightness
from tests.strategies import small_scenes

PRINT = THEMES["print"]
PLAIN = "plain"
SHARES = np.linspace(0.12, 0.88, 60)
SCENES = {
    "isometric": Scene(5, 3, stride=2, padding=1),
    "isometric, transposed": Scene(3, 3, stride=2, padding=1, transposed=True),
    "numeric": Scene(5, 3, padding=1, view={"kind": "numeric"}),
    "gather": Scene(3, 3, stride=2, transposed=True, view={"kind": "gather"}),
    "scatter": Scene(3, 3, stride=2, padding=1, transposed=True, view={"kind": "scatter", "overlaps": True}),
    "matrix": Scene(4, 3, view={"kind": "matrix"}),
    "channels": Scene(4, 3, padding=1, in_channels=2, out_channels=2, view={"kind": "channels"}),
    "line": Scene([8], 3, padding=1, view={"kind": "line"}),
    "shaded": Scene(4, 3, padding=1, view={"kind": "numeric", "colour": "value"}),
}
scenes = pytest.mark.parametrize("name", list(SCENES))
# what a step marks, and what holds no value: all of it has a pattern that its neighbours have not
MARKED = (" tap", "zero", "output", "output numbered", "blank pending")


def bare(board):
    """The board's cells alone, without texts and lines."""
    steps = [
        step._replace(
            lasting=tuple(part for part in step.lasting if isinstance(part, Paint)),
            passing=tuple(part for part in step.passing if isinstance(part, Paint)),
        )
        for step in board.steps
    ]
    return replace(board, texts=(), lines=(), steps=steps)


def decoded(board, theme=PRINT):
    """Every frame of the GIF of a board, as another program reads it, in greys."""
    stream = BytesIO()
    gif.write(board, Finish(theme), "", stream)
    with Image.open(stream) as image:
        for number in range(image.n_frames):
            image.seek(number)
            yield np.asarray(image.convert("L")).astype(int)


@cache
def shown(name):
    """The board of a scene without texts and lines, and its frames."""
    board = bare(storyboard(SCENES[name]))
    return board, tuple(decoded(board))


def roles_at(board, number):
    """The roles of all cells at a step, by grid."""
    roles = {grid.name: list(grid.roles) for grid in board.grids}
    steps = [*(step.lasting for step in list(board.steps)[: number + 1]), board.steps[number].passing]
    for part in (part for parts in steps for part in parts if isinstance(part, Paint)):
        for cell in part.cells:
            roles[part.grid][cell] = part.role
    return roles


def inside(picture, grid, number):
    """A cell's greys at places spread over its middle, by row and column of the lattice."""
    row, column = divmod(number, grid.columns)
    v, u = np.meshgrid(row + SHARES, column + SHARES, indexing="ij")
    x, y = (grid.origin[axis] + u * grid.across[axis] + v * grid.down[axis] for axis in (0, 1))
    return picture[y.astype(int), x.astype(int)]


def pattern_of(greys):
    """The pattern that greys show, told by how they vary along either diagonal and by how much of the cell differs."""
    plain = np.median(greys)
    marked = np.abs(greys - plain) > np.abs(greys - plain).max() / 2
    if np.abs(greys - plain).max() < 12:
        return PLAIN
    rising = np.mean(greys[:-3, 3:] != greys[3:, :-3])
    falling = np.mean(greys[3:, 3:] != greys[:-3, :-3])
    if min(rising, falling) < 0.6 * max(rising, falling):
        return DIAGONAL if rising < falling else "back-diagonal"
    return DOTS if marked.mean() < 0.12 else CROSS


def neighbours(grid):
    for number in range(len(grid.roles)):
        if (number + 1) % grid.columns:
            yield number, number + 1
        if number + grid.columns < len(grid.roles):
            yield number, number + grid.columns


@scenes
def test_in_print_what_is_marked_has_a_pattern_that_its_neighbours_have_not(name):
    board, pictures = shown(name)
    number = len(board.steps) // 2
    picture = pictures[number]
    roles, compared = roles_at(board, number), 0
    for grid in board.grids:
        for pair in neighbours(grid):
            one, other = (roles[grid.name][cell] for cell in pair)
            is_shaded = bool(grid.shades) and {one, other} <= set(
                PRINT.ramps
            )  # in print they differ by 14 in lightness
            if one == other or is_shaded or sum(role.endswith(MARKED) for role in (one, other)) != 1:
                continue
            seen = [pattern_of(inside(picture, grid, cell)) for cell in pair]
            assert seen[0] != seen[1], (grid.name, one, other, seen)
            compared += 1
    assert compared


@scenes
def test_in_print_neighbours_of_different_roles_differ_without_their_hue(name):
    board, pictures = shown(name)
    number = len(board.steps) // 2
    picture = pictures[number]
    roles = roles_at(board, number)
    for grid in board.grids:
        for pair in neighbours(grid):
            one, other = (roles[grid.name][cell] for cell in pair)
            is_tint = one.startswith(("weight", "nought")) or other.startswith(("weight", "nought"))
            if one == other or is_tint or PRINT.line(one) != PRINT.line(other):
                continue
            greys = [inside(picture, grid, cell) for cell in pair]
            apart = abs(np.median(greys[0]) - np.median(greys[1]))
            assert apart >= 18 or pattern_of(greys[0]) != pattern_of(greys[1]), (grid.name, one, other)


@scenes
def test_a_cell_looks_the_same_whenever_it_has_the_same_role(name):
    """Patterns neither move nor flicker: what passes beside a cell, and what it was meanwhile, leaves no trace in it."""
    board, pictures = shown(name)
    looks, again = {}, 0
    for number, picture in enumerate(pictures):
        roles = roles_at(board, number)
        for grid in board.grids:
            for cell, role in enumerate(roles[grid.name]):
                greys = inside(picture, grid, cell)
                first = looks.setdefault((grid.name, cell, role), greys)
                again += first is not greys
                assert np.array_equal(greys, first), (number, grid.name, cell, role)
    assert again


@scenes
def test_cells_of_one_role_have_the_same_pattern(name):
    board, pictures = shown(name)
    number = len(board.steps) // 2
    picture, seen = pictures[number], {}
    roles = roles_at(board, number)
    for grid in board.grids:
        for cell, role in enumerate(roles[grid.name]):
            shade = 0 if grid.shades and role in PRINT.ramps else None
            seen.setdefault(PRINT.hatch(role, shade) or PLAIN, set()).add(pattern_of(inside(picture, grid, cell)))
    assert seen == {pattern: {pattern} for pattern in seen}


def test_print_alone_is_hatched_unless_a_theme_asks_for_it():
    assert {theme.name for theme in THEMES.values() if theme.hatches} == {"print"}
    assert theme_of("light", hatch=True).hatches == PRINT.hatches
    assert not theme_of("print", hatch=False).hatches
    assert set(PRINT.hatches) <= set(PRINT.fills)
    assert set(PRINT.hatches.values()) == set(PATTERNS)
    board = storyboard(SCENES["isometric"])
    assert [palette_of(board, Finish(theme)).hatch for theme in (LIGHT, theme_of("print", hatch=False))] == [None, None]


@pytest.mark.parametrize("base", list(THEMES))
def test_values_are_legible_on_patterns_and_patterns_are_seen(base):
    theme = theme_of(base, hatch=True)
    for role in theme.hatches:
        for shade in range(SHADES) if role in theme.ramps and theme.hatch(role, 0) else [None]:
            colour, fill = theme.ink(HATCH, role, shade), theme.fill(role, shade)
            assert contrast(colour, fill) >= 1.5, (role, shade)
            for ink in (VALUE, NOTE) if base == "print" else (VALUE,):
                assert contrast(theme.ink(ink, role, shade), colour) >= LEAST_CONTRAST, (role, shade, ink)


def test_a_tap_s_pattern_is_lighter_or_darker_in_grey():
    for role in PRINT.hatches:
        assert abs(lightness(PRINT.ink(HATCH, role)) - lightness(PRINT.fills[role])) >= 8


@pytest.mark.parametrize("scale", [1, 2])
def test_patterns_keep_clear_of_texts(scale):
    """Around every pixel of a digit there is the fill or more ink, not the pattern, in whatever step it stands there."""
    board = storyboard(replace(SCENES["gather"], timing={"steps": "3:8"}))
    film, seen = Film(board, Finish(PRINT, scale)), 0
    for number, frame in enumerate(film):
        picture = np.array(film.colours).take(frame.image, axis=0)
        for name, roles in roles_at(board, number).items():
            for cell, role in enumerate(roles):
                if role in PRINT.hatches:
                    (left, top), _, (right, bottom), _ = board.cell(name, divmod(cell, board.grid(name).columns))
                    edge = 3 * scale  # where the outline lies, which may have the text's colour
                    area = picture[
                        round(top * scale) + edge : round(bottom * scale) - edge,
                        round(left * scale) + edge : round(right * scale) - edge,
                    ]
                    texts = (area == PRINT.ink(VALUE, role)).all(axis=-1)
                    tones = [mix(PRINT.fills[role], PRINT.ink(HATCH, role), step / 3) for step in (1, 2, 3)]
                    pattern = np.any([(area == tone).all(axis=-1) for tone in tones], axis=0)
                    assert pattern.any(), role
                    assert not (_grown(texts, scale) & pattern).any(), (number, name, role)
                    seen += texts.any()
    assert seen > 20


def _grown(pixels, reach):
    """The pixels and those so near them."""
    wide = np.pad(pixels, reach)
    shifts = range(-reach, reach + 1)
    grown = sum(np.roll(wide, (down, right), axis=(0, 1)) for down in shifts for right in shifts) > 0
    return grown[reach:-reach, reach:-reach]


SQUARE = Grid("plane", (2, 2), (10, 10), (32, 0), (0, 32), ())
SLANTED = Grid("plane", (2, 2), (5, 40), (32, -16), (23, 21), ())
lattices = pytest.mark.parametrize("grid", [SQUARE, SLANTED], ids=["square", "slanted"])


@lattices
@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("scale", [1, 1.5])
def test_the_lines_and_dots_of_a_pattern_are_what_pixels_show(grid, pattern, scale):
    """What `hatch_of` tells a vector format, drawn by another program, is the picture that a film shows."""
    grid = grid._replace(roles=("zero",) * 4)
    theme = PRINT._replace(hatches={"zero": pattern})
    board = Storyboard((120, 120), (grid,), (Step(0, 100),))
    film = Film(board, Finish(theme, scale))
    (frame,) = film
    fine, size = 8 * scale, (round(960 * scale),) * 2
    image = Image.new("RGB", size, theme.fills[BACKGROUND])
    pen, colour = ImageDraw.Draw(image), theme.ink(HATCH, "zero")
    pen.polygon([(x * fine, y * fine) for x, y in grid.polygon()], fill=theme.fills["zero"])
    hatch = hatch_of(pattern, grid)
    assert hatch.lines or hatch.dots
    for row, column in np.ndindex(2, 2):
        x, y = grid.point(row, column)
        for ends in hatch.lines:
            pen.line(
                [((x + dx) * fine, (y + dy) * fine) for dx, dy in ends], fill=colour, width=round(hatch.width * fine)
            )
        for dx, dy in hatch.dots:
            pen.circle(((x + dx) * fine, (y + dy) * fine), hatch.radius * fine, fill=colour)
    other = np.asarray(image.reduce(8)).astype(float)
    mine = np.array(film.colours).take(frame.image, axis=0).astype(float)
    strength = np.abs(np.subtract(colour, theme.fills["zero"])).mean()
    within = _within_cells(grid, mine.shape[:2], scale)
    apart = np.abs(mine - other).mean(axis=-1)[within]
    drawn, expected = (np.abs(one - theme.fills["zero"]).mean(axis=-1)[within] for one in (mine, other))
    assert apart.mean() < 0.4 * expected.mean()
    assert np.quantile(apart, 0.98) < 0.5 * strength
    assert drawn.mean() == pytest.approx(expected.mean(), rel=0.2)


def _within_cells(grid, shape, scale):
    """The pixels between a grid's lines."""
    y, x = ((at + 0.5) / scale for at in np.indices(shape))
    lattice = np.array([grid.across, grid.down]).T
    u, v = np.tensordot(np.linalg.inv(lattice), [x - grid.origin[0], y - grid.origin[1]], axes=1)
    is_inside = (u > 0) & (u < grid.columns) & (v > 0) & (v < grid.rows)
    return is_inside & (np.abs(u - np.rint(u)) > 0.1) & (np.abs(v - np.rint(v)) > 0.1)


@lattices
def test_a_pattern_is_the_same_in_every_cell(grid):
    """Lines that end on a border go on beyond it."""
    for pattern in PATTERNS:
        hatch = hatch_of(pattern, grid)
        ends = {(round(x, 6), round(y, 6)) for line in hatch.lines for x, y in line}
        places = ends | {(round(x, 6), round(y, 6)) for x, y in hatch.dots}
        for step in (grid.across, grid.down):
            far = {place for place in places if _beyond(place, grid, step)}
            assert {(round(x - step[0], 6), round(y - step[1], 6)) for x, y in far} <= places


def _beyond(place, grid, step):
    """Whether a place lies on the border that `step` leads to."""
    other = grid.down if step == grid.across else grid.across
    (x, y), (ox, oy), (sx, sy) = place, other, step
    return abs((x - sx) * oy - (y - sy) * ox) < 1e-3


@pytest.mark.parametrize(("cell", "is_hatched"), [(7, False), (8, True), (20, True)])
def test_small_cells_have_no_pattern(cell, is_hatched):
    grid = Grid("plane", (3, 3), (4, 4), (cell, 0), (0, cell), ("zero",) * 9)
    board = Storyboard((80, 80), (grid,), (Step(0, 100),))
    assert is_hatchable(grid) == is_hatched
    assert bool(hatch_of(CROSS, grid).lines) == is_hatched
    (frame,) = (film := Film(board, Finish(PRINT)))
    seen = {tuple(film.colours[index]) for index in np.unique(frame.image)}
    assert (PRINT.ink(HATCH, "zero") in seen) == is_hatched
    assert palette_of(board, Finish(PRINT, 0.5)).hatch is None or cell >= 16


def test_cells_without_lines_have_no_pattern():
    assert not is_hatchable(SQUARE._replace(stroke=0.0))


@settings(max_examples=30, deadline=None)
@given(
    small_scenes(ops=("conv", "avg_pool")), st.sampled_from(["isometric", "numeric"]), st.sampled_from([0.5, 1, 1.7])
)
def test_redrawing_what_changed_equals_drawing_everything_with_patterns_too(scene, kind, scale):
    board = storyboard(replace(scene, view={"kind": kind}))
    pictures = [frame.image.copy() for frame in Film(board, Finish(PRINT, scale))]
    for number in {0, len(board.steps) // 2, len(board.steps) - 1}:
        earlier = tuple(part for step in board.steps[:number] for part in step.lasting)
        step = board.steps[number]
        alone = replace(board, steps=[step._replace(lasting=earlier + step.lasting)])
        (frame,) = Film(alone, Finish(PRINT, scale))
        assert np.array_equal(pictures[number], frame.image)


def test_patterns_leave_what_is_transparent_transparent():
    board = bare(storyboard(SCENES["isometric, transposed"]))
    film = Film(board, Finish(PRINT, transparent=True))
    grid, image = board.grid("canvas"), next(iter(film)).image
    roles = roles_at(board, 0)["canvas"]
    for role, is_clear in (("padding", True), ("zero", False)):
        cell = roles.index(role)
        assert (inside(image, grid, cell) == film.clear).all() == is_clear


def test_a_text_that_comes_takes_the_pattern_away_and_brings_it_back_when_it_goes():
    grid = SQUARE._replace(roles=("zero",) * 4, slots=(VALUE,))
    x, y = grid.point(0.5, 0.5)
    text = Text(x, y, "8", VALUE, 16, cell=("plane", 0))
    board = Storyboard((90, 90), (grid,), [Step(0, 9), Step(1, 9, (), (text,)), Step(2, 9)], (), ("text",))
    before, during, after = (frame.image.copy() for frame in Film(board, Finish(PRINT)))
    assert np.array_equal(before, after)
    assert (before != during).sum() > (np.array(during) == during).sum() * 0.01


def test_lines_are_drawn_over_patterns():
    theme: Theme = PRINT
    board = storyboard(SCENES["isometric, transposed"])
    film = Film(board, Finish(theme))
    outline = theme.ink("outline", "zero")
    colours = np.array(film.colours).take(next(iter(film)).image, axis=0)
    grid = board.grid("canvas")
    row, column = divmod(grid.roles.index("zero"), grid.columns)
    corners = [grid.point(row, column + share) for share in np.linspace(0.1, 0.9, 20)]
    assert all((np.abs(colours[int(y), int(x)] - outline) < 90).all() for x, y in corners)
    assert theme.line("zero") == SOLID
