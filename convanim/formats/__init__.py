"""Formats write a Storyboard down. Each is one file and one line in this table.

A format's module has `write(board, finish, note, stream)`; the note is the scene as text, which every file carries, and
`note_in(stream)` reads back. It may have `refuse(board, finish)` for what it cannot hold; `write` calls that first.
"""

from __future__ import annotations

import re
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

    `opens` is a pattern of a file's first bytes. `needs` names the module that the extra brings. `stills` says whether it
    holds one step, so that a folder can hold all; `pages` whether it can hold a page for each step instead. `ways` are those
    in which a deck can hold figures, the usual one first.
    """

    suffix: str
    module: str
    summary: str
    opens: bytes
    extra: str = ""
    needs: str = ""
    stills: bool = False
    pages: bool = False
    ways: tuple[str, ...] = ()


_PACKAGES = {"pptx": "python-pptx"}  # that are not called what they bring
OPENING = 12  # so many bytes tell a file's format
_PNG, _SVG, _HTML = rb"\x89PNG", rb"(\xef\xbb\xbf)?<(?!!doctype)", rb"<!doctype"


class Pictured(NamedTuple):
    """A figure ready to be written: its storyboard, how it is finished, and the text that it carries."""

    board: Storyboard
    finish: Finish
    note: str


class Said(NamedTuple):
    """What a still among others carries: the text that makes it, and its alternative text."""

    note: str
    alternative: str


FORMATS = {
    row.suffix: row
    for row in (
        Format("gif", "convanim.formats.gif", "animation for every page and slide", rb"GIF8"),
        Format(
            "svg", "convanim.formats.svg", "animation or still that is sharp at any size, for pages and papers", _SVG
        ),
        Format("png", "convanim.formats.png", "still of one step, or of each", _PNG, stills=True),
        Format("apng", "convanim.formats.apng", "PNG that moves, in every colour", _PNG),
        Format("webp", "convanim.formats.webp", "lossless animation, the smallest that pages show", rb"RIFF.{4}WEBP"),
        Format("mp4", "convanim.formats.mp4", "video (H.264) for slides and editors", rb"\0{3}.ftyp", "video", "av"),
        Format("webm", "convanim.formats.webm", "video (VP9) for pages", rb"\x1aE\xdf\xa3", "video", "av"),
        Format(
            "pdf",
            "convanim.formats.pdf",
            "vector still for papers, or a page for each step",
            rb"%PDF",
            "pdf",
            "reportlab",
            stills=True,
            pages=True,
        ),
        Format("html", "convanim.formats.html", "page with a player, all in one file", _HTML),
    )
}


# formats that hold several figures, each a slide or more: their modules have `write_deck(figures, title, way, stream)`, and
# `notes_in(stream)`, which gives the number of each figure's first slide and its note
DECKS = {
    row.suffix: row
    for row in (
        Format(
            "html",
            "convanim.formats.reveal",
            "slides in a page (reveal.js), every step a click",
            _HTML,
            ways=("steps",),
        ),
        Format(
            "pptx",
            "convanim.formats.pptx",
            "slides for PowerPoint, with GIFs, videos or shapes",
            rb"PK\x03\x04",
            "slides",
            "pptx",
            ways=("gif", "mp4", "shapes"),
        ),
    )
}


def deck_of(suffix: str) -> Format:
    """The format of a deck. FormatError names those there are, or the missing extra."""
    return _installed(_row(DECKS, suffix, "no format of decks"))


def way_of(deck: Format, way: str) -> str:
    """The way in which a deck holds figures, its usual one if `way` is empty. FormatError as `deck_of` has it."""
    if way and way not in deck.ways:
        raise FormatError(f'"{way}" is no way of a deck in {deck.suffix}; legal is {" or ".join(deck.ways)}')
    chosen = way or deck.ways[0]
    if chosen in FORMATS:  # which may need an extra too
        format_of(chosen)
    return chosen


def format_of(suffix: str) -> Format:
    """The format of a suffix (with or without its dot). FormatError names those there are, or the missing extra."""
    return _installed(named_format(suffix))


def named_format(suffix: str) -> Format:
    """The same for those who write no file: what its extra brings may be missing."""
    return _row(FORMATS, suffix, "not a format")


def _row(table: Mapping[str, Format], suffix: str, what: str) -> Format:
    row = table.get(suffix.lstrip(".").lower())
    if row is None:
        if suffix.lstrip(".").lower() in DECKS:
            raise FormatError(f'"{suffix}" is a format of decks; convanim deck writes it, or render_deck')
        wrong = f'"{suffix}" is {what}' if suffix else "a file without a suffix has no format"
        raise FormatError(f"{wrong}; legal are {', '.join(table)}")
    return row


def _installed(row: Format) -> Format:
    if row.needs and not _is_installed(row.needs):
        package = _PACKAGES.get(row.needs, row.needs)
        raise FormatError(f'{row.suffix} needs {package}; install it with: pip install "convanim[{row.extra}]"')
    return row


def formats_that_open(start: bytes) -> tuple[Format, ...]:
    """The formats, of figures and then of decks, of a file that begins so, whether or not what they need is installed.

    Of PNGs both kinds are one.
    """
    figures, decks = (
        [row for row in table.values() if re.match(row.opens, start, re.DOTALL)] for table in (FORMATS, DECKS)
    )
    return *figures[:1], *decks


def _is_installed(module: str) -> bool:
    from importlib.util import find_spec  # noqa: PLC0415 - for formats that need an extra

    return find_spec(module) is not None


def module_of(row: Format) -> Any:
    """The format's module, imported now."""
    with stage("imports"):
        return import_module(row.module)
