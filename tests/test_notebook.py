"""In notebooks every figure shows itself, as an image that needs no script, with text for who sees none."""

import re
from base64 import b64decode
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from convanim import Comparison, Scene, Stack, record, storyboard

FIGURES = {
    "scene": Scene(4, 3),
    "recording": record(Scene(4, 3)),
    "comparison": Comparison([{"input": 4}, {"input": 5}], kernel=3),
    "stack": Stack(5, [{"kernel": 3}, {"kernel": 3}]),
}


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_it_shows_an_svg_a_gif_and_text(figure):
    bundle = figure._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html", "image/gif"]
    assert bundle["text/plain"] == repr(figure)
    (data,) = re.findall(r'^<img src="data:image/svg\+xml;base64,([^"]+)" alt="', bundle["text/html"])
    svg = ET.fromstring(b64decode(data))  # noqa: S314 - our own
    board = storyboard(figure)
    assert svg.get("viewBox").split()[2:] == [str(length) for length in board.size]
    with Image.open(BytesIO(b64decode(bundle["image/gif"]))) as image:
        assert image.n_frames == len(board.steps)


def test_only_what_is_asked_for_is_made():
    scene = FIGURES["scene"]
    assert list(scene._repr_mimebundle_(include={"text/html", "text/plain"})) == ["text/plain", "text/html"]
    assert list(scene._repr_mimebundle_(exclude={"text/html"})) == ["text/plain", "image/gif"]


def test_what_cannot_be_drawn_says_why():
    scene = Scene([3, 3, 3], 2)
    bundle = scene._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert "not drawn: view.kind: isometric cannot draw 3 axes" in bundle["text/plain"]


def test_a_long_animation_is_shown_without_a_word_on_standard_error(recwarn):
    assert "text/html" in Scene(30, 3, view={"cell": 3})._repr_mimebundle_(exclude={"image/gif"})
    assert not recwarn.list


def test_nothing_in_a_description_is_read_as_markup():
    text = Scene(3, 2, description='"><script>alert(1)</script>')._repr_mimebundle_()["text/html"]
    assert "<script" not in text
    assert text.count("<") == 1
