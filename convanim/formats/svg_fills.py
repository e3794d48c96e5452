"""Cells filled: those of one colour as one path, and where cells are shaded and have no lines, all at rest as a picture.

Both are drawn in the grid's own coordinates, in which a cell is a unit square.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO

from convanim.draw.blocks import Block, blocks
from convanim.draw.storyboard import Grid
from convanim.draw.theme import Colour
from convanim.formats.cell_image import cell_image
from convanim.formats.svg_markup import colour, element, number, numbers

_OVERLAP = 0.02  # of a cell: without lines, the ground would show between some cells that only touch


def fills(grid: Grid, filled: Mapping[int, Colour]) -> str:
    """Cells in their colours, by number; nothing if there are none."""
    alike: dict[Colour, list[int]] = {}
    for cell, fill in sorted(filled.items()):
        alike.setdefault(fill, []).append(cell)
    more = 0 if grid.stroke > 0 else _OVERLAP
    paths = (
        element("path", (("fill", colour(fill)), ("d", "".join(_path(block, more) for block in blocks(grid, cells)))))
        for fill, cells in alike.items()
    )
    return _placed(grid, "".join(paths), sharp=grid.stroke <= 0) if alike else ""


def picture(grid: Grid, filled: Mapping[int, Colour]) -> str:
    """Cells in their colours as an image, a pixel for each."""
    image, clear = cell_image(grid, filled)
    stream = BytesIO()
    image.save(stream, "PNG", optimize=True, **clear)
    attributes = (
        ("width", number(grid.columns)),
        ("height", number(grid.rows)),
        ("preserveAspectRatio", "none"),
        ("image-rendering", "pixelated"),
        ("xlink:href", f"data:image/png;base64,{b64encode(stream.getvalue()).decode()}"),
    )
    return _placed(grid, element("image", attributes), sharp=False)


def _path(block: Block, more: float) -> str:
    row, column, rows, columns = block
    return f"M{column} {row}h{number(columns + more)}v{number(rows + more)}H{column}"


def _placed(grid: Grid, content: str, *, sharp: bool) -> str:
    (ax, ay), (dx, dy), (x, y) = grid.across, grid.down, grid.origin
    matrix = f"matrix({numbers(ax, ay, dx, dy, x, y, digits=4)})"
    return element("g", (("shape-rendering", "crispEdges" if sharp else ""), ("transform", matrix)), content)
