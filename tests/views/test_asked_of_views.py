"""No field of `[view]` is passed over in silence: a view does what it asks, or refuses it by name."""

import dataclasses
import json

import pytest

from convanim import Comparison, Scene, SceneError, Stack, storyboard
from convanim.view_table import UNASKED, VIEWS

ASKED = {"formula": True, "overlaps": True, "numbered": True, "dropped_by_stride": 2, "symbols": True}
ASKED |= {"colour": "value", "output": "whole"}
SCENES = {"line": Scene([6], 3), "scatter": Scene(3, 2, transposed=True)}


def board(kind, **view):
    scene = SCENES.get(kind, Scene(4, 2))
    return json.dumps(storyboard(dataclasses.replace(scene, view={"kind": kind, **view})).to_dict(), default=str)


def test_the_fields_that_only_some_views_take_are_all_asked_for_here():
    assert set(ASKED) == set(UNASKED)
    for name, value in ASKED.items():
        assert Scene(4, 3).view._asdict()[name] in UNASKED[name]
        assert value not in UNASKED[name]
        assert any(name in view.takes for view in VIEWS.values())


@pytest.mark.parametrize("kind", VIEWS)
@pytest.mark.parametrize("name", ASKED)
def test_what_is_asked_is_done_or_refused_by_name(kind, name):
    if name in VIEWS[kind].takes:
        with_it, without = board(kind, **{name: ASKED[name]}), board(kind, **{name: UNASKED[name][-1]})
        assert with_it != without
    else:
        with pytest.raises(
            SceneError, match=rf"view\.{name}: got '?\w+'?; but {kind} draws nothing of it; leave it out"
        ):
            board(kind, **{name: ASKED[name]})
        assert board(kind, **{name: UNASKED[name][-1]})


@pytest.mark.parametrize("kind", VIEWS)
@pytest.mark.parametrize("name", ["labels", "caption"])
def test_every_view_names_planes_and_has_a_caption_or_not(kind, name):
    assert len(board(kind, **{name: False})) < len(board(kind))


@pytest.mark.parametrize("name", ["labels", "caption"])
def test_so_has_a_stack(name):
    with_it, without = (storyboard(Stack(5, [{"kernel": 3}], view={name: is_so})).texts for is_so in (True, False))
    assert len(without) < len(with_it)


@pytest.mark.parametrize("name", [*ASKED, "kind", "look"])
def test_a_stack_refuses_what_it_has_no_use_for(name):
    value = ASKED.get(name, "isometric")
    with pytest.raises(SceneError, match=rf"view\.{name}: means nothing of a stack"):
        Stack(5, [{"kernel": 3}], view={name: value})


@pytest.mark.parametrize("name", ["view", "timing"])
def test_a_layer_has_no_look_of_its_own(name):
    with pytest.raises(SceneError, match=rf"layers\[2\]\.{name}: given; but a stack has one for all its layers"):
        Stack(5, [{"kernel": 3}, {"kernel": 2, name: {}}])


def test_of_scenes_side_by_side_it_is_said_of_which():
    figure = Comparison([{"view": {"kind": "numeric"}}, {}], input=4, kernel=3, view={"dropped_by_stride": 2})
    with pytest.raises(SceneError, match=r"^scenes\[2\]\.view\.dropped_by_stride: got 2; but isometric"):
        storyboard(figure)
    figure = Comparison([{}, {"view": {"cell": 9}}], input=4, kernel=3, view={"kind": "numeric"})
    with pytest.raises(SceneError, match=r"^scenes\[2\]\.view\.cell: got 9"):
        storyboard(figure)


def test_a_sum_that_is_asked_for_is_written_where_cells_are_too_narrow_for_values():
    long = Scene([100], 3, padding=1, view={"kind": "line"}, timing={"steps": "0:2"})
    asked = dataclasses.replace(long, view=long.view._replace(formula=True))
    texts = [
        [item.text for item in storyboard(scene).steps[0].passing if hasattr(item, "text")] for scene in (long, asked)
    ]
    assert not any("·" in text for text in texts[0])
    assert any("·" in text for text in texts[1])


REFUSED = [
    Scene(45, 3, padding=1, view={"kind": "gather"}, timing={"steps": "0:2"}),
    Scene(5, 3, op="max_pool", view={"kind": "gather"}),
    Scene(5, 3, op="avg_pool", view={"kind": "scatter"}),
    Scene(5, 3, view={"kind": "scatter"}),
    Scene([8], 3, op="max_pool", view={"kind": "matrix"}),
    Scene(9, 3, view={"kind": "matrix"}),
    Scene(5, 3, view={"kind": "line"}),
    Scene(5, 3, in_channels=2, view={"kind": "numeric"}),
    Scene(5, 3, in_channels=20, view={"kind": "numeric"}),
    Scene([3, 3, 3], 2, view={"kind": "channels"}),
    Scene([300, 300], 3, view={"kind": "all-steps"}, timing={"steps": "0:2"}),
]


@pytest.mark.parametrize("scene", REFUSED, ids=lambda scene: f"{scene.view.kind} {scene.op} {scene.input}")
def test_a_view_that_refuses_names_those_that_do_draw_it(scene):
    with pytest.raises(SceneError) as refused:
        storyboard(scene)
    assert refused.value.field == "view.kind"
    named = [word.strip(",;") for word in refused.value.legal.removesuffix(" can").rpartition("; ")[2].split()]
    for kind in VIEWS:
        other = dataclasses.replace(scene, view=scene.view._replace(kind=kind))
        if kind in named:
            assert storyboard(other).steps[0]
        else:
            with pytest.raises(SceneError):
                storyboard(other)
