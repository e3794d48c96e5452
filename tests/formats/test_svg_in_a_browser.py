"""What Chromium shows of an SVG, against the frame that the other formats draw and against the record, by decoded pixels."""

import re
from io import BytesIO
from itertools import product

import numpy as np
import pytest

from convanim import Scene, load_figure, load_scene, record, storyboard
from convanim.catalogue import built_in, built_in_stacks
from convanim.draw.raster import Film
from convanim.draw.stills import stills
from convanim.draw.theme import THEMES
from convanim.drawing import drawing_of
from convanim.rendering import render_to
from tests import browser as alone
from tests.pages import browser, screenshot
from tests.seen import shaded_cells

__all__ = ["browser"]
# every view, each with what sets it apart: dashes, cells without lines, notes, rings, tints, stems, shades, several channels
FIGURES = {
    "isometric": Scene(2, 3, stride=2, transposed=True),
    "isometric, large": Scene(60, 5, stride=4, padding=1),
    "isometric, shaded": Scene(9, 3, padding=1, values={"input": "ramp"}, view={"colour": "value"}),
    "isometric, shaded, large": Scene(80, 3, stride=8, values={"input": "ramp"}, view={"colour": "value"}),
    "numeric": Scene(5, 3, stride=2, padding=1, view={"kind": "numeric"}),
    "numeric, rings": Scene(4, 2, op="max_pool", view={"kind": "numeric"}),
    "numeric, shaded": Scene(4, 2, values={"input": "ramp"}, view={"kind": "numeric", "colour": "value"}),
    "gather": Scene(3, 3, stride=2, padding=1, transposed=True, view={"kind": "gather"}),
    "scatter": Scene(3, 3, stride=2, transposed=True, view={"kind": "scatter", "overlaps": True}),
    "matrix": Scene(3, 2, padding=1, view={"kind": "matrix"}),
    "line": Scene([7], 3, padding="causal", view={"kind": "line"}),
    "channels": Scene(3, 2, in_channels=2, out_channels=2, view={"kind": "channels"}),
    "all-steps": Scene(4, 3, view={"kind": "all-steps"}),
}
STEP = 3
PAUSED = "<style>svg{{animation-delay:-{}ms!important;animation-play-state:paused!important}}</style>"
_SHARES = np.arange(0.15, 0.9, 0.05)
_TONE = 22
_LEAST_INK = 75  # texts reach 91 in every theme, patterns 61
_AROUND = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # of a cell: in the middle of a hatched one may lie a line


def file_of(figure):
    stream = BytesIO()
    render_to(figure, stream, "svg")
    return stream.getvalue().decode()


def paused(text, board, step):
    """A file that stands still in the middle of a step."""
    before = sum(each.duration for each in board.steps[:step])
    return text.replace("</svg>", PAUSED.format(before + board.steps[step].duration // 2) + "</svg>")


@pytest.fixture
def shots(browser, tmp_path):
    """What Chromium shows of files (text and size), as images of one page, as arrays; with flags, one of its own."""

    def taken(files, *flags):
        images, top = [], 0
        for number, (text, (_, height)) in enumerate(files):
            (tmp_path / f"{number}.svg").write_text(text, encoding="utf-8")
            images.append(f'<img src="{number}.svg" style="position:absolute;left:0;top:{top}px">')
            top += height
        page = tmp_path / "page.html"
        page.write_text(f"<!doctype html><body>{''.join(images)}")
        size = max(width for _, (width, _) in files), top
        picture = np.asarray(alone.screenshot(page, size, *flags)) if flags else screenshot(browser, page, size)
        parts, top = [], 0
        for _, (width, height) in files:
            parts.append(picture[top : top + height, :width])
            top += height
        return parts

    return taken


def frame_of(figure, step, limit=None):
    """A frame as the other formats draw it."""
    drawing = drawing_of(figure, [None])
    film = Film(drawing.board(stills=False), drawing.finish, limit)
    for number, frame in enumerate(film):
        if number == step:
            return np.array(film.colours, dtype=np.uint8).take(frame.image, axis=0), frame.image == film.clear
    raise AssertionError


def unlike_cells(board, one, other):
    """The cells of which two pictures nowhere around the middle show the same colour."""
    alike = (np.abs(one.astype(int) - other.astype(int)) <= 1).all(axis=-1)
    found = []
    for grid in board.grids:
        row, column = np.mgrid[0 : grid.rows, 0 : grid.columns]
        probes = [_at(alike, grid, row + down, column + right) for down, right in product(_AROUND, _AROUND)]
        found += [(grid.name, row, column) for row, column in np.argwhere(~np.any(probes, axis=0)).tolist()]
    return found


def unlike_edges(board, one, other):
    """The sides of cells along which two pictures are not about as dark: a dashed line is paler than a solid one."""
    tones = [_blurred(picture.mean(axis=-1)) for picture in (one, other)]
    found = []
    for grid in board.grids:
        for down, right in ((0, 1), (1, 0)) if grid.stroke > 0 else ():
            row, column = np.mgrid[0 : grid.rows + 1 - down, 0 : grid.columns + 1 - right]
            along = [
                np.mean([_at(tone, grid, row + down * share, column + right * share) for share in _SHARES], axis=0)
                for tone in tones
            ]
            differ = np.abs(along[0] - along[1]) > _TONE
            found += [(grid.name, down, row, column) for row, column in np.argwhere(differ).tolist()]
    return found


def _at(picture, grid, row, column):
    """A picture's pixels at places on a grid."""
    x, y = grid.point(row, column)
    return picture[np.floor(y).astype(int), np.floor(x).astype(int)]


def _blurred(tone):
    """Each pixel as the mean of the nine around it."""
    wide = np.pad(tone, 1, mode="edge")
    height, width = tone.shape
    return sum(wide[down : down + height, right : right + width] for down, right in product(range(3), range(3))) / 9


def inked_cells(board, picture):
    """The cells of upright grids in which a picture has a text: ink that is far from what most of the cell shows."""
    return {
        (grid.name, cell)
        for grid in board.grids
        if grid.slots and not grid.across[1] and not grid.down[0]
        for cell in range(len(grid.roles))
        if _is_inked(grid, cell, picture)
    }


def _is_inked(grid, cell, picture):
    row, column = divmod(cell, grid.columns)
    (left, top), (right, bottom) = grid.point(row, column), grid.point(row + 1, column + 1)
    inside = picture[round(top) + 4 : round(bottom) - 3, round(left) + 4 : round(right) - 3].mean(axis=-1)
    return np.abs(inside - np.median(inside)).max() > _LEAST_INK


def cells_with_text(board, step):
    """The cells that hold a text at a step."""
    *_, still = (still for still, _ in zip(stills(board), range(step + 1), strict=False))
    return {text.cell for text in (*board.texts, *still.texts) if text.cell and text.text.strip()}


@pytest.mark.parametrize("theme", THEMES)
def test_every_view_shows_the_cells_that_the_other_formats_show(theme, shots):
    figures = {name: replaced(scene, theme=theme) for name, scene in FIGURES.items()}
    boards = {name: storyboard(scene) for name, scene in figures.items()}
    steps = {name: min(STEP, len(board.steps) - 1) for name, board in boards.items()}
    files = [(paused(file_of(figures[name]), boards[name], steps[name]), boards[name].size) for name in figures]
    for name, shot in zip(figures, shots(files), strict=True):
        frame, _ = frame_of(figures[name], steps[name])
        assert unlike_cells(boards[name], shot, frame) == [], name
        held = cells_with_text(boards[name], steps[name])
        assert inked_cells(boards[name], shot) == inked_cells(boards[name], frame) == held, name
        assert unlike_edges(boards[name], shot, frame) == [], name
        assert np.abs(shot.astype(int) - frame).mean() < 4, name  # lines and labels too, but for their edges


@pytest.mark.parametrize("name", ["isometric", "numeric", "matrix"])
def test_hatched_cells_are_hatched_as_in_the_other_formats(name, shots):
    scene = replaced(FIGURES[name], theme="print")
    board, drawing = storyboard(scene), drawing_of(scene, [None])
    (shot,) = shots([(paused(file_of(scene), board, STEP), board.size)])
    frames = []
    for hatches in (drawing.finish.theme.hatches, {}):
        finish = drawing.finish._replace(theme=drawing.finish.theme._replace(hatches=hatches))
        film = Film(board, finish)
        frames.append([np.array(film.colours).take(frame.image, axis=0) for frame in film][STEP])
    hatched, bare = frames
    differ = (np.abs(hatched - bare) > 8).any(axis=-1)
    assert differ.sum() > 400
    assert np.abs(shot[differ] - hatched[differ]).mean() < np.abs(shot[differ] - bare[differ]).mean() * 0.7


def test_cells_without_lines_are_as_sharp_and_as_dense_as_pixels(shots):
    values = {"input": [[(row * 37 + column * 53) % 256 for column in range(90)] for row in range(90)]}
    scene = Scene(90, 3, values=values, view={"colour": "value"}, timing={"steps": "::400"})
    board = storyboard(scene)
    step = len(board.steps) * 3 // 4
    (shot,) = shots([(paused(file_of(scene), board, step), board.size)])
    frame, _ = frame_of(scene, step)
    differ = (np.abs(shot.astype(int) - frame) > 16).any(axis=-1)
    y, x = np.mgrid[0 : board.size[1], 0 : board.size[0]] + 0.5
    for grid in board.grids:
        (ax, ay), (dx, dy), area = grid.across, grid.down, grid.across[0] * grid.down[1] - grid.across[1] * grid.down[0]
        right, down = x - grid.origin[0], y - grid.origin[1]
        row, column = (down * ax - right * ay) / area, (right * dy - down * dx) / area
        inside = (row > 1) & (row < grid.rows - 1) & (column > 1) & (column < grid.columns - 1)
        assert inside.sum() > 10_000
        assert differ[inside].mean() < 0.01


def test_scenes_side_by_side_and_stacks_come_out_right(shots):
    stacks = built_in_stacks()
    figures = {
        "comparison": load_figure(built_in()["06a_valid_and_full"]),
        "three_3x3": load_figure(stacks["three_3x3"]),
        "dcgan_generator": load_figure(stacks["dcgan_generator"]),
    }
    boards = {name: storyboard(figure) for name, figure in figures.items()}
    files = [(paused(file_of(figures[name]), boards[name], STEP), boards[name].size) for name in figures]
    for name, shot in zip(figures, shots(files), strict=True):
        assert unlike_cells(boards[name], shot, frame_of(figures[name], STEP)[0]) == [], name


def test_what_is_shaded_is_what_the_record_says(shots):
    """The window and the cell that it makes, of each step, as a reader sees them."""
    scene = load_scene(built_in()["padding_strides"])
    recording, board, text = record(scene), storyboard(scene), file_of(scene)
    files = [(paused(text, board, step), board.size) for step in range(len(recording))]
    from PIL import Image  # noqa: PLC0415 - as decoded elsewhere

    for placement, shot in zip(recording, shots(files), strict=True):
        picture = Image.fromarray(shot)
        assert shaded_cells(picture, board, "canvas") == {tap.canvas for tap in placement.taps}
        assert shaded_cells(picture, board, "output") == {placement.output}


def test_a_still_shows_its_step(shots):
    names = ("isometric", "numeric", "line", "scatter")
    moving = [storyboard(FIGURES[name]) for name in names]
    stills = [replaced(FIGURES[name], timing={"steps": str(STEP)}) for name in names]
    files = [(file_of(scene), board.size) for scene, board in zip(stills, moving, strict=True)]
    for name, board, shot in zip(names, moving, shots(files), strict=True):
        assert unlike_cells(board, shot, frame_of(FIGURES[name], STEP)[0]) == [], name


def test_readers_who_want_less_motion_see_the_last_step_and_others_the_first(shots):
    scene, board = FIGURES["isometric"], storyboard(FIGURES["isometric"])
    text = file_of(scene)
    for flags, step in ((("--force-prefers-reduced-motion",), len(board.steps) - 1), ((), 0)):
        (shot,) = shots([(paused(text, board, 0), board.size)], *flags)
        assert unlike_cells(board, shot, frame_of(scene, step)[0]) == []
        assert unlike_cells(board, shot, frame_of(scene, STEP)[0])


def test_after_the_last_play_the_last_step_stays(shots):
    scene = replaced(FIGURES["isometric"], timing={"loop": 2})
    board = storyboard(scene)
    text = file_of(scene)
    late = [
        text.replace("</svg>", PAUSED.format(time) + "</svg>") for time in (board.duration + 100, 3 * board.duration)
    ]
    first, last = shots([(each, board.size) for each in late])
    assert unlike_cells(board, first, frame_of(scene, 0)[0]) == []
    assert unlike_cells(board, last, frame_of(scene, len(board.steps) - 1)[0]) == []


def test_steps_change_on_time(shots):
    scene, board = FIGURES["isometric"], storyboard(FIGURES["isometric"])
    start = sum(step.duration for step in board.steps[:STEP])
    text = file_of(scene)
    moments = [text.replace("</svg>", PAUSED.format(time) + "</svg>") for time in (start - 1, start + 1)]
    before, after = shots([(each, board.size) for each in moments])
    assert unlike_cells(board, before, frame_of(scene, STEP - 1)[0]) == []
    assert unlike_cells(board, after, frame_of(scene, STEP)[0]) == []


def test_through_a_transparent_ground_the_page_is_seen(shots, browser, tmp_path):
    scene = replaced(FIGURES["isometric"], background="transparent")
    board = storyboard(scene)
    (shot,) = shots([(paused(file_of(scene), board, STEP), board.size)])
    (tmp_path / "page.html").write_text(
        re.sub("<body>", '<body bgcolor="#ff00ff">', (tmp_path / "page.html").read_text())
    )
    coloured = screenshot(browser, tmp_path / "page.html", board.size)
    frame, clear = frame_of(scene, STEP)
    ground = (coloured == (255, 0, 255)).all(axis=-1)
    assert (ground != clear).mean() < 0.05  # all but edges
    assert unlike_cells(board, shot, frame) == []


def test_outlined_text_looks_like_text(shots):
    scene = FIGURES["numeric"]
    board = storyboard(scene)
    texts = [paused(file_of(each), board, STEP) for each in (scene, replaced(scene, outlined=True))]
    plain, outlined = (shot.astype(int) for shot in shots([(text, board.size) for text in texts]))
    bare = paused(re.sub(r"<text.*?</text>", "", texts[0]), board, STEP)
    (without,) = (shot.astype(int) for shot in shots([(bare, board.size)]))
    assert np.abs(outlined - plain).mean() < np.abs(without - plain).mean() / 2


def replaced(scene, *, timing=None, **view):
    from dataclasses import replace  # noqa: PLC0415 - its name would hide what it is used for

    return replace(scene, view=scene.view._replace(**view), **({"timing": timing} if timing else {}))
