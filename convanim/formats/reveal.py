"""A deck in HTML: a slide for each figure, whose every step is a fragment, so that a presenter's clicker steps it.

The page holds reveal.js (MIT), the player and the figures; it asks no other host and works from a disk.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from string import Template
from typing import BinaryIO

from convanim.draw.theme import BACKGROUND
from convanim.formats import Pictured
from convanim.formats.player_data import in_script, player_json
from convanim.formats.scripts import player, script_hash

_WEB = Path(__file__).parent.parent / "web"
_NOTE = re.compile(r'<script type="application/json" class="convanim">(.*?)</script>', re.DOTALL)
_ROOM = (1200, 610)  # of a slide of 1280×800, below its title


def write_deck(figures: Sequence[Pictured], title: str, _way: str, stream: BinaryIO) -> None:
    """Write a page with a slide for each figure, in the first one's theme."""
    reveal, deck = _text("reveal/reveal.js"), _text("deck.js")
    theme = figures[0].finish.theme
    page = Template(_text("deck.html")).substitute(
        title=html.escape(title),
        hashes=" ".join(f"'{script_hash(script)}'" for script in (reveal, player(), deck)),
        reveal_style=_text("reveal/reveal.css"),
        ground="#" + bytes(theme.fills[BACKGROUND]).hex(),
        ink="#" + bytes(theme.inks["text"]).hex(),
        accent="#" + bytes(theme.inks["input label"]).hex(),
        slides="\n".join(map(_slide, figures)),
        reveal=reveal,
        player=player(),
        deck=deck,
    )
    stream.write(page.encode("utf-8", "replace"))


def notes_in(stream: BinaryIO) -> list[tuple[int, str]]:
    """The scenes that a deck carries, each with the number of its slide; none if it is no deck of ours."""
    found = _NOTE.findall(stream.read().decode("utf-8", "replace"))
    try:
        return [(slide, str(json.loads(note))) for slide, note in enumerate(found, start=1)]
    except ValueError:
        return []


def _slide(figure: Pictured) -> str:
    board = figure.board
    width, height = board.size
    across = min(_ROOM[0], _ROOM[1] * width / height)
    fragments = "".join(
        f'<span class="fragment" data-step="{step + 2}"></span>' for step in range(len(board.steps) - 1)
    )
    return (
        f"<section>\n<h2>{html.escape(board.title)}</h2>\n"
        f'<conv-anim bare fit step="1" style="width: {across:.0f}px">\n'
        f'<script type="application/json">{player_json(board, figure.finish)}</script>\n</conv-anim>\n'
        f'<div class="steps" aria-hidden="true">{fragments}</div>\n'
        f'<script type="application/json" class="convanim">{in_script(figure.note)}</script>\n</section>'
    )


@cache
def _text(name: str) -> str:
    return (_WEB / name).read_text("utf-8")
