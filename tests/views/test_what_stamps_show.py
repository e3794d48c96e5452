"""Stamps on the output, one for each input cell: running sums, the two that are added, counts and what is cut away."""

from collections import Counter
from itertools import product
from typing import NamedTuple

import pytest

from convanim.draw.theme import MOST_COUNTED
from tests.views.cases import STAMPED, case
from tests.views.layout import check
from tests.views.plain_loops import at, flat
from tests.views.shown import number, pieces, same

stamped = pytest.mark.parametrize("name", STAMPED)


class Stamping(NamedTuple):
    """The whole output after a stamp: what the stamp adds, what was there, what is there now, how many stamps were."""

    adds: dict[int, int]
    before: dict[int, int]
    after: dict[int, int]
    counts: Counter


def stampings(truth, whole):
    """Stamp by stamp by the definition, x[i]·w[j] on cell s·i + d·j of an output from which nothing is taken yet."""
    scene, sums, counts = truth.scene, {}, Counter()
    for cell in truth.input_cells:
        adds = {}
        for tap in product(*map(range, scene.kernel)):
            places = zip(cell, scene.stride, tap, scene.dilation, strict=True)
            to = flat([i * stride + j * dilation for i, stride, j, dilation in places], whole)
            held = [length - 1 - j for j, length in zip(tap, scene.kernel, strict=True)] if scene.flip else tap
            adds[to] = at(truth.input[0], cell) * at(truth.kernel[0, 0], held).item()
        before = dict(sums)
        sums |= {to: before.get(to, 0) + product for to, product in adds.items()}
        counts.update(list(adds))
        yield Stamping(adds, before, dict(sums), Counter(counts))


def seen(name):
    """The truth, each step with the stamping that it shows, and the kept cells of the whole output."""
    scene, truth, board, steps = case("scatter", name, ("overlaps", True))
    whole = board.grid("output").shape
    ranges = (range(pads[0], pads[0] + length) for pads, length in zip(scene.pads, scene.output, strict=True))
    kept = [flat(cell, whole) for cell in product(*ranges)]
    return truth, list(zip(steps, stampings(truth, whole), strict=True)), kept


@stamped
def test_a_stamp_lights_its_input_cell_and_all_it_covers_what_is_taken_away_too(name):
    _, pairs, kept = seen(name)
    for step, stamping in pairs:
        output, source = step.planes["output", 0], step.planes["input", 0]
        results = {cell for cell, role in enumerate(output.roles) if role == "result"}
        cut = {cell for cell, role in enumerate(output.roles) if role == "padding tap"}
        assert results == stamping.adds.keys() & set(kept)
        assert cut == stamping.adds.keys() - set(kept)
        assert [role == "input numbered tap" for role in source.roles] == [
            cell == step.number for cell in range(len(source.roles))
        ]


@stamped
def test_what_no_stamp_covers_now_is_made_or_waits_or_stays_zero_or_is_taken_away(name):
    _, pairs, kept = seen(name)
    reached = pairs[-1][1].after
    for step, stamping in pairs:
        for cell, role in enumerate(step.planes["output", 0].roles):
            if cell in stamping.adds:
                continue
            made = "output numbered" if cell in stamping.before else "pending" if cell in reached else "zero"
            assert role == (made if cell in kept else "padding")


@stamped
def test_cells_hold_the_sum_so_far(name):
    _, pairs, kept = seen(name)
    reached = pairs[-1][1].after
    for step, stamping in pairs:
        sums = {cell: value for cell, value in stamping.after.items() if cell in kept}
        assert same(step.planes["output", 0].values, sums | {cell: 0 for cell in kept if cell not in reached})


@stamped
def test_after_the_last_stamp_stands_what_the_kernel_gathers(name):
    truth, pairs, kept = seen(name)
    last, _ = pairs[-1]
    assert same(last.planes["output", 0].values, dict(zip(kept, map(truth.value, truth.cells), strict=True)))


@stamped
def test_where_stamps_meet_what_was_there_and_what_is_added_is_noted(name):
    _, pairs, kept = seen(name)
    for step, stamping in pairs:
        output = step.planes["output", 0]
        assert output.grid.down[1] >= 30
        met = stamping.adds.keys() & stamping.before.keys() & set(kept)
        assert output.notes.keys() == met
        for cell in met:
            old, added = pieces(output.notes[cell], r"(−?\d+)\+(\d+|\(−\d+\))")
            assert (number(old), number(added)) == (stamping.before[cell], stamping.adds[cell])


@stamped
def test_overlaps_are_counted_in_numbers_and_tints(name):
    _, pairs, _ = seen(name)
    for step, stamping in pairs:
        overlaps = step.planes["overlaps", 0]
        assert same(overlaps.values, stamping.counts)
        assert overlaps.roles == [
            f"count {min(stamping.counts[cell], MOST_COUNTED)}" for cell in range(len(overlaps.roles))
        ]


@stamped
def test_input_and_kernel_hold_their_values(name):
    truth, pairs, _ = seen(name)
    values = [at(truth.input[0], cell) for cell in truth.input_cells]
    laid = truth.kernel[0, 0].ravel().tolist()
    for step, _ in pairs:
        assert same(step.planes["input", 0].values, dict(enumerate(values)))
        assert same(step.planes["kernel", 0].values, dict(enumerate(laid[::-1] if truth.scene.flip else laid)))
        assert step.count == [str(step.number + 1)]


@stamped
@pytest.mark.parametrize("overlaps", [False, True])
def test_all_sums_and_notes_have_room(name, overlaps):
    check(case("scatter", name, ("overlaps", overlaps)).board, every_step=True)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("transposed-long", ["input 2×2", "kernel 3×3", "output 5×5"]),
        ("transposed-flipped", ["input 2×2", "kernel 3×2, turned", "output 4×4"]),
        ("transposed", ["input 2×3", "kernel 3×3", "output 4×6, padding 1 taken away"]),
        (
            "transposed-dilated",
            ["input 2×2", "kernel 2×2", "output 3×2, padding 1 top, 0 bottom, 0 left, 2 right taken away"],
        ),
    ],
)
def test_planes_have_their_names(name, labels):
    board = case("scatter", name, ("overlaps", True)).board
    said = [text.text for text in board.texts if text.role.endswith(" label")]
    assert said == labels
    assert [text.text for text in board.texts if text.text == "stamps on each cell"]
