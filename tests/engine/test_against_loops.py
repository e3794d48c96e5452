"""The engine against nested loops, on thousands of generated cases; and the two views of a transposed convolution."""

from fractions import Fraction
from math import prod

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convanim import Scene, SceneError, record
from tests import loops
from tests.strategies import fitting, numbers, parameters, possible

MANY = settings(max_examples=1500, deadline=None)


def arrays(data, scene, *, with_kernel=True):
    kind = data.draw(st.sampled_from(["small", "small", "large", "float"]))

    def one(size):
        values = data.draw(st.lists(numbers(kind), min_size=prod(size), max_size=prod(size)))
        return np.array(values, dtype=float if kind == "float" else object).reshape(size)

    return one(scene.input), one(scene.kernel) if with_kernel else None


def same(recording, expected_size, expected):
    assert recording.output.shape == (1, *expected_size)
    assert {cell: recording.output[0][cell] for cell in loops.cells(expected_size)} == expected


@MANY
@given(fitting(transposed=False), st.data())
def test_convolution_equals_nested_loops(fields, data):
    scene = possible(fields)
    assume(scene)
    x, w = arrays(data, scene)
    size, y = loops.conv(
        loops.as_dict(x),
        scene.input,
        loops.as_dict(w),
        scene.kernel,
        scene.stride,
        scene.pads,
        scene.dilation,
        flip=scene.flip,
    )
    same(record(scene, x, w), size, y)


@MANY
@given(fitting(transposed=True), st.data())
def test_transposed_convolution_equals_stamping_loops(fields, data):
    scene = possible(fields)
    assume(scene)
    x, w = arrays(data, scene)
    size, y = loops.transposed(
        loops.as_dict(x),
        scene.input,
        loops.as_dict(w),
        scene.kernel,
        scene.stride,
        scene.pads,
        scene.dilation,
        scene.output_padding,
        flip=scene.flip,
    )
    same(record(scene, x, w), size, y)


@settings(max_examples=500, deadline=None)
@given(fitting(transposed=True), st.data())
def test_gather_equals_scatter(fields, data):
    scene = possible(fields)
    assume(scene)
    recording = record(scene, *arrays(data, scene))
    assert len(recording.stamps) == prod(scene.input)
    assert (recording.running(len(recording.stamps)) == recording.output).all()


@MANY
@given(fitting(ops=("max_pool",)), st.data())
def test_max_pooling_equals_nested_loops(fields, data):
    scene = possible(fields)
    assume(scene)
    x, _ = arrays(data, scene, with_kernel=False)
    size, windows = loops.pool(loops.as_dict(x), scene.input, scene.kernel, scene.stride, scene.pads, scene.dilation)
    recording = record(scene, x)
    same(recording, size, {cell: max(window) for cell, window in windows.items()})
    for placement in recording:
        assert placement.taps[placement.chosen].product == placement.value
        assert all(tap.product != placement.value for tap in placement.taps[: placement.chosen])


@MANY
@given(fitting(ops=("avg_pool",)), st.data())
def test_average_pooling_of_whole_numbers_is_the_exact_fraction(fields, data):
    scene = possible(fields)
    assume(scene)
    x = np.array(data.draw(st.lists(st.integers(-99, 99), min_size=prod(scene.input), max_size=prod(scene.input))))
    x = x.reshape(scene.input)
    size, windows = loops.pool(loops.as_dict(x), scene.input, scene.kernel, scene.stride, scene.pads, scene.dilation)
    recording = record(scene, x)
    assert recording.output.shape == (1, *size)
    for placement in recording:
        window = windows[placement.output]
        exact = Fraction(sum(window), prod(scene.kernel) if scene.count_include_pad else len(window))
        assert placement.value == exact
        assert recording.output[0][placement.output] == float(exact)


@settings(max_examples=500, deadline=None)
@given(fitting(), st.data())
def test_each_output_is_the_sum_of_its_recorded_products_in_order(fields, data):
    scene = possible(fields)
    assume(scene)
    x, w = arrays(data, scene)
    recording = record(scene, x, w)
    for placement in recording:
        total = 0
        for tap in placement.taps:
            assert tap.product == tap.value * tap.weight
            assert tap.weight == w[tap.kernel]
            assert tap.value == (0 if tap.source is None else x[tap.source])
            total += tap.product
        assert total == placement.value == recording.output[0][placement.output]


@settings(max_examples=500, deadline=None)
@given(parameters(ops=("conv", "max_pool", "avg_pool")))
def test_a_scene_is_refused_exactly_when_it_leaves_nothing_to_compute(fields):
    """No output cell, or a pooling window without an input cell."""
    axes = len(fields["input"])
    zeros = dict.fromkeys(loops.cells(fields["input"]), 0)
    if fields.get("transposed"):
        size, _ = loops.transposed(
            zeros,
            fields["input"],
            dict.fromkeys(loops.cells(fields["kernel"]), 0),
            fields["kernel"],
            fields["stride"],
            fields["padding"],
            fields["dilation"],
            fields["output_padding"],
        )
        legal = min(size) >= 1
    else:
        shared = (fields["input"], fields["kernel"], fields["stride"], fields["padding"], fields["dilation"])
        size, windows = loops.pool(zeros, *shared)
        legal = min(size) >= 1 and (fields["op"] == "conv" or all(windows.values()))
    assert len(size) == axes
    if legal:
        assert Scene(**fields).output == tuple(size)
    else:
        with pytest.raises(SceneError):
            Scene(**fields)


@pytest.mark.parametrize("transposed", [False, True])
def test_whole_numbers_stay_whole_beyond_64_bits(transposed):
    scene = Scene(input=3, kernel=3, padding=1, transposed=transposed)
    recording = record(scene, np.full((3, 3), 2**62), np.full((3, 3), 2**62))
    assert recording.output[0, 1, 1] == 9 * 2**124
    assert recording[4].value == 9 * 2**124


def test_small_whole_numbers_are_int64_and_decimals_float64():
    scene = Scene(input=3, kernel=2)
    assert record(scene).output.dtype == np.int64
    assert record(scene, kernel=[[0.5, 1], [1, 1]]).output.dtype == np.float64


def test_arrays_are_read_only():
    recording = record(Scene(input=3, kernel=2))
    with pytest.raises(ValueError, match="read-only"):
        recording.output[0, 0, 0] = 1


@pytest.mark.parametrize("shape", [(3, 3), (1, 3, 3)])
def test_channel_axes_of_one_may_be_left_out(shape):
    scene = Scene(input=3, kernel=2)
    assert record(scene, np.ones(shape), np.ones((2, 2))).output[0, 0, 0] == 4


@pytest.mark.parametrize(
    ("input", "kernel", "words"),
    [
        (np.ones((4, 3)), None, "input: got an array of 4×3"),
        (None, np.ones((1, 1, 1, 2, 2)), "kernel: got an array of 1×1×1×2×2"),
        (np.full((3, 3), np.nan), None, "not finite"),
        (np.full((3, 3), 1j), None, "complex"),
        ([["a"] * 3] * 3, None, "legal are integers and floats"),
        ([[1], [1, 2]], None, "legal is an array"),
        (np.full((3, 3), 1e200), np.full((2, 2), 1e200), "64-bit float"),
        (np.full((3, 3), 1e308), None, "too large"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_by_name(input, kernel, words):
    with pytest.raises(SceneError, match=words):
        record(Scene(input=3, kernel=2), input, kernel)


def test_a_pooling_takes_no_kernel_array():
    with pytest.raises(SceneError, match="kernel"):
        record(Scene(op="max_pool", input=3, kernel=2), kernel=np.ones((2, 2)))


def test_a_recording_of_given_arrays_says_them_in_its_scene():
    x = np.arange(9).reshape(3, 3)
    recording = record(Scene(input=3, kernel=2), input=x)
    assert record(recording.scene) == recording
    assert recording != record(Scene(input=3, kernel=2))


def test_recordings_that_differ_in_anything_differ():
    base = record(Scene(3, 1, title="a"), np.zeros((3, 3), int), [[1]])
    assert base == record(Scene(3, 1, title="a"), np.zeros((3, 3), int), [[1]])
    assert base != record(Scene(3, 1, title="a"), np.zeros((3, 3), int), [[2]])
    assert base != record(Scene(3, 1, title="b"), np.zeros((3, 3), int), [[1]])


def test_averages_of_huge_whole_numbers_are_rounded_once():
    """2**60 + 1 divided by 3: going through a float first gives another last digit for some of these."""
    for number in range(2**60 + 1, 2**60 + 4000, 7):
        recording = record(Scene([3], 3, op="avg_pool"), [number, 0, 0])
        assert recording.output[0][0] == number / 3


def test_holes_hold_zeros_of_the_arrays_kind():
    scene = Scene([1], 2, padding=1)
    assert type(record(scene, [1], [1, 1])[0].taps[0].value) is int
    assert type(record(scene, [1.0], [1, 1])[0].taps[0].value) is float


def test_numbers_beyond_what_is_legal_are_refused_in_arrays_too():
    with pytest.raises(SceneError, match="input"):
        record(Scene([1], 1), np.array([10**400], dtype=object))


def test_recordings_are_sequences():
    recording = record(Scene(input=3, kernel=2))
    assert len(recording) == 4
    assert recording[-1] == recording[3]
    assert [placement.output for placement in recording[1:3]] == [(0, 1), (1, 0)]
    with pytest.raises(IndexError):
        recording[4]


@settings(max_examples=200, deadline=None)
@given(fitting(ops=("conv", "max_pool")))
def test_the_whole_canvas_at_once_is_what_its_cells_are_one_by_one(fields):
    scene = possible(fields)
    assume(scene is not None)
    recording = record(scene)
    cells = list(loops.cells(recording.canvas_size))
    assert recording.kinds() == tuple(recording.kind(cell) for cell in cells)
    sources, inside = recording.canvas_sources()
    for cell in cells:
        source = recording.source(cell)
        assert inside[cell] == (source is not None)
        if source is not None:
            assert sources[cell] == np.ravel_multi_index(source, scene.input)
