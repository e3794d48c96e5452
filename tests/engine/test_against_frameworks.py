"""The engine against what PyTorch, JAX, ONNX, TensorFlow, Keras, SciPy and NumPy answered: tests/golden."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from convanim import Scene, SceneError, record
from tests.golden import case, data

SHOWN = 5
FRAMEWORKS = ("torch", "jax", "onnx", "onnxruntime", "tensorflow", "keras", "scipy", "onnx-nodes")
OF_INTERPOLATION = 1e-13
AT_LEAST = {"torch": 1800, "jax": 900, "onnx": 500, "onnxruntime": 200, "tensorflow": 200, "keras": 150, "scipy": 200}


def kind_of(one):
    if "refused" in one:
        return "refused"
    scene = one["scene"]
    return "transposed" if scene.get("transposed") else scene.get("op", "conv")


def golden():
    """The stored cases by framework and kind."""
    found = defaultdict(list)
    for framework in FRAMEWORKS:
        for one in case.read(framework):
            if "left_out" not in one:
                found[framework, kind_of(one)].append(one)
    return found


GOLDEN = golden()


def tolerance(one, arrays):
    """How far the framework's own rounding may lie from the exact answer, for a case that has fractions.

    An average is one division of a whole sum, so float64 has it to the last bit. An interpolation weighs with rounded
    weights: some units in the last place of the largest number. A framework that computes in float32 says so itself.
    """
    largest = max((float(np.abs(numbers).max()) for name, numbers in arrays.items() if name != "switches"), default=0)
    if "precision" in one:
        return one["precision"] * largest
    return OF_INTERPOLATION * largest if one["scene"].get("mode") == "linear" else 0


def difference(one):
    """What convanim has differently, in words; empty where it agrees."""
    try:
        scene = Scene.from_dict(one["scene"])
        arrays = data.arrays(one, scene.output)
        recording = record(scene, **arrays)
    except SceneError as error:
        named = {problem.field for problem in error.problems}
        return "" if named & set(one.get("refused", ())) else f"refused, not for {one.get('refused')}: {error}"
    if "refused" in one:
        return f"computed, and should have been refused for {one['refused']}"
    return difference_of_numbers(recording, one, tolerance(one, arrays))


def difference_of_numbers(recording, one, allowed):
    if list(recording.output.shape) != one["shape"]:
        return f"the output is {recording.output.shape}, not {one['shape']}"
    expected = np.array(one["output"])
    output = recording.output.ravel()
    output = output if len(output) == len(expected) else output[case.sampled(one["shape"])]
    if not (np.abs(output - expected) <= allowed).all():
        return f"the output is {output.tolist()}, not {expected.tolist()}"
    if "switches" in one and recording.switches.ravel().tolist() != one["switches"]:
        return f"the switches are {recording.switches.ravel().tolist()}, not {one['switches']}"
    return ""


def explained(cases):
    """All that differ, the first few in full: an empty text where none does."""
    differences = [(one, words) for one in cases if (words := difference(one))]
    shown = [f"{one['call']}\n  {one['scene']}\n  {words}" for one, words in differences[:SHOWN]]
    return "\n".join([f"{len(differences)} of {len(cases)} differ, such as", *shown]) if differences else ""


@pytest.mark.parametrize(("framework", "kind"), list(GOLDEN))
def test_each_number_is_what_the_framework_answers(framework, kind):
    assert not explained(GOLDEN[framework, kind])


def test_there_are_as_many_cases_as_we_say():
    counts = Counter()
    for (framework, _), cases in GOLDEN.items():
        counts[framework] += len(cases)
    assert {name: counts[name] for name, least in AT_LEAST.items() if counts[name] < least} == {}
    assert counts["torch"] + counts["jax"] + counts["onnx"] >= 3600


def answered():
    return [one for cases in GOLDEN.values() for one in cases if "refused" not in one]


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize(
    "kind",
    ["conv", "transposed", "max_pool", "avg_pool", "max_unpool", "upsample", "conv_input_grad", "conv_kernel_grad"],
)
def test_each_operation_is_compared_in_each_number_of_dimensions(kind, axes):
    sizes = [len(one["shape"]) - (2 if kind == "conv_kernel_grad" else 1) for one in answered() if kind_of(one) == kind]
    assert sizes.count(axes) >= 15


NAMES_OF_PADDING = (
    *("valid", "full", "same", "same-upper", "same-lower", "same-torch", "same-tensorflow", "same-keras", "same-jax"),
    *("same-onnx", "causal", "valid-tensorflow", "valid-keras", "valid-jax"),
)
OPTIONS = {
    "a stride": lambda scene: many(scene.get("stride", 1)),
    "a dilation": lambda scene: many(scene.get("dilation", 1)),
    "a padding of two sides": lambda scene: (
        isinstance(scene.get("padding"), list)
        and any(isinstance(pair, list) and pair[0] != pair[1] for pair in scene["padding"])
    ),
    **{f"padding {name}": lambda scene, name=name: scene.get("padding") == name for name in NAMES_OF_PADDING},
    **{
        f"padding_mode {mode}": lambda scene, mode=mode: scene.get("padding_mode") == mode
        for mode in ("zeros", "reflect", "replicate", "circular")
    },
    "groups": lambda scene: scene.get("groups", 1) > 1,
    "depthwise": lambda scene: scene.get("groups", 1) == scene.get("in_channels", 1) > 1,
    "output_padding": lambda scene: "output_padding" in scene,
    "output_size of a transposed": lambda scene: "output_size" in scene and scene.get("transposed"),
    "output_size of an unpooling": lambda scene: "output_size" in scene and scene.get("op") == "max_unpool",
    "output_size of an upsampling": lambda scene: "output_size" in scene and scene.get("op") == "upsample",
    "ceil_mode": lambda scene: scene.get("ceil_mode"),
    "no count_include_pad": lambda scene: scene.get("count_include_pad") is False,
    "divisor_override": lambda scene: "divisor_override" in scene,
    "flip": lambda scene: scene.get("flip") and not scene.get("transposed"),
    "flip of a transposed": lambda scene: scene.get("flip") and scene.get("transposed"),
    "scale_factor": lambda scene: "scale_factor" in scene,
    **{
        f"mode {mode}": lambda scene, mode=mode: scene.get("mode") == mode
        for mode in ("nearest", "nearest-exact", "linear")
    },
    "align_corners": lambda scene: scene.get("align_corners"),
    **{
        f"coordinates {name}": lambda scene, name=name: scene.get("coordinates") == name
        for name in ("half-pixel", "asymmetric", "pytorch-half-pixel", "half-pixel-symmetric")
    },
    **{
        f"rounding {name}": lambda scene, name=name: scene.get("rounding") == name
        for name in ("floor", "ceil", "round-prefer-floor", "round-prefer-ceil")
    },
}


def many(size):
    return max(size) > 1 if isinstance(size, list) else size > 1


@pytest.mark.parametrize("option", list(OPTIONS))
def test_each_option_is_compared(option):
    """Where it is the framework's own name for a padding, with that framework."""
    assert sum(bool(OPTIONS[option](one["scene"])) for one in answered()) >= 10


def test_every_node_test_of_onnx_is_compared_or_says_why_not():
    """The live comparison holds this list against the tests that ONNX has."""
    entries = case.read("onnx-nodes")
    compared = [one for one in entries if "output" in one]
    left_out = [one for one in entries if "left_out" in one]
    assert len(compared) + len(left_out) == len(entries)
    assert len(compared) >= 90
    assert all(one["left_out"] for one in left_out)
    assert {one["name"].split(" ")[0] for one in compared}.isdisjoint(one["name"] for one in left_out)
