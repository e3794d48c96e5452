"""The engine against what PyTorch, JAX, ONNX, TensorFlow, Keras, SciPy and NumPy answered: tests/golden."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from convanim import Scene, SceneError, record
from tests.golden import case, data

SHOWN = 5
FRAMEWORKS = ("torch", "jax", "onnx", "onnxruntime", "tensorflow", "keras", "scipy")
OF_INTERPOLATION = 1e-13


def kind(one):
    if "refused" in one:
        return "refused"
    scene = one["scene"]
    return "transposed" if scene.get("transposed") else scene.get("op", "conv")


def golden():
    """The stored cases by framework and kind."""
    found = defaultdict(list)
    for framework in FRAMEWORKS:
        for one in case.read(framework):
            found[framework, kind(one)].append(one)
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
        if "refused" in one:
            named = {problem.field for problem in error.problems}
            return (
                "" if named & set(one["refused"]) else f"the error names {named}, not one of {one['refused']}: {error}"
            )
        return f"refused: {error}"
    if "refused" in one:
        return f"computed, and should have been refused for {one['refused']}"
    expected = np.array(one["output"]).reshape(one["shape"])
    if recording.output.shape != expected.shape:
        return f"the output is {recording.output.shape}, not {expected.shape}"
    if not (np.abs(recording.output - expected) <= tolerance(one, arrays)).all():
        return f"the output is {recording.output.tolist()}, not {expected.tolist()}"
    if "switches" in one and recording.switches.ravel().tolist() != one["switches"]:
        return f"the switches are {recording.switches.ravel().tolist()}, not {one['switches']}"
    return ""


@pytest.mark.parametrize(("framework", "kind"), list(GOLDEN))
def test_each_number_is_what_the_framework_answers(framework, kind):
    cases = GOLDEN[framework, kind]
    differences = [(one, words) for one in cases if (words := difference(one))]
    shown = [f"{one['call']}\n  {one['scene']}\n  {words}" for one, words in differences[:SHOWN]]
    assert not differences, f"{len(differences)} of {len(cases)} differ, such as\n" + "\n".join(shown)
