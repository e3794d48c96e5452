"""Where things of a figure are on a slide, in EMU, and how texts are set there."""

from __future__ import annotations

from io import BytesIO
from itertools import count
from typing import Any

from convanim.draw.storyboard import Point, Storyboard, Text
from convanim.draw.text import width
from convanim.draw.theme import Colour
from convanim.formats.pptx_markup import Spot, Words, text
from convanim.formats.pptx_slide import Place

_BASELINE = 0.38  # of a letter's size, from the middle of a line down to the letters' feet
_FIRST = 100  # the first shape's number on a slide: smaller ones are the template's


class Canvas:
    """A slide that takes shapes: where things are on it, and the number of the next shape."""

    def __init__(self, slide: Any, board: Storyboard, place: Place) -> None:
        self._slide, self._place = slide, place
        self.unit = place.width / board.size[0]  # in EMU
        self._numbers = count(_FIRST)

    def spot(self, point: Point) -> Spot:
        """A place in the figure, on the slide."""
        return round(self._place.left + point[0] * self.unit), round(self._place.top + point[1] * self.unit)

    def number(self) -> int:
        """The next shape's number."""
        return next(self._numbers)

    def middle(self, words: Text) -> Spot:
        """Where a text is anchored, on the middle of its line."""
        return self.spot((words.x, words.y - _BASELINE * words.size))

    def words(self, words: Text, ink: Colour) -> Words:
        """A text in an ink."""
        return Words(words.text, words.size * self.unit, ink, words.anchor, words.bold, words.italic)

    def text(self, name: str, words: Text, ink: Colour) -> str:
        """A text in a box of its own."""
        reach = width(words.text, words.size, bold=words.bold, italic=words.italic) * self.unit
        return text(self.number(), name, self.middle(words), reach, self.words(words, ink))

    def relation(self, image: bytes) -> str:
        """What the slide refers to a picture by."""
        return str(self._slide.part.get_or_add_image_part(BytesIO(image))[1])
