"""`convanim site`: what it writes and says, and what it refuses."""

import pytest


@pytest.fixture
def scenes(tmp_path):
    folder = tmp_path / "scenes"
    folder.mkdir()
    (folder / "one.toml").write_text("input = 3\nkernel = 2\n")
    (folder / "two.toml").write_text("input = 4\nkernel = 2\ntransposed = true\n")
    return folder


@pytest.mark.usefixtures("scenes")
def test_a_folder_becomes_a_site(convanim, tmp_path):
    run = convanim("site", "scenes", "-o", "site", "--jobs", 2)
    assert (run.code, run.out, run.err) == (0, b"", ["2 figures in site; open site/index.html"])
    assert {path.name for path in (tmp_path / "site").glob("*.html")} == {"index.html", "one.html", "two.html"}
    assert convanim("site", "scenes", "-o", "site", "-q").err == []


def test_wrong_scenes_are_named_all_at_once_and_nothing_is_written(convanim, scenes, tmp_path):
    (scenes / "three.toml").write_text("input = 3\nkernel = 9\n")
    (scenes / "four.toml").write_text("input = 3\nkernl = 2\n")
    run = convanim("site", "scenes", "-o", "site")
    assert run.code == 2
    assert [line.split(": ")[1] for line in run.err] == ["scenes/four.toml", "scenes/four.toml", "scenes/three.toml"]
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("site",), "Missing option '-o'"),
        (("site", "none", "-o", "site"), "none"),
        (("site", "empty", "-o", "site"), "empty holds no scene files"),
        (
            ("site", "-o", "site", "--address", "example.org"),
            "--address: got example.org; legal is the site's address, https://…",
        ),
    ],
)
def test_wrong_words_are_refused(convanim, tmp_path, words, said):
    (tmp_path / "empty").mkdir()
    run = convanim(*words)
    assert run.code == 2
    assert len(run.err) == 1
    assert said in run.err[0]


@pytest.mark.usefixtures("scenes")
def test_a_file_of_someone_elses_is_left_alone(convanim, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "one.html").write_text("mine")
    run = convanim("site", "scenes", "-o", "site")
    assert run.code == 1
    assert "one.html is there already" in run.err[0]
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["one.html"]
    assert convanim("site", "scenes", "-o", "site", "--force").code == 0
