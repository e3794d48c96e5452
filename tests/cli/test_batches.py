"""`convanim render` of several scenes: names and suffixes in `-o`, one wrong scene among good ones, and updates."""

import pytest

from convanim.reading import carried_figure

TWO = ("no_padding_strides", "dilation")


@pytest.fixture
def wrong(tmp_path):
    """A scene that cannot be."""
    (tmp_path / "wrong.toml").write_text("input = 3\nkernel = 9\n")
    return "wrong.toml"


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("jobs", [(), ("-j", "2")])
def test_names_and_suffixes_stand_for_each_scene_and_format(convanim, tmp_path, jobs):
    run = convanim("render", *TWO, "-o", "out/{name}.{ext}", "--format", "gif,png", *jobs)
    assert run.code == 0
    names = [f"out/{name}.{suffix}" for name in sorted(TWO) for suffix in ("gif", "png")]
    assert files(tmp_path) == sorted(names)
    assert run.err[-1] == "4 files written"
    assert {line.partition(":")[0] for line in run.err[:-1]} == set(names)


def test_one_scene_in_several_formats_by_default_or_in_a_folder(convanim, tmp_path):
    assert convanim("render", "dilation", "--format", "gif,png", "-o", "{name}-x.{ext}").code == 0
    assert files(tmp_path) == ["dilation-x.gif", "dilation-x.png"]
    assert convanim("render", *TWO, "--format", "gif", "-o", "in/").code == 0
    assert "in/dilation.gif" in files(tmp_path)


def test_one_wrong_scene_keeps_no_other_from_being_drawn(convanim, tmp_path, wrong):
    run = convanim("render", TWO[0], wrong, TWO[1], "-o", "out/")
    assert run.code == 1
    assert files(tmp_path / "out") == sorted(f"{name}.gif" for name in TWO)
    assert run.err[-2].startswith("convanim: wrong.toml: kernel: got 9; ")
    assert run.err[-1] == "convanim: 1 of 3 failed: wrong.toml"


def test_what_fails_as_it_is_drawn_is_said_too(convanim, tmp_path):
    (tmp_path / "large.toml").write_text('input = 300\nkernel = 9\n[view]\nkind = "matrix"\n')
    run = convanim("render", "dilation", "large.toml", "-o", "out/{name}.gif", "-j", "2", "-q")
    assert run.code == 1
    assert files(tmp_path / "out") == ["dilation.gif"]
    assert run.err[0].startswith("convanim: large: view.kind: ")
    assert run.err[1:] == ["convanim: 1 of 2 failed: large"]


def test_alone_a_wrong_scene_is_bad_usage(convanim, tmp_path, wrong):
    assert convanim("render", wrong, "-o", "out/").code == 2
    assert not (tmp_path / "out").exists()


def test_a_name_that_is_no_scene_stops_everything(convanim, tmp_path):
    run = convanim("render", "dilation", "dilatoin", "-o", "out/")
    assert run.code == 2
    assert run.err == [
        "convanim: dilatoin: no such scene file and no built-in scene of that name; did you mean dilation?"
    ]
    assert not (tmp_path / "out").exists()


def test_files_that_are_there_stop_everything_unless_forced(convanim, tmp_path):
    assert convanim("render", *TWO, "-o", "out/").code == 0
    before = (tmp_path / "out/dilation.gif").stat().st_mtime_ns
    run = convanim("render", *TWO, "-o", "out/")
    assert (run.code, run.err) == (1, ["convanim: out/no_padding_strides.gif is there already; --force overwrites it"])
    assert convanim("render", *TWO, "-o", "out/", "--force").code == 0
    assert (tmp_path / "out/dilation.gif").stat().st_mtime_ns > before


def test_an_update_draws_what_changed_alone(convanim, tmp_path):
    assert convanim("render", *TWO, "-o", "out/", "--update").code == 0
    before = (tmp_path / "out/dilation.gif").stat().st_mtime_ns
    (tmp_path / "no_padding_strides.toml").write_text("input = 7\nkernel = 3\n")
    run = convanim("render", "no_padding_strides.toml", "dilation", "-o", "out/", "-u")
    assert run.code == 0
    assert run.err[-1] == "1 file written, 1 left as it was"
    assert (tmp_path / "out/dilation.gif").stat().st_mtime_ns == before
    assert carried_figure(tmp_path / "out/no_padding_strides.gif").input == (7, 7)


def test_an_update_leaves_files_that_are_no_figures_unless_forced(convanim, tmp_path):
    (tmp_path / "dilation.gif").write_text("mine")
    run = convanim("render", "dilation", "-u")
    assert run.code == 1
    assert run.err[-2:] == [
        "convanim: dilation.gif is there already; --force overwrites it",
        "convanim: 1 of 1 failed: dilation",
    ]
    assert (tmp_path / "dilation.gif").read_text() == "mine"
    assert convanim("render", "dilation", "-u", "-f").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dilation", "-j", "2", "-o", "-"), "--jobs writes files, not standard output"),
        (("dilation", "-u", "--format", "png", "-o", "x/"), "--update writes files, not a folder of stills"),
        (("dilation", "--format", "gif,png", "-o", "-"), "-o - takes one format, not gif, png"),
        (("dilation", "--format", "gif,bmp"), "'bmp' is not a format; legal are gif, svg"),
        (("dilation", "--format", "png", "-o", "x.gif"), "contradict each other; leave --format out, or write {ext}"),
        (
            (*TWO, "-o", "x.gif"),
            "x.gif would hold no_padding_strides and dilation; a folder (-o figures/) or {name} takes",
        ),
        (("dilation", "-j", "0"), "0 is not in the range x>=1"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_drawn(convanim, tmp_path, words, said):
    run = convanim("render", *words)
    assert run.code == 2
    assert len(run.err) == 1
    assert said in run.err[0]
    assert files(tmp_path) == []


def test_a_scheduler_that_does_not_answer_is_named(convanim, tmp_path, monkeypatch):
    monkeypatch.setattr("convanim.cli.batches._PATIENCE", "1s")
    run = convanim("render", "dilation", "--dask", "tcp://127.0.0.1:9", "-o", "x.gif")
    assert run.code == 2
    assert run.err[-1].startswith("convanim: --dask: no scheduler answers at tcp://127.0.0.1:9")
    assert files(tmp_path) == []


def test_without_its_extra_dask_is_refused_with_the_command_that_installs_it(convanim, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    run = convanim("render", "dilation", "--dask", "tcp://127.0.0.1:9", "-o", "x.gif")
    assert (run.code, run.err) == (
        2,
        ['convanim: --dask needs distributed; install it with: pip install "convanim[dask]"'],
    )
