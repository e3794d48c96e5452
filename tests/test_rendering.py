"""The junction from Python: one scene, many, stills; and which placements are shown."""

import os
import pickle
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from PIL import Image

import convanim
from convanim import FormatError, Scene, SceneError, Stack, record, render, render_many, render_stills, storyboard
from convanim.drawing import steps_shown
from convanim.errors import Notice
from convanim.reading import carried_figure
from convanim.writing import write_file


def test_the_public_names_are_all_there():
    for name in convanim.__all__:
        assert getattr(convanim, name)
        assert name in dir(convanim)
    with pytest.raises(AttributeError):
        convanim.nothing  # noqa: B018 - looking is the test


def test_a_recording_is_rendered_with_the_arrays_it_was_given(tmp_path):
    recording = record(Scene(2, 2, view={"kind": "numeric"}), input=[[1, 2], [3, 4]], kernel=[[1, 0], [0, 1]])
    (path,) = render(recording, tmp_path / "x.gif")
    assert record(carried_figure(path)).output.tolist() == [[[5]]]


def test_many_formats_come_from_one_call(tmp_path):
    paths = render(Scene(3, 2), tmp_path / "x.gif", tmp_path / "deep/er/x.png")
    assert all(path.is_file() for path in paths)


def test_python_overwrites_unless_told_not_to(tmp_path):
    render(Scene(3, 2), tmp_path / "x.gif")
    render(Scene(3, 2), tmp_path / "x.gif")
    with pytest.raises(FileExistsError, match=r"x\.gif"):
        render(Scene(3, 2), tmp_path / "x.gif", overwrite=False)
    with pytest.raises(FileExistsError):
        render_stills(Scene(3, 2), tmp_path, "x") and render_stills(Scene(3, 2), tmp_path, "x", overwrite=False)


def test_a_file_that_is_there_is_found_before_another_is_written(tmp_path):
    (tmp_path / "b.png").touch()
    with pytest.raises(FileExistsError):
        render(Scene(3, 2), tmp_path / "a.gif", tmp_path / "b.png", overwrite=False)
    assert not (tmp_path / "a.gif").exists()


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path):
    path = tmp_path / "x"

    def write(stream):
        stream.write(b"ours")
        path.write_bytes(b"theirs")

    with pytest.raises(FileExistsError):
        write_file(path, write, overwrite=False)
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe.gif")
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit((tmp_path / "pipe.gif").read_bytes)
        render(Scene(3, 2), tmp_path / "pipe.gif", overwrite=False)
        assert reading.result().startswith(b"GIF89a")
    assert (tmp_path / "pipe.gif").is_fifo()


def test_a_suffix_that_is_no_format_is_refused_before_anything_is_drawn(tmp_path):
    with pytest.raises(FormatError, match="legal are gif, svg"):
        render(Scene(3, 2), tmp_path / "x.gif", tmp_path / "x.bmp")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor, ProcessPoolExecutor])
def test_many_scenes_at_once_or_at_the_same_time_are_the_same_files(tmp_path, executor):
    scenes = [Scene(3, 2, title="One, two"), Scene(4, 2, title="One two"), Scene(4, 3), Scene(5, 3)]
    seen = []
    if executor is None:
        paths = render_many(scenes, tmp_path, done=seen.append)
    else:
        with executor(2) as pool:
            paths = render_many(scenes, tmp_path, pool, done=seen.append)
    assert seen == ["one_two", "one_two_2", "figure", "figure_2"]
    assert [path.name for path in paths] == [f"{name}.gif" for name in seen]
    assert [carried_figure(path) for path in paths] == scenes


def test_an_error_comes_whole_out_of_another_process(tmp_path):
    scenes = {"large": Scene(2000, 3), "ok": Scene(4, 3)}
    with ProcessPoolExecutor(2) as pool, pytest.raises(SceneError, match=r"large: view\.kind") as caught:
        render_many(scenes, tmp_path, pool)
    assert caught.value.field == "view.kind"


@pytest.mark.parametrize("name", ["", "../evil", "sub/x", "."])
def test_names_that_lead_out_of_the_folder_are_refused(tmp_path, name):
    with pytest.raises(SceneError, match="name"):
        render_many({name: Scene(3, 2)}, tmp_path / "in")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_scene_is_a_type_error(tmp_path):
    with pytest.raises(TypeError, match="expected a Scene"):
        render("dilation", tmp_path / "x.gif")


def test_many_scenes_by_name(tmp_path):
    paths = render_many({"a": Scene(3, 2)}, tmp_path, suffixes=(".gif", "png"))
    assert [path.name for path in paths] == ["a.gif", "a.png"]


def test_stills_are_the_frames_of_the_animation(tmp_path):
    scene = Scene(4, 3)
    (animation,) = render(scene, tmp_path / "x.gif")
    stills = render_stills(scene, tmp_path, "x")
    assert [path.name for path in stills] == ["x-1.png", "x-2.png", "x-3.png", "x-4.png"]
    with Image.open(animation) as moving:
        for number, path in enumerate(stills):
            moving.seek(number)
            with Image.open(path) as still:
                assert still.convert("RGB").tobytes() == moving.convert("RGB").tobytes()
                assert "kernel slides" in still.info["Description"]


def test_scenes_and_recordings_can_be_sent_to_other_processes():
    scene = Scene(4, 3, transposed=True)
    assert pickle.loads(pickle.dumps(scene)) == scene
    assert pickle.loads(pickle.dumps(record(scene))) == record(scene)
    assert pickle.loads(pickle.dumps(storyboard(scene))) == storyboard(scene)


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        ("", range(9)),
        (":", range(9)),
        ("2:5", range(2, 5)),
        ("::4", range(0, 9, 4)),
        ("::5", range(3, 9, 5)),
        ("0::5", range(0, 9, 5)),
        ("::20", range(8, 9)),
        ("-2:", range(7, 9)),
        (4, range(4, 5)),
        (-1, range(8, 9)),
        ("0:100", range(9)),
    ],
)
def test_steps_are_pythons_slices_but_every_nth_ends_with_the_last(steps, shown):
    assert steps_shown(Scene(5, 3, timing={"steps": steps})) == shown


def test_a_still_is_the_last_step_however_many_there_are(tmp_path):
    assert steps_shown(Scene(30, 3), still=True) == range(783, 784)
    assert steps_shown(Scene(30, 3, timing={"steps": "0:100:4"}), still=True) == range(96, 97)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        render(Scene(30, 3), tmp_path / "x.png")


def test_a_selection_shows_what_was_computed_before_it():
    board = storyboard(Scene(5, 3, timing={"steps": "3:9:3"}))
    computed = [item.cells for step in board.steps for item in step.lasting]
    assert computed == [(0, 1, 2, 3), (4, 5, 6)]
    assert [step.number for step in board.steps] == [3, 6]


def test_of_very_many_placements_some_are_shown_evenly_over_all_with_a_notice():
    with pytest.warns(Notice, match="one placement in 2 is shown, 221 of 441"):
        assert steps_shown(Scene(23, 3)) == range(0, 441, 2)
    with pytest.warns(Notice, match="one placement in 3 is shown, 281 of 841"):
        assert steps_shown(Scene(31, 3)) == range(0, 841, 3)
    for total in (401, 799, 800, 801, 12_345, 400_000):
        with pytest.warns(Notice, match="is shown"):
            shown = steps_shown(Scene([total], 1))
        assert shown[-1] == total - 1
        assert 200 <= len(shown) <= 400
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert steps_shown(Scene(320, 1, timing={"steps": ":"})) == range(102_400)
        assert steps_shown(Scene(22, 3)) == range(400)


@pytest.mark.parametrize(("steps", "last"), [(1, 1), (4, 4), (25, 25), (60, 60), (400, 400)])
def test_the_whole_takes_at_most_half_a_minute_with_the_last_step_held(steps, last):
    board = storyboard(Scene([steps], 1))
    assert len(board.steps) == last
    assert board.steps[-1].duration == 2000
    assert board.duration <= 30_000
    assert {step.duration for step in board.steps[:-1]} <= {min(1000, 28_000 // max(steps - 1, 1) // 10 * 10)}


def test_times_are_settable():
    board = storyboard(Scene(4, 3, timing={"step": 70, "hold": 500, "loop": 3}))
    assert [step.duration for step in board.steps] == [70, 70, 70, 500]
    assert board.plays == 3


@pytest.mark.parametrize("suffix", ["png", "pdf"])
@pytest.mark.parametrize(
    "figure",
    [Scene(3, 2, title="x"), Scene(3, 2, stride=2, transposed=True, view={"kind": "scatter"}), Stack(5, [{"kernel": 3}, {"kernel": 2}])],
)  # fmt: skip
def test_each_still_of_a_folder_carries_a_scene_that_shows_it(figure, suffix, tmp_path):
    paths = render_stills(figure, tmp_path, "s", suffix)
    for number, path in enumerate(paths):
        carried = carried_figure(path)
        assert carried.timing.steps == str(number)
        assert type(carried) is type(figure)
        (again,) = render(carried, tmp_path / f"again.{suffix}")
        assert carried_figure(again) == carried
        if suffix == "png":
            with Image.open(path) as one, Image.open(again) as other:
                assert one.convert("RGB").tobytes() == other.convert("RGB").tobytes()
                assert one.info["Description"] == other.info["Description"]
                assert str(number + 1) in one.info["Description"].partition(" of ")[0]
