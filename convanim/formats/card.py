"""The picture that other sites show beside a link to a figure: its last step, as large as fits into 1200×630 pixels."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from convanim.draw.raster import Film
from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import BACKGROUND, Finish

CARD = (1200, 630)
_FILLED = 0.94


def card(board: Storyboard, finish: Finish) -> bytes:
    """A PNG of a figure's last step in the middle of its theme's ground."""
    (width, height), (across, down) = CARD, board.size
    scale = _FILLED * min(width / across, height / down)
    film = Film(board, finish._replace(scale=scale, transparent=False), limit=None)
    for frame in film:
        last = frame
    picture = Image.fromarray(np.array(film.colours, dtype=np.uint8)[last.image])
    whole = Image.new("RGB", CARD, finish.theme.fills[BACKGROUND])
    whole.paste(picture, ((width - picture.width) // 2, (height - picture.height) // 2))
    stream = BytesIO()
    whole.save(stream, "PNG", compress_level=7)
    return stream.getvalue()
