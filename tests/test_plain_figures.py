"""The plain look against the published figures: their size in pixels, and no more than about half their bytes."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from convanim import load_scene
from convanim.library import built_in
from convanim.rendering import render_to

# the published GIFs of Dumoulin and Visin: width, height, bytes
PUBLISHED = {
    "arbitrary_padding_no_strides": (495, 542, 476750),
    "arbitrary_padding_no_strides_transposed": (445, 479, 323062),
    "dilation": (395, 381, 124951),
    "full_padding_no_strides": (495, 576, 435605),
    "full_padding_no_strides_transposed": (395, 449, 287001),
    "no_padding_no_strides": (244, 259, 37751),
    "no_padding_no_strides_transposed": (344, 386, 164355),
    "no_padding_strides": (294, 288, 44665),
    "no_padding_strides_transposed": (395, 449, 197717),
    "padding_strides": (395, 381, 118422),
    "padding_strides_odd": (445, 411, 122211),
    "padding_strides_odd_transposed": (445, 513, 303965),
    "padding_strides_transposed": (395, 449, 272498),
    "same_padding_no_strides": (395, 449, 276460),
    "same_padding_no_strides_transposed": (395, 449, 213333),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_plain_figures_have_the_published_size_and_fewer_bytes(name):
    scene = replace(load_scene(built_in()[name]), view={"look": "plain"})
    stream = BytesIO()
    render_to(scene, stream, "gif")
    width, height, size = PUBLISHED[name]
    with Image.open(stream) as image:
        assert image.size == (width, height)
    assert len(stream.getvalue()) <= 0.59 * size
