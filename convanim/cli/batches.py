"""Several scenes at once: a bar that shows how far they are, and at the end which failed; the others are written."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from convanim.cli.notices import ignore_notices
from convanim.errors import FormatError, SceneError

if TYPE_CHECKING:
    from convanim.batch import Job, Outcome

_PATIENCE = "20s"


def run(
    jobs: Sequence[Job],
    failed: dict[str, list[str]],
    *,
    workers: int,
    dask: str | None,
    force: bool,
    update: bool,
    quiet: bool,
) -> None:
    """Draw and write every job; exit with 1 if one failed, or has `failed` before (lines by name)."""
    from convanim.batch import outcomes

    has_bar = not quiet and sys.stderr.isatty()
    bar = click.progressbar(
        length=len(jobs),
        label="Rendering",
        file=sys.stderr,
        hidden=not has_bar,
        item_show_func=lambda name: name,
    )
    written = kept = 0
    with _executor(min(workers, len(jobs)), dask) as executor, bar:
        for outcome in outcomes(jobs, executor, overwrite=force, update=update):
            written, kept = written + len(outcome.written), kept + len(outcome.kept)
            if outcome.fault is not None:
                failed[outcome.job.name] = _lines(outcome)
            if not quiet and not has_bar:
                _say(outcome)
            bar.update(1, outcome.job.name)
    if not quiet:
        files = f"{written} {'file' if written == 1 else 'files'} written"
        click.echo(
            files + (f", {kept} left as {'it was' if kept == 1 else 'they were'}" if kept else ""), file=sys.stderr
        )
    if failed:
        for lines in failed.values():
            for line in lines:
                click.echo(f"convanim: {' '.join(line.split())}", err=True)
        click.echo(
            f"convanim: {len(failed)} of {len(jobs) + _unread(jobs, failed)} failed: {', '.join(failed)}", err=True
        )
        raise click.exceptions.Exit(1)


def _unread(jobs: Sequence[Job], failed: dict[str, list[str]]) -> int:
    """How many failed before they became jobs."""
    return len(set(failed) - {job.name for job in jobs})


def _lines(outcome: Outcome) -> list[str]:
    fault, name = outcome.fault, outcome.job.name
    if isinstance(fault, SceneError):
        return (fault if fault.where else fault.at(name)).lines()
    if isinstance(fault, FileExistsError):
        taken = f"{fault.filename} is there already" if fault.filename else str(fault)
        return [f"{taken}; --force overwrites it"]
    if isinstance(fault, OSError):
        return [f"{fault.filename or name}: {(fault.strerror or str(fault)).lower()}"]
    return [f"{name}: {fault}"]


def _say(outcome: Outcome) -> None:
    for path in outcome.written:
        click.echo(f"{path}: {path.stat().st_size:,} bytes", file=sys.stderr)
    for path in outcome.kept:
        click.echo(f"{path}: up to date", file=sys.stderr)
    for text in outcome.notices:
        click.echo(f"convanim: {outcome.job.name}: {text}", err=True)


@contextmanager
def _executor(workers: int, dask: str | None) -> Iterator[Executor | None]:
    """Processes of this machine, a Dask scheduler's workers, or none."""
    if dask is not None:
        with _dask_executor(dask) as executor:
            yield executor
    elif workers > 1:
        pool = ProcessPoolExecutor(workers, initializer=ignore_notices)
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)
    else:
        yield None


@contextmanager
def _dask_executor(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise FormatError('--dask needs distributed; install it with: pip install "convanim[dask]"') from None
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as fault:
        said = " ".join(str(fault).split()) or type(fault).__name__
        raise click.UsageError(f"--dask: no scheduler answers at {address} ({said})") from None
    with client:
        yield client.get_executor(pure=False)
