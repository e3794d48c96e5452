"""Many figures at once: what fails keeps nothing else from being done, and any executor gives the same files."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from convanim import FormatError, Scene, SceneError, batch, record, render, render_many
from convanim.batch import Job, outcomes
from convanim.reading import carried_figure, carried_text

GOOD, LARGE = Scene(4, 3), Scene(300, 9, view={"kind": "matrix"})


def job(folder, name, scene=GOOD, suffixes=("gif",)):
    return Job(name, scene, tuple(folder / f"{name}.{suffix}" for suffix in suffixes))


def test_a_wrong_one_is_said_and_the_others_are_written(tmp_path):
    jobs = [job(tmp_path, "a"), job(tmp_path, "wrong", LARGE), job(tmp_path, "b", Scene(5, 3), ("gif", "png"))]
    with ThreadPoolExecutor(2) as pool:
        for made in (list(outcomes(jobs)), list(outcomes(jobs, pool))):
            assert [outcome.job.name for outcome in made] == ["a", "wrong", "b"]
            assert [len(outcome.written) for outcome in made] == [1, 0, 2]
            assert [type(outcome.fault) for outcome in made] == [type(None), SceneError, type(None)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gif", "b.gif", "b.png"]


def test_a_file_that_cannot_be_written_fails_alone(tmp_path):
    (tmp_path / "a.gif").mkdir()
    first, second = outcomes([job(tmp_path, "a"), job(tmp_path, "b")])
    assert isinstance(first.fault, OSError)
    assert second.written == (tmp_path / "b.gif",)


def test_the_files_are_those_of_a_single_run(tmp_path):
    (made,) = outcomes([job(tmp_path, "a", suffixes=("gif", "png"))])
    alone = render(GOOD, tmp_path / "x.gif", tmp_path / "x.png")
    assert [path.read_bytes() for path in made.written] == [path.read_bytes() for path in alone]


def test_more_jobs_than_wait_at_a_time_are_done_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "_WAITING", 3)
    jobs = [job(tmp_path, f"n{number}", Scene(3, 3)) for number in range(11)]
    with ThreadPoolExecutor(2) as pool:
        assert [outcome.job for outcome in outcomes(jobs, pool)] == jobs


def test_what_is_noticed_is_said_of_the_figure(tmp_path):
    (made,) = outcomes([job(tmp_path, "long", Scene(30, 3, view={"cell": 3}))])
    assert [text[:35] for text in made.notices] == ["one placement in 2 is shown, 392 of"]
    with pytest.warns(match="one placement in 2"):
        render_many({"long": Scene(30, 3, view={"cell": 3})}, tmp_path)


def test_every_file_says_which_version_made_it(tmp_path):
    (path,) = render(GOOD, tmp_path / "x.gif")
    assert carried_text(path).splitlines()[0] == "# convanim 0.1.0"
    assert carried_figure(path) == GOOD


def drawn_again(tmp_path, monkeypatch, scenes, **kwargs):
    """The names of the figures that an update draws."""
    drawn = []
    real = batch._drawn
    monkeypatch.setattr(batch, "_drawn", lambda job: drawn.extend(path.name for path in job.paths) or real(job))
    render_many(scenes, tmp_path, suffixes=("gif", "png"), update=True, **kwargs)
    return drawn


def test_an_update_draws_what_is_missing_or_changed(tmp_path, monkeypatch):
    scenes = {"a": GOOD, "b": Scene(5, 3)}
    assert drawn_again(tmp_path, monkeypatch, scenes) == ["a.gif", "a.png", "b.gif", "b.png"]
    assert drawn_again(tmp_path, monkeypatch, scenes) == []
    (tmp_path / "a.png").unlink()
    assert drawn_again(tmp_path, monkeypatch, scenes) == ["a.png"]
    assert drawn_again(tmp_path, monkeypatch, scenes | {"b": Scene(5, 3, stride=2)}) == ["b.gif", "b.png"]
    assert carried_figure(tmp_path / "b.gif") == Scene(5, 3, stride=2)


def test_an_update_draws_what_another_version_made(tmp_path, monkeypatch):
    assert drawn_again(tmp_path, monkeypatch, {"a": GOOD}) == ["a.gif", "a.png"]
    monkeypatch.setattr("convanim.drawing.__version__", "0.2.0")
    assert drawn_again(tmp_path, monkeypatch, {"a": GOOD}) == ["a.gif", "a.png"]
    assert carried_text(tmp_path / "a.gif").startswith("# convanim 0.2.0\n")


def test_an_update_leaves_files_that_are_no_figures(tmp_path):
    foreign = tmp_path / "a.gif"
    foreign.write_bytes(b"mine")
    with pytest.raises(FileExistsError, match=r"a\.gif is there already"):
        render_many({"a": GOOD}, tmp_path, update=True, overwrite=False)
    assert foreign.read_bytes() == b"mine"
    render_many({"a": GOOD}, tmp_path, update=True, overwrite=True)
    assert carried_figure(foreign) == GOOD


def test_an_update_of_a_recording_always_draws(tmp_path):
    """Its arrays may be others than those that its scene makes."""
    one = record(GOOD)
    paths = render_many({"a": one}, tmp_path, update=True)
    before = paths[0].stat().st_ino
    render_many({"a": one}, tmp_path, update=True)
    assert paths[0].stat().st_ino != before


def test_a_format_without_its_extra_fails_by_itself(tmp_path, monkeypatch):
    monkeypatch.setitem(batch.formats.FORMATS, "gif", batch.formats.FORMATS["gif"]._replace(needs="nowhere", extra="x"))
    first, second = outcomes([job(tmp_path, "a"), job(tmp_path, "b", suffixes=("png",))])
    assert isinstance(first.fault, FormatError)
    assert 'pip install "convanim[x]"' in str(first.fault)
    with Image.open(second.written[0]) as image:
        assert image.format == "PNG"


def test_a_dask_cluster_gives_the_files_of_a_local_run(tmp_path):
    """Two workers, each a process; two hundred scenes."""
    import distributed  # noqa: PLC0415 - it takes seconds, which every worker of a test run would wait

    scenes = {
        f"n{number:03}": Scene(3 + number % 4, 1 + number % 3, stride=1 + number // 100, padding=number % 2)
        for number in range(200)
    }
    here, there = tmp_path / "here", tmp_path / "there"
    render_many(scenes, here)
    with (
        distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        paths = render_many(scenes, there, client.get_executor(pure=False))
    assert len(paths) == 200
    for path in paths:
        assert path.read_bytes() == (here / path.name).read_bytes()
