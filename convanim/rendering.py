"""The one junction: scene -> record -> view -> format, for one scene or for many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from convanim import formats
from convanim.draw.storyboard import Storyboard
from convanim.drawing import Figure, drawing_of, expect_figure
from convanim.engine import Recording
from convanim.errors import FormatError, Problem, SceneError, got
from convanim.scene import Scene
from convanim.scene.comparison import Comparison
from convanim.timings import stage
from convanim.writing import write_bytes, write_file

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from convanim.scene.stack import Stack


def render(figure: Figure, *paths: str | Path, overwrite: bool = True) -> tuple[Path, ...]:
    """Draw a scene (a recording, a comparison, a stack) and write it to each path, the format by the path's suffix.

    It is computed once. Every file is written whole or not at all. SceneError or FormatError if it cannot be drawn so,
    FileExistsError if a file is there and `overwrite` is false, OSError if one cannot be written. Returns the paths.
    """
    if not paths:
        raise FormatError('no file to write; legal is a path or more, as in render(scene, "figure.gif")')
    targets = [(Path(path), formats.format_of(Path(path).suffix)) for path in paths]
    refuse_taken([path for path, _ in targets], overwrite=overwrite)
    drawing = drawing_of(figure, [row.stills for _, row in targets])
    if len(targets) > 1:  # each format refuses what it cannot hold before it writes, but none may be written then
        for _, row in targets:
            drawing.expect_held(row)
    for path, row in targets:
        write_file(path, partial(drawing.write, row), overwrite=overwrite)
    return tuple(path for path, _ in targets)


def render_to(figure: Figure, stream: BinaryIO, suffix: str) -> None:
    """Draw a scene (or a recording) and write it to a binary stream, in the format of `suffix`."""
    row = formats.format_of(suffix)
    drawing_of(figure, [row.stills]).write(row, stream)


def render_stills(
    figure: Figure, folder: str | Path, name: str = "step", *, overwrite: bool = True
) -> tuple[Path, ...]:
    """Write each step as a PNG into `folder`: NAME-01.png, NAME-02.png, …, numbered as the caption counts them."""
    drawing = drawing_of(figure, [False])
    board = drawing.board(stills=False)
    digits = len(str(drawing.step_count))
    paths = [Path(folder) / f"{name}-{step.number + 1:0{digits}}.png" for step in board.steps]
    refuse_taken(paths, overwrite=overwrite)
    module = formats.module_of(formats.format_of("png"))
    with stage("encode"):
        stills = module.stills(board, drawing.finish, drawing.source)
        for path, data in zip(paths, stills, strict=True):
            write_bytes(path, data, overwrite=overwrite)
    return tuple(paths)


def render_many(
    scenes: Mapping[str, Scene | Comparison | Stack] | Iterable[Scene | Comparison | Stack],
    folder: str | Path,
    executor: Executor | None = None,
    *,
    suffixes: Iterable[str] = ("gif",),
    overwrite: bool = True,
    done: Callable[[str], None] = lambda _: None,
) -> tuple[Path, ...]:
    """Write every scene into `folder` as NAME.SUFFIX and return the paths; what `render` raises is raised.

    Scenes come by name, or are named after their titles. With an `executor` (any of `concurrent.futures`) they are drawn
    at the same time. `done` is called with each name, in order, when its figure is written.
    """
    named = dict(scenes) if isinstance(scenes, Mapping) else _named(scenes)
    for name, scene in named.items():
        expect_figure(scene, Recording)
        if not name or name != Path(name).name:
            raise SceneError(Problem("name", got(name), "legal is a name for a file, without folders"))
    rows = [formats.format_of(suffix) for suffix in suffixes]
    targets = {name: [Path(folder) / f"{name}.{row.suffix}" for row in rows] for name in named}
    jobs = [(name, scene, targets[name], overwrite) for name, scene in named.items()]
    if executor is None:
        for job in jobs:
            _render_named(*job)
            done(job[0])
    else:
        futures = [executor.submit(_render_named, *job) for job in jobs]
        try:
            for job, future in zip(jobs, futures, strict=True):
                future.result()
                done(job[0])
        finally:
            for future in futures:
                future.cancel()
    return tuple(path for paths in targets.values() for path in paths)


def storyboard(figure: Figure) -> Storyboard:
    """What every format draws: cells, lines and text with their roles, and what each step changes."""
    return drawing_of(figure, [False]).board(stills=False)


def refuse_taken(paths: Iterable[Path], *, overwrite: bool) -> None:
    """FileExistsError if one of the files is there and may not be overwritten."""
    for path in paths:
        if not overwrite and path.exists() and (path.is_file() or path.is_dir()):
            raise FileExistsError(f"{path} is there already")


def _render_named(name: str, scene: Scene | Comparison | Stack, paths: list[Path], overwrite: bool) -> None:
    """Render one of many; an error says which."""
    try:
        render(scene, *paths, overwrite=overwrite)
    except SceneError as fault:
        raise fault.at(name) from None


def _named(scenes: Iterable[Scene | Comparison | Stack]) -> dict[str, Scene | Comparison | Stack]:
    """Scenes by names made from their titles; a title that comes again gets a number."""
    if isinstance(scenes, str | Recording) or not isinstance(scenes, Iterable):
        raise TypeError(f"expected Scenes, by name or in a list, not {type(scenes).__name__}")
    named: dict[str, Scene | Comparison | Stack] = {}
    for scene in scenes:
        expect_figure(scene)
        words = re.findall(r"\w+", scene.title.lower())
        stem = name = "_".join(words)[:80] or "figure"
        again = 1
        while name in named:
            again += 1
            name = f"{stem}_{again}"
        named[name] = scene
    return named
