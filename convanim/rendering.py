"""The one junction: scene -> record -> view -> format, for one scene or for many."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from convanim import formats
from convanim.draw.storyboard import Storyboard
from convanim.drawing import Figure, drawing_of
from convanim.errors import FormatError
from convanim.timings import stage
from convanim.writing import write_bytes, write_file


def render(figure: Figure, *paths: str | Path, overwrite: bool = True) -> tuple[Path, ...]:
    """Draw a scene (a recording, a comparison, a stack) and write it to each path, the format by the path's suffix.

    It is computed once. Every file is written whole or not at all. SceneError or FormatError if it cannot be drawn so,
    FileExistsError if a file is there and `overwrite` is false, OSError if one cannot be written. Returns the paths.
    """
    if not paths:
        raise FormatError('no file to write; legal is a path or more, as in render(scene, "figure.gif")')
    targets = [(Path(path), formats.format_of(Path(path).suffix)) for path in paths]
    refuse_taken([path for path, _ in targets], overwrite=overwrite)
    drawing = drawing_of(figure, [row for _, row in targets])
    if len(targets) > 1:  # each format refuses what it cannot hold before it writes, but none may be written then
        for _, row in targets:
            drawing.expect_held(row)
    for path, row in targets:
        write_file(path, partial(drawing.write, row), overwrite=overwrite)
    return tuple(path for path, _ in targets)


def render_to(figure: Figure, stream: BinaryIO, suffix: str) -> None:
    """Draw a scene (or a recording) and write it to a binary stream, in the format of `suffix`."""
    row = formats.format_of(suffix)
    drawing_of(figure, [row]).write(row, stream)


def render_stills(
    figure: Figure, folder: str | Path, name: str = "step", suffix: str = "png", *, overwrite: bool = True
) -> tuple[Path, ...]:
    """Write each step as a file into `folder`: NAME-01.png, NAME-02.png, …, numbered as the caption counts them.

    FormatError if the format of `suffix` holds no stills.
    """
    row = formats.format_of(suffix)
    if not row.stills:
        legal = ", ".join(each.suffix for each in formats.FORMATS.values() if each.stills)
        raise FormatError(f'"{suffix}" holds no stills; legal are {legal}')
    drawing = drawing_of(figure, [None])
    board = drawing.board(stills=False)
    digits = len(str(max(drawing.step_count, board.steps[-1].number + 1)))
    paths = [Path(folder) / f"{name}-{step.number + 1:0{digits}}.{row.suffix}" for step in board.steps]
    refuse_taken(paths, overwrite=overwrite)
    module = formats.module_of(row)
    with stage("encode"):
        stills = module.stills(board, drawing.finish, (drawing.said_of(step.number) for step in board.steps))
        for path, data in zip(paths, stills, strict=True):
            write_bytes(path, data, overwrite=overwrite)
    return tuple(paths)


def storyboard(figure: Figure) -> Storyboard:
    """What every format draws: cells, lines and text with their roles, and what each step changes."""
    return drawing_of(figure, [None]).board(stills=False)


def render_deck(
    figures: Iterable[Figure], path: str | Path, title: str = "", way: str = "", *, overwrite: bool = True
) -> Path:
    """Write figures as the slides of a deck, the format by the path's suffix.

    In HTML each step of a figure is a click. In PowerPoint's format a figure is its GIF, or as `way` says its video
    ("mp4"), or a slide of shapes for each step ("shapes"). `title` is the deck's, by default the first figure's. Errors
    as `render` has them; a deck has one figure or more.
    """
    target, row = Path(path), formats.deck_of(Path(path).suffix)
    way = formats.way_of(row, way)
    refuse_taken([target], overwrite=overwrite)
    pictured = [drawing_of(figure, [None]).pictured() for figure in figures]
    if not pictured:
        raise FormatError("no figure for the deck; legal are one or more")
    module = formats.module_of(row)

    def write(stream: BinaryIO) -> None:
        with stage("encode"):
            module.write_deck(pictured, title or pictured[0].board.title, way, stream)

    write_file(target, write, overwrite=overwrite)
    return target


def refuse_taken(paths: Iterable[Path], *, overwrite: bool) -> None:
    """FileExistsError if one of the files is there and may not be overwritten."""
    for path in paths:
        if not overwrite and path.exists() and (path.is_file() or path.is_dir()):
            raise FileExistsError(f"{path} is there already")
