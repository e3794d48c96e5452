"""The cells of a grid as a picture, a pixel for each: far smaller than shapes where each has a colour of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PIL import Image

from convanim.draw.storyboard import Grid
from convanim.draw.theme import Colour

_PALETTE = 256


def cell_image(grid: Grid, filled: Mapping[int, Colour]) -> tuple[Image.Image, dict[str, Any]]:
    """The picture, clear where no cell is filled, and what Pillow must be told to save it as a PNG."""
    colours = list(dict.fromkeys(filled.values()))
    cells = range(len(grid.roles))
    if len(colours) < _PALETTE:
        places = {fill: place for place, fill in enumerate(colours)}
        image = Image.new("P", (grid.columns, grid.rows), len(colours))
        image.putpalette([part for fill in (*colours, (0, 0, 0)) for part in fill])
        image.putdata([places[filled[cell]] if cell in filled else len(colours) for cell in cells])
        return image, {"transparency": len(colours)}
    image = Image.new("RGBA", (grid.columns, grid.rows))
    image.putdata([(*filled[cell], 255) if cell in filled else (0, 0, 0, 0) for cell in cells])
    return image, {}
