"""What is shown of some views alone: filters and parts of channels, the matrix, and a signal's stems and lines."""

import re
from math import prod

import pytest

from convanim.draw.storyboard import Text
from tests.views.cases import DRAWN, case
from tests.views.plain_loops import at, flat, weight
from tests.views.shown import number, same, says

channels = pytest.mark.parametrize("name", DRAWN["channels"])
matrix = pytest.mark.parametrize("name", DRAWN["matrix"])
line = pytest.mark.parametrize("name", DRAWN["line"])


@channels
def test_filters_lie_beside_the_channels_that_they_weigh_and_are_named(name):
    scene, truth, _, steps = case("channels", name)
    for step in steps:
        plane, _ = truth.made(step.number)
        taps, reads, kernels = truth.lit(step.number), dict(truth.reads(plane)), step.of("kernel")
        assert set(kernels) == (set(range(scene.in_channels)) if scene.has_kernel else set())
        named = {}
        for channel, kernel in kernels.items():
            is_read = channel in reads
            held = [weight(tap, reads[channel]) for tap in taps] if is_read else []
            assert same(kernel.values, dict(enumerate(held)))
            assert set(kernel.roles) == {"kernel" if is_read else "padding"}
            if is_read:
                named[kernel.grid.origin] = filter_name(scene, truth, plane, channel)
        labels = [text for text in step.words if text.role == "kernel label"]
        assert {nearest(kernels, text): text.text for text in labels} == named


def filter_name(scene, truth, plane, channel):
    if scene.op == "conv_kernel_grad":
        return f"output's gradient {plane // truth.inside + 1}"
    parts = [f"filter {plane + 1}" if scene.out_channels > 1 else "filter"]
    parts += [f"plane {channel % truth.inside + 1}"] if truth.inside > 1 else []
    parts += ["turned"] if scene.flip != scene.transposed else []
    return ", ".join(parts)


def nearest(planes, text):
    """The corner of the plane that a text stands above."""
    corners = [plane.grid.origin for plane in planes.values()]
    return min(corners, key=lambda corner: abs(corner[0] - text.x) + abs(corner[1] - text.y))


@channels
def test_what_channels_contribute_stands_beside_their_filters_and_adds_up(name):
    scene, truth, _, steps = case("channels", name)
    for step in steps:
        plane, cell = truth.made(step.number)
        parts = [text for text in step.words if text.text.startswith("= ")]
        reads = truth.reads(plane) if scene.has_kernel else []
        values = [truth.part(cell, *each) for each in reads]
        assert len(parts) == len(values)
        assert all(says(text.text[2:], value) for text, value in zip(parts, values, strict=True))
        assert len([text for text in step.words if text.text == "+"]) == max(len(values) - 1, 0)
        for text, (channel, _) in zip(parts, reads, strict=True):
            grid = step.planes["kernel", channel].grid
            assert grid.origin[1] < text.y < grid.point(grid.rows, 0)[1] + 12
        assert not values or sum(values) == pytest.approx(truth.value(cell, plane))


@channels
def test_a_line_leads_from_each_channel_to_the_row_of_the_cell_that_is_made(name):
    _, truth, _, steps = case("channels", name)
    for step in steps:
        plane, cell = truth.made(step.number)
        output = step.planes["output", plane].grid
        row = cell[0] if len(cell) == 2 else 0
        ends = [one for one in step.passing if one.role == "connector"]
        assert len(ends) == len(truth.reads(plane))
        for one, (channel, _) in zip(ends, truth.reads(plane), strict=True):
            from_grid = step.planes.get(("kernel", channel), step.planes["canvas", channel]).grid
            assert from_grid.origin[1] <= one.start[1] <= from_grid.point(from_grid.rows, 0)[1]
            assert output.point(row, 0)[1] < one.end[1] < output.point(row + 1, 0)[1]
            assert one.start[0] < one.end[0] < output.origin[0]


def entries(truth, cell):
    """The row of the matrix that makes a cell: the weight of every input cell that it reads, and the kernel's cells there."""
    ((_, weights),), weighs, held = truth.reads(0), {}, {}
    for tap in truth.taps(cell):
        if tap.source is not None:
            column = flat(tap.source, truth.scene.input)
            weighs[column] = weighs.get(column, 0) + weight(tap, weights)
            held.setdefault(column, []).append(tap.kernel)
    divisor = truth.divisor(cell) if truth.op == "avg_pool" else 1
    return ({column: one / divisor for column, one in weighs.items()} if divisor > 1 else weighs), held


@matrix
def test_the_matrix_holds_the_weights_in_their_places(name):
    scene, truth, board, steps = case("matrix", name)
    columns = prod(scene.input)
    assert board.grid("C").shape == (len(truth.cells), columns)
    rows = [entries(truth, cell)[0] for cell in truth.cells]
    weights = {row * columns + column: value for row, each in enumerate(rows) for column, value in each.items()}
    for step in steps:
        assert same(step.planes["C", 0].values, weights)
        blank = {cell for cell, role in enumerate(step.planes["C", 0].roles) if role.startswith("nought")}
        assert blank == set(range(len(rows) * columns)) - weights.keys()


@matrix
def test_a_step_lights_a_row_of_the_matrix_what_it_multiplies_and_the_kernels_cells(name):
    scene, truth, _, steps = case("matrix", name)
    columns = prod(scene.input)
    for step in steps:
        reads, held = entries(truth, truth.cells[step.number])
        assert lit(step, "C") == set(range(step.number * columns, (step.number + 1) * columns))
        assert lit(step, "x") == reads.keys()
        assert {cell for cell, role in enumerate(step.planes["y", 0].roles) if role == "result"} == {step.number}
        if scene.has_kernel:
            size = step.planes["kernel", 0].grid.shape
            assert lit(step, "kernel") == {flat(cell, size) for cells in held.values() for cell in cells}


def lit(step, name):
    return {cell for cell, role in enumerate(step.planes[name, 0].roles) if role.endswith(" tap")}


@matrix
def test_kernel_cells_have_one_tint_in_the_kernel_and_in_every_row(name):
    scene, truth, board, _ = case("matrix", name)
    if not scene.has_kernel:
        return
    tints, kernel, columns = board.grid("C").roles, board.grid("kernel"), prod(scene.input)
    for row, cell in enumerate(truth.cells):
        for column, cells in entries(truth, cell)[1].items():
            own = [kernel.roles[flat(one, kernel.shape)] for one in cells]
            assert tints[row * columns + column] == (own[0] if len(own) == 1 else "weight mixed")


@matrix
def test_a_row_of_the_matrix_times_x_is_y_in_the_numbers_that_are_seen(name):
    scene, truth, _, steps = case("matrix", name)
    inputs = [at(truth.input[0], cell) for cell in truth.input_cells]
    for step in steps:
        x, y, c = (step.planes[one, 0].values for one in "xyC")
        assert same(x, dict(enumerate(inputs)))
        assert same(y, dict(enumerate(map(truth.value, truth.cells[: step.number + 1]))))
        row = range(step.number * len(x), (step.number + 1) * len(x))
        made = sum(number(c[cell]) * number(x[column]) for column, cell in enumerate(row) if cell in c)
        assert float(made) == pytest.approx(float(truth.value(truth.cells[step.number])), rel=0.01, abs=0.01)
        if scene.has_kernel:
            held = truth.kernel.ravel().tolist()
            assert same(step.planes["kernel", 0].values, dict(enumerate(held)))


@matrix
def test_rows_of_input_and_output_are_named_where_they_lie_in_x_and_y(name):
    scene, _, board, _ = case("matrix", name)
    x, y = board.grid("x"), board.grid("y")
    names = [text for text in board.texts if re.fullmatch(r"row \d+", text.text)]
    above, beside = ([text for text in names if (text.y < x.origin[1]) == is_above] for is_above in (True, False))
    columns = scene.input[-1]
    assert not above or len(above) == prod(scene.input) // columns
    for text in above:
        row = int(text.text.split()[1])
        assert text.x == pytest.approx(x.point(0, (row + 0.5) * columns)[0], abs=1)
    columns = scene.output[-1]
    assert len(beside) == (prod(scene.output) // columns if len(scene.output) == 2 and scene.output[0] > 1 else 0)
    for text in beside:
        row = int(text.text.split()[1])
        assert text.y - 4 == pytest.approx(y.point((row + 0.5) * columns, 0)[1], abs=1)


def test_rows_of_the_input_are_named_where_there_is_room():
    said = [text.text for text in case("matrix", "conv").board.texts if isinstance(text, Text)]
    assert said.count("row 0") == said.count("row 1") == 2
    assert said.count("row 3") == 1


@line
def test_the_output_lies_below_its_like_of_the_input_or_centred(name):
    scene, _, board, _ = case("line", name)
    canvas, output = board.grid("canvas"), board.grid("output")
    if scene.input == scene.output and not scene.transposed:
        assert output.point(0, 0)[0] == canvas.point(0, scene.pads[0][0])[0]
    else:
        apart = canvas.point(0, canvas.columns / 2)[0] - output.point(0, output.columns / 2)[0]
        assert 0 <= apart <= canvas.across[0] / 2
    assert output.origin[1] > canvas.point(1, 0)[1]


@line
def test_lines_lead_from_every_tap_to_the_cell_that_is_made_and_the_chosen_one_is_bold(name):
    _, truth, _, steps = case("line", name)
    for step in steps:
        _, cell = truth.made(step.number)
        taps = truth.lit(step.number)
        start = step.planes.get(("kernel", 0), step.planes["canvas", 0]).grid
        ends = [one for one in step.passing if one.role == "connector"]
        assert [one.start for one in ends] == [start.point(1, tap.canvas + 0.5) for tap in taps]
        assert {one.end for one in ends} == {step.planes["output", 0].grid.point(0, flat(cell, truth.output) + 0.5)}
        bold = [tap.canvas for tap, one in zip(taps, ends, strict=True) if one.width > ends[0].width or one.width > 2]
        values = truth.canvas_values(0)
        held = [tap.canvas for tap in taps if tap.source is not None]
        assert bold == ([max(held, key=lambda tap: values[tap])] if truth.op == "max_pool" else [])


@line
def test_weights_move_along_below_the_cells_that_they_multiply(name):
    scene, truth, _, steps = case("line", name)
    ((_, weights),) = truth.reads(0)
    moves = scene.has_kernel or scene.op == "upsample"
    for step in steps:
        expected = {tap.canvas: weight(tap, weights) for tap in truth.lit(step.number)}
        assert set(step.of("kernel")) == ({0} if moves else set())
        for kernel in step.of("kernel").values():
            assert same(kernel.values, expected)
            assert {cell for cell, role in enumerate(kernel.roles) if role == "kernel"} == expected.keys()


@line
def test_stems_are_as_long_as_values_of_the_input_its_repeats_and_what_is_made_so_far(name):
    _, truth, _, steps = case("line", name)
    held = dict(enumerate(truth.canvas_values(0)))
    kinds = truth.kinds()
    outputs = [truth.value(cell) for cell in truth.cells]
    waiting = [flat(truth.made(number)[1], truth.output) for number in range(len(steps))]
    for step in steps:
        own = {cell: value for cell, value in held.items() if kinds[cell] == "input"}
        repeats = {cell: value for cell, value in held.items() if kinds[cell] != "input"}
        made = {cell: value for cell, value in enumerate(outputs) if cell not in waiting[step.number + 1 :]}
        canvas, output = step.planes["canvas", 0].grid, step.planes["output", 0].grid
        values = [value or 0 for value in held.values()]
        assert stems(step, "input stem", canvas) == heights(own, values)
        assert stems(step, "axis", canvas) == heights(repeats, values)
        assert stems(step, "output stem", output) == heights(made, outputs)


def stems(step, role, grid):
    """How far each upright line of a role reaches up, by the cell in whose middle it stands."""
    upright = [one for one in step.lines if one.role == role and one.start[0] == one.end[0]]
    left = grid.origin[0]
    found = {int((one.start[0] - left) // grid.across[0]): one for one in upright}
    assert len(found) == len(set(upright))
    for cell, one in found.items():
        assert one.start[0] == pytest.approx(grid.point(0, cell + 0.5)[0], abs=0.5)
    return {cell: pytest.approx(one.start[1] - one.end[1], abs=0.01) for cell, one in found.items()}


def heights(shown, values):
    """Stems of values in a row that is as high as the greatest is above the smallest, nought included."""
    span = max([0, *values]) - min([0, *values])
    return {cell: float(value / span * 64) for cell, value in shown.items() if value}
