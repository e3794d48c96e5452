"""A grid in SVG: its cells at rest, and what steps lay over them. A cell is drawn anew only where it changes.

Whatever covers a cell covers the text in it too, and so brings the text with it, in the ink that is legible there.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Sequence

from convanim.draw.cells import CellLooks, Roles, by_line, cell_of, changes_on
from convanim.draw.ink import HALO
from convanim.draw.storyboard import Grid, Text
from convanim.draw.theme import OUTLINE, Theme
from convanim.formats.svg_fills import fills, picture
from convanim.formats.svg_lines import around, between_cells, hatching
from convanim.formats.svg_markup import Shown, element, number, timed
from convanim.formats.svg_words import Words


class Cells:
    """One grid while it is drawn: the role of every cell without what passes, the texts in it, and what steps show."""

    def __init__(self, grid: Grid, parts: Iterable[object], theme: Theme, words: Words) -> None:
        self._grid, self._looks, self._ink, self._words = grid, CellLooks(grid, theme), theme.inks[OUTLINE], words
        self._roles = dict(enumerate(grid.roles))
        self._texts: dict[int, list[Text]] = {}
        for text in changes_on(grid, parts)[1]:
            self._write(text)
        self._shown: list[Shown] = []
        self._rest = self._at_rest()

    def show(self, step: int, lasting: Iterable[object], passing: Iterable[object]) -> None:
        """Draw what a step, counted from 1, changes on this grid."""
        roles, texts = self._changes(lasting)
        for text in texts:
            self._write(text)
        self._roles.update(roles)
        written = [text for text in texts if cell_of(text) not in roles]
        self._lay(step, roles, [*self._in_cells(roles), *written], passing=False)
        roles, texts = self._changes(passing)
        self._lay(step, roles, [*self._in_cells(roles), *texts], passing=True)

    def markup(self, steps: int) -> str:
        """The whole grid of a figure of so many steps."""
        below, above = self._rest
        lines = (("stroke-linecap", "square"), ("stroke-width", number(self._grid.stroke)))
        content = below + timed(self._shown, steps) + above
        return element("g", lines if self._grid.stroke > 0 else (), content) if content else ""

    def _changes(self, parts: Iterable[object]) -> tuple[dict[int, str], list[Text]]:
        """Cells whose role is another than before, with it, and texts."""
        roles, texts = changes_on(self._grid, parts)
        return {cell: role for cell, role in roles.items() if role != self._roles[cell]}, texts

    def _at_rest(self) -> tuple[str, str]:
        """What lies below all that steps bring, and the lines above it."""
        grid, looks = self._grid, self._looks
        patterns, texts = hatching(looks.patterns(self._roles)), "".join(self._written(self._in_cells(self._texts), {}))
        if grid.stroke <= 0:
            draw = picture if grid.shades else fills
            return draw(grid, looks.colours_at_rest()) + texts, around(grid, self._ink)
        dashed, solid = (tuple(between_cells(grid, lines)) for lines in by_line(looks.lines_at_rest()))
        below, above = ((*dashed, *solid), ()) if looks.have_own_lines else (dashed, solid)
        return "".join((fills(grid, looks.colours_at_rest()), *patterns, *below, texts)), "".join(above)

    def _lay(self, step: int, roles: Roles, texts: Sequence[Text], *, passing: bool) -> None:
        """Cells that take roles, and texts over them."""
        grid, looks = self._grid, self._looks
        cells, patterns = fills(grid, looks.colours(roles)), hatching(looks.patterns(roles))
        lines = (part for kind in by_line(looks.lines(roles, self._roles)) for part in between_cells(grid, kind))
        elements = (cells, *patterns, *lines, *self._written(texts, roles))
        self._shown.append(Shown(step, tuple(part for part in elements if part), passing))

    def _write(self, text: Text) -> None:
        self._texts.setdefault(cell_of(text), []).append(text)

    def _in_cells(self, cells: Iterable[int]) -> list[Text]:
        """The texts that cells hold to stay, the cells in order."""
        return [text for cell in sorted(cells) for text in self._texts.get(cell, ())]

    def _written(self, texts: Sequence[Text], roles: Roles) -> Iterator[str]:
        """Texts in the ink that is legible on their cells, in `roles` or those that they have; patterns keep away."""
        inked = self._looks.inked(texts, ChainMap(dict(roles), self._roles))
        yield from self._words.elements([(each.text, each.halo) for each in inked if each.halo], halo=HALO)
        yield from self._words.elements([(each.text, each.ink) for each in inked])
