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


@st.composite
def fitting(draw, ops=("conv",), transposed=None):
    """The same without those whose sizes leave no output: to draw and drop them takes as long as the others take.

    All that are possible may come. Of those that are not, a pooling window may lie on padding alone.
    """
    fields = {"op": draw(st.sampled_from(ops))}
    if fields["op"] == "conv":
        fields |= {"transposed": draw(st.booleans()) if transposed is None else transposed, "flip": draw(st.booleans())}
    if fields["op"] == "avg_pool":
        fields["count_include_pad"] = draw(st.booleans())
    is_transposed, is_pooling = fields.get("transposed", False), fields["op"] != "conv"
    of_axes = [draw(_axis(is_transposed, is_pooling)) for _ in range(draw(st.integers(1, 2)))]
    return fields | {name: [axis[name] for axis in of_axes] for name in of_axes[0]}


@st.composite
def _axis(draw, is_transposed, is_pooling):
    size, step, spread = draw(st.integers(1, 7)), draw(st.integers(1, 5)), draw(st.integers(1, 3))
    fields = {"input": size, "stride": step, "dilation": spread}
    if is_transposed:
        kernel, extra = draw(st.integers(1, 4)), draw(st.integers(0, max(step, spread) - 1))
        room = (size - 1) * step + spread * (kernel - 1) + extra  # all but one cell of the output may be cut away
        before = draw(st.integers(0, min(3, room)))
        after = draw(st.integers(0, min(3, room - before)))
        return fields | {"kernel": kernel, "padding": [before, after], "output_padding": extra}
    kernel = draw(st.integers(1, min(4, (size + 5) // spread + 1)))
    span = spread * (kernel - 1) + 1  # the padded input is as long at least, and a first window reaches the input
    before = draw(st.integers(max(0, span - size - 3), min(3, span - 1) if is_pooling else 3))
    after = draw(st.integers(max(0, span - size - before), 3))
    return fields | {"kernel": kernel, "padding": [before, after]}


def small_scenes(**kwargs):
    """Scenes that can be computed and are small enough to draw many of."""
    return fitting(**kwargs).map(possible).filter(lambda scene: scene is not None and scene.placements <= 30)


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
