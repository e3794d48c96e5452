"""Decks as LibreOffice shows them: the shaded cells of a step have the record's colours, and scenes are there after it saves."""

import subprocess
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from convanim import Comparison, Scene, record, render_deck
from convanim.draw.theme import DARK
from convanim.reading import carried_texts
from tests.formats.decks import cells, opened
from tests.formats.programs import tool
from tests.seen import FILLS, SHADED

STEP = {"steps": "3"}
ISOMETRIC = Scene(4, 3, padding=1, timing=STEP)
NUMERIC = Scene(4, 3, padding=1, timing=STEP, view={"kind": "numeric"})
DARK_ONE = Scene(4, 3, padding=1, timing=STEP, view={"theme": "dark"})
CHINESE = Scene(4, 3, padding=1, timing=STEP, view={"kind": "numeric", "language": "zh"})
CLEAR = Scene(4, 3, padding=1, timing=STEP, view={"background": "transparent"})
BESIDE = Comparison([{"title": "one"}, {"title": "other"}], input=4, kernel=3, padding=1, timing=STEP)
FIGURES = [ISOMETRIC, NUMERIC, DARK_ONE, CHINESE, CLEAR, BESIDE]
WIDTH, EMU = 1920, 12_192_000
# a probe keeps off lines, and off what is written in the cell
_PROBES = [(u / 20, v / 20) for u in (4, 5, 6) for v in (4, 5, 6)]


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    """A deck of one slide a figure."""
    return render_deck(FIGURES, tmp_path_factory.mktemp("deck") / "deck.pptx", way="shapes")


@pytest.fixture(scope="module")
def saved(deck):
    """The folder in which LibreOffice saved the deck, as a PDF and as a deck."""
    folder = deck.parent / "saved"
    for kind in ("pdf", "pptx"):
        profile = f"-env:UserInstallation={(deck.parent / 'profile').as_uri()}"
        words = [tool("soffice"), profile, "--headless", "--convert-to", kind, "--outdir", folder, deck]
        subprocess.run(words, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def slides(saved):
    """The slides' pictures as arrays, each 1920 pixels wide."""
    size = ["-scale-to-x", str(WIDTH), "-scale-to-y", "-1"]
    subprocess.run([tool("pdftoppm"), *size, "-png", saved / "deck.pdf", saved / "slide"], check=True)
    pictures = []
    for path in sorted(saved.glob("slide*.png")):
        with Image.open(path) as image:
            pictures.append(np.asarray(image.convert("RGB")).astype(int))
    return pictures


def shown(picture, shape):
    """The colour that most of a cell shows between its border and its text; a parallelogram's sides are its own corners."""
    corners = [(int(spot.get("x")), int(spot.get("y"))) for spot in shape.element.iterfind(".//{*}path/*/{*}pt")][:4]
    if not corners:
        corners = [(0, 0), (shape.width, 0), (shape.width, shape.height), (0, shape.height)]
    (x, y), (ax, ay), _, (dx, dy) = corners
    colours = []
    for u, v in _PROBES:
        left, top = shape.left + x + u * (ax - x) + v * (dx - x), shape.top + y + u * (ay - y) + v * (dy - y)
        colours.append(picture[int(top * WIDTH / EMU), int(left * WIDTH / EMU)])
    return np.median(colours, axis=0)


def expected(step, fills, shaded):
    """What cells show at a step of 4×4 cells, padded by 1: those under the kernel and the one that is made, and others."""
    taps = {tap.canvas: tap for tap in step.taps}
    canvas = {}
    for row in range(6):
        for column in range(6):
            kind = "input" if {row, column} <= {1, 2, 3, 4} else "ground"
            canvas[row, column] = (shaded if (row, column) in taps else fills)[kind]
    made = step.output[-2] * 4 + step.output[-1]
    output = {}
    for place in range(16):
        kind = "output" if place <= made else "pending"
        output[divmod(place, 4)] = (shaded if place == made else fills)[kind]
    return {"canvas": canvas, "output": output}


def palette(figure):
    """The fills of a light figure, whose cells are paler where numbers stand in them, or of the dark one."""
    if figure is DARK_ONE:
        names = {"ground": "background", "input": "input", "output": "output", "pending": "pending"}
        fills = {name: DARK.fills[role] for name, role in names.items()}
        return fills, {
            "ground": DARK.fills["padding tap"],
            "input": DARK.fills["input tap"],
            "output": DARK.fills["result"],
        }
    if figure in (NUMERIC, CHINESE):
        return FILLS | {name: FILLS[f"{name} numbered"] for name in ("input", "output")}, SHADED
    return FILLS, SHADED


def test_every_figure_is_a_slide(slides):
    assert [picture.shape[:2] for picture in slides] == [(1080, 1920)] * len(FIGURES)


@pytest.mark.parametrize("figure", FIGURES, ids=["isometric", "numeric", "dark", "chinese", "clear", "beside"])
def test_the_cells_of_the_fourth_step_have_the_records_colours(figure, deck, slides):
    number = FIGURES.index(figure)
    slide, picture = opened(deck)[number], slides[number]
    prefixes = ("1.", "2.") if figure is BESIDE else ("",)
    step = record(figure.scenes[0] if figure is BESIDE else figure)[3]
    fills, shaded = palette(figure)
    for prefix in prefixes:
        for name, colours in expected(step, fills, shaded).items():
            shapes = cells(slide, prefix + name)
            assert set(shapes) == set(colours)
            for index, colour in colours.items():
                assert np.abs(shown(picture, shapes[index]) - colour).max() <= 1, (prefix + name, index)


def test_the_ground_and_title_are_the_themes(slides):
    for figure, picture in zip(FIGURES, slides, strict=True):
        ground = palette(figure)[0]["ground"]
        assert tuple(picture[1060, 20]) == ground
        title = picture[48:280, 120:1800]
        assert (np.abs(title - ground).max(axis=2) > 100).any()


def test_texts_are_written_where_the_figure_has_them(saved):
    words = subprocess.run([tool("pdftotext"), "-layout", saved / "deck.pdf", "-"], capture_output=True, check=True)
    pages = words.stdout.decode().split("\f")
    assert "kernel 3×3 · stride 1 · padding 1" in pages[0]
    assert "4 / 16" in " ".join(pages[0].split())
    assert record(NUMERIC)[3].value == int(pages[1].split("=")[1].split()[0])
    assert "卷积核" in pages[3]


def test_scenes_are_there_after_libreoffice_saved_the_deck(deck, saved):
    with ZipFile(saved / "deck.pptx") as package:
        assert "LibreOffice" in package.read("docProps/app.xml").decode()
    assert carried_texts(saved / "deck.pptx") == carried_texts(deck)
    assert len(carried_texts(deck)) == len(FIGURES)
