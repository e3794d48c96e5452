"""What the engine costs: recording against SciPy's correlation, and against patches times a matrix in NumPy."""

import tracemalloc

import numpy as np

from convanim import Scene, record
from tests.benchmarks.runs import functions_side_by_side


def pairs(runs):
    """(what, ours and theirs in seconds with their ratio, against what) of each comparison; answers are compared first."""
    from scipy.signal import correlate2d  # noqa: PLC0415 - measured if it is installed

    rng = np.random.default_rng(0)
    scene, x, w = Scene(224, 3), rng.integers(-9, 9, (224, 224)), rng.integers(-9, 9, (3, 3))
    assert (record(scene, x, w).output[0] == correlate2d(x, w, mode="valid")).all()
    pair = functions_side_by_side(lambda: record(scene, x, w), lambda: correlate2d(x, w, mode="valid"), 5 * runs)
    yield "recording 224×224, 3×3, int64", pair, "scipy.signal.correlate2d"

    scene = Scene(56, 3, in_channels=64, out_channels=64)
    whole = rng.integers(-9, 9, scene.input_shape), rng.integers(-9, 9, scene.kernel_shape)
    broken = rng.random(scene.input_shape), rng.random(scene.kernel_shape)
    assert (record(scene, *whole).output == by_matrix(*whole)).all()
    for kind, arrays in (("whole numbers", whole), ("decimals, added in the recorded order", broken)):
        pair = functions_side_by_side(lambda arrays=arrays: record(scene, *arrays), lambda: by_matrix(*whole), runs)
        yield f"recording 56×56, 3×3, 64 → 64 channels, {kind}", pair, "im2col and matmul in NumPy, float64"


def held():
    """Bytes that a recording of 224×224 holds, and bytes of its three arrays."""
    scene = Scene(224, 3)
    x, w = np.arange(224 * 224).reshape(224, 224), np.ones((3, 3), dtype=int)
    record(scene, x, w)
    tracemalloc.start()
    recording = record(scene, x.copy(), w.copy())
    bytes_held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return bytes_held, recording.input.nbytes + recording.kernel.nbytes + recording.output.nbytes


def by_matrix(x, w):
    """Patches of a 3×3 kernel as columns, times the kernels as rows."""
    patches = np.lib.stride_tricks.sliding_window_view(x.astype(float), (3, 3), axis=(1, 2))
    columns = patches.transpose(0, 3, 4, 1, 2).reshape(x.shape[0] * 9, -1)
    rows, side = w.reshape(len(w), -1).astype(float), x.shape[1] - 2
    return (rows @ columns).reshape(len(w), side, side)
