"""Where `convanim render` writes: each `-o` for each scene, as a file, standard output or a folder of stills."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from convanim.formats import FORMATS, Format, format_of
from convanim.timings import stage

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

DEFAULT = "gif"
_NAME, _SUFFIX = "{name}", "{ext}"


class Target(NamedTuple):
    """One place for one figure: a file, standard output (path None), or a folder of stills (`each_step`)."""

    name: str
    suffix: str
    path: Path | None
    each_step: bool = False


class Suffixes(click.ParamType):  # type: ignore[type-arg]
    """Formats by name, with commas between them: `gif,mp4,pdf`."""

    name = "formats"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        names = tuple(dict.fromkeys(name.strip().lower() for name in value.split(",")))
        for name in names:
            if name not in FORMATS:
                self.fail(f"'{name}' is not a format; legal are {', '.join(FORMATS)}, several with commas", param, ctx)
        return names

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        from click.shell_completion import CompletionItem

        done, comma, last = incomplete.rpartition(",")
        return [CompletionItem(f"{done}{comma}{name}") for name in FORMATS if name.startswith(last)]


def targets_of(
    name: str, outputs: Sequence[str], suffixes: tuple[str, ...], has_stills: Callable[[Format], bool]
) -> tuple[Target, ...]:
    """Where the figure of that name goes; `has_stills` says of which formats a folder gets a still of each step."""
    named = outputs or [f"{_NAME}.{_SUFFIX}"]
    return tuple(target for output in named for target in _targets(name, output, suffixes, has_stills))


def _targets(
    name: str, output: str, suffixes: tuple[str, ...], has_stills: Callable[[Format], bool]
) -> Iterator[Target]:
    unknown = re.search(r"\{[^{}]*\}", output.replace(_NAME, "").replace(_SUFFIX, ""))
    if unknown:
        raise click.UsageError(f"-o {output}: {unknown[0]} stands for nothing; legal are {_NAME} and {_SUFFIX}")
    if not output:
        raise click.UsageError("-o got an empty name; legal is a file, a folder that ends in /, or -")
    if output == "-":
        if len(suffixes) > 1:
            raise click.UsageError(f"-o - takes one format, not {', '.join(suffixes)}")
        yield Target(name, (suffixes or (DEFAULT,))[0], None)
    elif output.endswith(("/", "\\")) or Path(output).is_dir():
        for suffix in suffixes or (DEFAULT,):
            each_step = has_stills(FORMATS[suffix]) and bool(suffixes)
            path = Path(output) if each_step else Path(output) / f"{name}.{suffix}"
            yield Target(name, suffix, path, each_step=each_step)
    elif _SUFFIX in output:
        for suffix in suffixes or (DEFAULT,):
            yield _file(name, output.replace(_SUFFIX, suffix), (suffix,))
    else:
        yield _file(name, output, suffixes)


def _file(name: str, output: str, suffixes: tuple[str, ...]) -> Target:
    path = Path(output.replace(_NAME, name))
    own = format_of(path.suffix).suffix
    if suffixes not in {(), (own,)}:
        asked = ",".join(suffixes)
        raise click.UsageError(
            f"--format {asked} and -o {output} contradict each other; leave --format out, or write {_SUFFIX} for the suffix"
        )
    return Target(name, own, path)


def refuse_collisions(targets: Iterable[Target], *, force: bool, update: bool) -> None:
    """Two figures that would be one file, and files that are there already."""
    with stage("imports"):
        from convanim.rendering import refuse_taken

    seen: dict[str, str] = {}
    files = []
    for target in targets:
        place = "-" if target.path is None else os.path.realpath(target.path)
        if target.each_step:
            place += f"/{target.name}-"
        elif target.path:
            files.append(target.path)
        if place in seen:
            said = "standard output" if target.path is None else str(target.path)
            both = f"{seen[place]} and {target.name}" if seen[place] != target.name else f"{target.name}, twice"
            raise click.UsageError(
                f"{said} would hold {both}; a folder (-o figures/) or {_NAME} takes scenes of different names"
            )
        seen[place] = target.name
    if not update:
        refuse_taken(files, overwrite=force)
