"""A transposed convolution as stamping: each input cell stamps its value times the kernel, and overlaps add up.

From a Recording comes a Storyboard with a step for each input cell: the cell, the kernel, and the output as it grows,
with the rows and columns that padding takes away dashed around it. With `overlaps`, one more plane counts the stamps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Paint, Step, Storyboard, Text
from convanim.draw.theme import MOST_COUNTED
from convanim.engine import Recording
from convanim.errors import Problem, times
from convanim.language import language
from convanim.scene import Scene, wording
from convanim.scene.alternatives import cells_in_sentence
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
from convanim.views.stamp_sums import Addition, StampSums, stamp_sums
from convanim.views.weights import stamped_weights


class _Stage(NamedTuple):
    """Where everything lies, and what the stamps leave behind.

    `numbers` are what the output's cells carry in place of values, by their place in the whole; None if they do not.
    """

    placed: Placed
    words: Captioned
    sums: StampSums
    numbers: dict[int, str] | None

    def grid(self, name: str) -> Grid:
        return next(grid for grid in self.placed.grids if grid.name == name)

    @property
    def counts_stamps(self) -> bool:
        return any(grid.name == "overlaps" for grid in self.placed.grids)


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
    weights = (stamped_weights(recording, stage.grid("kernel")),)

    def step(place: int, duration: int) -> Step:
        number = shown[place]
        held = list(stage.sums.after(number + 1))
        return Step(
            number,
            duration,
            tuple(_lasting(held, stage)),
            (
                Paint("input", (number,), "input numbered tap"),
                *_lit(stage.sums, number),
                *_texts(held, number, stage),
                *stage.words.counter(number),
            ),
            weights,
        )

    return board_of(recording, stage.placed, stage.words, shown, step, moves=_moves(recording.asked))


def _stage(recording: Recording) -> _Stage:
    scene, view = recording.asked, recording.asked.view
    sums, kernel = stamp_sums(recording), _stamped(recording)
    sheets = [
        _input_sheet(recording),
        Sheet("kernel", scene.kernel, ("kernel",) * len(kernel), _kernel_label(scene), "kernel label"),
        _output_sheet(scene, sums),
    ]
    if view.overlaps:
        roles = tuple(f"count {n}" for n in range(MOST_COUNTED + 1))
        sheets.append(
            Sheet(
                "overlaps",
                sums.whole,
                ("count 0",) * prod(sums.whole),
                language(view.language)("stamps on each cell"),
                "quiet",
                roles,
            )
        )
    cell = _cell(recording, sheets, sums)
    if scene.dimensions == 1:
        placed = in_a_column(sheets, cell, labels=view.labels)
    else:
        placed = in_a_row(sheets, cell, signs=("×", "→", ""), labels=view.labels)
    numbers = None
    if view.numbered:
        numbers = {cell: str(number) for number, cell in enumerate(sorted(sums.kept), start=1)}
    stamping = range(1, prod(scene.input) + 1) if view.numbered else recording.input.ravel().tolist()
    texts = [*values_in(placed.grids[0], stamping), *values_in(placed.grids[1], kernel)]
    texts += [value_text(placed.grids[2], cell, numbers[cell] if numbers else "0") for cell in sums.untouched]
    placed = placed._replace(texts=(*placed.texts, *texts))
    return _Stage(placed, captioned(recording, placed, steps(scene), _said(scene)), sums, numbers)


def _input_sheet(recording: Recording) -> Sheet:
    scene = recording.asked
    roles = ("input numbered",) * prod(scene.input)
    name = language(scene.view.language)(f"{wording.reads(scene)} {{size}}", size=times(scene.input))
    return Sheet("input", scene.input, roles, name, "input label", ("input numbered tap",))


def _output_sheet(scene: Scene, sums: StampSums) -> Sheet:
    """The output, and around it, as padding, what is taken away; cells that no stamp reaches are zeros from the start."""
    cells, untouched = range(prod(sums.whole)), set(sums.untouched)
    roles = tuple("padding" if cell not in sums.kept else "zero" if cell in untouched else "pending" for cell in cells)
    label = wording.output_label(scene)
    if len(sums.kept) < len(cells):
        said = language(scene.view.language)
        taken = said("padding {cells} taken away", cells=wording.sides(scene.pads, said))
        label = said.listed([label, taken])
    changes = ("output numbered", "result", "padding tap")
    return Sheet("output", sums.whole, roles, label, "output label", changes, ("value", "note"))


def _lit(sums: StampSums, number: int) -> Iterator[Paint]:
    """The stamp on the output: what it adds to, and what padding takes away of it."""
    for role, is_kept in (("result", True), ("padding tap", False)):
        cells = tuple(cell for cell in sums.reached[number] if (cell in sums.kept) == is_kept)
        if cells:
            yield Paint("output", cells, role)


def _lasting(held: Iterable[tuple[int, Addition]], stage: _Stage) -> Iterator[Paint]:
    """Cells that stamps have reached by now, and how often."""
    rest = stage.grid("output").roles
    yield Paint("output", tuple(cell for cell, _ in held if rest[cell] == "pending"), "output numbered")
    if stage.counts_stamps:
        by_count: dict[int, list[int]] = {}
        for cell, addition in held:
            by_count.setdefault(min(addition.stamps, MOST_COUNTED), []).append(cell)
        for count, cells in by_count.items():
            yield Paint("overlaps", tuple(cells), f"count {count}")


def _texts(held: Iterable[tuple[int, Addition]], stamp: int, stage: _Stage) -> Iterator[Text]:
    """The sums that cells hold with this stamp; where it meets earlier ones, the two that are added."""
    output = stage.grid("output")
    has_notes = output.down[1] >= LEAST_NOTED_CELL and not stage.numbers
    for cell, addition in held:
        if output.roles[cell] != "pending":
            continue
        yield value_text(output, cell, stage.numbers[cell] if stage.numbers else short(addition.sum))
        if has_notes and addition.stamp == stamp and addition.before is not None:
            yield note_text(output, cell, _added(addition.before, addition.product))
    if stage.counts_stamps:
        counts = stage.grid("overlaps")
        for cell, addition in held:
            yield value_text(counts, cell, str(addition.stamps))


def _added(old: Number, product: Number) -> str:
    return f"{short(old)}+{factor(product)}"


def _cell(recording: Recording, sheets: list[Sheet], sums: StampSums) -> tuple[int, int]:
    """A cell that holds every value that occurs on the way, and every sum of two where the cell is large enough."""
    columns = [two(sheet.size)[1] for sheet in sheets]
    room = max(columns) if recording.asked.dimensions == 1 else sum(columns)
    texts = [*held_texts(recording), *map(short, _stamped(recording))]
    if recording.asked.view.numbered:
        return cell_size(recording, room, texts)
    notes: list[str] = []
    for addition in (addition for cell in sums.kept for addition in sums.additions.get(cell, ())):
        texts.append(short(addition.sum))
        if addition.before is not None:
            notes.append(_added(addition.before, addition.product))
    height = cell_size(recording, room, ())[1]
    return cell_size(recording, room, texts, notes=notes if height >= LEAST_NOTED_CELL else ())


def _stamped(recording: Recording) -> list[Number]:
    """What stands in the kernel's cells as they lie in a stamp, row by row."""
    taps = recording.stamps[0].taps
    if recording.asked.view.numbered:
        return [number_of(tap.kernel, recording.asked.kernel) for tap in taps]
    return [tap.weight for tap in taps]


def _kernel_label(scene: Scene) -> str:
    said = language(scene.view.language)
    name = said("kernel {size}", size=times(scene.kernel))
    return said.listed([name, said("turned")]) if scene.flip else name


def _apart(scene: Scene) -> str:
    steps_apart = times(scene.stride[:1] if len(set(scene.stride)) == 1 else scene.stride)
    text = "{cells} cell apart" if set(scene.stride) == {1} else "{cells} cells apart"
    return language(scene.view.language)(text, cells=steps_apart)


def _said(scene: Scene) -> str:
    cell = "cell of the output's gradient" if scene.op == "conv_input_grad" else "input cell"
    text = f"each {cell} stamps value × kernel, {{apart}}; overlaps add up"
    return language(scene.view.language)(text, apart=_apart(scene))


def _moves(scene: Scene) -> str:
    said = language(scene.view.language)
    size, kernel, output = (cells_in_sentence(size, said) for size in (scene.input, scene.kernel, scene.output))
    text = (
        f"Each cell of the {{size}} {wording.reads(scene)} in turn stamps its value times the {{kernel}} kernel on the {{output}} {wording.makes(scene)}, "
        "{apart}; where stamps overlap they add up."
    )
    return said(text, size=size, kernel=kernel, output=output, apart=_apart(scene))
