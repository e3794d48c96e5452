"""What the explorer answers is what the Python interface says, for random scenes and all that come with convanim."""

import json
import shlex
import tomllib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from warnings import catch_warnings, simplefilter

import av
import numpy as np
import pypdf
import pytest
from PIL import Image
from pptx import Presentation

from convanim import Comparison, Scene, SceneError, Stack, record
from convanim.catalogue import built_in, built_in_stacks
from convanim.draw.theme import DARK
from convanim.drawing import drawing_of
from convanim.explore import answers
from convanim.explore.answers import FRAMEWORKS
from convanim.formats import DECKS, FORMATS
from convanim.formats.player_data import player_data
from convanim.reading import carried_figure
from convanim.scene import parse_scene, scene_to_dict
from convanim.scene.files import figure_to_toml, load_figure, parse_mapping, read_figure
from convanim.view_table import VIEWS
from tests.explore.asking import asked, get, post
from tests.random_scenes import random_comparison, random_scene, random_stack
from tests.scene.test_option_names import scene_of_words

SCENES = 50
KINDS = tuple(VIEWS)
FIRST = Scene(5, 3, stride=2, padding=1, title="Größe <b>&amp; Maß</b>")


def scenes():
    return [random_scene(f"answers {number}", KINDS[number % len(KINDS)]) for number in range(SCENES)]


def as_json(value):
    return json.loads(json.dumps(value))


def as_player(figure, **changes):
    pictured = drawing_of(figure, [None]).pictured()
    return as_json(player_data(pictured.board, pictured.finish._replace(**changes)))


@pytest.fixture(scope="module")
def answered():
    """Fifty scenes, each with its answer."""
    made = scenes()
    said = asked(*(("POST", "/api/figure", {"json": {"scene": scene_to_dict(scene)}}) for scene in made))
    assert {each.status_code for each in said} == {200}
    return [(scene, each.json()) for scene, each in zip(made, said, strict=True)]


def test_the_figure_is_what_the_scene_draws(answered):
    for scene, answer in answered:
        assert answer["figure"] == as_player(scene)


def test_sizes_are_those_of_the_scene_and_its_record(answered):
    for scene, answer in answered:
        said, output = answer["resolved"], record(scene).output
        assert said["output"] == list(output.shape[-scene.dimensions :])
        assert said["input"] == list(scene.input)
        for name in ("kernel", "stride", "dilation", "in_channels", "out_channels", "groups", "canvas"):
            assert said[name] == as_json(getattr(scene, name)), name
        assert said["padding"] == as_json(scene.pads)


def test_values_are_those_of_the_record_and_a_scene_file_holds_them(answered):
    shown = 0
    for scene, answer in answered:
        recording = record(scene)
        for name, values in answer["values"].items():
            array = getattr(recording, name)
            assert np.array_equal(np.array(values, dtype=array.dtype).ravel(), array.ravel())
            again = {**scene_to_dict(scene), "values": {**scene_to_dict(scene).get("values", {}), name: values}}
            assert np.array_equal(getattr(record(Scene.from_dict(again)), name), array)
            shown += 1
        assert ("input" in answer["values"]) == (recording.input.size <= 400)
    assert shown > SCENES


def test_text_scene_and_command_give_the_scene_back(answered):
    for scene, answer in answered:
        assert parse_scene(answer["text"]) == scene
        assert Scene.from_dict(answer["scene"]) == scene
        program, command, *words, option, target = shlex.split(answer["command"])
        assert (program, command, option, target) == ("convanim", "render", "-o", "figure.gif")
        assert scene_of_words(words) == scene


def test_a_text_is_answered_as_the_scene_that_it_says(answered):
    for scene, answer in answered[:16]:
        assert post("/api/figure", {"text": figure_to_toml(scene)}).json() == answer
        assert post("/api/figure", {"text": json.dumps(scene_to_dict(scene))}).json() == answer


def test_code_is_that_of_the_scene(answered):
    for scene, answer in answered:
        for framework in FRAMEWORKS:
            said = post("/api/code", {"scene": answer["scene"], "framework": framework})
            assert (said.status_code, said.json().get("code", said.json().get("reason"))) == coded(scene, framework)


def coded(scene, framework):
    """The status, and the code or why there is none."""
    try:
        return 200, scene.to_code(framework)
    except SceneError as fault:
        return 422, str(fault)


@pytest.mark.parametrize("number", range(8))
def test_comparisons_and_stacks_are_drawn_and_come_back(number):
    for figure in (random_comparison(f"answers {number}"), random_stack(f"answers {number}")):
        answer = post("/api/figure", {"text": figure_to_toml(figure)}).json()
        assert answer["scene"] is None
        assert answer["figure"] == as_player(figure)
        assert read_figure(parse_mapping(answer["text"])) == figure


def test_notices_are_told():
    answer = post("/api/figure", {"scene": {"input": 30, "kernel": 3, "padding": 1}}).json()
    (notice,) = answer["notices"]
    assert notice.startswith("one placement in 3 is shown, 300 of 900")


def test_a_dark_page_has_dark_figures_unless_the_scene_says_otherwise():
    plain, light = {"input": 5, "kernel": 3}, {"input": 5, "kernel": 3, "view": {"theme": "print"}}
    assert post("/api/figure", {"scene": plain, "dark": True}).json()["figure"] == as_player(Scene(5, 3), theme=DARK)
    assert post("/api/figure", {"scene": light, "dark": True}).json()["figure"] == as_player(Scene.from_dict(light))


def test_every_preset_draws():
    start = get("/api/start").json()
    homes = {**built_in(), **built_in_stacks()}
    assert {each["name"] for each in start["presets"]} == set(homes)
    said = asked(*(("POST", "/api/figure", {"json": {"text": each["text"]}}) for each in start["presets"]))
    for preset, answer in zip(start["presets"], said, strict=True):
        assert answer.status_code == 200, (preset["name"], answer.text[:300])
        figure = load_figure(homes[preset["name"]])
        assert answer.json()["figure"] == as_player(figure), preset["name"]
        assert preset["title"] == figure.title


def test_the_start_names_all_formats_and_frameworks():
    start = get("/api/start").json()
    assert {each["suffix"] for each in start["formats"]} == {*FORMATS, *DECKS}
    assert start["frameworks"] == list(FRAMEWORKS)


def _frames(data):
    with Image.open(BytesIO(data)) as image:
        return image.n_frames, image.size


def _of_video(data):
    with av.open(BytesIO(data)) as container:
        (stream,) = container.streams.video
        return sum(1 for _ in container.decode(stream)), (stream.width, stream.height)


FIGURES = {
    "scene": FIRST,
    "comparison": Comparison([{"input": 4, "title": "a"}, {"input": 5, "title": "b"}], kernel=3),
    "stack": Stack(9, [{"kernel": 3}, {"op": "max_pool", "kernel": 2}]),
}


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("suffix", [*FORMATS, "pptx"])
def test_a_download_opens_elsewhere_and_carries_its_scene(suffix, name, tmp_path):
    figure = FIGURES[name]
    answer = post(f"/api/file/{suffix}", {"text": figure_to_toml(figure)})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="figure.{suffix}"'
    assert answer.headers["content-type"] == "application/octet-stream"
    board = drawing_of(figure, [None]).board(stills=False)
    steps = len(board.steps)
    match suffix:
        case "gif" | "apng" | "webp":
            assert _frames(answer.content) == (steps, board.size)
        case "png":
            assert _frames(answer.content)[0] == 1
        case "mp4" | "webm":
            frames, size = _of_video(answer.content)
            assert frames >= steps
            assert abs(size[0] - board.size[0]) <= 1
        case "svg" | "html":
            assert answer.content.decode().lstrip().startswith(("<svg", "<?xml", "<!doctype html>"))
        case "pdf":
            assert len(pypdf.PdfReader(BytesIO(answer.content)).pages) == 1
        case "pptx":
            assert len(Presentation(BytesIO(answer.content)).slides) >= 1
            assert zipfile.ZipFile(BytesIO(answer.content)).testzip() is None
    path = tmp_path / f"figure.{suffix}"
    path.write_bytes(answer.content)
    assert carried_figure(path) == figure


WRONG = {
    "kernel too large": ({"input": 3, "kernel": 9}, ["kernel"]),
    "several": ({"input": 0, "kernel": "x", "stride": -1}, ["input", "kernel", "stride"]),
    "unknown": ({"input": 5, "kernle": 3}, ["kernle", "kernel"]),
    "section": ({"input": 5, "kernel": 3, "view": {"kind": "cubic", "cell": 1}}, ["view.kind", "view.cell"]),
    "comparison": ({"scenes": [{"input": 5, "kernel": 3}, {"input": 5, "kernel": 7}]}, ["scenes[2].kernel"]),
    "stack": ({"input": 5, "layers": [{"kernel": 3}, {"kernel": 4}]}, ["layers[2].kernel"]),
    "view": ({"input": [5, 5, 5], "kernel": 3}, ["view.kind"]),
    "nothing": ({}, ["input", "kernel"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("path", ["/api/figure", "/api/file/gif"])
def test_what_is_wrong_is_said_field_by_field(path, name):
    scene, fields = WRONG[name]
    answer = post(path, {"scene": scene})
    assert answer.status_code == 422
    problems = answer.json()["problems"]
    assert [each["field"] for each in problems] == fields
    assert all(each["given"] and each["legal"] for each in problems)
    assert answer.json()["reason"] == "\n".join("{field}: {given}; {legal}".format(**each) for each in problems)


@pytest.mark.parametrize(
    "question", [{}, {"scene": None}, {"scene": []}, {"scene": "input = 5"}, {"text": 5}, {"text": None}]
)
def test_a_question_without_a_figure_is_told_so(question):
    for path in ("/api/figure", "/api/code", "/api/file/gif"):
        answer = post(path, question)
        assert (answer.status_code, answer.json()["problems"][0]["field"]) == (422, "request")


def test_what_is_no_scene_file_is_told_with_its_place():
    answer = post("/api/figure", {"text": "input = 5\nkernel = x"})
    assert answer.status_code == 422
    assert "line 2" in answer.json()["reason"]


@pytest.mark.parametrize(("code", "input"), [("nn.Conv1d(1, 1, 3)", 5), ("nn.Conv3d(1, 1, 3)", [5, 5, 5])])
def test_a_layer_of_other_axes_than_the_figure_has_its_first_size(code, input):
    scene = post("/api/layer", {"code": code, "input": [5, 7]}).json()["scene"]
    assert Scene.from_dict(scene).input == ((5,) if input == 5 else (5, 5, 5))


def test_code_of_a_layer_becomes_a_scene():
    answer = post("/api/layer", {"code": "nn.Conv2d(1, 1, 3, stride=2, padding=1)", "input": 7})
    assert Scene.from_dict(answer.json()["scene"]) == Scene(7, 3, stride=2, padding=1)
    answer = post("/api/layer", {"code": "open('/etc/passwd').read()", "input": 7})
    assert (answer.status_code, answer.json()["problems"][0]["field"]) == (422, "code")


def test_a_title_is_data_and_nothing_else():
    title = '</script><script>alert(1)</script><img src=x onerror="alert(1)"> \u2028'
    answer = post("/api/figure", {"scene": {"input": 3, "kernel": 2, "title": title}})
    assert answer.headers["content-type"] == "application/json"
    assert answer.text.isascii()
    said = answer.json()
    assert said["scene"]["title"] == said["figure"]["title"] == " ".join(title.split())
    assert tomllib.loads(said["text"])["title"] == " ".join(title.split())
    page = post("/api/file/html", {"scene": {"input": 3, "kernel": 2, "title": title}}).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_picture_is_averaged_to_the_size():
    grey = np.arange(64, dtype=np.uint8).reshape(8, 8) * 4
    stream = BytesIO()
    Image.fromarray(grey).save(stream, "PNG")
    answer = asked(
        (
            "POST",
            "/api/picture?size=4x2",
            {"content": stream.getvalue(), "headers": {"Content-Type": "application/octet-stream"}},
        )
    )[0].json()
    scene = Scene([4, 2], 1, values={"input": {"image": answer["image"]}})
    means = grey.reshape(4, 2, 2, 4).mean(axis=(1, 3))
    assert np.abs(record(scene).input.reshape(4, 2) - means).max() <= 0.5
    assert answers.figure({"scene": scene_to_dict(scene)})["scene"] == scene_to_dict(scene)


def test_notices_are_told_to_who_asked_though_others_ask_meanwhile(monkeypatch):
    together, draw = Barrier(3), answers.drawing_of

    def drawing_of(figure, rows):
        together.wait(10)  # all have begun before any draws
        return draw(figure, rows)

    monkeypatch.setattr(answers, "drawing_of", drawing_of)
    large, small = ({"scene": {"input": size, "kernel": 3}} for size in (30, 5))
    with catch_warnings(), ThreadPoolExecutor(3) as threads:
        simplefilter("error")
        told = threads.submit(answers.figure, large)
        others = threads.submit(answers.figure, small), threads.submit(answers.file, large, "svg")
        assert len(told.result()["notices"]) == 1
        assert others[0].result()["notices"] == []
        assert others[1].result()


def test_cells_are_edited_of_arrays_up_to_a_size_that_can_be_read():
    for size, is_edited in ((20, True), (21, False)):
        answer = post("/api/figure", {"scene": {"input": size, "kernel": 2, "timing": {"steps": "0"}}}).json()
        assert ("input" in answer["values"]) == is_edited


def test_dark_is_said_by_true_alone():
    for given in (1, "yes", [0]):
        assert post("/api/figure", {"scene": {"input": 5, "kernel": 3}, "dark": given}).json()["figure"] == as_player(
            Scene(5, 3)
        )
