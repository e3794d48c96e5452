"""Decks for PowerPoint, read with python-pptx: GIFs and videos in their places, and steps as shapes that say what the record says."""

import re
import subprocess
import sys
from io import BytesIO
from zipfile import ZipFile

import av
import numpy as np
import pytest
from openxml_audit import validate_pptx
from PIL import Image, ImageFont

from convanim import Comparison, FormatError, Scene, record, render_deck, storyboard
from convanim.catalogue import built_in
from convanim.draw.storyboard import Line
from convanim.draw.text import BUILT_IN
from convanim.drawing import drawing_of
from convanim.reading import carried_figure, carried_texts
from convanim.rendering import render_stills
from convanim.scene.files import load_figure
from tests.formats.decks import PIXEL, cells, described, fill, group, opened
from tests.seen import FILLS, SHADED

TRANSPOSED = Scene(2, 3, stride=2, transposed=True, title="Stamps & <strides>")
NUMERIC = Scene(4, 3, padding=1, stride=2, view={"kind": "numeric"})
NASTY = "</a:t><a:t>&amp; \"quotes\" 'n' <!-- \u2028 ]]> \x07\x7f \ufffe 卷积"
WAYS = ("gif", "mp4", "shapes")


def deck_of(tmp_path, figures, way="", name="deck"):
    return render_deck(figures, tmp_path / f"{name}.pptx", "A talk", way)


def pictures(slide):
    return [shape for shape in slide.shapes if shape.element.tag.endswith("}pic")]


def timing(slide):
    """What plays on a slide: how often, what is called as it comes, and of which shapes."""
    (video,) = slide.element.xpath("./p:timing//p:video//p:cTn")
    (call,) = slide.element.xpath("./p:timing//p:cmd")
    shapes = {int(target.get("spid")) for target in slide.element.xpath("./p:timing//p:spTgt")}
    begins = slide.element.xpath("./p:timing//p:cond[@evt='onBegin']")
    return video.get("repeatCount"), call.get("cmd"), shapes, len(begins)


def test_a_figure_is_its_gif_on_a_slide_pixel_by_pixel(tmp_path):
    slides = opened(deck_of(tmp_path, [TRANSPOSED, NUMERIC]))
    assert len(slides) == 2
    for slide, figure in zip(slides, (TRANSPOSED, NUMERIC), strict=True):
        board = storyboard(figure)
        (shape,) = pictures(slide)
        assert slide.shapes.title.text == board.title
        assert described(shape) == slide.notes_slide.notes_text_frame.text == board.alternative
        with Image.open(BytesIO(shape.image.blob)) as image:
            assert image.format == "GIF"
            assert image.n_frames == len(board.steps)
            assert (shape.width, shape.height) == tuple(length * PIXEL for length in image.size)
            assert abs(image.width / image.height - board.size[0] / board.size[1]) < 0.005
        assert shape.top % PIXEL == shape.left % PIXEL == 0
        assert shape.top >= slide.shapes.title.top + slide.shapes.title.height
        assert abs(2 * shape.left + shape.width - 1920 * PIXEL) <= PIXEL
        assert max(shape.width / (1920 * PIXEL), shape.height / (1080 * PIXEL)) > 0.8
        assert shape.top + shape.height <= 1080 * PIXEL
        (tmp_path / "taken.gif").write_bytes(shape.image.blob)
        assert carried_figure(tmp_path / "taken.gif") == figure


@pytest.mark.parametrize(("loop", "times"), [(0, "indefinite"), (3, "3000")])
def test_a_video_plays_by_itself_as_often_as_its_figure(loop, times, tmp_path):
    scene = Scene(4, 3, timing={"loop": loop, "step": 120})
    path = deck_of(tmp_path, [scene], "mp4")
    (slide,) = opened(path)
    (shape,) = pictures(slide)
    assert timing(slide) == (times, "playFrom(0.0)", {shape.shape_id}, 1)
    assert described(shape) == storyboard(scene).alternative
    kinds = {relation.reltype.rpartition("/")[2]: relation for relation in slide.part.rels.values()}
    video = kinds["video"].target_part
    assert kinds["media"].target_part is video
    assert video.content_type == "video/mp4"
    with av.open(BytesIO(video.blob)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == len(storyboard(scene).steps)
    with Image.open(BytesIO(kinds["image"].target_part.blob)) as poster:
        still = np.asarray(poster.convert("RGB")).astype(int)
        assert (shape.width, shape.height) == tuple(length * PIXEL for length in poster.size)
    assert still.shape == frames[0].shape
    differences = [float(np.abs(still - frame).mean()) for frame in frames]
    assert differences[0] < 1
    assert min(differences[1:]) > 2 * differences[0]


def test_the_fourth_step_is_shaded_as_the_record_says(tmp_path):
    slides = opened(deck_of(tmp_path, [TRANSPOSED], "shapes"))
    recording, board = record(TRANSPOSED), storyboard(TRANSPOSED)
    assert len(slides) == len(recording) == 25
    canvas, output = (cells(slides[3], name) for name in ("canvas", "output"))
    assert (len(canvas), len(output)) == (7 * 7, 5 * 5)
    taps = {tap.canvas: tap for tap in recording[3].taps}
    holes = {index for index in taps if taps[index].source is None}
    padding = {index for index in holes if not all(2 <= at <= 4 for at in index)}
    assert (len(holes), len(padding)) == (8, 7)
    for index, shape in canvas.items():
        if index in taps:
            expected = SHADED["ground" if index in padding else "zero" if index in holes else "input"]
        elif all(at in {2, 4} for at in index):
            expected = FILLS["input"]
        else:
            expected = FILLS["zero"] if all(2 <= at <= 4 for at in index) else None
        assert fill(shape) == expected, index
    for index, shape in output.items():
        place = index[0] * 5 + index[1]
        expected = SHADED["output"] if place == 3 else FILLS["output" if place < 3 else "pending"]
        assert fill(shape) == expected, index
    assert recording[3].output == (0, 3)
    unit = 900 / board.size[1]
    for index, shape in canvas.items():
        corners = np.array(board.cell("canvas", index)) * unit * PIXEL
        assert abs(shape.width - np.ptp(corners[:, 0])) < PIXEL
        assert abs(shape.height - np.ptp(corners[:, 1])) < PIXEL
        assert shape.element.xpath(".//a:custGeom")


def test_the_texts_in_cells_are_the_records_values(tmp_path):
    slides = opened(deck_of(tmp_path, [NUMERIC], "shapes"))
    recording = record(NUMERIC)
    values, kernel = recording.input[0], recording.kernel[0, 0]
    for step, slide in enumerate(slides):
        canvas, output = cells(slide, "canvas"), cells(slide, "output")
        for (row, column), shape in canvas.items():
            inside = 0 < row < 5 and 0 < column < 5
            assert shape.text_frame.text == str(values[row - 1, column - 1] if inside else 0)
            assert shape.element.xpath("./p:spPr/a:prstGeom[@prst='rect']") or not inside
        for (row, column), shape in output.items():
            expected = str(recording.output[0, row, column]) if row * 2 + column <= step else ""
            assert (shape.text_frame.text if shape.has_text_frame else "") == expected
        notes = {name: shape.text_frame.text for name, shape in group(slide, "canvas").items() if name.endswith("note")}
        assert notes == {
            f"canvas ({', '.join(map(str, tap.canvas))}) note": f"×{kernel[tap.kernel[-2:]]}"
            for tap in recording[step].taps
        }
    assert len(slides) == len(recording) == 4


def test_texts_lie_in_the_middle_of_their_cells(tmp_path):
    slide = opened(deck_of(tmp_path, [NUMERIC], "shapes"))[0]
    for shape in cells(slide, "canvas").values():
        frame = shape.element.xpath(".//a:bodyPr")[0]
        left, top, right, bottom = (int(frame.get(f"{side}Ins")) for side in "ltrb")
        assert max(left, right) <= 2  # EMU
        assert abs(top - bottom) < shape.height / 8
        assert shape.element.xpath(".//a:pPr")[0].get("algn") == "ctr"


def test_texts_are_as_high_in_their_cells_as_in_the_figure(tmp_path):
    slide, board = opened(deck_of(tmp_path, [NUMERIC], "shapes"))[0], storyboard(NUMERIC)
    canvas, shapes = board.grids[0], cells(slide, "canvas")
    values = [text for text in board.texts if text.cell and text.cell[0] == "canvas" and text.role == "value"]
    assert len(values) == len(shapes) == 36
    for text in values:
        row, column = divmod(text.cell[1], canvas.columns)
        shape = shapes[row, column]
        frame = shape.element.xpath(".//a:bodyPr")[0]
        unit = shape.height / canvas.down[1]
        middle = canvas.point(row + 0.5, column)[1] + (int(frame.get("tIns")) - int(frame.get("bIns"))) / 2 / unit
        # a digit is 0.73 of its size high, and a line's middle is a little above that of its digits
        assert 0.36 < (text.y - middle) / text.size < 0.4


def test_solid_borders_lie_above_dashed_ones(tmp_path):
    slide = opened(deck_of(tmp_path, [Scene(3, 3, padding=1, view={"kind": "numeric"})], "shapes"))[-1]
    are_dashed = [bool(shape.element.xpath(".//a:custDash")) for shape in cells(slide, "canvas").values()]
    assert are_dashed.index(False) == sum(are_dashed)
    assert 5 <= sum(are_dashed) <= 16


def test_lines_lie_between_the_planes_and_borders_are_those_of_roles(tmp_path):
    slide = opened(deck_of(tmp_path, [TRANSPOSED], "shapes"))[3]
    names = [shape.name for shape in slide.shapes]
    assert names[0].startswith("Title")
    assert names.index("canvas") < names.index("output")
    connectors = [shape for shape in slide.shapes if shape.name == "connector"]
    assert len(connectors) == 4
    assert {shape.element.tag.rpartition("}")[2] for shape in connectors} == {"cxnSp"}
    assert names[: names.index("output")].count("connector") == 4  # the output's plane covers them
    assert names[-1] == "4"
    assert [shape.text_frame.text for shape in slide.shapes if shape.name == "output 5×5"] == ["output 5×5"]
    canvas = cells(slide, "canvas")
    dashed = {index for index, shape in canvas.items() if shape.element.xpath(".//a:custDash")}
    untouched = {index for index in canvas if fill(canvas[index]) is None}
    assert dashed == untouched
    lines = [int(shape.element.xpath("./p:spPr/a:ln")[0].get("w")) for shape in canvas.values()]
    assert len(set(lines)) == 1


def test_lines_go_from_the_window_to_the_cell_and_not_the_other_way_across(tmp_path):
    slide, board = opened(deck_of(tmp_path, [TRANSPOSED], "shapes"))[3], storyboard(TRANSPOSED)
    canvas = next(shape for shape in slide.shapes if shape.name == "canvas")
    xs, ys = zip(*board.grids[0].polygon(), strict=True)
    unit = canvas.width / (max(xs) - min(xs))
    lines = [(line.start, line.end) for line in board.steps[3].passing if isinstance(line, Line)]
    found = set()
    for shape in (shape for shape in slide.shapes if shape.name == "connector"):
        ends = [(shape.begin_x, shape.begin_y), (shape.end_x, shape.end_y)]
        ends = [((x - canvas.left) / unit + min(xs), (y - canvas.top) / unit + min(ys)) for x, y in ends]
        (one,) = [place for place, line in enumerate(lines) if all(distance(end, line) < 0.1 for end in ends)]
        found.add(one)
    assert found == set(range(4))
    assert len({np.sign((end[0] - start[0]) * (end[1] - start[1])) for start, end in lines}) == 2, "both ways aslant"


def distance(place, line):
    """How far a place is from an endless line."""
    (x, y), (start, end) = place, line
    across, down = end[0] - start[0], end[1] - start[1]
    return abs(across * (y - start[1]) - down * (x - start[0])) / np.hypot(across, down)


def test_dashes_are_drawn_once_on_every_side(tmp_path):
    """Dashes over dashes from the other end would be a line."""
    slide = opened(deck_of(tmp_path, [Scene(3, 3, padding=2, view={"kind": "numeric"})], "shapes"))[-1]
    sides = []
    for shape in cells(slide, "canvas").values():
        for path in shape.element.xpath(".//a:path[@fill='none']"):
            places = [(int(spot.get("x")) + shape.left, int(spot.get("y")) + shape.top) for spot in path.iter("{*}pt")]
            pairs = zip(places[::2], places[1::2], strict=True)
            sides += [tuple(round(value / PIXEL / 2) for place in pair for value in place) for pair in pairs]
    assert len(sides) > 40
    assert len(set(sides)) == len(sides)


def test_a_comparison_has_groups_named_after_its_grids(tmp_path):
    figure = Comparison([{"input": 3}, {"input": 4}], kernel=2)
    slides = opened(deck_of(tmp_path, [figure], "shapes"))
    names = [grid.name for grid in storyboard(figure).grids]
    assert len(names) == 4
    for name in names:
        assert all(shape.startswith(f"{name} (") for shape in group(slides[0], name))
    assert len(slides) == len(storyboard(figure).steps) == 9


def test_patterns_are_powerpoints(tmp_path):
    scene = Scene(4, 3, padding=1, view={"kind": "numeric", "theme": "print"})
    slide = opened(deck_of(tmp_path, [scene], "shapes"))[0]
    patterns = {
        index: shape.element.xpath("./p:spPr/a:pattFill/@prst") for index, shape in cells(slide, "canvas").items()
    }
    taps = {tap.canvas for tap in record(scene)[0].taps}
    assert {index for index, pattern in patterns.items() if pattern == ["wdUpDiag"]} == taps
    assert all(pattern == [] for index, pattern in patterns.items() if index not in taps)


@pytest.mark.parametrize(("kind", "slide", "name"), [("isometric", 1, "canvas"), ("all-steps", 0, "canvas 2")])
def test_a_grid_without_lines_is_a_picture(kind, slide, name, tmp_path):
    scene = Scene(20, 3, stride=6, view={"kind": kind, "cell": 4})
    board = storyboard(scene)
    assert {grid.stroke for grid in board.grids} == {0}
    taps = {tap.canvas for tap in record(scene)[1].taps}
    deck = opened(deck_of(tmp_path, [scene], "shapes"))[slide]
    *layers, outline = group(deck, name).values()
    assert [shape.name for shape in layers] == [name, f"{name} step"][: len(layers)]
    assert outline.name == f"{name} outline"
    if kind == "isometric":  # a page is not stepped through
        assert layers[1].width * layers[1].height < layers[0].width * layers[0].height / 8
    unit, start = scale_of(board)
    for row in range(20):
        for column in range(20):
            middle = np.array(board.cell(name, (row, column))).mean(axis=0) * unit + start
            expected = SHADED["input"] if (row, column) in taps else FILLS["input"]
            assert seen_in(layers, middle) == expected


def scale_of(board):
    """How many EMU a unit of the figure has on a slide, and where it begins."""
    room = 1920 * PIXEL, 900 * PIXEL
    unit = min(1824 * PIXEL / board.size[0], room[1] / board.size[1])
    return unit, np.array([(room[0] - board.size[0] * unit) / 2, 152 * PIXEL + (room[1] - board.size[1] * unit) / 2])


def seen_in(layers, place):
    """The colour of the topmost of some pictures that is not clear there."""
    for layer in reversed(layers):
        with Image.open(BytesIO(layer.image.blob)) as image:
            pixels = image.convert("RGBA")
        inside = (place - (layer.left, layer.top)) / (layer.width, layer.height) * pixels.size
        if all(inside >= 0) and all(inside < pixels.size):
            *colour, alpha = pixels.getpixel(tuple(int(at) for at in inside))
            if alpha:
                return tuple(colour)
    return None


def test_a_transparent_figure_leaves_the_decks_own_ground(tmp_path):
    ground = Scene(3, 2, view={"theme": "dark"})
    clear = Scene(3, 2, view={"theme": "dark", "background": "transparent"})
    for way in ("gif", "shapes"):
        slides = opened(deck_of(tmp_path, [ground, clear], way))
        first, last = slides[0], slides[-1]
        assert str(first.background.fill.fore_color.rgb) == "0E1A1F"
        assert last.follow_master_background
        assert not first.follow_master_background
    with pytest.raises(FormatError, match="an MP4 has no transparent ground"):
        deck_of(tmp_path, [clear], "mp4", "none")
    assert not (tmp_path / "none.pptx").exists()


@pytest.mark.parametrize("way", WAYS)
def test_odd_characters_are_held_and_scenes_come_back(way, tmp_path):
    figures = [Scene(3, 2, title=NASTY, description=NASTY), TRANSPOSED]
    path = deck_of(tmp_path, figures, way)
    slides = opened(path)
    starts = [1, 5] if way == "shapes" else [1, 2]
    assert [carried.slide for carried in carried_texts(path)] == starts
    assert [carried.text for carried in carried_texts(path)] == [drawing_of(figure, []).source for figure in figures]
    assert slides[starts[1] - 1].shapes.title.text == TRANSPOSED.title
    held = re.sub("[\x07\x7f\ufffe]", "\ufffd", " ".join(NASTY.split()))
    assert slides[0].shapes.title.text == slides[0].notes_slide.notes_text_frame.text == held
    assert [slide.has_notes_slide for slide in slides] == [number in starts for number in range(1, len(slides) + 1)]


@pytest.mark.parametrize("way", WAYS)
def test_decks_are_as_the_schemas_of_open_xml_have_it(way, tmp_path):
    """What PowerPoint would offer to repair; the validator knows Microsoft's own rules too."""
    figures = [
        Scene(3, 2),
        Scene(3, 3, padding=1, title=NASTY, view={"kind": "numeric", "theme": "print"}, timing={"loop": 2}),
        Scene(20, 3, stride=6, view={"cell": 4}),
    ]
    result = validate_pptx(deck_of(tmp_path, figures, way))
    assert result.errors == []
    assert result.is_valid


def test_a_long_title_is_set_smaller_so_that_it_is_one_line(tmp_path):
    titles = ["Stride", "A transposed convolution is the transpose of the matrix of a convolution", "long " * 60]
    slides = opened(deck_of(tmp_path, [Scene(2, 2, title=title) for title in titles]))
    sizes = [slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size.pt for slide in slides]
    assert sizes[0] == 32
    assert 16 < sizes[1] < 32
    assert sizes[2] == 16
    face = ImageFont.truetype(BUILT_IN, 100)
    for title, size, slide in list(zip(titles, sizes, slides, strict=True))[:2]:
        across = face.getlength(title) / 100 * size * 12_700
        assert across < slide.shapes.title.width < 2.5 * across or size == 32


def test_a_decks_title_is_its_own_and_nothing_says_who_or_when(tmp_path):
    path = deck_of(tmp_path, [TRANSPOSED], "shapes")
    with ZipFile(path) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.infolist()[0].filename == "[Content_Types].xml"
        core = package.read("docProps/core.xml").decode()
        names = package.namelist()
    assert "<dc:title>A talk</dc:title>" in core
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2000-01-01T"}
    assert "Canny" not in core
    assert not [name for name in names if "thumbnail" in name or "printer" in name]


@pytest.mark.parametrize("way", WAYS)
def test_the_same_figures_give_the_same_bytes_in_every_process(way, tmp_path):
    scenes = [Scene(3, 2), Scene(20, 3, stride=6, view={"cell": 4})]
    path = deck_of(tmp_path, scenes, way)
    for number, scene in enumerate(scenes):
        (tmp_path / f"{number}.toml").write_text(drawing_of(scene, []).source)
    code = (
        "import convanim, sys; figures = [convanim.load_figure(name) for name in sys.argv[3:]];"
        "convanim.render_deck(figures, sys.argv[1], 'A talk', sys.argv[2])"
    )
    words = [tmp_path / "again.pptx", way, tmp_path / "0.toml", tmp_path / "1.toml"]
    subprocess.run([sys.executable, "-c", code, *words], check=True, env={"PYTHONHASHSEED": "7"})
    assert (tmp_path / "again.pptx").read_bytes() == path.read_bytes()


def test_a_deck_of_too_many_shapes_says_what_is_legal(tmp_path):
    scene = Scene(20, 3, timing={"steps": ":"})
    with pytest.raises(
        FormatError, match=r"about [\d,]+ shapes; legal are 200,000; show fewer steps \(--every, --steps\)"
    ):
        deck_of(tmp_path, [scene], "shapes")
    assert list(tmp_path.iterdir()) == []


def test_every_slide_of_a_gif_is_as_the_figure_is_drawn_in_that_size(tmp_path):
    """The first frame of the GIF is what a still of that scale shows."""
    scene = Scene(4, 3)
    (slide,) = opened(deck_of(tmp_path, [scene]))
    with Image.open(BytesIO(pictures(slide)[0].image.blob)) as image:
        shown = np.asarray(image.convert("RGB"))
    scale = 900 / storyboard(scene).size[1]
    still = render_stills(Scene(4, 3, view={"scale": scale}), tmp_path)[0]
    with Image.open(still) as image:
        assert np.array_equal(np.asarray(image.convert("RGB")), shown)


@pytest.mark.parametrize("name", ["05b_two_ways", "09_convolution_as_matrix", "17b_causal", "19a_channels"])
def test_every_cell_of_known_figures_is_a_shape(name, tmp_path):
    figure = load_figure(built_in()[name])
    board = storyboard(figure)
    slide = opened(deck_of(tmp_path, [figure], "shapes"))[-1]
    for grid in board.grids:
        assert len(cells(slide, grid.name)) == len(grid.roles)
    titles = [text.text for text in board.texts if text.cell is None]
    shown = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert set(titles) <= set(shown)
