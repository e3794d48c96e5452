"""Frames against the same storyboard drawn point by point, 16×16 points a pixel: no distances, no ink levels, no palette."""

from dataclasses import replace

import numpy as np
import pytest

from convanim import load_scene, storyboard
from convanim.catalogue import built_in
from convanim.draw.cellmap import DASH_PERIOD, DASH_SHARE
from convanim.draw.raster import Film
from convanim.draw.storyboard import Line, Paint
from convanim.draw.theme import BARE, DASHED, SOLID, THEMES, Finish

FINE = 16
BAND, EVERY = 16, 3
BORDERS = {BARE: 0, DASHED: 1, SOLID: 2}


def roles_at(board, number):
    """The role of every cell of every grid in a step."""
    roles = {grid.name: list(grid.roles) for grid in board.grids}
    passing = board.steps[number].passing
    for item in (*(item for step in board.steps[: number + 1] for item in step.lasting), *passing):
        if isinstance(item, Paint):
            for cell in item.cells:
                roles[item.grid][cell] = item.role
    return roles


def points(width, top, bottom):
    """The middles of the fine points of some rows of pixels."""
    ys, xs = np.mgrid[top * FINE : bottom * FINE, 0 : width * FINE].astype(np.float32)
    return (xs + 0.5) / FINE, (ys + 0.5) / FINE


class Lattice:
    """A grid seen from points: in which cell each lies, how far from which line."""

    def __init__(self, grid, xs, ys):
        (ox, oy), (ax, ay), (dx, dy) = grid.origin, grid.across, grid.down
        area = ax * dy - ay * dx
        self.grid = grid
        self.u, self.v = ((xs - ox) * dy - (ys - oy) * dx) / area, ((ys - oy) * ax - (xs - ox) * ay) / area
        self.sides = np.hypot(ax, ay), np.hypot(dx, dy)
        self.pitch = area / self.sides[1], area / self.sides[0]
        inside = (self.u >= 0) & (self.u < grid.columns) & (self.v >= 0) & (self.v < grid.rows)
        self.inside = inside
        number = np.floor(self.v).astype(int) * grid.columns + np.floor(self.u).astype(int)
        self.cell = np.where(inside, number, 0)

    def lines(self, borders):
        """The points on lines drawn through, and on dashes. A line is drawn as the stronger of its two cells has it."""
        padded = np.pad(borders, 1)
        upright = np.maximum(padded[1:-1, :-1], padded[1:-1, 1:])
        level = np.maximum(padded[:-1, 1:-1], padded[1:, 1:-1])
        grid = self.grid
        whole = [
            self._lines(self.u, self.v, (grid.columns, grid.rows), (self.pitch, self.sides[1]), upright),
            self._lines(self.v, self.u, (grid.rows, grid.columns), (self.pitch[::-1], self.sides[0]), level.T),
        ]
        return whole[0][0] | whole[1][0], whole[0][1] | whole[1][1]

    def _lines(self, across, along, cells, sizes, strength):
        (pitch, along_pitch), side = sizes
        half = self.grid.stroke / 2
        near = np.clip(np.rint(across), 0, cells[0]).astype(int)
        on = abs(across - near) * pitch < half
        along, near = along[on], near[on]
        own = self._strength(along, near, cells[1], strength)
        ends = [
            self._strength(along + shift, near, cells[1], strength)
            for shift in (half / along_pitch, -half / along_pitch)
        ]
        periods = max(round(side / DASH_PERIOD), 1)
        place = along * periods
        dashed = (own == BORDERS[DASHED]) & (abs(place - np.rint(place)) < DASH_SHARE / 2)
        solid = np.maximum.reduce([own, *ends]) == BORDERS[SOLID]
        return self._where(on, solid), self._where(on, dashed)

    @staticmethod
    def _where(on, values):
        """All points, of which those `on` a line have values."""
        whole = np.zeros_like(on)
        whole[on] = values
        return whole

    @staticmethod
    def _strength(along, near, cells, strength):
        """How the piece of line is drawn on which a point lies; 0 beyond the ends."""
        piece = np.floor(along).astype(int)
        within = (piece >= 0) & (piece < cells)
        return np.where(within, strength[np.where(within, piece, 0), near], 0)


def supersampled(board, number, theme):
    """A third of a step's rows drawn point by point, in bands: which rows, and their pixels.

    Grids are drawn from the lowest up, connectors behind the topmost.
    """
    width, height = board.size
    roles = roles_at(board, number)
    for top in range(0, height, EVERY * BAND):
        bottom = min(top + BAND, height)
        xs, ys = points(width, top, bottom)
        fine = np.empty((*xs.shape, 3), np.float32)
        fine[:] = theme.fills["background"]
        for grid in board.grids:
            if grid is board.grids[-1]:
                for item in board.steps[number].passing:
                    if isinstance(item, Line):
                        fine[on_line(item, xs, ys)] = theme.inks[item.role]
            lattice = Lattice(grid, xs, ys)
            fills = np.array([theme.fills[role] for role in roles[grid.name]], np.float32)
            fine[lattice.inside] = fills[lattice.cell[lattice.inside]]
            borders = np.array([BORDERS[theme.line(role)] for role in roles[grid.name]])
            solid, dashed = lattice.lines(borders.reshape(grid.rows, grid.columns))
            fine[dashed] = theme.inks["dash"]
            fine[solid] = theme.inks["outline"]
        yield slice(top, bottom), fine.reshape(bottom - top, FINE, width, FINE, 3).mean(axis=(1, 3))


def on_line(line, xs, ys):
    (x, y), (end_x, end_y) = line.start, line.end
    length = np.hypot(end_x - x, end_y - y)
    ux, uy = (end_x - x) / length, (end_y - y) / length
    along, aside = (xs - x) * ux + (ys - y) * uy, abs((xs - x) * uy - (ys - y) * ux)
    return (aside < line.width / 2) & (along > 0) & (along < length)


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("no_padding_strides_transposed", {"look": "plain"}),
        ("padding_strides", {"look": "plain"}),
        ("padding_strides_transposed", {"labels": False, "caption": False}),
    ],
)
def test_frames_are_forty_decibels_from_sixteenfold_supersampling(name, view):
    scene = replace(load_scene(built_in()[name]), view=view)
    board, theme = storyboard(scene), THEMES[scene.view.theme if scene.view.look == "full" else "plain"]
    film, number = Film(board, Finish(theme)), 4
    image = next(frame.image.copy() for place, frame in enumerate(film) if place == number)
    drawn = np.array(film.colours).take(image, axis=0)
    errors = [drawn[rows] - expected for rows, expected in supersampled(board, number, theme)]
    assert 10 * np.log10(255**2 / (np.concatenate(errors) ** 2).mean()) >= 40
