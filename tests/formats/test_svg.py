"""The written SVG, as an XML parser reads it: what it says of itself, its steps and times, its bytes, and that it is safe."""

import gzip
import re
import subprocess
import sys
import unicodedata
import warnings
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convanim import FormatError, Scene, load_figure, render, storyboard
from convanim.catalogue import built_in, built_in_stacks
from convanim.draw.storyboard import Grid, Paint, Step, Storyboard, Text
from convanim.draw.theme import LIGHT, THEMES, Finish
from convanim.drawing import drawing_of
from convanim.errors import Notice
from convanim.formats import svg
from convanim.reading import carried_figure
from convanim.rendering import render_to
from tests.strategies import small_scenes

SPACE = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
DRAWN = {"svg", "title", "desc", "metadata", "style", "g", "path", "text", "image", "defs", "use"}
FIGURES = built_in() | built_in_stacks()
# a step of a figure with 400 or more of them; and of what it may take, raw and as pages are served
LONG = Scene(22, 3, timing={"steps": ":"})


def file_of(figure):
    stream = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Notice)
        render_to(figure, stream, "svg")
    return stream.getvalue()


def written(board, finish=None, note=""):
    stream = BytesIO()
    svg.write(board, finish or Finish(LIGHT), note, stream)
    return stream.getvalue()


def parsed(data):
    return ET.fromstring(data)  # noqa: S314 - our own file


def style_of(root):
    return root.findtext(f"{SPACE}style", "")


def durations_of(root):
    """Milliseconds of each step, from the style sheet."""
    style = style_of(root)
    whole = int(re.search(r"animation:\w+ (\d+)ms step-end", style)[1])
    keyframes = re.findall(r"([\d.]+)%\{--t:(\d+)\}", style)
    assert [int(step) for _, step in keyframes] == list(range(1, len(keyframes) + 1))
    starts = [float(share) / 100 * whole for share, _ in keyframes] + [whole]
    return [end - start for start, end in pairwise(starts)]


def steps_of(root, kind):
    """The steps at which something comes or goes."""
    return [int(each.get("style").removeprefix("--k:")) for each in root.iter() if each.get("class") == kind]


def board_of(*steps, title="A title", plays=0):
    grid = Grid("canvas", (2, 2), (4, 4), (20, 0), (0, 20), ("input",) * 4, ("input tap",), ("value",))
    return Storyboard((48, 48), (grid,), steps, inks=("text",), title=title, alternative="Words.", plays=plays)


@pytest.fixture(scope="module", params=FIGURES)
def figure(request):
    """A figure's board as drawn, and the file of it as an XML parser reads it."""
    scene = load_figure(FIGURES[request.param])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Notice)
        return scene, storyboard(scene), parsed(file_of(scene))


def test_it_says_what_it_is_and_how_large(figure):
    _, board, root = figure
    width, height = board.size
    assert root.tag == f"{SPACE}svg"
    assert root.get("viewBox") == f"0 0 {width} {height}"
    assert (root.get("width"), root.get("height")) == (str(width), str(height))
    assert root.get("role") == "img"
    names = root.get("aria-labelledby").split()
    assert [root.find(f"*[@id='{name}']").text for name in names] == [board.title, board.alternative]
    assert {each.tag.removeprefix(SPACE) for each in root.iter()} <= DRAWN


def test_each_step_is_held_as_long_as_the_storyboard_says(figure):
    _, board, root = figure
    if len(board.steps) == 1:
        assert not style_of(root)
        return
    held = durations_of(root)
    assert len(held) == len(board.steps)
    assert held == pytest.approx([step.duration for step in board.steps], abs=1e-2)
    assert set(steps_of(root, "p")) <= set(range(1, len(held) + 1))


def test_it_carries_what_made_it(figure, tmp_path):
    scene, _, _ = figure
    path = tmp_path / "figure.svg"
    path.write_bytes(file_of(scene))
    assert carried_figure(path) == scene


def test_without_its_style_sheet_it_shows_the_last_step_and_no_other(figure):
    _, board, root = figure
    hidden = {each for group in root.iter() if group.get("opacity") == "0" for each in group.iter()}
    assert all(each.get("class") == "b" for each in root.iter() if each.get("opacity"))
    seen = [each for each in root.iter() if each.get("class") == "p" and each not in hidden]
    assert {each.get("style") for each in seen} <= {f"--k:{len(board.steps)}"}
    assert bool(seen) == (len(board.steps) > 1)


@pytest.mark.parametrize(("plays", "often"), [(0, "infinite"), (1, "1"), (3, "3")])
def test_it_plays_for_ever_or_n_times_and_then_stays(plays, often):
    board = board_of(Step(0, 100), Step(1, 250), Step(2, 4000), plays=plays)
    assert f"4350ms step-end {often} forwards}}" in style_of(parsed(written(board)))


def test_steps_of_uneven_lengths_keep_theirs():
    times = [20, 333, 1, 70_000, 600_000]
    root = parsed(written(board_of(*(Step(number, time) for number, time in enumerate(times)))))
    assert durations_of(root) == pytest.approx(times, abs=0.01)


def test_all_that_moves_is_for_screens_of_readers_who_do_not_mind():
    style = style_of(parsed(file_of(Scene(4, 3))))
    assert style.startswith("@media screen and (prefers-reduced-motion:no-preference){")
    assert style.endswith("}}")
    assert style.count("@media") == 1


def test_a_still_has_one_step_and_nothing_that_moves(tmp_path):
    (path,) = render(Scene(4, 3, timing={"steps": "2"}), tmp_path / "still.svg")
    root = parsed(path.read_bytes())
    assert not style_of(root)
    assert not [each for each in root.iter() if each.get("class") in {"b", "p", "l"} or each.get("opacity")]
    assert any(text.text.strip().startswith("3") for text in root.iter(f"{SPACE}text"))  # "step 3 / 4"


def test_the_command_line_makes_animations_and_stills(tmp_path):
    for line, steps in (("", 9), ("--still 4", 1), ("--steps 2:5", 3)):
        command = [sys.executable, "-m", "convanim", "render", "dilation", *line.split(), "-o", "figure.svg", "-f"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        root = parsed((tmp_path / "figure.svg").read_bytes())
        assert (len(durations_of(root)) if style_of(root) else 1) == steps
        assert ("Step 4 of 9" in root.findtext(f"{SPACE}desc")) == (steps == 1)
    shown = subprocess.run(
        [sys.executable, "-m", "convanim", "show", "figure.svg"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert 'steps = "2:5"' in shown.stdout


@pytest.mark.parametrize("scale", [0.25, 1, 2.5])
def test_scale_sets_how_large_it_is_shown_and_changes_nothing_in_it(scale):
    plain, scaled = (parsed(file_of(Scene(4, 3, view={"scale": each}))) for each in (1, scale))
    assert float(scaled.get("width")) == pytest.approx(float(plain.get("width")) * scale)
    assert float(scaled.get("height")) == pytest.approx(float(plain.get("height")) * scale)
    assert scaled.get("viewBox") == plain.get("viewBox")
    assert [each.get("d") for each in scaled.iter()] == [each.get("d") for each in plain.iter()]


def test_a_transparent_ground_is_not_drawn():
    opaque, clear = (parsed(file_of(Scene(4, 3, view={"background": ground}))) for ground in ("theme", "transparent"))
    whole = f"M0 0h{opaque.get('width')}v{opaque.get('height')}H0z"
    assert whole in {each.get("d") for each in opaque.iter()}
    assert whole not in {each.get("d") for each in clear.iter()}


def test_the_same_scene_gives_the_same_bytes_in_every_process(tmp_path):
    for view in ({}, {"outlined": True}, {"theme": "print", "kind": "numeric"}):
        code = f"import convanim, sys; convanim.render(convanim.Scene(4, 3, padding=1, view={view}), sys.argv[1])"
        command = [sys.executable, "-c", code, tmp_path / "there.svg"]
        subprocess.run(command, check=True, env={"PYTHONHASHSEED": "7"})
        assert (tmp_path / "there.svg").read_bytes() == file_of(Scene(4, 3, padding=1, view=view))


def test_figures_of_a_page_do_not_share_names():
    scenes = [Scene(4, 3), Scene(4, 3, view={"theme": "dark"}), Scene(4, 3, timing={"steps": "1"}), Scene(5, 3)]
    names = [{each.get("id") for each in parsed(file_of(scene)).iter() if each.get("id")} for scene in scenes]
    assert len(set.union(*names)) == sum(map(len, names))
    data = file_of(scenes[0]).decode()
    own = parsed(data).get("id")
    selectors = re.findall(r"[{}]([^{}@%]+)\{", style_of(parsed(data)))
    assert all(each.startswith(f"#{own}") for each in selectors)


def test_it_is_far_smaller_than_the_gif():
    scene = load_figure(FIGURES["no_padding_strides_transposed"])
    gif = BytesIO()
    render_to(scene, gif, "gif")
    data = file_of(scene)
    assert len(data) < 25_000 < len(gif.getvalue()) / 4
    assert len(gzip.compress(data)) < 5_000


def test_four_hundred_steps_take_a_few_hundred_bytes_each():
    data = file_of(LONG)
    assert len(durations_of(parsed(data))) == 400
    assert len(data) < 400 * 600
    assert len(gzip.compress(data)) < 400 * 100


def test_a_picture_of_many_cells_takes_a_byte_a_cell_at_rest():
    root = parsed(file_of(load_figure(FIGURES["picture"])))
    image = next(root.iter(f"{SPACE}image"))
    assert (image.get("width"), image.get("height")) == ("224", "224")
    assert image.get(LINK).startswith("data:image/png;base64,")
    assert len(image.get(LINK)) < 224 * 224


# what no file may break on
NASTY = [
    "]]>",
    "<script>alert(1)</script>",
    "</title><script/>",
    "</style></metadata>",
    "\"quotes' & &amp; ampersands",
    "{name} {content} %s \\1",
    "\x01\x08\x0b\x1f\x7f\x85\x9f",
    "\ufffe\uffff\U0010ffff",
    "lone \ud800 \udfff",
    "עברית \u202e العربية",
    "line\r\nbreak\ttab\u2028",
    "<!-- --> <?xml?> <![CDATA[",
]
# legal in XML, and no control character
LEGAL = re.compile("[\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def shown(text):
    return "".join(each if LEGAL.match(each) else "\ufffd" for each in text)


@given(st.one_of(st.sampled_from(NASTY), st.text(st.characters(), max_size=30)))
@settings(max_examples=100, deadline=None)
def test_no_title_breaks_it(title):
    text = "".join(each for each in title if unicodedata.category(each)[0] not in "CZ" and ord(each) < 0x250)
    steps = [Step(number, 100, (), (Text(9, 9, text or "x", "text", 9),)) for number in range(2)]
    board = replace(board_of(*steps, title=title), alternative=title[::-1])
    root = parsed(written(board, note=title))
    assert root.findtext(f"{SPACE}title", "") == shown(title)
    assert {each.tag.removeprefix(SPACE) for each in root.iter()} <= DRAWN - {"image", "use", "defs"}
    assert all(set(each.keys()) & {"onload", "href"} == set() for each in root.iter())


@given(st.one_of(st.sampled_from(NASTY[:-5]), st.text(st.characters(codec="utf-8"), max_size=30)))
@settings(max_examples=60, deadline=None)
def test_a_scene_of_any_title_is_read_back(tmp_path_factory, title):
    scene = Scene(3, 2, title=title, description=title[::-1], view={"caption": False})
    path = tmp_path_factory.mktemp("read") / "figure.svg"
    path.write_bytes(file_of(scene))
    assert carried_figure(path) == scene


@settings(max_examples=25, deadline=None)
@given(
    small_scenes(ops=("conv", "max_pool", "avg_pool")),
    st.sampled_from(["isometric", "numeric"]),
    st.sampled_from(list(THEMES)),
)
def test_any_scene_is_well_formed_and_says_its_times(scene, kind, theme):
    scene = replace(scene, view={"kind": kind, "theme": theme})
    board, root = storyboard(scene), parsed(file_of(scene))
    assert len(board.steps) == (len(durations_of(root)) if style_of(root) else 1)


def test_a_file_that_is_no_figure_of_ours_carries_no_scene(tmp_path):
    bomb = '<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><svg><metadata class="convanim">&c;</metadata></svg>'
    for text in ("<svg", "<svg/>", "<svg><metadata>input = 3</metadata></svg>", bomb):
        (tmp_path / "other.svg").write_text(text)
        with pytest.raises(ValueError, match="carries no scene"):
            carried_figure(tmp_path / "other.svg")


def test_a_figure_that_an_editor_wrote_anew_is_still_read(tmp_path):
    root = parsed(file_of(Scene(4, 3)))
    ET.register_namespace("own", SPACE.strip("{}"))
    text = ET.tostring(root, encoding="unicode")
    assert "<own:metadata" in text
    (tmp_path / "edited.svg").write_text(f'\ufeff<?xml version="1.0" encoding="UTF-8"?>\n{text}', encoding="utf-8")
    assert carried_figure(tmp_path / "edited.svg") == Scene(4, 3)


def test_a_cell_is_drawn_anew_only_where_it_changes():
    """Steps that paint a cell as it is already draw nothing."""
    steps = [
        Step(0, 100, (Paint("canvas", (1,), "input tap"),)),
        Step(1, 100, (Paint("canvas", (1,), "input tap"),), (Paint("canvas", (1,), "input tap"),)),
        Step(2, 100, (Paint("canvas", (1,), "input"),), (Paint("canvas", (3,), "input"),)),
    ]
    root = parsed(written(board_of(*steps)))
    assert steps_of(root, "l") == [3]
    assert steps_of(root, "p") == []


def test_outlines_need_no_font_and_are_drawn_once_each(tmp_path):
    scene = Scene(4, 3, view={"kind": "numeric", "outlined": True})
    (path,) = render(scene, tmp_path / "outlined.svg")
    root = parsed(path.read_bytes())
    assert not list(root.iter(f"{SPACE}text"))
    glyphs = {f"#{each.get('id')}" for each in root.find(f"{SPACE}defs")}
    used = {each.get(LINK) for each in root.iter(f"{SPACE}use")}
    assert used == glyphs
    assert len({each.get("d") for each in root.find(f"{SPACE}defs")}) == len(glyphs) > 10
    assert carried_figure(path) == scene


def test_outlines_without_fonttools_are_refused_by_a_command(monkeypatch, tmp_path):
    monkeypatch.setattr("convanim.formats.glyphs.find_spec", lambda _: None)
    with pytest.raises(FormatError, match=r'pip install "convanim\[outlined\]"'):
        render(Scene(4, 3, view={"outlined": True}), tmp_path / "outlined.svg")
    assert not list(tmp_path.iterdir())
    render(Scene(4, 3), tmp_path / "text.svg")


def test_texts_are_as_wide_as_they_were_laid_out():
    scene = Scene(4, 3, view={"kind": "numeric"})
    board = drawing_of(scene, [None]).board(stills=False)
    from convanim.draw.text import width  # noqa: PLC0415 - looked at here alone

    root = parsed(file_of(scene))
    said = {each.text: each.get("textLength") for each in root.iter(f"{SPACE}text")}
    long = [text for text in board.texts if len(text.text) >= 4]
    assert long
    for text in long:
        assert float(said[text.text]) == pytest.approx(
            width(text.text, text.size, bold=text.bold, italic=text.italic), abs=0.01
        )
