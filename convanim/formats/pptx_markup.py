"""Shapes as PowerPoint's files have them, in EMU: cells, lines, boxes of text, pictures, and groups of them.

The face is Verdana, which PowerPoint has everywhere: its letters are as wide as those of DejaVu Sans, which figures are
laid out with and which Linux shows in its place.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from convanim.draw.theme import Colour

_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FACE = '<a:latin typeface="Verdana"/><a:ea typeface="Microsoft YaHei"/><a:cs typeface="Verdana"/>'
_ALIGNED = {"left": "l", "middle": "ctr", "right": "r"}
_RECTANGLE = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
_HUNDREDTH = 127  # EMU of a hundredth of a point
_SIZES = (100, 400_000)  # in hundredths of a point
NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)

Spot = tuple[int, int]
Box = tuple[int, int, int, int]  # left, top, right, bottom


class Words(NamedTuple):
    """A text: the size of its letters in EMU, its colour, and how it lies to its place ("left", "middle" or "right")."""

    text: str
    size: float
    colour: Colour
    anchor: str = "middle"
    bold: bool = False
    italic: bool = False


class Pen(NamedTuple):
    """How a line is drawn: its colour, its width, and if it is dashed how long dashes and gaps are."""

    colour: Colour
    width: float
    dash: tuple[float, float] | None = None


def plain(text: str) -> str:
    """A text as XML can hold it: control characters and what it cannot hold are shown as U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text)


def box_of(corners: Iterable[Spot]) -> Box:
    """The box around some corners."""
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def cell(
    number: int,
    name: str,
    corners: Sequence[Spot],
    fill: str,
    pen: Pen | None,
    sides: Iterable[tuple[Spot, Spot]] | None = None,
    words: str = "",
) -> str:
    """A closed shape with its corners in order, filled, with a line around it, or along some `sides`; `words` are a text in it."""
    box = box_of(corners)
    if sides is None and {*corners} == {(x, y) for x in box[::2] for y in box[1::2]}:
        outline = _RECTANGLE
    else:
        outline = _freeform(box, corners, sides)
    return _shape(number, name, "", box, f"{outline}{fill}{_line(pen)}", words)


def text(number: int, name: str, place: tuple[float, float], reach: float, words: Words) -> str:
    """A text of its own, its middle line's place given as it is anchored, about `reach` wide."""
    x, y = place
    left = x - {"left": 0, "middle": reach / 2, "right": reach}[words.anchor]
    half = words.size * 0.6
    box = round(left), round(y - half), round(left + reach), round(y + half)
    return _shape(number, name, ' txBox="1"', box, f"{_RECTANGLE}<a:noFill/>", body(words, (0, 0, 0, 0)))


def body(words: Words, insets: Box) -> str:
    """A text in a shape, that far from its left, top, right and bottom."""
    size = min(max(round(words.size / _HUNDREDTH), _SIZES[0]), _SIZES[1])
    style = ' b="1"' * words.bold + ' i="1"' * words.italic
    left, top, right, bottom = insets
    return (
        f'<p:txBody><a:bodyPr wrap="none" lIns="{left}" tIns="{top}" rIns="{right}" bIns="{bottom}" anchor="ctr">'
        f'<a:noAutofit/></a:bodyPr><a:lstStyle/><a:p><a:pPr algn="{_ALIGNED[words.anchor]}"/><a:r>'
        f'<a:rPr sz="{size}"{style} noProof="1">{solid(words.colour)}{_FACE}</a:rPr>'
        f"<a:t>{html.escape(plain(words.text))}</a:t></a:r></a:p></p:txBody>"
    )


def line(number: int, name: str, start: Spot, end: Spot, pen: Pen) -> str:
    """A straight line."""
    box = box_of((start, end))
    turned = ' flipV="1"' if (start[0] - end[0]) * (start[1] - end[1]) < 0 else ""
    return (
        f"<p:cxnSp><p:nvCxnSpPr>{_named(number, name)}<p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr><p:spPr>"
        f'{_placed(box, turned)}<a:prstGeom prst="line"><a:avLst/></a:prstGeom>{_line(pen)}</p:spPr></p:cxnSp>'
    )


def picture(number: int, name: str, box: Box, relation: str) -> str:
    """A picture that the slide refers to."""
    return (
        f"<p:pic><p:nvPicPr>{_named(number, name)}<p:cNvPicPr/><p:nvPr/></p:nvPicPr>"
        f'<p:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
        f"<p:spPr>{_placed(box)}{_RECTANGLE}</p:spPr></p:pic>"
    )


def group(number: int, name: str, box: Box, shapes: Iterable[str]) -> str:
    """Shapes as one."""
    left, top, right, bottom = box
    within = f'<a:chOff x="{left}" y="{top}"/><a:chExt cx="{right - left}" cy="{bottom - top}"/>'
    return (
        f"<p:grpSp><p:nvGrpSpPr>{_named(number, name)}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr>"
        f"{_placed(box, within=within)}</p:grpSpPr>{''.join(shapes)}</p:grpSp>"
    )


def solid(colour: Colour) -> str:
    """A fill of one colour."""
    return f"<a:solidFill>{_colour(colour)}</a:solidFill>"


def hatched(pattern: str, ink: Colour, ground: Colour) -> str:
    """A fill with one of PowerPoint's patterns."""
    return f'<a:pattFill prst="{pattern}"><a:fgClr>{_colour(ink)}</a:fgClr><a:bgClr>{_colour(ground)}</a:bgClr></a:pattFill>'


def _shape(number: int, name: str, kind: str, box: Box, looks: str, words: str) -> str:
    return (
        f"<p:sp><p:nvSpPr>{_named(number, name)}<p:cNvSpPr{kind}/><p:nvPr/></p:nvSpPr>"
        f"<p:spPr>{_placed(box)}{looks}</p:spPr>{words}</p:sp>"
    )


def _named(number: int, name: str) -> str:
    return f'<p:cNvPr id="{number}" name="{html.escape(plain(name))}"/>'


def _placed(box: Box, turned: str = "", within: str = "") -> str:
    left, top, right, bottom = box
    return f'<a:xfrm{turned}><a:off x="{left}" y="{top}"/><a:ext cx="{right - left}" cy="{bottom - top}"/>{within}</a:xfrm>'


def _freeform(box: Box, corners: Iterable[Spot], sides: Iterable[tuple[Spot, Spot]] | None) -> str:
    """An outline through corners. Where only some sides are drawn, they are a path of their own."""
    left, top, right, bottom = box
    size = f'w="{right - left}" h="{bottom - top}"'

    def path(spots: Iterable[Spot]) -> str:
        first, *others = (f'<a:pt x="{x - left}" y="{y - top}"/>' for x, y in spots)
        return f"<a:moveTo>{first}</a:moveTo>" + "".join(f"<a:lnTo>{spot}</a:lnTo>" for spot in others)

    outer = f"{path(corners)}<a:close/></a:path>"
    if sides is None:
        paths = f"<a:path {size}>{outer}"
    else:
        paths = f'<a:path {size} stroke="0">{outer}<a:path {size} fill="none">{"".join(map(path, sides))}</a:path>'
    return (
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        f"<a:pathLst>{paths}</a:pathLst></a:custGeom>"
    )


def _line(pen: Pen | None) -> str:
    if pen is None:
        return "<a:ln><a:noFill/></a:ln>"
    dash = ""
    if pen.dash:
        length, gap = (round(100_000 * part / pen.width) for part in pen.dash)
        dash = f'<a:custDash><a:ds d="{length}" sp="{gap}"/></a:custDash>'
    return f'<a:ln w="{round(pen.width)}" cap="flat">{solid(pen.colour)}{dash}<a:miter lim="800000"/></a:ln>'


def _colour(colour: Colour) -> str:
    return f'<a:srgbClr val="{bytes(colour).hex().upper()}"/>'
