"""Notices of the library, said on standard error as lines of the command line."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def notices_as_lines(*, quiet: bool, prefix: str = "") -> Iterator[None]:
    """What is warned of inside is said once each, after it is done, with `prefix` before it; not at all if `quiet`."""
    with warnings.catch_warnings(record=True) as notices:
        warnings.simplefilter("always")
        yield
    if not quiet:
        for text in dict.fromkeys(str(notice.message) for notice in notices):
            click.echo(f"convanim: {prefix}{text}", err=True)


def say_unused(name: str, why: str) -> None:
    """Say that an option, given by its field's name, does nothing."""
    click.echo(f"convanim: --{name.replace('_', '-')} does nothing {why}", err=True)


def ignore_notices() -> None:
    """For the workers of a pool, whose notices the main process says."""
    warnings.simplefilter("ignore")
