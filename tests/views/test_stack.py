"""The figure of a stack: what is lit on each plane is what leads there, layer by layer, and it is laid out well."""

import dataclasses
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from convanim import SceneError, Stack, load_stack, render, render_many, render_stills, storyboard
from convanim.catalogue import built_in_stacks
from convanim.draw.storyboard import Line, Paint, Text
from convanim.scene.files import parse_mapping
from convanim.scene.stack_files import stack_to_toml
from tests.views.layout import check

LAYER = st.one_of(
    st.fixed_dictionaries(
        {
            "kernel": st.integers(1, 3),
            "stride": st.integers(1, 2),
            "dilation": st.integers(1, 2),
            "padding": st.integers(0, 2),
            "transposed": st.booleans(),
        }
    ),
    st.fixed_dictionaries({"op": st.just("max_pool"), "kernel": st.integers(1, 2)}),
)


@st.composite
def stacks(draw):
    """Stacks of up to three layers, on one axis or two, that have an output and are small enough to look at."""
    size = draw(st.lists(st.integers(2, 7), min_size=1, max_size=2))
    layers = draw(st.lists(LAYER, min_size=1, max_size=3))
    view = {"trace": draw(st.sampled_from(["sees", "reaches"])), "labels": draw(st.booleans())}
    return {"input": size, "layers": layers, "view": view}


def possible(written):
    try:
        stack = Stack.from_dict(written)
    except SceneError:
        return None
    return stack if all(max(scene.output) <= 16 for scene in stack.layers) else None


drawn = stacks().map(possible).filter(lambda stack: stack is not None)


def lit(board, step):
    """The cells that a step lights on each plane, the input's first."""
    painted = {item.grid: item.cells for item in step.passing if isinstance(item, Paint)}
    planes = []
    for grid in board.grids:
        cells = (divmod(cell, grid.columns) for cell in painted.get(grid.name, ()))
        planes.append({at if len(grid.shape) == 2 else at[1:] for at in cells})
    return planes


def reads(scene, source, output):
    """Whether an output cell of a layer has an input cell under its kernel: by the definition, cell by cell."""
    for at, to, axis in zip(source, output, scene.axes, strict=True):
        if scene.transposed:
            place = [at * axis.stride + tap * axis.dilation - axis.padding[0] for tap in range(axis.kernel)]
            found = to in place
        else:
            found = at in [to * axis.stride + tap * axis.dilation - axis.padding[0] for tap in range(axis.kernel)]
        if not found:
            return False
    return True


def cells_of(size):
    return list(product(*map(range, size)))


def expected(stack, cell):
    """What each plane should light, layer by layer with loops over all pairs of cells."""
    planes = [{cell}]
    if stack.trace == "sees":
        for scene in reversed(stack.layers):
            planes.insert(0, {at for at in cells_of(scene.input) if any(reads(scene, at, to) for to in planes[0])})
        return planes
    for scene in stack.layers:
        planes.append({to for to in cells_of(scene.output) if any(reads(scene, at, to) for at in planes[-1])})
    return planes


@settings(max_examples=60, deadline=None)
@given(drawn, st.data())
def test_each_plane_lights_the_cells_that_lead_there(stack, data):
    board = storyboard(stack)
    cells = cells_of(stack.output if stack.trace == "sees" else stack.input)
    assert len(board.steps) == len(cells)
    number = data.draw(st.integers(0, len(cells) - 1))
    assert lit(board, board.steps[number]) == expected(stack, cells[number])


def test_what_is_lit_at_the_ends_is_what_the_stack_says():
    stack = Stack(9, [{"kernel": 3, "padding": 1}, {"op": "max_pool", "kernel": 2}, {"kernel": 2}])
    for step in storyboard(stack).steps:
        cell = divmod(step.number, 3)
        assert lit(storyboard(stack), step)[0] == stack.sees(cell)
    back = Stack(3, [{"kernel": 4, "stride": 2, "padding": 1, "transposed": True}] * 2)
    for step in storyboard(back).steps:
        assert lit(storyboard(back), step)[-1] == back.reaches(divmod(step.number, 3))


def test_three_3x3_layers_light_seven_by_seven_cells():
    board = storyboard(load_stack(built_in_stacks()["three_3x3"]))
    for step in board.steps:
        assert [len(cells) for cells in lit(board, step)] == [49, 25, 9, 1]
    said = {text.text for text in board.texts}
    assert {"input 9×9", "conv 3×3 → 7×7", "sees 3×3", "sees 5×5", "sees 7×7"} <= said


def test_a_decoder_is_traced_up_and_says_what_is_reached():
    board = storyboard(load_stack(built_in_stacks()["dcgan_generator"]))
    assert len(board.steps) == 16
    step = board.steps[5]
    assert [len(cells) ** 0.5 for cells in lit(board, step)] == [1, 4, 10, 22, 46]
    said = [item.text for item in step.passing if isinstance(item, Text)]
    assert "stride 2, 3 channels, reached: 46×46" in said
    assert [grid.stroke for grid in board.grids][-1] == 0


@settings(max_examples=100, deadline=None)
@given(drawn)
def test_nothing_overlaps_or_leaves_the_picture(stack):
    board = storyboard(stack)
    for step in (board.steps[0], board.steps[len(board.steps) // 2], board.steps[-1]):
        check(dataclasses.replace(board, steps=(step,)))
        assert all(item.size >= 9 for item in (*board.texts, *step.passing) if isinstance(item, Text))


@pytest.mark.parametrize("name", ["three_3x3", "dcgan_generator", "fcn_head"])
def test_the_built_in_stacks_keep_their_texts_and_lines_apart(name):
    board = storyboard(load_stack(built_in_stacks()[name]))
    small = tuple(
        grid._replace(shape=(1, 1), across=scaled(grid.across, grid.columns), down=scaled(grid.down, grid.rows))
        for grid in board.grids
    )
    check(dataclasses.replace(board, grids=small, steps=board.steps[3:4]))


def scaled(vector, times):
    return vector[0] * times, vector[1] * times


def test_lines_join_the_blocks_of_neighbouring_planes():
    board = storyboard(Stack(5, [{"kernel": 3}, {"kernel": 2}]))
    lines = [item for item in board.steps[0].passing if isinstance(item, Line)]
    low, middle, high = board.grids
    assert [line.start for line in lines] == [*low.block(0, 0, 4, 4), *middle.block(0, 0, 2, 2)]
    assert [line.end for line in lines] == [*middle.block(0, 0, 2, 2), *high.block(0, 0, 1, 1)]


@settings(max_examples=60, deadline=None)
@given(drawn)
def test_a_stack_written_and_read_again_is_the_same(stack):
    assert Stack.from_dict(parse_mapping(stack_to_toml(stack))) == stack


def test_a_stack_in_own_colours_is_written_and_read_again():
    look = {"theme": {"base": "dark", "input": "#ff8800"}, "labels": False}
    stack = Stack(3, [{"kernel": 2, "values": {"kernel": "box"}}], note="why", view=look)
    assert Stack.from_dict(parse_mapping(stack_to_toml(stack))) == stack


def test_a_file_of_a_stack_carries_it(tmp_path):
    stack = Stack([6], [{"kernel": 3}, {"op": "max_pool", "kernel": 2}, {"op": "max_unpool"}], timing={"step": 50})
    render(stack, tmp_path / "a.gif", tmp_path / "a.png")
    with Image.open(tmp_path / "a.gif") as image:
        assert image.n_frames == 4
        assert Stack.from_dict(parse_mapping(image.info["comment"].decode())) == stack
    assert len(render_stills(stack, tmp_path / "all")) == 4
    assert render_many({"b": stack}, tmp_path) == (tmp_path / "b.gif",)
    assert (tmp_path / "b.gif").read_bytes() == (tmp_path / "a.gif").read_bytes()


@pytest.mark.parametrize(
    ("stack", "said"),
    [
        (Stack([3, 3, 3], [{"kernel": 2}]), "input: a figure of a stack cannot have 3 axes; legal are 1 and 2"),
        (Stack(9, [{"kernel": 1}] * 17), "layers: got 17; legal in a figure are 16 at most"),
        (Stack(400, [{"kernel": 1}] * 2), "layers: planes of 480,000 cells in all; legal are 262,144 at most"),
    ],
)
def test_what_no_page_holds_is_refused_by_name(stack, said):
    with pytest.raises(SceneError, match=said):
        storyboard(stack)


@pytest.mark.parametrize(
    ("look", "said"),
    [
        ({"view": {"trace": "up"}}, "view.trace: got .up.; legal is sees or reaches"),
        ({"view": {"kind": "numeric"}}, "view.kind: means nothing of a stack; known are trace, theme"),
        ({"view": {"thene": "dark"}}, "view.thene: .*did you mean theme"),
        ({"view": 3}, "view: got 3; legal is a table of trace"),
        ({"timing": {"step": 1}}, "timing.step: got 1"),
    ],
)
def test_a_look_that_is_none_is_refused_by_name(look, said):
    with pytest.raises(SceneError, match=said):
        Stack.from_dict({"input": 3, "layers": [{"kernel": 2}]} | look)
