"""A stack's recordings: each layer computed from the output of the one before it."""

from __future__ import annotations

from typing import Any

from convanim.engine import record
from convanim.engine.recording import Recording
from convanim.errors import expect
from convanim.scene.stack import Stack


def record_stack(stack: Stack, input: Any = None) -> tuple[Recording, ...]:
    """One Recording a layer; the first layer's input is `input`, or what its values say.

    A max unpooling takes the switches of the max pooling that it undoes. SceneError as `record`.
    """
    expect(stack, Stack)
    recordings: list[Recording] = []
    for number, scene in enumerate(stack.layers):
        undone = stack.undoes(number)
        switches = None if undone is None else recordings[undone].switches
        recordings.append(record(scene, input if number == 0 else recordings[-1].output, switches=switches))
    return tuple(recordings)
