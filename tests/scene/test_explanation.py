"""What is said of a scene's arithmetic is true: every worked line is computed again, and texts say what they must."""

import re
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given, settings

from convanim import Scene
from convanim.scene.explanation import explanation
from tests.family import scenes

WORKED = re.compile(r"= ([0-9⌊⌈(][0-9 ⌊⌋⌈⌉()·+−/]*|[0-9]+ mod [0-9]+) = (−?[0-9]+(?:/[0-9]+)?)(?= |$|,)")


def computed(text):
    """A line's numbers, computed: the signs of print made Python's, whole numbers made fractions."""
    text = re.sub(r"[0-9]+", lambda number: f"Fraction({number.group()})", text)
    for sign, python in ("·*", "−-", "⌋)", "⌉)"):
        text = text.replace(sign, python)
    text = text.replace("⌊", "floor(").replace("⌈", "ceil(").replace(" mod ", " % ")
    return eval(text, {"Fraction": Fraction, "floor": floor, "ceil": ceil})  # noqa: S307 - digits and signs alone


@settings(max_examples=500, deadline=None)
@given(scenes())
def test_every_worked_line_is_true(scene):
    lines = explanation(scene)
    for line in lines:
        for worked, result in WORKED.findall(line):
            assert computed(worked) == Fraction(result.replace("−", "-")), line
    text = "\n".join(lines)
    for axis in scene.axes:
        assert re.search(rf"(= |size |first |has ){axis.output}\b", text), text


def test_worked_lines_are_found():
    assert WORKED.findall("  = ⌊(7 + 2·1 − 2) / 3⌋ + 1 = 3") == [("⌊(7 + 2·1 − 2) / 3⌋ + 1", "3")]
    assert computed("⌊(7 + 2·1 − 2) / 3⌋ + 1") == 3


SAYS = [
    (
        {"input": 7, "kernel": 2, "stride": 3, "padding": 1, "op": "max_pool", "ceil_mode": True},
        ["would start at cell 9, beyond input and padding before (0 to 7): it is dropped, o = 3"],
    ),
    (
        {"input": 6, "kernel": 3, "stride": 2, "op": "avg_pool", "ceil_mode": True},
        ["hangs over the padded input by 1 cell, which nothing counts"],
    ),
    (
        {"input": 3, "kernel": 2, "op": "max_unpool", "output_size": 5},
        ["a pooling makes 3 from any input of 6 to 7", "output size 5 is asked for; legal is 5 to 7"],
    ),
    (
        {"input": 2, "op": "upsample", "scale_factor": 2, "mode": "linear"},
        ["x = (j + ½) / f − ½", "output cell 1: x = 1/4, so it is 3/4 of cell 0 + 1/4 of cell 1"],
    ),
    (
        {"input": 3, "op": "upsample", "output_size": 5, "mode": "linear", "align_corners": True},
        ["f = o / i = 5 / 3 = 5/3", "x = j·(i − 1) / (o − 1)", "output cell 1: x = 1/2"],
    ),
    (
        {"input": 3, "op": "upsample", "scale_factor": 2},
        ["cell at that place rounded down", "output cell 1: x = 1/2, so it is cell 0"],
    ),
    ({"input": 3, "op": "upsample", "scale_factor": 2, "mode": "bed-of-nails"}, ["cell j goes to output cell 2·j"]),
    (
        {"input": 6, "kernel": 3, "stride": 2, "padding": 1, "op": "conv_kernel_grad"},
        [
            "⌊(6 + 2·1 − 3) / 2⌋ + 1 = 3 cells",
            "G = s·(g − 1) + 1 = 5 cells",
            "first 3; the rest would weigh input that the floor",
        ],
    ),
    (
        {"input": 9, "kernel": 4, "stride": 2, "padding": "same"},
        ["same: o = ⌈i / s⌉ = 5, which takes (o − 1)·s + k − i = 3 padding cells: 1 before, 2 after"],
    ),
    ({"input": 5, "kernel": 4, "padding": "same-torch"}, ["same-torch: k − 1 = 3 padding cells: 1 before, 2 after"]),
    ({"input": 5, "kernel": 3, "padding": "full"}, ["full: p = k − 1 = 2 on either side"]),
    ({"input": [9], "kernel": 3, "dilation": 2, "padding": "causal"}, ["causal: K − 1 = 4 before, none after"]),
    (
        {"input": 5, "kernel": 3, "stride": 2, "padding": "same-keras", "transposed": True},
        [
            "same-keras: o = i·s = 10 of the (i − 1)·s + k = 11 that all stamps cover: 0 taken away before, 1 after",
            "canvas: 9 + 2 + 1 = 12",
        ],
    ),
    (
        {"input": 6, "kernel": 3, "in_channels": 4, "out_channels": 8, "groups": 2},
        ["kernel 8×2×3×3 (out × in / 2 groups × size): 144 weights"],
    ),
    (
        {"input": 9, "kernel": 3, "dilation": 2, "stride": 3},
        ["= ⌊(9 + 2·0 − 5) / 3⌋ + 1 = 2", "the floor drops the last 1"],
    ),
]


@pytest.mark.parametrize(("fields", "says"), SAYS, ids=str)
def test_an_explanation_says(fields, says):
    text = "\n".join(explanation(Scene(**fields)))
    for words in says:
        assert words in text, text
