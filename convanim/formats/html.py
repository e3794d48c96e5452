"""HTML: a page of one file with a player for the figure, which works from a disk, asks no other host and runs no other script."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from string import Template
from typing import BinaryIO

from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import Finish
from convanim.formats.player_data import in_script, player_json
from convanim.formats.scripts import player, script_hash

_WEB = Path(__file__).parent.parent / "web"
_NOTE = re.compile(r'<script type="application/json" id="convanim">(.*?)</script>', re.DOTALL)


def write(board: Storyboard, finish: Finish, note: str, stream: BinaryIO) -> None:
    """Write the page; `note` goes into it as data."""
    script = player()
    page = Template((_WEB / "figure.html").read_text("utf-8")).substitute(
        language=board.language,
        hash=script_hash(script),
        title=html.escape(board.title),
        alternative=html.escape(board.alternative),
        data=player_json(board, finish),
        note=in_script(note),
        player=script,
    )
    stream.write(page.encode("utf-8", "replace"))


def note_in(stream: BinaryIO) -> str:
    """The note of a page, or "" if it is none of ours."""
    found = _NOTE.search(stream.read().decode("utf-8", "replace"))
    if not found:
        return ""
    try:
        return str(json.loads(found[1]))
    except ValueError:
        return ""
