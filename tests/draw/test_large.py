"""Large inputs: every cell is there, a step costs what it changes, and memory does not grow with the frames."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from convanim import Scene, storyboard
from convanim.draw import raster
from convanim.draw.cellmap import cell_map
from convanim.draw.palette import palette_of
from convanim.draw.raster import Film
from convanim.draw.theme import LIGHT, Finish

ROOT = Path(__file__).parent.parent.parent


def some_steps(size, steps):
    return storyboard(Scene(size, 3, timing={"steps": steps}))


@pytest.mark.parametrize("size", [24, 45, 46, 90, 130, 224, 300])
def test_every_cell_has_a_pixel_however_many_there_are(size):
    board = some_steps(size, "0")
    finish = Finish(LIGHT)
    drawn = cell_map(board.grids, board.size, finish, palette_of(board, finish)).cells
    cells = sum(len(grid.roles) for grid in board.grids)
    assert len(np.unique(drawn)) == cells + 1  # and the background


@pytest.mark.parametrize("size", [13, 28, 56, 112, 220])
def test_planes_are_as_wide_as_fits(size):
    board = some_steps(size, "0")
    xs = [x for x, _ in board.grid("canvas").polygon()]
    assert 0.9 * 560 <= max(xs) - min(xs) <= 568


def repainted(monkeypatch, board):
    """How many pixels are looked up for each step after the first."""
    counts = []

    def count(name, size):
        original = getattr(raster._Easel, name)

        def counted(self, what):
            counts[-1] += size(what)
            return original(self, what)

        monkeypatch.setattr(raster._Easel, name, counted)

    count("_look_up", lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    count("_look_up_pixels", lambda pixels: pixels.size)
    counts.append(0)
    for _ in Film(board, Finish(LIGHT)):
        counts.append(0)  # noqa: PERF401 - what is counted meanwhile goes into the last one
    return counts[1:-1]


@pytest.mark.parametrize(("size", "share"), [(28, 0.05), (56, 0.03), (224, 0.03)])
def test_a_step_repaints_little_of_the_picture(monkeypatch, size, share):
    middle = (size - 2) ** 2 // 2 + size // 2  # away from the end of a row, after which the window goes far
    board = some_steps(size, f"{middle}:{middle + 8}")
    pixels = repainted(monkeypatch, board)
    assert len(pixels) == 7
    assert max(pixels) <= share * board.size[0] * board.size[1]


def peak(tmp_path, steps):
    words = ("render", "--input", "224", "--kernel", "3", "--steps", steps, "-q", "-o", tmp_path / f"{len(steps)}.gif")
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.peak", *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(run.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="a process knows its own peak memory on Linux")
def test_memory_does_not_grow_with_the_frames_and_stays_under_a_hundred_mebibytes(tmp_path):
    few, many = peak(tmp_path, "0:100"), peak(tmp_path, "0:1600")
    assert many < few + 8
    assert many < 100
