"""Storyboards side by side: each part is what it is alone, moved to its place, and all end together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from convanim import Comparison, Scene, SceneError, render, render_stills, storyboard
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


def starting(*starts, **shared):
    """Two scenes of 4 and of 9 steps, which begin when they are told to."""
    scenes = [{"input": size} | ({"starts": each} if each else {}) for size, each in zip((4, 5), starts, strict=True)]
    return Comparison(scenes, kernel=3, view={"kind": "numeric"}, **shared)


def made(board, side):
    """How many output cells a side has made, step by step."""
    seen, counts = set(), []
    for step in range(len(board.steps)):
        cells = (cells for grid, cells, role in own(board, step, side) if grid == "output" and role == "result")
        seen |= {cell for each in cells for cell in each}
        counts.append(len(seen))
    return counts


@pytest.mark.parametrize(
    ("starts", "first", "second"),
    [
        (([1, 3, 7, 9], []), [1, 1, 2, 2, 2, 2, 3, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (([10], [1]), [0] * 9 + [1, 2, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9]),
        (([2, 4], []), [0, 1, 1, 2, 3, 4, 4, 4, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (([12], []), [0] * 11 + [1, 2, 3, 4], None),
    ],
)
def test_a_scene_may_say_when_its_steps_begin(starts, first, second):
    board = storyboard(starting(*starts))
    assert made(board, 1) == first
    paced = [place * 9 // len(board.steps) + 1 for place in range(len(board.steps))]
    assert made(board, 2) == (second or paced)


def test_a_scene_that_waits_holds_nothing_yet_and_ends_as_one_that_does_not(tmp_path):
    waiting, plain = starting([10], [1]), starting([], [])
    board = storyboard(waiting)
    at_rest = [text for text in board.texts if text.cell and text.cell[0].startswith("1.")]
    assert at_rest == []
    appear = [
        [part for part in step.lasting if isinstance(part, Text) and part.cell and part.cell[0] == "1.canvas"]
        for step in board.steps
    ]
    assert [len(texts) for texts in appear] == [0] * 9 + [16, 0, 0, 0]
    for name, comparison in (("waiting", waiting), ("plain", plain)):
        render_stills(comparison, tmp_path / name)
    ends = [max((tmp_path / name).iterdir()) for name in ("waiting", "plain")]
    with Image.open(ends[0]) as one, Image.open(ends[1]) as other:
        assert one.convert("RGB").tobytes() == other.convert("RGB").tobytes()


def test_lines_that_a_waiting_scene_brings_have_their_ink(tmp_path):
    scenes = [{"kernel": 3}, {"op": "max_pool", "kernel": 2, "starts": [10]}]
    comparison = Comparison(scenes, input=5, view={"kind": "numeric"})
    render(comparison, tmp_path / "a.gif")
    with Image.open(tmp_path / "a.gif") as image:
        assert image.n_frames == 13


@pytest.mark.parametrize("steps", ["3", "-1", "0:2"])
def test_of_chosen_steps_each_scene_has_its_own_whatever_it_says_of_its_start(steps):
    waiting, plain = (starting(*each, timing={"steps": steps}) for each in (([10], [1]), ([], [])))
    assert storyboard(waiting).texts == storyboard(plain).texts
    assert list(storyboard(waiting).steps) == list(storyboard(plain).steps)


def test_starts_are_written_and_read_again():
    comparison = starting([1, 3, 7, 9], [])
    assert comparison.starts == ((1, 3, 7, 9), ())
    again = read_figure(parse_mapping(figure_to_toml(comparison)))
    assert again == comparison
    assert again != starting([1, 3, 7, 8], [])


def test_more_starts_than_steps_are_refused():
    with pytest.raises(SceneError, match=r"scenes\[1\]\.starts: got 5 of them; legal are 4 at most, one for each step"):
        storyboard(starting([1, 2, 3, 4, 5], []))


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


def test_all_sides_play_as_often_and_last_as_long_as_is_asked():
    timing = {"step": 70, "hold": 900, "loop": 3}
    board = storyboard(Comparison([{"input": 4}, {"input": 5}], kernel=3, timing=timing))
    assert board.plays == 3
    assert [step.duration for step in board.steps] == [70] * 8 + [900]


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
        *(
            (
                {"scenes": [{}, {}, {section: {key: value}}], "input": 5, "kernel": 3},
                rf"scenes\[3\]\.{section}\.{key}: got",
            )
            for section, key, value in (
                ("view", "theme", "dark"),
                ("view", "background", "transparent"),
                ("view", "scale", 2),
                ("view", "levels", 4),
                ("timing", "step", 300),
                ("timing", "hold", 300),
                ("timing", "loop", 1),
            )
        ),
        ({"scenes": [{}, {}], "input": 5, "kernel": 3, "colour": 1}, "colour: not a field of a comparison"),
        ({"scenes": [{}, {}], "input": 5, "kernel": 3, "title": 1}, "title: got 1; legal is text"),
        (
            {"scenes": [{}, {"starts": 3}], "input": 5, "kernel": 3},
            r"scenes\[2\]\.starts: got 3; legal are steps of the",
        ),
        ({"scenes": [{}, {"starts": [0]}], "input": 5, "kernel": 3}, r"scenes\[2\]\.starts: got \[0\]"),
        ({"scenes": [{}, {"starts": [2, 2]}], "input": 5, "kernel": 3}, r"each later than the one before it"),
        ({"scenes": [{}, {"starts": [10**9]}], "input": 5, "kernel": 3}, r"from 1 to 10,000"),
        ({"scenes": [{}, {}], "layers": [{}], "kernel": 3}, "layers: given beside scenes; legal is one of them"),
    ],
)
def test_what_is_wrong_is_said_by_scene_and_field(mapping, says):
    with pytest.raises(SceneError, match=says):
        read_figure(mapping)
