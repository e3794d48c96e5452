"""A deck for PowerPoint: a slide for each figure with its GIF or video, or a slide for each step, drawn as shapes.

Scenes are kept in a custom XML part, which PowerPoint and LibreOffice (7.4 and later) keep when they save.
"""

from __future__ import annotations

import html
import json
import re
import zlib
from collections.abc import Sequence
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from convanim.formats import Pictured

_PART = re.compile(r"customXml/item\d*\.xml")
_FIGURES = re.compile(r'<figures xmlns="urn:convanim">(.*?)</figures>', re.DOTALL)
_LONGEST = 2**26


def write_deck(figures: Sequence[Pictured], title: str, way: str, stream: BinaryIO) -> None:
    """Write the deck, its figures as `way` says: "gif", "mp4" or "shapes". FormatError if that cannot hold one of them."""
    from convanim.formats import pptx_package, pptx_pictures, pptx_shapes  # noqa: PLC0415 - they need the extra

    if way == "shapes":
        pptx_shapes.refuse(figures)
    add = {"gif": pptx_pictures.add_gif, "mp4": pptx_pictures.add_video, "shapes": pptx_shapes.add_steps}[way]
    deck = pptx_package.Deck(title)
    notes = []
    for figure in figures:
        notes.append((len(deck.made.slides) + 1, figure.note))
        add(deck, figure)
    deck.keep(json.dumps(notes))
    deck.write(stream)


def notes_in(stream: BinaryIO) -> list[tuple[int, str]]:
    """The scenes that a deck carries, each with the number of its first slide; none if it is no deck of ours."""
    try:
        with ZipFile(stream) as package:
            for name in filter(_PART.fullmatch, package.namelist()):
                with package.open(name) as part:
                    found = _FIGURES.search(part.read(_LONGEST).decode("utf-8", "replace"))
                if found:
                    return [(int(slide), str(note)) for slide, note in json.loads(html.unescape(found[1]))]
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, TypeError, ValueError, zlib.error):
        pass
    return []
