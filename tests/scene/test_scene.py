"""Scenes: normal form, defaults, files, and every way to be wrong said by name."""

import dataclasses
import json

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convanim import Scene, SceneError, load_figure, load_scene, load_stack, record
from convanim.catalogue import built_in, built_in_stacks
from convanim.scene import View, parse_scene, scene_to_dict, scene_to_toml
from convanim.scene.fields import SECTIONS, TOP
from convanim.scene.files import figure_to_toml, parse_mapping, read_figure
from convanim.scene.schema import scene_schema
from convanim.scene.values import Impulse, Listed, Ramp, Random, fill
from tests.schema import validate
from tests.strategies import fitting, possible


def problems(**fields):
    with pytest.raises(SceneError) as caught:
        Scene.from_dict(fields)
    return {problem.field: str(problem) for problem in caught.value.problems}


def test_one_number_stands_for_all_axes():
    scene = Scene(5, 3, stride=2, padding=1)
    assert (scene.input, scene.kernel, scene.stride, scene.pads) == ((5, 5), (3, 3), (2, 2), ((1, 1), (1, 1)))
    assert scene.output == (3, 3)


def test_a_list_of_one_number_or_dimensions_make_one_axis():
    assert Scene([8], 3).output == (6,)
    assert Scene(8, 3, dimensions=1) == Scene([8], 3)


@pytest.mark.parametrize(
    ("padding", "pads"),
    [
        (1, ((1, 1), (1, 1))),
        ([1, 2], ((1, 1), (2, 2))),
        ([[0, 1], [2, 0]], ((0, 1), (2, 0))),
        ([1, [2, 0]], ((1, 1), (2, 0))),
        ("valid", ((0, 0), (0, 0))),
        ("full", ((1, 1), (2, 2))),
        ("same", ((0, 1), (1, 1))),
        ("same-lower", ((1, 0), (1, 1))),
    ],
)
def test_padding_is_said_in_many_ways(padding, pads):
    assert Scene([5, 5], [2, 3], padding=padding).pads == pads


@pytest.mark.parametrize(("kernel", "output", "pads"), [(3, 8, (0, 1)), (2, 8, (0, 0)), (5, 8, (1, 2)), (1, 8, (0, 0))])
def test_transposed_same_makes_input_times_stride(kernel, output, pads):
    scene = Scene([4], kernel, stride=2, padding="same", transposed=True)
    assert scene.output == (output,)
    assert scene.pads == (pads,)


def test_a_pooling_steps_by_its_kernel_unless_told():
    assert Scene(6, 2, op="max_pool").stride == (2, 2)
    assert Scene(6, 2, op="max_pool", stride=1).stride == (1, 1)


def test_numpy_integers_are_whole_numbers():
    assert Scene(np.int64(5), np.int32(3)) == Scene(5, 3)


def test_scenes_are_frozen_comparable_and_replaceable():
    scene = Scene(5, 3, padding="same")
    with pytest.raises(dataclasses.FrozenInstanceError):
        scene.input = (4, 4)
    changed = dataclasses.replace(scene, kernel=(5, 5))
    assert changed.pads == ((2, 2), (2, 2))
    assert hash(scene) == hash(Scene(5, 3, padding="same"))
    assert dataclasses.replace(scene, view=View(kind="numeric")).view.kind == "numeric"


# what is wrong, which field says so, and words of the answer
WRONG = [
    ({"input": 0}, "input", "from 1 to"),
    ({"input": True}, "input", "got true"),
    ({"input": 5.0}, "input", "whole number"),
    ({"input": []}, "input", "got []"),
    ({"input": [5, 5, 5, 5]}, "input", "1, 2 and 3 axes"),
    ({"kernel": -1}, "kernel", "from 1 to"),
    ({"kernel": 6}, "kernel", "spans 6 cells and the padded input has 5"),
    ({"kernel": [3]}, "kernel", "2 axes"),
    ({"stride": 0}, "stride", "from 1 to"),
    ({"dilation": 0}, "dilation", "from 1 to"),
    ({"dilation": 3}, "kernel", "spans 7 cells"),
    ({"padding": -1}, "padding", "from 0 to"),
    ({"padding": "sane"}, "padding", '"same"'),
    ({"padding": [[1, 2, 3], [1, 1]]}, "padding", "pair"),
    ({"padding": [[1, 1]]}, "padding", "2 axes"),
    ({"padding": 3, "transposed": True, "input": 1}, "padding", "takes away all"),
    ({"output_padding": 1}, "output_padding", "transposed"),
    ({"output_padding": 2, "stride": 2, "transposed": True}, "output_padding", "less than"),
    ({"output_padding": 1, "stride": 2, "transposed": True, "padding": "same"}, "output_padding", "fixes the output"),
    ({"transposed": "yes"}, "transposed", "true or false"),
    ({"op": "maxpool"}, "op", "max_pool"),
    ({"op": "max_pool", "transposed": True}, "transposed", "max_pool"),
    ({"op": "avg_pool", "flip": True}, "flip", "avg_pool"),
    ({"op": "max_pool", "values": {"kernel": "ramp"}}, "values.kernel", "no kernel values"),
    ({"op": "max_pool", "padding": 4}, "padding", "padding only"),
    ({"count_include_pad": False}, "count_include_pad", "avg_pool"),
    ({"dimensions": 4}, "dimensions", "1 to 3"),
    ({"dimensions": 1, "input": [5, 5]}, "dimensions", "2 axes"),
    ({"title": 3}, "title", "text"),
    ({"values": 3}, "values", "table"),
    ({"values": {"input": "rand"}}, "values.input", "ramp"),
    ({"values": {"input": [[1, 2], [3]]}}, "values.input", "equally long"),
    ({"values": {"input": [[1, 2], [3, 4]]}}, "values.input", "2×2"),
    ({"values": {"input": [[1, float("nan")], [3, 4]]}}, "values.input", "finite"),
    ({"values": {"input": {"random": [3, 1]}}}, "values.input", "lower end"),
    ({"values": {"input": {"random": [0, 1], "sede": 1}}}, "values.input", "seed"),
    ({"values": {"kernel": {"impulse": [3, 0]}}}, "values.kernel", "inside 3×3"),
    ({"values": {"weights": "ramp"}}, "values.weights", "not a field"),
    ({"view": {"kind": "iso"}}, "view.kind", "isometric"),
    ({"view": {"scale": 100}}, "view.scale", "0.25 to 8"),
    ({"view": {"cell": 1}}, "view.cell", "3 to 200"),
    ({"timing": {"step": 5}}, "timing.step", "20 to"),
    ({"timing": {"steps": "a:b"}}, "timing.steps", "start:stop"),
    ({"timing": {"steps": "::-1"}}, "timing.steps", "1 or more"),
    ({"timing": {"steps": "1 0:1 2"}}, "timing.steps", "start:stop"),
    ({"timing": {"steps": "1_0"}}, "timing.steps", "start:stop"),
    ({"view": {"dilation": 2}}, "view.dilation", "it belongs in the top of the scene"),
    ({"values": {"input": {"random": [0, 10**400]}}}, "values.input", "random"),
    ({"values": {"input": Listed((5, 5), (1, 2))}}, "values.input", "nested list"),
    ({"timing": {"loop": -1}}, "timing.loop", "0 to 65535"),
    ({"strid": 2}, "strid", "did you mean stride?"),
    ({"theme": "dark"}, "theme", "it belongs in [view]"),
    ({"hue": "red"}, "hue", "known are"),
    ({"colour": "value"}, "colour", "it belongs in [view]"),
    ({"view": {"colour": "red"}}, "view.colour", "legal is role or value"),
    ({"padding": 10**30}, "padding", "from 0 to"),
]


@pytest.mark.parametrize(("change", "field", "words"), WRONG, ids=lambda value: str(value)[:40])
def test_what_is_wrong_is_said_by_name_with_what_is_legal(change, field, words):
    found = problems(**({"input": 5, "kernel": 3} | change))
    assert list(found) == [field]
    assert words in found[field]
    assert "\n" not in found[field]


def test_a_number_of_thousands_of_digits_is_refused_in_a_line():
    assert "very many digits" in problems(input=10**5000, kernel=3)["input"]


def test_all_problems_are_said_at_once():
    found = problems(inptu=5, kernel=0, stride=0, view={"kind": "x", "shade": 1}, timing={"hold": -1})
    assert set(found) == {"inptu", "kernel", "stride", "view.kind", "view.shade", "timing.hold", "input"}


def test_problems_within_and_across_fields_come_together():
    found = problems(input=5, kernel=9, strid=2, output_padding=1, values={"input": [[1]]}, flip=3)
    assert set(found) == {"strid", "flip", "output_padding", "values.input"}
    found = problems(input=5, kernel=9, strid=2, values={"input": [[1]]})
    assert set(found) == {"strid", "kernel", "values.input"}


def test_absurd_sizes_are_scenes_but_are_not_computed():
    assert Scene(10**6, 3).placements == (10**6 - 2) ** 2
    with pytest.raises(SceneError, match=r"input: 1000000×1000000 makes 1,000,000,000,000 cells"):
        record(Scene(10**6, 3))
    with pytest.raises(SceneError, match=r"kernel: .* products in all"):
        record(Scene(4000, 900))


@pytest.mark.parametrize(("low", "high"), [(0.001, 0.004), (-1e-9, 1e-9), (1.5, 1.5), (-0.5, 1000)])
def test_random_decimals_lie_in_their_range_and_differ(low, high):
    numbers = fill(Random(low, high), (100,))
    assert all(low <= number <= high for number in numbers)
    assert len(set(numbers)) > 20 or low == high


def test_a_missing_size_is_a_problem():
    assert "missing" in problems(kernel=3)["input"]
    assert "missing" in problems(input=3)["kernel"]


def test_python_names_unknown_arguments_itself():
    with pytest.raises(TypeError):
        Scene(5, 3, strid=2)


@settings(max_examples=300, deadline=None)
@given(fitting(ops=("conv", "max_pool", "avg_pool")).map(possible).filter(bool))
def test_a_scene_written_as_toml_or_json_is_the_same_scene(scene):
    assert parse_scene(scene_to_toml(scene)) == scene
    assert parse_scene(json.dumps(scene_to_dict(scene))) == scene


FILLINGS = [
    Listed((2, 2), (1, 2, 3, 4)),
    Listed((2, 2), (1.5, 2.0, -3.25, 4e299)),
    Random(-3, 3, seed=9),
    Random(0.0, 1.0),
    Ramp(),
    Ramp(0, -2),
    Impulse(),
    Impulse((0, 1)),
]


@pytest.mark.parametrize("filling", FILLINGS, ids=repr)
def test_values_survive_the_scene_file(filling):
    scene = Scene(2, 2, values={"input": filling, "kernel": filling})
    again = parse_scene(scene_to_toml(scene))
    assert again == scene
    assert fill(again.values.input, (2, 2)) == fill(filling, (2, 2))


@given(st.text())
def test_any_title_survives_the_scene_file(title):
    try:
        scene = Scene(2, 2, title=title)
        text = scene_to_toml(scene)
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate is no text that a file can hold
        return
    assert parse_scene(text) == scene


def test_random_values_are_the_same_everywhere():
    assert fill(Random(0, 3, seed=0), (2, 5)) == (3, 3, 1, 1, 2, 1, 3, 1, 1, 2)
    assert fill(Random(0.0, 1.0, seed=1), (3,)) == (0.13, 0.85, 0.76)


def test_ramp_and_impulse():
    assert fill(Ramp(), (2, 2)) == (1, 2, 3, 4)
    assert fill(Impulse(), (3, 3)) == (0, 0, 0, 0, 1, 0, 0, 0, 0)
    assert fill(Impulse((0, 2)), (3, 3)) == (0, 0, 1, 0, 0, 0, 0, 0, 0)


def test_a_file_that_is_no_toml_says_where(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("input = 5\nkernel = = 3\n")
    with pytest.raises(SceneError, match=r"bad\.toml: file: .*line 2"):
        load_scene(path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SceneError, match="UTF-8"):
        load_scene(path)


def test_errors_of_a_file_name_it(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("input = 5\nkernel = 0\n")
    with pytest.raises(SceneError, match=r"mine\.toml: kernel: got 0"):
        load_scene(path)


def test_the_schema_is_valid_and_accepts_all_built_in_scenes():
    jsonschema.Draft202012Validator.check_schema(scene_schema())
    for path in built_in().values():
        validate(parse_mapping(path.read_text()))
        figure = load_figure(path)
        validate(parse_mapping(figure_to_toml(figure)))


def test_the_schema_accepts_all_built_in_stacks():
    for path in built_in_stacks().values():
        validate(parse_mapping(path.read_text()))
        validate(parse_mapping(figure_to_toml(load_stack(path))))


STACK = {"input": 8, "layers": [{"kernel": 3}, {"op": "max_pool", "kernel": 2}, {"op": "max_unpool"}]}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"title": "A stack", "in_channels": 3, "dimensions": 1, "note": "Look."},
        {"view": {"trace": "sees", "theme": {"base": "dark", "input": "#aa5500"}, "cell": 9}},
        {"timing": {"step": 500, "steps": "0:3"}},
        {"layers": [{"kernel": [3, 5], "padding": "same", "out_channels": 4}]},
        {"layers": [{"op": "upsample", "scale_factor": 2}]},
    ],
    ids=str,
)
def test_what_the_schema_accepts_of_a_stack_is_one(more):
    validate(STACK | more)
    assert read_figure(STACK | more).layers


@pytest.mark.parametrize(
    "wrong",
    [
        {"layers": []},
        {"layers": [3]},
        {"layers": [{"kernel": 0}]},
        {"layers": [{"kernel": 3, "input": 5}]},
        {"layers": [{"kernel": 3, "in_channels": 2}]},
        {"layers": [{"kernel": 3, "view": {"kind": "numeric"}}]},
        {"layers": [{"kernel": 3, "krenel": 3}]},
        {"kernel": 3},
        {"stride": 2},
        {"values": {"input": "ramp"}},
        {"view": {"kind": "numeric"}},
        {"view": {"numbered": True}},
        {"view": {"trace": "up"}},
        {"timing": {"steps": 1.5}},
        {"in_channels": 0},
        {"scenes": [{"input": 3, "kernel": 3}, {"input": 3, "kernel": 3}]},
    ],
    ids=str,
)
def test_the_schema_refuses_of_a_stack_what_is_refused(wrong):
    with pytest.raises(jsonschema.ValidationError):
        validate(STACK | wrong)
    with pytest.raises(SceneError):
        read_figure(STACK | wrong)


def test_the_schema_refuses_a_stack_without_an_input_and_a_trace_of_a_scene():
    for wrong in ({"layers": STACK["layers"]}, {"input": 5, "kernel": 3, "view": {"trace": "sees"}}, {"scenes": []}):
        with pytest.raises(jsonschema.ValidationError):
            validate(wrong)
        with pytest.raises(SceneError):
            read_figure(wrong)


def test_the_schema_lets_a_picture_say_the_inputs_size():
    picture = {"kernel": 3, "values": {"input": {"image": "a.png", "size": [4, 4]}}}
    validate(picture)
    del picture["values"]["input"]["size"]
    with pytest.raises(jsonschema.ValidationError):
        validate(picture)


def test_the_schema_beside_the_scenes_is_the_current_one():
    path = built_in()["dilation"].parent / "scene.schema.json"
    assert json.loads(path.read_text()) == scene_schema()


@pytest.mark.parametrize(
    "change",
    [{"input": 0}, {"input": True}, {"kernel": -1}, {"padding": "sane"}, {"padding": -1}, {"x": 1}, {"op": ""}],
)
def test_the_schema_refuses_wrong_values(change):
    with pytest.raises(jsonschema.ValidationError):
        validate({"input": 5, "kernel": 3} | change)


def test_every_field_says_what_it_is_for_and_what_is_legal():
    for field in (*TOP, *(field for table in SECTIONS.values() for field in table)):
        assert field.help.endswith("."), field.name
        assert field.legal.startswith("legal is"), field.name


@pytest.mark.parametrize(
    ("input", "values", "said"),
    [
        (4, [[1, 2], [3, 4]], "got a list of 2×2; but the size is 3×3"),
        (4, [[[1, 2], [3, 4]]], "got a list of 1×2×2; but the size is 3×3"),
        (4, {"impulse": [3, 0]}, "got [3, 0]; but the impulse must lie inside 3×3, counted from 0"),
        (7, "sharpen", "got 'sharpen'; but the size is 6×6"),
    ],
)
def test_values_of_an_outputs_gradient_fit_it(input, values, said):
    with pytest.raises(SceneError, match=r"^values\.kernel: ") as refused:
        Scene(input, 2, op="conv_kernel_grad", values={"kernel": values})
    assert said in str(refused.value)
    for fits in ([[1, 2, 3]] * 3, [[[1, 2, 3]] * 3], {"impulse": [2, 0]}, "sharpen"):
        recording = record(Scene(4, 2, op="conv_kernel_grad", values={"kernel": fits}))
        assert recording.kernel.shape == (1, 3, 3)
        assert recording.kernel.any()
