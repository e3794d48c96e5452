"""One axis as signals: stems as long as values, lines from the right taps, and what the lessons say."""

import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convanim import Scene, SceneError, load_scene, record, storyboard
from convanim.catalogue import built_in
from convanim.draw.storyboard import Line, Text
from convanim.draw.text import width
from convanim.views.stems import HEIGHT
from tests import family
from tests.views.layout import check, with_view

LINE = {"kind": "line"}


def lesson(name):
    return load_scene(built_in()[name])


def uprights(lines, role):
    """The stems among some lines, without heads, by the middle of their cell."""
    found = [line for line in lines if line.role == role and line.start[0] == line.end[0]]
    return {line.start[0]: line.start[1] - line.end[1] for line in found}


def output_stems(board):
    lasting = [item for step in board.steps for item in step.lasting if isinstance(item, Line)]
    return uprights([*board.lines, *lasting], "output stem")


def by_cell(stems, grid):
    """A length for each cell of a grid, 0 where there is no stem."""
    return [
        next((length for x, length in stems.items() if abs(x - grid.point(0, cell + 0.5)[0]) <= 1), 0)
        for cell in range(grid.columns)
    ]


def assert_proportional(lengths, values):
    unit = HEIGHT / ((max(0, *values) - min(0, *values)) or 1)
    assert lengths == pytest.approx([value * unit for value in values])


@pytest.mark.parametrize("values", [[3, -1, 0, 2, 5], [-3, -1, -2, -2, -5], [0, 0, 0, 0, 0], [1.5, 0.25, -1e300, 0, 1]])
def test_stems_are_as_long_as_their_values_and_point_the_same_way(values):
    board = storyboard(Scene([5], 1, values={"input": values, "kernel": [-2]}, view=LINE))
    assert_proportional(by_cell(uprights(board.lines, "input stem"), board.grid("canvas")), values)
    assert_proportional(by_cell(output_stems(board), board.grid("output")), [-2 * value for value in values])


def test_an_output_stem_appears_when_it_is_computed():
    board = storyboard(lesson("17b_causal"))
    assert not uprights(board.lines, "output stem")
    for number, step in enumerate(board.steps):
        lines = [item for item in step.lasting if isinstance(item, Line)]
        (x,) = uprights(lines, "output stem")
        assert x == board.grid("output").point(0, number + 0.5)[0]


def test_the_output_may_be_whole_from_the_start():
    board = storyboard(Scene([6], 3, values={"kernel": [1, 1, 1]}, view=LINE | {"output": "whole"}))
    assert len(uprights(board.lines, "output stem")) == 4
    assert not any(isinstance(item, Text | Line) for step in board.steps for item in step.lasting)


@pytest.mark.parametrize(
    "scene",
    [
        lesson("17b_causal"),
        Scene([5], 3, stride=2, transposed=True),
        Scene([9], 3, stride=2, padding=1, op="max_pool"),
        Scene([4], op="upsample", mode="linear", scale_factor=2),
        Scene([4], 2, op="max_unpool"),
    ],
    ids=lambda scene: scene.op,
)
def test_lines_lead_from_each_tap_to_the_cell_that_is_made(scene):
    board, recording = storyboard(with_view(scene, **LINE)), record(scene)
    row = board.grid("kernel" if scene.has_kernel or scene.op == "upsample" else "canvas")
    for step in board.steps:
        placement = recording[step.number]
        lines = [item for item in step.passing if isinstance(item, Line)]
        assert [line.start for line in lines] == [row.point(1, tap.canvas[0] + 0.5) for tap in placement.taps]
        assert {line.end for line in lines} == {board.grid("output").point(0, placement.output[0] + 0.5)}


def test_a_dilated_causal_layer_is_a_fan_that_reaches_back():
    board = storyboard(lesson("17b_causal"))
    output = board.grid("output")
    for step in board.steps:
        starts = [item.start[0] for item in step.passing if isinstance(item, Line)]
        over = output.point(0, step.number + 0.5)[0]
        assert starts == [over - 4 * output.across[0], over - 2 * output.across[0], over]


def test_the_tap_that_a_maximum_took_has_the_boldest_line():
    scene = Scene([6], 3, op="max_pool", stride=1, values={"input": [1, 5, 2, 0, 0, 9]}, view=LINE)
    board = storyboard(scene)
    for step, chosen in zip(board.steps, (1, 0, 0, 2), strict=True):
        thick = [item.width for item in step.passing if isinstance(item, Line)]
        assert thick.index(max(thick)) == chosen
        assert len(set(thick)) == 2


def test_an_impulse_returns_the_kernel_and_a_later_one_the_same_later():
    first, later = record(lesson("18a_impulse_response")), record(lesson("18b_shift"))
    kernel = first.kernel.ravel().tolist()
    assert kernel == [3, 2, -1]
    assert first.output[0].tolist() == [0, 0, *kernel, 0, 0, 0]
    assert later.output[0].tolist() == [0, 0, 0, *first.output[0].tolist()[:-3]]
    lengths = by_cell(output_stems(storyboard(first)), storyboard(first).grid("output"))
    assert_proportional(lengths, first.output[0].tolist())


def test_the_kernel_lies_under_its_taps_as_it_multiplies():
    board, recording = storyboard(lesson("18a_impulse_response")), record(lesson("18a_impulse_response"))
    for step in board.steps:
        texts = [item for item in step.passing if isinstance(item, Text) and item.cell and item.cell[0] == "kernel"]
        assert [item.cell[1] for item in texts] == [tap.canvas[0] for tap in recording[step.number].taps]
        assert [item.text for item in texts] == ["−1", "2", "3"]


def test_more_axes_and_channels_are_refused_by_name():
    for size in (5, [4, 4, 4]):
        with pytest.raises(SceneError, match=r"view\.kind: line cannot draw [23] axes; legal is 1; "):
            storyboard(Scene(size, 2, view=LINE))
    with pytest.raises(SceneError, match=r"view\.kind: line cannot show the values of 2 channels"):
        storyboard(Scene([8], 3, in_channels=2, view=LINE))


def check_whole(board):
    """Nothing leaves the canvas, overlaps or hides, no text is too small, and values stay in their cells."""
    check(board)
    right, bottom = board.size
    lasting = [item for step in board.steps for item in step.lasting]
    for line in (item for item in (*board.lines, *lasting) if isinstance(item, Line)):
        for x, y in (line.start, line.end):
            assert 2 <= x <= right - 2
            assert 2 <= y <= bottom - 2
    for text in (item for item in (*board.texts, *lasting, *board.steps[-1].passing) if isinstance(item, Text)):
        assert text.size >= 9
        if text.cell:
            across = board.grid(text.cell[0]).across[0]
            assert width(text.text, text.size) + 4 <= across


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(family.scenes(axes=1, channels=1), st.sampled_from([(0, 3), (-9, 9), (-(10**6), 10**6)]))
def test_any_scene_of_one_axis_is_laid_out(scene, limits):
    values = {"input": {"random": list(limits)}}
    check_whole(storyboard(with_view(scene, **LINE) if scene.op == "max_unpool" else filled(scene, values)))


def filled(scene, values):
    return Scene.from_dict({**_written(scene), "values": values, "view": LINE})


def _written(scene):
    from convanim.scene import scene_to_dict  # noqa: PLC0415 - of use here alone

    return scene_to_dict(scene)


@pytest.mark.parametrize("length", [1, 2, 20, 64, 120, 300, 900])
@pytest.mark.parametrize("words", [True, False])
def test_long_signals_have_narrow_cells_without_values_and_keep_their_stems(length, words):
    view = LINE | {"labels": words, "caption": words}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        board = storyboard(Scene([length], 5, padding="same", view=view, timing={"steps": "0:3"}))
    check_whole(board)
    written = any(text.cell for text in board.texts)
    assert written == (length <= 20)
    values = record(Scene([length], 5, padding="same")).input[0].tolist()
    assert len(uprights(board.lines, "input stem")) == sum(map(bool, values))
    assert board.size[0] < 2100


@pytest.mark.parametrize("cell", [3, 10, 16, 60])
def test_a_cell_is_as_wide_as_asked(cell):
    board = storyboard(Scene([8], 3, view=LINE | {"cell": cell}))
    assert board.grid("canvas").across[0] == max(cell, board.grid("canvas").across[0] if cell >= 14 else 0)
    check_whole(board)
