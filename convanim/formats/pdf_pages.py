"""A storyboard on the pages of a PDF. What does not pass stands in the file once, and pages refer to it.

That is each grid at rest, below and above all that steps change, and what each step leaves for good, sixteen of them at a time.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping

from convanim.draw.borders import Lines, dashes, rim
from convanim.draw.cells import CellLooks, CellsSoFar, Roles, by_line
from convanim.draw.cutting import Pen, Piece, seen
from convanim.draw.hatch import RADIUS, WIDTH
from convanim.draw.ink import HALO
from convanim.draw.storyboard import Line, Step, Storyboard, Text
from convanim.draw.theme import BACKGROUND, DASHED, OUTLINE, Finish
from convanim.formats.cell_image import cell_image
from convanim.formats.pdf_sheet import BUTT, SQUARE, Sheet

_RIM = 1
_AT_A_TIME = 16


class Pages:
    """A storyboard that is drawn on sheets, step by step."""

    def __init__(self, board: Storyboard, finish: Finish, sheet: Sheet) -> None:
        self._board, self._finish, self._theme, self._sheet = board, finish, finish.theme, sheet
        self._free: list[object] = [*board.lines, *board.texts]
        self._grids = [
            _Cells(f"g{number}", CellLooks(grid, finish.theme), board.texts, sheet)
            for number, grid in enumerate(board.grids)
        ]
        for cells in self._grids:
            cells.keep_rest(finish.theme.inks[OUTLINE])

    def draw(self, step: Step) -> None:
        """Draw the next step's page."""
        self._free += step.lasting
        for cells in self._grids:
            cells.keep(step)
        free = [*self._free, *step.passing]
        lines = seen((part for part in free if isinstance(part, Line)), self._board.grids)
        with self._sheet.page():
            if not self._finish.transparent:
                self._sheet.ground(self._theme.fills[BACKGROUND])
            self._draw_lines(lines.get(0, {}))
            for level, cells in enumerate(self._grids, start=1):
                cells.draw(step)
                self._draw_lines(lines.get(level, {}))
            for part in free:
                if isinstance(part, Text) and part.cell is None:
                    self._sheet.text(part, self._theme.inks[part.role])

    def _draw_lines(self, pens: Mapping[Pen, Iterable[Piece]]) -> None:
        for (role, width), pieces in pens.items():
            self._sheet.lines(pieces, self._theme.inks[role], width)


class _Cells:
    """One grid: the role of every cell without what passes, the texts in it, and the names of what is kept."""

    def __init__(self, name: str, looks: CellLooks, parts: Iterable[object], sheet: Sheet) -> None:
        self._name, self._looks, self._sheet = name, looks, sheet
        self._now = CellsSoFar(looks.grid, parts)
        self._kept: list[str] = []
        self._steps = 0

    def keep_rest(self, ink: tuple[int, int, int]) -> None:
        """Keep what lies below all that steps bring, and the lines above it; around a grid without lines one in `ink`."""
        with self._sheet.form(f"{self._name}-below"):
            self._draw_below()
        with self._sheet.form(f"{self._name}-above"):
            self._draw_above(ink)

    def keep(self, step: Step) -> None:
        """Keep what a step leaves for good."""
        roles, texts = self._now.keep(step.lasting)
        if not roles and not texts:
            return
        self._steps += 1
        name = f"{self._name}-{self._steps}"
        with self._sheet.form(name):
            self._lay(roles, texts)
        self._kept.append(name)
        if self._steps % _AT_A_TIME == 0:
            last, all_before = self._kept[-_AT_A_TIME:], self._kept[:-_AT_A_TIME]
            with self._sheet.form(f"{name}-all"):
                for each in last:
                    self._sheet.lay(each)
            self._kept = [*all_before, f"{name}-all"]

    def draw(self, step: Step) -> None:
        """Draw the grid at a step that is kept already."""
        for name in (f"{self._name}-below", *self._kept):
            self._sheet.lay(name)
        self._lay(*self._now.passing(step.passing))
        self._sheet.lay(f"{self._name}-above")

    def _draw_below(self) -> None:
        looks, grid = self._looks, self._looks.grid
        colours = looks.colours_at_rest()
        if grid.shades and grid.stroke <= 0:
            self._sheet.picture(grid, cell_image(grid, colours)[0])
        else:
            self._sheet.cells(grid, colours)
        self._draw_patterns(self._now.roles)
        dashed, solid = by_line(looks.lines_at_rest())
        self._draw_lines(dashed)
        if looks.have_own_lines:
            self._draw_lines(solid)
        self._draw_texts(self._now.texts(), {})

    def _draw_above(self, ink: tuple[int, int, int]) -> None:
        if self._looks.grid.stroke <= 0:
            self._sheet.outline(rim(self._looks.grid), ink, _RIM)
        elif not self._looks.have_own_lines:
            self._draw_lines(by_line(self._looks.lines_at_rest())[1])

    def _lay(self, roles: Roles, texts: Iterable[Text]) -> None:
        """Draw cells that take roles, and texts over them."""
        self._sheet.cells(self._looks.grid, self._looks.colours(roles))
        self._draw_patterns(roles)
        for lines in by_line(self._looks.lines(roles, self._now.roles)):
            self._draw_lines(lines)
        self._draw_texts(texts, roles)

    def _draw_patterns(self, roles: Roles) -> None:
        for pattern in self._looks.patterns(roles):
            self._sheet.lines(pattern.lines, pattern.colour, WIDTH)
            self._sheet.dots(pattern.dots, pattern.colour, RADIUS)

    def _draw_lines(self, lines: Lines) -> None:
        grid = self._looks.grid
        for look, pieces in lines.items():
            is_dashed = look.line == DASHED
            dash = dashes(grid, along_rows=look.is_along_rows) if is_dashed else None
            self._sheet.lines(pieces, look.colour, grid.stroke, BUTT if is_dashed else SQUARE, dash)

    def _draw_texts(self, texts: Iterable[Text], roles: Roles) -> None:
        inked = self._looks.inked(texts, ChainMap(dict(roles), self._now.roles))
        for each in inked:
            if each.halo:
                self._sheet.text(each.text, each.halo, HALO)
        for each in inked:
            self._sheet.text(each.text, each.ink)
