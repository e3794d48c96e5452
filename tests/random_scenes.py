"""Random scenes of every view, comparisons and stacks, for looking at very many: every operation, every field that moves things.

They are made by plain seeds, so that the same ones are drawn everywhere, and without a strategy's bookkeeping.
"""

from __future__ import annotations

from random import Random

from convanim import Comparison, Scene, SceneError, Stack
from convanim.drawing import step_count
from convanim.scene import scene_to_dict
from convanim.scene.fields import DIRECT_PADDINGS, OPERATIONS, PADDINGS, TRANSPOSED_PADDINGS
from convanim.view_table import VIEWS
from convanim.views import refuse_what_cannot_be_drawn

_MOST_STEPS, _TRIES = 40, 3000
TITLES = ("", "short", "a heading that is longer than a small figure is wide", "Überschrift · 3×3")
_OPS = {
    "gather": ("conv", "conv_input_grad", "conv_kernel_grad"),
    "scatter": ("conv", "conv_input_grad"),
    "matrix": tuple(op for op in OPERATIONS if op != "max_pool"),
}
_VALUES = ([0, 3], [-9, 9], [-(10**7), 10**7], [0.1, 0.9], [-(10**13), 10**13])


def random_scene(seed: str, kind: str) -> Scene:
    """A scene that the view can draw."""
    rng = Random(seed)
    return _first(lambda: Scene(**_scene(rng, kind)), lambda scene: step_count(scene) <= _most(kind))


def random_comparison(seed: str) -> Comparison:
    """Two to four scenes of any views."""
    rng = Random(seed)
    scenes = []
    for number in range(rng.randint(2, 4)):
        kind = rng.choice(list(VIEWS))
        scene = random_scene(f"{seed}.{number}", kind)
        scenes.append(scene_to_dict(scene) | {"title": rng.choice(TITLES)})
    return Comparison([_with_theme(scene) for scene in scenes], title=rng.choice(TITLES))


def random_stack(seed: str) -> Stack:
    """Up to six layers."""
    rng = Random(seed)
    return _first(lambda: Stack.from_dict(_stack(rng)), lambda stack: step_count(stack) <= 4 * _MOST_STEPS)


def _most(kind: str) -> int:
    return 300 if VIEWS[kind].page else _MOST_STEPS


def _first(make, fits):
    for _ in range(_TRIES):
        try:
            made = make()
            refuse_what_cannot_be_drawn(made)
        except SceneError:
            continue
        if fits(made):
            return made
    raise AssertionError("no such scene was found")


def _with_theme(scene):
    """The scene with the theme that all sides share."""
    return scene | {"view": {**scene.get("view", {}), "theme": "light"}}


def _scene(rng, kind):
    axes = 1 if kind == "line" else rng.choice((1, 2, 2))
    op = rng.choice(_OPS.get(kind, OPERATIONS))
    largest = rng.choice((3, 5, 8, 14 if axes == 2 else 60))

    def each(low, high):
        return [rng.randint(low, high) for _ in range(axes)]

    written = {"op": op, "input": each(1, largest), "title": rng.choice(TITLES), "view": _view(rng, kind)}
    if op == "upsample":
        written |= _resampled(rng, each)
    else:
        written |= _slid(rng, kind, op, axes, each)
    values = {"input": {"random": rng.choice(_VALUES), "seed": rng.randint(0, 99)}}
    if op.startswith("conv") and rng.random() < 0.5:
        values["kernel"] = {"random": rng.choice(_VALUES[:4]), "seed": rng.randint(0, 99)}
    if rng.random() < 0.7:
        written["values"] = values
    if VIEWS[kind].channels and rng.random() < (0.8 if kind == "channels" else 0.2):
        written |= _channels(rng, op)
    return written


def _resampled(rng, each):
    mode = rng.choice(("nearest", "nearest-exact", "linear", "bed-of-nails"))
    if mode == "bed-of-nails" or rng.random() < 0.5:
        return {"mode": mode, "scale_factor": each(1, 3)}
    return {"mode": mode, "output_size": each(1, 9), "align_corners": rng.random() < 0.3}


def _slid(rng, kind, op, axes, each):
    written = {"kernel": each(1, 4), "stride": each(1, 3)}
    if op == "max_unpool":  # of windows that do not overlap, else random switches could meet in a cell
        padding = [rng.randint(0, length // 2) for length in written["kernel"]]
        return {"kernel": written["kernel"], "padding": padding}
    written |= {"dilation": each(1, 2), "padding": _padding(rng, axes)}
    if op in {"max_pool", "avg_pool"}:
        written["ceil_mode"] = rng.random() < 0.4
    if op == "avg_pool":
        written |= {"count_include_pad": rng.random() < 0.5, "divisor_override": rng.choice((None, None, 7))}
    if op == "conv" and (kind == "scatter" or rng.random() < 0.5):
        written["transposed"] = True
        written["output_padding"] = [rng.randint(0, step - 1) for step in written["stride"]]
    elif op in {"conv", "conv_kernel_grad"} and rng.random() < 0.5:
        written["padding_mode"] = rng.choice(("reflect", "replicate", "circular"))
    if op in {"conv", "conv_input_grad"}:
        written["flip"] = rng.random() < 0.4
    return written


def _padding(rng, axes):
    if rng.random() < 0.3:
        return rng.choice((*PADDINGS, *DIRECT_PADDINGS, *TRANSPOSED_PADDINGS))
    if rng.random() < 0.5:
        return rng.randint(0, 2)
    return [[rng.randint(0, 3), rng.randint(0, 3)] for _ in range(axes)]


def _channels(rng, op):
    if not op.startswith("conv"):
        return {"in_channels": rng.randint(1, 3)}
    groups = rng.choice((1, 1, 2))
    return {
        "groups": groups,
        "in_channels": groups * rng.randint(1, 2),
        "out_channels": groups * rng.randint(1, 2),
    }


def _view(rng, kind):
    takes = VIEWS[kind].takes
    view = {
        "kind": kind,
        "labels": rng.random() < 0.7,
        "caption": rng.random() < 0.8,
        "look": rng.choice(("full", "full", "full", "plain")),
    }
    if rng.random() < 0.3:
        view["cell"] = rng.choice((3, 10, 14, 17, 18, 20, 24, 29, 30, 36, 46, 60, 90))
    for name in ("overlaps", "numbered", "symbols"):
        if name in takes and rng.random() < 0.35:
            view[name] = True
    if "output" in takes:
        view["output"] = rng.choice(("computed", "computed", "whole"))
    if "colour" in takes:
        view["colour"] = rng.choice(("role", "role", "value"))
    if "formula" in takes and rng.random() < 0.5:
        view["formula"] = rng.random() < 0.5
    if "dropped_by_stride" in takes and rng.random() < 0.3:
        view["dropped_by_stride"] = rng.randint(2, 3)
    return view


def _stack(rng):
    axes = rng.randint(1, 2)
    view = {"labels": rng.random() < 0.7, "caption": rng.random() < 0.8}
    if rng.random() < 0.7:
        view["trace"] = rng.choice(("sees", "reaches"))
    if rng.random() < 0.3:
        view["cell"] = rng.choice((3, 8, 16, 24, 40))
    return {
        "title": rng.choice(TITLES),
        "input": [rng.randint(1, 12) for _ in range(axes)],
        "in_channels": rng.choice((1, 1, 3, 512)),
        "layers": [_layer(rng) for _ in range(rng.randint(1, 6))],
        "view": view,
    }


def _layer(rng):
    op = rng.choice(("conv", "conv", "transposed", "max_pool", "avg_pool", "upsample", "max_unpool"))
    if op == "upsample":
        return {"op": op, "scale_factor": rng.randint(1, 3), "mode": rng.choice(("nearest", "linear"))}
    if op == "max_unpool":
        return {"op": op} if rng.random() < 0.8 else {"op": op, "kernel": 2}
    if op.endswith("pool"):
        return {"op": op, "kernel": rng.randint(1, 3), "ceil_mode": rng.random() < 0.3}
    layer = {"kernel": rng.randint(1, 5), "stride": rng.randint(1, 3), "padding": rng.randint(0, 2)}
    if op == "transposed":
        return layer | {"transposed": True, "out_channels": rng.choice((1, 64))}
    return layer | {"dilation": rng.randint(1, 2), "out_channels": rng.choice((1, 64, 4096))}
