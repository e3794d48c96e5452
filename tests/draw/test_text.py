"""Text: widths are those of what is drawn, characters that the built-in face lacks come from another font or are refused."""

import os
import shutil
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import ImageFont

from convanim import Scene, render
from convanim.draw import fallback, text
from convanim.errors import FormatError

CHINESE = "卷积核 3×3"


@pytest.fixture(scope="module")
def a_chinese_font():
    """A font of this machine; a test without it is skipped, but fails where all tools must be there (CI is set)."""
    try:
        return fallback.fallback_for("卷积核")
    except FormatError:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no font with Chinese characters")


@pytest.fixture
def no_other_font(monkeypatch):
    """A machine without fonts of its own."""
    for cached in (fallback.fallback_for, text.runs, text.width):
        cached.cache_clear()
    monkeypatch.setattr(fallback, "_installed", dict)
    monkeypatch.delenv(fallback.VARIABLE, raising=False)
    yield
    for cached in (fallback.fallback_for, text.runs, text.width):
        cached.cache_clear()


@pytest.mark.parametrize(
    ("bold", "italic", "file"),
    [
        (False, False, "DejaVuSans.ttf"),
        (True, False, "DejaVuSans-Bold.ttf"),
        (False, True, "DejaVuSans-Oblique.ttf"),
    ],
)
def test_a_line_is_as_wide_as_pillow_measures_it_whole(bold, italic, file):
    """Kerned pairs within words and across spaces, spaces in a row and at the ends, and no text at all."""
    rng = Random(file)
    signs = "" if italic else "×·−"  # the slanted face is for letters of formulas
    lines = ["", " ", "  AV  To. ", *(f"2{sign} 3{sign}" for sign in signs)]
    lines += ["".join(rng.choices("AVTYWLo.,f i=(3)  " + signs, k=rng.randint(1, 50))) for _ in range(300)]
    for number, line in enumerate(lines):
        size = (9, 12.5, 17, 136, 10.3)[number % 5]
        font = ImageFont.truetype(str(text._FOLDER / file), size, layout_engine=ImageFont.Layout.BASIC)
        assert text.width(line, size, bold=bold, italic=italic) == font.getlength(line)


def test_each_character_comes_from_a_font_that_has_it(a_chinese_font):
    first, second = text.runs(CHINESE)
    assert (first.text, second.text) == ("卷积核", " 3×3")
    assert (first.file, first.number) == a_chinese_font
    assert Path(second.file).name == "DejaVuSans.ttf"


def test_the_ink_reaches_as_far_as_the_width_says(a_chinese_font):
    assert a_chinese_font
    ink, left, _ = text.mask(CHINESE, 20)
    columns = np.flatnonzero(ink.any(axis=0)) + left
    assert columns[0] >= 0
    assert text.width(CHINESE, 20) - 4 <= columns[-1] <= text.width(CHINESE, 20)
    alone = sum(text.width(part, 20) for part in ("卷积核", " 3×3"))
    assert text.width(CHINESE, 20) == pytest.approx(alone)


def test_italics_are_another_face_as_wide_as_measured():
    upright, slanted = text.mask("k", 40)[0], text.mask("k", 40, italic=True)[0]
    assert upright.shape != slanted.shape or (upright != slanted).any()
    assert Path(text.runs("k", italic=True)[0].file).name == "DejaVuSans-Oblique.ttf"


def test_what_leaves_no_mark_needs_no_glyph():
    assert len(text.runs("a\u200b b\u00a0c\u202e")) == 1


@pytest.mark.usefixtures("no_other_font")
def test_missing_characters_are_named_in_one_line(tmp_path):
    with pytest.raises(
        FormatError, match=r"no font on this machine has the characters 卷积核.*fonts-noto-cjk.*CONVANIM_FONT"
    ):
        text.width(CHINESE, 12)
    file = tmp_path / "a.gif"
    with pytest.raises(FormatError, match=r"输[入出]"):
        render(Scene(4, 3, view={"language": "zh"}), file)
    assert not file.exists()


@pytest.mark.usefixtures("no_other_font")
def test_a_font_can_be_named(a_chinese_font, monkeypatch, tmp_path):
    named = tmp_path / f"my{Path(a_chinese_font[0]).suffix}"
    shutil.copy(a_chinese_font[0], named)
    monkeypatch.setenv(fallback.VARIABLE, str(named))
    assert text.runs("卷积")[0].file == str(named)
    render(Scene(4, 3, view={"language": "zh"}), tmp_path / "a.gif")
    monkeypatch.setenv(fallback.VARIABLE, __file__)
    fallback.fallback_for.cache_clear()
    with pytest.raises(FormatError, match="which is no font that can be read"):
        fallback.fallback_for("卷")


def test_a_collection_is_read_by_its_number(a_chinese_font):
    file, number = a_chinese_font
    assert ImageFont.truetype(file, 12, index=number).getlength("卷") > 0
    assert not fallback.has_all(__file__, 0, "a"), "what is no font has nothing"
