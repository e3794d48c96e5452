"""Figures in notebooks: an animated SVG as an image, a GIF for front ends that show none, and text.

As an image the SVG runs without scripts, so it is shown in notebooks that are not trusted, and nothing in it reaches the page.
"""

from __future__ import annotations

import html
import warnings
from base64 import b64encode
from collections.abc import Container
from io import BytesIO
from typing import Any

from convanim.drawing import Figure, drawing_of
from convanim.errors import FormatError, Notice, SceneError
from convanim.formats import format_of

HTML, GIF, PLAIN = "text/html", "image/gif", "text/plain"


def bundle(
    figure: Figure, include: Container[str] | None = None, exclude: Container[str] | None = None
) -> dict[str, Any]:
    """What shows a figure, by MIME type: those in `include` if it is given, without those in `exclude`.

    A figure that cannot be drawn is text that says why.
    """
    wanted = [kind for kind in (HTML, GIF) if (include is None or kind in include) and kind not in (exclude or ())]
    made: dict[str, Any] = {PLAIN: repr(figure)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Notice)
        try:
            drawing = drawing_of(figure, [None])
            files = {kind: BytesIO() for kind in wanted}
            for kind, stream in files.items():
                drawing.write(format_of("svg" if kind == HTML else "gif"), stream)
        except (SceneError, FormatError) as fault:
            return {PLAIN: f"{made[PLAIN]}\nnot drawn: {fault}"}
    for kind, stream in files.items():
        data = b64encode(stream.getvalue()).decode()
        made[kind] = data if kind == GIF else _image(data, drawing.board(stills=False).alternative)
    return made


def _image(data: str, alternative: str) -> str:
    said = html.escape(alternative)
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{said}" style="max-width: 100%; height: auto">'
