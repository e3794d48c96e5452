"""The player's cells: whichever is pointed at, what lights up is what `record()` says it is made of, or used by."""

from itertools import product

import numpy as np
import pytest

from convanim import Comparison, Scene, Stack, record, render, storyboard
from convanim.draw.theme import MOST_LEVELS, THEMES, Finish, contrast
from convanim.formats.player_data import player_data
from convanim.view_table import VIEWS
from tests.pages import browser, opened, pixels

__all__ = ["browser"]
FIGURES = {
    "direct": {"input": 5, "kernel": 3},
    "padded": {"input": 4, "kernel": [3, 2], "stride": [2, 1], "padding": 1},
    "dilated": {"input": 6, "kernel": 2, "stride": 2, "dilation": 2},
    "transposed": {"input": 2, "kernel": 3, "stride": 2, "padding": 1, "output_padding": 1, "transposed": True},
    "turned": {"input": 4, "kernel": [2, 3], "flip": True},
    "circular": {"input": 3, "kernel": 3, "padding": 1, "padding_mode": "circular"},
    "pool": {"op": "max_pool", "input": 5, "kernel": 2, "stride": 2},
    "signal": {"input": [6], "kernel": [3], "padding": 1, "transposed": True, "stride": 2},
    "channels": {"input": 4, "kernel": 2, "in_channels": 2, "out_channels": 2},
}
UNPOOLED = Scene(
    1,
    2,
    op="max_unpool",
    values={"input": [[3]], "switches": [[3]]},
    view={"kind": "numeric", "formula": True},
)
RING, DARK_RING = (0x5B, 0x1A, 0x9E), (0xFF, 0xE1, 0x4D)
EVERY = """() => { const f = document.querySelector('conv-anim'); f.pause(); f.show(0);
    return f.data.grids.flatMap(({ name, columns, shape }, number) => Array.from({ length: f.data.grids[number].start.length },
        (_, cell) => { f.pin(number, cell); const own = [f.marked.map((one) => [one.grid, one.index]), f.said]; f.pin(null);
            return [[name, shape.length === 2 ? [Math.floor(cell / columns), cell % columns] : [cell]], ...own]; })); }"""


def drawable():
    for (name, fields), kind in product(FIGURES.items(), VIEWS):
        try:
            scene = Scene(**fields, view={"kind": kind})
            storyboard(scene)
        except ValueError:
            continue
        yield pytest.param(scene, id=f"{name}-{kind}")


def pairs(scene):
    """Which tap's cell leads to which result's, each a grid and a place in it: by the record, and by nothing drawn."""
    if scene.view.kind == "scatter":
        yield from of_stamps(scene)
        return
    drawn = {grid.name for grid in storyboard(scene).grids}
    for placement in record(scene):
        numbers = {}
        for tap in placement.taps:
            number = numbers[tap.channel] = numbers.get(tap.channel, -1) + 1
            if scene.view.kind == "channels":
                yield from of_channels(scene, placement, tap, number)
            else:
                yield from of_planes(scene, placement, tap, number, drawn)


def of_stamps(scene):
    before = [axis.padding[0] for axis in scene.axes]
    for stamp in record(scene).stamps:
        for number, tap in enumerate(stamp.taps):
            inside = [at - pad for at, pad in zip(tap.whole, before, strict=True)]
            if all(0 <= at < length for at, length in zip(inside, scene.output, strict=True)):
                result = ("output", tuple(tap.whole))
                yield ("input", place(stamp.index, scene.input)), result
                yield ("kernel", place(number, scene.kernel)), result


def of_channels(scene, placement, tap, number):
    result = (f"output {placement.channel + 1}", placement.output)
    yield (f"canvas {tap.channel + 1}", tap.canvas), result
    if tap.weight is not None:
        yield (f"kernel {tap.channel + 1}", place(number, scene.kernel)), result


def of_planes(scene, placement, tap, number, drawn):
    result = ("output", placement.output)
    yield ("canvas", tap.canvas), result
    if scene.view.kind == "gather":
        yield ("kernel", place(number, scene.kernel)), result
    if scene.view.kind == "line" and "kernel" in drawn:
        yield ("kernel", tap.canvas), result
    if scene.view.kind == "matrix":
        yield from of_matrix(scene, tap, placement.output)
    if "given" in drawn:
        yield ("given", tap.kernel), result


def of_moving_kernel(scene):
    """What the kernel's cells lead to at the first step, where they hold other weights at others."""
    recording = record(scene)
    first, numbers = recording[0], {}
    for tap in first.taps:
        number = numbers[tap.channel] = numbers.get(tap.channel, -1) + 1
        is_line = scene.view.kind == "line"
        cell = ("kernel", tap.canvas) if is_line else (f"kernel {tap.channel + 1}", place(number, scene.kernel))
        made = [one for one in recording if one.channel == first.channel]
        using = [one for one in made if (tap.channel, tap.kernel) in {(each.channel, each.kernel) for each in one.taps}]
        name = "output" if is_line else f"output {first.channel + 1}"
        yield cell, {cell, *((name, one.output) for one in using)}


def of_matrix(scene, tap, output):
    row, (one, other) = np.ravel_multi_index(output, scene.output), (("output", output), ("y", None))
    other = ("y", (int(row), 0))
    yield ("canvas", tap.canvas), other
    if tap.source is None:
        return
    column = int(np.ravel_multi_index(tap.source, scene.input))
    for result in (one, other):
        yield ("x", (0, column)), result
        yield ("C", (int(row), column)), result
        if tap.kernel is not None and scene.has_kernel and "kernel" in {grid.name for grid in storyboard(scene).grids}:
            yield ("kernel", tap.kernel), result


def place(number, size):
    return tuple(int(at) for at in np.unravel_index(number, size))


def every(page):
    """What each cell marks, and what is said of it."""
    found = page.evaluate(EVERY)
    return {(grid, tuple(at)): ({(one, tuple(i)) for one, i in marks}, said) for (grid, at), marks, said in found}


@pytest.mark.parametrize("scene", [case for case in drawable() if "all-steps" not in case.id])
def test_each_cell_marks_what_the_record_says(browser, tmp_path, scene):
    ways, moves = {}, scene.view.kind in {"line", "channels"} and scene.has_kernel
    for tap, result in pairs(scene):
        ways.setdefault(result, {result}).add(tap)
        if not (moves and tap[0].startswith("kernel")):
            ways.setdefault(tap, {tap}).add(result)
    if moves:
        ways |= dict(of_moving_kernel(scene))
    with opened(browser, render(scene, tmp_path / "x.html")[0]) as page:
        found = every(page)
    assert {cell for cell in ways if cell not in found} == set()
    for cell, (marks, _) in found.items():
        assert marks == ways.get(cell, set() if moves and cell[0].startswith("kernel") else {cell}), cell
    assert sum(len(marks) > 1 for marks, _ in found.values()) > 10 or scene.dimensions == 1


def test_panels_of_one_page_are_looked_at_together(browser, tmp_path):
    scene = Scene(4, 3, padding=1, stride=2, view={"kind": "all-steps"})
    recording = record(scene)
    with opened(browser, render(scene, tmp_path / "x.html")[0]) as page:
        found = every(page)
    for number, placement in enumerate(recording, start=1):
        for tap in placement.taps:
            using = [
                n for n, other in enumerate(recording, start=1) if tap.canvas in {each.canvas for each in other.taps}
            ]
            expected = {(f"output {n}", recording[n - 1].output) for n in using}
            expected |= {(f"canvas {n}", tap.canvas) for n in using}
            assert found[f"canvas {number}", tap.canvas][0] == expected
        made, _ = found[f"output {number}", placement.output]
        assert made == {(f"output {number}", placement.output)} | {
            (f"canvas {number}", tap.canvas) for tap in placement.taps
        }


def test_a_comparison_keeps_its_sides_apart(browser, tmp_path):
    figure = Comparison([{"input": 4}, {"input": 5, "stride": 2}], kernel=3)
    with opened(browser, render(figure, tmp_path / "x.html")[0]) as page:
        found = every(page)
    for side, scene in enumerate((Scene(4, 3), Scene(5, 3, stride=2)), start=1):
        for placement in record(scene):
            taps = {(f"{side}.canvas", tap.canvas) for tap in placement.taps}
            result = (f"{side}.output", placement.output)
            assert found[result][0] == {result} | taps


@pytest.mark.parametrize("trace", ["sees", "reaches"])
def test_a_stack_is_followed_through_all_layers(browser, tmp_path, trace):
    stack = Stack(7, [{"kernel": 3, "padding": 1}, {"kernel": 2, "stride": 2}], view={"trace": trace})
    sees = {}
    lower, upper = (
        {one.output: {tap.source for tap in one.taps} - {None} for one in record(scene)} for scene in stack.layers
    )
    for cell, sources in upper.items():
        sees[cell] = {("layer 1", at) for at in sources} | {("input", below) for at in sources for below in lower[at]}
    with opened(browser, render(stack, tmp_path / "x.html")[0]) as page:
        found = every(page)
    if trace == "sees":
        for cell, below in sees.items():
            assert found["output", cell][0] == {("output", cell)} | below
    for start in product(range(7), repeat=2):
        reached = {("output", cell) for cell, below in sees.items() if ("input", start) in below}
        assert found["input", start][0] == {("input", start)} | reached


def test_what_is_said_of_cells_is_true(browser, tmp_path):
    values = {"input": {"random": [-3, 3], "seed": 1}, "kernel": {"random": [1, 3], "seed": 2}}
    with_sums = Scene(4, 3, padding=1, values=values, view={"kind": "numeric", "formula": True})
    for scene in (with_sums, Scene(4, 3, padding=1, values=values, view={"kind": "numeric", "formula": False})):
        with opened(browser, render(scene, tmp_path / f"{scene.view.formula}.html")[0]) as page:
            found = every(page)
        for placement in record(scene):
            terms = [
                f"({tap.value})·{tap.weight}" if tap.value < 0 else f"{tap.value}·{tap.weight}"
                for tap in placement.taps
            ]
            said = f"{' + '.join(terms)} = {placement.value}".replace("-", "−")
            assert found["output", placement.output][1] == f"output {placement.output} = {said}"
    uses = {}
    for placement in record(with_sums):
        for tap in placement.taps:
            uses.setdefault(tap.canvas, set()).add(placement.output)
    for row, column in product(range(4), repeat=2):
        count = len(uses[row + 1, column + 1])
        expected = f"input ({row}, {column}) is used by {count} outputs"
        assert found["canvas", (row + 1, column + 1)][1] == expected
    assert found["canvas", (0, 0)][1] == "padding (0, 0) is used by 1 output"


@pytest.mark.parametrize(
    ("figure", "cell", "expected"),
    [
        (Scene(4, 3, padding=1), ("output", (0, 0)), "output (0, 0): 4 cells of the input, 5 of padding"),
        (
            Scene(2, 3, stride=2, transposed=True),
            ("output", (2, 2)),
            "output (2, 2): 4 cells of the input, 5 inserted zeros",
        ),
        (Scene(2, 3, stride=2, transposed=True), ("canvas", (2, 4)), "input (0, 1) is used by 9 outputs"),
        (Scene(6, 2, stride=4), ("canvas", (3, 3)), "input (3, 3) is used by no output"),
        (Scene(4, 3, op="conv_kernel_grad"), ("output", (0, 1)), "kernel's gradient (0, 1): 4 cells of the input"),
        (
            Scene(4, 3, op="conv_kernel_grad", view={"kind": "gather"}),
            ("kernel", (1, 0)),
            "output's gradient (1, 0) is",
        ),
        (
            Scene(3, 2, op="conv_kernel_grad", in_channels=2, view={"kind": "channels"}),
            ("output 2", (0, 1)),
            "kernel's gradient, plane 2 (0, 1)",
        ),
        (Scene(4, 3, view={"language": "zh"}), ("canvas", (1, 1)), "输入 (1, 1) 用于 4 个输出"),
        (Scene(4, 2, stride=2, op="max_pool", view={"kind": "numeric", "formula": True}), ("output", (1, 1)), "max("),
        (UNPOOLED, ("output", (1, 1)), "output (1, 1): 3 goes to row 1, column 1"),
        (
            Scene(4, 3, op="conv_input_grad"),
            ("output", (0, 0)),
            "input's gradient (0, 0): 1 cell of the output's gradient",
        ),
        (
            Scene(4, 3, op="conv_input_grad"),
            ("canvas", (2, 2)),
            "output's gradient (0, 0) is used by 9 cells of the input's",
        ),
    ],
)
def test_what_is_said_without_values(browser, tmp_path, figure, cell, expected):
    with opened(browser, render(figure, tmp_path / "x.html")[0]) as page:
        assert expected in every(page)[cell][1]


def edges(board):
    """The middle of each cell's four borders, by grid and place, and of what cells it is the border."""
    middles = {}
    for grid in board.grids:
        for row, column in product(range(grid.rows), range(grid.columns)):
            for y, x in ((row, column + 0.5), (row + 1, column + 0.5), (row + 0.5, column), (row + 0.5, column + 1)):
                at = tuple(round(value, 3) for value in grid.point(y, x))
                middles.setdefault(at, set()).add((grid.name, (row, column)))
    return middles


@pytest.mark.parametrize(
    "view",
    [{}, {"kind": "numeric"}, {"kind": "gather"}, {"kind": "numeric", "theme": "dark"}, {"theme": "print"}],
    ids=str,
)
@pytest.mark.parametrize("fields", [FIGURES["padded"], FIGURES["transposed"]], ids=["padded", "transposed"])
def test_marked_cells_have_a_ring_that_is_seen_and_all_fills_stay(browser, tmp_path, fields, view):
    scene = Scene(**fields, view=view)
    board = storyboard(scene)
    ring = np.array(DARK_RING if view.get("theme") == "dark" else RING)
    with opened(browser, render(scene, tmp_path / "x.html")[0], device_scale_factor=2) as page:
        number = len(record(scene)) // 2
        page.evaluate("n => { window.f = document.querySelector('conv-anim'); f.pause(); f.show(n); }", number)
        plain = pixels(page).astype(int)
        page.evaluate("n => f.pin('output', n)", number)
        marked = {(one["grid"], tuple(one["index"])) for one in page.evaluate("f.marked")}
        lit = pixels(page).astype(int)
    scale = lit.shape[1] / board.size[0]
    assert len(marked) > 3
    seen = 0
    for (x, y), cells in edges(board).items():
        colour = lit[round(y * scale), round(x * scale)]
        is_ring = abs(colour - ring).max() <= 12
        if cells & marked:
            assert is_ring, cells
            seen += 1
        elif not any(near(cell, other) for cell in cells for other in marked):
            assert not is_ring, cells
    assert seen >= 4 * len(marked) / 2
    for grid in board.grids:
        for row, column in product(range(grid.rows), range(grid.columns)):
            x, y = (round(value * scale) for value in grid.point(row + 0.5, column + 0.5))
            assert (lit[y, x] == plain[y, x]).all(), "a ring changes no fill"


def near(one, other):
    """Whether two cells of a grid touch, so that the ring of one reaches the other's borders' ends."""
    return one[0] == other[0] and max(abs(a - b) for a, b in zip(one[1], other[1], strict=True)) <= 1


@pytest.mark.parametrize("name", THEMES)
def test_a_ring_has_three_to_one_on_every_fill(name):
    theme = THEMES[name]
    data = player_data(storyboard(Scene(3, 2)), Finish(theme, levels=MOST_LEVELS))
    pair = [tuple(bytes.fromhex(colour[1:])) for colour in data["ring"]]
    assert contrast(*pair) >= 9
    fills = [*theme.fills.values(), *(colour for ramp in theme.ramps.values() for colour in ramp)]
    assert len(fills) > 30
    assert min(max(contrast(colour, fill) for colour in pair) for fill in fills) >= 3
    assert contrast(pair[0], theme.fills["background"]) >= 3
