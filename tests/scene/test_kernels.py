"""Kernels by name are the well-known ones, and are refused in sizes that they do not have."""

from math import prod

import numpy as np
import pytest

from convanim import Scene, SceneError, record
from convanim.scene import parse_scene, scene_to_toml
from convanim.scene.kernels import named_kernel
from convanim.scene.values import KERNELS

KNOWN = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "box": [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
    "gaussian": [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
    "bilinear": [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "sobel-x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel-y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "prewitt-x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "prewitt-y": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
}


@pytest.mark.parametrize("name", KERNELS)
def test_a_kernel_by_name_is_the_well_known_one(name):
    scene = Scene(5, 3, values={"kernel": name})
    assert record(scene).kernel[0, 0].tolist() == KNOWN[name]
    assert parse_scene(scene_to_toml(scene)) == scene


def test_larger_ones_are_the_binomial_ones():
    assert named_kernel("sobel-x", (5,)) == (-1, -2, 0, 2, 1)
    assert named_kernel("gaussian", (5,)) == (1, 4, 6, 4, 1)
    assert sum(named_kernel("gaussian", (5, 5))) == 256
    assert named_kernel("bilinear", (4,)) == (1, 3, 3, 1)
    assert named_kernel("bilinear", (5,)) == (1, 2, 3, 2, 1)
    assert named_kernel("bilinear", (2,)) == (1, 1)
    assert named_kernel("bilinear", (6,)) == (1, 3, 5, 5, 3, 1)
    assert named_kernel("laplacian", (3, 3, 3))[13] == -6
    assert sum(named_kernel("laplacian", (3, 3, 3))) == 0


def test_a_kernel_by_name_is_the_same_in_every_channel():
    recording = record(Scene(5, 3, in_channels=2, out_channels=3, values={"kernel": "sobel-x"}))
    assert (recording.kernel == np.array(KNOWN["sobel-x"])).all()
    assert recording.kernel.size == 6 * prod((3, 3))


@pytest.mark.parametrize(
    ("name", "kernel", "words"),
    [
        ("sobel-x", 2, "3, 5, 7"),
        ("sobel-y", [3], "legal on one is sobel-x"),
        ("laplacian", 5, "3 on every axis"),
        ("identity", 4, "odd size"),
        ("sobelx", 3, "sobel-x"),
    ],
)
def test_what_is_no_such_kernel_is_refused(name, kernel, words):
    with pytest.raises(SceneError, match=f"values.kernel: .*{words}"):
        Scene([9] * (len(kernel) if isinstance(kernel, list) else 2), kernel, values={"kernel": name})
