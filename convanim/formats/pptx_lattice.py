"""A grid's cells as a picture that lies on a slide as they do, aslant or not: PowerPoint turns pictures, but does not shear them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO

from PIL import Image

from convanim.draw.storyboard import Grid, bounds
from convanim.draw.theme import Colour
from convanim.formats.cell_image import cell_image
from convanim.formats.pptx_canvas import Canvas
from convanim.formats.pptx_markup import Box, box_of
from convanim.formats.pptx_slide import PIXEL

_PIXEL = PIXEL // 2  # so that sides that lie aslant are smooth


def lattice_picture(grid: Grid, colours: Mapping[int, Colour], canvas: Canvas) -> tuple[Box, bytes]:
    """A PNG of some cells, clear elsewhere, and the box that it fills; pixels of all pictures of a grid lie on one raster."""
    left, top, _, _ = box_of(map(canvas.spot, grid.polygon()))
    around = box_of(map(canvas.spot, grid.block(*_block(grid, colours))))
    first = (around[0] - left) // _PIXEL, (around[1] - top) // _PIXEL
    end = -((left - around[2]) // _PIXEL), -((top - around[3]) // _PIXEL)
    size = max(end[0] - first[0], 1), max(end[1] - first[1], 1)
    image, told = cell_image(grid, colours)
    lattice = _lattice(grid, first, _PIXEL / canvas.unit)
    clear = told.get("transparency", 0)
    laid = image.transform(size, Image.Transform.AFFINE, lattice, Image.Resampling.NEAREST, fillcolor=clear)
    if image.mode == "P":
        laid.putpalette(image.getpalette() or [])
    stream = BytesIO()
    laid.save(stream, "PNG", **told)
    x, y = left + first[0] * _PIXEL, top + first[1] * _PIXEL
    return (x, y, x + size[0] * _PIXEL, y + size[1] * _PIXEL), stream.getvalue()


def _block(grid: Grid, cells: Iterable[int]) -> tuple[int, int, int, int]:
    """The smallest block that holds some cells: row, column, rows and columns."""
    rows, columns = zip(*(divmod(cell, grid.columns) for cell in cells), strict=True)
    row, column = min(rows), min(columns)
    return row, column, max(rows) + 1 - row, max(columns) + 1 - column


def _lattice(grid: Grid, first: tuple[int, int], unit: float) -> tuple[float, ...]:
    """How a pixel's place becomes a column and a row; `unit` is a pixel's side, and the raster begins where the grid does."""
    (ax, ay), (dx, dy) = grid.across, grid.down
    left, top, _, _ = bounds(grid.polygon())
    x, y = left + first[0] * unit - grid.origin[0], top + first[1] * unit - grid.origin[1]
    area = ax * dy - ay * dx
    columns = unit * dy / area, -unit * dx / area, (x * dy - y * dx) / area
    rows = -unit * ay / area, unit * ax / area, (y * ax - x * ay) / area
    return (*columns, *rows)
