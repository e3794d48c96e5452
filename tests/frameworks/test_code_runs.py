"""Scripts for real frameworks, run: each computes what `record` does. Needs the frameworks, so it is asked for by name:

CONVANIM_FRAMEWORKS=1 KERAS_BACKEND=jax JAX_ENABLE_X64=1 pytest tests/frameworks/test_code_runs.py
"""

import os
import random

import numpy as np
import pytest

from convanim import SceneError, record
from convanim.scene.code import code_for
from tests.scripts import random_scene, run

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.skipif("CONVANIM_FRAMEWORKS" not in os.environ, reason="CONVANIM_FRAMEWORKS is not set"),
    pytest.mark.filterwarnings("ignore"),  # the frameworks' own
]
SCENES, A_GROUP = 500, 25


@pytest.mark.parametrize("first", range(0, SCENES, A_GROUP))
@pytest.mark.parametrize("framework", ["torch", "jax", "onnx", "keras"])
def test_a_script_computes_what_is_recorded(framework, first):
    ran = 0
    for seed in range(first, first + A_GROUP):
        scene = random_scene(random.Random(seed))
        expected = record(scene).output
        try:
            code = code_for(scene, framework)
        except SceneError:
            assert framework == "keras", scene  # the others write all of these
            continue
        output = run(code)
        assert output.shape == expected.shape, code
        if scene.op == "upsample" and scene.mode == "linear":  # the frameworks round the shares as well
            np.testing.assert_allclose(output, expected, rtol=1e-6, atol=1e-6, err_msg=code)
        elif framework == "keras" and scene.op == "avg_pool":  # XLA multiplies by the rounded reciprocal
            np.testing.assert_allclose(output, expected, rtol=1e-15, atol=1e-15, err_msg=code)
        else:
            np.testing.assert_array_equal(output, expected, err_msg=code)
        ran += 1
    assert ran >= (3 if framework == "keras" else A_GROUP)
