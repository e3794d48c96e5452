"""Layout: nothing is cut, hidden, overlapped or moved, whatever the scene."""

import dataclasses
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convanim import Scene, SceneError, storyboard
from convanim.draw.storyboard import Line, Text
from convanim.draw.text import width
from tests.strategies import small_scenes

LARGE = [
    Scene(28, 3),
    Scene([3, 40], [1, 5], stride=[1, 3]),
    Scene([40, 3], 2),
    Scene([60], 5, padding="same"),
    Scene(1, 1),
    Scene(12, 5, stride=4, transposed=True),
    Scene([2, 70], [1, 5], stride=[1, 7]),
]


def with_view(scene, **view):
    return dataclasses.replace(scene, view=view)


def text_box(text):
    reach = width(text.text, text.size, bold=text.bold)
    left = {"left": text.x, "middle": text.x - reach / 2, "right": text.x - reach}[text.anchor]
    return left, text.y - text.size * 0.76, left + reach, text.y + text.size * 0.24


def free_texts(board):
    """Labels and caption, with the counter of the last step."""
    moving = [item for item in board.steps[-1].passing if isinstance(item, Text)]
    return [text for text in (*board.texts, *moving) if text.cell is None]


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def crosses(line, box):
    """Whether a line passes through a box, looked at closely along it."""
    (x, y), (end_x, end_y) = line.start, line.end
    places = [(x + (end_x - x) * n / 400, y + (end_y - y) * n / 400) for n in range(401)]
    return any(box[0] < px < box[2] and box[1] < py < box[3] for px, py in places)


def inside_grid(grid, x, y):
    (ox, oy), (ax, ay), (dx, dy) = grid.origin, grid.across, grid.down
    area = ax * dy - ay * dx
    u, v = ((x - ox) * dy - (y - oy) * dx) / area, ((y - oy) * ax - (x - ox) * ay) / area
    return 0 < u < grid.columns and 0 < v < grid.rows


def check(board):
    across, down = board.size
    boxes = [text_box(text) for text in free_texts(board)]
    for left, top, right, bottom in boxes:
        assert left >= 2
        assert top >= 2
        assert right <= across - 2
        assert bottom <= down - 2
        for grid in board.grids:
            for x in (left, (left + right) / 2, right):
                for y in (top, bottom):
                    assert not inside_grid(grid, x, y)
    lines = {item for step in board.steps for item in (*step.lasting, *step.passing) if isinstance(item, Line)}
    for line in lines | set(board.lines):
        assert not any(crosses(line, box) for box in boxes)
    for one, other in combinations(boxes, 2):
        assert not overlap(one, other)
    for grid in board.grids:
        for x, y in grid.polygon():
            assert 2 <= x <= across - 2
            assert 2 <= y <= down - 2
    for below, above in combinations(board.grids, 2):
        for row in range(above.rows * 2 + 1):
            for column in range(above.columns * 2 + 1):
                assert not inside_grid(below, *above.point(row / 2, column / 2))


@settings(max_examples=150, deadline=None)
@given(small_scenes(ops=("conv", "max_pool", "avg_pool")), st.sampled_from(["isometric", "numeric"]))
def test_labels_touch_nothing_and_planes_hide_nothing(scene, kind):
    check(storyboard(with_view(scene, kind=kind)))


@pytest.mark.parametrize("kind", ["isometric", "numeric"])
@pytest.mark.parametrize("scene", LARGE, ids=lambda scene: f"{scene.input} {scene.kernel}")
@pytest.mark.filterwarnings("ignore:one placement in")
def test_large_and_odd_shapes_are_laid_out_as_well(scene, kind):
    check(storyboard(with_view(scene, kind=kind)))


@settings(max_examples=60, deadline=None)
@given(small_scenes(ops=("conv", "max_pool", "avg_pool")), st.data())
def test_values_and_notes_stay_in_their_cells(scene, data):
    low, high = sorted(data.draw(st.tuples(st.integers(-(10**7), 10**7), st.integers(-(10**7), 10**7))))
    values = {"input": {"random": [low, high]}}
    if scene.op == "conv":
        values["kernel"] = {"random": [low / 7, max(high / 3, low / 7)]}
    board = storyboard(dataclasses.replace(scene, values=values, view={"kind": "numeric"}))
    for step in board.steps:
        for text in (*board.texts, *(item for item in (*step.lasting, *step.passing) if isinstance(item, Text))):
            left, top, right, bottom = text_box(text)
            if text.cell is None:
                assert 2 <= left <= right <= board.size[0] - 2
                assert 2 <= top <= bottom <= board.size[1] - 2
                continue
            grid = board.grid(text.cell[0])
            row, column = divmod(text.cell[1], grid.columns)
            x, y = grid.point(row, column)
            assert x + 1 <= left <= right <= x + grid.across[0] - 1
            assert y + 1 <= top <= bottom <= y + grid.down[1] - 1
            assert text.size >= 9


def test_lines_lead_from_the_windows_corners_to_the_cells():
    board = storyboard(Scene(7, 3, dilation=2))
    for step in board.steps:
        lines = [item for item in step.passing if isinstance(item, Line)]
        row, column = divmod(step.number, 3)
        assert tuple(line.start for line in lines) == board.grid("canvas").block(row, column, 5, 5)
        assert tuple(line.end for line in lines) == board.cell("output", (row, column))
        assert all(line.behind == ("output",) for line in lines)


def test_a_one_dimensional_scene_lies_in_one_row():
    board = storyboard(Scene([8], 3))
    assert board.grid("canvas").rows == 1
    assert board.cell("canvas", (7,))[0] == board.grid("canvas").point(0, 7)
    with pytest.raises(IndexError):
        board.cell("canvas", (8,))


def test_a_long_signal_has_its_output_below_it():
    board = storyboard(Scene([64], 5, view={"kind": "numeric"}))
    canvas, output = board.grids
    assert canvas.origin[1] + canvas.down[1] < output.origin[1]
    assert board.size[0] < canvas.columns * canvas.across[0] * 1.1


def test_small_cells_have_no_notes_and_smaller_ones_are_refused():
    small = storyboard(Scene(4, 3, view={"kind": "numeric", "cell": 20}))
    assert not [item for item in small.steps[0].passing if isinstance(item, Text) and item.role == "note"]
    with pytest.raises(SceneError, match=r"view\.cell: got 13"):
        storyboard(Scene(4, 3, view={"kind": "numeric", "cell": 13}))


def test_a_grid_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(KeyError, match="canvas, output"):
        storyboard(Scene(4, 3)).cell("input", (0, 0))


def test_a_view_that_cannot_hold_so_many_cells_says_which_can():
    with pytest.raises(SceneError, match="isometric can"):
        storyboard(Scene(200, 3, view={"kind": "numeric"}))
    with pytest.raises(SceneError, match="legal are"):
        storyboard(Scene(2000, 3))


def test_a_storyboard_is_plain_data():
    scene = Scene(4, 3)
    assert storyboard(scene) == storyboard(scene)
    assert storyboard(scene) != storyboard(Scene(5, 3))
    plain = storyboard(scene).to_dict()
    assert len(plain["steps"]) == 4
    assert plain["grids"][0]["kind"] == "grid"


def test_the_output_may_be_whole_from_the_start():
    board = storyboard(Scene(4, 3, view={"output": "whole", "kind": "numeric"}))
    assert set(board.grid("output").roles) == {"output numbered"}
    assert len([text for text in board.texts if text.cell and text.cell[0] == "output"]) == 4
