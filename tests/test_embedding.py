"""The lines that show a figure: read by an HTML parser, by Pillow's sizes, and by LaTeX where it is installed."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import pypdf
import pytest

from convanim import FormatError, Scene, SceneError, render, storyboard
from convanim.cli.embed_command import command
from convanim.embedding import LANGUAGES, embedding
from convanim.errors import Notice
from convanim.formats import FORMATS
from tests.formats.programs import tool

SCENE = Scene(4, 2, stride=2, title='50 % of "a_b" & [c]', view={"width": 200, "pages": True})


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("my figures")
    return dict(zip(FORMATS, render(SCENE, *(folder / f"it's.{suffix}" for suffix in FORMATS)), strict=True))


def elements(text):
    parser = Elements()
    parser.feed(text)
    return parser.found


@pytest.mark.parametrize("suffix", FORMATS)
def test_html_names_the_file_its_size_and_what_it_shows(suffix, files):
    (tag, said), *inside = elements(embedding(str(files[suffix]), "html"))
    assert inside == ([("a", {"href": said["data"]})] if suffix == "pdf" else [])
    board = storyboard(SCENE)
    height = round(200 / board.size[0] * board.size[1])
    expected = {"mp4": "video", "webm": "video", "html": "iframe", "pdf": "object"}.get(suffix, "img")
    assert tag == expected
    assert said.get("src", said.get("data")) == str(files[suffix]).replace(" ", "%20").replace("'", "%27")
    assert said["width"] == "200"
    assert int(said["height"]) == height + (112 if suffix == "html" else 0)
    assert (said.get("allow") == "fullscreen") == (suffix == "html")
    what = said.get("alt") or said.get("aria-label") or said.get("title")
    assert what.startswith("Step 4 of 4 of" if suffix == "png" else "Animation of")
    assert "kernel 2×2, stride 2" in what


def test_a_video_that_plays_once_does_not_loop(tmp_path):
    (path,) = render(Scene(2, 2, timing={"loop": 1}), tmp_path / "x.webm")
    ((_, said),) = elements(embedding(str(path), "html"))
    assert "loop" not in said
    assert {"autoplay", "muted", "playsinline"} <= said.keys()


def test_markdown_and_quarto_show_images_and_hold_html_for_the_rest(files):
    image = embedding(str(files["gif"]), "markdown")
    assert re.fullmatch(r"!\[Animation of [^\]]*\]\(\S*my%20figures\d*/it%27s\.gif\)\n", image)
    figure = embedding(str(files["svg"]), "quarto")
    assert re.fullmatch(r'!\[50 % of "a\\_b" & \\\[c\\\]\]\(\S+\.svg\)\{fig-alt="[^"]*" width=200px\}\n', figure)
    assert embedding(str(files["mp4"]), "quarto").splitlines()[::2] == ["```{=html}", "```"]
    assert embedding(str(files["html"]), "markdown") == embedding(str(files["html"]), "html")


def test_latex_has_every_step_for_its_time(tmp_path):
    scene = Scene(3, 2, view={"pages": True}, timing={"step": 400, "hold": 1600})
    (path,) = render(scene, tmp_path / "x.pdf")
    lines = embedding(str(path), "latex").splitlines()
    assert lines[lines.index(f"\\begin{{filecontents*}}[overwrite]{{{path.with_suffix('.timeline')}}}") + 1 :][:4] == [
        ":2.5:0",
        "::1",
        "::2",
        ":0.625:3",
    ]
    assert lines[-1].endswith(f"]{{2.5}}{{{path.with_suffix('')}}}{{}}{{}}")
    (path,) = render(Scene(3, 2, view={"pages": True}, timing={"step": 400, "hold": 400}), tmp_path / "x.pdf")
    assert "timeline" not in embedding(str(path), "latex")


@pytest.mark.parametrize(("loop", "is_said"), [(0, True), (1, False)])
def test_latex_plays_for_ever_only_what_does(loop, is_said, tmp_path):
    (path,) = render(Scene(3, 2, view={"pages": True}, timing={"loop": loop}), tmp_path / "x.pdf")
    options = re.search(r"\\animategraphics\[(.*?), alttext=", embedding(str(path), "latex"))[1]
    assert ("loop" in options.split(", ")) is is_said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_description_of_several_lines_is_said_in_one(language, tmp_path):
    (path,) = render(Scene(2, 2, description="First line,\n\nsecond line."), tmp_path / "x.png")
    assert "First line, second line." in embedding(str(path), language)


def test_beamer_has_a_click_for_each_step(tmp_path):
    (path,) = render(Scene(3, 2, view={"pages": True}), tmp_path / "x.pdf")
    assert "\\foreach \\step in {1, ..., 4} {\\only<\\step>{\\includegraphics[page=\\step, " in embedding(
        str(path), "beamer"
    )
    (path,) = render(Scene(3, 2, view={"width": "5cm"}), tmp_path / "x.pdf")
    assert "width=5.00cm, alt=" in embedding(str(path), "beamer")
    assert embedding(str(path), "beamer") == embedding(str(path), "latex")


def test_without_a_width_latex_is_told_one_that_fits(tmp_path):
    small, large = Scene(3, 2, view={"pages": True}), Scene(9, 3, padding=1, view={"kind": "numeric"})
    (path,) = render(small, tmp_path / "small.pdf")
    assert "[page=\\step, width=\\textwidth, height=0.8\\textheight, keepaspectratio, alt=" in embedding(
        str(path), "beamer"
    )
    centimetres = storyboard(small).size[0] / 96 * 2.54
    assert centimetres < 12
    assert f"controls, width={centimetres:.2f}cm, " in embedding(str(path), "latex")
    (path,) = render(large, tmp_path / "large.pdf")
    assert storyboard(large).size[0] / 96 * 2.54 > 12
    assert "[width=\\linewidth, alt=" in embedding(str(path), "latex")


@pytest.mark.parametrize("language", ["latex", "beamer"])
@pytest.mark.parametrize("sign", '%#{}\\^~"')
def test_latex_refuses_names_that_it_cannot_read(sign, language, tmp_path):
    (path,) = render(Scene(2, 2), tmp_path / f"100{sign}.png")
    with pytest.raises(FormatError, match=r"LaTeX reads no file named .*; legal are names without % #"):
        embedding(str(path), language)


def test_signs_of_markdown_in_a_title_are_letters(tmp_path):
    (path,) = render(Scene(2, 2, title="$x$ @smith a^2^ ~b~ &amp; c & d"), tmp_path / "x.gif")
    assert r"![\$x\$ \@smith a\^2\^ \~b\~ \&amp; c & d](" in embedding(str(path), "quarto")


@pytest.mark.parametrize("suffix", ["mp4", "pdf"])
def test_a_file_is_shown_without_what_writes_it(suffix, files, monkeypatch):
    expected = embedding(str(files[suffix]), "html")
    monkeypatch.delitem(sys.modules, f"convanim.formats.{suffix}")
    for module in ("av", "reportlab"):
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert embedding(str(files[suffix]), "html") == expected


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix not in {"pdf", "png"}])
def test_latex_refuses_what_it_cannot_show(suffix, files):
    with pytest.raises(FormatError, match=f"LaTeX shows no {suffix}; legal are pdf and png"):
        embedding(str(files[suffix]), "latex")


def test_the_command_prints_them(files, tmp_path):
    def run(*words):
        return subprocess.run(["convanim", "embed", *words], check=False, capture_output=True, text=True)

    said = run(str(files["gif"]), "--in", "html")
    assert (said.returncode, said.stdout, said.stderr) == (0, embedding(str(files["gif"]), "html"), "")
    other = tmp_path / "other.gif"
    other.write_bytes(b"GIF89a")
    for words in (
        [str(other)],
        [str(tmp_path / "none.gif")],
        [str(other), "--in", "word"],
        [str(files["gif"]), "--in", "latex"],
    ):
        said = run(*words)
        assert (said.returncode, said.stdout) == (2, "")
        assert len(said.stderr.splitlines()) == 1, said.stderr
    with pytest.raises(SceneError, match="carries no scene"):
        embedding(str(other), "markdown")


def test_what_was_said_when_a_file_was_made_is_not_said_again(tmp_path):
    with pytest.warns(Notice):
        (path,) = render(Scene(25, 3), tmp_path / "x.svg")
    said = subprocess.run(["convanim", "embed", path], check=True, capture_output=True, text=True)
    assert said.stderr == ""


def test_the_command_knows_all_languages():
    (option,) = (each for each in command.params if each.name == "language")
    assert list(option.type.choices) == list(LANGUAGES)


def test_a_paper_with_a_figure_that_plays_compiles_whatever_it_is_called(tmp_path):
    (path,) = render(Scene(3, 2, view={"pages": True, "width": "5cm"}), tmp_path / "my figures" / "a,b=[1.2].pdf")
    name = str(path.relative_to(tmp_path))
    words = ["convanim", "embed", name, "--in", "latex"]
    said = subprocess.run(words, check=True, capture_output=True, text=True, cwd=tmp_path).stdout
    preamble, _, place = said.partition("% where the figure goes\n")
    text = f"\\documentclass{{article}}\n{preamble}\\begin{{document}}\n{place}\\end{{document}}\n"
    (tmp_path / "paper.tex").write_text(text)
    words = [tool("pdflatex"), "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    subprocess.run(words, check=True, capture_output=True, cwd=tmp_path)
    (times,) = tmp_path.glob("*.timeline")
    assert times.read_text().splitlines()[-1].endswith(":3")


def test_a_beamer_talk_with_the_frames_compiles(tmp_path):
    scenes = [
        Scene(4, 2, view={"pages": True, "width": "6cm"}, title="50 % & a_b^{c}~\\"),
        Scene(3, 2, view={"width": "5cm"}),
    ]
    preambles, frames = "", ""
    for number, (scene, language) in enumerate([(scenes[0], "latex"), (scenes[1], "latex"), (scenes[0], "beamer")]):
        render(scene, tmp_path / f"figure_{number}.pdf")
        run = subprocess.run(
            ["convanim", "embed", f"figure_{number}.pdf", "--in", language],
            check=True,
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        preamble, _, place = run.stdout.partition("% where the figure goes\n")
        preambles += preamble
        frames += f"\\begin{{frame}}\\centering\n{place}\\end{{frame}}\n"
    talk = f"\\documentclass{{beamer}}\n{preambles}\\begin{{document}}\n{frames}\\end{{document}}\n"
    (tmp_path / "talk.tex").write_text(talk)
    words = [tool("pdflatex"), "-interaction=nonstopmode", "-halt-on-error", "talk.tex"]
    for _ in range(3):
        subprocess.run(words, check=True, capture_output=True, cwd=tmp_path)
    assert (tmp_path / "figure_0.timeline").read_text().splitlines()[0] == ":1:0"
    reader = pypdf.PdfReader(tmp_path / "talk.pdf")
    assert len(reader.pages) == 2 + 9
    forms = sum(1 for number in range(1, len(reader.xref[0]) + 1) if _is_form(reader, number))
    assert forms >= 9 + 1, "nine steps and one still"


def _is_form(reader, number):
    found = reader.get_object(number)
    return isinstance(found, dict) and found.get("/Subtype") == "/Form"
