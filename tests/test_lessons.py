"""Each lesson's figure shows its claim: what is drawn is compared with a plain count, a formula or another figure."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from convanim import load_figure, record, storyboard
from convanim.catalogue import built_in, built_in_stacks
from convanim.draw.storyboard import Line, Paint, Text

LESSONS = {name: path for name, path in built_in().items() if name[:2].isdigit()}


def lesson(name):
    """A lesson's scenes (one, or those beside each other) and its storyboard."""
    figure = load_figure(LESSONS[name])
    return getattr(figure, "scenes", (figure,)), storyboard(figure)


def values(board, grid, step=-1):
    """The values in a grid's cells at a step, by cell number."""
    until = len(board.steps) if step == -1 else step + 1
    texts = [*board.texts, *(part for done in board.steps[:until] for part in done.lasting), *board.steps[step].passing]
    inside = [text for text in texts if isinstance(text, Text) and text.cell and text.cell[0] == grid]
    return {text.cell[1]: text.text for text in inside if text.role == "value"}


def in_rows(board, grid, step=-1):
    """The same as whole numbers in rows."""
    shown, (rows, columns) = values(board, grid, step), board.grid(grid).shape
    return [[int(shown[row * columns + column].replace("−", "-")) for column in range(columns)] for row in range(rows)]


def lit(board, grid, step):
    """The cells of a grid that a step lights as taps."""
    paints = [part for part in board.steps[step].passing if isinstance(part, Paint) and part.grid == grid]
    return {cell for paint in paints if paint.role.endswith("tap") for cell in paint.cells}


def ever_lit(board, grid):
    return set().union(*(lit(board, grid, step) for step in range(len(board.steps))))


def marked_cells(board, grid, step=-1):
    """The cells of a grid in which marks lie, at rest or at a step."""
    lines = [part for part in (*board.lines, *board.steps[step].passing) if isinstance(part, Line)]
    lines = [line for line in lines if line.role == "mark"]
    home = board.grid(grid)
    marked = Counter()
    for number in range(len(home.roles)):
        (left, top), _, (right, bottom), _ = home.block(*divmod(number, home.columns))
        for line in lines:
            if all(left <= x <= right and top <= y <= bottom for x, y in (line.start, line.end)):
                marked[number] += 1
    return set(marked)


def correlated(x, w, stride=1):
    """Plain loops over the definition."""
    size = [(n - k) // stride + 1 for n, k in zip(x.shape, w.shape, strict=True)]
    output = np.zeros(size, dtype=x.dtype)
    for row, column in np.ndindex(*size):
        for i, j in np.ndindex(*w.shape):
            output[row, column] += x[row * stride + i, column * stride + j] * w[i, j]
    return output


def test_every_lesson_has_a_figure():
    numbers = {int(name[:2]) for name in LESSONS}
    assert numbers | {20} == set(range(1, 22))
    assert set(built_in_stacks()) >= {"three_3x3", "dcgan_generator", "fcn_head"}


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_says_what_to_see(name):
    figure = load_figure(LESSONS[name])
    assert figure.title
    assert figure.note.endswith(".")


def test_1_the_kernel_fits_three_times():
    (scene,), board = lesson("01_output_size")
    assert board.grid("output").shape == (3, 3) == scene.output
    starts = [min(lit(board, "canvas", step)) for step in range(3)]
    assert starts == [0, 2, 4]


def test_2_a_transposed_convolution_makes_the_input_larger():
    (scene,), board = lesson("02_transposed_output_size")
    assert board.grid("output").shape == (5, 5)
    assert scene.output == tuple((i - 1) * 2 + 3 for i in scene.input)


def test_3_the_floor_drops_the_last_row_and_column():
    _, board = lesson("03a_floor_drops_cells")
    assert board.grid("1.output").shape == board.grid("2.output").shape == (3, 3)
    assert ever_lit(board, "1.canvas") == set(range(49))
    assert set(range(64)) - ever_lit(board, "2.canvas") == {at for at in range(64) if at // 8 == 7 or at % 8 == 7}


def test_3_output_padding_adds_at_the_bottom_and_right():
    (plain, padded), board = lesson("03b_output_padding")
    assert board.grid("1.output").shape == (5, 5)
    assert board.grid("2.output").shape == (6, 6)
    assert (record(padded).output[0][:5, :5] == record(plain).output[0]).all()
    first = next(place for place, role in enumerate(board.grid("2.canvas").roles) if role == "input")
    assert divmod(first, 8) == (1, 1)


def test_4_the_canvas_is_stretched_and_padded_and_the_kernel_turned():
    (scene,), board = lesson("04_stretched_canvas")
    canvas = board.grid("canvas")
    assert canvas.shape == (7, 7)
    assert [place for place, role in enumerate(canvas.roles) if role.startswith("input")] == [16, 18, 30, 32]
    assert in_rows(board, "kernel") == record(scene).kernel[0, 0][::-1, ::-1].tolist()


def test_5_gathering_and_scattering_end_with_the_same_numbers():
    _, board = lesson("05b_two_ways")
    assert in_rows(board, "1.output") == in_rows(board, "2.output")
    assert in_rows(board, "1.output") == in_rows(lesson("05a_stamping")[1], "output")


def test_6_full_padding_undoes_none_and_half_padding_half():
    _, board = lesson("06a_valid_and_full")
    assert (board.grid("1.output").shape, board.grid("2.output").shape) == ((2, 2), (4, 4))
    assert board.grid("2.canvas").shape == (6, 6)
    _, board = lesson("06b_same_and_same")
    assert {board.grid(f"{side}.{name}").shape for side in (1, 2) for name in ("output",)} == {(5, 5)}
    assert board.grid("1.canvas").shape == board.grid("2.canvas").shape == (7, 7)


def test_7_the_odd_padding_cell_is_after_or_before():
    _, board = lesson("07_same_is_uneven")
    for side, line in (("1.canvas", 5), ("2.canvas", 0)):
        roles = board.grid(side).roles
        padded = {place for place, role in enumerate(roles) if role == "padding"}
        assert padded == {place for place in range(36) if place // 6 == line or place % 6 == line}


def test_8_a_true_convolution_turns_the_kernel():
    (plain, _), board = lesson("08_correlation_and_convolution")
    x, w = record(plain).input[0], record(plain).kernel[0, 0]
    assert in_rows(board, "1.output") == correlated(x, w).tolist()
    assert in_rows(board, "2.output") == correlated(x, w[::-1, ::-1]).tolist()
    assert in_rows(board, "1.output") != in_rows(board, "2.output")
    assert in_rows(board, "1.kernel") == w.tolist()
    assert in_rows(board, "2.kernel") == w[::-1, ::-1].tolist()


def test_11_one_output_cell_is_made_of_many_and_of_one():
    _, board = lesson("11_which_cells_matter")
    first, second = board.grid("1.canvas"), board.grid("2.canvas")
    seen = {values(board, "1.canvas", 0)[cell] for cell in lit(board, "1.canvas", 0)}
    assert first.shape == (4, 4)
    assert seen == {"1", "2", "3", "5", "6", "7", "9", "10", "11"}
    shown = values(board, "2.canvas", 0)
    assert [shown[cell] for cell in lit(board, "2.canvas", 0) if second.roles[cell].startswith("input")] == ["1"]


def test_12_what_a_stride_leaves_out_is_crossed_out():
    (one, two), board = lesson("12_stride_keeps_every_second")
    dropped = {row * 3 + column for row, column in product(range(3), range(3)) if row % 2 or column % 2}
    assert marked_cells(board, "1.output") == dropped
    assert record(one).output[0][::2, ::2].tolist() == record(two).output[0].tolist() == in_rows(board, "2.output")


def test_13_stride_and_pooling_differ():
    (strided, plain, pooled), board = lesson("13_stride_or_pooling")
    assert record(pooled).input[0].tolist() == record(plain).output[0].tolist()
    assert (strided.output, pooled.output) == ((3, 3), (2, 2))
    strided_only, before_pooling = strided.axes[0], plain.axes[0]
    pads = 2 * (before_pooling.padding[0] - strided_only.padding[0])
    assert before_pooling.kernel - strided_only.kernel + 1 != pads  # the condition under which sizes are equal
    assert in_rows(board, "3.output") == [[plain_max(plain, r, c) for c in range(2)] for r in range(2)]


def plain_max(scene, row, column):
    return int(record(scene).output[0][2 * row : 2 * row + 2, 2 * column : 2 * column + 2].max())


def test_14_the_largest_is_ringed():
    (largest, _), board = lesson("14_max_and_average")
    x = record(largest).input[0]
    for step, (row, column) in enumerate(product(range(3), range(3))):
        (ringed,) = marked_cells(board, "1.canvas", step)
        assert x[divmod(ringed, 5)] == x[row : row + 3, column : column + 3].max()
        assert row <= ringed // 5 < row + 3


def test_15_values_go_back_where_they_came_from():
    (pool, unpool, nails), board = lesson("15_unpooling")
    assert record(pool).switches.tolist() == record(unpool).switches.tolist()
    assert record(pool).output.tolist() == record(unpool).input.tolist() == record(nails).input.tolist()
    x, back = record(pool).input[0], record(unpool).output[0]
    assert set(np.unique(back)) == {0, *record(pool).output.ravel().tolist()}
    assert (x[back != 0] == back[back != 0]).all()
    assert in_rows(board, "3.output") == [[5, 0, 7, 0], [0] * 4, [8, 0, 5, 0], [0] * 4]


def test_16_resampling_repeats_and_blends():
    _, board = lesson("16a_upsampling")
    assert in_rows(board, "1.output") == np.kron([[4, 8], [12, 0]], np.ones((2, 2), int)).tolist()
    assert in_rows(board, "2.output")[0] == [4, 5, 7, 8]


def test_16_inside_a_tent_is_sixteen_times_bilinear():
    (scene,), _ = lesson("16b_upsampling_by_stamping")
    x = record(scene).input[0]
    places = [(place + 0.5) / 2 - 0.5 for place in range(6)]
    for row, column in product(range(1, 5), range(1, 5)):
        y, z = int(places[row]), int(places[column])
        down, right = places[row] - y, places[column] - z
        blend = (1 - down) * ((1 - right) * x[y, z] + right * x[y, z + 1])
        blend += down * ((1 - right) * x[y + 1, z] + right * x[y + 1, z + 1])
        assert record(scene).output[0][row, column] == 16 * blend


def test_17_a_dilated_kernel_spans_five_with_nine_weights():
    _, board = lesson("17a_dilation")
    assert lit(board, "canvas", 0) == {row * 7 + column for row, column in product((0, 2, 4), (0, 2, 4))}
    assert board.grid("output").shape == (3, 3)


def test_17_causal_sees_nothing_later():
    (scene,), _ = lesson("17b_causal")
    for placement in record(scene):
        assert all(tap.source is None or tap.source <= placement.output for tap in placement.taps)


def test_18_an_impulse_returns_the_kernel_and_a_later_one_later():
    (scene,), _ = lesson("18a_impulse_response")
    (later,), _ = lesson("18b_shift")
    recording, shifted = record(scene), record(later)
    at, then = (int(np.flatnonzero(each.input[0])[0]) for each in (recording, shifted))
    kernel = recording.kernel[0, 0].tolist()
    found = recording.output[0].tolist()
    assert kernel in [found[start : start + 3] for start in range(len(found) - 2)]
    assert shifted.output[0].tolist()[then - at :] == found[: at - then]


def test_21_stamps_overlap_unevenly():
    _, board = lesson("21a_checkerboard")
    line = [1, 1, 2, 1, 2, 1, 1]
    assert in_rows(board, "overlaps") == [[a * b for b in line] for a in line] == in_rows(board, "output")
    _, board = lesson("21b_even_overlap")
    uneven, even = (list(values(board, f"{side}.overlaps").values()) for side in (1, 2))
    assert Counter(uneven[2:-2]) == {"2": 4, "1": 3}
    assert set(even[2:-2]) == {"2"}
