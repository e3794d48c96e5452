"""Stacks: sizes chain, receptive fields are the known ones, and the cells seen are those that change the output."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convanim import SceneError, load_scene, load_stack, record
from convanim.catalogue import built_in_stacks
from convanim.engine.chain import record_stack
from convanim.scene.stack import Stack


def test_three_3x3_convolutions_see_seven_cells():
    stack = Stack(9, [{"kernel": 3}] * 3)
    assert [stack.fields(layer)[0].size for layer in range(3)] == [3, 5, 7]
    assert stack.output == (3, 3)
    assert len(stack.sees((0, 0))) == 49
    assert stack.fields()[0] == (7, 1, 3)


def test_dilations_that_double_see_as_far_as_a_power_of_two():
    """The WaveNet tree: causal, kernel 2, dilations 1, 2, 4, 8 see 16 cells."""
    stack = Stack([16], [{"kernel": 2, "dilation": 2**n, "padding": "causal"} for n in range(4)])
    assert stack.fields()[0].size == 16
    assert stack.sees((15,)) == {(n,) for n in range(16)}
    assert stack.sees((3,)) == {(n,) for n in range(4)}


def test_the_generator_of_dcgan_doubles_four_times():
    layer = {"kernel": 4, "stride": 2, "padding": 1, "transposed": True}
    stack = Stack(4, [layer | {"out_channels": n} for n in (512, 256, 128, 3)], in_channels=1024)
    assert [scene.output for scene in stack.layers] == [(8, 8), (16, 16), (32, 32), (64, 64)]
    assert stack.fields()[0].jump == Fraction(1, 16)
    assert stack.layers[-1].in_channels == 128


def test_an_unpooling_undoes_the_pooling_that_it_nests_with():
    stack = Stack(
        8,
        [{"op": "max_pool", "kernel": 2}, {"op": "max_pool", "kernel": 2}, {"op": "max_unpool"}, {"op": "max_unpool"}],
    )
    assert [stack.undoes(number) for number in range(4)] == [None, None, 1, 0]
    assert [scene.output for scene in stack.layers] == [(4, 4), (2, 2), (4, 4), (8, 8)]
    first, second, third, fourth = record_stack(stack)
    assert (third.placed == second.switches).all()
    assert (fourth.placed == first.switches).all()
    assert (fourth.output.ravel()[fourth.placed.ravel()] == third.output.ravel()).all()


def test_a_layer_is_recorded_from_the_output_of_the_one_before():
    stack = Stack(6, [{"kernel": 3}, {"op": "max_pool", "kernel": 2}])
    first, second = record_stack(stack)
    assert (second.input == first.output).all()
    assert first == record(stack.layers[0])


LAYERS = [
    {"kernel": 3},
    {"kernel": 2, "stride": 2, "padding": 1},
    {"kernel": 2, "dilation": 2, "padding": 1, "padding_mode": "replicate"},
    {"kernel": 3, "padding": 1, "padding_mode": "reflect"},
    {"kernel": 3, "stride": 2, "transposed": True, "padding": 1},
    {"kernel": 2, "stride": 3, "transposed": True, "output_padding": 1},
    {"op": "avg_pool", "kernel": 2, "ceil_mode": True},
    {"op": "upsample", "scale_factor": 2},
    {"op": "upsample", "scale_factor": 1.5, "mode": "linear"},
    {"op": "upsample", "scale_factor": 2, "mode": "bed-of-nails"},
]


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 8), st.lists(st.sampled_from(LAYERS), min_size=1, max_size=3))
def test_what_a_cell_sees_is_what_changes_it(size, layers):
    """Poke every input cell: with kernels of ones and averages nothing cancels."""
    ones = [layer if "op" in layer else layer | {"values": {"kernel": "box"}} for layer in layers]
    try:
        stack = Stack([size], ones)
    except SceneError:
        assume(False)
    outputs = []
    for poked in range(size):
        x = np.zeros(size, dtype=int)
        x[poked] = 1
        outputs.append(record_stack(stack, x)[-1].output[0] != 0)
    for output in range(stack.output[0]):
        seen = {(poked,) for poked in range(size) if outputs[poked][output]}
        assert stack.sees((output,)) == seen
        assert {cell for cell in ((n,) for n in range(size)) if (output,) in stack.reaches(cell)} == seen


def test_the_built_in_stacks_are_what_their_titles_say():
    files = built_in_stacks()
    assert set(files) == {"dcgan_generator", "fcn_head", "three_3x3"}
    assert load_stack(files["three_3x3"]).fields()[0].size == 7
    assert load_stack(files["dcgan_generator"]).output == (64, 64)
    assert load_stack(files["fcn_head"]).output == (224, 224)
    with pytest.raises(SceneError, match="layers: a stack"):
        load_scene(files["fcn_head"])


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"layers": [{"kernel": 3}]}, "input: missing"),
        ({"input": 5, "layers": []}, "layers"),
        ({"input": 5, "layers": [{"kernel": 3}, {"kernel": 9}]}, r"layers\[2\].kernel: got 9"),
        ({"input": 5, "layers": [{"kernel": 3, "input": 4}]}, r"layers\[1\].input"),
        ({"input": 5, "kernel": 3, "layers": [{"kernel": 3}]}, "kernel: not a field of a stack"),
        ({"input": 5, "layers": [{"kernel": 3, "strid": 4}]}, r"layers\[1\].strid: .*did you mean stride"),
        ({"input": 5, "title": 3, "layers": [{"kernel": 3}]}, "title"),
    ],
)
def test_what_is_wrong_says_in_which_layer(mapping, words):
    with pytest.raises(SceneError, match=words):
        Stack.from_dict(mapping)
