"""The one junction: scene -> record -> view -> format, for one scene or for many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from convanim import formats, selection, views
from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import Finish, chosen_theme
from convanim.engine import Recording, record
from convanim.errors import FormatError, Problem, SceneError, expect, got
from convanim.formats import Format
from convanim.scene import Scene, scene_to_toml
from convanim.timings import stage
from convanim.writing import write_bytes, write_file

if TYPE_CHECKING:
    from concurrent.futures import Executor


def render(figure: Scene | Recording, *paths: str | Path, overwrite: bool = True) -> tuple[Path, ...]:
    """Draw a scene (or a recording) and write it to each path, the format by the path's suffix.

    It is computed once. Every file is written whole or not at all. SceneError or FormatError if it cannot be drawn so,
    FileExistsError if a file is there and `overwrite` is false, OSError if one cannot be written. Returns the paths.
    """
    if not paths:
        raise FormatError('no file to write; legal is a path or more, as in render(scene, "figure.gif")')
    targets = [(Path(path), formats.format_of(Path(path).suffix)) for path in paths]
    refuse_taken([path for path, _ in targets], overwrite=overwrite)
    drawing = _Drawing(figure, [row.stills for _, row in targets])
    for path, row in targets:
        write_file(path, partial(drawing.write, row), overwrite=overwrite)
    return tuple(path for path, _ in targets)


def render_to(figure: Scene | Recording, stream: BinaryIO, suffix: str) -> None:
    """Draw a scene (or a recording) and write it to a binary stream, in the format of `suffix`."""
    row = formats.format_of(suffix)
    _Drawing(figure, [row.stills]).write(row, stream)


def render_stills(
    figure: Scene | Recording, folder: str | Path, name: str = "step", *, overwrite: bool = True
) -> tuple[Path, ...]:
    """Write each step as a PNG into `folder`: NAME-01.png, NAME-02.png, …, numbered as the caption counts them."""
    drawing = _Drawing(figure, [False])
    scene, board = drawing.scene, drawing.board(stills=False)
    digits = len(str(views.step_count(scene)))
    paths = [Path(folder) / f"{name}-{step.number + 1:0{digits}}.png" for step in board.steps]
    refuse_taken(paths, overwrite=overwrite)
    module = formats.module_of(formats.format_of("png"))
    with stage("encode"):
        stills = module.stills(board, drawing.finish, scene_to_toml(scene))
        for path, data in zip(paths, stills, strict=True):
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
    for name, scene in named.items():
        expect(scene, Scene, Recording)
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


def storyboard(figure: Scene | Recording) -> Storyboard:
    """What every format draws: cells, lines and text with their roles, and what each step changes."""
    return _Drawing(figure, [False]).board(stills=False)


def step_count(scene: Scene) -> int:
    """How many steps the scene's whole figure has: as a rule, one for each placement."""
    return views.step_count(scene)


def steps_shown(scene: Scene, *, still: bool = False) -> range:
    """The steps that an animation of a scene shows, or a still; a Notice says so if that is not all of an animation's."""
    choose = selection.still if still else selection.animated
    return choose(scene, step_count(scene))


def refuse_taken(paths: Iterable[Path], *, overwrite: bool) -> None:
    """FileExistsError if one of the files is there and may not be overwritten."""
    for path in paths:
        if not overwrite and path.exists() and (path.is_file() or path.is_dir()):
            raise FileExistsError(f"{path} is there already")


class _Drawing:
    """A figure computed once, and its storyboards: an animation's, with all its steps, and a still's, with the last.

    Whatever cannot be drawn is refused before anything is computed.
    """

    def __init__(self, figure: Scene | Recording, stills: Iterable[bool]) -> None:
        expect(figure, Scene, Recording)
        scene = figure if isinstance(figure, Scene) else figure.asked
        views.refuse_what_cannot_be_drawn(scene)
        self._shown = {kind: steps_shown(scene, still=kind) for kind in set(stills)}
        with stage("record"):
            self._recording = record(figure) if isinstance(figure, Scene) else figure
        self._boards: dict[bool, Storyboard] = {}
        self.scene = self._recording.scene
        view = scene.view
        self.finish = Finish(
            chosen_theme(view.theme), view.scale, view.levels, transparent=view.background == "transparent"
        )

    def board(self, *, stills: bool) -> Storyboard:
        """The storyboard of an animation or of a still."""
        if stills not in self._boards:
            self._boards[stills] = views.storyboard(self._recording, self._shown[stills])
        return self._boards[stills]

    def write(self, row: Format, stream: BinaryIO) -> None:
        """Write the figure in one format."""
        board, module = self.board(stills=row.stills), formats.module_of(row)
        with stage("encode"):
            module.write(board, self.finish, scene_to_toml(self.scene), stream)


def _render_named(name: str, scene: Scene, paths: list[Path], overwrite: bool) -> None:
    """Render one of many; an error says which."""
    try:
        render(scene, *paths, overwrite=overwrite)
    except SceneError as fault:
        raise fault.at(name) from None


def _named(scenes: Iterable[Scene]) -> dict[str, Scene]:
    """Scenes by names made from their titles; a title that comes again gets a number."""
    if isinstance(scenes, str | Recording) or not isinstance(scenes, Iterable):
        raise TypeError(f"expected Scenes, by name or in a list, not {type(scenes).__name__}")
    named: dict[str, Scene] = {}
    for scene in scenes:
        expect(scene, Scene)
        words = re.findall(r"\w+", scene.title.lower())
        stem = name = "_".join(words)[:80] or "figure"
        again = 1
        while name in named:
            again += 1
            name = f"{stem}_{again}"
        named[name] = scene
    return named
