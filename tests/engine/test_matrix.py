"""The matrix form: C @ x is the output, and a convolution's Cᵀ is the transposed convolution."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convanim import Scene, SceneError, matrix, record
from tests.family import scenes


@settings(max_examples=500, deadline=None)
@given(scenes(ops=("conv", "avg_pool", "upsample", "max_unpool", "conv_input_grad", "conv_kernel_grad")))
def test_the_matrix_times_the_input_is_the_output(scene):
    recording = record(scene)
    form = matrix(recording)
    assert form.shape == (recording.output.size, recording.input.size)
    assert (form @ recording.input == recording.output).all()
    assert (form @ recording.input.ravel() == recording.output.ravel()).all()
    if scene.op not in {"avg_pool", "upsample"}:
        assert (form.dense() @ recording.input.ravel() == recording.output.ravel()).all()


@settings(max_examples=300, deadline=None)
@given(scenes(ops=("conv",), transposed=False, padding_modes=("zeros",)), st.integers(0, 99))
def test_the_transpose_of_a_convolution_is_the_transposed_convolution(scene, seed):
    """The same kernel array; the output size is the input's, so that the remainder comes back as output padding."""
    form = matrix(record(scene))
    kernel = record(scene).kernel
    back = Scene(
        scene.output,
        scene.kernel,
        transposed=True,
        stride=scene.stride,
        dilation=scene.dilation,
        padding=scene.pads,
        output_size=scene.input,
        flip=scene.flip,
        in_channels=scene.out_channels,
        out_channels=scene.in_channels,
        groups=scene.groups,
    )
    gradient = np.random.default_rng(seed).integers(-9, 9, back.input_shape)
    transposed = record(back, gradient, kernel)
    assert (form.T @ gradient == transposed.output).all()
    assert (matrix(transposed).dense() == form.dense().T).all()


def test_the_known_matrix_of_a_3x3_kernel_on_a_4x4_input():
    form = matrix(Scene(4, 3, values={"kernel": "ramp"}))
    assert form.shape == (4, 16)
    assert np.bincount(form.rows).tolist() == [9, 9, 9, 9]
    assert form.dense()[0].tolist() == [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0]
    assert form.dense()[3].tolist() == [0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9]


def test_a_cell_that_padding_repeats_has_one_entry_with_the_sum():
    form = matrix(Scene([2], 3, padding=1, padding_mode="replicate", values={"kernel": [1, 2, 4]}))
    assert form.dense().tolist() == [[3, 4], [1, 6]]


def test_entries_beyond_64_bits_stay_whole():
    form = matrix(Scene([2], 1, values={"kernel": [2**70], "input": [1, 2]}))
    assert (form @ np.array([1, 2], dtype=object)).tolist() == [2**70, 2**71]


@pytest.mark.frameworks
def test_scipy_gets_the_same_matrix():
    form = matrix(Scene(4, 3))
    assert (form.sparse().toarray() == form.dense()).all()


def test_a_maximum_has_no_matrix():
    with pytest.raises(SceneError, match="not linear"):
        matrix(Scene(4, 2, op="max_pool"))


def test_a_vector_of_the_wrong_length_is_refused():
    with pytest.raises(SceneError, match="input"):
        matrix(Scene(4, 3)) @ np.ones(3)
