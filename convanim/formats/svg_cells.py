"""A grid in SVG: its cells at rest, and what steps lay over them. A cell is drawn anew only where it changes.

Whatever covers a cell covers the text in it too, and so brings the text with it, in the ink that is legible there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from convanim.draw.hatch import is_hatchable
from convanim.draw.ink import HALO
from convanim.draw.storyboard import Grid, Paint, Text
from convanim.draw.theme import DASH, DASHED, HATCH, OUTLINE, SOLID, UNFILLED, Colour, Theme, contrast
from convanim.formats.svg_borders import Border, drawn, lines_around, lines_between, rim
from convanim.formats.svg_fills import fills, picture
from convanim.formats.svg_hatch import hatching
from convanim.formats.svg_markup import Shown, element, number, timed
from convanim.formats.svg_words import Words

_ALIKE = 2  # a contrast that thin lines do not show


class Cells:
    """One grid while it is drawn: the role of every cell without what passes, the texts in it, and what steps show."""

    def __init__(self, grid: Grid, texts: Iterable[Text], theme: Theme, words: Words) -> None:
        self._grid, self._theme, self._words = grid, theme, words
        self._roles = list(grid.roles)
        self._draws_own_lines = bool(grid.shades) and _has_two_inks(grid, theme)
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
        grid = self._grid
        filled = self._filled({cell: role for cell, role in enumerate(grid.roles) if role not in UNFILLED})
        patterns, texts = (
            self._patterns(dict(enumerate(grid.roles))),
            "".join(self._written(self._in_cells(self._texts), {})),
        )
        if grid.stroke <= 0:
            draw = picture if grid.shades else fills
            return draw(grid, filled) + texts, rim(grid, self._theme.inks[OUTLINE])
        lines = lines_between(grid, self._at_first, self._theme.inks[OUTLINE])
        dashed, solid = drawn(grid, lines, DASHED), drawn(grid, lines, SOLID)
        below, above = ((*dashed, *solid), ()) if self._draws_own_lines else (dashed, solid)
        return "".join((fills(grid, filled), *patterns, *below, texts)), "".join(above)

    def _lay(self, step: int, roles: dict[int, str], texts: Sequence[Text], *, passing: bool) -> None:
        """Cells that take roles, and texts over them."""
        cells = fills(self._grid, self._filled(roles))
        elements = (cells, *self._patterns(roles), *self._lines(roles), *self._written(texts, roles))
        self._shown.append(Shown(step, tuple(part for part in elements if part), passing))

    def _filled(self, roles: Mapping[int, str]) -> dict[int, Colour]:
        return {cell: self._theme.fill(role, self._shade(cell, role)) for cell, role in roles.items()}

    def _patterns(self, roles: Mapping[int, str]) -> Iterator[str]:
        inks = {}
        for cell, role in roles.items():
            if self._is_hatched(cell, role):
                inks[cell] = self._theme.hatches[role], self._theme.ink(HATCH, role, self._shade(cell, role))
        return hatching(self._grid, inks)

    def _is_hatched(self, cell: int, role: str) -> bool:
        return is_hatchable(self._grid) and bool(self._theme.hatch(role, self._shade(cell, role)))

    def _lines(self, roles: Mapping[int, str]) -> Iterator[str]:
        """The lines of cells that at rest have none, or dashed ones: all other lines lie above the cells, as a rule."""
        grid, is_own = self._grid, self._draws_own_lines
        cells = [cell for cell in roles if is_own or self._at_first(cell).line != SOLID]
        if grid.stroke <= 0 or not cells:
            return

        def now(cell: int) -> Border:
            return self._border(cell, roles.get(cell, self._roles[cell]))

        lines = lines_around(grid, now, self._theme.inks[OUTLINE], cells, None if is_own else self._at_first)
        yield from drawn(grid, lines, DASHED)
        yield from drawn(grid, lines, SOLID)

    def _at_first(self, cell: int) -> Border:
        return self._border(cell, self._grid.roles[cell])

    def _border(self, cell: int, role: str) -> Border:
        shade = self._shade(cell, role)
        return Border(self._theme.line(role), *(self._theme.ink(ink, role, shade) for ink in (OUTLINE, DASH)))

    def _shade(self, cell: int, role: str) -> int | None:
        return self._grid.shades[cell] if self._grid.shades and role in self._theme.ramps else None

    def _write(self, text: Text) -> None:
        self._texts.setdefault(_cell(text), []).append(text)

    def _in_cells(self, cells: Iterable[int]) -> list[Text]:
        """The texts that cells hold to stay, the cells in order."""
        return [text for cell in sorted(cells) for text in self._texts.get(cell, ())]

    def _written(self, texts: Sequence[Text], roles: Mapping[int, str]) -> Iterator[str]:
        """Texts in the ink that is legible on their cells, in `roles` or those that they have; patterns keep away."""
        inked, halos = [], []
        for text in texts:
            cell = _cell(text)
            role = roles.get(cell, self._roles[cell])
            shade = self._shade(cell, role)
            inked.append((text, self._theme.ink(text.role, role, shade)))
            if self._is_hatched(cell, role):
                halos.append((text, self._theme.fill(role, shade)))
        yield from self._words.elements(halos, halo=HALO)
        yield from self._words.elements(inked)


def _has_two_inks(grid: Grid, theme: Theme) -> bool:
    """Whether lines between shaded cells are plainly of another colour than those between others."""
    shaded = next((role for role in (*grid.roles, *grid.changes) if role in theme.ramps), None)
    if shaded is None:
        return False
    return contrast(theme.ink(OUTLINE, shaded, grid.shades[0]), theme.inks[OUTLINE]) > _ALIKE


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
    """The number of the cell that a text is in, which all texts of a grid are."""
    return text.cell[1] if text.cell else -1
