"""Frames: drawing only what changed gives the picture that drawing everything does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convanim import FormatError, Scene, storyboard
from convanim.draw.cellmap import spread
from convanim.draw.ink import marks
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
    return np.array(film.colours).take(frame.image, axis=0)


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
    assert np.argwhere(spread(cells, 1)).tolist() == [[row, column] for row in (1, 2, 3) for column in (1, 2, 3)]


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
    pictures = [np.array(film.colours).take(frame.image, axis=0) for frame in film]
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
    picture = np.array(film.colours).take(frame.image, axis=0)
    x, y = board.grid("canvas").point(3, 3)
    assert (picture[int(y) - 3 : int(y) + 3, int(x) - 3 : int(x) + 3] == 255).all()
    x, y = board.grid("canvas").point(5, 5.5)
    assert (picture[int(y) - 3 : int(y) + 3, int(x) - 3 : int(x) + 3] < 255).any()


LOOKS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.just("numeric"),
        "look": st.just("plain"),
        "colour": st.just("value"),
        "theme": st.sampled_from(["light", "dark", "plain"]),
        "cell": st.sampled_from([14, 17, 30, 60]),
        "levels": st.sampled_from([2, 3, 4, 5, 8, 16]),
        "scale": st.sampled_from([0.25, 0.4, 0.5, 0.75, 1, 1.3, 2, 3]),
    },
)
VALUES = st.sampled_from([[0, 3], [-(10**11), 10**11], [0.001, 123456.7], [5, 5]])


@settings(max_examples=120, deadline=None)
@given(small_scenes(ops=("conv", "max_pool", "avg_pool")), LOOKS, VALUES)
@pytest.mark.filterwarnings("ignore:near values share")
def test_no_ink_lies_where_the_palette_has_none_for_it(scene, view, values):
    """With every setting of a view; what no pair of fill and ink declares is left a hole here, and must never be met."""
    scene = replace(scene, view=view, values={"input": {"random": values}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("convanim.draw.palette._fill_holes", lambda _: None)
        film = Film(storyboard(scene), Finish(THEMES[scene.view.theme], scene.view.scale, scene.view.levels))
        for frame in film:
            assert frame.image.max() < len(film.colours)


@pytest.mark.parametrize("cell", [6, 7])
@pytest.mark.parametrize("scale", [0.25, 0.5, 1])
def test_the_edge_of_a_small_plane_is_on_the_ground_alone(cell, scale, monkeypatch):
    monkeypatch.setattr("convanim.draw.palette._fill_holes", lambda _: None)
    board = storyboard(Scene(60, 3, padding=2, view={"look": "plain", "cell": cell}, timing={"steps": "0"}))
    film = Film(board, Finish(THEMES["plain"], scale))
    assert all(frame.image.max() < len(film.colours) for frame in film)


@settings(max_examples=60, deadline=None)
@given(small_scenes(), LOOKS)
@pytest.mark.filterwarnings("ignore:near values share")
def test_redrawing_what_changed_equals_drawing_everything_in_every_look(scene, view):
    board = storyboard(with_view(scene, **view))
    scale, levels = view.get("scale", 1), view.get("levels", 16)

    def picture_at(which, place):
        film = Film(which, Finish(LIGHT, scale, levels))
        image = next(frame.image for number, frame in enumerate(film) if number == place)
        return np.array(film.colours).take(image, axis=0)

    last = len(board.steps) - 1
    assert np.array_equal(picture_at(board, last), picture_at(alone(board, last), 0))


@pytest.mark.parametrize("scale", [4, 8])
def test_a_line_is_as_wide_on_the_dashed_cell_s_side(scale):
    """Between an input cell and padding the line is drawn through, all of its width."""
    board = storyboard(
        Scene(3, 2, padding=1, view={"labels": False, "caption": False, "cell": 40}, timing={"steps": "15"})
    )
    film = Film(board, Finish(LIGHT, scale))
    image = next(iter(film)).image
    grid = board.grid("canvas")
    (x, y), _, _, (low_x, low_y) = grid.block(1, 1)  # the upper left input cell; its left side borders on padding
    widths = set()
    for part in np.linspace(0.2, 0.8, 25):
        row = int((y + (low_y - y) * part) * scale)
        middle = int((x + (low_x - x) * part) * scale)
        strip = np.array(film.colours)[image[row, middle - 8 * scale : middle + 8 * scale]].sum(axis=1)
        widths.add(int((strip < 200).sum()))
    across = 1.5 * scale * np.hypot(low_x - x, low_y - y) / (low_y - y)  # the line is crossed at a slant
    assert across - 2 <= min(widths) <= max(widths) <= across + 1, "nowhere a gap, nor half of the line"


@pytest.mark.parametrize("levels", [2, 3, 4, 5, 6, 8, 12, 16])
@pytest.mark.parametrize("scale", [0.25, 0.5, 0.75, 1, 2])
@pytest.mark.parametrize("end", [(50, 200), (60, 200), (77.3, 191.6), (240, 120), (230, 100), (50, 100.5)])
def test_a_line_is_seen_all_the_way_however_thin(levels, scale, end):
    line = Line((50, 100), end, "connector", 1.0)
    shape, down, right = marks(line, scale, levels)
    rows, columns = shape.rows + down, shape.columns + right
    upright = abs(end[1] - 100) >= abs(end[0] - 50)
    along, (first, last) = (rows, (100, end[1])) if upright else (columns, (50, end[0]))
    expected = range(int(min(first, last) * scale) + 1, int(max(first, last) * scale) - 1)
    assert set(expected) <= set(along.tolist())
    if rows.size:
        assert shape.box == (shape.columns.min(), shape.rows.min(), shape.columns.max() + 1, shape.rows.max() + 1)
    assert shape.levels.size == 0 or 1 <= shape.levels.min() <= shape.levels.max() <= levels - 1
