"""A slide with a figure's title on its theme's ground, and the room for the figure below the title.

Places are whole pixels of a slide that is 1920 pixels wide, so that on a screen of that size pictures are shown pixel by pixel.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from pptx.dml.color import RGBColor
from pptx.util import Pt

from convanim.draw.storyboard import Storyboard
from convanim.draw.text import width
from convanim.draw.theme import BACKGROUND, Finish
from convanim.formats.pptx_markup import plain

SLIDE = (1920, 1080)
PIXEL = 6350  # EMU, of which an inch has 914,400
TITLE = (60, 24, 1800, 116)  # left, top, width, height
TITLE_ONLY = 5  # the layout, in python-pptx's template
_ROOM = (48, 152, 1824, 900)
_SIZES = (16, 32)  # of a title, in points
_POINT = 2  # pixels
_MARGINS = 60  # of a title, with what its letters may be wider in another face


class Place(NamedTuple):
    """Where a figure is on a slide, in EMU: left, top, width and height."""

    left: int
    top: int
    width: int
    height: int


def scale_that_fits(size: tuple[float, float]) -> float:
    """How many pixels of the slide a unit may have in a figure of so many units."""
    return min(_ROOM[2] / size[0], _ROOM[3] / size[1])


def place_of(size: tuple[float, float]) -> Place:
    """The place of a figure that has this width to this height: as large as fits, in the middle of the room."""
    scale = scale_that_fits(size)
    across, down = (round(length * scale) for length in size)
    left, top = _ROOM[0] + (_ROOM[2] - across) // 2, _ROOM[1] + (_ROOM[3] - down) // 2
    return Place(*(pixels * PIXEL for pixels in (left, top, across, down)))


def add_slide(deck: Any, board: Storyboard, finish: Finish) -> Any:
    """A new slide with the title. A transparent figure's lets the deck's own ground be seen, in its own colours."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    run = slide.shapes.title.text_frame.paragraphs[0].add_run()
    run.text = plain(board.title)
    run.font.size = Pt(_title_size(run.text))
    if not finish.transparent:
        run.font.color.rgb = RGBColor(*finish.theme.inks["text"])
        ground = slide.background.fill
        ground.solid()
        ground.fore_color.rgb = RGBColor(*finish.theme.fills[BACKGROUND])
    return slide


def add_notes(slide: Any, board: Storyboard) -> None:
    """Give a slide the figure's alternative text as the speaker's notes."""
    slide.notes_slide.notes_text_frame.text = plain(board.alternative)


def _title_size(title: str) -> int:
    """The size in which a title is in one line, if there is one."""
    least, most = _SIZES
    longest = width(title, most * _POINT)
    return max(min(most, int(most * (TITLE[2] - _MARGINS) / longest)), least) if longest else most
