"""Generated scenes: every parameter with every other, one and two dimensions."""

from __future__ import annotations

from hypothesis import strategies as st

from convanim import Scene


@st.composite
def parameters(draw, ops=("conv",), transposed=None):
    """Keyword arguments for Scene; they may be impossible (no output), which the caller decides about."""
    axes = draw(st.integers(1, 2))

    def each(strategy):
        return [draw(strategy) for _ in range(axes)]

    fields = {
        "op": draw(st.sampled_from(ops)),
        "input": each(st.integers(1, 7)),
        "kernel": each(st.integers(1, 4)),
        "stride": each(st.integers(1, 5)),
        "padding": [[draw(st.integers(0, 3)), draw(st.integers(0, 3))] for _ in range(axes)],
        "dilation": each(st.integers(1, 3)),
    }
    if fields["op"] == "conv":
        fields["transposed"] = draw(st.booleans()) if transposed is None else transposed
        fields["flip"] = draw(st.booleans())
        if fields["transposed"]:
            limits = [max(pair) - 1 for pair in zip(fields["stride"], fields["dilation"], strict=True)]
            fields["output_padding"] = [draw(st.integers(0, limit)) for limit in limits]
    if fields["op"] == "avg_pool":
        fields["count_include_pad"] = draw(st.booleans())
    return fields


def small_scenes(**kwargs):
    """Scenes that can be computed and are small enough to draw many of."""
    return parameters(**kwargs).map(possible).filter(lambda scene: scene is not None and scene.placements <= 30)


def possible(fields):
    """The scene, or None where its parameters leave no output."""
    try:
        return Scene(**fields)
    except ValueError:
        return None


def numbers(kind):
    return {
        "small": st.integers(-9, 9),
        "large": st.integers(-(2**62), 2**62),
        "float": st.floats(-1e6, 1e6, allow_nan=False),
    }[kind]
