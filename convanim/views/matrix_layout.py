"""Where everything of the matrix view lies: x above C, y beside it, and the spatial picture above or beside these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import ceil, prod
from typing import NamedTuple

from convanim.draw.storyboard import Grid, Line, Text
from convanim.draw.text import width
from convanim.engine import Recording
from convanim.language import Language, language
from convanim.scene import Scene, wording
from convanim.scene.values import Size
from convanim.views.contents import known_cells
from convanim.views.matrix_rows import Row, role_of, rows_of, tint, window_size
from convanim.views.matrix_words import Words
from convanim.views.planes import canvas_shades, output_rest, output_shades, tapped, two
from convanim.views.sheets import (
    GAP,
    LABEL_SIZE,
    LEAST_CELL,
    MARGIN,
    Captioned,
    Placed,
    Sheet,
    canvas_sheet,
    captioned,
    in_a_row,
    output_sheet,
    placed_at,
)

_LARGEST_CELL, _ROOM, _HEIGHT = 38, 880, 600
_LINE, _ROW_NAME, _TICK = 22, 11, 14
_BETWEEN, _ASIDE = 12, 30
_SHAPE = 1.6  # pictures are best about so much wider than high
_RAISED = 0.38


class Layout(NamedTuple):
    """The rows of C, the grids with all that rests, and the caption."""

    rows: Sequence[Row]
    placed: Placed
    captioned: Captioned

    def grid(self, name: str) -> Grid:
        """The grid of that name."""
        return next(grid for grid in self.placed.grids if grid.name == name)


def laid_out(recording: Recording, words: Words) -> Layout:
    """The spatial picture and the product, above each other or side by side as makes the better picture."""
    rows = rows_of(recording)
    cell = _cell(recording, words, rows)
    spatial, product = _spatial(recording, cell, (MARGIN, MARGIN)), _product(recording, rows, cell, (MARGIN, MARGIN))
    across, down = spatial.right - MARGIN, spatial.bottom - MARGIN
    wide, high = product.right - MARGIN, product.bottom - MARGIN
    above = max(across, wide), down + GAP + high
    beside = across + GAP + wide, max(down, high)
    if _badness(above) <= _badness(beside):
        spatial = _spatial(recording, cell, (round(MARGIN + (above[0] - across) / 2), MARGIN))
        corner = (round(MARGIN + (above[0] - wide) / 2), round(MARGIN + down + GAP))
        size = above
    else:
        spatial = _spatial(recording, cell, (MARGIN, round(MARGIN + (beside[1] - down) / 2)))
        corner = (round(MARGIN + across + GAP), round(MARGIN + (beside[1] - high) / 2))
        size = beside
    product = _product(recording, rows, cell, corner)
    grids, texts = (*spatial.grids, *product.grids), (*spatial.texts, *product.texts)
    placed = Placed(grids, texts, MARGIN + size[0], MARGIN + size[1])
    texts = (*texts, *_cell_texts(recording, words, rows, {grid.name: grid for grid in grids}))
    ticks = tuple(_ticks(recording, cell, {grid.name: grid for grid in grids})) if recording.asked.view.labels else ()
    placed = placed._replace(texts=texts, lines=ticks)
    return Layout(rows, placed, captioned(recording, placed, recording.asked.placements, _said(recording.asked)))


def _said(scene: Scene) -> str:
    """What the matrix is, in a line."""
    held = f"each row of the matrix holds the {wording.slides(scene)} where one placement lies"
    if scene.op == "max_unpool":
        held = "each row of the matrix holds a 1 below the value that goes there"
    elif scene.op == "upsample":
        held = "each row of the matrix holds the weights of one output cell"
    elif scene.transposed:
        held = "each column of the matrix holds the kernel as one input cell stamps it"
    return language(scene.view.language)(f"{held}; blank cells are 0")


def _badness(size: tuple[float, float]) -> float:
    return max(size[0] / _SHAPE, size[1])


def _cell(recording: Recording, words: Words, entries: Sequence[Row]) -> tuple[int, int]:
    """A cell's width and height: as high as fits the columns into a page, wide enough for every text."""
    columns = prod(recording.asked.input)
    rows = prod(recording.asked.output)
    fitting = min(_LARGEST_CELL, _ROOM // (columns + 2), _HEIGHT // (rows + 2))
    height = recording.scene.view.cell or max(fitting, LEAST_CELL)
    texts = {*words.x, *words.y, *words.w, "0"}
    if not words.are_symbols:
        texts |= {words.entry(entry) for row in entries for entry in row.values()}
    widest = max(width(text, words.size(height)) for text in texts)
    return max(height, ceil(widest + 8)), height


def _spatial(recording: Recording, cell: tuple[int, int], corner: tuple[float, float]) -> Placed:
    """Canvas, kernel and output side by side."""
    scene, sheets = recording.scene, [canvas_sheet(recording)]
    if recording.kernel is not None:
        size = window_size(recording)
        tints = tuple(tint(number, prod(size)) for number in range(prod(size)))
        sheets.append(Sheet("kernel", size, tints, wording.slider(scene), "kernel label", tapped(tints)))
    sheets.append(output_sheet(recording))
    return in_a_row(sheets, cell, labels=scene.view.labels, corner=corner)


def _product(
    recording: Recording, entries: Sequence[Row], cell: tuple[int, int], corner: tuple[float, float]
) -> Placed:
    """x above the columns of C, y beside its rows, with their names."""
    scene, (left, top) = recording.scene, corner
    rows, columns = prod(scene.output), prod(scene.input)
    named = scene.view.labels
    said = language(scene.view.language)
    row_names = named and _fit_row_names(scene.input, cell[0], said)
    top += (_LINE if named else 0) + (_ROW_NAME + 3 if row_names else 0)
    x = placed_at(
        Sheet(
            "x",
            (1, columns),
            ("input numbered",) * columns,
            changes=("input numbered tap",),
            shades=_input_shades(recording),
        ),
        cell,
        (left, round(top)),
    )
    top += cell[1] + _BETWEEN + (_LINE if named else 0)
    label = f"C{'ᵀ' if scene.transposed else ''} {rows}×{columns}"
    aside = max(_ASIDE, _written_width(label) - columns * cell[0] + 20) if named else _ASIDE
    roles = _matrix_roles(recording, entries)
    matrix = placed_at(Sheet("C", (rows, columns), roles, changes=tapped(roles)), cell, (left, round(top)))
    rest = output_rest(recording, "output numbered")
    corner = (round(left + columns * cell[0] + aside), round(top))
    y = placed_at(
        Sheet("y", (rows, 1), rest, changes=("output numbered", "result"), shades=output_shades(recording)),
        cell,
        corner,
    )
    grids = tuple(grid._replace(stroke=1.5) for grid in (x, matrix, y))
    if not named:
        return Placed(grids, (), corner[0] + cell[0], top + rows * cell[1])
    above = _row_texts(x, scene.input, said) if row_names else []
    equation = f"y = C{'ᵀ' if scene.transposed else ''}·x"
    labels = (
        (said("x = input, row by row" if two(scene.input)[0] > 1 else "x = input"), "input label", x, bool(row_names)),
        (label, "kernel label", matrix, False),
        (equation, "output label", y, False),
    )
    texts = [text for label, role, grid, is_raised in labels for text in _written(label, role, grid, is_raised)]
    right = max(left + _written_width(labels[0][0]), corner[0] + max(cell[0], _written_width(equation)))
    beside = _side_texts(y, scene.output, said)
    right = max([right, *(text.x + width(text.text, text.size) for text in beside)])
    return Placed(grids, (*texts, *above, *beside), right, top + rows * cell[1])


def _input_shades(recording: Recording) -> bytes:
    """The shade of every cell of x, as it has on the canvas, if the scene shades cells by value."""
    shades = canvas_shades(recording)
    if not shades:
        return b""
    sources, inside = recording.canvas_sources()
    held = zip(sources.ravel().tolist(), shades, inside.ravel().tolist(), strict=True)
    by_source = {source: shade for source, shade, is_held in held if is_held}
    unseen = shades[0]  # any that occurs: what padding crops is on no canvas
    return bytes(by_source.get(cell, unseen) for cell in range(prod(recording.asked.input)))


def _matrix_roles(recording: Recording, entries: Sequence[Row]) -> tuple[str, ...]:
    """The role of each place of C: the tint of its kernel cell, or nought."""
    size, columns = window_size(recording), prod(recording.asked.input)
    roles: list[str] = []
    for row in entries:
        roles += (role_of(row[column], size) if column in row else "nought" for column in range(columns))
    return tuple(roles)


def _cell_texts(recording: Recording, words: Words, entries: Sequence[Row], grids: dict[str, Grid]) -> list[Text]:
    """What stands in cells from the start."""
    columns = prod(recording.asked.input)
    texts = [words.text(grids["x"], number, text) for number, text in enumerate(words.x)]
    texts += [words.text(grids["canvas"], number, text) for number, text in _canvas_words(recording, words)]
    for number, row in enumerate(entries):
        texts += [words.text(grids["C"], number * columns + column, words.entry(row[column])) for column in sorted(row)]
    texts += [words.text(grids["kernel"], number, text) for number, text in enumerate(words.w)]
    known = [(number, words.y[number]) for number in known_cells(recording)]
    return [*texts, *(words.text(grids[name], number, text) for name in ("output", "y") for number, text in known)]


def _canvas_words(recording: Recording, words: Words) -> Iterator[tuple[int, str]]:
    """What stands in the cells of the canvas; cells that count for nothing hold nothing."""
    sources, inside = recording.canvas_sources()
    held = zip(sources.ravel().tolist(), inside.ravel().tolist(), strict=True)
    cells = product(*map(range, recording.canvas_size))
    for number, (cell, (source, is_held)) in enumerate(zip(cells, held, strict=True)):
        if is_held:
            yield number, words.x[source]
        elif recording.canvas_value(cell) is not None:
            yield number, "0"


def _fit_row_names(size: Size, across: float, said: Language) -> bool:
    """Whether the name of each row of the input has room above its cells in x."""
    rows, columns = two(size)
    return rows > 1 and width(said("row {number}", number=rows - 1), _ROW_NAME) + 6 <= columns * across


def _row_texts(x: Grid, size: Size, said: Language) -> list[Text]:
    """Which cells of x are which row of the input, above them."""
    rows, columns = two(size)
    places = [x.point(0, (row + 0.5) * columns) for row in range(rows)]
    return [
        Text(round(left), top - 5, said("row {number}", number=row), "quiet", _ROW_NAME)
        for row, (left, top) in enumerate(places)
    ]


def _side_texts(y: Grid, size: Size, said: Language) -> list[Text]:
    """Which cells of y are which row of the output, beside them."""
    rows, columns = two(size)
    if rows == 1:
        return []
    places = [y.point((row + 0.5) * columns, 1) for row in range(rows)]
    return [
        Text(left + 8, round(top + 4), said("row {number}", number=row), "quiet", _ROW_NAME, "left")
        for row, (left, top) in enumerate(places)
    ]


def _ticks(recording: Recording, cell: tuple[int, int], grids: dict[str, Grid]) -> Iterator[Line]:
    """Short lines where a row of the input ends in x, and one of the output in y."""
    scene, names = recording.asked, tuple(grids)
    rows, columns = two(scene.input)
    names_fit = _fit_row_names(scene.input, cell[0], language(scene.view.language))
    for row in range(rows + 1) if names_fit else ():
        x, y = grids["x"].point(0, row * columns)
        yield Line((x, y - _TICK), (x, y), "connector", 1.0, names)
    rows, columns = two(scene.output)
    for row in range(rows + 1) if rows > 1 else ():
        x, y = grids["y"].point(row * columns, 1)
        yield Line((x, y), (x + _TICK, y), "connector", 1.0, names)


def _written(label: str, role: str, grid: Grid, is_raised: bool) -> list[Text]:
    """A label above a grid's left end; a raised T, which the face has not, is a small one drawn higher."""
    x, y = grid.point(0, 0)
    y -= 8 + (_ROW_NAME + 3 if is_raised else 0)
    before, mark, after = label.partition("ᵀ")
    texts = [Text(x, y, before, role, LABEL_SIZE, "left", bold=True)]
    if mark:
        small = round(LABEL_SIZE * 0.65)
        x += width(before, LABEL_SIZE, bold=True)
        texts.append(Text(x, round(y - LABEL_SIZE * _RAISED), "T", role, small, "left", bold=True))
        x += width("T", small, bold=True)
        texts.append(Text(round(x), y, after.lstrip(), role, LABEL_SIZE, "left", bold=True))
        if after.startswith(" "):
            texts[-1] = texts[-1]._replace(x=round(x + width(" ", LABEL_SIZE, bold=True)))
    return texts


def _written_width(label: str) -> float:
    return width(label.replace("ᵀ", "T"), LABEL_SIZE, bold=True)
