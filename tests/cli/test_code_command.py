"""`convanim code` and `--from-code`: layers in, scripts out."""

import json

import numpy as np
import pytest

from convanim import Scene, record

LAYER = "nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1)"


def test_a_layer_s_text_is_a_scene_for_every_command(convanim):
    sizes = json.loads(convanim("size", "--from-code", LAYER, "--input", "3", "--json").text)
    assert sizes["output"] == [5, 5]
    assert sizes["operation"] == "transposed convolution"
    recorded = json.loads(convanim("record", "--from-code", LAYER, "--input", "3").text)
    assert len(recorded["placements"]) == 25


def test_other_options_go_before_the_layer_s(convanim):
    sizes = json.loads(convanim("size", "--from-code", LAYER, "--input", "3", "--stride", "3", "--json").text)
    assert sizes["stride"] == [3, 3]


def test_a_layer_makes_a_figure(convanim, tmp_path):
    convanim("render", "--from-code", LAYER, "--input", "2", "-o", tmp_path / "layer.gif")
    shown = convanim("show", tmp_path / "layer.gif").text
    assert "transposed = true" in shown


def test_the_numpy_script_runs_and_gives_the_same_numbers(convanim):
    script = convanim("code", "padding_strides", "--framework", "numpy").text
    names = {}
    exec(script, names)  # noqa: S102 - the script is the product's own
    recording = record(Scene(5, 3, stride=2, padding=1))
    assert np.array_equal(names["y"], recording.output)


@pytest.mark.parametrize("framework", ["torch", "keras", "jax", "onnx"])
def test_every_framework_has_its_script(convanim, framework):
    script = convanim("code", "padding_strides", "--framework", framework).text
    compile(script, framework, "exec")
    assert framework in script


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("size", "--from-code", "nn.Linear(3, 4)", "--input", "3"), "Linear"),
        (("size", "--from-code", "nn.Conv2d(1, 1, kernal_size=3)", "--input", "5"), "kernal_size"),
        (("size", "--from-code", "nn.Conv2d(1, 1, 3"), "code"),
        (("size", "--from-code", "nn.Conv2d(1, 1, 3)"), "input"),
        (("size", "padding_strides", "--from-code", LAYER), "contradict"),
        (("code", "padding_strides", "--framework", "caffe"), "caffe"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(convanim, words, said):
    run = convanim(*words)
    assert run.code == 2
    assert len(run.err) == 1
    assert said in run.err[0]
