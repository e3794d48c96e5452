"""The nineteen figures everyone knows, read back from the written GIFs, against loops that share no code with convanim.

The table gives the direct convolution's parameters, as the paper does; a transposed figure's own input is o.
"""

import numpy as np
import pytest

from convanim import load_scene, record, render, storyboard
from convanim.catalogue import built_in
from convanim.draw.storyboard import bounds
from tests import seen

# name: i, o, k, s, p, d
FIGURES = {
    "no_padding_no_strides": (4, 2, 3, 1, 0, 1),
    "arbitrary_padding_no_strides": (5, 6, 4, 1, 2, 1),
    "same_padding_no_strides": (5, 5, 3, 1, 1, 1),
    "full_padding_no_strides": (5, 7, 3, 1, 2, 1),
    "no_padding_strides": (5, 2, 3, 2, 0, 1),
    "padding_strides": (5, 3, 3, 2, 1, 1),
    "padding_strides_odd": (6, 3, 3, 2, 1, 1),
    "dilation": (7, 3, 3, 1, 0, 2),
}
TRANSPOSED = [name for name in FIGURES if name != "dilation"]
NUMERICAL = {
    "numerical_no_padding_no_strides": (5, 3, 3, 1, 0, 1),
    "numerical_padding_strides": (5, 3, 3, 2, 1, 1),
    "numerical_average_pooling": (5, 3, 3, 1, 0, 1),
    "numerical_max_pooling": (5, 3, 3, 1, 0, 1),
}
# how many frames the original animations have
ORIGINAL_FRAMES = {
    "no_padding_no_strides": 4,
    "no_padding_no_strides_transposed": 16,
    "arbitrary_padding_no_strides": 36,
    "arbitrary_padding_no_strides_transposed": 25,
    "same_padding_no_strides": 25,
    "same_padding_no_strides_transposed": 25,
    "full_padding_no_strides": 49,
    "full_padding_no_strides_transposed": 25,
    "no_padding_strides": 4,
    "no_padding_strides_transposed": 25,
    "padding_strides": 9,
    "padding_strides_transposed": 25,
    "padding_strides_odd": 9,
    "padding_strides_odd_transposed": 36,
    "dilation": 9,
}
X = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
W = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
# outputs as published
OUTPUTS = {
    "numerical_no_padding_no_strides": [[12, 12, 17], [10, 17, 19], [9, 6, 14]],
    "numerical_padding_strides": [[6, 17, 3], [8, 17, 13], [6, 4, 4]],
    "numerical_average_pooling": [[5 / 3, 5 / 3, 5 / 3], [1, 11 / 9, 16 / 9], [10 / 9, 7 / 9, 4 / 3]],
    "numerical_max_pooling": [[3, 3, 3], [3, 3, 3], [3, 2, 3]],
}


def windows(outputs, kernel, stride, dilation):
    """Which canvas cells lie under the kernel, placement by placement: rows first, then columns."""
    for row in range(outputs):
        for column in range(outputs):
            window = set()
            for down in range(kernel):
                for right in range(kernel):
                    window.add((row * stride + down * dilation, column * stride + right * dilation))
            yield (row, column), window


def expected(name):
    """Output size, windows and the canvas cells that hold input, from the table alone."""
    base = name.removesuffix("_transposed")
    i, o, k, s, p, d = (FIGURES | NUMERICAL)[base]
    if not name.endswith("_transposed"):
        held = {(p + row, p + column) for row in range(i) for column in range(i)}
        return list(windows(o, k, s, d)), i + 2 * p, held
    a = (i + 2 * p - k) % s
    before = k - 1 - p
    held = {(before + row * s, before + column * s) for row in range(o) for column in range(o)}
    return list(windows(i, k, 1, 1)), (o - 1) * s + 1 + 2 * before + a, held


ALL = [*FIGURES, *(f"{name}_transposed" for name in TRANSPOSED), *NUMERICAL]


@pytest.fixture(scope="module", params=ALL)
def figure(request, tmp_path_factory):
    name = request.param
    scene = load_scene(built_in()[name])
    path = tmp_path_factory.mktemp(name) / f"{name}.gif"
    render(scene, path)
    return name, scene, storyboard(scene), seen.frames(path)


def test_there_are_nineteen():
    assert sorted(ALL) == [name for name, path in built_in().items() if path.parent.name == "scenes"]
    assert len(ALL) == 19


def test_every_frame_shades_the_cells_of_the_nested_loop(figure):
    name, _, board, frames = figure
    placements, canvas, _ = expected(name)
    assert board.grid("canvas").shape == (canvas, canvas)
    assert len(frames) == len(placements)
    for (picture, _), (output, window) in zip(frames, placements, strict=True):
        assert seen.shaded_cells(picture, board, "canvas") == window
        assert seen.shaded_cells(picture, board, "output") == {output}


def test_there_are_as_many_frames_as_in_the_original(figure):
    name, _, _, frames = figure
    assert len(frames) == ORIGINAL_FRAMES.get(name, 9)


def test_no_two_frames_look_alike_even_without_the_words(figure):
    _, _, board, frames = figure
    left, top, right, bottom = bounds([point for grid in board.grids for point in grid.polygon()])
    planes = (int(left), int(top), int(right), int(bottom))
    assert len({picture.crop(planes).tobytes() for picture, _ in frames}) == len(board.steps)


def test_frames_last_as_long_as_the_storyboard_says(figure):
    _, _, board, frames = figure
    assert [duration for _, duration in frames] == [step.duration for step in board.steps]
    assert sum(duration for _, duration in frames) == board.duration
    assert frames[-1][1] == 2000
    assert board.duration <= 30_000


def test_input_inserted_zeros_and_padding_look_different(figure):
    name, _, board, frames = figure
    _, canvas, held = expected(name)
    placements = expected(name)[0]
    last = placements[-1][1]
    rows, columns = ([cell[axis] for cell in held] for axis in (0, 1))
    for row in range(canvas):
        for column in range(canvas):
            if (row, column) in last:
                continue
            inside = min(rows) <= row <= max(rows) and min(columns) <= column <= max(columns)
            fill = "input" if (row, column) in held else "zero" if inside else "ground"
            assert seen.role_of(frames[-1][0], board, "canvas", (row, column)).removesuffix(" numbered") == fill


def test_the_output_fills_in_as_it_is_computed(figure):
    _, scene, board, frames = figure
    columns = scene.output[1]
    for number, (picture, _) in enumerate(frames):
        for place in range(len(frames)):
            fill = "output" if place < number else "shaded output" if place == number else "pending"
            shown = seen.role_of(picture, board, "output", divmod(place, columns))
            assert shown.removesuffix(" numbered") == fill


@pytest.mark.parametrize("name", OUTPUTS)
def test_numerical_figures_compute_what_is_published(name):
    scene = load_scene(built_in()[name])
    recording = record(scene)
    assert recording.input[0].tolist() == X
    assert recording.kernel is None or recording.kernel[0, 0].tolist() == W
    assert np.array_equal(recording.output[0], OUTPUTS[name])
