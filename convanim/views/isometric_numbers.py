"""Numbers in slanted cells: how large they can be without leaving them, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import hypot, prod

from convanim.draw.storyboard import Grid, Point, Text
from convanim.draw.text import width
from convanim.scene import Scene
from convanim.views.sheets import LEAST_SIZE

_SHARE, _HIGH, _AIR = 0.4, 0.73, 1.5


def number_size(scene: Scene, across: Point, down: Point) -> float | None:
    """The size of the numbers in cells of that shape, all alike: as the longest one fits; None if none is legible."""
    longest = str(max(prod(scene.input), prod(scene.output)))
    area = across[0] * down[1] - across[1] * down[0]
    x, y = width(longest, 100) / 200, _HIGH / 2
    corners = ((x, y), (x, -y))
    # how far a text of size 1 reaches from the middle along each side of the cell, in cells
    reaches = (
        max(abs(x * down[1] - y * down[0]) for x, y in corners) / area,
        max(abs(y * across[0] - x * across[1]) for x, y in corners) / area,
    )
    # the lines between cells, and some air, take their part of the half cell
    rooms = (0.5 - _AIR * hypot(*down) / area, 0.5 - _AIR * hypot(*across) / area)
    fitting = min(room / reach for room, reach in zip(rooms, reaches, strict=True))
    size = round(min(fitting, _SHARE * hypot(*across)), 2)
    return size if size >= LEAST_SIZE else None


def in_slanted_cells(texts: Iterable[Text], grid: Grid, size: float) -> Iterator[Text]:
    """The texts of flat cells, as they stand in slanted ones."""
    for text in texts:
        number = text.cell[1] if text.cell else 0
        x, y = grid.point(number // grid.columns + 0.5, number % grid.columns + 0.5)
        yield text._replace(x=x, y=round(y + size * _HIGH / 2), size=size)
