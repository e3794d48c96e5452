"""Stacks: sizes chain, receptive fields are the known ones, and the cells seen are those that change the output."""

import time
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


POOLED = {"op": "max_pool", "kernel": 2}
STRUCTURES = [
    {"kernel": 3},
    {"kernel": 2, "stride": 3, "padding": 1},
    {"kernel": 3, "stride": 2, "transposed": True, "padding": 1},
    {"kernel": 1, "stride": 3, "transposed": True},
    {"op": "upsample", "scale_factor": 2, "mode": "bed-of-nails"},
    {"op": "max_pool", "kernel": 2},
    {"op": "max_pool", "kernel": 3, "stride": 2, "padding": 1},
    {"op": "max_pool", "kernel": 2, "stride": 1, "dilation": 2},
    {"op": "max_unpool"},
    {"op": "max_unpool", "kernel": 3, "stride": 2},
]


def may_read(scene, pooling):
    """Which input cells an output cell of a layer of one axis may be made of, by trying every tap of every cell."""
    reads = {output: set() for output in range(scene.output[0])}
    nails = scene.mode == "bed-of-nails" and scene.op == "upsample"
    stretched = nails or scene.transposed or scene.op == "max_unpool"
    kernel, stride = (1, int(scene.scale_factor[0])) if nails else (scene.kernel[0], scene.stride[0])
    before = 0 if nails else scene.pads[0][0]
    for source in range(scene.input[0]):
        for output, sources in reads.items():
            near, far = (source, output) if stretched else (output, source)
            for tap in range(kernel):
                if far == near * stride - before + tap * (pooling or scene).dilation[0]:
                    sources.add(source)
    return reads


def structure(stack):
    """Which cells of the stack's input each output cell may be made of, layer by layer."""
    seen = {cell: {cell} for cell in range(stack.input[0])}
    for number, scene in enumerate(stack.layers):
        undone = stack.undoes(number)
        reads = may_read(scene, None if undone is None else stack.layers[undone])
        seen = {output: {one for cell in cells for one in seen[cell]} for output, cells in reads.items()}
    return seen


def possible_stack(size, layers):
    try:
        return Stack([size], layers)
    except SceneError:
        return assume(False)


@settings(max_examples=200, deadline=None)
@given(st.integers(4, 12), st.lists(st.sampled_from(STRUCTURES), min_size=1, max_size=4))
def test_what_a_cell_may_see_through_any_switches_is_counted_tap_by_tap(size, layers):
    stack = possible_stack(size, layers)
    seen = structure(stack)
    for output, cells in seen.items():
        assert stack.sees((output,)) == {(cell,) for cell in cells}
    for cell in range(size):
        assert stack.reaches((cell,)) == {(output,) for output, cells in seen.items() if cell in cells}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(STRUCTURES), min_size=1, max_size=3))
def test_the_receptive_field_is_the_widest_span_far_from_the_edges(layers):
    assume(not any(layer.get("dilation") for layer in layers))
    stack = possible_stack(80, layers)
    seen = [cells for cells in structure(stack).values() if cells and min(cells) > 25 and max(cells) < 55]
    assume(seen)
    assert stack.fields()[0].size == max(max(cells) - min(cells) + 1 for cells in seen)


# layers, and of the last one's cells: receptive field, effective stride, middle of the first
FIELDS = [
    ([{"op": "upsample", "scale_factor": 2, "mode": "bed-of-nails"}], (1, Fraction(1, 2), 0)),
    (
        [{"op": "upsample", "scale_factor": 2, "mode": "bed-of-nails"}, {"kernel": 3}],
        (2, Fraction(1, 2), Fraction(1, 2)),
    ),
    ([{"op": "max_pool", "kernel": 2}, {"op": "max_unpool"}], (2, 1, Fraction(1, 2))),
    ([{"op": "max_unpool", "kernel": 2}], (1, Fraction(1, 2), 0)),
    ([{"kernel": 4, "stride": 2, "padding": 1, "transposed": True}], (2, Fraction(1, 2), Fraction(-1, 4))),
]


@pytest.mark.parametrize(("layers", "field"), FIELDS, ids=str)
def test_holes_and_unpooled_values_count_in_a_receptive_field(layers, field):
    assert Stack([12], layers).fields() == (field,)


def test_an_unpooled_cell_sees_the_window_that_was_pooled():
    stack = Stack([12], [{"op": "max_pool", "kernel": 2}, {"op": "max_unpool"}])
    assert stack.sees((5,)) == {(4,), (5,)}
    assert stack.reaches((4,)) == {(4,), (5,)}


def test_hundreds_of_layers_of_a_million_cells_take_a_moment():
    stack = Stack([10**6], [{"kernel": 3, "padding": 1}, {"op": "max_pool", "kernel": 3, "stride": 1}] * 100)
    started = time.monotonic()
    assert [stack.fields(layer)[0].size for layer in range(200)] == list(range(3, 403, 2))
    assert stack.reaches((500_000,)) == {(cell,) for cell in range(499_700, 500_101)}
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("layers", "size"),
    [
        ([{"kernel": 4, "stride": 2, "padding": 1, "transposed": True}] * 20 + [{"kernel": 3, "padding": 1}] * 100, 4),
        ([POOLED, {"op": "max_unpool"}] * 100, 2),
        ([{"op": "upsample", "scale_factor": 1.37, "mode": "linear"}] * 6, 5),
    ],
    ids=["transposed", "unpooled", "upsampled"],
)
def test_fields_that_come_again_late_take_a_moment_too(layers, size):
    started = time.monotonic()
    assert Stack([8], layers).fields()[0].size == size
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([POOLED, {"op": "max_unpool", "kernel": 3}], r"layers\[2\]\.kernel: got 3; but layers\[1\].* has 2; leave"),
        ([POOLED, {"op": "max_unpool", "stride": 1}], r"layers\[2\]\.stride: got 1; but layers\[1\].* has 2; leave"),
        ([POOLED, {"op": "max_unpool", "output_size": 7}], r"layers\[2\]\.output_size: got 7; but layers\[1\].* has 8"),
        ([POOLED, {"op": "max_unpool", "values": {"switches": {"seed": 1}}}], r"layers\[2\]\.values\.switches: given"),
        ([POOLED, {"kernel": 1, "padding": 1}, {"op": "max_unpool", "output_size": 8}], r"layers\[3\]\."),
        (
            [POOLED, {"kernel": 1, "out_channels": 2}, {"op": "max_unpool"}],
            r"layers\[3\]\.input: got 2×4×4 .* made 1×4×4",
        ),
    ],
    ids=str,
)
def test_an_unpooling_must_not_contradict_the_pooling_that_it_undoes(layers, words):
    with pytest.raises(SceneError, match=words):
        Stack(8, layers)


def test_a_pooling_padded_by_name_is_undone():
    stack = Stack([7], [{"op": "max_pool", "kernel": 3, "stride": 2, "padding": "same"}, {"op": "max_unpool"}])
    assert stack.output == (7,)


@pytest.mark.parametrize("layer", [1, -2, "first", None, 0.5])
def test_a_layer_that_is_none_is_refused(layer):
    with pytest.raises(SceneError, match=r"layer: got .*; legal is 0, or counted from the end"):
        Stack(8, [{"kernel": 3}]).fields(layer)


def test_the_built_in_stacks_are_what_their_titles_say():
    files = built_in_stacks()
    assert set(files) == {"dcgan_generator", "fcn_head", "three_3x3"}
    assert load_stack(files["three_3x3"]).fields()[0].size == 7
    assert load_stack(files["dcgan_generator"]).output == (64, 64)
    assert load_stack(files["fcn_head"]).output == (14, 14)
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
