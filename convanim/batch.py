"""Many figures: drawn one after another or by any executor of `concurrent.futures`, and written as they are done.

Workers only draw: they send a file's bytes back, and this process writes them. So an executor whose workers share no
disk, as a cluster's, does as well as one on this machine.
"""

from __future__ import annotations

import re
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from convanim import formats
from convanim.drawing import drawing_of, expect_figure, source_of
from convanim.engine import Recording
from convanim.errors import FormatError, Notice, Problem, SceneError, got
from convanim.reading import carried_text
from convanim.rendering import refuse_taken
from convanim.scene import Scene
from convanim.scene.comparison import Comparison
from convanim.writing import write_bytes

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from convanim.scene.stack import Stack

_WAITING = 256


class Job(NamedTuple):
    """A figure by its name, and the files that it becomes, the format of each by its suffix."""

    name: str
    figure: Scene | Comparison | Stack
    paths: tuple[Path, ...]


class Outcome(NamedTuple):
    """What became of a job: the files written, those that were as they should be, what was noticed, or what was wrong."""

    job: Job
    written: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()
    notices: tuple[str, ...] = ()
    fault: SceneError | FormatError | OSError | None = None


def render_many(
    scenes: Mapping[str, Scene | Comparison | Stack] | Iterable[Scene | Comparison | Stack],
    folder: str | Path,
    executor: Executor | None = None,
    *,
    suffixes: Iterable[str] = ("gif",),
    overwrite: bool = True,
    update: bool = False,
    done: Callable[[str], None] = lambda _: None,
) -> tuple[Path, ...]:
    """Write every scene into `folder` as NAME.SUFFIX and return the paths; the first error stops it and is raised.

    Scenes come by name, or are named after their titles. With an `executor` (any of `concurrent.futures`, a Dask
    client's too) they are drawn at the same time. With `update`, files that carry the same scene and were made by this
    version are left as they are. `done` is called with each name, in order, when its figure is written.
    """
    named = dict(scenes) if isinstance(scenes, Mapping) else _named(scenes)
    for name, scene in named.items():
        expect_figure(scene, Recording)
        if not name or name != Path(name).name:
            raise SceneError(Problem("name", got(name), "legal is a name for a file, without folders"))
    rows = [formats.format_of(suffix) for suffix in suffixes]
    jobs = [
        Job(name, scene, tuple(Path(folder) / f"{name}.{row.suffix}" for row in rows)) for name, scene in named.items()
    ]
    if not update:
        refuse_taken([path for job in jobs for path in job.paths], overwrite=overwrite)
    for outcome in outcomes(jobs, executor, overwrite=overwrite, update=update):
        for text in outcome.notices:
            warnings.warn(Notice(text), stacklevel=2)
        if outcome.fault is not None:
            is_of_scene = isinstance(outcome.fault, SceneError)
            raise outcome.fault.at(outcome.job.name) if is_of_scene else outcome.fault  # type: ignore[union-attr]
        done(outcome.job.name)
    return tuple(path for job in jobs for path in job.paths)


def outcomes(
    jobs: Iterable[Job], executor: Executor | None = None, *, overwrite: bool = True, update: bool = False
) -> Iterator[Outcome]:
    """What becomes of each job, in order: a wrong one is an Outcome too, and the others go on.

    With `update`, a file is left as it is if it carries the same scene and was made by this version, and written anew
    if it is another figure; a file that is none is overwritten only with `overwrite`.
    """
    todo = (_due(job, update=update) for job in jobs)
    if executor is None:
        for job, kept in todo:
            yield _written(job, kept, _drawn(job), overwrite=overwrite, update=update)
        return
    waiting: deque[tuple[Job, tuple[Path, ...], Future[_Drawn]]] = deque()
    try:
        while True:
            for job, kept in islice(todo, _WAITING - len(waiting)):
                waiting.append((job, kept, executor.submit(_drawn, job)))
            if not waiting:
                return
            job, kept, future = waiting.popleft()
            yield _written(job, kept, future.result(), overwrite=overwrite, update=update)
    finally:
        for _, _, future in waiting:
            future.cancel()


class _Drawn(NamedTuple):
    """What a worker sends back: each file's bytes, what was noticed, or what was wrong."""

    files: tuple[bytes, ...] = ()
    notices: tuple[str, ...] = ()
    fault: SceneError | FormatError | None = None


def _drawn(job: Job) -> _Drawn:
    """A job's files as bytes; the figure is computed once."""
    if not job.paths:
        return _Drawn()
    with warnings.catch_warnings(record=True) as notices:
        warnings.simplefilter("always", Notice)
        try:
            rows = [formats.format_of(path.suffix) for path in job.paths]
            drawing = drawing_of(job.figure, rows)
            files = []
            for row in rows:
                stream = BytesIO()
                drawing.write(row, stream)
                files.append(stream.getvalue())
        except (SceneError, FormatError) as fault:
            return _Drawn(fault=fault)
    said = (str(notice.message) for notice in notices if issubclass(notice.category, Notice))
    return _Drawn(tuple(files), tuple(dict.fromkeys(said)))


def _written(job: Job, kept: tuple[Path, ...], drawn: _Drawn, *, overwrite: bool, update: bool) -> Outcome:
    if drawn.fault is not None:
        return Outcome(job, kept=kept, fault=drawn.fault)
    written: list[Path] = []
    try:
        for path, data in zip(job.paths, drawn.files, strict=True):
            write_bytes(path, data, overwrite=overwrite or (update and _carried(path) != ""))
            written.append(path)
    except OSError as fault:
        return Outcome(job, tuple(written), kept, drawn.notices, fault)
    return Outcome(job, tuple(written), kept, drawn.notices)


def _due(job: Job, *, update: bool) -> tuple[Job, tuple[Path, ...]]:
    """A job without the files that are there as they should be, and those."""
    if not update or isinstance(job.figure, Recording):  # whose arrays may be others than the scene's
        return job, ()
    source = source_of(job.figure)
    kept = tuple(path for path in job.paths if _carried(path) == source)
    return job._replace(paths=tuple(path for path in job.paths if path not in kept)), kept


def _carried(path: Path) -> str:
    """The text of the scene that a file carries; empty if it is no figure."""
    try:
        return carried_text(path) if path.is_file() else ""
    except (SceneError, OSError):
        return ""


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
