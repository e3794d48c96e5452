"""Numbers, sums and captions as readers see them."""

from fractions import Fraction

import pytest

from convanim import Comparison, Scene, record, storyboard
from convanim.draw.storyboard import Text
from convanim.scene import alternatives, wording
from convanim.scene.formulas import formulas
from convanim.views.numbers import equals, factor, short


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (-3, "−3"),
        (2.0, "2"),
        (0.1, "0.1"),
        (-0.25, "−0.25"),
        (1e20, "1e20"),
        (Fraction(5, 3), "5/3"),
        (Fraction(-11, 9), "−11/9"),
        (Fraction(12345, 7), "1763.6"),
        (123456.789, "123456.8"),
        (99999.5, "99999.5"),
        (100000.0, "100000"),
        (1.5e-9, "1.5e−9"),
        (-0.0, "0"),
        (12.3456, "12.35"),
        (123456789012, "123456789012"),
        (1234567890123, "1.235e12"),
        (10**400, "1.000e400"),
    ],
)
def test_numbers_are_short_and_have_a_real_minus(value, text):
    assert short(value) == text


def test_negative_factors_are_in_parentheses():
    assert factor(-3) == "(−3)"
    assert factor(3) == "3"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (8, "= 8"),
        (Fraction(12345, 7), "= 12345/7"),
        (0.1 + 0.2, "= 0.3"),
        (12.3456, "≈ 12.35"),
        (-279.375, "≈ −279.4"),
        (0.5, "= 0.5"),
        (1 / 3, "≈ 0.3333"),
    ],
)
def test_a_rounded_result_is_not_called_equal(value, text):
    assert equals(value) == text


def sums(scene):
    board = storyboard(scene)
    return [
        " ".join(item.text for item in step.passing if isinstance(item, Text) and item.role == "text")
        for step in board.steps
    ]


NUMERIC = {"kind": "numeric"}


def test_the_sum_is_written_out_with_its_result():
    values = {"input": [[1, 2], [3, -4]], "kernel": [[2, 0], [0, -1]]}
    assert sums(Scene(2, 2, values=values, view=NUMERIC)) == ["1·2 + 2·0 + 3·0 + (−4)·(−1) = 6"]


def test_a_sum_of_rounded_terms_is_not_called_equal():
    values = {"input": [[10**12 + 1, -(10**12)]], "kernel": [[1, 1]]}
    assert sums(Scene([1, 2], [1, 2], values=values, view=NUMERIC)) == ["1e12·1 + (−1e12)·1 ≈ 1"]
    values = {"input": [[1 / 3]], "kernel": [[3]]}
    assert sums(Scene(1, 1, values=values, view=NUMERIC)) == ["0.3333·3 ≈ 1"]


def test_a_wrapped_sum_breaks_after_its_operator():
    scene = Scene(4, 4, values={"input": "ramp", "kernel": "ramp"}, view=NUMERIC)
    lines = [item.text for item in storyboard(scene).steps[0].passing if isinstance(item, Text) and item.role == "text"]
    assert len(lines) > 1
    assert all(line.endswith(" +") for line in lines[:-1])
    assert " ".join(lines).endswith(f"16·16 = {sum(n * n for n in range(1, 17))}")


def test_padding_of_a_maximum_is_minus_infinity_and_of_an_average_that_leaves_it_out_nothing():
    board = storyboard(Scene(2, 2, op="max_pool", stride=1, padding=1, view=NUMERIC))
    assert [text.text for text in board.texts if text.cell].count("−∞") == 12
    board = storyboard(Scene(2, 2, op="avg_pool", stride=1, padding=1, count_include_pad=False, view=NUMERIC))
    assert len([text for text in board.texts if text.cell]) == 4


def test_outputs_that_a_selection_steps_over_appear_with_the_next_step():
    board = storyboard(Scene(4, 2, view=NUMERIC, timing={"steps": "::4"}))
    appeared = [[item.cell[1] for item in step.lasting if isinstance(item, Text)] for step in board.steps]
    assert appeared == [[0], [1, 2, 3, 4], [5, 6, 7, 8]]


def test_a_long_sum_is_abbreviated_to_first_terms_and_last():
    (text, *_) = sums(Scene(9, 9, values={"input": "ramp", "kernel": "ramp"}, view=NUMERIC))
    assert text == f"1·1 + 2·2 + 3·3 + … + 81·81 = {sum(n * n for n in range(1, 82))}"


def test_maximum_and_average_are_written_out_without_what_does_not_count():
    values = {"input": [[1, 2], [3, 4]]}
    scene = Scene(2, 2, op="max_pool", stride=1, padding=1, values=values, view=NUMERIC)
    assert sums(scene)[:3] == ["max(1) = 1", "max(1, 2) = 2", "max(2) = 2"]
    scene = Scene(2, 2, op="avg_pool", stride=1, padding=1, count_include_pad=False, values=values, view=NUMERIC)
    assert sums(scene)[1] == "(1 + 2) / 2 = 3/2"
    scene = Scene(2, 2, op="avg_pool", stride=1, padding=1, values=values, view=NUMERIC)
    assert sums(scene)[1] == "(0 + 0 + 1 + 2) / 4 = 3/4"


def test_every_sum_ends_in_the_recorded_value():
    scene = Scene([4, 5], [2, 3], padding="same", stride=2, transposed=True, view=NUMERIC)
    for text, placement in zip(sums(scene), record(scene), strict=True):
        assert text.endswith(f"= {short(placement.value)}")


@pytest.mark.parametrize(
    ("scene", "formula"),
    [
        (Scene(5, 3, stride=2, padding=1), ("⌊(5 + 2·1 − 3) / 2⌋ + 1 = 3",)),
        (Scene(7, 3, dilation=2), ("⌊(7 + 2·0 − 2·(3 − 1) − 1) / 1⌋ + 1 = 3",)),
        (Scene(5, 2, padding="same"), ("⌊(5 + (0 + 1) − 2) / 1⌋ + 1 = 5",)),
        (Scene(2, 3, stride=2, transposed=True), ("(2 − 1)·2 + 3 − 2·0 = 5",)),
        (
            Scene([4, 5], 3),
            ("height ⌊(4 + 2·0 − 3) / 1⌋ + 1 = 2", "width ⌊(5 + 2·0 − 3) / 1⌋ + 1 = 3"),
        ),
    ],
)
def test_the_formula_stands_with_its_numbers(scene, formula):
    assert formulas(scene) == formula


def test_formulas_are_true():
    """What is written left of the equals sign is what is written right of it."""
    for scene in (Scene(5, 3, stride=2, padding=1), Scene(5, 2, padding="same", dilation=3), Scene(9, 4, dilation=2)):
        for text in formulas(scene):
            left, right = text.replace("·", "*").replace("−", "-").replace("⌊", "(").replace("/", "//").split("=")
            assert eval(left.replace("⌋", ")")) == int(right)  # noqa: S307


def test_padding_is_named_by_side_where_sides_differ():
    assert wording.padding(Scene(5, 2, padding="same")) == "same (0 top/left, 1 bottom/right)"
    assert wording.padding(Scene(5, 3, padding=[[0, 1], [2, 3]])) == "0 top, 1 bottom, 2 left, 3 right"
    assert wording.padding(Scene(5, 3, padding=[1, 2])) == "1×2"
    assert wording.padding(Scene([5], 2, padding="same")) == "same (0 before, 1 after)"


def test_alternative_text_says_what_is_shown():
    text = alternatives.alternative_text(Scene(2, 3, stride=2, transposed=True))
    for words in ("transposed convolution", "kernel 3×3", "stride 2", "2×2 input", "zeros between", "5×5 output"):
        assert words in text
    assert alternatives.alternative_text(Scene(2, 1, description="Mine.")) == "Mine."


def test_a_size_of_one_axis_reads_as_words():
    line = storyboard(Scene([8], 3, padding=1, view={"kind": "line"})).alternative
    assert "Above, the 8-cell input (padding 1) as a row of cells" in line
    assert "to the cell of the 8-cell output" in line
    stamps = storyboard(Scene([5], 3, stride=2, transposed=True, view={"kind": "scatter"})).alternative
    assert (
        "Each cell of the 5-cell input in turn stamps its value times the 3-cell kernel on the 11-cell output" in stamps
    )
    gathered = storyboard(Scene([5], 3, view={"kind": "gather"})).alternative
    assert (
        "The 3-cell kernel slides over the 5-cell input; each placement makes one cell of the 3-cell output."
        in gathered
    )


def test_that_a_comparison_moves_is_said_once():
    comparison = Comparison([{"input": 4, "title": "small"}, {"input": 5}], kernel=3)
    text = storyboard(comparison).alternative
    assert text.startswith(
        "Animation, side by side and in step: 1. small: convolution, kernel 3×3, stride 1, padding 0. The 3×3"
    )
    assert " 2. convolution, kernel 3×3, stride 1, padding 0. The 3×3 kernel slides over the 5×5 input" in text
    assert text.count("Animation") == 1
    still = storyboard(Comparison([{"input": 4}, {"input": 5}], kernel=3, timing={"steps": "1"})).alternative
    assert still.startswith("Side by side: 1. Step 2 of 4 of a convolution: kernel 3×3")


def test_true_convolution_says_so():
    assert "true convolution" in wording.operation(Scene(5, 3, flip=True))


def test_the_kernel_is_turned_unless_it_was_turned_already():
    assert "kernel turned" in wording.direct_parameters(Scene(3, 3, transposed=True))
    assert "kernel turned" not in wording.direct_parameters(Scene(3, 3, transposed=True, flip=True))


@pytest.mark.parametrize(
    ("scene", "between"),
    [
        (Scene(2, 3, stride=2, transposed=True), "1 zero between inputs"),
        (Scene(2, 3, stride=3, transposed=True), "2 zeros between inputs"),
        (Scene([2, 3], 3, stride=[3, 2], transposed=True), "zeros: 2 between rows and 1 between columns"),
        (Scene([2, 3], 3, stride=[1, 2], transposed=True), "zeros: 1 between columns"),
        (Scene([1, 3], 3, stride=2, transposed=True), "zeros: 1 between columns"),
        (Scene(1, 3, stride=2, transposed=True), "stride 1"),
    ],
)
def test_zeros_between_inputs_are_counted_where_there_are_any(scene, between):
    assert wording.direct_parameters(scene)[0] == between
    assert ("zeros between" in wording.input_label(scene)[1]) == ("between" in between)


def test_padding_that_crops_is_said_with_a_real_minus_and_draws_nothing_around():
    scene = Scene(4, 1, padding=1, transposed=True)
    assert "padding −1" in wording.direct_parameters(scene)
    assert wording.input_label(scene) == ("input 4×4", ())


def test_output_padding_that_a_name_brings_is_said():
    assert "output padding 1" in wording.parameters(Scene(3, 2, stride=3, padding="same", transposed=True))


def test_a_still_is_described_as_one():
    board = storyboard(Scene(4, 3, timing={"steps": "2"}))
    assert board.alternative.startswith("Step 3 of 4 of a convolution")


@pytest.mark.parametrize(
    ("op", "over", "made"),
    [
        ("conv_input_grad", "output's gradient 3", "input's gradient"),
        ("conv_kernel_grad", "input 3", "kernel's gradient"),
    ],
)
@pytest.mark.parametrize("kind", ["isometric", "numeric", "gather", "matrix", "line", "all-steps"])
def test_a_gradient_names_what_it_reads_and_what_it_makes(op, over, made, kind):
    one_axis = kind == "line"
    board = storyboard(Scene([3] if one_axis else 3, [2] if one_axis else 2, op=op, view={"kind": kind}))
    texts = [text.text for text in board.texts]
    assert any(text.startswith(over) for text in texts)
    assert any(made in text for text in texts)
    assert not any(text.startswith("output ") for text in texts)
    if kind not in {"matrix", "all-steps"}:
        assert made in board.alternative
