"""Decks as a user meets them: their ways, what is refused in one line, and all their scenes shown again."""

import importlib.util
import os
import subprocess
import sys

import pytest

from convanim import load_figure, load_scene, render_deck
from convanim.catalogue import built_in
from convanim.formats import DECKS
from convanim.scene.files import figure_to_toml, parse_scene

NAMES = ("dilation", "05b_two_ways", "no_padding_no_strides")
LEGAL = [(suffix, way) for suffix, row in DECKS.items() for way in row.ways]


@pytest.mark.parametrize(("suffix", "way"), LEGAL)
def test_show_prints_every_scene_of_a_deck_in_order(suffix, way, convanim):
    assert convanim("deck", *NAMES, "--as", way, "-o", f"talk.{suffix}").code == 0
    shown = convanim("show", f"talk.{suffix}")
    assert (shown.code, shown.err) == (0, [])
    slides = (1, 10, 35) if way == "shapes" else (1, 2, 3)
    texts = [figure_to_toml(load_figure(built_in()[name])) for name in NAMES]
    assert shown.text == "\n".join(f"# slide {slide}\n{text}" for slide, text in zip(slides, texts, strict=True))


@pytest.mark.parametrize(("suffix", "way"), LEGAL)
def test_a_deck_of_one_figure_is_shown_and_used_as_that_figure(suffix, way, convanim):
    run = convanim("deck", "dilation", "--as", way, "-o", f"talk.{suffix}")
    assert run.err[0].endswith(" bytes, 1 figure")
    scene = load_scene(built_in()["dilation"])
    assert convanim("show", f"talk.{suffix}").text == figure_to_toml(scene)
    assert convanim("render", f"talk.{suffix}", "-o", "again.gif", "-q").code == 0
    assert parse_scene(convanim("show", "again.gif").text) == scene


@pytest.mark.parametrize("suffix", DECKS)
def test_a_deck_of_several_is_no_figure(suffix, convanim):
    convanim("deck", *NAMES, "-o", f"talk.{suffix}", "-q")
    run = convanim("render", f"talk.{suffix}", "-o", "x.gif")
    legal = "legal is a figure, or a deck of one; convanim show prints all"
    assert run.code == 2
    assert run.err == [f"convanim: talk.{suffix}: file: a deck of 3 figures; {legal}"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("-o x.html --as mp4", '"mp4" is no way of a deck in html; legal is steps'),
        ("-o x.pptx --as steps", '"steps" is no way of a deck in pptx; legal is gif or mp4 or shapes'),
        ("-o x.gif", '".gif" is no format of decks; legal are html, pptx'),
        ("-o x.pptx --as mp4 --background transparent", "an MP4 has no transparent ground; legal are "),
        ("-o x.pptx --as shapes --input 40 --all", " shapes; legal are 200,000; show fewer steps (--every, --steps)"),
    ],
)
def test_what_a_deck_cannot_be_is_said_in_one_line(words, says, convanim, tmp_path):
    run = convanim("deck", "no_padding_no_strides", *words.split(), "-q")
    assert run.code == 2
    assert len(run.err) == 1
    assert says in run.err[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("missing", "words", "says"),
    [
        ("pptx", [], 'pptx needs python-pptx; install it with: pip install "convanim[slides]"'),
        ("av", ["--as", "mp4"], 'mp4 needs av; install it with: pip install "convanim[video]"'),
    ],
)
def test_without_an_extra_one_line_says_how_to_get_it(missing, words, says, convanim, monkeypatch, tmp_path):
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == missing else find(name))
    run = convanim("deck", "dilation", "-o", "x.pptx", *words)
    assert (run.code, run.err) == (2, [f"convanim: {says}"])
    assert list(tmp_path.iterdir()) == []


def test_render_names_the_command_for_decks(convanim, tmp_path):
    run = convanim("render", "dilation", "-o", "x.pptx")
    said = 'convanim: ".pptx" is a format of decks; convanim deck writes it, or render_deck'
    assert (run.code, run.err) == (2, [said])
    assert list(tmp_path.iterdir()) == []


def test_a_decks_scenes_are_read_without_the_extra(convanim, monkeypatch):
    convanim("deck", "dilation", "-o", "x.pptx", "-q")
    for name in [name for name in sys.modules if name.startswith("convanim.formats.pptx")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("pptx", "lxml"):
        monkeypatch.setitem(sys.modules, name, None)
    assert convanim("show", "x.pptx").text == figure_to_toml(load_scene(built_in()["dilation"]))


@pytest.mark.parametrize("suffix", DECKS)
@pytest.mark.parametrize("share", [0.001, 0.4, 0.99])
def test_a_deck_cut_short_or_garbled_is_no_traceback(suffix, share, convanim, tmp_path):
    path = render_deck([load_scene(built_in()["dilation"])] * 2, tmp_path / f"x.{suffix}")
    data = path.read_bytes()
    cut = int(len(data) * share)
    path.write_bytes(data[:cut])
    (tmp_path / f"y.{suffix}").write_bytes(data[:cut] + b"\xff" * 64 + data[cut:])
    for name in (f"x.{suffix}", f"y.{suffix}"):
        run = convanim("show", name)
        assert run.code in {0, 2}
        assert len(run.err) == (run.code == 2)


def test_a_zip_that_is_no_deck_carries_no_scene(convanim, tmp_path):
    (tmp_path / "x.pptx").write_bytes(b"PK\x05\x06" + bytes(18))
    (tmp_path / "y.docx").write_bytes(b"PK\x03\x04" + bytes(30))
    for name in ("x.pptx", "y.docx"):
        run = convanim("show", name)
        assert run.code == 2
        assert len(run.err) == 1


@pytest.mark.parametrize(
    ("words", "ways"),
    [
        ("convanim deck --as ", ["steps", "gif", "mp4", "shapes"]),
        ("convanim deck -o talk.pptx --as ", ["gif", "mp4", "shapes"]),
        ("convanim deck -o talk.html --as s", ["steps"]),
    ],
)
def test_ways_are_completed(words, ways):
    environment = os.environ | {"_CONVANIM_COMPLETE": "bash_complete", "COMP_WORDS": words}
    environment["COMP_CWORD"] = str(len(words.split()) if words.endswith(" ") else len(words.split()) - 1)
    code = "import sys; sys.argv = ['convanim']\nfrom convanim.cli import main; main()"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert run.stdout.splitlines() == [f"plain,{way}" for way in ways]


@pytest.mark.parametrize(
    ("file", "way", "unused"), [("x.html", "steps", True), ("x.pptx", "shapes", True), ("x.pptx", "gif", False)]
)
def test_options_of_which_slides_take_no_notice_are_said(file, way, unused, convanim):
    options = ("--pages", "--outlined", "--pixel-format", "yuv444", "--width", "30cm", "--dpi", "300")
    run = convanim("deck", "--input", "3", "--kernel", "2", "-o", file, "--as", way, *options)
    of_decks = [f"convanim: --{name} does nothing in a deck" for name in ("pages", "outlined", "pixel-format")]
    sharp = "does nothing on slides that are drawn sharp at any size"
    of_vectors = [f"convanim: --{name} {sharp}" for name in ("width", "dpi")]
    assert run.code == 0
    assert run.err[:-1] == of_decks + of_vectors * unused
