"""Flat, with values: the canvas at the left, the output at the right, the current sum written out below.

From a Recording comes a Storyboard. The kernel's values stand small in the corners of the cells that they multiply;
an output value appears when it is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import ceil

from convanim.draw.storyboard import Grid, Lazy, Paint, Step, Storyboard, Text
from convanim.draw.text import width
from convanim.draw.timing import durations
from convanim.engine import Placement, Recording
from convanim.scene import wording
from convanim.views.caption import Caption, caption, widest, wrapped
from convanim.views.numbers import Number, equals, factor, short
from convanim.views.planes import canvas_roles, computed_since, tapped, two, window_numbers, window_paints

_CELL, _LEAST_CELL, _ROOM = 46, 34, 900
_VALUE_SIZE, _NOTE_SIZE, _LABEL_SIZE, _SUM_SIZE = 17, 11, 15, 16
_LEAST_NOTE = 9
_MARGIN, _GAP, _LABEL_ROOM = 18, 56, 28
_SUM_LEADING, _SUM_LINES = 1.5, 3
_LEAST_WIDTH = 420
_FIRST_TERMS = 3


@dataclass(frozen=True)
class _Layout:
    """Where everything lies; `whole_sum` says whether a sum is written in full, on `sum_lines` lines."""

    canvas: Grid
    output: Grid
    texts: tuple[Text, ...]
    caption: Caption | None
    sum_top: float
    sum_lines: int
    whole_sum: bool
    size: tuple[int, int]


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The placements in `shown`, one a step."""
    scene = recording.scene
    layout = _layout(recording)
    times = durations(len(shown), scene.timing.step, scene.timing.hold)
    appear = scene.view.output == "computed"

    def step(place: int) -> Step:
        number = shown[place]
        placement = recording[number]
        since = computed_since(shown, place)
        texts = tuple(_output_text(recording, done, layout.output) for done in since) if appear else ()
        done = Paint("output", tuple(since), "output numbered")
        paints = (*window_paints(recording, number, layout.canvas.roles), Paint("output", (number,), "result"))
        words = (*_notes(recording, placement, layout.canvas), *_sum(placement, recording, layout))
        counter = (layout.caption.at_step(number, len(recording)),) if layout.caption else ()
        return Step(number, times[place], (done, *texts), (*paints, *words, *counter))

    return Storyboard(
        layout.size,
        (layout.canvas, layout.output),
        Lazy(len(shown), step),
        layout.texts,
        ("text", "quiet"),
        wording.title(scene),
        wording.alternative_text(scene),
        scene.timing.loop,
    )


def sum_terms(placement: Placement, op: str) -> tuple[list[str], str, str, str]:
    """A placement's sum in words: its terms, what stands before, between and after them."""
    used = [tap for tap in placement.taps if tap.product is not None]
    if op == "conv":
        terms = [
            f"{factor(tap.value)}·{factor(tap.weight)}"
            for tap in used
            if tap.value is not None and tap.weight is not None
        ]
        return terms, "", " + ", f" {equals(placement.value)}"
    if op == "max_pool":
        return (
            [short(tap.product) for tap in used if tap.product is not None],
            "max(",
            ", ",
            f") {equals(placement.value)}",
        )
    terms = [factor(tap.product) for tap in used if tap.product is not None]
    return terms, "(", " + ", f") / {placement.divisor} {equals(placement.value)}"


def _sum(placement: Placement, recording: Recording, layout: _Layout) -> tuple[Text, ...]:
    if not layout.sum_lines:
        return ()
    terms, before, between, after = sum_terms(placement, recording.scene.op)
    if not layout.whole_sum and len(terms) > _FIRST_TERMS + 1:
        terms = [*terms[:_FIRST_TERMS], "…", terms[-1]]
    terms[0] = before + terms[0]
    terms[-1] += after
    lines = wrapped(terms, between, _SUM_SIZE, layout.size[0] - 2 * _MARGIN)
    broken = [line + between.rstrip() for line in lines[:-1]] + lines[-1:]
    leading = _SUM_SIZE * _SUM_LEADING
    return tuple(
        Text(_MARGIN, round(layout.sum_top + (line + 1) * leading), text, "text", _SUM_SIZE, "left")
        for line, text in enumerate(broken)
    )


def _layout(recording: Recording) -> _Layout:
    scene = recording.scene
    cell_width, cell_height, value_size = _cell_size(recording)
    rows, columns = two(recording.canvas_size)
    output_rows, output_columns = two(scene.output)
    labels = _label_texts(recording)
    left_column = max(columns * cell_width, _label_width(labels[0]))
    right_column = max(output_columns * cell_width, _label_width(labels[1]))
    tallest = max(rows, output_rows) * cell_height
    top = _MARGIN + (_LABEL_ROOM if scene.view.labels else 0)
    x = round(_MARGIN + (left_column - columns * cell_width) / 2)
    output_x = round(_MARGIN + left_column + _GAP + (right_column - output_columns * cell_width) / 2)
    roles = canvas_roles(recording, numbered=True)
    whole = scene.view.output == "whole"
    step = {"across": (cell_width, 0), "down": (0, cell_height), "slots": ("value", "note"), "stroke": 2.0}
    canvas = Grid(
        "canvas",
        recording.canvas_size,
        (x, round(top + (tallest - rows * cell_height) / 2)),
        roles=roles,
        changes=tapped(roles),
        **step,  # type: ignore[arg-type]
    )
    output = Grid(
        "output",
        scene.output,
        (output_x, round(top + (tallest - output_rows * cell_height) / 2)),
        roles=("output numbered" if whole else "pending",) * len(recording),
        changes=("output numbered", "result"),
        **(step | {"slots": ("value",)}),  # type: ignore[arg-type]
    )
    texts = [*_canvas_texts(recording, canvas, value_size)]
    if whole:
        texts += [_output_text(recording, number, output) for number in range(len(recording))]
    if scene.view.labels:
        texts += [_above(labels[0], canvas), _above(labels[1], output)]
    across = max(left_column + _GAP + right_column, _LEAST_WIDTH if scene.view.caption or scene.view.formula else 0)
    if scene.view.caption:
        across = max(across, widest(scene, len(recording)))
    return _with_words(recording, canvas, output, texts, (across, top + tallest + _MARGIN))


def _with_words(
    recording: Recording, canvas: Grid, output: Grid, texts: list[Text], area: tuple[float, float]
) -> _Layout:
    """The layout with room for the sum and the caption below `area` (width, height)."""
    scene = recording.scene
    across, below = area
    lines, whole_sum, sum_top = 0, True, below - 8
    if scene.view.formula:
        lines, whole_sum, needed = _sum_room(recording, across)
        across = max(across, needed)
        below += lines * _SUM_SIZE * _SUM_LEADING
    words = None
    if scene.view.caption:
        words = caption(scene, len(recording), (_MARGIN, below, across), centred=False)
        texts += words.texts
        below += words.height + _MARGIN
    elif lines:
        below += _MARGIN
    size = (round(across + 2 * _MARGIN), round(below))
    return _Layout(canvas, output, tuple(texts), words, sum_top, lines, whole_sum, size)


def _sum_room(recording: Recording, across: float) -> tuple[int, bool, float]:
    """Lines for the longest sum that may occur, whether it is written in full, and the width of its widest part."""
    op = recording.scene.op
    _, before, between, _ = sum_terms(recording[0], op)
    value = max(width(factor(number), _SUM_SIZE) for number in _values(recording, "input"))
    weight = max((width(f"·{factor(number)}", _SUM_SIZE) for number in _values(recording, "kernel")), default=0)
    term = value + (weight if op == "conv" else 0) + width(between, _SUM_SIZE)
    result = max(width(equals(number), _SUM_SIZE) for number in _values(recording, "output"))
    ends = width(f"{before}) / {recording[0].divisor} ", _SUM_SIZE) + result
    across = max(across, term + ends)
    per_line = max(int((across - ends) / term), 1)
    count = len(recording[0].taps)
    lines = ceil(count / per_line)
    if lines <= _SUM_LINES:
        return lines, True, across
    return ceil(min(count, _FIRST_TERMS + 2) / per_line), False, across


def _values(recording: Recording, name: str) -> list[Number]:
    """The distinct values of an array and 0, for measuring how wide they are written."""
    if name == "output":
        cells = product(*map(range, recording.scene.output))
        return [*dict.fromkeys(recording.value(cell) for cell in cells)]
    array = getattr(recording, name)
    return [] if array is None else [0, *dict.fromkeys(array.ravel().tolist())]


def _cell_size(recording: Recording) -> tuple[int, int, float]:
    """A cell's width and height, and the size of its value's text: as large as fits, wide enough for every value."""
    asked = recording.scene.view.cell
    columns = two(recording.canvas_size)[1] + two(recording.scene.output)[1]
    height = asked or max(min(_CELL, (_ROOM - _GAP) // columns), _LEAST_CELL)
    size = max(_VALUE_SIZE * height / _CELL, _LEAST_NOTE)
    widest_value = max(
        width(short(value), size) for value in (*_values(recording, "input"), *_values(recording, "output"))
    )
    notes = [f"×{short(weight)}" for weight in _values(recording, "kernel")]
    widest_note = max((width(note, _note_size(height)) for note in notes), default=0)
    return max(height, ceil(max(widest_value, widest_note) + 10)), height, size


def _note_size(height: float) -> float:
    return max(_NOTE_SIZE * height / _CELL, _LEAST_NOTE)


def _label_texts(recording: Recording) -> tuple[Text, Text]:
    scene = recording.scene
    first, around = wording.input_label(scene)
    name = ", ".join((first, *around))
    return (
        Text(0, 0, name, "input label", _LABEL_SIZE, bold=True),
        Text(0, 0, wording.output_label(scene), "output label", _LABEL_SIZE, bold=True),
    )


def _label_width(label: Text) -> float:
    return width(label.text, label.size, bold=True)


def _above(label: Text, grid: Grid) -> Text:
    x, y = grid.point(0, grid.columns / 2)
    return Text(x, y - 14, label.text, label.role, label.size, label.anchor, label.bold)


def _canvas_texts(recording: Recording, grid: Grid, size: float) -> list[Text]:
    texts = []
    for number, cell in enumerate(product(*map(range, recording.canvas_size))):
        value = recording.canvas_value(cell)
        empty = "−∞" if recording.scene.op == "max_pool" else ""
        texts.append(_value_text(grid, number, empty if value is None else short(value), size))
    return [text for text in texts if text.text]


def _output_text(recording: Recording, number: int, grid: Grid) -> Text:
    size = max(_VALUE_SIZE * grid.down[1] / _CELL, _LEAST_NOTE)
    return _value_text(grid, number, short(recording.value(recording.output_index(number))), size)


def _value_text(grid: Grid, number: int, text: str, size: float) -> Text:
    row, column = divmod(number, grid.columns)
    x, y = grid.point(row + 0.5, column + 0.5)
    return Text(x, round(y + size * 0.26), text, "value", size, cell=(grid.name, number))


def _notes(recording: Recording, placement: Placement, grid: Grid) -> list[Text]:
    """The kernel's value in the corner of each cell that it multiplies; in pooling, nothing."""
    if recording.kernel is None:
        return []
    size = _note_size(grid.down[1])
    notes = []
    for number, tap in zip(window_numbers(recording, placement.index), placement.taps, strict=True):
        x, y = grid.point(number // grid.columns + 1, number % grid.columns + 1)
        text = f"×{short(tap.weight)}" if tap.weight is not None else ""
        notes.append(Text(x - 4, y - 5, text, "note", size, "right", cell=(grid.name, number)))
    return notes
