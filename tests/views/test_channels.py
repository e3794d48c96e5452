"""The channels view: what is lit is what each output channel reads, and what channels contribute adds up."""

import dataclasses
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convanim import Scene, SceneError, load_scene, record, storyboard
from convanim.catalogue import built_in
from convanim.draw.storyboard import Paint, Text
from convanim.drawing import step_count
from convanim.views.channels import refusal
from tests.family import scenes
from tests.views.flat import made_once
from tests.views.layout import check, text_box

LESSONS = [name for name in built_in() if name.startswith("19")]
VIEWED = {"kind": "channels"}


def flat(scene):
    return scene.dimensions < 3


def small(scene):
    return refusal(scene) is None and step_count(scene) <= 40


def drawn():
    """Scenes of all operations that the view takes."""
    return scenes().filter(flat).map(lambda scene: dataclasses.replace(scene, view=VIEWED)).filter(small)


def lit(board, step, kind):
    """The cells that a step lights, by plane (from 0)."""
    cells = {}
    for item in step.passing:
        if isinstance(item, Paint) and item.grid.startswith(kind) and item.role.endswith((" tap", "result")):
            plane, columns = int(item.grid.split()[1]) - 1, board.grid(item.grid).columns
            is_flat = len(board.grid(item.grid).shape) == 1
            found = (divmod(cell, columns) for cell in item.cells)
            cells.setdefault(plane, set()).update(at[1:] if is_flat else at for at in found)
    return cells


@settings(max_examples=100, deadline=None)
@given(drawn())
def test_what_is_lit_on_each_plane_is_what_its_taps_read(scene):
    recording, board = record(scene), made_once(storyboard(scene))
    assert len(board.steps) == len(recording)
    for step, placement in zip(board.steps, recording, strict=True):
        taps = {}
        for tap in placement.taps:
            taps.setdefault(tap.channel, set()).add(tap.canvas)
        assert lit(board, step, "canvas") == taps
        assert lit(board, step, "output") == {placement.channel: {placement.output}}


@settings(max_examples=60, deadline=None)
@given(drawn())
def test_what_channels_contribute_adds_up_to_the_value(scene):
    recording, board = record(scene), made_once(storyboard(scene))
    for step, placement in zip(board.steps, recording, strict=True):
        parts = [item.text for item in step.passing if isinstance(item, Text) and item.text.startswith("= ")]
        assert len(parts) == (len({tap.channel for tap in placement.taps}) if scene.has_kernel else 0)
        if parts:
            assert sum(number(part.removeprefix("= ")) for part in parts) == placement.value


def number(text):
    return Fraction(text.replace("−", "-"))


def test_the_sum_names_each_channel():
    board = storyboard(Scene(5, 3, in_channels=2, out_channels=3, view=VIEWED))
    for step, placement in zip(board.steps, record(Scene(5, 3, in_channels=2, out_channels=3)), strict=True):
        said = next(item.text for item in step.passing if isinstance(item, Text) and item.text.startswith("channel"))
        terms = re.fullmatch(r"channel 1: (\S+)  \+  channel 2: (\S+) = (\S+)", said)
        one, other, whole = (number(term) for term in terms.groups())
        assert one + other == whole == placement.value


@pytest.mark.parametrize("groups", [2, 4])
def test_planes_of_other_groups_are_never_lit_and_have_no_filter(groups):
    scene = Scene(4, 2, in_channels=4, out_channels=4, groups=groups, view=VIEWED)
    board, size = storyboard(scene), 4 // groups
    for step in board.steps:
        output = step.number // scene.placements
        own = set(range(output // size * size, (output // size + 1) * size))
        assert set(lit(board, step, "canvas")) == own
        filters = {item.cell[0] for item in step.passing if isinstance(item, Text) and item.cell}
        assert {name for name in filters if name.startswith("kernel")} == {f"kernel {plane + 1}" for plane in own}


def test_filter_planes_show_the_weights_as_they_lie_on_the_window():
    for scene in (Scene(4, 2, in_channels=2, flip=True, view=VIEWED), Scene(3, 2, transposed=True, view=VIEWED)):
        board = made_once(storyboard(scene))
        for step, placement in zip(board.steps, record(scene), strict=True):
            texts = [item for item in step.passing if isinstance(item, Text) and item.cell]
            shown = [number(text.text) for text in texts if text.cell[0].startswith("kernel")]
            assert shown == [tap.weight for tap in placement.taps]
            assert any(isinstance(item, Text) and item.text.endswith("turned") for item in step.passing)


@settings(max_examples=100, deadline=None)
@given(drawn(), st.booleans())
def test_nothing_overlaps_or_leaves_the_picture_at_any_step(scene, labels):
    board = storyboard(dataclasses.replace(scene, view=VIEWED | {"labels": labels}))
    for step in board.steps:
        check(dataclasses.replace(board, steps=(step,)))
    for text in everything_written(board):
        assert text.size >= 9
        if text.cell is not None:
            grid = board.grid(text.cell[0])
            left, top, right, bottom = text_box(text)
            x, y = grid.point(*divmod(text.cell[1], grid.columns))
            assert x + 1 <= left <= right <= x + grid.across[0] - 1
            assert y + 1 <= top <= bottom <= y + grid.down[1] - 1


def everything_written(board):
    for step in board.steps:
        yield from (item for item in (*step.lasting, *step.passing) if isinstance(item, Text))
    yield from board.texts


@pytest.mark.parametrize("name", LESSONS)
def test_the_lessons_are_laid_out_well(name):
    board = storyboard(load_scene(built_in()[name]))
    for step in board.steps:
        check(dataclasses.replace(board, steps=(step,)))


def test_there_is_a_scene_for_each_kind_of_volume():
    assert LESSONS == ["19a_channels", "19b_pointwise", "19c_grouped", "19d_depthwise"]
    assert record(load_scene(built_in()["19a_channels"])).planes == 3


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (Scene(3, 2, in_channels=14, out_channels=3), "in_channels: channels cannot show 17 planes; legal are 16"),
        (Scene(9, 3, in_channels=6), "input: channels cannot show 54 cells one below the other; legal are 48"),
        (Scene([30], 3), "input: channels cannot show 61 cells side by side; legal are 48"),
    ],
)
def test_more_than_is_legible_is_refused_by_name(scene, said):
    with pytest.raises(SceneError, match=said):
        storyboard(dataclasses.replace(scene, view=VIEWED))


def test_cells_too_small_for_numbers_and_shades_are_refused():
    with pytest.raises(SceneError, match=r"view\.cell: got 13"):
        storyboard(Scene(3, 2, view=VIEWED | {"cell": 13}))
    with pytest.raises(SceneError, match=r"view\.colour"):
        storyboard(Scene(3, 2, view=VIEWED | {"colour": "value"}))


def test_the_output_may_be_whole_from_the_start():
    board = storyboard(Scene(3, 2, in_channels=2, out_channels=2, view=VIEWED | {"output": "whole"}))
    assert len([text for text in board.texts if text.cell and text.cell[0].startswith("output")]) == 8
