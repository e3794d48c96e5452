"""How large a figure comes out: pixels, or a length on paper, in every format, as others read the file."""

import json
import re
import subprocess
import xml.etree.ElementTree as ET

import pypdf
import pytest
from PIL import Image

from convanim import Comparison, Scene, SceneError, Stack, render, storyboard
from convanim.formats import FORMATS
from convanim.scene.lengths import pixels_of, read_width
from tests.formats.programs import tool

every = pytest.mark.parametrize("suffix", FORMATS)
INCH = 25.4


def width_of(path):
    """A file's width: pixels, for SVG and HTML in CSS' pixels, for PDF points."""
    suffix = path.suffix[1:]
    if suffix == "svg":
        return float(ET.parse(path).getroot().get("width"))  # noqa: S314 - made here
    if suffix == "pdf":
        return float(pypdf.PdfReader(path).pages[0].mediabox.width)
    if suffix == "html":
        data = json.loads(re.search(r'<script type="application/json">(.*?)</script>', path.read_text(), re.DOTALL)[1])
        return data["size"][0] * data["scale"]
    if suffix in {"mp4", "webm"}:
        words = ["-v", "error", "-show_entries", "stream=width", "-of", "csv=p=0", path]
        return float(subprocess.run([tool("ffprobe"), *words], capture_output=True, check=True).stdout)
    with Image.open(path) as image:
        return image.width


@every
def test_a_width_in_pixels(suffix, tmp_path):
    (path,) = render(Scene(3, 2, view={"width": 320}), tmp_path / f"x.{suffix}")
    assert width_of(path) == pytest.approx(240 if suffix == "pdf" else 320, abs=0.01)


@every
def test_a_width_on_paper_at_a_resolution(suffix, tmp_path):
    (path,) = render(Scene(3, 2, view={"width": "80mm", "dpi": 150}), tmp_path / f"x.{suffix}")
    inches = 80 / INCH
    expected = {"pdf": 72 * inches, "svg": 96 * inches, "html": 96 * inches, "mp4": 472}.get(
        suffix, round(150 * inches)
    )
    assert width_of(path) == pytest.approx(expected, abs=0.01)
    if suffix in {"png", "apng"}:
        with Image.open(path) as image:
            assert [round(each) for each in image.info["dpi"]] == [150, 150]


def test_files_say_nothing_of_paper_unless_asked(tmp_path):
    for path in render(Scene(3, 2, view={"scale": 2}), tmp_path / "x.png", tmp_path / "x.apng"):
        with Image.open(path) as image:
            assert "dpi" not in image.info
            assert image.width == 2 * storyboard(Scene(3, 2)).size[0]


@pytest.mark.parametrize(
    ("written", "pixels"),
    [
        (640, 640),
        ("640", 640),
        ("640px", 640),
        (" 2.54 CM", 96),
        ("25.4mm", 96),
        ("1in", 96),
        ("72pt", 96),
        (".5in", 48),
        ("12.3456789in", 1185.185),
    ],
)
def test_lengths_are_read(written, pixels):
    assert pixels_of(read_width(written), None) == pytest.approx(pixels)


@pytest.mark.parametrize(
    "written", [0, -5, "", "12 km", "cm", "1e3", True, [3], "0cm", float("inf"), float("nan"), "200001"]
)
def test_what_is_no_length_is_refused(written):
    with pytest.raises(SceneError, match=r"view\.width: got .*; legal is a number of pixels, or a length"):
        Scene(3, 2, view={"width": written})


@pytest.mark.parametrize("written", ["0.00001", "0.00001px", "0.00000001cm"])
def test_a_width_that_is_hardly_any_is_refused(written, tmp_path):
    with pytest.raises(SceneError, match=r"view\.width: got 0.*; legal are 37 to 11904 pixels for this figure"):
        render(Scene(4, 3, view={"width": written}), tmp_path / "x.svg")


def test_stacks_and_comparisons_have_a_width_too(tmp_path):
    stack = Stack(9, [{"kernel": 3}, {"kernel": 3}], view={"width": "300px"})
    comparison = Comparison([{}, {"stride": 2}], input=5, kernel=3, view={"width": "500px"})
    for figure, width in ((stack, 300), (comparison, 500)):
        (path,) = render(figure, tmp_path / "x.png")
        assert width_of(path) == width
    with pytest.raises(SceneError, match=r"scenes\[2\]\.view\.width: got '5in'; but the first scene has 500px"):
        Comparison([{}, {"view": {"width": "5in"}}], input=5, kernel=3, view={"width": "500px"})
    with pytest.raises(SceneError, match=r"view\.scale: got 2; but width = 300px"):
        Stack(9, [{"kernel": 3}], view={"width": "300px", "scale": 2})
