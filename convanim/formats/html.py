"""HTML: a page of one file with a player for the figure, which works from a disk, asks no other host and runs no other script."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import BinaryIO

from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import Finish
from convanim.formats.player_data import in_script, player_json

_WEB = Path(__file__).parent.parent / "web"
_PARTS = ("player_figure.js", "player_relations.js", "player_painter.js", "player.js")
_COMMENT = re.compile(r'(^|\s+)//.*$|^\s*/\*.*\*/$|^import .* from "\./player_\w+\.js";$')
_EXPORT = re.compile(r"^export ", re.MULTILINE)
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


@cache
def player() -> str:
    """The player as one module, as it stands in pages: its files, joined, without their comments and indents."""
    lines = (line for name in _PARTS for line in (_WEB / name).read_text("utf-8").splitlines())
    return "\n".join(filter(None, (_COMMENT.sub("", line).strip() for line in lines))) + "\n"


def plain_player() -> str:
    """The player as a script that is no module: browsers load no module from beside a page that is opened from a disk."""
    return f"(() => {{\n{_EXPORT.sub('', player())}}})();\n"


def script_hash(script: str) -> str:
    """What a Content-Security-Policy names a script by."""
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"
