"""How the cells of a grid look in whatever roles they have: fills, patterns, the lines around them, and the texts in them.

Nothing here is a pixel or markup: vector formats write it down. In all of them, lines that are there at rest lie above
the cells that steps change, so a change draws no line that is there already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from convanim.draw.blocks import Block, blocks
from convanim.draw.borders import Border, Lines, lines_around, lines_between
from convanim.draw.cutting import Piece
from convanim.draw.hatch import hatch_of, is_hatchable
from convanim.draw.storyboard import Grid, Paint, Point, Text
from convanim.draw.theme import DASH, DASHED, HATCH, OUTLINE, SOLID, UNFILLED, Colour, Theme, contrast

_ALIKE = 2  # a contrast that thin lines do not show
_RIM = 1e-6

Roles = Mapping[int, str]


class Pattern(NamedTuple):
    """Cells' patterns in one colour: lines, and the middles of dots."""

    colour: Colour
    lines: tuple[Piece, ...]
    dots: tuple[Point, ...]


class Inked(NamedTuple):
    """A text in its ink, and in the colour of the halo that keeps a pattern away from it, if it lies on one."""

    text: Text
    ink: Colour
    halo: Colour | None = None


class CellLook(NamedTuple):
    """One cell: its fill, None if what lies below is seen, its pattern in which colour, and its border."""

    fill: Colour | None
    pattern: str | None
    pattern_ink: Colour | None
    border: Border


class CellLooks:
    """The looks of one grid's cells in a theme. Cells are known by their numbers."""

    def __init__(self, grid: Grid, theme: Theme) -> None:
        self.grid, self._theme = grid, theme
        self.have_own_lines = grid.stroke > 0 and bool(grid.shades) and _has_two_inks(grid, theme)

    def look(self, cell: int, role: str) -> CellLook:
        """All of how one cell looks in a role. Around it stay the lines that are there at rest."""
        shade, border = self._shade(cell, role), self._at_rest(cell)
        if border.line != SOLID or self.have_own_lines:
            border = self._border(cell, role)
        fill = None if role in UNFILLED else self._theme.fill(role, shade)
        if not self._is_hatched(cell, role):
            return CellLook(fill, None, None, border)
        return CellLook(fill, self._theme.hatches[role], self._theme.ink(HATCH, role, shade), border)

    def colours(self, roles: Roles) -> dict[int, Colour]:
        """The fill of each cell in its role."""
        return {cell: self._theme.fill(role, self._shade(cell, role)) for cell, role in roles.items()}

    def colours_at_rest(self) -> dict[int, Colour]:
        """The fill of each cell that has one at rest."""
        return self.colours({cell: role for cell, role in enumerate(self.grid.roles) if role not in UNFILLED})

    def patterns(self, roles: Roles) -> Iterator[Pattern]:
        """The patterns of those cells that have one in their role."""
        alike: dict[tuple[str, Colour], list[int]] = {}
        for cell, role in sorted(roles.items()):
            if self._is_hatched(cell, role):
                looks = self._theme.hatches[role], self._theme.ink(HATCH, role, self._shade(cell, role))
                alike.setdefault(looks, []).append(cell)
        for (pattern, ink), cells in alike.items():
            drawn = [_hatching(self.grid, pattern, block) for block in blocks(self.grid, cells)]
            lines, dots = (tuple(part for each in some for part in each) for some in zip(*drawn, strict=True))
            yield Pattern(ink, lines, dots)

    def lines_at_rest(self) -> Lines:
        """All lines of the grid, none if it is drawn without."""
        if self.grid.stroke <= 0:
            return {}
        return lines_between(self.grid, self._at_rest, self._theme.inks[OUTLINE])

    def lines(self, roles: Roles, others: Roles) -> Lines:
        """The lines of cells that at rest have none, or dashed ones; where shaded cells have their own, of all of them.

        `others` are the roles of the cells that are not in `roles`.
        """
        grid, is_own = self.grid, self.have_own_lines
        cells = [cell for cell in roles if is_own or self._at_rest(cell).line != SOLID]
        if grid.stroke <= 0 or not cells:
            return {}

        def now(cell: int) -> Border:
            return self._border(cell, roles[cell] if cell in roles else others[cell])

        return lines_around(grid, now, self._theme.inks[OUTLINE], cells, None if is_own else self._at_rest)

    def inked(self, texts: Iterable[Text], roles: Roles) -> list[Inked]:
        """Texts in the ink that is legible on their cells in those roles."""
        looks = []
        for text in texts:
            cell = cell_of(text)
            role, shade = roles[cell], self._shade(cell, roles[cell])
            halo = self._theme.fill(role, shade) if self._is_hatched(cell, role) else None
            looks.append(Inked(text, self._theme.ink(text.role, role, shade), halo))
        return looks

    def _at_rest(self, cell: int) -> Border:
        return self._border(cell, self.grid.roles[cell])

    def _border(self, cell: int, role: str) -> Border:
        shade = self._shade(cell, role)
        return Border(self._theme.line(role), *(self._theme.ink(ink, role, shade) for ink in (OUTLINE, DASH)))

    def _is_hatched(self, cell: int, role: str) -> bool:
        return is_hatchable(self.grid) and bool(self._theme.hatch(role, self._shade(cell, role)))

    def _shade(self, cell: int, role: str) -> int | None:
        return self.grid.shades[cell] if self.grid.shades and role in self._theme.ramps else None


class CellsSoFar:
    """A grid as the steps so far have left it: the role of every cell, and the texts in them; `parts` are those at rest."""

    def __init__(self, grid: Grid, parts: Iterable[object]) -> None:
        self._grid = grid
        self.roles = dict(enumerate(grid.roles))
        self._texts: dict[int, list[Text]] = {}
        self._write(changes_on(grid, parts)[1])

    def keep(self, parts: Iterable[object]) -> tuple[dict[int, str], list[Text]]:
        """Take what a step leaves for good: the cells that look otherwise now, by role, and the texts to draw, theirs first."""
        roles, texts = self._changes(parts)
        self._write(texts)
        self.roles.update(roles)
        return roles, [*self.texts(roles), *(text for text in texts if cell_of(text) not in roles)]

    def passing(self, parts: Iterable[object]) -> tuple[dict[int, str], list[Text]]:
        """The same of what passes with a step, which is not kept."""
        roles, texts = self._changes(parts)
        return roles, [*self.texts(roles), *texts]

    def texts(self, cells: Iterable[int] | None = None) -> list[Text]:
        """The texts that stay in cells, by default in all, the cells in order."""
        chosen = self._texts if cells is None else cells
        return [text for cell in sorted(chosen) for text in self._texts.get(cell, ())]

    def _changes(self, parts: Iterable[object]) -> tuple[dict[int, str], list[Text]]:
        roles, texts = changes_on(self._grid, parts)
        return {cell: role for cell, role in roles.items() if role != self.roles[cell]}, texts

    def _write(self, texts: Iterable[Text]) -> None:
        for text in texts:
            self._texts.setdefault(cell_of(text), []).append(text)


def cell_of(text: Text) -> int:
    """The number of the cell that a text is in, which all texts of a grid are."""
    return text.cell[1] if text.cell else -1


def changes_on(grid: Grid, parts: Iterable[object]) -> tuple[dict[int, str], list[Text]]:
    """What some parts of a step change on a grid: the role that each painted cell ends up with, and the texts in cells."""
    roles: dict[int, str] = {}
    texts = []
    for part in parts:
        if isinstance(part, Paint) and part.grid == grid.name:
            roles.update(dict.fromkeys(part.cells, part.role))
        elif isinstance(part, Text) and part.cell is not None and part.cell[0] == grid.name:
            texts.append(part)
    return roles, texts


def by_line(lines: Lines) -> tuple[Lines, Lines]:
    """Lines parted: the dashed ones, which are drawn first, and the solid ones."""
    dashed, solid = ({look: pieces for look, pieces in lines.items() if look.line == kind} for kind in (DASHED, SOLID))
    return dashed, solid


def _has_two_inks(grid: Grid, theme: Theme) -> bool:
    """Whether lines between shaded cells are plainly of another colour than those between others."""
    shaded = next((role for role in (*grid.roles, *grid.changes) if role in theme.ramps), None)
    if shaded is None:
        return False
    return contrast(theme.ink(OUTLINE, shaded, grid.shades[0]), theme.inks[OUTLINE]) > _ALIKE


def _hatching(grid: Grid, pattern: str, block: Block) -> tuple[list[Piece], list[Point]]:
    """The lines of a pattern in a block, and its dots without those on the rim: the borders of the cells cover them."""
    row, column, rows, columns = block
    x, y = grid.point(row, column)
    hatch = hatch_of(pattern, grid, rows, columns)
    lines = [((x + ax, y + ay), (x + bx, y + by)) for (ax, ay), (bx, by) in hatch.lines]
    return lines, [
        (x + right, y + down) for right, down in hatch.dots if _is_inside(grid, (right, down), rows, columns)
    ]


def _is_inside(grid: Grid, dot: Point, rows: int, columns: int) -> bool:
    """Whether a dot, counted from the block's first corner, is not on its rim."""
    (ax, ay), (dx, dy), (x, y) = grid.across, grid.down, dot
    area = ax * dy - ay * dx
    u, v = (x * dy - y * dx) / area, (y * ax - x * ay) / area
    return _RIM < u < columns - _RIM and _RIM < v < rows - _RIM
