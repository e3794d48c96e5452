"""Decks for PowerPoint as python-pptx reads them: the shapes of a slide by name, and their fills."""

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_FILL

PIXEL = 6350  # EMU: 1920 pixels are 12,192,000, the width of a slide 16 to 9


def opened(path):
    """A deck's slides, in order."""
    return list(Presentation(str(path)).slides)


def group(slide, name):
    """The shapes of a grid by their names; no two have the same."""
    (found,) = [shape for shape in slide.shapes if shape.name == name and hasattr(shape, "shapes")]
    shapes = {shape.name: shape for shape in found.shapes}
    assert len(shapes) == len(found.shapes)
    return shapes


def cells(slide, name):
    """The shapes of a grid's cells by index."""
    return {index_of(shape): each for shape, each in group(slide, name).items() if shape.endswith(")")}


def index_of(name):
    return tuple(int(part) for part in name.rpartition("(")[2].rstrip(")").split(","))


def fill(shape):
    """The colour that fills a shape, None if what lies below is seen."""
    if shape.fill.type == MSO_FILL.BACKGROUND:
        return None
    assert shape.fill.type == MSO_FILL.SOLID
    assert isinstance(shape.fill.fore_color.rgb, RGBColor)
    return tuple(shape.fill.fore_color.rgb)


def described(shape):
    """The alternative text of a picture or a video."""
    return shape.element.xpath("./p:nvPicPr/p:cNvPr")[0].get("descr")
