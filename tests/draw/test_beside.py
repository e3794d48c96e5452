"""Storyboards side by side: each part is what it is alone, moved to its place, and all end together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convanim import Comparison, Scene, SceneError, storyboard
from convanim.draw.storyboard import Paint, Text
from convanim.scene.files import figure_to_toml, parse_mapping, read_figure, scene_to_dict
from tests.strategies import small_scenes
from tests.views.layout import check

SOME = settings(max_examples=60, deadline=None)
KINDS = st.sampled_from(["isometric", "numeric", "gather"])


def described(scene, kind, title):
    return scene_to_dict(scene) | {"view": {"kind": kind}, "title": title}


@st.composite
def comparisons(draw):
    scenes = draw(st.lists(small_scenes(), min_size=2, max_size=3))
    titles = draw(st.sampled_from(["", "a heading that is longer than a small figure is wide"]))
    return Comparison([described(scene, draw(KINDS), titles) for scene in scenes], title="Beside")


def own(board, step, side):
    """The paints of one side at a step, without its prefix."""
    paints = (part for part in (*board.steps[step].lasting, *board.steps[step].passing) if isinstance(part, Paint))
    return [(part.grid[2:], part.cells, part.role) for part in paints if part.grid.startswith(f"{side}.")]


@SOME
@given(comparisons())
def test_each_side_is_the_figure_that_it_is_alone(comparison):
    board = storyboard(comparison)
    alone = [storyboard(scene) for scene in comparison.scenes]
    assert len(board.steps) == max(len(each.steps) for each in alone)
    for side, each in enumerate(alone, start=1):
        shown = []
        for step in range(len(board.steps)):
            paints = own(board, step, side)
            if not shown or shown[-1] != paints:
                shown.append(paints)
        steps = [
            [(part.grid, part.cells, part.role) for part in (*step.lasting, *step.passing) if isinstance(part, Paint)]
            for step in each.steps
        ]
        assert shown == [step for at, step in enumerate(steps) if at == 0 or step != steps[at - 1]]
        texts = {text.text for text in board.texts}
        assert {text.text for text in each.texts} <= texts


def test_all_sides_go_at_such_a_pace_that_they_end_together():
    """Of 4 and of 9 steps: the shorter one is as far on, in quarters, as the longer one in ninths."""
    board = storyboard(Comparison([{"input": 4}, {"input": 5}], kernel=3))
    made = [[cells[0] for grid, cells, role in own(board, step, 1) if role == "result"] for step in range(9)]
    assert made == [[0], [0], [0], [1], [1], [2], [2], [3], [3]]
    assert [[cells[0] for _, cells, role in own(board, step, 2) if role == "result"] for step in range(9)] == [
        [step] for step in range(9)
    ]


def counted(board):
    """Which step each side's caption counts, from left to right."""
    counts = [item for item in board.steps[-1].passing if isinstance(item, Text) and item.role == "quiet"]
    return [int(item.text) for item in sorted(counts, key=lambda item: item.x)]


@pytest.mark.parametrize(
    ("steps", "shown"),
    [("3", [4, 4]), ("4", [4, 5]), ("8", [4, 9]), ("-1", [4, 9]), ("5:7", [4, 7]), ("2:7", [4, 7]), ("0:2", [2, 2])],
)
def test_a_step_that_the_shorter_scene_has_no_more_shows_it_at_its_end(steps, shown):
    sides = [{"input": 4}, {"input": 5}]
    for scenes in (sides, sides[::-1]):
        board = storyboard(Comparison(scenes, kernel=3, timing={"steps": steps}))
        assert counted(board) == (shown if scenes is sides else shown[::-1])


def test_chosen_steps_go_at_such_a_pace_that_they_end_together():
    board = storyboard(Comparison([{"input": 4}, {"input": 5}], kernel=3, timing={"steps": "2:7"}))
    made = [
        [cells[0] for grid, cells, role in own(board, step, side) if role == "result"]
        for side in (1, 2)
        for step in range(5)
    ]
    assert made == [[2], [2], [2], [3], [3], [2], [3], [4], [5], [6]]


def test_a_step_that_no_scene_has_is_refused():
    with pytest.raises(SceneError, match=r"scenes\[1\]\.timing\.steps: got \"9\"; legal is a part of the 4 placements"):
        storyboard(Comparison([{"input": 4}, {"input": 5}], kernel=3, timing={"steps": "9"}))
    with pytest.raises(SceneError, match=r"^timing\.steps: got \"4\""):
        storyboard(Scene(4, 3, timing={"steps": "4"}))


@SOME
@given(comparisons())
def test_nothing_is_cut_or_overlaps(comparison):
    board = storyboard(comparison)
    check(board)
    assert all(text.size >= 9 for text in board.texts if isinstance(text, Text))


@SOME
@given(comparisons())
def test_a_comparison_written_and_read_again_is_the_same(comparison):
    assert read_figure(parse_mapping(figure_to_toml(comparison))) == comparison


def test_what_all_share_is_said_once():
    comparison = Comparison(
        [{"title": "a"}, {"stride": 2, "view": {"labels": False}}], input=5, kernel=3, view={"kind": "numeric"}
    )
    assert [scene.output for scene in comparison.scenes] == [(3, 3), (2, 2)]
    assert [scene.view.kind for scene in comparison.scenes] == ["numeric", "numeric"]
    assert [scene.view.labels for scene in comparison.scenes] == [True, False]


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"scenes": [{"input": 5, "kernel": 3}]}, "scenes: got 1; legal are 2 to 4 scenes"),
        ({"scenes": 3}, r"scenes: got 3; legal is a list of tables, \[\[scenes\]\]"),
        ({"scenes": [{"input": 5}, {"input": 5, "kernel": 3}]}, r"scenes\[1\]\.kernel: missing"),
        ({"scenes": [{}, {"kernel": 9}], "input": 5, "kernel": 3}, r"scenes\[2\]\.kernel: got 9"),
        (
            {"scenes": [{}, {"view": {"theme": "dark"}}], "input": 5, "kernel": 3},
            r"scenes\[2\]\.view\.theme: got 'dark'",
        ),
        ({"scenes": [{}, {}], "input": 5, "kernel": 3, "colour": 1}, "colour: not a field of a comparison"),
        ({"scenes": [{}, {}], "input": 5, "kernel": 3, "title": 1}, "title: got 1; legal is text"),
    ],
)
def test_what_is_wrong_is_said_by_scene_and_field(mapping, says):
    with pytest.raises(SceneError, match=says):
        read_figure(mapping)
