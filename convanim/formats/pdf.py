"""PDF: one step on a page, or every step a page of its own, for papers and for slides made with LaTeX. All of it is vectors.

The scene is in the file's keywords, the alternative text in its subject.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO

from convanim.draw.storyboard import Line, Paint, Storyboard, Text
from convanim.draw.theme import Finish
from convanim.errors import FormatError
from convanim.formats import Said
from convanim.formats.pdf_pages import Pages
from convanim.formats.pdf_sheet import Sheet, in_bytes

_LONGEST = 14400  # points a side
_KEYWORDS = re.compile(rb"/Keywords \(((?:[^\\()]|\\.)*)\)", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def write(board: Storyboard, finish: Finish, note: str, stream: BinaryIO) -> None:
    """Write a page for each step. FormatError as `refuse` has it."""
    refuse(board, finish)
    with in_bytes():
        sheet = Sheet(stream, board.size, finish.points, outlined=finish.outlined)
        sheet.describe(board.title, board.alternative, BOM_UTF16_BE + note.encode("utf-16-be", "replace"))
        pages = Pages(board, finish, sheet)
        for step in board.steps:
            pages.draw(step)
        sheet.finish()


def stills(board: Storyboard, finish: Finish, said: Iterable[Said]) -> Iterator[bytes]:
    """Every step as the bytes of a file with one page, in order, each with what is said of it."""
    lasting: tuple[Paint | Text | Line, ...] = ()
    for step, (note, alternative) in zip(board.steps, said, strict=True):
        lasting += step.lasting
        stream = BytesIO()
        still = replace(board, steps=(step._replace(lasting=lasting),), alternative=alternative)
        write(still, finish, note, stream)
        yield stream.getvalue()


def refuse(board: Storyboard, finish: Finish) -> None:
    """FormatError if a page would be larger than readers show."""
    width, height = (length * finish.points for length in board.size)
    if max(width, height) > _LONGEST:
        raise FormatError(
            f"a page would be {width:.0f}×{height:.0f} points; legal are {_LONGEST} a side; use a smaller cell or scale"
        )


def note_in(stream: BinaryIO) -> str:
    """The keywords of a PDF of ours, or "" if there are none."""
    found = _KEYWORDS.search(stream.read())
    text = _ESCAPED.sub(lambda escape: _unescaped(escape[1]), found[1]) if found else b""
    return text.removeprefix(BOM_UTF16_BE).decode("utf-16-be", "replace") if text.startswith(BOM_UTF16_BE) else ""


def _unescaped(letters: bytes) -> bytes:
    return bytes([int(letters, 8) % 256]) if letters.isdigit() else _LETTERS.get(letters, letters)
