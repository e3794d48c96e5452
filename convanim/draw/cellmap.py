"""The map of cells: for every pixel, which cell it belongs to and how much ink of the lattice lines covers it.

It is computed once a storyboard. Coverage is by distance from the line, which for straight edges is what a fine
supersampling shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor, hypot
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from convanim.draw.hatch import hatch_classes, is_hatchable
from convanim.draw.palette import LEVEL_BITS, Palette
from convanim.draw.storyboard import Grid, Point, bounds
from convanim.draw.theme import DASH, DASHED, OUTLINE, SOLID, Finish

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Box = tuple[int, int, int, int]

DASH_PERIOD = 9.5
DASH_SHARE = 0.56
REACH = 2
_LEVEL = (1 << LEVEL_BITS) - 1


class CellMap(NamedTuple):
    """Per pixel: `cells` numbers the cell (0 outside all grids); `rest` and `solid` are ink bytes, role and level.

    `rest` has the lines as they are at rest, `solid` has every line drawn through; `first` numbers each
    grid's first cell. Where no line lies they have the pattern's ink, if there are patterns.
    """

    cells: npt.NDArray[np.int32]
    rest: Bytes
    solid: Bytes
    first: dict[str, int]


def cell_map(grids: tuple[Grid, ...], size: tuple[int, int], finish: Finish, palette: Palette) -> CellMap:
    """The map of `grids`, lowest first, on `size` pixels (width, height)."""
    width, height = size
    result = CellMap(
        np.zeros((height, width), dtype=np.int32),
        np.zeros((height, width), dtype=np.uint8),
        np.zeros((height, width), dtype=np.uint8),
        {},
    )
    following = 1
    for grid in grids:
        result.first[grid.name] = following
        _add(grid, following, finish, palette, result)
        following += len(grid.roles)
    if palette.hatch is not None:
        for grid in grids:
            if is_hatchable(grid, finish.scale):
                _hatch(grid, finish.scale, palette.hatch, result)
    return result


def block_box(grid: Grid, block: tuple[int, int, int, int], scale: float, size: tuple[int, int]) -> Box:
    """The pixels that a block of cells (row, column, rows, columns) with its lines can touch, clipped to the picture."""
    return points_box(grid.block(*block), scale, size, grid.stroke * scale / 2 + REACH)


def points_box(points: tuple[Point, ...], scale: float, size: tuple[int, int], margin: float) -> Box:
    """The pixels within `margin` of the box around some points, clipped to the picture."""
    left, top, right, bottom = bounds(points)
    return (
        max(floor(left * scale - margin), 0),
        max(floor(top * scale - margin), 0),
        min(ceil(right * scale + margin), size[0]),
        min(ceil(bottom * scale + margin), size[1]),
    )


def reach(grids: Iterable[Grid], scale: float) -> int:
    """How many pixels lines reach into the cells beside them."""
    return max((ceil(grid.stroke * scale / 2) for grid in grids), default=0)


def spread(cells: npt.NDArray[np.bool_], pixels: int) -> npt.NDArray[np.bool_]:
    """The pixels of `cells` and those within so many pixels of one, corners included."""
    whole = cells
    for _ in range(pixels):
        wide = whole.copy()
        wide[:, 1:] |= whole[:, :-1]
        wide[:, :-1] |= whole[:, 1:]
        whole = wide.copy()
        whole[1:] |= wide[:-1]
        whole[:-1] |= wide[1:]
    return whole


def _add(grid: Grid, first: int, finish: Finish, palette: Palette, result: CellMap) -> None:
    """Draw one grid into the map, over what is there."""
    height, width = result.cells.shape
    scale = finish.scale
    left, top, right, bottom = block_box(grid, (0, 0, grid.rows, grid.columns), scale, (width, height))
    area = np.s_[top:bottom, left:right]
    u, v = _lattice(grid, scale, (left, top, right, bottom))
    column, row = np.floor(u).astype(np.int32), np.floor(v).astype(np.int32)
    inside = (column >= 0) & (column < grid.columns) & (row >= 0) & (row < grid.rows)
    on_ground = result.cells[area] == 0
    np.copyto(result.cells[area], row * grid.columns + column + first, where=inside)
    if grid.stroke <= 0:
        edge = np.where(on_ground & ~inside, _ink(_edge(grid, u, v, scale), OUTLINE, palette), np.uint8(0))
        for layer in (result.rest, result.solid):
            _over(layer[area], edge, inside)
        return
    across, down = _coverage(grid, u, v, scale)
    solid = _ink(np.maximum(across, down), OUTLINE, palette)
    _over(result.solid[area], solid, inside)
    lines = [finish.theme.line(role) for role in grid.roles]
    if set(lines) == {SOLID}:
        _over(result.rest[area], solid, inside)
        return

    def near(line: str) -> npt.NDArray[np.bool_]:
        has_line = np.array([False] * first + [each == line for each in lines])
        return spread(has_line.take(result.cells[area], mode="clip") & inside, reach([grid], scale))

    sides = hypot(*grid.across) * scale, hypot(*grid.down) * scale
    dashes = np.maximum(across * _dashes(v, sides[1], scale), down * _dashes(u, sides[0], scale))
    dashed = _ink(dashes, DASH, palette)
    ink = np.where(near(SOLID), solid, np.where(near(DASHED), dashed, np.uint8(0)))
    _over(result.rest[area], ink, inside)


def _hatch(grid: Grid, scale: float, ink: int, result: CellMap) -> None:
    """Lay the ink of patterns on the cells of a grid, between its lines."""
    height, width = result.cells.shape
    box = block_box(grid, (0, 0, grid.rows, grid.columns), scale, (width, height))
    area = np.s_[box[1] : box[3], box[0] : box[2]]
    cells, first = result.cells[area], result.first[grid.name]
    own = (cells >= first) & (cells < first + len(grid.roles))
    classes = hatch_classes(grid, *_lattice(grid, scale, box), scale)
    pattern = classes | np.uint8(ink << LEVEL_BITS)
    for layer in (result.rest[area], result.solid[area]):
        np.copyto(layer, pattern, where=own & (classes > 0) & (layer & _LEVEL == 0))


def _over(below: Bytes, ink: Bytes, inside: npt.NDArray[np.bool_]) -> None:
    """Lay a grid's ink on the picture: inside, the grid hides what is below; outside, its border adds to it."""
    np.copyto(below, ink, where=inside | ((ink & _LEVEL) > (below & _LEVEL)))


def _lattice(grid: Grid, scale: float, box: Box) -> tuple[Floats, Floats]:
    """Each pixel centre in lattice coordinates: u along `across`, v along `down`."""
    left, top, right, bottom = box
    (ax, ay), (dx, dy) = grid.across, grid.down
    area = (ax * dy - ay * dx) * scale
    x = (np.arange(left, right) + 0.5 - grid.origin[0] * scale)[np.newaxis, :]
    y = (np.arange(top, bottom) + 0.5 - grid.origin[1] * scale)[:, np.newaxis]
    u = (dy * x).astype(np.float32) - (dx * y).astype(np.float32)
    v = (ax * y).astype(np.float32) - (ay * x).astype(np.float32)
    u /= np.float32(area)
    v /= np.float32(area)
    return u, v


def _coverage(grid: Grid, u: Floats, v: Floats, scale: float) -> tuple[Floats, Floats]:
    """How much the lines along `down`, and those along `across`, cover each pixel when they are drawn through."""
    (ax, ay), (dx, dy) = grid.across, grid.down
    area = abs(ax * dy - ay * dx) * scale
    across, down = hypot(ax, ay) * scale, hypot(dx, dy) * scale
    half = grid.stroke * scale / 2
    vertical = _lines(u, v, (grid.columns, grid.rows), (area * scale / down, area * scale / across), half)
    horizontal = _lines(v, u, (grid.rows, grid.columns), (area * scale / across, area * scale / down), half)
    return vertical, horizontal


def _edge(grid: Grid, u: Floats, v: Floats, scale: float) -> Floats:
    """How much a line of one pixel just outside a grid without lines covers each pixel, so that it ends somewhere."""
    (ax, ay), (dx, dy) = grid.across, grid.down
    area = abs(ax * dy - ay * dx) * scale
    beside = np.maximum(-u, u - grid.columns) * np.float32(area / hypot(dx, dy))
    above = np.maximum(-v, v - grid.rows) * np.float32(area / hypot(ax, ay))
    beyond = np.maximum(beside, above)
    covered: Floats = np.clip(np.minimum(beyond + np.float32(0.5), np.float32(1.5) - beyond), 0, 1)
    return covered


def _lines(across: Floats, along: Floats, cells: tuple[int, int], pitch: tuple[float, float], half: float) -> Floats:
    """Coverage by the lines at whole `across`, which reach half their width beyond the grid's ends."""
    nearest = np.clip(np.rint(across), 0, cells[0])
    distance = np.abs(np.subtract(across, nearest, out=nearest), out=nearest)
    beyond = np.maximum(-along, along - cells[1])
    covered = _within(half, distance, pitch[0])
    covered *= _within(half, np.maximum(beyond, 0, out=beyond), pitch[1])
    return covered


def _within(half: float, distance: Floats, pitch: float) -> Floats:
    """How much a line of half a width `half` covers pixels at a `distance` in cells of `pitch` pixels; it is used up."""
    distance *= np.float32(-pitch)
    distance += np.float32(half + 0.5)
    return np.clip(distance, 0, 1, out=distance)


def _dashes(along: Floats, length: float, scale: float) -> Floats:
    """Coverage by dashes along a line: whole periods a cell, half a dash at each end, so that corners are joined."""
    periods = max(round(length / (DASH_PERIOD * scale)), 1)
    place = along * np.float32(periods)
    from_middle = np.abs(place - np.rint(place)) * np.float32(length / periods)
    covered: Floats = np.clip(DASH_SHARE / 2 * length / periods + 0.5 - from_middle, 0, 1)
    return covered


def _ink(coverage: Floats, ink: str, palette: Palette) -> Bytes:
    levels = np.rint(coverage * np.float32(palette.levels - 1)).astype(np.uint8)
    byte: Bytes = levels | np.uint8(palette.inks[ink] << LEVEL_BITS)
    return byte
