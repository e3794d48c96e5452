"""What Python callers may give: NumPy's numbers and arrays count as Python's own, and what is wrong is said clearly."""

import numpy as np
import pytest

import convanim
from convanim import (
    FormatError,
    Scene,
    SceneError,
    Stack,
    matrix,
    record,
    record_stack,
    render,
    render_many,
    storyboard,
)

SCENE = Scene(4, 2)
UNPOOLING = Scene(2, 2, op="max_unpool")
STACK = Stack(8, [{"kernel": 3}])
MATRIX = matrix(SCENE)
DRAWN = "a Scene or a Recording or a Comparison or a Stack"


@pytest.mark.parametrize("value", [None, 1, "dilation", {"input": 5}], ids=repr)
@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (record, "a Scene"),
        (matrix, "a Scene or a Recording"),
        (storyboard, DRAWN),
        (lambda value: render(value, "x.gif"), DRAWN),
        (lambda value: convanim.render_stills(value, "x"), DRAWN),
        (lambda value: render_many([value], "x"), DRAWN.replace(" or a Recording", "")),
        (lambda value: render_many({"x": value}, "x"), DRAWN),
    ],
)
def test_what_is_no_scene_is_said_alike_everywhere(call, expected, value):
    with pytest.raises(TypeError, match=rf"^expected {expected}, not {type(value).__name__}$"):
        call(value)


def test_a_stack_is_no_scene_to_record():
    for call in (record, matrix):
        with pytest.raises(TypeError, match="not Stack"):
            call(STACK)


@pytest.mark.parametrize("scenes", ["dilation", None, 3, SCENE, record(SCENE)], ids=lambda value: type(value).__name__)
def test_many_scenes_come_by_name_or_in_a_list_and_layers_in_a_stack(scenes, tmp_path):
    with pytest.raises(TypeError, match="expected a Stack, not "):
        record_stack(scenes)
    with pytest.raises(TypeError, match="expected Scenes, by name or in a list, not "):
        render_many(scenes, tmp_path)


@pytest.mark.parametrize(("kind", "name"), [(Scene, "scene"), (Stack, "stack")])
@pytest.mark.parametrize("value", ["x", None, [1]])
def test_fields_come_in_a_mapping(kind, name, value):
    with pytest.raises(TypeError, match=f"expected a mapping of a {name}'s fields, not {type(value).__name__}"):
        kind.from_dict(value)


@pytest.mark.parametrize("layers", [3, "ab", ["x"], [], None])
def test_layers_are_tables(layers):
    with pytest.raises(SceneError, match=r"layers: got .*; legal is a list of tables, one a layer"):
        Stack(8, layers)


def test_rendering_needs_a_file():
    with pytest.raises(FormatError, match="no file to write; legal is a path or more"):
        render(SCENE)


NO_CELLS = [(0.5, 0), (True, False), (0,), (0, 0, 0), (0, 9), (-1, 0), 5, None, "ab"]


@pytest.mark.parametrize("cell", NO_CELLS, ids=repr)
def test_what_is_no_cell_is_refused(cell):
    for ask in (STACK.sees, STACK.reaches):
        with pytest.raises(SceneError, match=r"cell: got .*; legal is a cell of "):
            ask(cell)
    with pytest.raises(IndexError, match="output has 3×3 cells, not"):
        storyboard(SCENE).cell("output", cell)


def test_cells_may_be_numbered_by_numpy():
    seen = STACK.sees(np.array([1, 2]))
    assert seen == STACK.sees((np.int64(1), np.uint8(2))) == STACK.sees((1, 2))
    assert {type(at) for cell in seen for at in cell} == {int}
    corners = storyboard(SCENE).cell("output", (np.int64(1), 0))
    assert {type(place) for corner in corners for place in corner} <= {int, float}


@pytest.mark.parametrize(
    ("fields", "same"),
    [
        ({"padding": np.array([1, 2])}, {"padding": [1, 2]}),
        ({"padding": np.array([[1, 2], [0, 1]])}, {"padding": [[1, 2], [0, 1]]}),
        ({"input": np.array([4, 5])}, {"input": [4, 5]}),
        ({"flip": np.bool_(True)}, {"flip": True}),
        ({"padding": np.str_("same"), "op": np.str_("conv")}, {"padding": "same"}),
        ({"values": {"input": np.arange(16).reshape(4, 4)}}, {"values": {"input": "ramp"}}),
        ({"values": {"input": np.ones((4, 4), np.float32)}}, {"values": {"input": [[1.0] * 4] * 4}}),
        ({"values": {"input": {"random": [np.int64(0), np.int64(3)]}}}, {"values": {"input": {"random": [0, 3]}}}),
        ({"view": {"scale": np.float32(2)}}, {"view": {"scale": 2}}),
    ],
    ids=str,
)
def test_fields_may_be_numpys(fields, same):
    scene, other = Scene(**{"input": 4, "kernel": 2} | fields), Scene(**{"input": 4, "kernel": 2} | same)
    if "ramp" in str(same):
        assert scene.values.input.numbers == tuple(range(16))
        other = scene
    assert scene == other
    assert "np." not in repr(scene)
    assert type(scene.padding) in {str, tuple}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"padding": np.array([1, 1, 1])}, r"padding: got \[1, 1, 1\]; the scene has 2 axes"),
        ({"padding": [np.int64(1), np.int64(2), np.int64(2)]}, r"padding: got \[1, 2, 2\]; the scene has 2 axes"),
        ({"kernel": np.float64(2.5)}, "kernel: got 2.5; legal is"),
        ({"stride": np.array([1.5, 1])}, r"stride: got \[1.5, 1.0\]; legal is"),
    ],
    ids=str,
)
def test_numpys_numbers_are_echoed_as_anyone_writes_them(fields, words):
    with pytest.raises(SceneError, match=words):
        Scene(**{"input": 4, "kernel": 2} | fields)


ENDLESS = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.ma.array(np.ones((4, 4)), mask=np.eye(4)), "got a masked array; legal is"),
        (np.ones((4, 4), dtype="m8[s]"), r"got an array of timedelta64\[s\]; legal are integers and floats"),
        ((n for n in range(16)), "got a generator; legal is an array of 1×4×4"),
        ({1: 2}, "got a dict; legal is an array of 1×4×4"),
        ("abc", "got 'abc'; legal is an array of 1×4×4"),
        ([[1], [1, 2]], r"got \[\[1\], \[1, 2\]\]; legal is an array of 1×4×4"),
        ([[10**400] * 4] * 4, "got values that are too large; legal are numbers up to 1e300"),
        ([[object()] * 4] * 4, "got an array of other things; legal are integers and floats"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_array_of_numbers_is_named(array, words):
    with pytest.raises(SceneError, match=f"input: {words}"):
        record(SCENE, input=array)


@pytest.mark.parametrize(
    ("switches", "words"),
    [
        (np.ones((2, 2), dtype=bool), "got an array of 1×2×2 of bool"),
        (np.ones((2, 2), dtype="m8[s]"), r"got an array of 1×2×2 of timedelta64\[s\]"),
        ("", "got ''"),
        (3.5, "got an array of one number of float64"),
        ([[1], [1, 2]], r"got \[\[1\], \[1, 2\]\]"),
    ],
    ids=repr,
)
def test_switches_are_whole_numbers(switches, words):
    with pytest.raises(SceneError, match=f"switches: {words}; legal are whole numbers of 1×2×2"):
        record(UNPOOLING, switches=switches)


@pytest.mark.parametrize(
    ("vector", "words"),
    [
        ([float("nan")], "got an array of 1; legal is 1×4×4, or 16 numbers in a row"),
        ([float("nan")] * 16, "got values that are not finite"),
        (["a"] * 16, "got an array of <U1; legal are integers and floats"),
        ([object()] * 16, "got an array of other things; legal are integers and floats"),
        ([[1], [1, 2]], r"got \[\[1\], \[1, 2\]\]; legal is 1×4×4"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_matrix_multiplies_numbers_alone(vector, words):
    with pytest.raises(SceneError, match=f"input: {words}"):
        MATRIX @ vector


def test_lists_nested_without_end_are_refused():
    with pytest.raises(SceneError, match="kernel: got a list that cannot be shown"):
        Scene(4, ENDLESS)
