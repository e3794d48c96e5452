"""Layout: nothing is cut, hidden, overlapped or moved, whatever the scene."""

import dataclasses
import re
from collections import Counter
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convanim import Scene, SceneError, load_figure, storyboard
from convanim.catalogue import built_in, built_in_stacks
from convanim.draw.storyboard import Line, Text
from convanim.scene.fields import OPERATIONS
from convanim.scene.files import figure_to_toml
from convanim.view_table import VIEWS
from tests.random_scenes import TITLES, random_comparison, random_scene, random_stack
from tests.strategies import small_scenes
from tests.views.layout import check, text_box, with_view

LARGE = [
    Scene(28, 3),
    Scene([3, 40], [1, 5], stride=[1, 3]),
    Scene([40, 3], 2),
    Scene([60], 5, padding="same"),
    Scene(1, 1),
    Scene(12, 5, stride=4, transposed=True),
    Scene([2, 70], [1, 5], stride=[1, 7]),
]


# so many random ones of each kind, in parts that can be looked at beside each other
OF_A_VIEW, OF_COMPARISONS, PARTS = 500, 200, 5


@cache
def scene_of(kind, number):
    """One of a view's random scenes."""
    return random_scene(f"{kind} {number}", kind)


def look_at(figure, kind):
    """Check the layout of a figure; whatever is wrong is said with its scene file."""
    try:
        check(storyboard(figure), every_step=kind == "isometric")
    except (AssertionError, SceneError) as fault:
        pytest.fail(f"{fault}\n{figure_to_toml(figure)}")


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", VIEWS)
@pytest.mark.filterwarnings("ignore:one placement in")
def test_random_scenes_are_laid_out_well_in_every_view(kind, part):
    for number in range(part, OF_A_VIEW, PARTS):
        look_at(scene_of(kind, number), kind)


@pytest.mark.parametrize("part", range(PARTS))
def test_random_stacks_are_laid_out_well(part):
    for number in range(part, OF_A_VIEW, PARTS):
        look_at(random_stack(f"stack {number}"), "stack")


@pytest.mark.parametrize("part", range(PARTS))
def test_random_comparisons_are_laid_out_well(part):
    for number in range(part, OF_COMPARISONS, PARTS):
        look_at(random_comparison(f"beside {number}"), "beside")


@pytest.mark.parametrize("kind", VIEWS)
def test_random_scenes_have_all_that_a_view_takes(kind):
    """Of what is drawn above each choice occurs many times, so that nothing passes for want of being looked at."""
    scenes = [scene_of(kind, number) for number in range(OF_A_VIEW)]
    drawn = [op for op in OPERATIONS if is_drawn(kind, op)]
    counts = Counter(scene.op for scene in scenes)
    assert set(counts) == set(drawn)
    assert min(counts.values()) >= 20
    for name in ("labels", "caption", *VIEWS[kind].takes):
        values = [getattr(scene.view, name) for scene in scenes]
        chosen = Counter(value is True or value in {2, 3, "value", "whole"} for value in values)
        assert min(chosen[True], chosen[False]) >= 40, name
    assert sum(scene.view.cell is not None for scene in scenes) >= 40
    assert len({scene.title for scene in scenes}) == len(TITLES)
    assert {scene.dimensions for scene in scenes} == ({1} if kind == "line" else {1, 2})


def is_drawn(kind, op):
    written = {"op": op, "input": [4], "view": {"kind": kind}}
    written |= {"scale_factor": 2} if op == "upsample" else {"kernel": 2}
    written |= {"transposed": True} if kind == "scatter" and op == "conv" else {}
    try:
        return bool(storyboard(Scene(**written)).grids)
    except SceneError:
        return False


def test_random_comparisons_and_stacks_have_all_that_they_may_have():
    figures = [random_comparison(f"beside {number}") for number in range(OF_COMPARISONS)]
    assert {len(figure.scenes) for figure in figures} == {2, 3, 4}
    assert {scene.view.kind for figure in figures for scene in figure.scenes} == set(VIEWS)
    stacks = [random_stack(f"stack {number}") for number in range(OF_A_VIEW)]
    assert {len(stack.layers) for stack in stacks} == set(range(1, 7))
    assert {stack.trace for stack in stacks} == {"sees", "reaches"}
    assert {(stack.view.labels, stack.view.caption) for stack in stacks} == set(product((True, False), repeat=2))


@pytest.mark.parametrize("name", [*built_in(), *built_in_stacks()])
@pytest.mark.filterwarnings("ignore:one placement in")
def test_every_scene_file_is_laid_out_well(name):
    look_at(load_figure((built_in() | built_in_stacks())[name]), "file")


def test_the_check_sees_what_is_wrong():
    """Each thing that may be wrong, made wrong on purpose."""
    board = storyboard(Scene(4, 3, view={"kind": "numeric"}))
    check(board)
    value = next(text for text in board.texts if text.cell)
    free = next(text for text in board.texts if text.role == "input label")
    canvas, output = board.grids
    line = Line((free.x - 5, free.y - 30), (free.x + 5, free.y + 10), "connector", 1)
    wrong = {
        "is cut": {"size": (board.size[0] // 2, board.size[1])},
        "is small": {"texts": (free._replace(size=8.9),)},
        "overlap": {"texts": (free, free._replace(text="another", x=free.x + 3))},
        "lies on": {"texts": (free._replace(y=free.y + 40),)},
        "leaves a cell": {"texts": (value._replace(text="123456789"),)},
        "overlap in": {"texts": (value, value._replace(x=value.x + 4))},
        "passes through": {"lines": (line,)},
        "a line is cut": {"lines": (line._replace(start=(1, 50)),)},
        "hides": {"grids": (canvas, output._replace(origin=canvas.origin))},
    }
    for says, change in wrong.items():
        with pytest.raises(AssertionError, match=says):
            check(dataclasses.replace(board, **change))


@pytest.mark.parametrize("kept", ["lasting", "passing"])
def test_the_check_sees_what_is_wrong_in_a_step_by_itself_or_with_what_rests(kept):
    board = storyboard(Scene(4, 3, view={"kind": "numeric"}))
    board = dataclasses.replace(board, size=(board.size[0] + 200, board.size[1]))
    value = next(text for text in board.texts if text.cell)
    label = next(text for text in board.texts if text.role == "input label")
    alone = label._replace(text="alone", x=board.size[0] - 100, y=100)
    through_label, through_alone = (
        Line((text.x - 5, text.y - 30), (text.x + 5, text.y + 10), "connector", 1) for text in (label, alone)
    )
    wrong = {
        f"more and {label.text} overlap": (label._replace(text="more", x=label.x + 3),),
        "alone and more overlap": (alone, alone._replace(text="more")),
        "more lies on canvas": (label._replace(text="more", y=label.y + 40),),
        "leaves a cell": (value._replace(text="123456789"),),
        "overlap in": (value._replace(x=value.x + 4),),
        f"passes through {label.text}": (through_label,),
        "passes through alone": (alone, through_alone),
    }

    def with_step(changes, **rest):
        return dataclasses.replace(board, steps=(board.steps[0]._replace(**{kept: changes}),), **rest)

    check(with_step((alone,)))
    check(with_step((), lines=(through_alone,)))
    for says, changes in wrong.items():
        with pytest.raises(AssertionError, match=re.escape(says)):
            check(with_step(changes))
    with pytest.raises(AssertionError, match="passes through alone"):
        check(with_step((alone,), lines=(through_alone,)))


@pytest.mark.parametrize("kind", ["isometric", "numeric"])
@pytest.mark.parametrize("scene", LARGE, ids=lambda scene: f"{scene.input} {scene.kernel}")
@pytest.mark.filterwarnings("ignore:one placement in")
def test_large_and_odd_shapes_are_laid_out_as_well(scene, kind):
    check(storyboard(with_view(scene, kind=kind)))


@settings(max_examples=60, deadline=None)
@given(small_scenes(ops=("conv", "max_pool", "avg_pool")), st.data())
def test_values_and_notes_stay_in_their_cells(scene, data):
    low, high = sorted(data.draw(st.tuples(st.integers(-(10**7), 10**7), st.integers(-(10**7), 10**7))))
    values = {"input": {"random": [low, high]}}
    if scene.op == "conv":
        values["kernel"] = {"random": [low / 7, max(high / 3, low / 7)]}
    board = storyboard(dataclasses.replace(scene, values=values, view={"kind": "numeric"}))
    for step in board.steps:
        for text in (*board.texts, *(item for item in (*step.lasting, *step.passing) if isinstance(item, Text))):
            left, top, right, bottom = text_box(text)
            if text.cell is None:
                assert 2 <= left <= right <= board.size[0] - 2
                assert 2 <= top <= bottom <= board.size[1] - 2
                continue
            grid = board.grid(text.cell[0])
            row, column = divmod(text.cell[1], grid.columns)
            x, y = grid.point(row, column)
            assert x + 1 <= left <= right <= x + grid.across[0] - 1
            assert y + 1 <= top <= bottom <= y + grid.down[1] - 1
            assert text.size >= 9


def test_lines_lead_from_the_windows_corners_to_the_cells():
    board = storyboard(Scene(7, 3, dilation=2))
    for step in board.steps:
        lines = [item for item in step.passing if isinstance(item, Line)]
        row, column = divmod(step.number, 3)
        assert tuple(line.start for line in lines) == board.grid("canvas").block(row, column, 5, 5)
        assert tuple(line.end for line in lines) == board.cell("output", (row, column))
        assert all(line.behind == ("output",) for line in lines)


def test_a_one_dimensional_scene_lies_in_one_row():
    board = storyboard(Scene([8], 3))
    assert board.grid("canvas").rows == 1
    assert board.cell("canvas", (7,))[0] == board.grid("canvas").point(0, 7)
    with pytest.raises(IndexError):
        board.cell("canvas", (8,))


def test_a_long_signal_has_its_output_below_it():
    board = storyboard(Scene([64], 5, view={"kind": "numeric"}))
    canvas, output = board.grids
    assert canvas.origin[1] + canvas.down[1] < output.origin[1]
    assert board.size[0] < canvas.columns * canvas.across[0] * 1.1


def test_small_cells_have_no_notes_and_smaller_ones_are_refused():
    small = storyboard(Scene(4, 3, view={"kind": "numeric", "cell": 20}))
    assert not [item for item in small.steps[0].passing if isinstance(item, Text) and item.role == "note"]
    with pytest.raises(SceneError, match=r"view\.cell: got 13"):
        storyboard(Scene(4, 3, view={"kind": "numeric", "cell": 13}))


def test_a_grid_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(KeyError, match="canvas, output"):
        storyboard(Scene(4, 3)).cell("input", (0, 0))


def test_a_view_that_cannot_hold_so_many_cells_says_which_can():
    with pytest.raises(SceneError, match="isometric can"):
        storyboard(Scene(200, 3, view={"kind": "numeric"}))
    with pytest.raises(SceneError, match="legal are"):
        storyboard(Scene(2000, 3))


def test_a_storyboard_is_plain_data():
    scene = Scene(4, 3)
    assert storyboard(scene) == storyboard(scene)
    assert storyboard(scene) != storyboard(Scene(5, 3))
    plain = storyboard(scene).to_dict()
    assert len(plain["steps"]) == 4
    assert plain["grids"][0]["kind"] == "grid"


def test_the_output_may_be_whole_from_the_start():
    board = storyboard(Scene(4, 3, view={"output": "whole", "kind": "numeric"}))
    assert set(board.grid("output").roles) == {"output numbered"}
    assert len([text for text in board.texts if text.cell and text.cell[0] == "output"]) == 4
