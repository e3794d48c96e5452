"""Folders of scenes for the commands that draw all of them, and the processes that do."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from convanim.cli.notices import ignore_notices, notices_as_lines
from convanim.errors import Problem, SceneError

if TYPE_CHECKING:
    from convanim.scene import Scene
    from convanim.scene.comparison import Comparison
    from convanim.scene.stack import Stack


def figures_in(folder: Path | None) -> tuple[dict[str, Scene | Comparison | Stack], dict[str, Path]]:
    """Every figure of a folder (by default the built-in ones) by name, and its file; what is wrong with any is said of all."""
    from convanim.catalogue import built_in, built_in_stacks, scene_files

    try:
        files = scene_files(folder) if folder else built_in() | built_in_stacks()
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None
    if not files:
        raise click.UsageError(f"{folder} holds no scene files (*.toml, *.json)")
    return _loaded(files), files


def pool(jobs: int) -> AbstractContextManager[Executor | None]:
    """So many processes; none where one is enough."""
    return ProcessPoolExecutor(jobs, initializer=ignore_notices) if jobs > 1 else nullcontext()


def say_notices(figures: Mapping[str, Scene | Comparison | Stack], *, quiet: bool) -> None:
    """Say of each figure what it leaves out."""
    from convanim.drawing import steps_shown
    from convanim.scene.comparison import Comparison

    for name, figure in figures.items():
        with notices_as_lines(quiet=quiet, prefix=f"{name}: "):
            for scene in figure.scenes if isinstance(figure, Comparison) else (figure,):
                steps_shown(scene)


def _loaded(files: Mapping[str, Path]) -> dict[str, Scene | Comparison | Stack]:
    from convanim.scene.files import load_figure

    figures: dict[str, Scene | Comparison | Stack] = {}
    faults: list[Problem] = []
    for name, path in files.items():
        try:
            figures[name] = load_figure(path)
        except SceneError as fault:
            faults += [problem._replace(field=f"{path}: {problem.field}") for problem in fault.problems]
        except OSError as fault:
            raise click.UsageError(f"{path}: {(fault.strerror or str(fault)).lower()}") from None
    if faults:
        raise SceneError(faults)
    return figures
