"""Frames: drawing only what changed gives the picture that drawing everything does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convanim import FormatError, Scene, storyboard
from convanim.draw.cellmap import spread
from convanim.draw.palette import COLOUR_LIMIT
from convanim.draw.raster import Film
from convanim.draw.storyboard import Grid, Line, Paint, Step, Storyboard, Text
from convanim.draw.theme import LIGHT, THEMES, Finish
from tests.strategies import small_scenes

VIEWS = st.sampled_from(["isometric", "numeric"])


def drawn(board, theme=LIGHT, scale=1):
    return [frame.image.copy() for frame in Film(board, Finish(theme, scale))]


def coloured(board):
    """The first frame in colours."""
    film = Film(board, Finish(LIGHT))
    (frame,) = film
    return np.array(film.colours)[frame.image]


def alone(board, number):
    """The board cut to one step, which is then drawn whole; what lasted before it is folded in."""
    earlier = tuple(item for step in board.steps[:number] for item in step.lasting)
    step = board.steps[number]
    return replace(board, steps=[step._replace(lasting=earlier + step.lasting)])


def with_view(scene, **view):
    return replace(scene, view=view)


@settings(max_examples=40, deadline=None)
@given(small_scenes(ops=("conv", "avg_pool")), VIEWS, st.sampled_from([0.5, 1, 1.7]))
def test_redrawing_what_changed_equals_drawing_everything(scene, kind, scale):
    board = storyboard(with_view(scene, kind=kind))
    pictures = drawn(board, scale=scale)
    for number in {0, len(board.steps) // 2, len(board.steps) - 1}:
        assert np.array_equal(pictures[number], drawn(alone(board, number), scale=scale)[0])


@settings(max_examples=25, deadline=None)
@given(small_scenes(), VIEWS)
def test_nothing_changes_outside_the_box_that_a_frame_names(scene, kind):
    before = None
    for frame in Film(storyboard(with_view(scene, kind=kind)), Finish(LIGHT)):
        if before is not None:
            changed = frame.image != before
            left, top, right, bottom = frame.box
            changed[top:bottom, left:right] = False
            assert not changed.any()
        before = frame.image.copy()


@settings(max_examples=40, deadline=None)
@given(small_scenes(ops=("conv", "max_pool", "avg_pool")), VIEWS, st.sampled_from(list(THEMES)))
def test_every_pixel_has_a_colour_of_the_palette(scene, kind, theme):
    film = Film(storyboard(with_view(scene, kind=kind)), Finish(THEMES[theme]))
    assert len(film.colours) <= COLOUR_LIMIT
    assert len(set(film.colours)) == len(film.colours)
    for frame in film:
        assert frame.image.max() < len(film.colours)


def test_a_line_reaches_one_pixel_into_all_its_neighbours():
    cells = np.zeros((5, 5), dtype=bool)
    cells[2, 2] = True
    assert np.argwhere(spread(cells)).tolist() == [[row, column] for row in (1, 2, 3) for column in (1, 2, 3)]


def test_frames_share_one_picture():
    images = [frame.image for frame in Film(storyboard(Scene(4, 3)), Finish(LIGHT))]
    assert all(image is images[0] for image in images)


def test_scale_multiplies_the_size():
    board = storyboard(Scene(4, 3))
    assert Film(board, Finish(LIGHT, 2)).size == (board.size[0] * 2, board.size[1] * 2)


def grid(**changes):
    return Grid("canvas", (2, 2), (5, 5), (20, 0), (0, 20), ("input",) * 4, ("input tap",))._replace(**changes)


def test_a_line_behind_a_grid_is_covered_by_it():
    line = Line((0, 25), (50, 25), "connector", 2, behind=("canvas",))
    steps = [Step(0, 100, passing=passing) for passing in ((line,), (line._replace(behind=()),), ())]
    hidden, open_line, plain = (
        coloured(Storyboard((50, 50), (grid(),), [step], inks=("connector",))) for step in steps
    )
    inside = np.s_[8:42, 8:22]
    assert np.array_equal(hidden[inside], plain[inside])
    assert not np.array_equal(open_line[inside], hidden[inside])
    assert not np.array_equal(hidden[24:26, :4], plain[24:26, :4])


def test_what_passes_is_gone_with_the_next_step_and_what_lasts_stays():
    steps = [
        Step(0, 100, lasting=(Paint("canvas", (0,), "input tap"),), passing=(Paint("canvas", (1,), "input tap"),)),
        Step(1, 100),
    ]
    film = Film(Storyboard((50, 50), (grid(),), steps), Finish(LIGHT))
    pictures = [np.array(film.colours)[frame.image] for frame in film]
    tap, rest = LIGHT.fills["input tap"], LIGHT.fills["input"]
    assert [tuple(picture[15, 15]) for picture in pictures] == [tap, tap]
    assert [tuple(picture[15, 35]) for picture in pictures] == [tap, rest]


def test_a_text_that_leaves_the_picture_is_cut_not_wrapped():
    text = Text(48, 10, "wide", "text", 14, "left")
    board = Storyboard((50, 50), (grid(),), [Step(0, 100, passing=(text,))], inks=("text",))
    plain = Storyboard((50, 50), (grid(),), [Step(0, 100)], inks=("text",))
    assert np.array_equal(drawn(board)[0][:, :40], drawn(plain)[0][:, :40])


def test_a_picture_too_large_is_refused_before_it_is_made():
    with pytest.raises(FormatError, match="use a smaller cell or scale"):
        Film(Storyboard((50_000, 50_000), (grid(),), [Step(0, 100)]), Finish(LIGHT))
    with pytest.raises(FormatError, match="65535 a side"):
        Film(Storyboard((70_000, 10), (grid(),), [Step(0, 100)]), Finish(LIGHT))


@pytest.mark.parametrize(("size", "stroke"), [(5, 1.5), (40, 1.0), (90, 0.0)])
def test_lines_get_thinner_as_cells_get_smaller_and_go(size, stroke):
    board = storyboard(Scene(size, 3, timing={"steps": "0:2"}))
    assert {grid.stroke for grid in board.grids} == {stroke}
    film = Film(board, Finish(LIGHT))
    (first, *_) = (frame.image.copy() for frame in film)
    left, top = map(int, board.grid("canvas").point(size / 2, size / 2))
    shown = {film.colours[index] for index in np.unique(first[top - 20 : top + 20, left - 20 : left + 20])}
    assert (shown == {LIGHT.fills["input"]}) == (stroke == 0)


@pytest.mark.parametrize("levels", [2, 4, 8, 16])
def test_ink_levels_can_be_limited(levels):
    film = Film(storyboard(Scene(5, 3, view={"look": "plain"})), Finish(THEMES["plain"], levels=levels))
    assert len(film.colours) <= 7 * (levels - 1) + 2


def test_blank_cells_have_the_lines_of_their_neighbours_only():
    """In the plain look inserted zeros have no border of their own."""
    scene = Scene(2, 2, stride=4, transposed=True, view={"look": "plain"}, timing={"steps": "0"})
    board = storyboard(scene)
    film = Film(board, Finish(THEMES["plain"]))
    (frame,) = film
    picture = np.array(film.colours)[frame.image]
    x, y = board.grid("canvas").point(3, 3)
    assert (picture[int(y) - 3 : int(y) + 3, int(x) - 3 : int(x) + 3] == 255).all()
    x, y = board.grid("canvas").point(5, 5.5)
    assert (picture[int(y) - 3 : int(y) + 3, int(x) - 3 : int(x) + 3] < 255).any()
