"""The caption: lines that break well, and a step's number that moves nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convanim import Scene, storyboard
from convanim.draw.storyboard import Text
from convanim.draw.text import width
from convanim.views.caption import _balanced, wrapped


def numbers(board):
    """The text of each step that counts it."""
    return [
        next(item for item in step.passing if isinstance(item, Text) and item.role == "quiet") for step in board.steps
    ]


@pytest.mark.parametrize("kind", ["isometric", "numeric"])
def test_steps_are_counted_from_one_and_only_their_number_changes(kind):
    board = storyboard(Scene(6, 3, view={"kind": kind}))
    counted = numbers(board)
    assert [text.text for text in counted] == [str(number) for number in range(1, 17)]
    ends = {round(text.x + width(text.text, text.size)) for text in counted}
    assert max(ends) - min(ends) <= 1, "flush on the right"
    (slash,) = [text for text in board.texts if text.text == "/ 16"]
    assert slash.y == counted[0].y
    assert slash.x > max(ends)
    assert any(text.text.endswith("step") and text.y == slash.y for text in board.texts)


@given(st.lists(st.text("abcdefgh 0123", min_size=1, max_size=20), min_size=1, max_size=9), st.integers(40, 600))
def test_balanced_lines_are_as_few_as_can_be_and_no_wider(parts, room):
    greedy, balanced = wrapped(parts, " · ", 12, room), _balanced(parts, " · ", 12, room)
    assert " · ".join(balanced) == " · ".join(parts)
    assert len(balanced) == len(greedy)
    assert max(width(line, 12) for line in balanced) <= max(width(line, 12) for line in greedy)


def test_no_word_is_left_alone_that_could_have_company():
    assert wrapped(["aaaa", "bbbb", "cccc", "d"], " · ", 12, 130)[-1] == "d"
    assert _balanced(["aaaa", "bbbb", "cccc", "d"], " · ", 12, 130) == ["aaaa · bbbb", "cccc · d"]
