"""The file of a deck: an empty one, 16 to 9, what it carries beside its slides, and the same bytes for the same slides.

python-pptx's own template is 4 to 3 and says who made it and when; it also stamps the time into what it writes.
"""

from __future__ import annotations

import html
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from pptx import Presentation
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Emu

from convanim.formats.pptx_markup import plain
from convanim.formats.pptx_slide import PIXEL, SLIDE, TITLE, TITLE_ONLY

_DATE = datetime(2000, 1, 1)  # noqa: DTZ001 - what a file says of its time, without a place
_DATE_IN_ZIP = (1980, 1, 1, 0, 0, 0)
_LONGEST = 255  # characters that python-pptx lets a property have
_PACKED = (".gif", ".png", ".mp4")
_FIRST = "[Content_Types].xml"  # where readers that do not look into the directory expect it
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006"
_PROGRAM = (
    f'{_HEAD}<Properties xmlns="{_DOCUMENT}/extended-properties"><Application>convanim</Application></Properties>'
)


def blank(title: str) -> Any:
    """A deck without slides."""
    deck = Presentation()
    _widen(deck)
    _drop(deck.part, RELATIONSHIP_TYPE.PRINTER_SETTINGS)
    for kind in (RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES):
        _drop(deck.part.package, kind)
    program = _part(deck.part.package, "/docProps/app.xml", CONTENT_TYPE.OFC_EXTENDED_PROPERTIES, _PROGRAM)
    deck.part.package.relate_to(program, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)
    said = deck.core_properties
    said.title, said.author, said.last_modified_by, said.comments = plain(title)[:_LONGEST], "", "", ""
    said.created = said.modified = _DATE
    said.revision = 1
    return deck


def keep(deck: Any, text: str) -> None:
    """Put a text of ASCII letters into the file, where PowerPoint keeps it and where LibreOffice does."""
    package, escaped = deck.part.package, html.escape(text, quote=False)
    part = f'{_HEAD}<figures xmlns="urn:convanim">{escaped}</figures>'
    deck.part.relate_to(_part(package, "/customXml/item1.xml", CONTENT_TYPE.XML, part), RELATIONSHIP_TYPE.CUSTOM_XML)
    held = (
        f'{_HEAD}<Properties xmlns="{_DOCUMENT}/custom-properties" xmlns:vt="{_DOCUMENT}/docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="convanim">'
        f"<vt:lpwstr>{escaped}</vt:lpwstr></property></Properties>"
    )
    part = _part(package, "/docProps/custom.xml", CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, held)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def save(deck: Any, stream: BinaryIO) -> None:
    """Write the file, its parts in order and without times."""
    made = BytesIO()
    deck.save(made)
    with ZipFile(made) as parts, ZipFile(stream, "w") as package:
        for name in sorted(parts.namelist(), key=lambda name: (name != _FIRST, name)):
            info = ZipInfo(name, _DATE_IN_ZIP)
            info.compress_type = ZIP_STORED if name.endswith(_PACKED) else ZIP_DEFLATED
            info.create_system = 0
            package.writestr(info, parts.read(name))


def _part(package: Any, name: str, kind: str, text: str) -> Part:
    return Part(PackURI(name), kind, package, text.encode())


def _drop(part: Any, kind: str) -> None:
    part.drop_rel(part.relate_to(part.part_related_by(kind), kind))


def _widen(deck: Any) -> None:
    """Make the template 16 to 9, its master and layouts as well, and give slides with but a title room below it."""
    width, height = (Emu(pixels * PIXEL) for pixels in SLIDE)
    share = width / deck.slide_width
    deck.slide_width, deck.slide_height = width, height
    deck.element.sldSz.attrib.pop("type")
    layouts = deck.slide_layouts
    for page in (deck.slide_master, *layouts):
        for element, name in (("off", "x"), ("ext", "cx"), ("chOff", "x"), ("chExt", "cx")):
            for each in page.element.iterfind(f".//{{*}}{element}[@{name}]"):
                each.set(name, str(round(int(each.get(name)) * share)))
    title = layouts[TITLE_ONLY].placeholders[0]
    title.left, title.top, title.width, title.height = (Emu(pixels * PIXEL) for pixels in TITLE)
