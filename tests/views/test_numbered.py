"""Cells that carry their numbers: each is the number of the cell that is meant, counted row by row from 1, in every view."""

import dataclasses
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convanim import Scene, SceneError, record, storyboard
from convanim.draw.storyboard import Text
from convanim.view_table import VIEWS
from convanim.views import refuse_what_cannot_be_drawn
from tests.family import scenes
from tests.views.flat import items, made_once, words

ABLE = [kind for kind, view in VIEWS.items() if "numbered" in view.takes]
SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


def numbered(scene, kind, **view):
    return dataclasses.replace(scene, view={"kind": kind, "numbered": True, **view})


def is_drawn(scene):
    try:
        refuse_what_cannot_be_drawn(scene)
    except SceneError:
        return False
    return True


def drawn(kinds, **view):
    return (
        st.tuples(scenes(), st.sampled_from(kinds))
        .filter(lambda pair: pair[0].dimensions <= VIEWS[pair[1]].most_axes)
        .map(lambda pair: numbered(*pair, **view))
        .filter(is_drawn)
    )


def flat(cell, size):
    number = 0
    for at, length in zip(cell, size, strict=True):
        number = number * length + at
    return number


def sources(scene):
    """The number of the input cell that each canvas cell holds, where it holds one, asked cell by cell."""
    recording, numbers = record(scene), {}
    for cell in product(*map(range, scene.canvas)):
        held = recording.source(cell)
        if held is not None:
            numbers[flat(cell, scene.canvas)] = str(flat(held, scene.input) + 1)
    return numbers


@SOME
@given(drawn(["isometric", "numeric", "gather", "line"]))
def test_input_and_output_cells_carry_their_numbers(scene):
    recording, board = record(scene), made_once(storyboard(scene))
    expected = sources(scene)
    known = set() if recording.placed is None else set(range(len(board.grid("output").roles)))
    known -= set() if recording.placed is None else set(recording.placed[0].ravel().tolist())
    for place in {0, len(board.steps) // 2, len(board.steps) - 1}:
        made = known | {recording.output_number(number) for number in range(place + 1)}
        assert words(board, "canvas", place) == expected
        assert words(board, "output", place) == {cell: str(cell + 1) for cell in made}


@SOME
@given(drawn(["channels"]))
def test_each_plane_is_numbered_by_itself(scene):
    board = made_once(storyboard(scene))
    last = len(board.steps) - 1
    for grid in board.grids:
        cells = words(board, grid.name, last)
        if grid.name.startswith("canvas"):
            assert cells == sources(scene)
        elif grid.name.startswith("output"):
            assert cells == {cell: str(cell + 1) for cell in range(len(grid.roles))}
    assert not [text for step in board.steps for text in step.passing if isinstance(text, Text) and "=" in text.text]


@SOME
@given(drawn(["all-steps"]))
def test_each_panel_of_a_page_is_numbered(scene):
    board = made_once(storyboard(scene))
    for grid in board.grids:
        cells = words(board, grid.name)
        assert (
            cells == sources(scene)
            if grid.name.startswith("canvas")
            else set(map(int, cells.values())) == {cell + 1 for cell in cells}
        )


@SOME
@given(drawn(["scatter"], overlaps=True))
def test_what_stamps_leave_is_numbered_as_the_output_is(scene):
    board = made_once(storyboard(scene))
    kept = [cell for cell, role in enumerate(board.grid("output").roles) if role != "padding"]
    last = len(board.steps) - 1
    assert words(board, "output", last) == {cell: str(number) for number, cell in enumerate(kept, start=1)}
    assert list(words(board, "input").values()) == [str(cell + 1) for cell in range(len(board.steps))]
    assert words(board, "overlaps", last) == words(
        storyboard(dataclasses.replace(scene, view=scene.view._replace(numbered=False))), "overlaps", last
    )


@pytest.mark.parametrize("kind", ["gather", "channels"])
def test_a_kernel_that_lies_turned_counts_backwards(kind):
    board = storyboard(numbered(Scene(4, 3, flip=True), kind))
    name = "kernel" if kind == "gather" else "kernel 1"
    assert list(words(board, name, 0).values()) == [str(number) for number in range(9, 0, -1)]
    assert list(words(storyboard(numbered(Scene(4, 3), kind)), name, 0).values()) == list("123456789")


@pytest.mark.parametrize("kind", [kind for kind in ABLE if kind not in {"scatter", "line"}])
def test_padding_and_inserted_zeros_have_no_number_and_what_padding_repeats_has_its_own(kind):
    def canvas(scene):
        board = storyboard(numbered(scene, kind))
        name = next(grid.name for grid in board.grids if grid.name.startswith("canvas"))
        assert "value" in board.grid(name).slots
        return words(board, name)

    assert list(canvas(Scene(2, 3, padding=1, stride=2)).values()) == ["1", "2", "3", "4"]
    assert sorted(canvas(Scene(2, 2, stride=2, transposed=True))) == [6, 8, 16, 18]
    row = list(canvas(Scene(3, 3, padding=1, padding_mode="reflect")).values())[:5]
    assert row == ["5", "4", "5", "6", "5"]


@pytest.mark.parametrize("kind", ABLE)
def test_no_value_weight_or_sum_is_written_beside_numbers(kind):
    scene = Scene([8] if kind == "line" else 4, 3, transposed=kind == "scatter", values={"input": "ramp"})
    with_values, board = (
        storyboard(dataclasses.replace(scene, view={"kind": kind, "numbered": is_so})) for is_so in (False, True)
    )
    written = [text for place in range(len(board.steps)) for text in items(board, place) if isinstance(text, Text)]
    assert not [text for text in written if text.role == "note" or any(sign in text.text for sign in "·+")]
    assert any("numbers" in text.text for text in board.texts)
    assert not any("numbers" in text.text for text in with_values.texts)
    with pytest.raises(SceneError, match=r"view\.formula: got true; but"):
        storyboard(numbered(scene, kind, formula=True))


@SOME
@given(st.integers(1, 11), st.integers(1, 11), st.sampled_from([None, 20, 36, 80]))
def test_numbers_stay_in_slanted_cells(rows, columns, cell):
    scene = numbered(Scene([rows, columns], 1), "isometric", **({"cell": cell} if cell else {}))
    if not is_drawn(scene):
        return
    board = made_once(storyboard(scene))
    for text in (*board.texts, *(item for step in board.steps for item in step.lasting if isinstance(item, Text))):
        if text.cell is None:
            continue
        assert text.size >= 9
        grid = board.grid(text.cell[0])
        assert stays(text, grid)


def stays(text, grid):
    """Whether the corners of the digits' box are inside the text's cell, clear of half a line."""
    from convanim.draw.text import width  # noqa: PLC0415 - looked at here alone

    across = width(text.text, text.size)
    (ox, oy), (ax, ay), (dx, dy) = grid.origin, grid.across, grid.down
    area, (row, column) = ax * dy - ay * dx, divmod(text.cell[1], grid.columns)
    for x in (text.x - across / 2, text.x + across / 2):
        for y in (text.y - 0.73 * text.size, text.y):
            u, v = ((x - ox) * dy - (y - oy) * dx) / area, ((y - oy) * ax - (x - ox) * ay) / area
            if not (column < u < column + 1 and row < v < row + 1):
                return False
    return True


def test_cells_too_small_for_numbers_are_refused_with_what_would_do():
    with pytest.raises(SceneError, match=r"view\.numbered: got true; .* view\.cell = \d+$") as refused:
        storyboard(numbered(Scene(20, 3), "isometric"))
    least = int(str(refused.value).rsplit(" ", 1)[1])
    assert storyboard(numbered(Scene(20, 3), "isometric", cell=least)).texts
    with pytest.raises(SceneError, match=rf"view\.cell: got {least - 1}; legal .* is {least} or more"):
        storyboard(numbered(Scene(20, 3), "isometric", cell=least - 1))
    with pytest.raises(SceneError, match=r"view\.numbered: got true; but the cells of so long a signal"):
        storyboard(numbered(Scene([60], 3), "line"))
    with pytest.raises(SceneError, match=r"view\.cell: got 13; legal with numbered cells is 14 or more"):
        storyboard(numbered(Scene([8], 3), "line", cell=13))
    with pytest.raises(SceneError, match=r"view\.numbered: got true; but the cells of 49 placements"):
        storyboard(numbered(Scene(9, 3), "all-steps"))
    with pytest.raises(SceneError, match=r"view\.cell: got 17; legal with numbered cells is 18 or more"):
        storyboard(numbered(Scene(4, 3), "all-steps", cell=17))
