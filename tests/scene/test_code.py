"""Layers as people write them, read; scenes written as scripts that run. What is no layer is refused, in one line."""

import random

import numpy as np
import pytest

from convanim import Scene, SceneError, record
from convanim.scene.code import code_for, scene_from_code
from tests.scene.layers import jax, keras, onnx, tensorflow, texts, torch
from tests.scripts import random_scene, run

TABLES = (torch, keras, tensorflow, jax, onnx, texts)
LEGAL = [row for table in TABLES for row in table.LEGAL]
REFUSED = [row for table in TABLES for row in table.REFUSED]


@pytest.mark.parametrize(("text", "input", "said", "fields"), LEGAL, ids=[row[0] for row in LEGAL])
def test_a_layer_is_the_scene_that_it_says(text, input, said, fields):
    expected = Scene(**({"input": input} | fields))
    assert scene_from_code(text, input, **said) == expected


@pytest.mark.parametrize(("text", "input", "field", "says"), REFUSED, ids=[row[0][:60] for row in REFUSED])
def test_what_is_no_legal_layer_is_refused_in_one_line(text, input, field, says):
    with pytest.raises(SceneError) as error:
        scene_from_code(text, input)
    assert error.value.field == field
    assert says in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_a_framework_can_be_said_where_names_are_shared():
    flax = scene_from_code("max_pool(x, (2, 2))", 6, framework="flax")
    assert flax.stride == (1, 1)
    with pytest.raises(SceneError, match="framework"):
        scene_from_code("nn.Conv2d(1, 1, 3)", 5, framework="caffe")


def test_the_caller_has_the_last_word():
    assert scene_from_code("nn.Conv2d(1, 1, 3)", 5, padding=2, title="Padded").padding == ((2, 2), (2, 2))


def test_a_hostile_text_takes_no_time():
    for text in ("a, " * 600 + "b = C < (x)", "[" * 1900 + "=", "y = " + "a." * 900 + "(" * 50):
        with pytest.raises(SceneError):
            scene_from_code(text, 5)


@pytest.mark.parametrize("seed", range(150))
def test_a_numpy_script_computes_what_is_recorded(seed):
    scene = random_scene(random.Random(seed))
    output = run(code_for(scene, "numpy"))
    expected = record(scene).output
    assert output.shape == expected.shape
    assert np.array_equal(output, expected)


@pytest.mark.parametrize("framework", ["torch", "keras", "jax", "onnx", "numpy"])
@pytest.mark.parametrize("seed", range(40))
def test_every_script_is_python_that_ends_with_y(framework, seed):
    scene = random_scene(random.Random(seed))
    try:
        code = code_for(scene, framework)
    except SceneError as why:
        assert framework == "keras", why  # noqa: PT017 - the others write all of these
        return
    compile(code, framework, "exec")
    assert code.rstrip().splitlines()[-1].lstrip().startswith(("y ", "y[", "total", "y =", "y."))
    assert max(map(len, code.splitlines())) < 400


def test_a_script_for_no_framework_is_refused():
    with pytest.raises(SceneError, match="did you mean torch"):
        code_for(Scene(5, 3), "torchs")


def test_large_whole_numbers_stay_exact_or_are_refused():
    scene = Scene([3], [2], values={"input": [10**15, 3, 4], "kernel": [10**14, 1]})
    assert run(code_for(scene, "numpy")).tolist() == record(scene).output.tolist()
    with pytest.raises(SceneError, match="PyTorch computes in 64-bit floats"):
        code_for(scene, "torch")


def test_pytorch_pools_a_window_that_ends_beyond_the_padding():
    for scene, call in (
        (
            Scene(8, op="max_pool", kernel=9, stride=2, ceil_mode=True),
            "y = F.max_pool2d(x, 9, stride=2, ceil_mode=True)",
        ),
        (
            Scene(8, op="avg_pool", kernel=9, stride=2, ceil_mode=True),
            "y = F.avg_pool2d(x, 9, stride=2, ceil_mode=True)",
        ),
    ):
        assert call in code_for(scene, "torch").splitlines()
