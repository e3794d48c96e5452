"""What holds for every operation of the family, and each option against something plain: np.pad, loops, an identity."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convanim import Scene, SceneError, record
from convanim.engine import conv
from convanim.scene import parse_scene, scene_to_toml
from tests.benchmarks.engine import held
from tests.family import scenes

MANY = settings(max_examples=400, deadline=None)
PAD_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}

MANY_CHANNELS = [
    Scene(4, 3, in_channels=8, out_channels=4),
    Scene(9, 3, in_channels=8, out_channels=4, padding=1),
    Scene([4, 5], [3, 2], in_channels=8, out_channels=8, groups=2, stride=2, transposed=True),
    Scene(40, 3, dimensions=1, in_channels=4, out_channels=5, dilation=2),
]


@MANY
@given(scenes(), st.booleans())
def test_every_placement_makes_its_output_cell_from_its_taps(scene, is_float):
    x = np.random.default_rng(0).integers(-9, 9, scene.input_shape)
    recording = record(scene, x * 0.37 if is_float else x)
    cells = {}
    for placement in recording:
        products = [tap.product for tap in placement.taps if tap.product is not None]
        for tap in placement.taps:
            if tap.source is not None:
                assert tap.value == recording.input[(tap.channel, *tap.source)]
        total = 0
        for number in products:  # one after the other, as the recording says that they were
            total += number
        if scene.op == "max_pool":
            assert placement.value == placement.taps[placement.chosen].value == max(products)
        elif scene.op == "avg_pool" and not is_float:
            assert placement.value == Fraction(total, placement.divisor)
        elif scene.op == "avg_pool":
            assert placement.value == total / placement.divisor
        elif scene.op != "upsample" or not is_float:
            assert placement.value == total
        else:
            assert placement.value == pytest.approx(total, rel=1e-12)
        cells[(placement.channel, *placement.output)] = float(placement.value)
    flat = recording.output.reshape(recording.planes, *scene.output)
    assert all(flat[cell] == value for cell, value in cells.items())
    if scene.op == "max_unpool":
        rest = np.ones(flat.shape, dtype=bool)
        rest[tuple(np.array(list(cells)).T)] = False
        assert not flat[rest].any()
    else:
        assert len(cells) == flat.size == len(recording)


@MANY
@given(scenes())
def test_a_scene_of_the_family_survives_its_file(scene):
    assert parse_scene(scene_to_toml(scene)) == scene


@MANY
@given(scenes(ops=("conv_input_grad",)))
def test_the_gradient_with_respect_to_the_input_is_the_transposed_convolution(scene):
    same = {
        name: getattr(scene, name)
        for name in (
            "kernel",
            "stride",
            "padding",
            "dilation",
            "output_padding",
            "flip",
            "in_channels",
            "out_channels",
            "groups",
        )
    }
    gradient, transposed = record(scene), record(Scene(scene.input, transposed=True, **same))
    assert (gradient.output == transposed.output).all()
    assert list(gradient) == list(transposed)
    assert list(gradient.stamps) == list(transposed.stamps)


@MANY
@given(scenes(ops=("conv_kernel_grad",)), st.integers(0, 99))
def test_the_gradient_with_respect_to_the_kernel_measures_the_output_along_any_kernel(scene, seed):
    """A convolution is linear in its kernel w, so that (gradient, w) = (dy, y) whatever w is."""
    same = {
        name: getattr(scene, name)
        for name in ("stride", "padding", "padding_mode", "dilation", "in_channels", "out_channels", "groups")
    }
    backward = record(scene)
    forward = Scene(scene.input, scene.kernel, **same)
    assert backward.output.shape == forward.kernel_shape
    w = np.random.default_rng(seed).integers(-9, 9, forward.kernel_shape)
    y = record(forward, backward.input, w).output
    assert (backward.output * w).sum() == (backward.kernel * y).sum()


@MANY
@given(scenes(ops=("conv",), transposed=False))
def test_padding_modes_are_those_of_np_pad(scene):
    recording = record(scene)
    padded = np.pad(recording.input, [(0, 0), *scene.pads], mode=PAD_MODES[scene.padding_mode])
    bare = Scene(
        padded.shape[1:],
        scene.kernel,
        stride=scene.stride,
        dilation=scene.dilation,
        flip=scene.flip,
        in_channels=scene.in_channels,
        out_channels=scene.out_channels,
        groups=scene.groups,
    )
    assert (record(bare, padded, recording.kernel).output == recording.output).all()


@MANY
@given(scenes(ops=("conv", "conv_input_grad")))
def test_channels_are_sums_of_convolutions_of_one_channel(scene):
    recording = record(scene)
    same = {
        name: getattr(scene, name)
        for name in ("stride", "padding", "padding_mode", "dilation", "transposed", "output_padding", "flip")
    }
    one = Scene(scene.input, scene.kernel, **same)
    inside, outside = scene.in_channels // scene.groups, scene.out_channels // scene.groups
    for plane in range(scene.out_channels):
        first = plane // outside * inside
        total = 0
        for at in range(inside):
            kernel = recording.kernel[first + at, plane % outside] if scene.transposed else recording.kernel[plane, at]
            total = total + record(one, recording.input[first + at], kernel).output[0]
        assert (recording.output[plane] == total).all()


@MANY
@given(scenes(ops=("max_pool",)))
def test_switches_are_the_cells_that_the_maxima_came_from(scene):
    recording = record(scene)
    for plane, switches, output in zip(recording.input, recording.switches, recording.output, strict=True):
        assert (plane.ravel()[switches] == output).all()


@MANY
@given(scenes(ops=("max_pool",)))
def test_unpooling_carries_the_maxima_back(scene):
    pooled = record(scene)
    assume(scene.in_channels == 1)
    same = {"kernel": scene.kernel, "stride": scene.stride}
    try:
        back = Scene(scene.output, op="max_unpool", padding=scene.pads, output_size=scene.input, **same)
    except SceneError:
        assume(False)
    unpooled = record(back, pooled.output, switches=pooled.switches)
    kept = np.zeros(pooled.input.size, dtype=bool)
    kept[pooled.switches.ravel()] = True
    assert (unpooled.output.ravel() == np.where(kept, pooled.input.ravel(), 0)).all()


def test_sums_over_channels_never_wrap():
    scene = Scene(3, 2, in_channels=2, out_channels=2)
    x, w = np.full((2, 3, 3), 2**62), np.full((2, 2, 2, 2), -(2**62))
    assert record(scene, x, w).output.tolist() == [[[-8 * 2**124] * 2] * 2] * 2
    assert record(scene, x, np.ones((2, 2, 2, 2), int)).output.tolist() == [[[8 * 2**62] * 2] * 2] * 2


@pytest.mark.parametrize("op", ["avg_pool", "max_pool", "upsample", "conv_kernel_grad", "conv_input_grad"])
def test_numbers_near_the_edge_of_64_bits_are_exact_in_every_operation(op):
    big = 2**62 + 1
    parameters = {"scale_factor": 2, "mode": "linear"} if op == "upsample" else {"kernel": 2, "stride": 1}
    scene = Scene([4], op=op, **parameters)
    x = np.array([big, big, big, big])
    kernel = np.full(scene.kernel_shape, 3) if scene.has_kernel else None
    recording = record(scene, x, kernel)
    exact = {big, 3 * big, 6 * big, 9 * big}
    assert {int(placement.value) for placement in recording} <= exact


def test_a_sum_that_many_channels_add_up_is_exact_whichever_way_it_is_computed():
    rng = np.random.default_rng(1)
    scene = Scene(7, 3, in_channels=8, out_channels=8, groups=2, padding=1, stride=2)
    x, w = rng.integers(-9, 9, scene.input_shape), rng.integers(-9, 9, scene.kernel_shape)
    small = record(scene, x, w).output
    assert small.dtype == np.int64
    assert (record(scene, x.astype(object) * 2**70, w).output == small.astype(object) * 2**70).all()
    assert record(scene, x / 3, w).output == pytest.approx(small / 3)


@pytest.mark.parametrize("scene", MANY_CHANNELS, ids=str)
def test_float_sums_are_added_in_the_recorded_order_with_many_channels_too(scene, monkeypatch):
    monkeypatch.setattr(conv, "_PATCHES", 2000)
    rng = np.random.default_rng(2)
    x, w = rng.normal(size=scene.input_shape), rng.normal(size=scene.kernel_shape)
    recording = record(scene, x, w)
    for placement in recording:
        total = 0.0
        for tap in placement.taps:
            total += tap.product
        assert total == recording.output[(placement.channel, *placement.output)]
    monkeypatch.setattr(conv, "_einsum_adds_in_order", lambda: False)
    assert (record(scene, x, w).output == recording.output).all()


def test_a_recording_holds_little_more_than_its_arrays():
    bytes_held, arrays = held()
    assert bytes_held <= 2 * arrays


@pytest.mark.parametrize(("stride", "dimensions"), [(2, 1), (2, 2), (3, 2), (4, 1), (5, 1)])
def test_bilinear_upsampling_is_the_transposed_convolution_with_the_tent(stride, dimensions):
    """FCN's initial kernel. The edge is repeated once around the input, as upsampling does, and what that adds cut off."""
    kernel = 2 * stride - stride % 2
    x = np.arange(5**dimensions).reshape([5] * dimensions) ** 2
    upsampled = record(Scene([5] * dimensions, op="upsample", scale_factor=stride, mode="linear"), x)
    margin = stride + (kernel - stride) // 2
    tent = Scene(
        [7] * dimensions, kernel, stride=stride, padding=margin, transposed=True, values={"kernel": "bilinear"}
    )
    transposed = record(tent, np.pad(x, 1, mode="edge"))
    whole = int(transposed.kernel.sum()) // stride**dimensions
    assert upsampled.output.shape == transposed.output.shape
    assert (upsampled.output == transposed.output / whole).all()


REFUSED = [
    ({"input": 4, "kernel": 3, "padding": 4, "padding_mode": "reflect"}, "padding"),
    ({"input": 4, "kernel": 3, "padding": 5, "padding_mode": "circular"}, "padding"),
    ({"input": 4, "kernel": 3, "padding_mode": "reflect", "transposed": True}, "padding_mode"),
    ({"input": 4, "kernel": 2, "padding_mode": "reflect", "op": "max_pool"}, "padding_mode"),
    ({"input": 4, "kernel": 3, "padding": "same-torch", "stride": 2}, "padding"),
    ({"input": 4, "kernel": 3, "padding": "causal"}, "padding"),
    ({"input": 4, "kernel": 3, "padding": "valid-keras"}, "padding"),
    ({"input": 4, "kernel": 3, "padding": "causal", "transposed": True}, "padding"),
    ({"input": 4, "kernel": 3, "in_channels": 3, "groups": 2, "out_channels": 2}, "groups"),
    ({"input": 4, "kernel": 3, "in_channels": 2, "groups": 2, "out_channels": 3}, "groups"),
    ({"input": 4, "kernel": 2, "op": "max_pool", "in_channels": 2, "out_channels": 3}, "out_channels"),
    ({"input": 4, "kernel": 2, "op": "max_pool", "groups": 2}, "groups"),
    ({"input": 4, "kernel": 3, "output_size": 4}, "output_size"),
    ({"input": 4, "kernel": 3, "transposed": True, "stride": 2, "output_size": 11}, "output_size"),
    ({"input": 4, "kernel": 3, "transposed": True, "stride": 2, "output_size": 9, "output_padding": 1}, "output_size"),
    (
        {"input": 4, "kernel": 3, "transposed": True, "stride": 2, "padding": "same-tensorflow", "output_size": 9},
        "output_size",
    ),
    (
        {"input": 4, "kernel": 3, "transposed": True, "stride": 2, "padding": "same-keras", "output_padding": 2},
        "output_padding",
    ),
    ({"input": 4, "kernel": 2, "op": "max_unpool", "output_size": 10}, "output_size"),
    ({"input": 4, "kernel": 2, "op": "max_unpool", "padding": "same"}, "padding"),
    ({"input": 4, "kernel": 3, "ceil_mode": True}, "ceil_mode"),
    ({"input": 4, "kernel": 2, "op": "max_pool", "divisor_override": 2}, "divisor_override"),
    ({"input": 4, "op": "upsample"}, "scale_factor"),
    ({"input": 4, "op": "upsample", "scale_factor": 2, "output_size": 8}, "scale_factor"),
    ({"input": 4, "op": "upsample", "scale_factor": 0.1}, "scale_factor"),
    ({"input": 4, "op": "upsample", "scale_factor": 2, "kernel": 3}, "kernel"),
    ({"input": 4, "op": "upsample", "scale_factor": 2, "stride": 3}, "stride"),
    ({"input": 4, "op": "upsample", "scale_factor": 1.5, "mode": "bed-of-nails"}, "scale_factor"),
    ({"input": 3, "op": "upsample", "output_size": 5, "mode": "bed-of-nails"}, "output_size"),
    ({"input": 3, "op": "upsample", "output_size": 1, "mode": "bed-of-nails"}, "output_size"),
    ({"input": 4, "op": "upsample", "scale_factor": 2, "mode": "linear", "rounding": "ceil"}, "rounding"),
    (
        {"input": 4, "op": "upsample", "scale_factor": 2, "align_corners": True, "coordinates": "asymmetric"},
        "align_corners",
    ),
    ({"input": 4, "kernel": 3, "scale_factor": 2}, "scale_factor"),
    ({"input": 4, "kernel": 3, "op": "conv_kernel_grad", "flip": True}, "flip"),
    ({"input": 2, "kernel": 3, "op": "conv_kernel_grad"}, "kernel"),
    ({"input": 4, "kernel": 3, "values": {"switches": [[1]]}}, "values.switches"),
    ({"input": 4, "kernel": 2, "values": {"kernel": "sobel-x"}}, "values.kernel"),
    ({"input": 4, "kernel": 3, "in_channels": 2, "values": {"kernel": [[1, 2, 3]] * 3}}, "values.kernel"),
]


@pytest.mark.parametrize(("written", "field"), REFUSED, ids=lambda value: str(value)[:60])
def test_what_has_no_result_is_refused_by_name(written, field):
    with pytest.raises(SceneError) as caught:
        Scene.from_dict(written)
    assert [problem.field for problem in caught.value.problems] == [field]


@pytest.mark.parametrize(
    ("switches", "words"),
    [
        ([[0, 1], [4, 99]], "got 99"),
        ([[0, 0], [4, 5]], "two of them name cell 0"),
        ([[0, 1]], "legal are whole numbers"),
    ],
)
def test_switches_that_do_not_fit_are_refused(switches, words):
    with pytest.raises(SceneError, match=words):
        record(Scene(2, 2, op="max_unpool"), [[1, 2], [3, 4]], switches=switches)
