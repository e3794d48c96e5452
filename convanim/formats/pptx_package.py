"""The file of a deck: an empty one, 16 to 9, what it carries beside its slides, and the same bytes for the same slides.

python-pptx's own template is 4 to 3 and says who made it and when; it also stamps the time into what it writes.
"""

from __future__ import annotations

import html
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo
from zlib import compress, decompress

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
_END = b"</p:spTree>"  # of the shapes on a slide
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006"
_PROGRAM = (
    f'{_HEAD}<Properties xmlns="{_DOCUMENT}/extended-properties"><Application>convanim</Application></Properties>'
)
_ABOUT_PART = (
    f'{_HEAD}<ds:datastoreItem xmlns:ds="{_DOCUMENT}/customXml" ds:itemID="{{6E6C2B1A-5B0E-4E0B-9C0D-3D2F0B7A9C51}}">'
    '<ds:schemaRefs><ds:schemaRef ds:uri="urn:convanim"/></ds:schemaRefs></ds:datastoreItem>'
)


class Deck:
    """A deck, at first without slides; `made` is python-pptx's."""

    def __init__(self, title: str) -> None:
        self.made: Any = Presentation()
        self._shapes: dict[str, bytes] = {}
        _widen(self.made)
        _drop(self.made.part, RELATIONSHIP_TYPE.PRINTER_SETTINGS)
        _drop(self._package, RELATIONSHIP_TYPE.THUMBNAIL)
        _drop(self._package, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)
        kind = RELATIONSHIP_TYPE.EXTENDED_PROPERTIES
        self._relate(self._package, "/docProps/app.xml", kind, CONTENT_TYPE.OFC_EXTENDED_PROPERTIES, _PROGRAM)
        said = self.made.core_properties
        said.title, said.author, said.last_modified_by, said.comments = plain(title)[:_LONGEST], "", "", ""
        said.created = said.modified = _DATE
        said.revision = 1

    def add_shapes(self, slide: Any, markup: str) -> None:
        """Put shapes on a slide, above all that is there. They are kept as they are written: a tree of them takes much room."""
        self._shapes[slide.part.partname.membername] = compress(markup.encode())

    def keep(self, text: str) -> None:
        """Put a text of ASCII letters into the file. The part has properties, without which LibreOffice does not keep it."""
        part = f'{_HEAD}<figures xmlns="urn:convanim">{html.escape(text, quote=False)}</figures>'
        kept = self._relate(
            self.made.part, "/customXml/item1.xml", RELATIONSHIP_TYPE.CUSTOM_XML, CONTENT_TYPE.XML, part
        )
        kind = CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES
        self._relate(kept, "/customXml/itemProps1.xml", RELATIONSHIP_TYPE.CUSTOM_XML_PROPS, kind, _ABOUT_PART)

    def write(self, stream: BinaryIO) -> None:
        """Write the file, its parts in order and without times."""
        made = BytesIO()
        self.made.save(made)
        with ZipFile(made) as parts, ZipFile(stream, "w") as package:
            for name in sorted(parts.namelist(), key=lambda name: (name != _FIRST, name)):
                info = ZipInfo(name, _DATE_IN_ZIP)
                info.compress_type = ZIP_STORED if name.endswith(_PACKED) else ZIP_DEFLATED
                info.create_system = 0
                part = parts.read(name)
                if name in self._shapes:
                    part = part.replace(_END, decompress(self._shapes[name]) + _END)
                package.writestr(info, part)

    @property
    def _package(self) -> Any:
        return self.made.part.package

    def _relate(self, source: Any, name: str, relation: str, kind: str, text: str) -> Any:
        part = Part(PackURI(name), kind, self._package, text.encode())
        source.relate_to(part, relation)
        return part


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
