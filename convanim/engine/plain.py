"""A Recording as plain lists, dicts, texts and numbers, for JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from convanim.engine.recording import Number, Placement, Recording, Stamp
from convanim.scene import scene_to_dict


def head(recording: Recording) -> dict[str, Any]:
    """All but placements and stamps: the scene, sizes and arrays."""
    scene = recording.scene
    return {
        "scene": scene_to_dict(scene),
        "operation": scene.op,
        "sizes": {
            "input": scene.input,
            "kernel": scene.kernel,
            "canvas": recording.canvas_size,
            "output": scene.output,
        },
        "channels": {"in": scene.in_channels, "out": scene.out_channels, "groups": scene.groups},
        "input": recording.input.tolist(),
        "kernel": None if recording.kernel is None else recording.kernel.tolist(),
        "output": recording.output.tolist(),
    }


def placement_to_dict(placement: Placement, *, channels: bool = False) -> dict[str, Any]:
    """One placement; an average that is no whole number also as the exact fraction, `"5/3"`; its channels on request."""
    taps = [
        {
            "canvas": tap.canvas,
            "source": tap.source,
            "kind": tap.kind,
            "kernel": tap.kernel,
            "value": tap.value,
            "weight": _number(tap.weight),
            "product": _number(tap.product),
        }
        | ({"channel": tap.channel} if channels else {})
        for tap in placement.taps
    ]
    plain: dict[str, Any] = {"output": placement.output, "value": _number(placement.value), "taps": taps}
    if channels:
        plain["channel"] = placement.channel
    if isinstance(placement.value, Fraction):
        plain["fraction"] = str(placement.value)
    if placement.divisor != 1:
        plain["divisor"] = placement.divisor
    if placement.chosen is not None:
        plain["chosen"] = placement.chosen
    return plain


def stamp_to_dict(stamp: Stamp, *, channels: bool = False) -> dict[str, Any]:
    """One stamp of a transposed convolution."""
    taps = [
        {"output": tap.output, "kernel": tap.kernel, "weight": tap.weight, "product": tap.product}
        | ({"channel": tap.channel} if channels else {})
        for tap in stamp.taps
    ]
    plain = {"input": stamp.input, "value": stamp.value, "taps": taps}
    return plain | ({"channel": stamp.channel} if channels else {})


def _number(value: Number | None) -> int | float | None:
    return float(value) if isinstance(value, Fraction) else value
