"""The one junction: scene -> record -> view -> format, for one scene or for many.

Which placements are shown is settled here, before anything is computed, so that a scene of absurd size costs nothing.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import BinaryIO

from convanim import formats, views
from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import THEMES
from convanim.engine import Recording, record
from convanim.errors import Problem, SceneError
from convanim.scene import Scene, scene_to_toml
from convanim.scene.fields import parse_steps
from convanim.writing import write_bytes, write_file

WATCHABLE = 400
UNASKED = 50_000


class Notice(UserWarning):
    """Something about a figure that its maker should know, such as steps left out."""


def render(figure: Scene | Recording, *paths: str | Path, overwrite: bool = True) -> tuple[Path, ...]:
    """Draw a scene (or a recording) and write it to each path, the format by the path's suffix.

    It is computed once. Every file is written whole or not at all. SceneError or FormatError if it cannot be drawn so,
    FileExistsError if a file is there and `overwrite` is false, OSError if one cannot be written. Returns the paths.
    """
    targets = [(Path(path), formats.format_of(Path(path).suffix)) for path in paths]
    for path, _ in targets:
        if path.exists() and not overwrite:
            raise FileExistsError(f"{path} is there already")
    recording, board = _drawn(figure)
    for path, row in targets:
        write_file(path, partial(_write, recording.scene, board, row), overwrite=overwrite)
    return tuple(path for path, _ in targets)


def render_to(figure: Scene | Recording, stream: BinaryIO, suffix: str) -> None:
    """Draw a scene (or a recording) and write it to a binary stream, in the format of `suffix`."""
    row = formats.format_of(suffix)
    recording, board = _drawn(figure)
    _write(recording.scene, board, row, stream)


def render_stills(
    figure: Scene | Recording, folder: str | Path, name: str = "step", *, overwrite: bool = True
) -> tuple[Path, ...]:
    """Write each step as a PNG into `folder`: NAME-01.png, NAME-02.png, …, numbered as the caption counts them."""
    recording, board = _drawn(figure)
    digits = len(str(len(recording)))
    paths = [Path(folder) / f"{name}-{step.number + 1:0{digits}}.png" for step in board.steps]
    for path in paths:
        if path.exists() and not overwrite:
            raise FileExistsError(f"{path} is there already")
    view = recording.scene.view
    module = formats.module_of(formats.format_of("png"))
    stills = module.stills(board, THEMES[view.theme], view.scale, scene_to_toml(recording.scene))
    for path, (_, data) in zip(paths, stills, strict=True):
        write_bytes(path, data, overwrite=overwrite)
    return tuple(paths)


def render_many(
    scenes: Mapping[str, Scene] | Iterable[Scene],
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
    targets = {name: [Path(folder) / f"{name}.{suffix}" for suffix in suffixes] for name in named}
    if executor is None:
        for name, scene in named.items():
            render(scene, *targets[name], overwrite=overwrite)
            done(name)
    else:
        futures = [executor.submit(render, named[name], *targets[name], overwrite=overwrite) for name in named]
        try:
            for name, future in zip(named, futures, strict=True):
                future.result()
                done(name)
        finally:
            for future in futures:
                future.cancel()
    return tuple(path for paths in targets.values() for path in paths)


def storyboard(figure: Scene | Recording) -> Storyboard:
    """What every format draws: cells, lines and text with their roles, and what each step changes."""
    return _drawn(figure)[1]


def chosen_steps(scene: Scene) -> range:
    """Which placements are shown: those that `timing.steps` names, else all while they can be watched.

    More than 400 are cut to the first 400, with a Notice; more than 50,000 are refused until the scene says which.
    """
    total, asked = scene.placements, scene.timing.steps
    if asked:
        shown = range(total)[parse_steps(asked)]
        if not shown:
            raise SceneError(Problem("timing.steps", f'got "{asked}"', f"legal is a part of the {total} placements"))
        return shown
    if total > UNASKED:
        legal = 'say which to show with timing.steps (--steps 0:400, --every 1000), or ":" (--all) for all of them'
        raise SceneError(Problem("timing.steps", f"missing, and there are {total:,} placements", legal))
    if total > WATCHABLE:
        text = f"the first {WATCHABLE} of {total:,} placements are shown; choose others with timing.steps"
        warnings.warn(Notice(f"{text} (--steps 0:100, --every 4, --all)"), stacklevel=3)
        return range(WATCHABLE)
    return range(total)


def _named(scenes: Iterable[Scene]) -> dict[str, Scene]:
    """Scenes by names made from their titles; a title that comes again gets a number."""
    named: dict[str, Scene] = {}
    for scene in scenes:
        words = re.findall(r"\w+", scene.title.lower())
        stem = name = "_".join(words)[:80] or "figure"
        again = 1
        while name in named:
            again += 1
            name = f"{stem}_{again}"
        named[name] = scene
    return named


def _drawn(figure: Scene | Recording) -> tuple[Recording, Storyboard]:
    scene = figure if isinstance(figure, Scene) else figure.scene
    views.refuse_too_many_cells(scene)
    shown = chosen_steps(scene)
    recording = record(figure) if isinstance(figure, Scene) else figure
    return recording, views.storyboard(recording, shown)


def _write(scene: Scene, board: Storyboard, row: formats.Format, stream: BinaryIO) -> None:
    module = formats.module_of(row)
    module.write(board, THEMES[scene.view.theme], scene.view.scale, scene_to_toml(scene), stream)
