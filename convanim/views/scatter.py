"""A transposed convolution as stamping: each input cell stamps its value times the kernel, and overlaps add up.

From a Recording comes a Storyboard with a step for each input cell: the cell, the kernel, and the output as it grows,
with the rows and columns that padding takes away dashed around it. With `overlaps`, one more plane counts the stamps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Paint, Step, Storyboard, Text
from convanim.draw.theme import MOST_COUNTED
from convanim.engine import Recording, Stamp
from convanim.engine.recording import StampTap
from convanim.errors import Problem, times
from convanim.language import language
from convanim.scene import Scene, wording
from convanim.scene.alternatives import cells_in_sentence
from convanim.scene.values import Size
from convanim.views.contents import held_texts, number_of
from convanim.views.numbers import Number, factor, short
from convanim.views.planes import two
from convanim.views.sheets import (
    LEAST_NOTED_CELL,
    Captioned,
    Placed,
    Sheet,
    board_of,
    captioned,
    cell_size,
    in_a_column,
    in_a_row,
    note_text,
    small_cell_refused,
    value_text,
    values_in,
)


class _Stage(NamedTuple):
    """Where everything lies: `whole` is the size of the output before padding takes cells away.

    `numbers` are what the output's cells carry in place of values, by their place in the whole; None if they do not.
    """

    placed: Placed
    words: Captioned
    whole: Size
    numbers: dict[int, str] | None

    def grid(self, name: str) -> Grid:
        return next(grid for grid in self.placed.grids if grid.name == name)


class _Sums(NamedTuple):
    """What the cells of the whole output hold after some stamps, and how many stamps reached each, by cell number."""

    values: dict[int, Number]
    counts: Counter[int]


def refusal(scene: Scene) -> Problem | None:
    """Only a transposed convolution stamps."""
    if scene.transposed:
        return small_cell_refused(scene)
    legal = 'legal is a transposed convolution (transposed = true or op = "conv_input_grad")'
    named = wording.operation(wording.in_language(scene, "en"))
    return Problem(
        "view.kind",
        f"scatter cannot draw {named}, which stamps nothing",
        legal,
    )


def steps(scene: Scene) -> int:
    """One for each input cell."""
    return prod(scene.input)


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The stamps in `shown`, one a step."""
    stage = _stage(recording)
    stamps = recording.stamps

    def step(place: int, duration: int) -> Step:
        number = shown[place]
        before, stamp = _sums(recording, stage.whole, number), stamps[number]
        reached = [(_whole_number(tap, stage.whole), tap) for tap in stamp.taps]
        return Step(
            number,
            duration,
            tuple(_lasting(_sums(recording, stage.whole, number + 1), stage)),
            (
                Paint("input", (number,), "input numbered tap"),
                *_lit(reached),
                *_texts(before, reached, stage),
                *stage.words.counter(number),
            ),
        )

    return board_of(recording, stage.placed, stage.words, shown, step, moves=_moves(recording.asked))


def _stage(recording: Recording) -> _Stage:
    scene, view = recording.asked, recording.asked.view
    whole = _whole_size(scene)
    kernel = _stamped(recording)
    sheets = [
        _input_sheet(recording),
        Sheet("kernel", scene.kernel, ("kernel",) * len(kernel), _kernel_label(scene), "kernel label"),
        _output_sheet(recording, whole),
    ]
    if view.overlaps:
        roles = tuple(f"count {n}" for n in range(MOST_COUNTED + 1))
        sheets.append(
            Sheet(
                "overlaps",
                whole,
                ("count 0",) * prod(whole),
                language(view.language)("stamps on each cell"),
                "quiet",
                roles,
            )
        )
    cell = _cell(recording, sheets)
    if scene.dimensions == 1:
        placed = in_a_column(sheets, cell, labels=view.labels)
    else:
        placed = in_a_row(sheets, cell, signs=("×", "→", ""), labels=view.labels)
    numbers = None
    if view.numbered:
        numbers = {cell: str(number) for number, cell in enumerate(sorted(_kept(scene, whole)), start=1)}
    stamping = range(1, prod(scene.input) + 1) if view.numbered else recording.input.ravel().tolist()
    texts = [*values_in(placed.grids[0], stamping), *values_in(placed.grids[1], kernel)]
    texts += [
        value_text(placed.grids[2], cell, numbers[cell] if numbers else "0") for cell in _untouched(recording, whole)
    ]
    placed = placed._replace(texts=(*placed.texts, *texts))
    return _Stage(placed, captioned(recording, placed, steps(scene), _said(scene)), whole, numbers)


def _input_sheet(recording: Recording) -> Sheet:
    scene = recording.asked
    roles = ("input numbered",) * prod(scene.input)
    name = language(scene.view.language)("input {size}", size=times(scene.input))
    return Sheet("input", scene.input, roles, name, "input label", ("input numbered tap",))


def _output_sheet(recording: Recording, whole: Size) -> Sheet:
    """The output, and around it, as padding, what is taken away; cells that no stamp reaches are zeros from the start."""
    scene = recording.asked
    kept, untouched = _kept(scene, whole), set(_untouched(recording, whole))
    roles = tuple(
        "padding" if number not in kept else "zero" if number in untouched else "pending"
        for number in range(prod(whole))
    )
    label = wording.output_label(scene)
    if len(kept) < prod(whole):
        said = language(scene.view.language)
        taken = said("padding {cells} taken away", cells=wording.sides(scene.pads, said))
        label = said.listed([label, taken])
    changes = ("output numbered", "result", "padding tap")
    return Sheet("output", whole, roles, label, "output label", changes, ("value", "note"))


def _lit(reached: list[tuple[int, StampTap]]) -> Iterator[Paint]:
    """The stamp on the output: what it adds to, and what padding takes away of it."""
    for role, is_kept in (("result", True), ("padding tap", False)):
        cells = tuple(number for number, tap in reached if (tap.output is not None) == is_kept)
        if cells:
            yield Paint("output", cells, role)


def _lasting(after: _Sums, stage: _Stage) -> Iterator[Paint]:
    """Cells that stamps have reached by now, and how often."""
    rest = stage.grid("output").roles
    yield Paint("output", tuple(number for number in after.values if rest[number] == "pending"), "output numbered")
    if any(grid.name == "overlaps" for grid in stage.placed.grids):
        by_count: dict[int, list[int]] = {}
        for number, count in after.counts.items():
            by_count.setdefault(min(count, MOST_COUNTED), []).append(number)
        for count, cells in by_count.items():
            yield Paint("overlaps", tuple(cells), f"count {count}")


def _texts(before: _Sums, reached: list[tuple[int, StampTap]], stage: _Stage) -> Iterator[Text]:
    """The sums that cells hold with this stamp; where it meets earlier ones, the two that are added."""
    output = stage.grid("output")
    new = dict(reached)
    for number in dict.fromkeys([*before.values, *new]):
        if output.roles[number] != "pending":
            continue
        old = before.values.get(number)
        value = (old or 0) + (new[number].product if number in new else 0)
        is_sum = number in new and old is not None and output.down[1] >= LEAST_NOTED_CELL and not stage.numbers
        yield value_text(output, number, stage.numbers[number] if stage.numbers else short(value))
        if is_sum and old is not None:
            yield note_text(output, number, _added(old, new[number].product))
    if len(stage.placed.grids) > 3:
        counts = before.counts + Counter(new.keys())
        for number, count in counts.items():
            yield value_text(stage.grid("overlaps"), number, str(count))


def _added(old: Number, product: Number) -> str:
    return f"{short(old)}+{factor(product)}"


def _sums(recording: Recording, whole: Size, stamps: int) -> _Sums:
    """The whole output after so many stamps."""
    values: dict[int, Number] = {}
    counts: Counter[int] = Counter()
    for stamp in recording.stamps[:stamps]:
        for tap in stamp.taps:
            number = _whole_number(tap, whole)
            counts[number] += 1
            values[number] = values.get(number, 0) + tap.product
    return _Sums(values, counts)


def _cell(recording: Recording, sheets: list[Sheet]) -> tuple[int, int]:
    """A cell that holds every value that occurs on the way, and every sum of two where the cell is large enough."""
    whole = _whole_size(recording.asked)
    columns = [two(sheet.size)[1] for sheet in sheets]
    room = max(columns) if recording.asked.dimensions == 1 else sum(columns)
    texts = [*held_texts(recording), *map(short, _stamped(recording))]
    if recording.asked.view.numbered:
        return cell_size(recording, room, texts)
    notes: list[str] = []
    sums: dict[int, Number] = {}
    for stamp in recording.stamps:
        for number, product in _products(stamp, whole):
            if number in sums:
                notes.append(_added(sums[number], product))
            sums[number] = sums.get(number, 0) + product
            texts.append(short(sums[number]))
    height = cell_size(recording, room, ())[1]
    return cell_size(recording, room, texts, notes=notes if height >= LEAST_NOTED_CELL else ())


def _products(stamp: Stamp, whole: Size) -> Iterator[tuple[int, Number]]:
    for tap in stamp.taps:
        if tap.output is not None:
            yield _whole_number(tap, whole), tap.product


def _stamped(recording: Recording) -> list[Number]:
    """What stands in the kernel's cells as they lie in a stamp, row by row."""
    taps = recording.stamps[0].taps
    if recording.asked.view.numbered:
        return [number_of(tap.kernel, recording.asked.kernel) for tap in taps]
    return [tap.weight for tap in taps]


def _untouched(recording: Recording, whole: Size) -> list[int]:
    """The output's cells that no stamp reaches."""
    reached = {_whole_number(tap, whole) for stamp in recording.stamps for tap in stamp.taps}
    return [number for number in sorted(_kept(recording.asked, whole)) if number not in reached]


def _kept(scene: Scene, whole: Size) -> set[int]:
    """The cells of the whole output that padding leaves."""
    numbers = [0]
    for axis, length in zip(scene.axes, whole, strict=True):
        before = axis.padding[0]
        numbers = [start * length + at for start in numbers for at in range(before, before + axis.output)]
    return set(numbers)


def _whole_size(scene: Scene) -> Size:
    """The output's size before padding takes cells away, output padding included."""
    return tuple(
        max((axis.input - 1) * axis.stride + axis.extent, axis.padding[0] + axis.output) for axis in scene.axes
    )


def _whole_number(tap: StampTap, whole: Size) -> int:
    number = 0
    for at, length in zip(tap.whole, whole, strict=True):
        number = number * length + at
    return number


def _kernel_label(scene: Scene) -> str:
    said = language(scene.view.language)
    name = said("kernel {size}", size=times(scene.kernel))
    return said.listed([name, said("turned")]) if scene.flip else name


def _apart(scene: Scene) -> str:
    steps_apart = times(scene.stride[:1] if len(set(scene.stride)) == 1 else scene.stride)
    text = "{cells} cell apart" if set(scene.stride) == {1} else "{cells} cells apart"
    return language(scene.view.language)(text, cells=steps_apart)


def _said(scene: Scene) -> str:
    text = "each input cell stamps value × kernel, {apart}; overlaps add up"
    return language(scene.view.language)(text, apart=_apart(scene))


def _moves(scene: Scene) -> str:
    said = language(scene.view.language)
    size, kernel, output = (cells_in_sentence(size, said) for size in (scene.input, scene.kernel, scene.output))
    text = (
        "Each cell of the {size} input in turn stamps its value times the {kernel} kernel on the {output} output, "
        "{apart}; where stamps overlap they add up."
    )
    return said(text, size=size, kernel=kernel, output=output, apart=_apart(scene))
