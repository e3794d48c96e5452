"""A slide for each step of a figure, drawn as shapes: a lecturer clicks through them, and changes what they like.

The shapes of a grid are a group. Lines and groups lie above one another as the storyboard has them, texts above all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from convanim.draw.cutting import seen
from convanim.draw.stills import Still, stills
from convanim.draw.storyboard import Storyboard
from convanim.errors import FormatError
from convanim.formats import Pictured
from convanim.formats.pptx_canvas import Canvas
from convanim.formats.pptx_cells import Cells, is_picture
from convanim.formats.pptx_markup import Pen, line
from convanim.formats.pptx_package import Deck
from convanim.formats.pptx_slide import add_notes, add_slide, place_of

MOST = 200_000


def add_steps(deck: Deck, figure: Pictured) -> None:
    """Add a slide for each step of the figure."""
    board, finish = figure.board, figure.finish
    place = place_of(board.size)
    grids = [Cells(grid, finish.theme, board.texts) for grid in board.grids]
    for number, still in enumerate(stills(board)):
        slide = add_slide(deck.made, board, finish)
        if number == 0:
            add_notes(slide, board)
        deck.add_shapes(slide, "".join(_shapes(figure, still, grids, Canvas(slide, board, place))))


def refuse(figures: Sequence[Pictured]) -> None:
    """FormatError if there would be more shapes than programs bear."""
    shapes = sum(len(figure.board.steps) * _on_a_slide(figure.board) for figure in figures)
    if shapes > MOST:
        raise FormatError(
            f"the deck would have about {shapes:,} shapes; legal are {MOST:,}; show fewer steps (--every, --steps)"
        )


def _on_a_slide(board: Storyboard) -> int:
    return len(board.texts) + sum(1 if is_picture(grid) else len(grid.roles) for grid in board.grids)


def _shapes(figure: Pictured, still: Still, grids: Iterable[Cells], canvas: Canvas) -> Iterator[str]:
    """A step's shapes, from the lowest to the topmost."""
    board, inks = figure.board, figure.finish.theme.inks
    levels = seen((*board.lines, *still.lines), board.grids)

    def lines(level: int) -> Iterator[str]:
        for (role, thickness), pieces in levels.get(level, {}).items():
            pen = Pen(inks[role], thickness * canvas.unit)
            for start, end in pieces:
                yield line(canvas.number(), role, canvas.spot(start), canvas.spot(end), pen)

    yield from lines(0)
    for level, cells in enumerate(grids, start=1):
        yield cells.drawn(still, canvas)
        yield from lines(level)
    for words in (*board.texts, *still.texts):
        if words.cell is None:
            yield canvas.text(words.text, words, inks[words.role])
