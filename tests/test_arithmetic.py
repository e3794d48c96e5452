"""Sizes and relationships against the paper's examples and against counting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convanim import arithmetic
from tests import loops

# relationship, i, k, s, p, d -> o; the examples of Dumoulin and Visin's figures, and one each beyond them
DIRECT = [
    (1, 4, 3, 1, 0, 1, 2),
    (2, 5, 4, 1, 2, 1, 6),
    (3, 5, 3, 1, 1, 1, 5),
    (4, 5, 3, 1, 2, 1, 7),
    (5, 5, 3, 2, 0, 1, 2),
    (6, 5, 3, 2, 1, 1, 3),
    (6, 6, 3, 2, 1, 1, 3),
    (7, 5, 3, 1, 0, 1, 3),
    (15, 7, 3, 1, 0, 2, 3),
]
# relationship, i', k, s, p, a -> o', stretched input, its padding before and after
TRANSPOSED = [
    (8, 2, 3, 1, 0, 0, 4, 2, (2, 2)),
    (9, 6, 4, 1, 2, 0, 5, 6, (1, 1)),
    (10, 5, 3, 1, 1, 0, 5, 5, (1, 1)),
    (11, 7, 3, 1, 2, 0, 5, 7, (0, 0)),
    (12, 2, 3, 2, 0, 0, 5, 3, (2, 2)),
    (13, 3, 3, 2, 1, 0, 5, 5, (1, 1)),
    (14, 3, 3, 2, 1, 1, 6, 5, (1, 2)),
]

sizes = st.integers(1, 12)
sides = st.tuples(st.integers(0, 4), st.integers(0, 4))


@pytest.mark.parametrize(("relationship", "i", "k", "s", "p", "d", "o"), DIRECT)
def test_direct_sizes_are_the_papers(relationship, i, k, s, p, d, o):
    assert arithmetic.direct_output(i, k, s, (p, p), d) == o, relationship


@pytest.mark.parametrize(("relationship", "i", "k", "s", "p", "a", "o", "stretched", "padding"), TRANSPOSED)
def test_transposed_sizes_are_the_papers(relationship, i, k, s, p, a, o, stretched, padding):
    assert arithmetic.transposed_output(i, k, s, (p, p), 1, a) == o, relationship
    direct = arithmetic.equivalent_direct(i, k, s, (p, p), 1, a)
    assert (direct.stretched, direct.padding, direct.zeros_between) == (stretched, padding, s - 1)
    assert arithmetic.direct_output(direct.stretched, k, 1, direct.padding) == o


@given(sizes, sizes, sizes, sides, st.integers(1, 4))
def test_direct_size_is_the_number_of_places(i, k, s, p, d):
    assert max(arithmetic.direct_output(i, k, s, p, d), 0) == loops.output_size([i], [k], [s], [p], [d])[0]


@given(sizes, sizes, sizes, sides, st.integers(1, 4))
def test_all_inputs_of_one_output_size_differ_by_the_remainder(i, k, s, p, d):
    o = arithmetic.direct_output(i, k, s, p, d)
    inputs = arithmetic.same_size_inputs(o, k, s, p, d)
    assert i in inputs
    assert {arithmetic.direct_output(each, k, s, p, d) for each in inputs} == {o}
    assert arithmetic.direct_output(inputs[0] - 1, k, s, p, d) == o - 1
    assert [arithmetic.remainder(each, k, s, p, d) for each in inputs] == list(range(s))


@given(sizes, sizes, sizes, sides, st.integers(1, 4))
def test_transposing_gives_the_input_size_back_with_the_remainder_as_output_padding(i, k, s, p, d):
    o = arithmetic.direct_output(i, k, s, p, d)
    a = arithmetic.remainder(i, k, s, p, d)
    assert arithmetic.transposed_output(o, k, s, p, d, a) == i


@given(sizes, sizes, sizes, st.integers(1, 4), st.booleans())
def test_same_padding_gives_ceil_of_input_over_stride(i, k, s, d, lower):
    before, after = arithmetic.same_padding(i, k, s, d, lower)
    assert arithmetic.direct_output(i, k, s, (before, after), d) == -(-i // s)
    assert abs(before - after) <= 1
    assert before >= after if lower else after >= before


def test_an_odd_cell_of_same_padding_goes_after_or_before():
    assert arithmetic.same_padding(5, 2) == (0, 1)
    assert arithmetic.same_padding(5, 2, lower=True) == (1, 0)


@given(sizes, sizes, sizes, st.integers(1, 4), st.booleans())
def test_transposed_same_is_the_transpose_of_the_same_convolution(i, k, s, d, lower):
    padding, extra = arithmetic.transposed_same_padding(i, k, s, d, 0, None, lower=lower)
    assert arithmetic.transposed_output(i, k, s, padding, d, extra) == i * s
    assert padding == arithmetic.same_padding(i * s, k, s, d, lower)


@pytest.mark.parametrize(("i", "k", "p", "o"), [(4, 3, 0, 2), (5, 3, 1, 5), (5, 3, 2, 7)])
def test_valid_and_full_are_each_others_transpose_and_same_is_its_own(i, k, p, o):
    assert arithmetic.direct_output(i, k, 1, (p, p)) == o
    direct = arithmetic.equivalent_direct(o, k, 1, (p, p))
    assert direct.padding == (k - 1 - p, k - 1 - p)
    assert arithmetic.direct_output(o, k, 1, direct.padding) == i


def test_full_padding_of_a_dilated_kernel_is_its_extent_less_one():
    assert arithmetic.full_padding(3) == (2, 2)
    assert arithmetic.full_padding(3, 2) == (4, 4)
