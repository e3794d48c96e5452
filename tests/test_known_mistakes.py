"""Mistakes that published figures and other tools made; each is ruled out here by name."""

import numpy as np
import pytest

from convanim import Scene, SceneError, record, render, storyboard
from convanim.draw.storyboard import Grid, Paint, Step, Storyboard, Text
from convanim.draw.theme import LIGHT, Finish
from convanim.formats import gif
from tests import seen


def texts(board, step=None):
    items = board.texts if step is None else (*board.steps[step].lasting, *board.steps[step].passing)
    return [item.text for item in items if isinstance(item, Text)]


def test_the_extra_rows_of_an_odd_transpose_are_at_the_bottom_and_right(tmp_path):
    scene = Scene(input=3, kernel=3, stride=2, padding=1, transposed=True, output_padding=1)
    board = storyboard(scene)
    render(scene, tmp_path / "odd.gif")
    first = seen.frames(tmp_path / "odd.gif")[0][0]
    inputs = {
        (row, column)
        for row in range(8)
        for column in range(8)
        if seen.role_of(first, board, "canvas", (row, column)) in {"input", "shaded input"}
    }
    assert inputs == {(row, column) for row in (1, 3, 5) for column in (1, 3, 5)}
    recording = record(scene)
    smaller = record(Scene(input=3, kernel=3, stride=2, padding=1, transposed=True))
    assert np.array_equal(recording.output[0, :5, :5], smaller.output[0])


def test_values_are_those_of_the_stride_that_is_shown():
    x = [[2, 2, 3, 3, 3], [0, 1, 3, 0, 3], [2, 3, 0, 1, 3], [3, 3, 2, 1, 2], [3, 3, 0, 2, 3]]
    w = [[2, 0, 1], [1, 0, 0], [0, 1, 1]]
    scene = Scene(input=5, kernel=3, stride=2, padding=1)
    assert record(scene, x, w).output[0].tolist() == [[1, 5, 6], [7, 8, 3], [3, 10, 4]]


def test_the_highlighted_window_is_the_one_summed_where_the_stride_leaves_a_remainder(tmp_path):
    scene = Scene(input=6, kernel=3, stride=2, values={"input": "ramp", "kernel": "impulse"})
    assert [axis.remainder for axis in scene.axes] == [1, 1]
    recording, board = record(scene), storyboard(scene)
    render(scene, tmp_path / "rest.gif")
    for placement, (picture, _) in zip(recording, seen.frames(tmp_path / "rest.gif"), strict=True):
        shaded = seen.shaded_cells(picture, board, "canvas")
        assert shaded == {tap.canvas for tap in placement.taps}
        middle = sorted(shaded)[4]
        assert placement.value == 6 * middle[0] + middle[1] + 1


def test_a_1x1_kernel_shades_one_cell(tmp_path):
    scene = Scene(input=3, kernel=1)
    render(scene, tmp_path / "one.gif")
    board = storyboard(scene)
    for number, (picture, _) in enumerate(seen.frames(tmp_path / "one.gif")):
        assert seen.shaded_cells(picture, board, "canvas") == {divmod(number, 3)}


def test_an_output_size_is_never_taken_from_the_user():
    with pytest.raises(SceneError, match=r"output: not a field"):
        Scene.from_dict({"input": 5, "kernel": 3, "output": 4})


@pytest.mark.parametrize("kind", ["isometric", "numeric"])
def test_outputs_are_not_visible_before_they_are_computed(kind):
    scene = Scene(input=4, kernel=3, view={"kind": kind})
    board = storyboard(scene)
    assert set(board.grid("output").roles) == {"pending"}
    assert not [text for text in board.texts if text.cell and text.cell[0] == "output"]
    for number, step in enumerate(board.steps):
        computed = [cell for item in step.lasting if isinstance(item, Paint) for cell in item.cells]
        assert computed == [number]


def test_placements_go_row_by_row():
    board = storyboard(Scene(input=4, kernel=3))
    assert [step.number for step in board.steps] == [0, 1, 2, 3]
    recording = record(Scene(input=4, kernel=3))
    assert [placement.output for placement in recording] == [(0, 0), (0, 1), (1, 0), (1, 1)]


@pytest.mark.parametrize("kind", ["isometric", "numeric"])
def test_input_and_output_are_named(kind):
    words = texts(storyboard(Scene(input=[5, 4], kernel=3, padding=1, view={"kind": kind})))
    assert any("input 5×4" in text for text in words)
    assert any("padding 1" in text for text in words)
    assert "output 5×4" in words


def test_a_transposed_caption_gives_its_own_parameters_and_the_direct_ones_apart():
    scene = Scene(input=3, kernel=3, stride=2, padding=1, transposed=True, output_padding=1)
    words = texts(storyboard(scene))
    assert "input 3×3" in words
    assert "transposed convolution · kernel 3×3 · stride 2 · padding 1 · output padding 1" in words
    (start,) = [number for number, text in enumerate(words) if "direct convolution" in text]
    direct = " · ".join(words[start:])  # the last lines of the caption
    assert "stride 1" in direct
    assert "padding 1 top/left, 2 bottom/right" in direct
    assert "kernel turned" in direct


def test_steps_that_look_alike_are_not_merged(tmp_path):
    """A board on which nothing ever changes: each step is a frame with its own time all the same."""
    grid = Grid("canvas", (2, 2), (4, 4), (20, 0), (0, 20), ("input",) * 4)
    board = Storyboard((48, 48), (grid,), [Step(number, 100 + 10 * number) for number in range(5)])
    with (tmp_path / "same.gif").open("wb") as stream:
        gif.write(board, Finish(LIGHT), "", stream)
    assert [duration for _, duration in seen.frames(tmp_path / "same.gif")] == [100, 110, 120, 130, 140]
