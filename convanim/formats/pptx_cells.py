"""The cells of a grid as shapes, at any step: filled and hatched as their roles are, with their borders and their texts.

A grid without lines is a picture: its cells are many and small.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping

from convanim.draw.borders import dashes, rim
from convanim.draw.cells import CellLook, CellLooks, Inked, cell_of
from convanim.draw.hatch import BACK_DIAGONAL, CROSS, DIAGONAL, DOTS
from convanim.draw.stills import Still
from convanim.draw.storyboard import Grid, Text
from convanim.draw.theme import BARE, DASHED, OUTLINE, SOLID, UNFILLED, VALUE, Theme
from convanim.formats.pptx_canvas import Canvas
from convanim.formats.pptx_lattice import lattice_picture
from convanim.formats.pptx_markup import Box, Pen, Spot, body, box_of, cell, group, hatched, picture, solid

_PATTERNS = {DIAGONAL: "wdUpDiag", BACK_DIAGONAL: "ltDnDiag", CROSS: "openDmnd", DOTS: "pct10"}
_ORDER = (BARE, DASHED, SOLID)  # a solid border lies above a dashed one


class Cells:
    """One grid, in a theme; `parts` are the storyboard's texts at rest."""

    def __init__(self, grid: Grid, theme: Theme, parts: Iterable[Text]) -> None:
        self._grid, self._theme, self._looks = grid, theme, CellLooks(grid, theme)
        self._at_rest = dict(enumerate(grid.roles))
        self._texts = self._own(parts)
        self._colours_at_rest = self._looks.colours_at_rest() if is_picture(grid) else {}
        self._rest: tuple[Box, bytes] | None = None

    def drawn(self, still: Still, canvas: Canvas) -> str:
        """The grid as it stands at a step, as one group."""
        grid = self._grid
        roles = ChainMap(still.roles[grid.name], self._at_rest)
        texts: dict[int, list[Inked]] = {}
        for inked in self._looks.inked([*self._texts, *self._own(still.texts)], roles):
            texts.setdefault(cell_of(inked.text), []).append(inked)
        number = canvas.number()
        if is_picture(grid):
            shapes = self._pictures(still.roles[grid.name], canvas)
            around = box_of(map(canvas.spot, rim(grid)))
        else:
            shapes = self._cells(roles, texts, canvas)
            around = box_of(map(canvas.spot, grid.polygon()))
        beside = [self._beside(inked, canvas) for some in texts.values() for inked in some]
        return group(number, grid.name, around, (*shapes, *beside))

    def _own(self, texts: Iterable[Text]) -> list[Text]:
        return [text for text in texts if text.cell and text.cell[0] == self._grid.name]

    def _cells(self, roles: Mapping[int, str], texts: dict[int, list[Inked]], canvas: Canvas) -> list[str]:
        """A shape for each cell with its value in it, which is taken out of `texts`."""
        looks = {cell: self._looks.look(cell, roles[cell]) for cell in range(len(self._grid.roles))}
        lines = {cell: look.border.line for cell, look in looks.items()}
        ordered = sorted(looks, key=lambda cell: _ORDER.index(lines[cell]))
        return [self._cell(number, looks[number], lines, texts.get(number, []), canvas) for number in ordered]

    def _cell(self, number: int, look: CellLook, lines: Mapping[int, str], texts: list[Inked], canvas: Canvas) -> str:
        grid = self._grid
        row, column = divmod(number, grid.columns)
        corners = [canvas.spot(corner) for corner in grid.block(row, column)]
        pen, sides = None, None
        if look.border.line == SOLID:
            pen = Pen(look.border.solid, grid.stroke * canvas.unit)
        elif look.border.line == DASHED:
            dash = dashes(grid, along_rows=True)
            pen = Pen(look.border.dashed, grid.stroke * canvas.unit, (dash[0] * canvas.unit, dash[1] * canvas.unit))
            sides = self._dashed_sides(number, corners, lines)
        inside = next((inked for inked in texts if inked.text.role == VALUE), None)
        words = ""
        if inside:
            texts.remove(inside)
            place = canvas.middle(inside.text)
            words = body(canvas.words(inside.text, inside.ink), _insets(inside.text, place, box_of(corners)))
        return cell(canvas.number(), self._name(number), corners, _fill(look), pen, sides, words)

    def _dashed_sides(self, number: int, corners: list[Spot], lines: Mapping[int, str]) -> list[tuple[Spot, Spot]]:
        """The sides of a dashed cell but those that the next dashed ones draw: dashes over dashes would be a line."""
        first, right, opposite, below = corners
        sides = [(first, right), (first, below)]
        is_last = (number + 1) % self._grid.columns == 0
        if is_last or lines[number + 1] != DASHED:
            sides.append((right, opposite))
        if lines.get(number + self._grid.columns) != DASHED:
            sides.append((below, opposite))
        return sides

    def _beside(self, inked: Inked, canvas: Canvas) -> str:
        """A text that no shape has in it."""
        return canvas.text(f"{self._name(cell_of(inked.text))} {inked.text.role}", inked.text, inked.ink)

    def _pictures(self, changed: Mapping[int, str], canvas: Canvas) -> list[str]:
        """All cells as a picture, those that are not as at rest as another one above it, and the line around them."""
        grid, rest = self._grid, self._colours_at_rest
        filled = {cell: role for cell, role in changed.items() if role not in UNFILLED}
        colours = self._looks.colours(filled)
        layers = {grid.name: rest, f"{grid.name} step": colours}
        if len(filled) < len(changed):  # a picture above another hides nothing by being clear
            layers = {grid.name: {cell: rest[cell] for cell in rest if cell not in changed} | colours}
        shapes = []
        for name, cells in layers.items():
            if cells:
                box, image = self._picture_at_rest(canvas) if cells is rest else lattice_picture(grid, cells, canvas)
                shapes.append(picture(canvas.number(), name, box, canvas.relation(image)))
        corners = [canvas.spot(corner) for corner in rim(grid)]
        pen = Pen(self._theme.inks[OUTLINE], canvas.unit)
        return [*shapes, cell(canvas.number(), f"{grid.name} outline", corners, "<a:noFill/>", pen)]

    def _picture_at_rest(self, canvas: Canvas) -> tuple[Box, bytes]:
        """What lies lowest on every slide."""
        if self._rest is None:
            self._rest = lattice_picture(self._grid, self._colours_at_rest, canvas)
        return self._rest

    def _name(self, number: int) -> str:
        """A cell's name: the grid's, and where it is in the data."""
        index = divmod(number, self._grid.columns) if len(self._grid.shape) == 2 else (number,)
        return f"{self._grid.name} ({', '.join(map(str, index))})"


def is_picture(grid: Grid) -> bool:
    """Whether a grid is drawn as a picture."""
    return grid.stroke <= 0


def _fill(look: CellLook) -> str:
    if look.fill is None:
        return "<a:noFill/>"
    if look.pattern and look.pattern_ink:
        return hatched(_PATTERNS[look.pattern], look.pattern_ink, look.fill)
    return solid(look.fill)


def _insets(text: Text, place: Spot, box: Box) -> Box:
    """How far from a shape's sides its text must keep so that it is where it is to be."""
    (x, y), (left, top, right, bottom) = place, box
    aside, down = 2 * x - left - right, 2 * y - top - bottom
    across = {"left": (x - left, 0), "middle": (max(aside, 0), max(-aside, 0)), "right": (0, right - x)}[text.anchor]
    return across[0], max(down, 0), across[1], max(-down, 0)
