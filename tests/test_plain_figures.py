"""The plain look against the published figures: their size in pixels, and no more than about half their bytes."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from convanim import load_scene
from convanim.catalogue import built_in
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


def plain(name, **view):
    stream = BytesIO()
    render_to(replace(load_scene(built_in()[name]), view={"look": "plain"} | view), stream, "gif")
    return stream


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_plain_figure_has_the_published_size_in_pixels(name):
    with Image.open(plain(name)) as image:
        assert image.size == PUBLISHED[name][:2]


@pytest.mark.parametrize(("levels", "in_all", "of_any"), [(16, 0.46, 0.56), (8, 0.41, 0.49)])
def test_plain_figures_take_half_the_published_bytes(levels, in_all, of_any):
    sizes = {name: len(plain(name, levels=levels).getvalue()) for name in PUBLISHED}
    published = {name: size for name, (_, _, size) in PUBLISHED.items()}
    assert sum(sizes.values()) <= in_all * sum(published.values())
    assert max(sizes[name] / published[name] for name in PUBLISHED) <= of_any
