"""Formats write a Storyboard down. Each is one file and one line in this table.

A format's module has `write(board, finish, note, stream)`; the note is the scene as text, which every file carries.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from convanim.errors import FormatError
from convanim.timings import stage

if TYPE_CHECKING:
    from convanim.draw.storyboard import Storyboard
    from convanim.draw.theme import Finish


class Format(NamedTuple):
    """A row: the suffix that means it, the module, what it is, and the extra that brings what it needs, if any.

    `needs` names the module that the extra brings. `stills` says whether it holds one step, so that a folder can hold all.
    """

    suffix: str
    module: str
    summary: str
    extra: str = ""
    needs: str = ""
    stills: bool = False


class Pictured(NamedTuple):
    """A figure ready to be written: its storyboard, how it is finished, and the text that it carries."""

    board: Storyboard
    finish: Finish
    note: str


FORMATS = {
    row.suffix: row
    for row in (
        Format("gif", "convanim.formats.gif", "animation for every page and slide"),
        Format("png", "convanim.formats.png", "still of one step, or of each", stills=True),
        Format("html", "convanim.formats.html", "page with a player, all in one file"),
    )
}


# formats that hold several figures, each a slide: their modules have `write_deck(figures, title, stream)`
DECKS = {
    row.suffix: row
    for row in (Format("html", "convanim.formats.reveal", "slides in a page (reveal.js), every step a click"),)
}


def deck_of(suffix: str) -> Format:
    """The format of a deck. FormatError names those there are, or the missing extra."""
    return _row(DECKS, suffix, "no format of decks")


def format_of(suffix: str) -> Format:
    """The format of a suffix (with or without its dot). FormatError names those there are, or the missing extra."""
    return _row(FORMATS, suffix, "not a format")


def _row(table: Mapping[str, Format], suffix: str, what: str) -> Format:
    row = table.get(suffix.lstrip(".").lower())
    if row is None:
        wrong = f'"{suffix}" is {what}' if suffix else "a file without a suffix has no format"
        raise FormatError(f"{wrong}; legal are {', '.join(table)}")
    if row.needs and not _is_installed(row.needs):
        raise FormatError(f'{row.suffix} needs {row.needs}; install it with: pip install "convanim[{row.extra}]"')
    return row


def _is_installed(module: str) -> bool:
    from importlib.util import find_spec  # noqa: PLC0415 - for formats that need an extra

    return find_spec(module) is not None


def module_of(row: Format) -> Any:
    """The format's module, imported now."""
    with stage("imports"):
        return import_module(row.module)
