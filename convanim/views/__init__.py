"""Views turn a Recording into a Storyboard. Each is one file and one line in this table."""

from __future__ import annotations

from importlib import import_module

from convanim.draw.storyboard import Storyboard
from convanim.engine import Recording

VIEWS = {
    "isometric": "convanim.views.isometric",
    "numeric": "convanim.views.numeric",
}


def storyboard(recording: Recording, shown: range) -> Storyboard:
    """The placements numbered in `shown`, drawn by the view that the recording's scene names."""
    board: Storyboard = import_module(VIEWS[recording.scene.view.kind]).storyboard(recording, shown)
    return board
