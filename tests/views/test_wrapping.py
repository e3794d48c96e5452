"""Lines are filled as a loop fills them that measures each longer line."""

from random import Random

from convanim import Scene, storyboard
from convanim.draw.storyboard import Text
from convanim.draw.text import width
from convanim.views.caption import wrapped

PARTS = ("3·2", "AV", "To", "W", "(-1)·0.25", "中文字", "x", "", "1e300", "…")


def filled(parts, separator, size, room):
    lines = [parts[0]]
    for part in parts[1:]:
        longer = lines[-1] + separator + part
        if width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def test_random_parts_are_wrapped_as_part_by_part():
    rng = Random("wrapping")
    for _ in range(500):
        parts = [rng.choice(PARTS) * rng.choice((1, 1, 2)) for _ in range(rng.randint(1, 60))]
        asked = parts, rng.choice((" + ", ", ", " · ", "")), rng.choice((13, 16, 20.5)), rng.choice((10, 50, 300, 3000))
        assert wrapped(*asked) == filled(*asked)


def test_sums_of_which_any_is_too_long_are_all_abbreviated():
    board = storyboard(Scene(9, 8, padding=[[0, 0], [7, 7]], view={"kind": "numeric"}))
    items = [item for step in board.steps for item in step.passing]
    sums = [item.text for item in items if isinstance(item, Text) and " + " in item.text]
    assert sums
    assert all("…" in text for text in sums)
