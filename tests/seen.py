"""What a reader sees in a written GIF: the fill of each cell in each frame, read off the decoded pixels."""

from __future__ import annotations

from collections import Counter

from PIL import Image, ImageSequence

INK = (7, 54, 66)
FILLS = {
    "ground": (255, 255, 255),
    "zero": (237, 242, 244),
    "input": (38, 139, 210),
    "input numbered": (92, 168, 221),
    "pending": (227, 242, 240),
    "output": (42, 161, 152),
    "output numbered": (106, 189, 183),
}
SHADED = {
    name: tuple(round(c + (i - c) * 0.4) for c, i in zip(FILLS[name], INK, strict=True))
    for name in ("ground", "zero", "input", "output")
}
# a probe is on the cell's middle and around it, so that a thin line across the middle does not deceive
_PROBES = [(u / 10, v / 10) for u in (3, 4, 5, 6, 7) for v in (3, 4, 5, 6, 7)]


def frames(path):
    """Every frame as the whole picture it shows, and how long."""
    with Image.open(path) as image:
        return [(frame.convert("RGB"), frame.info["duration"]) for frame in ImageSequence.Iterator(image)]


def fill_of(picture, polygon):
    """The colour that most probes inside a cell's polygon show."""
    (x, y), (ax, ay), _, (dx, dy) = polygon
    colours = Counter(
        picture.getpixel((int(x + u * (ax - x) + v * (dx - x)), int(y + u * (ay - y) + v * (dy - y))))
        for u, v in _PROBES
    )
    return colours.most_common(1)[0][0]


def shaded_cells(picture, board, grid):
    """The cells of a grid whose fill is a tap's or a result's."""
    shape = board.grid(grid).shape
    indexes = (
        [(n,) for n in range(shape[0])]
        if len(shape) == 1
        else [(r, c) for r in range(shape[0]) for c in range(shape[1])]
    )
    return {index for index in indexes if fill_of(picture, board.cell(grid, index)) in SHADED.values()}


def role_of(picture, board, grid, index):
    """The name of a cell's fill, `shaded …` for a tap or a result."""
    names = {colour: name for name, colour in FILLS.items()} | {c: f"shaded {name}" for name, c in SHADED.items()}
    return names[fill_of(picture, board.cell(grid, index))]
