"""PDF as pypdf and poppler read it, which share nothing with what writes it."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from PIL import Image
from reportlab import rl_config
from reportlab.pdfbase.ttfonts import TTFont

import convanim
from convanim import FormatError, Scene, SceneError, load_figure, load_scene, record, render, storyboard
from convanim.catalogue import built_in, built_in_stacks
from convanim.draw.raster import Film
from convanim.draw.stills import stills
from convanim.draw.storyboard import Grid, Step, Storyboard, Text
from convanim.draw.text import Run
from convanim.draw.theme import LIGHT, Finish
from convanim.drawing import drawing_of
from convanim.formats import FORMATS, module_of
from convanim.reading import carried_figure
from convanim.rendering import render_stills
from tests import seen
from tests.formats.programs import tool

WHOLE = {"pages": True}
NAMED = load_scene(built_in()["no_padding_strides_transposed"])
STEP = 4  # counted from 1
TOLD_APART = 24
FIGURES = {
    "isometric": Scene(4, 3, padding=1, stride=2, view=WHOLE),
    "transposed, dark": Scene(3, 3, stride=2, transposed=True, view={**WHOLE, "theme": "dark"}),
    "numeric, print": Scene(4, 3, padding=1, view={**WHOLE, "kind": "numeric", "theme": "print"}),
    "gather": Scene(3, 3, stride=2, transposed=True, view={**WHOLE, "kind": "gather"}),
    "scatter, Chinese": Scene(3, 2, stride=2, transposed=True, view={**WHOLE, "kind": "scatter", "language": "zh"}),
    "matrix": Scene(4, 3, view={**WHOLE, "kind": "matrix", "symbols": True}),
    "matrix, print": Scene(4, 3, view={**WHOLE, "kind": "matrix", "theme": "print"}),
    "channels": Scene(4, 3, in_channels=2, out_channels=2, view={**WHOLE, "kind": "channels"}),
    "line": Scene([7], [3], dilation=2, view={**WHOLE, "kind": "line"}),
    "all steps": Scene(4, 3, view={**WHOLE, "kind": "all-steps"}),
    "by value": Scene(6, 3, view={**WHOLE, "colour": "value", "theme": "dark"}),
    "without lines": Scene(40, 3, stride=4, view={**WHOLE, "colour": "value", "cell": 4}),
    "outlined, print": Scene(3, 2, padding=1, view={**WHOLE, "kind": "numeric", "theme": "print", "outlined": True}),
    "scale 2, size formula": Scene(4, 3, stride=2, padding=1, view={**WHOLE, "scale": 2, "size_formula": True}),
}


def read(path):
    return pypdf.PdfReader(path)


def pages(path, first, last):
    """Some pages, counted from 1, as poppler shows them where a pixel is a 96th of an inch."""
    words = ["-r", "96", "-f", str(first), "-l", str(last), "-png"]
    stem = path.with_name(f"{path.stem}-page")
    subprocess.run([tool("pdftoppm"), *words, path, stem], check=True, capture_output=True)
    shown = [Image.open(file).convert("RGB") for file in sorted(path.parent.glob(f"{stem.name}-*.png"))]
    for file in path.parent.glob(f"{stem.name}-*.png"):
        file.unlink()
    return shown


def drawn(figure, places):
    """Some steps' pictures as pixels, and the storyboard."""
    drawing = drawing_of(figure, [None])
    board = drawing.board(stills=False)
    film = Film(board, drawing.finish, limit=None)
    colours = np.array(film.colours, dtype=np.uint8)
    return board, {place: colours[frame.image] for place, frame in enumerate(film) if place in places}


def cells_unlike(one, other, board, scale):
    """The cells of a board (of small ones, four by four) whose middle parts differ between two pictures more than an eye overlooks."""
    unlike = []
    for grid in board.grids:
        side = 1 if np.hypot(*grid.across) >= 8 else 4
        for row, column in np.ndindex(-(-grid.rows // side), -(-grid.columns // side)):
            at = [
                grid.point((row + v / 10) * side, (column + u / 10) * side)
                for u, v in np.ndindex(11, 11)
                if min(u, v) >= 2 and max(u, v) <= 8
            ]
            inside = [(int(y * scale), int(x * scale)) for x, y in at]
            means = [np.mean([picture[place] for place in inside], axis=0) for picture in (one, other)]
            if np.abs(means[0] - means[1]).max() > TOLD_APART:
                unlike.append((grid.name, row, column, means))
    return unlike


def test_a_step_of_its_own_and_the_last_one_by_default(tmp_path):
    (last,) = render(NAMED, tmp_path / "last.pdf")
    (fourth,) = render(replace(NAMED, timing={"steps": "3"}), tmp_path / "fourth.pdf")
    for path, step in ((last, 24), (fourth, 3)):
        assert len(read(path).pages) == 1
        (picture,), board, placement = pages(path, 1, 1), storyboard(NAMED), record(NAMED)[step]
        assert seen.shaded_cells(picture, board, "canvas") == {tap.canvas for tap in placement.taps}
        assert seen.shaded_cells(picture, board, "output") == {placement.output}


def test_every_step_has_a_page_that_shades_the_cells_of_its_placement(tmp_path):
    scene = replace(NAMED, view=WHOLE)
    (path,) = render(scene, tmp_path / "x.pdf")
    recording, board, shown = record(scene), storyboard(scene), pages(path, 1, 25)
    assert len(read(path).pages) == len(shown) == len(recording) == 25
    for picture, placement in zip(shown, recording, strict=True):
        assert seen.shaded_cells(picture, board, "canvas") == {tap.canvas for tap in placement.taps}
        assert seen.shaded_cells(picture, board, "output") == {placement.output}


@pytest.mark.parametrize("name", FIGURES)
def test_pages_look_like_the_pixels_and_say_what_they_say(name, tmp_path):
    figure = FIGURES[name]
    (path,) = render(figure, tmp_path / "x.pdf")
    total = len(storyboard(figure).steps)
    place = min(STEP, total) - 1
    board, wanted = drawn(figure, {place, total - 1})
    scale = figure.view.scale
    for at in wanted:
        (picture,) = pages(path, at + 1, at + 1)
        height, width = wanted[at].shape[:2]
        assert (picture.width, picture.height) == (width, height)
        assert cells_unlike(np.asarray(picture), wanted[at], board, scale) == []
        still = list(stills(board))[at]
        said = Counter("".join(read(path).pages[at].extract_text().split()))
        if figure.view.outlined:
            assert said == Counter()
            continue
        shown = Counter("".join("".join(text.text.split()) for text in (*board.texts, *still.texts)))
        assert {character for character in shown if said[character] < shown[character]} == set()
    if total > 1:
        assert cells_unlike(wanted[place], wanted[total - 1], board, scale) or place == total - 1


@pytest.mark.parametrize("name", ["05b_two_ways", *built_in_stacks()])
def test_comparisons_and_stacks_are_drawn(name, tmp_path):
    figure = load_figure({**built_in(), **built_in_stacks()}[name])
    (path,) = render(figure, tmp_path / "x.pdf")
    (picture,) = pages(path, 1, 1)
    drawing = drawing_of(figure, [FORMATS["pdf"]])
    board = drawing.board(stills=True)
    (frame,) = film = Film(board, Finish(LIGHT), limit=None)
    assert cells_unlike(np.asarray(picture), np.array(film.colours, dtype=np.uint8)[frame.image], board, 1) == []


def test_what_is_written_in_cells_that_keep_their_role_stays():
    board, stream = storyboard(load_figure(built_in()["13_stride_or_pooling"])), BytesIO()
    module_of(FORMATS["pdf"]).write(board, Finish(LIGHT), "", stream)
    said = Counter("".join(pypdf.PdfReader(stream).pages[-1].extract_text().split()))
    *_, last = stills(board)
    shown = Counter("".join("".join(text.text.split()) for text in (*board.texts, *last.texts)))
    assert {character for character in shown if said[character] < shown[character]} == set()


def test_lines_around_padding_are_dashed_and_those_around_cells_are_not(tmp_path):
    scene = Scene(4, 2, padding=1, view={"kind": "numeric"})
    (path,) = render(scene, tmp_path / "x.pdf")
    (picture,), (canvas, *_) = pages(path, 1, 1), storyboard(scene).grids
    greys = np.asarray(picture.convert("L")).astype(int)

    def is_line(row, column):
        x, y = canvas.point(row, column)
        return greys[int(y) - 2 : int(y) + 3, int(x)].min() < 200

    places = np.linspace(0.05, 0.95, 60)
    assert {is_line(0, 2 + place) for place in places} == {True, False}
    assert {is_line(1, 2 + place) for place in places} == {True}


def test_fonts_are_embedded_and_nothing_is_a_picture(tmp_path):
    (path,) = render(replace(NAMED, view=WHOLE), tmp_path / "x.pdf")
    said = subprocess.run([tool("pdffonts"), path], check=True, capture_output=True, text=True).stdout
    rows = said.splitlines()[2:]
    assert rows
    assert all(row.split()[-5] == "yes" for row in rows), said
    listed = subprocess.run([tool("pdfimages"), "-list", path], check=True, capture_output=True, text=True).stdout
    assert len(listed.splitlines()) == 2


def fonts_of(path):
    said = subprocess.run([tool("pdffonts"), path], check=True, capture_output=True, text=True).stdout
    return [line.split()[0] for line in said.splitlines()[2:]]


def test_outlined_text_needs_no_font_or_says_what_it_needs(tmp_path, monkeypatch):
    scene = Scene(3, 2, view={"outlined": True})
    (path,) = render(scene, tmp_path / "x.pdf")
    assert fonts_of(path) == []
    assert len(fonts_of(*render(Scene(3, 2), tmp_path / "y.pdf"))) == 2
    monkeypatch.setattr("convanim.formats.glyphs.find_spec", lambda _: None)
    with pytest.raises(FormatError, match=r'pip install "convanim\[outlined\]"'):
        render(scene, tmp_path / "z.pdf")


def postscript_font(path, characters):
    """A font with PostScript's outlines, whose characters are all squares from a hundred to nine hundred units."""
    builder = FontBuilder(1000, isTTF=False)
    names = [".notdef", *(f"u{ord(character):04X}" for character in characters)]
    pens = {name: T2CharStringPen(1000, None) for name in names}
    for pen in [pens[name] for name in names[1:]]:
        for draw, at in (
            (pen.moveTo, (100, 100)),
            (pen.lineTo, (900, 100)),
            (pen.lineTo, (900, 900)),
            (pen.lineTo, (100, 900)),
        ):
            draw(at)
        pen.closePath()
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(character): name for character, name in zip(characters, names[1:], strict=True)})
    builder.setupCFF("Squares", {}, {name: pen.getCharString() for name, pen in pens.items()}, {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=900, descent=-100)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


def test_letters_of_a_font_that_cannot_be_embedded_are_drawn(tmp_path):
    written = (Path(convanim.__file__).parent / "languages/zh.toml").read_text("utf-8")
    postscript_font(tmp_path / "squares.otf", sorted({each for each in written if ord(each) > 0x2E7F}))
    code = "import convanim as c, sys; c.render(c.Scene(3, 2, view={'language': 'zh'}), *sys.argv[1:])"
    words = [sys.executable, "-c", code, tmp_path / "x.pdf", tmp_path / "x.png"]
    environment = os.environ | {"CONVANIM_FONT": str(tmp_path / "squares.otf")}
    subprocess.run(words, check=True, env=environment)
    (picture,) = pages(tmp_path / "x.pdf", 1, 1)
    drawn_here = np.asarray(Image.open(tmp_path / "x.png").convert("RGB")).astype(int)
    assert [name.partition("+")[2] for name in fonts_of(tmp_path / "x.pdf")] == ["DejaVuSans-Bold", "DejaVuSans"]
    assert np.abs(np.asarray(picture).astype(int) - drawn_here).mean() < 3
    hidden = "import sys; sys.modules['fontTools'] = None; " + code
    said = subprocess.run(
        [sys.executable, "-c", hidden, *words[3:]], check=False, env=environment, capture_output=True, text=True
    )
    assert "a PDF cannot hold the font" in said.stderr
    assert 'pip install "convanim[outlined]"' in said.stderr


def test_a_font_that_cannot_be_embedded_is_opened_once_for_all_texts(tmp_path, monkeypatch):
    postscript_font(tmp_path / "squares.otf", "ab")
    opened = []

    def count(name, file, **rest):
        opened.append(file)
        return TTFont(name, file, **rest)

    monkeypatch.setattr("reportlab.pdfbase.ttfonts.TTFont", count)
    monkeypatch.setattr(
        "convanim.formats.pdf_sheet.runs", lambda text, **_: (Run(str(tmp_path / "squares.otf"), 0, text),)
    )
    texts = tuple(Text(10, 20, text, "text", 8) for text in ("a", "b", "ab", "ba"))
    stream = BytesIO()
    module_of(FORMATS["pdf"]).write(Storyboard((60, 40), (), [Step(0, 100)], texts=texts), Finish(LIGHT), "", stream)
    assert pypdf.PdfReader(stream).pages[0].extract_text() == ""
    assert opened.count(str(tmp_path / "squares.otf")) == 1


def test_the_file_says_what_it_shows(tmp_path):
    scene = Scene(2, 2, title='<&> "Über" (a) \\ 卷积\x01')
    (path,) = render(scene, tmp_path / "x.pdf")
    said = read(path).metadata
    assert said.title == scene.title
    assert said.subject.startswith("Step 1 of 1 of a convolution")
    assert carried_figure(path) == scene


@pytest.mark.parametrize(("width", "dpi", "points"), [("12cm", None, 340.16), ("5in", 600, 360), ("640px", None, 480)])
def test_a_page_is_as_wide_as_asked(width, dpi, points, tmp_path):
    (path,) = render(Scene(3, 2, view={"width": width, **({"dpi": dpi} if dpi else {})}), tmp_path / "x.pdf")
    assert float(read(path).pages[0].mediabox.width) == pytest.approx(points, abs=0.01)


def test_a_ground_is_left_out_if_it_is_to_be_transparent(tmp_path):
    paths = render(Scene(3, 2, view={"background": "transparent"}), tmp_path / "x.pdf") + render(
        Scene(3, 2), tmp_path / "y.pdf"
    )
    grounds = []
    for path in paths:
        subprocess.run([tool("pdftocairo"), "-png", "-transp", "-singlefile", path, path.with_suffix("")], check=True)
        grounds.append(Image.open(path.with_suffix(".png")).convert("RGBA").getpixel((1, 1))[3])
    assert grounds == [0, 255]


def test_a_folder_gets_a_page_for_each_step(tmp_path):
    paths = render_stills(Scene(3, 2), tmp_path, "x", "pdf")
    assert [path.name for path in paths] == ["x-1.pdf", "x-2.pdf", "x-3.pdf", "x-4.pdf"]
    board, expected = drawn(Scene(3, 2), range(4))
    for place, (path, placement) in enumerate(zip(paths, record(Scene(3, 2)), strict=True)):
        (picture,) = pages(path, 1, 1)
        assert cells_unlike(np.asarray(picture), expected[place], board, 1) == []
        assert seen.shaded_cells(picture, board, "output") == {placement.output}
        assert len(read(path).pages) == 1


def test_what_is_kept_grows_with_the_steps_and_not_with_their_square(tmp_path):
    sizes = []
    for side in (4, 8, 16):
        (path,) = render(Scene(side, 1, view=WHOLE), tmp_path / f"{side}.pdf")
        assert len(read(path).pages) == side**2
        sizes.append(path.stat().st_size)
    more = sizes[1] - sizes[0], sizes[2] - sizes[1]  # without the fonts, which all have
    assert more[1] < 5 * more[0], "four times the pages more; with their square it would be ten times the bytes"


@pytest.mark.parametrize("setting", [0, 1])
def test_streams_are_bytes_whatever_reportlab_is_set_to(setting, tmp_path, monkeypatch):
    monkeypatch.setattr(rl_config, "useA85", setting)
    for scene in (NAMED, Scene(40, 3, stride=40, view={"colour": "value", "cell": 4})):
        (path,) = render(scene, tmp_path / "x.pdf")
        reader = read(path)
        found = [reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1)]
        filters = [np.ravel(each["/Filter"]).tolist() for each in found if isinstance(each, dict) and "/Filter" in each]
        assert len(filters) > 3
        assert all(each == ["/FlateDecode"] for each in filters)
    assert rl_config.useA85 == setting


def test_a_page_that_no_reader_shows_is_refused():
    grid = Grid("canvas", (1, 1), (0, 0), (20_000, 0), (0, 20), ("input",))
    board = Storyboard((20_000, 40), (grid,), [Step(0, 100)])
    with pytest.raises(FormatError, match="15000×30 points; legal are 14400 a side"):
        module_of(FORMATS["pdf"]).write(board, Finish(LIGHT), "", BytesIO())


def test_a_width_that_contradicts_a_scale_or_cannot_be_is_refused():
    with pytest.raises(SceneError, match=r"view\.scale: got 2; but width = 12cm"):
        Scene(3, 2, view={"width": "12cm", "scale": 2})
    with pytest.raises(SceneError, match=r"view\.width: got '12xx'; legal is a number of pixels"):
        Scene(3, 2, view={"width": "12xx"})
    with pytest.raises(SceneError, match=r"view\.width: got 0\.1mm, which is .* legal are \d+ to \d+ pixels"):
        render(Scene(3, 2, view={"width": "0.1mm"}), "x.pdf")


def test_a_pdfs_scene_is_read_without_the_extra(monkeypatch, tmp_path):
    (path,) = render(NAMED, tmp_path / "x.pdf")
    monkeypatch.setitem(sys.modules, "reportlab", None)
    assert carried_figure(path) == NAMED
