"""Formulas as set: where bars and fences lie, what is in italics, and that the same formula is written three ways."""

import re
from fractions import Fraction as Exact
from itertools import pairwise

import pytest
from hypothesis import given, settings

from convanim import Scene, storyboard
from convanim.draw.formula import formula
from convanim.draw.storyboard import Line, Text
from convanim.draw.text import width
from convanim.notation import Fenced, Fraction, Words, latex, plain
from convanim.scene import formulas
from tests.strategies import small_scenes

ROW = ("o = ", Fenced("⌊", Fraction("i + 2p − k", "s"), "⌋"), " + 1", Words(", by rule"))


def box(text):
    reach = width(text.text, text.size, italic=text.italic)
    return text.x, text.y - 0.76 * text.size, text.x + reach, text.y + 0.22 * text.size


def test_variables_alone_are_in_italics():
    texts = formula(ROW, 14, "text").texts
    assert [text.text for text in texts if text.italic] == ["o", "i", "p", "k", "s"]
    assert "".join(text.text for text in texts) == "o = i + 2p − ks + 1, by rule"


def test_a_bar_parts_what_is_over_it_from_what_is_under_it():
    made = formula((Fraction("i + 2p − k", "s"),), 14, "text")
    (bar,) = made.lines
    assert bar.start[1] == bar.end[1]
    assert bar.start[0] == 0
    assert bar.end[0] == pytest.approx(made.width)
    for text in made.texts:
        left, top, right, bottom = box(text)
        assert (top > bar.start[1]) if text.text == "s" else (bottom < bar.start[1] + 1)
        assert left >= 0
        assert right <= made.width


@pytest.mark.parametrize(("fences", "low"), [("⌊⌋", True), ("⌈⌉", False)])
def test_fences_are_as_high_as_what_they_hold_and_turn_inwards(fences, low):
    made = formula((Fenced(fences[0], Fraction("a", "b"), fences[1]),), 14, "text")
    _, left, foot, right, other = made.lines
    tops = [box(text)[1] for text in made.texts]
    bottoms = [box(text)[3] for text in made.texts]
    for post, turned, sign in ((left, foot, 1), (right, other, -1)):
        assert post.start[1] <= min(tops)
        assert post.end[1] >= max(bottoms)
        assert turned.start[1] == turned.end[1] == (post.end[1] if low else post.start[1])
        assert (turned.end[0] - turned.start[0]) * sign > 0
    assert left.start[0] < min(text.x for text in made.texts)
    assert right.start[0] > max(box(text)[2] for text in made.texts)


def test_parts_follow_each_other_without_touching():
    texts = formula(("o = (i − 1)s + k − 2p",), 20, "text").texts
    for one, other in pairwise(texts):
        assert other.x >= one.x + width(one.text, one.size, italic=one.italic) - 0.01


def test_one_formula_on_a_line_and_as_latex():
    assert plain(ROW) == "o = ⌊(i + 2p − k) / s⌋ + 1, by rule"
    assert latex(ROW) == r"o = \left\lfloor\frac{i + 2p - k}{s}\right\rfloor + 1\text{, by rule}"
    assert latex(("2·3 − 1",)) == r"2 \cdot 3 - 1"


@settings(deadline=None)
@given(small_scenes())
def test_letters_with_the_axis_numbers_give_the_size(scene):
    """The formula in letters, read as arithmetic with the axis' own numbers, gives what is right of the last equals sign."""
    for axis in scene.axes:
        letters, numbers = plain(formulas.in_letters(scene, axis)), plain(formulas.with_numbers(scene, axis))
        before, after = axis.padding
        values = {
            "i": axis.input,
            "k": axis.kernel,
            "s": axis.stride,
            "d": axis.dilation,
            "p": before,
            "a": axis.output_padding,
        }
        values |= {"p₁": before, "p₂": after}
        assert (
            _value(_filled(letters.removeprefix("o = "), values))
            == axis.output
            == _value(numbers.partition(" = ")[0])
            == int(numbers.rpartition(" = ")[2])
        )


def _filled(letters, values):
    """A formula with numbers for letters, factors with a dot between them."""
    dotted = re.sub(r"(?<=[\d)])(?=[a-z(])|(?<=d)(?=\()", "·", letters)
    return re.sub(r"p[₁₂]|[a-z]", lambda match: str(values[match[0]]), dotted)


def _value(text):
    """A formula on one line as a number; the floor is Python's."""
    text = text.replace("−", "-").replace("·", "*").replace("⌊", "(").replace("⌋", ")//1")
    return int(eval(re.sub(r"\d+", r"Exact(\g<0>)", text), {"Exact": Exact}))  # noqa: S307 - our own formula


@pytest.mark.parametrize("kind", ["isometric", "numeric", "gather", "matrix", "all-steps", "channels"])
@pytest.mark.parametrize("dilation", [1, 2])
def test_a_figure_has_its_formula_below_in_place_of_the_plain_one(kind, dilation):
    scene = {"input": [7, 5], "kernel": [3, 2], "stride": [2, 1], "padding": 1, "dilation": dilation}
    board = storyboard(Scene(**scene, view={"kind": kind, "size_formula": True}))
    rules = [line for line in board.lines if line.role == "rule"]
    assert len(rules) == 2 * 2 * 5, "two axes, letters and numbers: a bar and two fences of two lines"
    assert all(isinstance(line, Line) for line in rules)
    lowest = max(y for grid in board.grids for _, y in grid.polygon())
    assert min(line.start[1] for line in rules) > lowest
    texts = [text.text for text in board.texts if isinstance(text, Text)]
    assert not any("⌊" in text for text in texts)
    assert {"height", "width"} <= {text.strip() for text in texts}
    plain_one = storyboard(Scene(**scene, view={"kind": kind}))
    assert any("⌊" in text.text for text in plain_one.texts)
    assert not plain_one.lines or not any(line.role == "rule" for line in plain_one.lines)
