"""What a PDF is drawn with, in scene units from the top left: blocks of cells, lines, dots, pictures and texts.

reportlab writes the operators, embeds the fonts (only the glyphs that occur), and packs it all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO

from convanim.draw.blocks import blocks
from convanim.draw.cutting import Piece
from convanim.draw.storyboard import Grid, Point, Text
from convanim.draw.text import BUILT_IN, Run, runs, width
from convanim.draw.theme import Colour
from convanim.errors import FormatError
from convanim.formats.glyphs import Glyph, Word, drawn, expect_glyphs, word

if TYPE_CHECKING:
    from PIL import Image

_ONE_AT_A_TIME = Lock()
BUTT, ROUND, SQUARE = range(3)  # how lines end, in PDF's numbers
_OVERLAP = 0.02  # of a cell: without lines, the ground would show between some cells that only touch
_DIGITS = 3
_SMOOTHED, _LARGEST = 8, 2048
_GLYPHS_BOX = (-8000, -8000, 16000, 16000)


@contextmanager
def in_bytes() -> Iterator[None]:
    """What is drawn and finished inside is packed in bytes, as PDF has it; reportlab would write them in letters, a quarter more.

    That is a setting of the whole process, so one file is written after another and the setting is as before.
    """
    from reportlab import rl_config  # noqa: PLC0415 - what the extra brings

    with _ONE_AT_A_TIME:
        before, rl_config.useA85 = rl_config.useA85, 0
        try:
            yield
        finally:
            rl_config.useA85 = before


class Sheet:
    """Pages of one size, in scene units. `points` is how many points a unit has; `outlined` texts are drawn, not written.

    FormatError without what reads fonts if texts are to be outlined.
    """

    def __init__(self, stream: BinaryIO, size: tuple[int, int], points: float, *, outlined: bool = False) -> None:
        from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - what the extra brings

        width, height = size
        page = width * points, height * points
        first = _font(BUILT_IN, 0)
        self._canvas: Any = Canvas(stream, page, invariant=1, pageCompression=1, initialFontName=first)
        if outlined:
            expect_glyphs()
        self._is_outlined, self._outlines = outlined, dict[Glyph, str]()
        self._size, self._transform = size, (points, 0, 0, -points, 0, page[1])

    def describe(self, title: str, subject: str, keywords: bytes) -> None:
        """What the file says of itself; keywords as PDF's strings hold them, in bytes."""
        from reportlab.pdfbase.pdfdoc import PDFString  # noqa: PLC0415 - as above

        canvas = self._canvas
        canvas.setTitle(title)
        canvas.setSubject(subject)
        canvas.setAuthor("")
        canvas.setCreator("convanim")
        canvas.setProducer("reportlab")
        canvas.setKeywords(PDFString(keywords, enc="raw"))
        canvas.setViewerPreference("DisplayDocTitle", "true")

    @contextmanager
    def form(self, name: str) -> Iterator[None]:
        """What is drawn inside is kept by that name, to be laid on pages."""
        self._canvas.beginForm(name, 0, 0, *self._size)
        yield
        self._canvas.endForm()

    def lay(self, name: str) -> None:
        """Draw what is kept by that name."""
        self._canvas.doForm(name)

    @contextmanager
    def page(self) -> Iterator[None]:
        """What is drawn inside is the next page."""
        self._canvas.transform(*self._transform)
        yield
        self._canvas.showPage()

    def finish(self) -> None:
        """Write the file."""
        self._canvas.save()

    def ground(self, colour: Colour) -> None:
        """Fill the whole page."""
        self._fill(colour)
        self._canvas.rect(0, 0, *self._size, stroke=0, fill=1)

    def cells(self, grid: Grid, colours: Mapping[int, Colour]) -> None:
        """Fill cells, each in its colour."""
        alike: dict[Colour, list[int]] = {}
        for cell, colour in sorted(colours.items()):
            alike.setdefault(colour, []).append(cell)
        more = 0 if grid.stroke > 0 else _OVERLAP
        for colour, cells in alike.items():
            self._fill(colour)
            path = self._canvas.beginPath()
            for row, column, rows, columns in blocks(grid, cells):
                block = row, column, rows + more, columns + more
                self._outline(path, _corners(grid, block))
            self._canvas.drawPath(path, stroke=0, fill=1)

    def picture(self, grid: Grid, image: Image.Image) -> None:
        """An image on a whole grid, a cell for each of its pixels or for a square of some."""
        from reportlab.lib.utils import ImageReader  # noqa: PLC0415 - as above

        (ax, ay), (dx, dy), (x, y) = grid.across, grid.down, grid.origin
        columns, rows = grid.columns, grid.rows
        self._canvas.saveState()
        self._canvas.transform(
            *_rounded(columns * ax, columns * ay, -rows * dx, -rows * dy, x + rows * dx, y + rows * dy)
        )
        self._canvas.drawImage(ImageReader(_enlarged(image)), 0, 0, 1, 1, mask="auto")
        self._canvas.restoreState()

    def lines(
        self,
        pieces: Iterable[Piece],
        colour: Colour,
        thickness: float,
        ends: int = BUTT,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """Straight lines; `dash` is how long one is and the gap after it, and lines begin half a dash in."""
        canvas = self._canvas
        self._stroke(colour)
        canvas.setLineWidth(_round(thickness))
        canvas.setLineCap(ends)
        if dash:
            canvas.setDash(_rounded(*dash), _round(dash[0] / 2))
        canvas.lines([_rounded(*start, *end) for start, end in pieces])
        if dash:
            canvas.setDash()

    def outline(self, corners: Iterable[Point], colour: Colour, thickness: float) -> None:
        """A closed line."""
        self._stroke(colour)
        self._canvas.setLineWidth(_round(thickness))
        self._canvas.setLineCap(BUTT)
        path = self._canvas.beginPath()
        self._outline(path, tuple(corners))
        self._canvas.drawPath(path, stroke=1, fill=0)

    def dots(self, middles: Iterable[Point], colour: Colour, radius: float) -> None:
        """Dots: lines without length, with round ends."""
        self.lines([(middle, middle) for middle in middles], colour, 2 * radius, ROUND)

    def text(self, text: Text, colour: Colour, halo: float = 0) -> None:
        """A text, as wide as it was laid out; with `halo`, that far around its letters too."""
        whole = width(text.text, text.size, bold=text.bold, italic=text.italic)
        x = text.x - {"left": 0, "middle": whole / 2, "right": whole}[text.anchor]
        self._fill(colour)
        if halo:
            self._stroke(colour)
            self._canvas.setLineWidth(2 * halo)
            self._canvas.setLineJoin(ROUND)
        for run in runs(text.text, bold=text.bold, italic=text.italic):
            across = width(run.text, text.size, bold=text.bold, italic=text.italic)
            if self._is_outlined or not _is_embeddable(run.file, run.number):
                self._draw_word(word(run, text.size, across), (x, text.y), halo)
            else:
                self._write(run, (x, text.y), text.size, across, is_around=halo > 0)
            x += across

    def _draw_word(self, run: Word, start: Point, halo: float) -> None:
        """Draw the outlines of a run; each glyph is kept, in the font's own units and whatever colour there is."""
        canvas = self._canvas
        canvas.saveState()
        canvas.transform(*_rounded(run.across, 0, 0, -run.down, *start, digits=6))
        canvas.setLineWidth(round(2 * halo / run.down))
        before = 0.0
        for glyph, x in run.glyphs:
            canvas.translate(x - before, 0)
            canvas.doForm(self._kept(glyph, is_around=halo > 0))
            before = x
        canvas.restoreState()

    def _kept(self, glyph: Glyph, *, is_around: bool) -> str:
        key = (*glyph[:2], f"{glyph[2]}{'+' if is_around else ''}")
        if key not in self._outlines:
            name = self._outlines[key] = f"glyph-{len(self._outlines)}"
            self._canvas.beginForm(name, *_GLYPHS_BOX)
            self._canvas.drawPath(_path_of(glyph, self._canvas.beginPath()), stroke=int(is_around), fill=1, fillMode=1)
            self._canvas.endForm()
        return self._outlines[key]

    def _write(self, run: Run, start: Point, size: float, across: float, *, is_around: bool) -> None:
        from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415 - as above

        font = _font(run.file, run.number)
        natural = stringWidth(run.text, font, size)
        stretch = round(100 * across / natural, 1) if natural else 100
        line = self._canvas.beginText()
        line.setFont(font, _round(size))
        line.setTextTransform(1, 0, 0, -1, *_rounded(*start))
        if stretch != 100:
            line.setHorizScale(stretch)
        if is_around:
            line.setTextRenderMode(2)
        line.textOut(run.text)
        if is_around:
            line.setTextRenderMode(0)
        if stretch != 100:
            line.setHorizScale(100)  # what is set here holds for the texts that follow
        self._canvas.drawText(line)

    def _fill(self, colour: Colour) -> None:
        self._canvas.setFillColorRGB(*_shares(colour))

    def _stroke(self, colour: Colour) -> None:
        self._canvas.setStrokeColorRGB(*_shares(colour))

    @staticmethod
    def _outline(path: Any, corners: tuple[Point, ...]) -> None:
        path.moveTo(*_rounded(*corners[0]))
        for corner in corners[1:]:
            path.lineTo(*_rounded(*corner))
        path.close()


def _enlarged(image: Image.Image) -> Image.Image:
    """The image with each pixel as a square of some, so that readers that smooth pictures smooth its edges alone."""
    factor = max(min(_SMOOTHED, _LARGEST // max(image.size)), 1)
    return image.convert("RGBA").resize((image.width * factor, image.height * factor), resample=0)


def _corners(grid: Grid, block: tuple[float, float, float, float]) -> tuple[Point, ...]:
    row, column, rows, columns = block
    return tuple(grid.point(row + r, column + c) for r, c in ((0, 0), (0, columns), (rows, columns), (rows, 0)))


def _path_of(glyph: Glyph, path: Any) -> Any:
    """A path of reportlab's with a glyph on it, in the font's own units, upwards."""
    from fontTools.pens.basePen import BasePen  # noqa: PLC0415 - only outlines need it, which few ask for

    class Pen(BasePen):  # type: ignore[misc]
        def _moveTo(self, to: Point) -> None:  # noqa: N802 - fontTools' names
            path.moveTo(*to)

        def _lineTo(self, to: Point) -> None:  # noqa: N802
            path.lineTo(*to)

        def _curveToOne(self, first: Point, second: Point, to: Point) -> None:  # noqa: N802
            path.curveTo(*_rounded(*first, *second, *to, digits=1))

        def _closePath(self) -> None:  # noqa: N802
            path.close()

    drawn(glyph, Pen)
    return path


@cache
def _is_embeddable(file: str, number: int) -> bool:
    """Whether reportlab can embed a font, which is one with TrueType's outlines. Else FormatError without what reads others."""
    try:
        _font(file, number)
    except FormatError:
        if find_spec("fontTools") is None:
            raise
        return False
    return True


def _font(file: str, number: int) -> str:
    """The name by which reportlab knows a font of a file. FormatError if it is of a kind that it cannot embed."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - as above
    from reportlab.pdfbase.ttfonts import TTFError, TTFont  # noqa: PLC0415

    name = f"{file}#{number}"
    if name not in pdfmetrics.getRegisteredFontNames():
        try:
            pdfmetrics.registerFont(TTFont(name, file, subfontIndex=number))
        except TTFError:
            raise FormatError(
                f"a PDF cannot hold the font {file}; name a TrueType font's file in the environment's CONVANIM_FONT, or "
                'have its letters drawn: pip install "convanim[outlined]"'
            ) from None
    return name


def _shares(colour: Colour) -> tuple[float, ...]:
    return tuple(round(part / 255, 4) for part in colour)


def _round(value: float) -> float:
    return round(value, _DIGITS)


def _rounded(*values: float, digits: int = _DIGITS) -> tuple[float, ...]:
    return tuple(round(value, digits) for value in values)
