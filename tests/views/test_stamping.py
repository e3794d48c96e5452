"""Gather and scatter: what each shows is what a plain count, or the recording's own arrays, say."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import assume, given, settings

from convanim import Scene, SceneError, record, storyboard
from convanim.draw.storyboard import Paint, Text
from tests.strategies import small_scenes
from tests.views.flat import made_once
from tests.views.layout import check, free_texts, with_view

SOME = settings(max_examples=100, deadline=None)


def values(board, step, grid):
    """The values that stand in a grid's cells at a step, by cell number: those at rest, lasting ones so far, passing ones."""
    lasting = [text for earlier in board.steps[: step + 1] for text in earlier.lasting]
    texts = (*board.texts, *lasting, *board.steps[step].passing)
    inside = [text for text in texts if isinstance(text, Text) and text.cell and text.cell[0] == grid]
    return {text.cell[1]: text.text for text in inside if text.role == "value"}


def painted(board, step, grid, role):
    """The cells of a grid that a step gives a role for itself."""
    paints = (change for change in board.steps[step].passing if isinstance(change, Paint))
    return sorted(cell for paint in paints if (paint.grid, paint.role) == (grid, role) for cell in paint.cells)


def stamped_cells(scene, cell):
    """Where a stamp lies on the output, by the formula s·i + d·j - p; beyond it, None."""
    for tap in product(*map(range, scene.kernel)):
        at = [
            place * stride + offset * dilation - before
            for place, stride, offset, dilation, (before, _) in zip(
                cell, scene.stride, tap, scene.dilation, scene.pads, strict=True
            )
        ]
        yield tuple(at) if all(0 <= one < size for one, size in zip(at, scene.output, strict=True)) else None


@SOME
@given(small_scenes(transposed=True))
def test_the_last_stamp_leaves_the_output(scene):
    scene = with_view(scene, kind="scatter", overlaps=True)
    recording, board = record(scene), made_once(storyboard(scene))
    assert len(board.steps) == len(recording.stamps)
    output = [str(value).replace("-", "−") for value in recording.output[0].ravel().tolist()]
    whole = board.grid("output")
    kept = [number for number, role in enumerate(whole.roles) if role != "padding"]
    shown = values(board, len(board.steps) - 1, "output")
    assert [shown[number] for number in kept] == output


@SOME
@given(small_scenes(transposed=True))
def test_overlaps_are_counted(scene):
    scene = with_view(scene, kind="scatter", overlaps=True)
    board = made_once(storyboard(scene))
    cells = list(product(*map(range, scene.input)))
    counts = Counter(at for cell in cells for at in stamped_cells(scene, cell) if at is not None)
    shown = values(board, len(cells) - 1, "overlaps")
    kept = [number for number, role in enumerate(board.grid("output").roles) if role != "padding"]
    outputs = product(*map(range, scene.output))
    assert {at: int(shown.get(number, 0)) for at, number in zip(outputs, kept, strict=True) if counts[at]} == counts
    for step in range(len(cells)):
        so_far = [at for cell in cells[: step + 1] for at in stamped_cells(scene, cell)]
        assert sum(map(int, values(board, step, "overlaps").values())) == len(so_far)


@SOME
@given(small_scenes(transposed=True))
def test_what_lights_up_is_the_stamp(scene):
    scene = with_view(scene, kind="scatter")
    board = made_once(storyboard(scene))
    kept = [number for number, role in enumerate(board.grid("output").roles) if role != "padding"]
    by_cell = dict(zip(product(*map(range, scene.output)), kept, strict=True))
    for step, cell in enumerate(product(*map(range, scene.input))):
        assert painted(board, step, "input", "input numbered tap") == [step]
        reached = sorted(by_cell[at] for at in stamped_cells(scene, cell) if at is not None)
        assert painted(board, step, "output", "result") == reached


def test_where_stamps_meet_the_two_that_are_added_are_shown():
    scene = Scene(
        2, 3, stride=2, transposed=True, values={"input": [[1, 2], [3, 1]], "kernel": [[1, 0, 2], [1, 1, 0], [0, 2, 1]]}
    )
    board = made_once(storyboard(with_view(scene, kind="scatter")))
    notes = [text.text for text in board.steps[1].passing if isinstance(text, Text) and text.role == "note"]
    assert notes == ["2+2", "0+2", "1+0"]
    shown = values(board, 1, "output")
    assert [shown[number] for number in (2, 7, 12)] == ["4", "2", "1"]


@SOME
@given(small_scenes())
def test_gather_lays_the_kernel_as_it_multiplies(scene):
    recording, board = record(scene), made_once(storyboard(with_view(scene, kind="gather")))
    kernel = recording.kernel[0, 0].ravel().tolist()
    is_turned = scene.transposed != scene.flip
    shown = values(board, 0, "kernel")
    assert [int(shown[number]) for number in range(len(kernel))] == (kernel[::-1] if is_turned else kernel)
    assert any("turned" in text.text for text in free_texts(board) if text.role == "kernel label") == is_turned
    if is_turned and len(kernel) > 1:  # both, of one size, and which is which is said
        given = values(board, 0, "given")
        assert [int(given[number]) for number in range(len(kernel))] == kernel
        assert board.grid("given").shape == board.grid("kernel").shape
        assert {text.text.split()[0] for text in free_texts(board) if text.role == "kernel label"} == {
            "kernel",
            "turned",
        }
    else:
        assert all(grid.name != "given" for grid in board.grids)
    for step, placement in enumerate(recording):
        lit = [
            cell
            for role in {tap.kind for tap in placement.taps}
            for cell in painted(board, step, "canvas", TAPPED[role])
        ]
        assert sorted(lit) == sorted(board.grid("canvas").number(tap.canvas) for tap in placement.taps)
        assert painted(board, step, "output", "result") == [step]


def test_the_kernel_as_given_is_named_or_not_there():
    scene = Scene(2, 3, stride=2, transposed=True, view={"kind": "gather", "labels": False})
    assert [grid.name for grid in storyboard(scene).grids] == ["canvas", "kernel", "output"]


TAPPED = {"input": "input numbered tap", "padding": "padding tap", "zero": "zero tap"}


@SOME
@given(small_scenes())
def test_nothing_is_cut_or_overlaps(scene):
    for kind in ("gather", "scatter") if scene.transposed else ("gather",):
        board = made_once(storyboard(with_view(scene, kind=kind, overlaps=kind == "scatter")))
        check(board)
        moving = [text for step in board.steps for text in step.passing if isinstance(text, Text)]
        assert all(text.size >= 9 for text in (*board.texts, *moving))


@pytest.mark.parametrize(
    ("fields", "kind", "says"),
    [
        ({"input": 5, "kernel": 3}, "scatter", "scatter cannot draw convolution, which stamps nothing"),
        (
            {"input": 5, "kernel": 3, "op": "max_pool"},
            "gather",
            "gather cannot draw max pooling, which has no kernel",
        ),
        ({"input": 5, "kernel": 3, "in_channels": 2}, "gather", "cannot show the values of 2 channels"),
        ({"input": 40, "kernel": 3, "transposed": True}, "scatter", "scatter cannot draw"),
        ({"input": [2, 2, 2], "kernel": 2, "transposed": True}, "scatter", "3 axes"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(fields, kind, says):
    with pytest.raises(SceneError, match=says):
        storyboard(Scene(**fields, view={"kind": kind}))


@SOME
@given(small_scenes(transposed=True))
def test_both_views_end_with_the_same_numbers(scene):
    assume(not scene.flip)
    gather, scatter = (storyboard(with_view(scene, kind=kind)) for kind in ("gather", "scatter"))
    kept = [number for number, role in enumerate(scatter.grid("output").roles) if role != "padding"]
    ends = values(scatter, len(scatter.steps) - 1, "output")
    made = values(gather, len(gather.steps) - 1, "output")
    assert [ends[number] for number in kept] == [made[number] for number in range(len(kept))]
