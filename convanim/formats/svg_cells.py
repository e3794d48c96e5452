"""A grid in SVG: its cells at rest, and what steps lay over them. A cell is drawn anew only where it changes.

Whatever covers a cell covers the text in it too, and so brings the text with it, in the ink that is legible there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from convanim.draw.storyboard import Grid, Paint, Text
from convanim.draw.theme import BACKGROUND, BARE, DASH, DASHED, OUTLINE, SOLID, UNFILLED, Colour, Theme
from convanim.formats.svg_borders import Border, borders, rim
from convanim.formats.svg_markup import Shown, colour, element, number, numbers, timed
from convanim.formats.svg_words import Words

Block = tuple[int, int, int, int]


class Cells:
    """One grid while it is drawn: the role of every cell without what passes, the texts in it, and what steps show."""

    def __init__(self, grid: Grid, texts: Iterable[Text], theme: Theme, words: Words) -> None:
        self._grid, self._theme, self._words = grid, theme, words
        self._roles = list(grid.roles)
        self._texts: dict[int, list[Text]] = {}
        for text in texts:
            self._write(text)
        self._shown: list[Shown] = []
        self._rest = self._at_rest()

    def show(self, step: int, lasting: Iterable[Paint | Text], passing: Iterable[Paint | Text]) -> None:
        """Draw what a step, counted from 1, changes on this grid."""
        roles, texts = _changes(lasting)
        for text in texts:
            self._write(text)
        roles = {cell: role for cell, role in roles.items() if role != self._roles[cell]}
        for cell, role in roles.items():
            self._roles[cell] = role
        written = [text for text in texts if _cell(text) not in roles]
        self._lay(step, roles, [*self._in_cells(roles), *written], passing=False)
        roles, texts = _changes(passing)
        roles = {cell: role for cell, role in roles.items() if role != self._roles[cell]}
        self._lay(step, roles, [*self._in_cells(roles), *texts], passing=True)

    def markup(self, steps: int) -> str:
        """The whole grid of a figure of so many steps."""
        below, above = self._rest
        lines = (("stroke-linecap", "square"), ("stroke-width", number(self._grid.stroke)))
        content = below + timed(self._shown, steps) + above
        return element("g", lines if self._grid.stroke > 0 else (), content) if content else ""

    def _at_rest(self) -> tuple[str, str]:
        """What lies below all that steps bring, and the lines above it."""
        grid, theme = self._grid, self._theme
        filled = {cell: role for cell, role in enumerate(grid.roles) if role not in UNFILLED}
        fills, texts = "".join(self._fills(filled)), "".join(self._words.elements(self._inked(self._in_cells(filled | dict.fromkeys(self._texts, "")), {})))
        if grid.stroke <= 0:
            return fills + texts, rim(grid, theme.inks[OUTLINE])
        dashed, solid = borders(grid, lambda cell: self._border(cell, grid.roles[cell]))
        return fills + "".join(dashed) + texts, "".join(solid)

    def _lay(self, step: int, roles: dict[int, str], texts: Sequence[Text], *, passing: bool) -> None:
        """Cells that take roles, and texts over them."""
        elements = [*self._fills(roles), *self._lines(roles), *self._words.elements(self._inked(texts, roles))]
        self._shown.append(Shown(step, tuple(elements), passing))

    def _fills(self, roles: dict[int, str]) -> Iterator[str]:
        """Cells filled, in the grid's own coordinates: a cell is a unit square there."""
        alike: dict[Colour, list[int]] = {}
        for cell, role in sorted(roles.items()):
            alike.setdefault(self._theme.fill(role, self._shade(cell, role)), []).append(cell)
        paths = [
            element("path", (("fill", colour(fill)), ("d", "".join(_block(*block) for block in blocks(self._grid, cells)))))
            for fill, cells in alike.items()
        ]
        if not paths:
            return
        (ax, ay), (dx, dy), (x, y) = self._grid.across, self._grid.down, self._grid.origin
        sharp = "" if self._grid.stroke > 0 else "crispEdges"  # else the ground shows between cells
        place = (("shape-rendering", sharp), ("transform", f"matrix({numbers(ax, ay, dx, dy, x, y, digits=4)})"))
        yield element("g", place, "".join(paths))

    def _lines(self, roles: dict[int, str]) -> Iterator[str]:
        """The lines of cells that at rest have none, or dashed ones: all other lines lie above the cells anyway."""
        broken = [cell for cell in roles if self._theme.line(self._grid.roles[cell]) != SOLID]
        if self._grid.stroke > 0 and broken:
            for lines in borders(self._grid, lambda cell: self._border(cell, roles[cell]), broken):
                yield from lines

    def _border(self, cell: int, role: str) -> Border:
        line = self._theme.line(role)
        if line == BARE:
            return Border(BARE, self._theme.fills[BACKGROUND])
        return Border(line, self._theme.ink(DASH if line == DASHED else OUTLINE, role, self._shade(cell, role)))

    def _shade(self, cell: int, role: str) -> int | None:
        return self._grid.shades[cell] if self._grid.shades and role in self._theme.ramps else None

    def _write(self, text: Text) -> None:
        self._texts.setdefault(_cell(text), []).append(text)

    def _in_cells(self, cells: Iterable[int]) -> list[Text]:
        """The texts that cells hold to stay, the cells in order."""
        return [text for cell in sorted(cells) for text in self._texts.get(cell, ())]

    def _inked(self, texts: Iterable[Text], roles: dict[int, str]) -> Iterator[tuple[Text, Colour]]:
        """Texts in the ink that is legible on their cells, in `roles` or those that they have."""
        for text in texts:
            cell = _cell(text)
            role = roles.get(cell, self._roles[cell])
            yield text, self._theme.ink(text.role, role, self._shade(cell, role))


def blocks(grid: Grid, cells: Iterable[int]) -> Iterator[Block]:
    """Some cells as blocks (row, column, rows, columns): stretches of rows, those that lie below one another as one."""
    growing: dict[tuple[int, int], Block] = {}
    for row, column, columns in _stretches(grid, cells):
        start = growing.get((column, columns))
        if start and start[0] + start[2] == row:
            growing[column, columns] = (start[0], column, start[2] + 1, columns)
            continue
        if start:
            yield start
        growing[column, columns] = (row, column, 1, columns)
    yield from growing.values()


def _stretches(grid: Grid, cells: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """Neighbours in a row, as its number, the first one's column and how many they are."""
    start = length = -1
    for cell in sorted(cells):
        if cell == start + length and cell % grid.columns:
            length += 1
            continue
        if length > 0:
            yield *divmod(start, grid.columns), length
        start, length = cell, 1
    if length > 0:
        yield *divmod(start, grid.columns), length


def _block(row: int, column: int, rows: int, columns: int) -> str:
    return f"M{column} {row}h{columns}v{rows}h-{columns}"


def _changes(changes: Iterable[Paint | Text]) -> tuple[dict[int, str], list[Text]]:
    """The role that each painted cell ends up with, and the texts."""
    roles: dict[int, str] = {}
    texts = []
    for change in changes:
        if isinstance(change, Paint):
            roles.update(dict.fromkeys(change.cells, change.role))
        else:
            texts.append(change)
    return roles, texts


def _cell(text: Text) -> int:
    assert text.cell is not None
    return text.cell[1]
