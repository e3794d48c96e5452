"""Formats as a user meets them: written in one run, read back, refused in one line before anything is written."""

import importlib.util
from io import BytesIO

import pytest

from convanim import Scene, load_scene
from convanim.catalogue import built_in
from convanim.formats import FORMATS
from convanim.reading import carried_figure
from convanim.rendering import render_to
from convanim.scene.files import figure_to_toml

MOVING = [row.suffix for row in FORMATS.values() if not row.stills]


@pytest.mark.parametrize("suffix", FORMATS)
def test_show_prints_the_scene_of_a_figure(suffix, convanim):
    assert convanim("render", "dilation", "-o", f"x.{suffix}").code == 0
    shown = convanim("show", f"x.{suffix}")
    assert shown.code == 0
    assert shown.text == figure_to_toml(load_scene(built_in()["dilation"]))


@pytest.mark.parametrize("suffix", MOVING)
@pytest.mark.parametrize("cut", [13, 40, 200, -1])
def test_a_file_cut_short_or_garbled_is_no_traceback(suffix, cut, convanim, tmp_path):
    stream = BytesIO()
    render_to(Scene(4, 3), stream, suffix)
    data = stream.getvalue()
    (tmp_path / f"x.{suffix}").write_bytes(data[:cut])
    (tmp_path / f"y.{suffix}").write_bytes(data[:cut] + b"\xff" * 64 + data[cut:])
    for name in (f"x.{suffix}", f"y.{suffix}"):
        run = convanim("show", name)
        assert run.code in {0, 2}
        assert len(run.err) == (run.code == 2)


@pytest.mark.parametrize("suffix", ["mp4", "webm"])
def test_without_the_extra_one_line_says_how_to_get_it(suffix, convanim, monkeypatch, tmp_path):
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "av" else find(name))
    run = convanim("render", "dilation", "-o", "x.gif", "-o", f"x.{suffix}")
    assert run.code == 2
    assert run.err == [f'convanim: {suffix} needs av; install it with: pip install "convanim[video]"']
    assert list(tmp_path.iterdir()) == []


def test_many_formats_are_computed_once(convanim, monkeypatch, tmp_path):
    from convanim import drawing  # noqa: PLC0415 - whose record is counted

    calls, record = [], drawing.record
    monkeypatch.setattr(drawing, "record", lambda figure: calls.append(figure) or record(figure))
    words = [word for suffix in ("gif", "mp4", "webp", "apng", "webm") for word in ("-o", f"fig.{suffix}")]
    run = convanim("render", "dilation", *words)
    assert run.code == 0
    assert len(run.err) == 5
    assert len(calls) == 1
    assert len({carried_figure(path) for path in tmp_path.glob("fig.*")}) == 1


@pytest.mark.parametrize(
    ("suffix", "words", "says"),
    [
        (
            "apng",
            "--hold 70001",
            "an APNG holds no step of 70001 ms; legal are 20 to 65535 ms, and tens up to 655350 ms",
        ),
        (
            "mp4",
            "--background transparent",
            "an MP4 has no transparent ground; legal are gif, png, apng, webp and webm",
        ),
        ("webm", "--background transparent --pixel-format yuv444", "legal is yuv420"),
        ("mp4", "--pixel-format yuv422", "legal is yuv420 or yuv444"),
        ("webp", "--input 600x2 --kernel 1 --cell 30 --view numeric --every 600 --no-caption", "16383 pixels a side"),
    ],
)
def test_what_a_format_cannot_hold_is_said_before_anything_is_written(suffix, words, says, convanim, tmp_path):
    options = ["--input", "4", "--kernel", "3"] if "--input" not in words else []
    run = convanim("render", *options, *words.split(), "-o", "x.gif", "-o", f"x.{suffix}", "-q")
    assert run.code == 2
    assert len(run.err) == 1
    assert says in run.err[0]
    assert list(tmp_path.iterdir()) == []


def test_options_that_no_file_has_a_use_for_are_said(convanim):
    run = convanim("render", "dilation", "-o", "x.gif", "--pages", "--outlined", "--pixel-format", "yuv444")
    assert run.code == 0
    assert run.err[:3] == [
        "convanim: --pages does nothing here; it is for pdf",
        "convanim: --outlined does nothing here; it is for svg and pdf",
        "convanim: --pixel-format does nothing here; it is for mp4 and webm",
    ]
    assert len(convanim("render", "dilation", "-o", "x.pdf", "--pages", "--outlined").err) == 1
    run = convanim("render", "dilation", "-o", "one.pdf", "--pages", "--still", "3")
    assert run.err[0] == "convanim: --pages does nothing beside --still, which shows one step"


def test_braces_that_stand_for_nothing_are_refused(convanim, tmp_path):
    run = convanim("render", "dilation", "-o", "{nam}.{ext}")
    assert (run.code, run.err) == (
        2,
        ["convanim: -o {nam}.{ext}: {nam} stands for nothing; legal are {name} and {ext}"],
    )
    assert list(tmp_path.iterdir()) == []
