"""Fixed scenes of every operation, small enough to be drawn in every view that takes them."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from convanim import Scene, record, storyboard
from convanim.draw.storyboard import Storyboard
from tests.views.plain_loops import Truth
from tests.views.shown import Shown, panels_of, steps_of

VALUES = {"input": {"random": [-9, 9], "seed": 3}, "kernel": {"random": [-9, 9], "seed": 4}}
LONG = {"input": {"random": [-999, 999], "seed": 5}, "kernel": {"random": [-99, 99], "seed": 6}}
DECIMALS = {"input": [[[1, 2], [3, 1]]], "kernel": [[[[0.25, 0.12345], [1.5, -0.5]]]]}
THIRDS = {"input": [[[1, 2]], [[1, 2]]], "kernel": [[[[0.33333]], [[0.66667]]]]}  # parts are rounded, their sum is not
SIDES = [[1, 0], [0, 2]]

PLANES = {
    "conv": {"input": 4, "kernel": 3},
    "conv-padded": {"input": [4, 3], "kernel": [2, 3], "stride": [2, 1], "padding": SIDES},
    "conv-dilated-flipped": {"input": 5, "kernel": 2, "dilation": 2, "flip": True},
    "conv-strided": {"input": [5, 4], "kernel": 2, "stride": 3, "padding": [[0, 0], [1, 1]]},
    "conv-reflect": {"input": 3, "kernel": 2, "padding": 1, "padding_mode": "reflect"},
    "conv-replicate": {"input": [3, 2], "kernel": 2, "padding": SIDES, "padding_mode": "replicate"},
    "conv-circular": {"input": [2, 3], "kernel": 3, "padding": 1, "padding_mode": "circular"},
    "conv-long-sums": {"input": 6, "kernel": 5, "values": LONG},
    "conv-decimals": {"input": 2, "kernel": 2, "padding": 1, "values": DECIMALS},
    "transposed": {"input": [2, 3], "kernel": 3, "stride": 2, "padding": 1, "output_padding": 1, "transposed": True},
    "transposed-flipped": {"input": 2, "kernel": [3, 2], "stride": [1, 2], "flip": True, "transposed": True},
    "transposed-dilated": {"input": 2, "kernel": 2, "dilation": 2, "padding": SIDES, "transposed": True},
    "transposed-apart": {"input": [2, 3], "kernel": 1, "stride": 2, "transposed": True},
    "transposed-long": {"input": 2, "kernel": 3, "stride": 2, "transposed": True, "values": LONG},
    "input-gradient": {"op": "conv_input_grad", "input": 2, "kernel": 3, "stride": 2, "padding": 1},
    "kernel-gradient": {"op": "conv_kernel_grad", "input": 4, "kernel": 2, "padding": 1, "stride": 2, "dilation": 2},
    "max-pool": {"op": "max_pool", "input": 4, "kernel": 3, "stride": 2, "padding": 1, "ceil_mode": True},
    "avg-pool": {"op": "avg_pool", "input": [4, 5], "kernel": 3, "stride": 2, "padding": 1, "ceil_mode": True},
    "avg-pool-uncounted": {"op": "avg_pool", "input": 4, "kernel": 3, "padding": 1, "count_include_pad": False},
    "avg-pool-by-5": {"op": "avg_pool", "input": 3, "kernel": 2, "padding": 1, "divisor_override": 5},
    "max-unpool": {"op": "max_unpool", "input": [2, 3], "kernel": [3, 2]},
    "nearest": {"op": "upsample", "input": [2, 3], "scale_factor": 2},
    "linear": {"op": "upsample", "mode": "linear", "input": 2, "scale_factor": 2},
    "linear-aligned": {"op": "upsample", "mode": "linear", "input": 3, "output_size": 5, "align_corners": True},
    "linear-smaller": {"op": "upsample", "mode": "linear", "input": 5, "output_size": [2, 3]},
    "bed-of-nails": {"op": "upsample", "mode": "bed-of-nails", "input": [2, 1], "scale_factor": 2},
}
VOLUMES = {
    "two-to-three": {"input": 3, "kernel": 2, "padding": [[1, 0], [0, 0]], "in_channels": 2, "out_channels": 3},
    "grouped": {"input": [3, 2], "kernel": 2, "in_channels": 4, "out_channels": 4, "groups": 2, "flip": True},
    "transposed-grouped": {
        "input": 2,
        "kernel": 2,
        "stride": 2,
        "transposed": True,
        "in_channels": 4,
        "out_channels": 2,
        "groups": 2,
    },
    "kernel-gradients": {"op": "conv_kernel_grad", "input": 3, "kernel": 2, "in_channels": 2, "out_channels": 2},
    "thirds": {"input": [1, 2], "kernel": 1, "in_channels": 2, "values": THIRDS},
    "max-pools": {"op": "max_pool", "input": 3, "kernel": 2, "in_channels": 2},
    "avg-pools": {"op": "avg_pool", "input": 3, "kernel": 2, "padding": 1, "stride": 2, "in_channels": 2},
    "max-unpools": {"op": "max_unpool", "input": 2, "kernel": 2, "in_channels": 2},
    "linears": {"op": "upsample", "mode": "linear", "input": 2, "scale_factor": 1.5, "in_channels": 2},
}
LINES = {
    "row-same": {"input": [6], "kernel": 3, "padding": 1},
    "row-even": {"input": [5], "kernel": 4, "padding": "same"},
    "row-shorter": {"input": [9], "kernel": 3, "stride": 2},
    "row-reflect": {"input": [5], "kernel": 3, "padding": 2, "padding_mode": "reflect", "flip": True},
    "row-circular": {"input": [4], "kernel": 3, "padding": [[1, 2]], "padding_mode": "circular"},
    "row-transposed": {"input": [3], "kernel": 3, "stride": 2, "padding": 1, "transposed": True},
    "row-max-pool": {"op": "max_pool", "input": [6], "kernel": 3, "stride": 2, "padding": 1},
    "row-avg-pool": {"op": "avg_pool", "input": [5], "kernel": 3, "stride": 2, "padding": 1, "ceil_mode": True},
    "row-max-unpool": {"op": "max_unpool", "input": [3], "kernel": 2},
    "row-linear": {"op": "upsample", "mode": "linear", "input": [3], "output_size": 6},
    "row-bed-of-nails": {"op": "upsample", "mode": "bed-of-nails", "input": [3], "scale_factor": 3},
    "row-kernel-gradient": {"op": "conv_kernel_grad", "input": [5], "kernel": 3},
}
SCENES = PLANES | VOLUMES | LINES
LINEAR = [name for name in PLANES if not name.startswith("max")]
WEIGHED = [name for name in PLANES if name.startswith(("conv", "transposed", "input", "kernel"))]
CROWDED = ("transposed", "linear-aligned")  # so many panels that their cells may hold values or not
WITHOUT_VALUES = ("transposed-long", "two-to-three")  # on a page
DRAWN = {
    "isometric": [*PLANES, *VOLUMES],
    "numeric": [*PLANES, *LINES],
    "gather": WEIGHED,
    "channels": [*VOLUMES, "conv-padded", "transposed", "max-pool", "max-unpool"],
    "matrix": [*LINEAR, "row-same", "row-transposed"],
    "all-steps": [*(name for name in PLANES if name not in CROWDED), "two-to-three", "row-same", "row-max-unpool"],
    "line": LINES,
}
STAMPED = [name for name in PLANES if name.startswith(("transposed", "input"))]


class Case(NamedTuple):
    """A scene, the truth about it, its storyboard, and all that a reader sees of that, placement by placement."""

    scene: Scene
    truth: Truth
    board: Storyboard
    steps: list[Shown]


@cache
def case(kind, name, *asked):
    """A scene in a view, with some fields of the view that ask for more: ("output", "whole")."""
    view = {"kind": kind} | dict(asked)
    has_kernel = SCENES[name].get("op", "conv").startswith("conv")
    values = VALUES if has_kernel else {"input": VALUES["input"]}
    scene = Scene(**({"values": values} | SCENES[name] | {"view": view}))
    board = storyboard(scene)
    steps = list((panels_of if kind == "all-steps" else steps_of)(board))
    return Case(scene, Truth(record(scene)), board, steps)
