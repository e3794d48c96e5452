"""Shades and levels of ink: what a format's colours have room for, and what a reader sees of values."""

import warnings
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from convanim import Scene, record, storyboard
from convanim.draw.palette import COLOUR_LIMIT, palette_of, shared
from convanim.draw.raster import Film
from convanim.draw.theme import LIGHT, SHADES, THEMES, Finish, contrast
from convanim.errors import Notice
from convanim.rendering import render_to


def shaded(values, **fields):
    size = [len(values), len(values[0])]
    return Scene(size, fields.pop("kernel", 1), values={"input": values}, **fields)


def view(**said):
    return {"colour": "value", "labels": False, "caption": False, **said}


FEW = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
MANY = np.arange(400).reshape(20, 20).tolist()


def palette(scene, limit=COLOUR_LIMIT, levels=16):
    return palette_of(storyboard(scene), Finish(LIGHT, levels=levels), limit)


def middle_colours(scene, step, grid, limit=COLOUR_LIMIT):
    """The colour in the middle of each cell of a grid, as drawn."""
    board = storyboard(scene)
    film = Film(board, Finish(LIGHT), limit)
    image = next(frame.image.copy() for number, frame in enumerate(film) if number == step)
    home = board.grid(grid)
    places = [home.point(row + 0.5, column + 0.5) for row in range(home.rows) for column in range(home.columns)]
    return [film.colours[image[int(y), int(x)]] for x, y in places]


def test_cells_have_the_shade_of_their_value():
    scene = shaded(FEW, view=view())
    shades = [round(value / 8 * 255) for value in range(9)]
    last = middle_colours(scene, 8, "canvas")
    assert last == [LIGHT.fill("input" if n < 8 else "input tap", shade) for n, shade in enumerate(shades)]


def test_the_output_is_shaded_from_its_own_smallest_to_its_largest_value_as_it_is_computed():
    scene = shaded(FEW, view=view())
    output = record(scene).output[0].ravel()
    share = (output - output.min()) / (output.max() - output.min())
    shades = [round(value * 255) for value in share.tolist()]
    drawn = middle_colours(scene, 4, "output")
    assert drawn[:4] == [LIGHT.fill("output", shade) for shade in shades[:4]]
    assert drawn[4] == LIGHT.fill("result", shades[4])
    assert set(drawn[5:]) == {LIGHT.fill("blank pending")}


def test_holes_are_not_shaded():
    """A zero that is no value of the input looks as it does in every figure."""
    scene = Scene(2, 2, stride=2, padding=1, transposed=True, values={"input": [[5, 6], [7, 8]]}, view=view())
    board = storyboard(scene)
    drawn = middle_colours(scene, 0, "canvas")
    under = {cell for item in board.steps[0].passing if getattr(item, "grid", "") == "canvas" for cell in item.cells}
    for number, (role, colour) in enumerate(zip(board.grid("canvas").roles, drawn, strict=True)):
        if role != "input":
            assert colour == LIGHT.fill(f"{role} tap" if number in under else role)


@pytest.mark.parametrize("values", [[[5, 5], [5, 5]], [[-(10**300), 0], [0, 10**300]], [[1e300, -1e300], [0.5, 2.5]]])
def test_any_values_have_shades(values):
    scene = shaded(values, view=view(), kernel=[1, 1])
    assert storyboard(scene).grid("canvas").shades[0] in {0, 128, 255}


def test_values_are_shaded_on_request_and_pictures_unless_told_otherwise():
    assert not Scene(4, 3).is_shaded
    assert Scene(4, 3, view={"colour": "value"}).is_shaded
    picture = {"input": {"image": "data:image/png;base64," + _png(Image.new("L", (4, 4), 90))}}
    assert Scene(4, 3, values=picture).is_shaded
    assert not Scene(4, 3, values=picture, view={"colour": "role"}).is_shaded


def _png(image):
    import base64  # noqa: PLC0415 - of use here alone

    stream = BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def test_levels_of_ink_drop_before_values_share_a_shade():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert palette(shaded(FEW, view=view())).levels < 16
        assert palette(Scene(5, 3)).levels == 16


def test_many_values_share_shades_with_four_levels_left_and_it_is_said():
    scene = shaded(MANY, view=view())
    with pytest.warns(Notice, match="near values share a shade, [0-9]+ in all"):
        chosen = palette(scene)
    assert chosen.levels == 4
    assert len(chosen.colours) <= COLOUR_LIMIT


def test_without_a_limit_every_shade_has_its_own_fill_and_all_levels():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chosen = palette(shaded(MANY, view=view()), limit=None)
    assert chosen.levels == 16
    assert len({chosen.fills[chosen.roles["input"], shade] for shade in range(SHADES)}) == SHADES
    assert len(set(chosen.colours)) == len(chosen.colours) > COLOUR_LIMIT


def test_a_png_has_all_shades():
    scene = shaded(MANY, view=view())
    stream = BytesIO()
    render_to(scene, stream, "png")
    with Image.open(stream) as image:
        seen = {colour for _, colour in image.convert("RGB").getcolors(2**20)}
    assert {LIGHT.fill("input", shade) for shade in range(255)} <= seen  # the lightest is under the kernel at last


@pytest.mark.parametrize("shades", [2, 3, 12, 20, 128])
def test_shared_shades_are_spread_from_darkest_to_lightest(shades):
    stand_ins = [shared(shade, shades) for shade in range(SHADES)]
    assert stand_ins == sorted(stand_ins)
    assert len(set(stand_ins)) == shades
    assert (stand_ins[0], stand_ins[-1]) == (0, SHADES - 1)


@pytest.mark.parametrize("theme", list(THEMES))
def test_a_tap_differs_from_the_cells_around_it_in_every_shade(theme):
    for shade in range(SHADES):
        tap, cell = THEMES[theme].fill("input tap", shade), THEMES[theme].fill("input", shade)
        assert sum(abs(a - b) for a, b in zip(tap, cell, strict=True)) >= 90


@pytest.mark.parametrize("theme", list(THEMES))
def test_numbers_are_legible_on_every_shade(theme):
    for role in ("input numbered", "output numbered", "result", "input numbered tap"):
        for shade in range(SHADES):
            chosen = THEMES[theme]
            for ink in ("value", "note"):
                assert contrast(chosen.ink(ink, role, shade), chosen.fill(role, shade)) >= 4.5


def test_shaded_figures_decode_to_the_drawn_pixels():
    scene = shaded(MANY, view=view(), kernel=3, timing={"steps": "0:9"})
    with pytest.warns(Notice):
        film = Film(storyboard(scene), Finish(LIGHT))
    stream = BytesIO()
    with pytest.warns(Notice):
        render_to(replace(scene, view=view()), stream, "gif")
    with Image.open(stream) as image:
        for number, frame in enumerate(film):
            image.seek(number)
            colours = np.array(film.colours, dtype=np.uint8).take(frame.image, axis=0)
            assert np.array_equal(np.asarray(image.convert("RGB")), colours)


@pytest.mark.parametrize("theme", list(THEMES))
def test_what_has_no_value_looks_like_no_value(theme):
    """Output to come and inserted zeros are far from every shade of the values beside them, and from the ground."""
    blank = np.array(THEMES[theme].fill("blank pending"))
    for role in ("input", "output", "input tap", "result"):
        shades = np.array([THEMES[theme].fill(role, shade) for shade in range(SHADES)])
        assert abs(shades - blank).sum(axis=1).min() >= 40
    assert abs(np.array(THEMES[theme].fill("background")) - blank).sum() >= 40


def test_a_plane_without_lines_has_an_edge_on_the_ground_alone():
    """A white picture ends somewhere on white paper, and its own pixels are untouched."""
    board = storyboard(shaded(np.full((90, 90), 255).tolist(), view=view(), timing={"steps": "0"}))
    film = Film(board, Finish(LIGHT))
    (frame,) = film
    colours = np.array(film.colours).take(frame.image, axis=0)
    grid = board.grid("output")
    x, y = grid.point(grid.rows / 2, 0)
    row, left = int(y), int(x)
    strip = colours[row, left - 6 : left + 7]
    assert (strip.sum(axis=1) < 3 * 160).any(), "a dark pixel before the first cell"
    assert (strip[0] == 255).all()
    assert tuple(strip[-1]) == LIGHT.fill("blank pending")
