"""Texts in Chinese: every template has its translation, every translation is of use, and nothing is left in English."""

import re
import tomllib
from itertools import product
from string import Formatter

import pytest

from convanim import Comparison, Scene, storyboard
from convanim.catalogue import built_in_stacks
from convanim.draw.storyboard import Text
from convanim.formats.player_words import player_words
from convanim.language import LANGUAGES, Language, language
from convanim.scene import wording
from convanim.scene.alternatives import alternative_text
from convanim.scene.fields import MODES, OPERATIONS, PADDING_MODES
from convanim.scene.formulas import formulas
from convanim.scene.stack import Stack
from convanim.view_table import VIEWS

# names that stay as frameworks write them, and letters of formulas
KEPT = {"same", "valid", "full", "causal", "torch", "half-pixel", "asymmetric", "floor", "x", "y", "w", "C", "T", "max"}
KEPT |= set("iospkdaf")


def scenes():
    """Scenes whose texts use every template, each view with every operation that it draws."""
    plain = [{"op": op, "input": [5, 6], "kernel": [2, 3]} for op in OPERATIONS if op != "upsample"]
    plain += [{**one, "input": [6], "kernel": [3], "stride": 2} for one in plain]
    plain += [{"op": "upsample", "input": [2, 3], "scale_factor": 2, "mode": mode} for mode in MODES]
    plain += [{"op": "upsample", "input": [3], "scale_factor": 2, "mode": "linear"}]
    plain += [{"op": "upsample", "input": 3, "output_size": [4, 5], "mode": "linear", "align_corners": True}]
    plain += [{"input": 5, "kernel": 3, "padding": 1, "padding_mode": mode} for mode in PADDING_MODES]
    plain += [
        {"input": 5, "kernel": 2, "padding": "same"},
        {"input": 5, "kernel": 2, "padding": [[0, 1], [2, 3]], "flip": True, "dilation": 2},
        {"input": [5], "kernel": [2], "padding": [[1, 0]]},
        {"input": [3, 2], "kernel": 3, "stride": [2, 3], "transposed": True, "padding": 1, "output_padding": 1},
        {"input": [3, 2], "kernel": 3, "stride": [3, 1], "transposed": True, "flip": True},
        {"input": 2, "kernel": 3, "stride": 2, "transposed": True},
        {"input": 2, "kernel": 3, "transposed": True},
        {"input": [3], "kernel": [3], "stride": 3, "transposed": True},
        {"op": "max_pool", "input": 6, "kernel": 3, "stride": 2, "ceil_mode": True},
        {"op": "avg_pool", "input": 5, "kernel": 3, "padding": 1, "count_include_pad": False},
        {"op": "avg_pool", "input": 5, "kernel": 3, "divisor_override": 4},
        {"op": "max_unpool", "input": 2, "kernel": 2, "output_size": 5},
        {"op": "conv_kernel_grad", "input": 6, "kernel": 2, "stride": 2},
        {"input": 5, "kernel": 3, "in_channels": 2, "out_channels": 2, "groups": 2},
        {"input": 5, "kernel": 3, "in_channels": 4, "out_channels": 2, "groups": 2},
        {"input": 5, "kernel": 3, "in_channels": 2, "out_channels": 3, "flip": True},
        {"op": "max_pool", "input": 4, "kernel": 2, "in_channels": 2},
        {"op": "conv_kernel_grad", "input": 4, "kernel": 2, "in_channels": 2},
        {"op": "conv_input_grad", "input": 3, "kernel": 2, "in_channels": 2, "out_channels": 2},
    ]
    for fields, kind, steps in product(plain, VIEWS, ("", "0:2")):
        for more in ({}, {"size_formula": True}, {"overlaps": True}):
            try:
                scene = Scene(**fields, view={"kind": kind, "language": "zh", **more}, timing={"steps": steps})
                yield scene, storyboard(scene)
            except ValueError:
                continue


def of_three_axes():
    """Scenes that no view draws, but whose words are asked for."""
    look = {"language": "zh"}
    yield Scene([3, 4, 5], 2, padding=[[0, 1], [1, 2], [2, 1]], view=look)
    yield Scene([2, 3, 4], 2, stride=[2, 3, 4], transposed=True, view=look)
    yield Scene([2, 2, 2], op="upsample", scale_factor=2, mode="linear", view=look)


def words_of(scene):
    """What is said of a scene beside its figure."""
    direct = wording.direct_parameters(scene) if scene.transposed else ()
    return {wording.title(scene), alternative_text(scene), *direct, *formulas(scene)}


def figures():
    yield from scenes()
    comparison = Comparison([{"input": 4}, {"input": 5}], kernel=3, view={"language": "zh"})
    yield comparison, storyboard(comparison)
    still = Comparison([{"input": 4}, {"input": 5}], kernel=3, view={"language": "zh"}, timing={"steps": "1"})
    yield still, storyboard(still)
    for path in built_in_stacks().values():
        written = tomllib.loads(path.read_text("utf-8"))
        for trace in ("sees", "reaches"):
            stack = Stack.from_dict(
                {**written, "title": "", "view": {"language": "zh", "trace": trace}, "timing": {"steps": "0:3"}}
            )
            yield stack, storyboard(stack)
    for layers in (
        [{"kernel": 2, "stride": 3, "dilation": 2, "transposed": True}],
        [{"kernel": 2, "stride": 3}],
        [{"op": "max_pool", "kernel": 2}, {"op": "avg_pool", "kernel": 2}, {"op": "upsample", "scale_factor": 2}],
        [{"op": "max_pool", "kernel": 2}, {"op": "max_unpool", "kernel": 2}],
        [{"op": "conv_input_grad", "kernel": 2, "stride": 2, "out_channels": 2}],
    ):
        for trace in ("sees", "reaches"):
            stack = Stack(8, layers, view={"language": "zh", "trace": trace}, timing={"steps": "0:3"})
            yield stack, storyboard(stack)


@pytest.fixture(scope="module")
def drawn():
    """Every figure's texts, and the templates that were asked for."""
    asked, real = set(), Language.__call__

    def recorded(self, template, /, **values):
        asked.add(template)
        return real(self, template, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Language, "__call__", recorded)
        player_words("zh")
        texts = {text for scene in of_three_axes() for text in words_of(scene)}
        for _, board in figures():
            texts |= {board.title, board.alternative, *(text.text for text in board.texts)}
            for step in board.steps[:3]:
                texts |= {item.text for item in (*step.lasting, *step.passing) if isinstance(item, Text)}
    return asked, texts


def test_every_template_has_its_translation_and_every_translation_its_template(drawn):
    asked, _ = drawn
    translated = set(language("zh").texts)
    assert asked - translated == set(), "without a translation"
    assert translated - asked == set(), "translations of nothing"


def test_nothing_is_left_in_english(drawn):
    _, texts = drawn
    assert len(texts) > 200
    words = {word for text in texts for word in re.findall(r"[A-Za-z-]*[A-Za-z][A-Za-z-]*", text)}
    assert {word.strip("-") for word in words} - KEPT == set()


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != "en"])
def test_translations_take_what_their_templates_take(name):
    for template, text in language(name).texts.items():
        fields = [sorted(field for _, field, _, _ in Formatter().parse(one) if field) for one in (template, text)]
        assert set(fields[1]) <= set(fields[0]), template
        lost = set(fields[0]) - set(fields[1])
        assert not lost, f"{template} loses {lost}"


def test_a_language_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match=r"view\.language: got 'de'; legal is en or zh"):
        Scene(4, 3, view={"language": "de"})
