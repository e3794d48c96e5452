"""Which weights of the kernel lie in which cells of its grids, as the recording has them: what the player says of these cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convanim.draw.storyboard import Grid, Weights
from convanim.engine import Placement, Recording
from convanim.views.contents import number_of
from convanim.views.planes import window_numbers


def laid_weights(recording: Recording, grid: Grid) -> Weights:
    """The kernel as it lies on the canvas, in a grid of its size."""
    return _filling(grid, _places(recording, [tap.kernel for tap in recording[0].taps]))


def given_weights(grid: Grid) -> Weights:
    """The kernel as given, which lies turned by 180 degrees where the figure also shows how it lies on the canvas."""
    return _filling(grid, range(len(grid.roles)))


def stamped_weights(recording: Recording, grid: Grid) -> Weights:
    """The kernel as it lies in a stamp."""
    return _filling(grid, _places(recording, [tap.kernel for tap in recording.stamps[0].taps]))


def moving_weights(recording: Recording, placement: Placement, grid: Grid) -> Weights:
    """The kernel below the cells that it weighs in a placement; an interpolation's shares are each output cell's own."""
    cells = tuple(window_numbers(recording, placement.index))
    places = _places(recording, [tap.kernel for tap in placement.taps])
    return Weights(grid.name, cells, tuple(places), placement.index if recording.kernel is None else 0)


def filter_weights(recording: Recording, plane: int, grids: Sequence[Grid]) -> tuple[Weights, ...]:
    """The planes of the filter that makes an output plane, each in the grid of the input channel that it weighs."""
    scene, laid = recording.scene, []
    inside, outside = scene.in_channels // scene.groups, scene.out_channels // scene.groups
    for at, (channel, weights) in enumerate(recording.planes_read(plane)):
        if weights is None:
            continue
        if scene.op == "conv_kernel_grad":  # an output channel's gradient weighs every input channel of its group
            home, number = plane // inside, plane // inside + 1
        else:
            home = channel * outside + plane % outside if scene.transposed else plane * inside + at
            number = plane + 1 if scene.out_channels > 1 else 0
        lying = laid_weights(recording, grids[channel])
        laid.append(lying._replace(plane=home, filter=number))
    return tuple(laid)


def _filling(grid: Grid, places: Iterable[int]) -> Weights:
    """Weights in all cells of a grid, in their order."""
    cells = range(len(grid.roles))
    return Weights(grid.name, tuple(cells), tuple(places)[: len(cells)])


def _places(recording: Recording, kernel: Iterable[Sequence[int]]) -> list[int]:
    """Cells of the kernel, counted row by row from 0."""
    size = tuple(axis.taps for axis in recording.axes)
    return [number_of(cell, size) - 1 for cell in kernel]
