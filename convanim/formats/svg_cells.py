"""A grid in SVG: its cells at rest, and what steps lay over them. A cell is drawn anew only where it changes.

Whatever covers a cell covers the text in it too, and so brings the text with it, in the ink that is legible there.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Sequence

from convanim.draw.cells import CellLooks, CellsSoFar, Roles, by_line
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
        self._now = CellsSoFar(grid, parts)
        self._shown: list[Shown] = []
        self._rest = self._at_rest()

    def show(self, step: int, lasting: Iterable[object], passing: Iterable[object]) -> None:
        """Draw what a step, counted from 1, changes on this grid."""
        self._lay(step, *self._now.keep(lasting), passing=False)
        self._lay(step, *self._now.passing(passing), passing=True)

    def markup(self, steps: int) -> str:
        """The whole grid of a figure of so many steps."""
        below, above = self._rest
        lines = (("stroke-linecap", "square"), ("stroke-width", number(self._grid.stroke)))
        content = below + timed(self._shown, steps) + above
        return element("g", lines if self._grid.stroke > 0 else (), content) if content else ""

    def _at_rest(self) -> tuple[str, str]:
        """What lies below all that steps bring, and the lines above it."""
        grid, looks = self._grid, self._looks
        patterns, texts = hatching(looks.patterns(self._now.roles)), "".join(self._written(self._now.texts(), {}))
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
        lines = (part for kind in by_line(looks.lines(roles, self._now.roles)) for part in between_cells(grid, kind))
        elements = (cells, *patterns, *lines, *self._written(texts, roles))
        self._shown.append(Shown(step, tuple(part for part in elements if part), passing))

    def _written(self, texts: Sequence[Text], roles: Roles) -> Iterator[str]:
        """Texts in the ink that is legible on their cells, in `roles` or those that they have; patterns keep away."""
        inked = self._looks.inked(texts, ChainMap(dict(roles), self._now.roles))
        yield from self._words.elements([(each.text, each.halo) for each in inked if each.halo], halo=HALO)
        yield from self._words.elements([(each.text, each.ink) for each in inked])
