"""What an SVG is made of: blocks of cells, lines cut where grids cover them, numbers, hatching in blocks."""

from itertools import product
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convanim.draw.blocks import blocks
from convanim.draw.hatch import PATTERNS, hatch_of
from convanim.draw.storyboard import Grid, Line
from convanim.draw.theme import LIGHT
from convanim.formats.svg_fills import fills
from convanim.formats.svg_lines import paths
from convanim.formats.svg_markup import number, numbers

SLANTED = Grid("plane", (5, 6), (10, 90), (20, -10), (14, 13), ("input",) * 30)
coordinates = st.tuples(st.integers(-40, 300), st.integers(-40, 300))


@given(st.sets(st.integers(0, 29)))
def test_blocks_are_the_cells_each_once(cells):
    found = []
    for row, column, rows, columns in blocks(SLANTED, cells):
        found += [(row + down) * 6 + column + right for down, right in product(range(rows), range(columns))]
    assert sorted(found) == sorted(cells)


def test_cells_without_lines_overlap_a_little_so_that_nothing_shines_through():
    filled = dict.fromkeys((7, 8), (1, 2, 3))
    assert 'd="M1 1h2v1H1"' in fills(SLANTED, filled)
    bare = fills(SLANTED._replace(stroke=0), filled)
    assert 'd="M1 1h2.02v1.02H1"' in bare
    assert "crispEdges" in bare


def test_a_window_is_one_block_and_rows_of_another_length_are_others():
    window = [7, 8, 9, 13, 14, 15, 19, 20, 21]
    assert list(blocks(SLANTED, window)) == [(1, 1, 3, 3)]
    assert sorted(blocks(SLANTED, [*window, 4, 5, 6])) == [(0, 4, 1, 2), (1, 0, 1, 4), (2, 1, 2, 3)]


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (-0.001, "0"), (0.5, ".5"), (-0.25, "-.25"), (3.0, "3"), (1.005, "1"), (120, "120")]
)
def test_numbers_are_as_short_as_they_can_be(value, text):
    assert number(value) == text


def test_a_minus_parts_numbers():
    assert numbers(1, -2, 3.25, -0.5) == "1-2 3.25-.5"


def pieces(line, grids):
    """Start and end of each piece that is drawn, by how many grids lie below."""
    found = {}
    for level, elements in paths([line], grids, LIGHT).items():
        text = "".join(elements).split(' d="M')[1].split('"')[0]
        for part in text.split("M"):
            at = next(place for place, letter in enumerate(part) if letter in "lhv")
            x, y = map(float, part[:at].replace("-", " -").split())
            along = [*map(float, part[at + 1 :].replace("-", " -").split())]
            right, down = along if part[at] == "l" else (along[0], 0) if part[at] == "h" else (0, along[0])
            found.setdefault(level, []).append(((x, y), (x + right, y + down)))
    return found


def place_on(grid, x, y):
    """A point in cells of a grid (row, column)."""
    (ax, ay), (dx, dy) = grid.across, grid.down
    area, x, y = ax * dy - ay * dx, x - grid.origin[0], y - grid.origin[1]
    return (y * ax - x * ay) / area, (x * dy - y * dx) / area


@given(coordinates, coordinates)
def test_a_line_is_drawn_where_the_grid_that_it_is_behind_does_not_cover_it(start, end):
    drawn = [
        piece for parts in pieces(Line(start, end, "connector", 1, ("plane",)), [SLANTED]).values() for piece in parts
    ]
    length = hypot(end[0] - start[0], end[1] - start[1])
    for step in range(101):
        x, y = (one + (other - one) * step / 100 for one, other in zip(start, end, strict=True))
        row, column = place_on(SLANTED, x, y)
        depth = min(row, column, 5 - row, 6 - column)
        if abs(depth) < 0.02 or not length:
            continue
        is_drawn = any(
            hypot(x - px, y - py) + hypot(x - qx, y - qy) < hypot(qx - px, qy - py) + 0.05
            for (px, py), (qx, qy) in drawn
        )
        assert is_drawn == (depth < 0)


def test_a_line_lies_above_the_grids_that_it_meets_and_below_the_others():
    upper = SLANTED._replace(name="upper", origin=(10, -200))
    across = Line((0, 90), (200, 90), "connector", 1)
    assert list(pieces(across, [SLANTED, upper])) == [1]
    assert list(pieces(across, [upper, SLANTED])) == [2]
    assert list(pieces(across._replace(behind=("plane",)), [upper, SLANTED])) == [0]
    assert list(pieces(Line((100, 90), (60, -220), "connector", 1, ("upper",)), [SLANTED, upper])) == [1]


def test_a_line_that_is_covered_whole_is_not_drawn():
    (x, y), (end_x, end_y) = SLANTED.point(1, 1), SLANTED.point(4, 5)
    assert pieces(Line((x, y), (end_x, end_y), "connector", 1, ("plane",)), [SLANTED]) == {}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_block_is_hatched_as_its_cells_are(pattern):
    whole, cell = hatch_of(pattern, SLANTED, 2, 3), hatch_of(pattern, SLANTED)
    corners = [SLANTED._replace(origin=(0.0, 0.0)).point(row, column) for row, column in product(range(2), range(3))]
    dots = {(round(x + right, 6), round(y + down, 6)) for right, down in corners for x, y in cell.dots}
    assert {(round(x, 6), round(y, 6)) for x, y in whole.dots} == dots
    length = sum(hypot(qx - px, qy - py) for (px, py), (qx, qy) in cell.lines)
    assert sum(hypot(qx - px, qy - py) for (px, py), (qx, qy) in whole.lines) == pytest.approx(6 * length)
    assert dots or length
