"""Generated scenes of the whole family: every operation with every parameter that it has, one to three axes."""

from __future__ import annotations

from hypothesis import strategies as st

from convanim import Scene, SceneError
from convanim.scene.fields import OPERATIONS

_CHANNELS = {"groups", "in_channels", "out_channels"}
MODES = ("zeros", "reflect", "replicate", "circular")


def scenes(ops=OPERATIONS, transposed=None, padding_modes=MODES, axes=None, channels=None):
    """Scenes that can be computed, small enough to look at every placement; of so many axes and channels, if told."""
    return (
        fields(ops, transposed, padding_modes, axes)
        .map(lambda written: written | dict.fromkeys(_CHANNELS & written.keys(), channels) if channels else written)
        .map(possible)
        .filter(lambda scene: scene is not None and _is_small(scene))
    )


def possible(written):
    """The scene, or None where its parameters leave no output."""
    try:
        return Scene(**written)
    except SceneError:
        return None


@st.composite
def fields(draw, ops, transposed, padding_modes, axes=None):
    axes = axes or draw(st.integers(1, 3))
    op = draw(st.sampled_from(ops))

    def each(low, high):
        return [draw(st.integers(low, high)) for _ in range(axes)]

    written = {"op": op, "input": each(1, 5 if axes < 3 else 3)}
    if op == "upsample":
        return written | _resampled(draw, axes, each)
    written |= {"kernel": each(1, 3), "stride": each(1, 3)}
    if op == "max_unpool":  # as of a pooling whose windows do not overlap and are padded by half at the most
        del written["stride"]
        written["padding"] = [draw(st.integers(0, length // 2)) for length in written["kernel"]]
    else:
        written["padding"] = [[draw(st.integers(0, 2)), draw(st.integers(0, 2))] for _ in range(axes)]
        written["dilation"] = each(1, 2)
    if op in {"max_pool", "avg_pool"}:
        written["ceil_mode"] = draw(st.booleans())
    if op == "avg_pool":
        written["count_include_pad"] = draw(st.booleans())
        written["divisor_override"] = draw(st.sampled_from([None, None, 1, 5]))
    if op.startswith("conv"):
        written |= _convolved(draw, op, written, transposed, padding_modes)
    else:
        written["in_channels"] = draw(st.integers(1, 3))
    return written


def _resampled(draw, axes, each):
    mode = draw(st.sampled_from(["nearest", "nearest-exact", "linear", "bed-of-nails"]))
    written = {"mode": mode, "in_channels": draw(st.integers(1, 2))}
    if mode == "bed-of-nails":
        return written | {"scale_factor": each(1, 3)}
    if draw(st.booleans()):
        written["output_size"] = each(1, 7)
    else:
        written["scale_factor"] = [draw(st.sampled_from([1, 2, 3, 0.5, 1.5, 2.25, 1 / 3])) for _ in range(axes)]
    way = draw(st.sampled_from(["as it is", "corners", "half-pixel", "asymmetric", "pytorch-half-pixel"]))
    if way == "corners":
        written["align_corners"] = True
    elif way != "as it is":
        written["coordinates"] = way
    return written


def _convolved(draw, op, written, transposed, padding_modes):
    groups = draw(st.integers(1, 2))
    more = {
        "groups": groups,
        "in_channels": groups * draw(st.integers(1, 2)),
        "out_channels": groups * draw(st.integers(1, 2)),
    }
    is_transposed = op == "conv_input_grad"
    if op == "conv":
        is_transposed = draw(st.booleans()) if transposed is None else transposed
        more["transposed"] = is_transposed
    if op != "conv_kernel_grad":
        more["flip"] = draw(st.booleans())
    if is_transposed:
        limits = [max(pair) - 1 for pair in zip(written["stride"], written["dilation"], strict=True)]
        more["output_padding"] = [draw(st.integers(0, limit)) for limit in limits]
    else:
        more["padding_mode"] = draw(st.sampled_from(padding_modes))
    return more


def _is_small(scene):
    return scene.placements * scene.out_channels <= 200
