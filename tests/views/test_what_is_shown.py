"""What each view shows of each operation, in every cell and every word, is what plain loops say."""

from itertools import chain

import pytest

from convanim.draw.storyboard import bounds
from tests.views.cases import DRAWN, WITHOUT_VALUES, case
from tests.views.layout import overlap
from tests.views.plain_loops import flat, weight
from tests.views.shown import pieces, same, says, says_all

WHOLE = ("output", "whole")
WHOLE_TOO = ("conv-padded", "two-to-three", "transposed", "max-unpool", "max-unpools", "row-same", "row-max-unpool")
EVERY = [
    pytest.param(kind, name, asked, id="-".join((kind, name, *(value for _, value in asked))))
    for kind, names in DRAWN.items()
    for name in names
    for asked in ((), (WHOLE,))
    if not asked or name in WHOLE_TOO
]
every = pytest.mark.parametrize(("kind", "name", "asked"), EVERY)


def of(*kinds):
    """Every scene of some views."""
    chosen = [(kind, name) for kind in kinds for name in DRAWN[kind]]
    return pytest.mark.parametrize(("kind", "name"), chosen, ids=["-".join(one) for one in chosen])


def holds_values(kind, name):
    """Whether cells have values in them."""
    return kind != "isometric" and (kind, name) not in {("all-steps", each) for each in WITHOUT_VALUES}


def seen(kind, truth, number):
    """The plane and cell made with a step, and the channels whose planes are lit: all one where a view draws one."""
    plane, cell = truth.made(number)
    return plane, cell, [channel for channel, _ in truth.reads(plane)] if kind == "channels" else [0]


@every
def test_there_is_a_step_for_each_placement(kind, name, asked):
    _, truth, board, steps = case(kind, name, *asked)
    planes = truth.planes if kind == "channels" else 1
    assert [step.number for step in steps] == list(range(planes * truth.per_plane))
    assert {plane.grid.shape for plane in steps[0].of("canvas").values()} == {truth.canvas}
    assert {plane.grid.shape for plane in steps[0].of("output").values()} == {truth.output}
    assert len(board.steps) == (1 if kind == "all-steps" else len(steps))


@every
def test_canvas_cells_have_their_roles_and_the_window_is_lit(kind, name, asked):
    _, truth, _, steps = case(kind, name, *asked)
    of_input = "input numbered" if holds_values(kind, name) else "input"
    names = {"input": of_input, "zero": "zero", "padding": "padding", "beyond": "padding"}
    rest = [names[kind] for kind in truth.kinds()]
    for step in steps:
        _, _, channels = seen(kind, truth, step.number)
        lit = {tap.canvas for tap in truth.lit(step.number)}
        tapped = [f"{role} tap" if cell in lit else role for cell, role in enumerate(rest)]
        for channel, plane in step.of("canvas").items():
            assert plane.roles == (tapped if channel in channels else rest)


@every
def test_output_cells_are_made_one_by_one(kind, name, asked):
    _, truth, _, steps = case(kind, name, *asked)
    done = "output numbered" if holds_values(kind, name) else "output"
    for step in steps:
        made = [truth.made(number) for number in range(step.number + 1)]
        for channel, plane in step.of("output").items():
            filled = set(truth.places[channel]) if truth.places else range(len(truth.cells))
            roles = [done if asked else "pending" if cell in filled else "zero" for cell in range(len(truth.cells))]
            for where, cell in made:
                if where == channel:
                    roles[flat(cell, truth.output)] = done
            if made[-1][0] == channel:
                roles[flat(made[-1][1], truth.output)] = "result"
            assert plane.roles == roles


@every
def test_output_cells_hold_what_is_made_so_far(kind, name, asked):
    _, truth, _, steps = case(kind, name, *asked)
    for step in steps:
        made = {truth.made(number) for number in range(step.number + 1)}
        for channel, plane in step.of("output").items():
            later = {truth.made(number) for number in range(len(steps))} - made
            shown = [cell for cell in truth.cells if asked or (channel, cell) not in later]
            values = {flat(cell, truth.output): truth.value(cell, channel) for cell in shown}
            assert same(plane.values, values if holds_values(kind, name) else {})


@every
def test_canvas_cells_hold_the_input_and_what_its_holes_are_worth(kind, name, asked):
    _, truth, _, steps = case(kind, name, *asked)
    for step in steps:
        for channel, plane in step.of("canvas").items():
            values = dict(enumerate(truth.canvas_values(channel))) if holds_values(kind, name) else {}
            holes = {cell for cell, value in values.items() if value is None}
            if truth.op == "max_pool":
                assert {cell for cell, text in plane.values.items() if text == "−∞"} == holes
            assert same(
                {cell: text for cell, text in plane.values.items() if text != "−∞"},
                {cell: value for cell, value in values.items() if cell not in holes},
            )


@of("numeric", "gather", "all-steps")
def test_weights_are_noted_in_the_cells_that_they_multiply(kind, name):
    scene, truth, _, steps = case(kind, name)
    has_shares = scene.mode == "linear" and kind != "all-steps"
    noted = (scene.has_kernel or has_shares) and holds_values(kind, name)
    for step in steps:
        (plane,) = step.of("canvas").values()
        if not noted or plane.grid.down[1] < 30:
            assert plane.notes == {}
            continue
        (_, weights), *_ = truth.reads(0)
        expected = {tap.canvas: weight(tap, weights) for tap in truth.lit(step.number)}
        assert all(note[0] == "×" for note in plane.notes.values())
        assert same({cell: note[1:] for cell, note in plane.notes.items()}, expected)


@of("isometric", "numeric", "gather", "channels", "matrix", "line", "all-steps")
def test_steps_are_counted_from_one(kind, name):
    _, _, board, steps = case(kind, name)
    assert [step.count for step in steps] == [[str(number)] for number in range(1, len(steps) + 1)]
    rest = [text.text for text in board.texts]
    assert (f"/ {len(steps)}" in rest) == (kind != "all-steps")


@of("isometric", "numeric", "gather", "channels", "matrix", "line")
def test_the_sum_that_is_written_out_is_of_what_is_added(kind, name):
    scene, truth, _, steps = case(kind, name)
    for step in steps:
        if kind in {"isometric", "matrix"}:
            assert step.sum == ""
        else:
            check_sum(step.sum, scene, truth, *truth.made(step.number))


def check_sum(said, scene, truth, plane, cell):
    """One sum: its terms in their order, what they are divided by, its value, and whether that is called exact."""
    value, reads = truth.value(cell, plane), truth.reads(plane)
    if truth.places:
        sent, where = pieces(said, r"(\S+) goes to (.+)")
        names = ("row", "column") if len(cell) == 2 else ("cell",)
        assert says(sent, value)
        assert where == ", ".join(f"{name} {at}" for name, at in zip(names, cell, strict=True))
        return
    body, sign, result = pieces(said, r"(.+) ([=≈]) (\S+)")
    assert says(result, value)
    if len(reads) > 1:
        texts = [pieces(part, r"channel (\d+): (\S+)") for part in body.split("  +  ")]
        assert [int(channel) - 1 for channel, _ in texts] == [channel for channel, _ in reads]
        terms, values = [[text] for _, text in texts], [[truth.part(cell, *each)] for each in reads]
    else:
        terms, values = terms_of(body, scene, truth, plane, cell)
    if ["…"] in terms:
        assert len(values) > len(terms) == 5
        assert terms[3] == ["…"]
        del terms[3]
        values = [*values[:3], values[-1]]
    assert len(terms) == len(values)
    pairs = [*zip(chain(*terms), chain(*values), strict=True)]
    assert all(says(*pair) for pair in pairs)
    assert sign == ("=" if all(says_all(*pair) for pair in (*pairs, (result, value))) else "≈")


def terms_of(body, scene, truth, plane, cell):
    """The terms of one channel as they are written, each of one number or two that are multiplied, and as they are."""
    ((channel, weights),) = truth.reads(plane)
    terms = truth.terms(cell, channel, weights)
    if scene.op == "max_pool":
        (inside,) = pieces(body, r"max\((.+)\)")
        return [[text] for text in inside.split(", ")], [[value] for value, _ in terms]
    if scene.op == "avg_pool":
        inside, divisor = pieces(body, r"\((.+)\) / (\d+)")
        assert int(divisor) == truth.divisor(cell)
        return [[text] for text in inside.split(" + ")], [[value] for value, _ in terms]
    return [text.split("·") for text in body.split(" + ")], [list(pair) for pair in terms]


def test_some_sums_are_abbreviated_some_rounded_and_some_divided():
    """The tests above are of all ways of writing a sum."""
    cases = [case(kind, name) for kind in ("numeric", "channels", "line") for name in DRAWN[kind]]
    said = [step.sum for each in cases for step in each.steps]
    for part in ("…", "≈", " / ", "max(", "goes to", "channel 2", "/16"):
        assert any(part in one for one in said), part


@of("numeric")
def test_rings_are_around_what_a_maximum_took_and_where_a_switch_sends_it(kind, name):
    _, truth, _, steps = case(kind, name)
    for step in steps:
        lines = [line for line in step.passing if line.role == "mark"]
        expected = []
        if truth.op == "max_pool":
            _, cell = truth.made(step.number)
            taps = [tap for tap in truth.taps(cell) if tap.source is not None]
            values = truth.canvas_values(0)
            expected = [("canvas", max(taps, key=lambda tap: values[tap.canvas]).canvas)]  # the first of equal ones
        if truth.op == "max_unpool":
            expected = [("output", truth.places[0][step.number])]
        assert ringed(step, lines) == expected


def ringed(step, lines):
    """The cells in which some lines lie."""
    if not lines:
        return []
    box, cells = bounds(point for line in lines for point in (line.start, line.end)), []
    for (name, _), plane in step.planes.items():
        blocks = [plane.grid.block(*divmod(cell, plane.grid.columns)) for cell in range(len(plane.roles))]
        cells += [(name, cell) for cell, block in enumerate(blocks) if overlap(box, bounds(block))]
    return cells


X = ("x = input, row by row",)
LABELS = {
    ("numeric", "conv-padded"): ["input 4×3, padding 1 top, 0 bottom, 0 left, 2 right", "output 2×3"],
    ("numeric", "transposed"): ["input 2×3, zeros between, padded by 1 top/left, 2 bottom/right", "output 4×6"],
    ("numeric", "bed-of-nails"): ["input 2×1, zeros between", "output 4×2"],
    ("gather", "conv"): ["input 4×4", "kernel 3×3", "output 2×2"],
    ("gather", "conv-dilated-flipped"): ["input 5×5", "kernel 2×2", "turned by 180°", "output 3×3"],
    ("channels", "two-to-three"): [
        *(f"input channel {number} of 2" for number in (1, 2)),
        *(f"output channel {number} of 3" for number in (1, 2, 3)),
    ],
    ("channels", "kernel-gradients"): [
        *(f"input channel {number} of 2" for number in (1, 2)),
        *(f"gradient of filter {number}, plane {plane}" for number in (1, 2) for plane in (1, 2)),
    ],
    ("isometric", "two-to-three"): ["input 3×3, 2 channels", "output 3×2, 3 channels"],
    ("matrix", "conv-padded"): [
        "input 4×3, padding 1 top, 0 bottom, 0 left, 2 right",
        "kernel 2×3",
        "output 2×3",
        *X,
        "C 6×12",
        "y = C·x",
    ],
    ("matrix", "transposed-apart"): [
        "input 2×3, zeros between",
        "kernel 1×1",
        "output 3×5",
        *X,
        "C",
        "T",
        "15×6",
        "y = C",
        "T",
        "·x",
    ],
    ("line", "row-same"): ["input 6", "output 6", "kernel 3"],
    ("line", "row-reflect"): ["input 5", "output 7", "kernel 3", "turned by 180°"],
    ("line", "row-linear"): ["input 3", "output 6", "shares"],
    ("all-steps", "max-unpool"): ["input 2×3", "output 6×6"],
}


@pytest.mark.parametrize(("kind", "name"), LABELS, ids=["-".join(one) for one in LABELS])
def test_planes_have_their_names(kind, name):
    texts = [text for text in case(kind, name).board.texts if text.role.endswith(" label")]
    assert sorted(text.text for text in texts) == sorted(LABELS[kind, name])


@of("gather")
def test_the_kernel_lies_in_sight_as_it_multiplies_and_as_it_is_given(kind, name):
    scene, truth, _, steps = case(kind, name)
    ((_, weights),) = truth.reads(0)
    laid = [weight(tap, weights) for tap in truth.lit(0)]
    is_turned = scene.transposed != scene.flip
    assert set(steps[0].of("given")) == ({0} if is_turned and len(laid) > 1 else set())
    for step in steps:
        assert same(step.planes["kernel", 0].values, dict(enumerate(laid)))
        for plane in step.of("given").values():
            assert same(plane.values, dict(enumerate(laid[::-1])))
