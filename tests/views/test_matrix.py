"""The matrix view: C as the engine has it, the lit row the window's, and nothing in another's place."""

import dataclasses
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convanim import Scene, SceneError, load_scene, record, storyboard
from convanim.catalogue import built_in
from convanim.draw.storyboard import Line
from convanim.engine.matrix import matrix
from convanim.views.numbers import short
from tests.strategies import small_scenes
from tests.views.flat import check_texts, made_once, roles, words
from tests.views.layout import check

LESSON, BACK = "09_convolution_as_matrix", "10_transposed_as_matrix"
FEW = 30
OTHERS = [
    Scene(3, op="upsample", scale_factor=2, mode="linear", view={"kind": "matrix"}),
    Scene(3, op="upsample", scale_factor=2, view={"kind": "matrix"}),
    Scene(3, 2, op="conv_input_grad", view={"kind": "matrix"}),
    Scene(5, 3, op="conv_kernel_grad", view={"kind": "matrix"}),
    Scene([8], 3, padding=1, padding_mode="circular", view={"kind": "matrix"}),
    Scene(3, 3, padding=2, padding_mode="reflect", view={"kind": "matrix"}),
    Scene(5, 3, padding=1, op="avg_pool", stride=2, count_include_pad=False, view={"kind": "matrix"}),
    Scene([5], 2, stride=2, op="avg_pool", ceil_mode=True, view={"kind": "matrix"}),
    Scene(2, 3, op="max_unpool", stride=2, view={"kind": "matrix"}),
]


def as_matrix(scene, **view):
    return dataclasses.replace(scene, view={"kind": "matrix"} | view)


def lit(board, place, name, ending="tap"):
    return [cell for cell, role in enumerate(roles(board, place, name)) if role.endswith(ending)]


def lesson(name):
    scene = load_scene(built_in()[name])
    return scene, record(scene), storyboard(scene)


def test_the_lessons_matrix_has_nine_weights_a_row():
    _, recording, board = lesson(LESSON)
    assert board.grid("C").shape == (4, 16)
    assert "C 4×16" in [text.text for text in board.texts]
    tinted = [role.startswith("weight") for role in board.grid("C").roles]
    assert [sum(tinted[row * 16 : row * 16 + 16]) for row in range(4)] == [9] * 4
    assert len(board.steps) == len(recording) == 4


def test_the_transposed_lesson_is_the_transpose():
    _, forward, board = lesson(LESSON)
    _, back, transposed = lesson(BACK)
    assert transposed.grid("C").shape == (16, 4)
    assert matrix(back).dense().tolist() == matrix(forward).T.dense().tolist()
    by_row, by_column = words(board, "C"), words(transposed, "C")
    assert {(cell % 16, cell // 16): text for cell, text in by_row.items()} == {
        divmod(cell, 4): text for cell, text in by_column.items()
    }
    assert {(cell % 16, cell // 16): board.grid("C").roles[cell] for cell in by_row} == {
        divmod(cell, 4): transposed.grid("C").roles[cell] for cell in by_column
    }


def fits(scene):
    return prod(scene.input) <= FEW and prod(scene.output) <= FEW


@settings(max_examples=100, deadline=None)
@given(small_scenes(ops=("conv", "avg_pool")).filter(fits), st.booleans())
def test_any_small_scene_is_drawn_as_it_was_computed(scene, symbols):
    board = made_once(storyboard(as_matrix(scene, symbols=symbols and scene.has_kernel)))
    check(board)
    check_texts(board)
    agree(scene, board)


@pytest.mark.parametrize("scene", OTHERS, ids=lambda scene: f"{scene.op} {scene.mode} {scene.padding_mode}")
def test_every_linear_operation_has_a_matrix(scene):
    board = made_once(storyboard(scene))
    check(board)
    check_texts(board)
    agree(scene, board)


def agree(scene, board):
    """C's places are the engine's, and at every step the lit row, the cells of x and the window are one."""
    recording = record(scene)
    entries = matrix(recording)
    columns = prod(scene.input)
    places = {int(r) * columns + int(c) for r, c in zip(entries.rows, entries.columns, strict=True)}
    held = {cell for cell, role in enumerate(board.grid("C").roles) if role != "nought"}
    assert held == places
    sources, inside = recording.canvas_sources()
    for place, placement in enumerate(recording):
        row = recording.output_number(placement.index)
        lit_places = lit(board, place, "C")
        assert lit_places == list(range(row * columns, (row + 1) * columns))
        used = sorted(cell % columns for cell in held if cell // columns == row)
        assert lit(board, place, "x") == used
        under = [at for at in lit(board, place, "canvas") if inside.ravel()[at]]
        if scene.op != "upsample":
            assert sorted({int(sources.ravel()[at]) for at in under}) == used
        assert lit(board, place, "y", "result") == lit(board, place, "output", "result") == [row]


@pytest.mark.parametrize("scene", [load_scene(built_in()[LESSON]), *OTHERS], ids=lambda scene: f"{scene.op}")
def test_each_value_is_the_engines(scene):
    board, recording = made_once(storyboard(as_matrix(scene))), record(scene)
    entries = matrix(recording)
    columns = prod(scene.input)
    texts = words(board, "C")
    divisors = [1] * prod(scene.output) if entries.divisors is None else entries.divisors.tolist()
    for row, column, value in zip(entries.rows, entries.columns, entries.values, strict=True):
        assert texts[int(row) * columns + int(column)] == short(Fraction(int(value), int(divisors[int(row)])))
    assert len(texts) == len(entries.values)
    at = [recording.output_number(number) for number in range(len(recording))]
    values = [recording.value(recording.output_index(number)) for number in range(len(recording))]
    untouched = {} if recording.placed is None else dict.fromkeys(set(range(prod(scene.output))) - set(at), "0")
    assert words(board, "x") == dict(enumerate(short(value) for value in recording.input.ravel().tolist()))
    for place in range(len(board.steps)):
        made = zip(at[: place + 1], values, strict=False)
        expected = untouched | {number: short(value) for number, value in made}
        assert words(board, "y", place) == words(board, "output", place) == expected


def test_a_cell_that_counts_for_nothing_holds_nothing():
    hanging_over = storyboard(Scene([5], 2, stride=2, op="avg_pool", ceil_mode=True, view={"kind": "matrix"}))
    assert sorted(words(hanging_over, "canvas")) == [0, 1, 2, 3, 4]
    padded = {"stride": 2, "padding": 1, "op": "avg_pool", "view": {"kind": "matrix"}}
    assert words(storyboard(Scene([4], 2, **padded)), "canvas")[0] == "0"
    assert 0 not in words(storyboard(Scene([4], 2, **padded, count_include_pad=False)), "canvas")


def test_ticks_between_rows_rest():
    _, _, board = lesson(LESSON)
    assert len(board.lines) == 5 + 3
    assert not [item for step in board.steps for item in (*step.lasting, *step.passing) if isinstance(item, Line)]


def test_a_selection_fills_in_what_it_passes_over():
    scene = dataclasses.replace(load_scene(built_in()[LESSON]), timing={"steps": "1::2"})
    board = storyboard(scene)
    assert [step.number for step in board.steps] == [1, 3]
    assert sorted(words(board, "y", 0)) == [0, 1]


def test_the_same_kernel_cell_has_the_same_tint_everywhere():
    scene, _, board = lesson(LESSON)
    diagonals = {}
    for cell, role in enumerate(board.grid("C").roles):
        row, column = divmod(cell, 16)
        start = row // 2 * 4 + row % 2
        if role != "nought":
            diagonals.setdefault(column - start, set()).add(role)
    assert len(diagonals) == prod(scene.kernel)
    assert all(len(tints) == 1 for tints in diagonals.values())
    assert len({next(iter(tints)) for tints in diagonals.values()}) == 9


def test_symbols_name_the_cells():
    board = storyboard(as_matrix(Scene(3, 2), symbols=True))
    assert words(board, "C")[0] == "w₀₀"
    assert [words(board, "C")[cell] for cell in (1, 3, 4)] == ["w₀₁", "w₁₀", "w₁₁"]
    assert words(board, "x")[5] == "x₁₂"
    assert words(board, "y", 0) == {0: "y₀₀"}
    assert words(storyboard(as_matrix(Scene([12], 2), symbols=True)), "x")[11] == "x₁₁"
    assert words(storyboard(as_matrix(Scene([2, 11], 2), symbols=True)), "x")[21] == "x₁,₁₀"


def test_the_output_may_be_whole_from_the_start():
    board = storyboard(as_matrix(Scene(4, 3), output="whole"))
    assert len(words(board, "y")) == len(words(board, "output")) == 4


def test_x_and_y_have_the_shades_of_the_planes():
    board = storyboard(as_matrix(Scene(3, 2, values={"input": "ramp"}), colour="value"))
    assert board.grid("x").shades == board.grid("canvas").shades
    assert board.grid("y").shades == board.grid("output").shades


def test_what_it_shows_is_said():
    _, _, board = lesson(BACK)
    assert "the transposed matrix, of 16 rows and 4 columns" in board.alternative


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (Scene(4, 2, op="max_pool"), "a maximum is not linear"),
        (Scene(8, 3), "matrix cannot show one of 36×64"),
        (Scene(4, 3, in_channels=2), "cannot show the values of 2 channels"),
    ],
    ids=["max pooling", "large", "channels"],
)
def test_what_has_no_legible_matrix_is_refused_by_name(scene, said):
    with pytest.raises(SceneError, match=f"view.kind: .*{said}"):
        storyboard(as_matrix(scene))


def test_symbols_are_refused_where_no_kernel_cell_could_be_named():
    with pytest.raises(SceneError, match=r"view\.symbols: got true; but avg_pool"):
        storyboard(as_matrix(Scene(4, 2, op="avg_pool"), symbols=True))
    with pytest.raises(SceneError, match=r"view\.symbols: .* several kernel cells"):
        storyboard(as_matrix(Scene(4, 3, padding=1, padding_mode="reflect"), symbols=True))
    with pytest.raises(SceneError, match=r"view\.symbols: .* 25×49; legal are 36 input cells"):
        storyboard(as_matrix(Scene(7, 3), symbols=True))
