"""What the explorer refuses: files of this machine, and what would take long, each in a line that says what is legal."""

import base64
import builtins
import io
import json
import os
import struct
import zlib
from io import BytesIO
from pathlib import Path
from time import process_time

import pytest
from PIL import Image

from convanim.explore import answers, bounds
from convanim.formats import FORMATS
from tests.explore.asking import asked, post

OCTETS = {"Content-Type": "application/octet-stream"}
FIGURE_SECONDS, REFUSAL_SECONDS = 2, 1
SLACK = 3  # of machines that are slower than the one on which the bounds were measured, and busy


def problem(answer):
    assert answer.status_code == 422, answer.text[:200]
    assert "\n" not in answer.json()["reason"]
    return answer.json()["problems"][0]


# files of this machine


@pytest.fixture
def secret(tmp_path, monkeypatch):
    """A picture's file, and a list of the files in its folder that are opened meanwhile."""
    path, opened, real = tmp_path / "secret.png", [], builtins.open
    Image.new("L", (4, 4), 77).save(path)

    def watched(file, *rest, **options):
        if str(file).startswith(str(tmp_path)):
            opened.append(file)
        return real(file, *rest, **options)

    monkeypatch.setattr(builtins, "open", watched)
    monkeypatch.setattr(io, "open", watched)
    monkeypatch.chdir(tmp_path)
    return path, opened


def with_image(source):
    """Every place of a figure where a picture can be, as scenes and as texts."""
    image = {"image": source}
    kernel = {"op": "conv", "kernel": 3, "values": {"kernel": image}}
    scenes = [
        {"input": 5, "kernel": 3, "values": {"input": image}}, {"input": 5, **kernel},
        {"input": 5, "kernel": 3, "values": {"input": {"image": source, "size": [2, 2]}}},
        {"input": 5, "kernel": 3, "scenes": [{}, {"values": {"input": image}}]},
        {"input": 5, "kernel": 3, "values": {"input": image}, "scenes": [{}, {}]},
        {"input": 5, "layers": [{"kernel": 2}, kernel]}, {"input": 5, "layers": [{"kernel": 2}], "values": {"input": image}},
    ]  # fmt: skip
    quoted = json.dumps(source)
    texts = [
        f"input = 5\nkernel = 3\nvalues.input.image = {quoted}\n",
        f"input = 5\nkernel = 3\n[values]\ninput = {{ image = {quoted} }}\n",
        f"kernel = 3\ninput = 5\n[[scenes]]\n[[scenes]]\n[scenes.values]\ninput = {{ image = {quoted} }}\n",
        f"input = 5\n[[layers]]\nkernel = 3\n[layers.values]\nkernel = {{ image = {quoted} }}\n",
        *map(json.dumps, scenes),
    ]
    return [{"scene": scene} for scene in scenes] + [{"text": text} for text in texts]


@pytest.mark.parametrize(
    "form",
    ["{path}", "secret.png", "./secret.png", "file://{path}", "//localhost{path}", "DATA:{path}", " data:{path}"],
)
def test_no_file_is_read_wherever_a_scene_names_it(secret, form):
    path, opened = secret
    questions = with_image(form.format(path=path))
    for where in ("/api/figure", "/api/file/gif", "/api/code"):
        for answer in asked(*(("POST", where, {"json": {**each, "framework": "torch"}}) for each in questions)):
            said = problem(answer)
            assert (said["field"], said["given"]) == ("image", "names a file")
    assert opened == []


def test_no_layers_code_reads_a_file(secret):
    path, opened = secret
    codes = (
        str(path), path.name, f"nn.Conv2d(1, 1, 3, values={{'input': {{'image': '{path}'}}}})", f"open('{path}')", f"torch.load('{path}')",
        f"onnx.load('{path}')", f"nn.Conv2d(1, 1, open('{path}').read())", f"__import__('os').listdir('{path.parent}')",
    )  # fmt: skip
    for code in codes:
        assert problem(post("/api/layer", {"code": code, "input": 5}))["field"]
    assert opened == []
    assert problem(post("/api/layer", {"code": "nn.Conv2d(1, 1, 3)", "input": str(path)}))["field"] == "input"


# pictures


def png(width, height, rows=b""):
    """A PNG of greys that says it is so large; without rows it is broken, as few bytes as a bomb needs else."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def bomb(width, height):
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + width)) for _ in range(height)) + packer.flush()
    return png(width, height, rows)


def upload(data, size="4x4"):
    return asked(("POST", f"/api/picture?size={size}", {"content": data, "headers": OCTETS}))[0]


def peak():
    """The most memory that this process has had, in MB."""
    with Path("/proc/self/status").open() as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def reset_peak():
    Path("/proc/self/clear_refs").write_text("5")


@pytest.mark.parametrize("size", [(8000, 8000), (13_000, 13_000), (65_535, 65_535), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_by_its_first_bytes(size):
    data = bomb(*size) if size[0] == 8000 else png(*size)
    start = process_time()
    said = problem(upload(data))
    assert said["field"] == "picture"
    assert process_time() - start < REFUSAL_SECONDS
    if size[0] < 20_000:
        assert said["given"].startswith("has ")
    source = "data:image/png;base64," + base64.b64encode(data).decode()
    assert problem(post("/api/figure", {"scene": {"input": 5, "kernel": 3, "values": {"input": {"image": source}}}}))


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="counts memory as Linux does")
def test_the_largest_picture_takes_bounded_memory():
    data = bomb(4096, 4096)
    reset_peak()
    before = peak()
    assert upload(data).status_code == 200
    assert peak() - before < 300


@pytest.mark.parametrize("size", [(1, 65_535), (65_535, 1)])
def test_a_picture_of_one_pixel_across_is_read(size):
    assert upload(bomb(*size)).status_code == 200


POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n(x) print\n"


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", bomb(50, 50)[:-40], png(5, 5), b"\xff\xd8\xff\xe0" + bytes(50), POSTSCRIPT, b"<svg/>"]
)
def test_what_is_no_picture_is_told_in_a_line(data):
    said = problem(upload(data))
    assert (said["field"], said["given"]) == ("picture", "its data: not a picture that can be read")


def test_pictures_of_every_kind_that_pages_show_are_read():
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"):
        stream = BytesIO()
        Image.new("RGB", (6, 6), "red").save(stream, kind)
        assert upload(stream.getvalue()).status_code == 200, kind


# texts and tables that would take long to read


TEXTS = {
    "dotted key": ".".join("a" * 60_000) + " = 1", "quoted key": ".".join(['"a\\""'] * 20_000) + " = 1",
    "dotted table": "[" + " . ".join("a" * 20_000) + "]", "long": "# " + "x" * 2**17, "arrays": "a = " + "[" * 100_000,
    "inline tables": "a = " + "{a=" * 40_000, "tables": "".join(f"[a{each}]\n" for each in range(14_000)),
    "layers": "input = 5\n" + "[[layers]]\nkernel=1\n" * 6000, "scenes": "input = 5\nkernel = 1\n" + "[[scenes]]\n" * 11_000,
    "digits": "input = " + "9" * 100_000, "JSON names": json.dumps({str(each): 1 for each in range(10_000)})[:-1] + ', "9999": 1}',
    "escapes": 'a = "' + '\\"' * 60_000, "a NUL": "\0",
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_takes_long_to_read_is_refused_at_once(name):
    start = process_time()
    assert problem(post("/api/figure", {"text": TEXTS[name]}))["legal"]
    assert process_time() - start < REFUSAL_SECONDS


SCENE = {"input": 5, "kernel": 3}
TABLES = {
    "entries": {**SCENE, **{f"a{each}": 1 for each in range(50_000)}}, "layers": {"input": 5, "layers": [{"kernel": 1}] * 50_000},
    "scenes": {**SCENE, "scenes": [{}] * 100_000}, "title": {**SCENE, "title": "a b " * 200_000}, "numbers": {**SCENE, "input": [1] * 400_000},
    "values": {"input": [1, 5], "kernel": 1, "values": {"input": [list(range(150_000))]}}, "key": {**SCENE, "inpu" * 200_000: 1},
    "theme": {**SCENE, "view": {"theme": {"in" * 400_000: "#123456"}}}, "nested": {**SCENE, "values": {"input": [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}},
    "heading": {**SCENE, "scenes": [{"title": "中" * 100_000}, {}]},
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_takes_long_to_check_is_refused_at_once(name):
    start = process_time()
    assert problem(post("/api/figure", {"scene": TABLES[name]}))["legal"]
    assert process_time() - start < REFUSAL_SECONDS


# figures that would take long to draw


def nested(depth):
    """A list in a list, so many times."""
    return [nested(depth - 1)] if depth else 0


BEYOND = {
    "cells": ({"input": 10**9, "kernel": 3}, "input"),
    "channels": ({"input": 8, "kernel": 3, "in_channels": 2000}, "input"),
    "products": ({"input": 200, "kernel": 9}, "kernel"),
    "steps": ({"input": 40, "kernel": 3, "timing": {"steps": ":"}}, "timing.steps"),
    "shown": ({"input": 64, "kernel": 15, "view": {"kind": "numeric"}}, "timing.steps"),
    "scale": ({"input": 5, "kernel": 3, "view": {"scale": 4}}, "view.scale"),
    "width": ({"input": 5, "kernel": 3, "view": {"width": 4000}}, "view.width"),
    "starts": ({"input": 5, "kernel": 3, "scenes": [{"starts": [900]}, {}]}, "starts"),
    "weights": ({"op": "upsample", "input": 60, "mode": "linear", "scale_factor": 2, "view": {"kind": "numeric"}}, "input"),
    "kernels": ({"input": 5, "kernel": 3, "in_channels": 128, "out_channels": 128}, "kernel"),
    "beside": ({"input": 150, "kernel": 2, "scenes": [{}, {}, {}]}, "input"),
    "beside's steps": ({"input": 5, "kernel": 3, "scenes": [{}, {"input": 40, "timing": {"steps": ":"}}]}, "timing.steps"),
    "shown beside": ({"input": 26, "kernel": 7, "scenes": [{}, {}], "view": {"kind": "numeric"}}, "timing.steps"),
    "output": ({"op": "upsample", "input": 10, "scale_factor": 30}, "input"),
    "levels": ({"input": 5, "kernel": 3, "values": {"input": nested(17)}}, "scene"),
    "planes": ({"input": 400, "layers": [{"kernel": 1}, {"kernel": 1}]}, "layers"),
    "followed": ({"input": 176, "layers": [{"kernel": 9, "stride": 2}, {"kernel": 60}], "timing": {"steps": "-800:"}}, "timing.steps"),
    "layers": ({"input": 5, "layers": [{"kernel": 1}] * 17}, "layers"),
    "stack's steps": ({"input": 40, "layers": [{"kernel": 1}], "timing": {"steps": ":"}}, "timing.steps"),
}  # fmt: skip


@pytest.mark.parametrize("name", BEYOND)
def test_each_bound_is_said_in_a_line(name):
    scene, field = BEYOND[name]
    start = process_time()
    said = problem(post("/api/figure", {"scene": scene}))
    assert process_time() - start < REFUSAL_SECONDS
    assert said["field"] == field
    assert "legal" in said["legal"]
    assert problem(post("/api/file/gif", {"scene": scene})) == said


# the slowest that were found within the bounds, by thousands of random ones of every view, operation and size
SLOWEST = {
    "numeric": {"input": [55, 2], "kernel": [10, 16], "padding": 5, "transposed": True, "view": {"kind": "numeric", "cell": 200, "colour": "value"}},
    "gather": {"input": [40, 40], "kernel": 12, "view": {"kind": "gather", "size_formula": True}},
    "line": {"op": "conv_input_grad", "input": [1], "kernel": [255], "stride": 2, "view": {"kind": "line", "cell": 60}},
    "isometric": {"input": 128, "kernel": 8, "dilation": 3, "view": {"size_formula": True}, "timing": {"steps": "-800:"}},
    "channels": {"input": [24, 16], "kernel": [9, 5], "op": "conv_input_grad", "padding": 1, "view": {"kind": "channels"}, "timing": {"steps": ":"}},
    "upsampling": {"op": "upsample", "mode": "linear", "input": 30, "scale_factor": 3, "view": {"kind": "numeric"}, "timing": {"steps": "-800:"}},
    "all steps": {"op": "conv_kernel_grad", "input": [40, 28], "kernel": [3, 5], "view": {"kind": "all-steps", "output": "whole"}},
    "beside": {"input": [2, 3], "kernel": [4, 5], "dilation": 5, "padding": "same", "scenes": [{}] * 4, "view": {"kind": "numeric"}},
    "stack": {"input": 120, "layers": [{"kernel": 9, "stride": 2}, {"kernel": 30}], "timing": {"steps": "-800:"}},
}  # fmt: skip


@pytest.mark.parametrize("name", SLOWEST)
def test_no_figure_within_the_bounds_takes_long(name):
    start = process_time()
    answer = post("/api/figure", {"scene": SLOWEST[name]})
    took = process_time() - start
    assert answer.status_code == 200, answer.text[:300]
    assert took < SLACK * FIGURE_SECONDS


@pytest.mark.parametrize("suffix", bounds.MOST_DRAWN)
def test_a_file_of_very_many_pixels_is_refused(suffix):
    scene = {"input": 28, "kernel": 3, "padding": 1, "view": {"scale": 3, "cell": 30}, "timing": {"steps": "-400:"}}
    start = process_time()
    answer = post(f"/api/file/{suffix}", {"scene": scene})
    assert process_time() - start < FIGURE_SECONDS
    assert answer.status_code == 422
    assert answer.json()["reason"].startswith("400 steps of 4479×")
    assert "legal in " + suffix in answer.json()["reason"]


@pytest.mark.parametrize("suffix", ["mp4", "webm"])
def test_a_video_of_very_large_frames_is_refused(suffix):
    scene = {"input": 28, "kernel": 3, "padding": 1, "view": {"scale": 3, "cell": 30}, "timing": {"steps": "-3:"}}
    answer = post(f"/api/file/{suffix}", {"scene": scene})
    assert answer.status_code == 422
    assert f"legal in {suffix} are 8,388,608 pixels a step here" in answer.json()["reason"]


def test_what_is_no_animation_of_pixels_is_not_bounded_by_them():
    scene = {"input": 20, "kernel": 3, "padding": 1, "view": {"scale": 3}, "timing": {"steps": "-60:"}}
    for suffix in set(FORMATS) - set(bounds.MOST_DRAWN):
        assert post(f"/api/file/{suffix}", {"scene": scene}).status_code == 200, suffix


def test_the_bounds_hold_in_notebooks_too():
    with pytest.raises(ValueError, match="legal are 65,536 here"):
        answers.figure({"scene": {"input": 10**6, "kernel": 3}})
