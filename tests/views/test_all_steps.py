"""All steps on a page: panel k shows placement k, and nothing is cut, hidden or too small."""

import dataclasses

import pytest
from hypothesis import given, settings

from convanim import Scene, SceneError, load_scene, record, render, storyboard
from convanim.catalogue import built_in
from convanim.drawing import steps_shown
from convanim.views.numbers import short
from convanim.views.planes import window_numbers
from tests.strategies import small_scenes
from tests.views.flat import check_texts, words
from tests.views.layout import check

OPS = ("conv", "max_pool", "avg_pool")
OTHERS = [
    Scene(2, 2, op="max_unpool"),
    Scene(2, op="upsample", scale_factor=2, mode="linear"),
    Scene(3, 2, op="conv_input_grad"),
    Scene(5, 3, op="conv_kernel_grad"),
    Scene(5, 3, in_channels=2, out_channels=3),
    Scene(9, 3),
    Scene([40], 5),
    Scene(4, 3, values={"input": "ramp"}, view={"colour": "value"}),
]


def on_a_page(scene, **view):
    return dataclasses.replace(scene, view=scene.view._replace(kind="all-steps", **view))


def lit(board, name, ending):
    return [cell for cell, role in enumerate(board.grid(name).roles) if role.endswith(ending)]


def agree(scene, board, shown=None):
    recording = record(scene)
    numbers = range(scene.placements) if shown is None else shown
    assert [grid.name for grid in board.grids] == [
        f"{plane} {number + 1}" for number in numbers for plane in ("canvas", "output")
    ]
    texts = [text.text for text in board.texts if text.cell is None]
    for number in numbers:
        assert lit(board, f"canvas {number + 1}", "tap") == sorted(window_numbers(recording, number))
        assert lit(board, f"output {number + 1}", "result") == [recording.output_number(number)]
        assert str(number + 1) in texts


@settings(max_examples=100, deadline=None)
@given(small_scenes(ops=OPS))
def test_panel_k_shows_placement_k(scene):
    board = storyboard(on_a_page(scene))
    assert len(board.steps) == 1
    agree(scene, board)
    check(board)
    check_texts(board)


@pytest.mark.parametrize("scene", OTHERS, ids=lambda scene: f"{scene.op} {scene.input}")
def test_every_operation_has_a_page(scene):
    board = storyboard(on_a_page(scene))
    agree(scene, board)
    check(board)
    check_texts(board)


def test_panels_stand_in_rows_as_the_output_does():
    board = storyboard(on_a_page(Scene(5, 3, padding=1)))
    tops = [grid.origin[1] for grid in board.grids if grid.name.startswith("canvas")]
    assert len(set(tops)) == 5
    assert tops == sorted(tops)


def test_large_cells_have_values_and_small_ones_roles_alone():
    scene = load_scene(built_in()["all_steps"])
    board, recording = storyboard(scene), record(scene)
    values = [short(recording.value(recording.output_index(number))) for number in range(4)]
    for number in range(4):
        assert words(board, f"output {number + 1}") == dict(enumerate(values[: number + 1]))
        assert len(words(board, f"canvas {number + 1}")) == 25
    notes = [text for text in board.texts if text.role == "note"]
    assert len(notes) == 4 * 9
    assert not [text for text in storyboard(on_a_page(Scene(9, 3))).texts if text.cell]


def test_a_selection_is_all_that_is_on_the_page():
    scene = dataclasses.replace(on_a_page(Scene(28, 3)), timing={"steps": "2:8:3"})
    agree(scene, storyboard(scene), range(2, 8, 3))
    assert "2 of 676 placements" in " ".join(text.text for text in storyboard(scene).texts)


def test_a_still_of_a_page_is_the_page(tmp_path):
    scene = load_scene(built_in()["all_steps"])
    assert steps_shown(scene, still=True) == steps_shown(scene) == range(4)
    whole, animated = render(scene, tmp_path / "page.png", tmp_path / "page.gif")
    assert whole.stat().st_size > 0
    assert animated.stat().st_size > 0


def test_no_step_is_counted_on_a_page_that_has_all():
    board = storyboard(load_scene(built_in()["all_steps"]))
    assert not [text for text in board.texts if "step" in text.text]
    assert board.alternative.startswith("All 4 placements of a convolution")


def test_more_placements_than_are_legible_are_refused_with_their_number():
    with pytest.raises(SceneError, match=r"view\.kind: all-steps cannot show 676 placements on a page; legal are \d+"):
        storyboard(on_a_page(Scene(28, 3)))


def test_cells_of_a_size_that_is_asked_for_are_so_large_or_refused():
    assert storyboard(on_a_page(Scene(4, 3), cell=20)).grids[0].down == (0, 20)
    assert storyboard(on_a_page(Scene(4, 3), cell=4)).grids[0].stroke == 0
    with pytest.raises(SceneError, match=r"view\.cell: 4 placements in cells of 200 pixels fit no page"):
        storyboard(on_a_page(Scene(4, 3), cell=200))


def test_the_most_that_fit_are_drawn():
    with pytest.raises(SceneError) as refused:
        storyboard(on_a_page(Scene(28, 3)))
    most = int(str(refused.value).split("legal are ")[1].split()[0])
    scene = dataclasses.replace(on_a_page(Scene(28, 3)), timing={"steps": f"0:{most}"})
    check(storyboard(scene))
