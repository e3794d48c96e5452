"""What each input channel contributes to an output cell, and the sum over channels in words."""

from __future__ import annotations

from collections.abc import Iterable

from convanim.draw.text import width
from convanim.engine import Placement, Recording
from convanim.language import language
from convanim.views import sums
from convanim.views.caption import wrapped
from convanim.views.numbers import Number, equals, short, shows_all


def contributions(placement: Placement) -> dict[int, Number]:
    """The sum of each input channel's products, in the order in which the channels are added."""
    parts: dict[int, Number] = {}
    for tap in placement.taps:
        parts[tap.channel] = parts.get(tap.channel, 0) + (0 if tap.product is None else tap.product)
    return parts


def lines_of(placement: Placement, recording: Recording, room: float, *, in_full: bool) -> list[str]:
    """The sum of a placement: of channels where there are several, else of the one channel's products."""
    parts = contributions(placement)
    if len(parts) == 1:
        return sums.sum_lines(placement, recording.scene, room, in_full=in_full)
    said = language(recording.scene.view.language)
    terms = [
        said("channel {number}: {value}", number=channel + 1, value=short(value)) for channel, value in parts.items()
    ]
    rounded = not all(shows_all(value, short(value)) for value in parts.values())
    terms[-1] += f" {equals(placement.value, rounded=rounded)}"
    lines = wrapped(terms, "  +  ", sums.SIZE, room - width("  +", sums.SIZE))
    return [f"{line}  +" for line in lines[:-1]] + lines[-1:]


def room_for_sums(recording: Recording, placements: Iterable[Placement], room: float) -> sums.SumRoom:
    """Room for every sum, all written the same way."""
    if len(list(recording.planes_read(0))) == 1:
        return sums.room_for_sums(recording, range(len(recording)), room)
    return sums.room_of([lines_of(each, recording, room, in_full=True) for each in placements], in_full=True)
