"""Where the planes of a volume lie: input channels in a column, filter planes beside them, output channels in another.

From the left: each input channel, the filter's plane that weighs it, what they contribute. Where the input and the
output have as many channels, each output channel lies level with an input channel.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Text
from convanim.draw.text import width
from convanim.engine import Recording
from convanim.language import language
from convanim.scene import Scene, wording
from convanim.views.planes import canvas_roles, output_rest, tapped, two
from convanim.views.sheets import LABEL_ROOM, LABEL_SIZE, LEAST_CELL, MARGIN, Placed, Sheet, cell_size, placed_at

PART_SIZE = 17
_LARGEST_CELL, _ACROSS, _DOWN = 36, 900, 900
_SIGN_ROOM, _AIR, _FAN, _GAP_BELOW = 36, 12, 64, 20
_ABOVE = 9


class Layout(NamedTuple):
    """The grids of each column from the top, how far each column reaches, and the labels that do not change.

    `kernels` is empty where nothing weighs the input. `parts` is where contributions start, `fan` (left, right) where the
    lines to the output channels do and end.
    """

    canvases: tuple[Grid, ...]
    kernels: tuple[Grid, ...]
    outputs: tuple[Grid, ...]
    parts: float
    fan: tuple[float, float]
    labels: tuple[Text, ...]
    right: float
    bottom: float

    @property
    def placed(self) -> Placed:
        """All of it."""
        return Placed((*self.canvases, *self.kernels, *self.outputs), self.labels, self.right, self.bottom)


def laid_out(recording: Recording, part_width: float, texts: Iterable[str]) -> Layout:
    """The layout of a recording whose contributions are `part_width` wide and whose cells hold `texts`."""
    scene = recording.scene
    cell = cell_size(recording, 1, texts, room=cell_height(scene))
    room = LABEL_ROOM if scene.view.labels else 0
    sheets = _input_sheets(recording), _kernel_sheets(recording), _output_sheets(recording)
    slots = [len(column) * (room + _tallest(column) * cell[1] + _GAP_BELOW) for column in sheets if column]
    height = max(slots) - _GAP_BELOW
    left = float(MARGIN)
    canvases, left = _column(sheets[0], cell, (left, height), room)
    kernels, parts = _column(sheets[1], cell, (left + _SIGN_ROOM, height), room) if sheets[1] else ((), left)
    start = parts + (_AIR + part_width if kernels else 0) + _AIR / 2
    outputs, right = _column(sheets[2], cell, (start + _FAN + _AIR / 2, height), room)
    labels = [label(grid, sheet.label, sheet.label_role) for grid, sheet in zip(canvases, sheets[0], strict=True)]
    labels += [label(grid, sheet.label, sheet.label_role) for grid, sheet in zip(outputs, sheets[2], strict=True)]
    bottom = max(grid.point(grid.rows, 0)[1] for grid in (*canvases, *kernels, *outputs))
    return Layout(
        canvases,
        kernels,
        outputs,
        parts + _AIR,
        (start, start + _FAN),
        tuple(labels if scene.view.labels else ()),
        right,
        bottom,
    )


def cell_height(scene: Scene) -> int:
    """How high a cell can be for all planes to fit."""
    across, down = cells_across(scene), cells_down(scene)
    fitting = min(_LARGEST_CELL, _ACROSS // across, _DOWN // down)
    return max(fitting, LEAST_CELL)


def cells_across(scene: Scene) -> int:
    """How many cells lie side by side: an input channel's, the filter's and an output channel's."""
    kernel = kernel_size(scene)
    return sum(two(size)[1] for size in (scene.canvas, scene.output, *([kernel] if kernel else [])))


def cells_down(scene: Scene) -> int:
    """How many cells lie one below the other in the higher column."""
    kernel = kernel_size(scene)
    rows = max(two(scene.canvas)[0], two(kernel)[0] if kernel else 0)
    return max(scene.in_channels * rows, output_planes(scene) * two(scene.output)[0])


def output_planes(scene: Scene) -> int:
    """How many planes the output has: of a kernel's gradient one for each pair of channels."""
    return prod(scene.output_shape[: -scene.dimensions])


def kernel_size(scene: Scene) -> tuple[int, ...] | None:
    """The size of what slides and weighs, None if nothing does."""
    shape = scene.kernel_shape
    return None if shape is None else shape[-scene.dimensions :]


def label(grid: Grid, text: str, role: str) -> Text:
    """A plane's name above its left edge, so that nothing hangs over into the next column."""
    x, y = grid.origin
    return Text(x, y - _ABOVE, text, role, LABEL_SIZE, "left", bold=True)


def kernel_label(recording: Recording, plane: int, channel: int) -> str:
    """The name of the filter's plane that weighs an input channel for an output plane."""
    scene, said = recording.scene, language(recording.scene.view.language)
    if scene.op == "conv_kernel_grad":
        return said("output's gradient {number}", number=plane // (scene.in_channels // scene.groups) + 1)
    first = plane // (scene.out_channels // scene.groups) * (scene.in_channels // scene.groups)
    parts = [said("filter {number}", number=plane + 1) if scene.out_channels > 1 else said("filter")]
    if scene.in_channels > scene.groups:
        parts.append(said("plane {number}", number=channel - first + 1))
    if is_turned(recording):
        parts.append(said("turned"))
    return said.listed(parts)


def is_turned(recording: Recording) -> bool:
    """Whether the kernel lies on the canvas turned by 180 degrees, and that makes a difference."""
    return any(getattr(axis, "turned", False) and axis.taps > 1 for axis in recording.axes)


def _input_sheets(recording: Recording) -> list[Sheet]:
    roles = canvas_roles(recording, numbered=True)
    total = recording.scene.in_channels
    return [
        Sheet(
            f"canvas {channel + 1}",
            recording.canvas_size,
            roles,
            _of_channels(recording.scene, wording.reads(recording.scene), channel, total),
            "input label",
            tapped(roles),
        )
        for channel in range(total)
    ]


def _kernel_sheets(recording: Recording) -> list[Sheet]:
    """One beside each input channel; with groups they are empty until an output channel reads that one."""
    scene, size = recording.scene, kernel_size(recording.scene)
    if size is None:
        return []
    names = [
        kernel_label(recording, plane, channel)
        for plane in range(recording.planes)
        for channel, _ in recording.planes_read(plane)
    ]
    longest = max(names, key=lambda name: width(name, LABEL_SIZE, bold=True))
    rest = "kernel" if recording.planes == 1 or reads_all(recording) else "padding"
    return [
        Sheet(f"kernel {channel + 1}", size, (rest,) * prod(size), longest, "kernel label", ("kernel",))
        for channel in range(scene.in_channels)
    ]


def reads_all(recording: Recording) -> bool:
    """Whether every output plane is made of every input channel."""
    channels = recording.scene.in_channels
    return all(len(list(recording.planes_read(plane))) == channels for plane in range(recording.planes))


def _output_sheets(recording: Recording) -> list[Sheet]:
    total = recording.planes
    return [
        Sheet(
            f"output {plane + 1}",
            recording.scene.output,
            output_rest(recording, "output numbered", plane),
            _output_label(recording.scene, plane, total),
            "output label",
            ("output numbered", "result"),
        )
        for plane in range(total)
    ]


def _output_label(scene: Scene, plane: int, total: int) -> str:
    if scene.op == "conv_kernel_grad":
        said = language(scene.view.language)
        filter_number, at = divmod(plane, scene.in_channels // scene.groups)
        text = "gradient of filter {filter}, plane {plane}" if total > 1 else "kernel's gradient"
        return said(text, filter=filter_number + 1, plane=at + 1)
    return _of_channels(scene, wording.makes(scene), plane, total)


def _of_channels(scene: Scene, name: str, plane: int, total: int) -> str:
    """The name of one of several planes; gradients are long enough without the word."""
    text = f"{name}{' channel' if scene.op != 'conv_input_grad' else ''} {{number}} of {{total}}"
    return language(scene.view.language)(text if total > 1 else name, number=plane + 1, total=total)


def _tallest(column: list[Sheet]) -> int:
    return max(two(sheet.size)[0] for sheet in column)


def _column(
    sheets: list[Sheet], cell: tuple[float, float], place: tuple[float, float], room: float
) -> tuple[tuple[Grid, ...], float]:
    """Sheets spread evenly from the top over a height; `place` is (left, height). Also how far the column reaches."""
    left, height = place
    slot = (height + _GAP_BELOW) / len(sheets)
    grids = []
    for number, sheet in enumerate(sheets):
        tall = room + two(sheet.size)[0] * cell[1]
        top = MARGIN + number * slot + (slot - _GAP_BELOW - tall) / 2
        grids.append(placed_at(sheet, cell, (round(left), round(top + room))))
    widest = max(two(sheet.size)[1] for sheet in sheets) * cell[0]
    named = max(width(sheet.label, LABEL_SIZE, bold=True) for sheet in sheets) if room else 0
    return tuple(grids), left + max(widest, named)
