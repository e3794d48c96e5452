"""Where everything of a figure of one axis lies: stems, input, kernel and output, row under row, names to their left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Line, Text
from convanim.draw.text import width
from convanim.engine import Recording
from convanim.language import language
from convanim.scene import Scene, wording
from convanim.views import sheets
from convanim.views.contents import canvas_texts, held_texts, known_cells, laid_kernel, output_text
from convanim.views.numbers import Number, short
from convanim.views.planes import canvas_roles, canvas_shades, output_rest, output_shades, tapped
from convanim.views.stems import HEAD, HEIGHT, Stems, stems_above

LEGIBLE = 14
_ROOM, _MOST_ROOM, _LEAST_CELL, _ROW = 900, 1200, 2, 22
_STEM_GAP, _KERNEL_GAP, _GIVEN_GAP, _FAN, _GUTTER = 10, 6, 14, 64, 16
_QUIET, _LEADING = 12, 17
_LINED, _THICK = 5, 16


class Rows(NamedTuple):
    """The rows; `kernel` is None where no weights move along, `is_written` says whether cells hold values.

    `given` is the kernel as given, above all, where the one that moves along is turned.
    """

    given: Grid | None
    canvas: Grid
    kernel: Grid | None
    output: Grid
    input_stems: Stems
    output_stems: Stems
    is_written: bool

    @property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(grid for grid in (self.given, self.canvas, self.kernel, self.output) if grid)


def rows_of(recording: Recording) -> Rows:
    """The rows of a recording of one axis."""
    scene = recording.scene
    (columns,), start = recording.canvas_size, _output_start(scene)
    cell, is_written = _cell(scene, _texts(recording))
    is_given = is_written and _shows_given(scene)
    left = sheets.MARGIN + _gutter(recording, is_given=is_given)
    canvas_left, output_left = left + max(-start, 0) * cell[0], left + max(start, 0) * cell[0]
    top: float = sheets.MARGIN
    given = None
    if is_given:
        given = _given(scene, cell, (canvas_left, top))
        top = given.point(1, 0)[1] + _GIVEN_GAP
    stems_top = top
    top += HEIGHT + 2 * HEAD + _STEM_GAP
    canvas = _row("canvas", recording, cell, (canvas_left, round(top)))
    bottom = canvas.point(1, 0)[1]
    kernel = None
    if _has_weights(scene) and canvas.stroke:
        sheet = sheets.Sheet("kernel", (columns,), ("clear",) * columns, changes=("kernel",))
        kernel = _lined(sheets.placed_at(sheet, cell, (canvas_left, bottom + _KERNEL_GAP)))
        bottom = kernel.point(1, 0)[1]
    output = _row("output", recording, cell, (output_left, bottom + _FAN))
    return Rows(
        given,
        canvas,
        kernel,
        output,
        stems_above(canvas, _canvas_values(recording), stems_top),
        stems_above(output, _output_values(recording), output.point(1, 0)[1] + _STEM_GAP),
        is_written,
    )


def placed_rows(recording: Recording, rows: Rows) -> sheets.Placed:
    """The rows with all that rests: names, the input's values and stems, and the output's where it is whole."""
    whole = [part for cell in known_cells(recording) for part in output_stem(recording, rows, cell)]
    lines = [rows.input_stems.axis(), rows.output_stems.axis(), *_input_stems(recording, rows)]
    lines += [part for part in whole if isinstance(part, Line)]
    texts = list(canvas_texts(recording, rows.canvas)) if rows.is_written else []
    if rows.given:
        held = laid_kernel(recording)
        texts += sheets.values_in(rows.given, held[::-1])  # half a turn: the last cell comes first
    texts += [part for part in whole if isinstance(part, Text)]
    if recording.scene.view.labels:
        texts += _names(recording, rows)
    right = max(grid.point(0, grid.columns)[0] for grid in rows.grids)
    bottom = rows.output.point(1, 0)[1] + _STEM_GAP + HEIGHT + 2 * HEAD
    return sheets.Placed(rows.grids, tuple(texts), right, bottom, tuple(lines))


def output_stem(recording: Recording, rows: Rows, cell: int) -> tuple[Text | Line, ...]:
    """An output cell's value and its stem."""
    value = recording.value((cell,))
    texts = (output_text(recording, rows.output, cell),) if rows.is_written else ()
    return (*texts, *rows.output_stems.stem(cell, value, "output stem"))


def _input_stems(recording: Recording, rows: Rows) -> Iterator[Line]:
    """A stem for every input cell, and for what padding repeats of them."""
    for cell, (kind, value) in enumerate(zip(recording.kinds(), _canvas_values(recording), strict=True)):
        if kind == "input" or value:
            yield from rows.input_stems.stem(cell, value, "input stem" if kind == "input" else "axis")


def _canvas_values(recording: Recording) -> list[Number]:
    return [recording.canvas_value((cell,)) or 0 for cell in range(recording.canvas_size[0])]


def _output_values(recording: Recording) -> list[Number]:
    return [recording.value((cell,)) for cell in range(recording.scene.output[0])]


def _weights(recording: Recording) -> list[Number]:
    """The distinct weights that move along."""
    if recording.kernel is not None:
        return list(dict.fromkeys(recording.kernel.ravel().tolist()))
    if not _has_weights(recording.scene):
        return []
    weights = (tap.weight for placement in recording for tap in placement.taps)
    return [weight for weight in dict.fromkeys(weights) if weight is not None]


def _has_weights(scene: Scene) -> bool:
    return scene.has_kernel or (scene.op == "upsample" and not scene.view.numbered)


def _texts(recording: Recording) -> set[str]:
    """What cells may hold."""
    if recording.asked.view.numbered:
        return _number_texts(recording.asked)
    return {*held_texts(recording), *map(short, _weights(recording))}


def _number_texts(scene: Scene) -> set[str]:
    """The longest numbers of cells."""
    return {str(max(*scene.input, *scene.output, *(axis.kernel for axis in scene.axes)))}


def _cell(scene: Scene, texts: Iterable[str]) -> tuple[tuple[int, int], bool]:
    """A cell's width and height, and whether the texts fit into it: if they do not, it is as narrow as it must be."""
    asked, columns = scene.view.cell, _columns(scene)
    narrow = asked or max(min(sheets.CELL, _ROOM // columns), _LEAST_CELL)
    height = max(narrow, _ROW)
    wide = max(narrow, ceil(sheets.widest_held(height, texts) + sheets.AIR))
    if narrow >= LEGIBLE and (asked or wide * columns <= _MOST_ROOM):
        return (wide, height), True
    return (narrow, min(height, _ROW)), False


def hold_numbers(scene: Scene) -> bool:
    """Whether cells hold their numbers."""
    return _cell(scene, _number_texts(scene))[1]


def _row(name: str, recording: Recording, cell: tuple[int, int], corner: tuple[float, float]) -> Grid:
    """The row of the input on its canvas, or of the output."""
    if name == "canvas":
        roles = canvas_roles(recording, numbered=True)
        changes, shades = tapped(roles), canvas_shades(recording)
    else:
        roles = output_rest(recording, "output numbered")
        changes, shades = ("output numbered", "result"), output_shades(recording)
    return _lined(
        sheets.placed_at(sheets.Sheet(name, (len(roles),), roles, "", "", changes, shades=shades), cell, corner)
    )


def _given(scene: Scene, cell: tuple[int, int], corner: tuple[float, float]) -> Grid:
    """The kernel as given, whose cells lie side by side however dilated it is."""
    size = (scene.axes[0].kernel,)
    return _lined(sheets.placed_at(sheets.Sheet("given", size, ("kernel",) * size[0]), cell, corner))


def _shows_given(scene: Scene) -> bool:
    """Whether the kernel as given is shown too: where it moves along turned, and that is seen and said."""
    return scene.has_kernel and scene.transposed != scene.flip and scene.view.labels and scene.axes[0].kernel > 1


def _lined(grid: Grid) -> Grid:
    """The grid with lines as thick as its cells bear."""
    cell = grid.across[0]
    return grid._replace(stroke=2.0 if cell >= _THICK else 1.0 if cell >= _LINED else 0.0)


def _columns(scene: Scene) -> int:
    """How many cells wide the rows are, one below the other."""
    (columns,), (made,), start = scene.canvas, scene.output, _output_start(scene)
    return max(columns, start + made) - min(start, 0)


def _output_start(scene: Scene) -> int:
    """Which canvas cell the first output cell lies under: its like of the input, if there are as many, else centred."""
    if scene.output == scene.input and not scene.transposed:
        return 0 if scene.op == "max_unpool" else scene.pads[0][0]
    return (scene.canvas[0] - scene.output[0]) // 2


def _gutter(recording: Recording, *, is_given: bool) -> float:
    """How wide the names to the left of the rows are, with what parts them from the rows."""
    if not recording.scene.view.labels:
        return 0
    lines = (block for _, *block in _blocks(recording.scene, is_given=is_given))
    return _GUTTER + max(
        width(text, _QUIET if number else sheets.LABEL_SIZE, bold=not number)
        for block in lines
        for number, text in enumerate(block)
    )


def _blocks(scene: Scene, *, is_given: bool) -> list[tuple[str, ...]]:
    """The role of each row's name, the name, and what is said of it below, more quietly."""
    name, around = wording.input_label(scene)
    blocks = [("input label", name, *around), ("output label", wording.output_label(scene))]
    if _has_weights(scene):
        named = wording.kernel_label(scene)
        if is_given:
            blocks.append(("kernel label", language(scene.view.language)("turned by 180°"), *named[1:-1]))
            blocks.append(("kernel label", named[0]))
        else:
            blocks.append(("kernel label", *named))
    return blocks


def _names(recording: Recording, rows: Rows) -> Iterator[Text]:
    """The rows' names in the gutter: the input's end beside its row, which leaves room for the kernel's below."""
    homes = (rows.canvas, rows.output, rows.kernel, rows.given)
    blocks = _blocks(recording.scene, is_given=rows.given is not None)
    for (role, *block), home in zip(blocks, homes, strict=False):
        if home is None:
            continue
        x = min(grid.origin[0] for grid in rows.grids) - _GUTTER
        y = home.point(0.5, 0)[1] + 5 - (_LEADING * (len(block) - 1) if home is rows.canvas else 0)
        for number, text in enumerate(block):
            size = _QUIET if number else sheets.LABEL_SIZE
            look = "quiet" if number else role
            yield Text(x, round(y + _LEADING * number), text, look, size, "right", bold=not number)
