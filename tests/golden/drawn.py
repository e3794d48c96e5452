"""Fields drawn for the cases, and the two ways of writing them: one number for all axes, or one for each."""

from typing import NamedTuple

SIZES = {1: (3, 12), 2: (2, 7), 3: (2, 4)}
KERNELS = {1: (1, 5), 2: (1, 4), 3: (1, 3)}


class Drawn(NamedTuple):
    """What convolutions and poolings share."""

    axes: int
    size: list
    kernel: list
    stride: list
    dilation: list

    @property
    def reach(self):
        """The cells that the dilated kernel spans on each axis."""
        return [d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True)]


def window(decisions, *, axes=None, dilated=40, largest_stride=3):
    """Sizes, strides and dilations, different on each axis more often than not."""
    axes = axes or decisions.one_of([1, 2, 2, 3])
    low, high = SIZES[axes]
    size = decisions.numbers(axes, low, high)
    kernel = decisions.numbers(axes, *KERNELS[axes])
    stride = decisions.numbers(axes, 1, largest_stride) if decisions.chance(65) else [1] * axes
    dilation = decisions.numbers(axes, 1, 3) if decisions.chance(dilated) else [1] * axes
    return Drawn(axes, size, kernel, stride, dilation)


def channels(decisions):
    """(in, out, groups): one plane, many, groups, or depthwise."""
    kind = decisions.one_of(["one", "one", "many", "groups", "depthwise"])
    if kind == "one":
        return 1, 1, 1
    if kind == "many":
        return decisions.number(1, 3), decisions.number(1, 3), 1
    groups = decisions.number(2, 3)
    if kind == "groups":
        return groups * decisions.number(1, 2), groups * decisions.number(1, 2), groups
    return groups, groups * decisions.number(1, 2), groups


def pairs(decisions, axes, highest=2):
    """Cells before and after on each axis."""
    return [decisions.numbers(2, 0, highest) for _ in range(axes)]


def channel_fields(into, out, groups):
    """Only those that are not what convanim takes them for."""
    fields = {} if into == 1 else {"in_channels": into}
    fields |= {} if out == groups else {"out_channels": out}
    return fields | ({} if groups == 1 else {"groups": groups})


def spelled(decisions, numbers):
    """One number where it stands for all of them, now and then."""
    return numbers[0] if len(set(numbers)) == 1 and decisions.chance(50) else list(numbers)


def window_fields(decisions, drawn, *, op=None):
    """The scene's fields for a drawn window, defaults left out where they are the same."""
    fields = {"op": op} if op else {}
    fields["input"] = spelled(decisions, drawn.size) if drawn.axes == 2 else list(drawn.size)
    fields["kernel"] = spelled(decisions, drawn.kernel)
    pooled = op in {"max_pool", "avg_pool", "max_unpool"}
    if drawn.stride != (drawn.kernel if pooled else [1] * drawn.axes):
        fields["stride"] = spelled(decisions, drawn.stride)
    if drawn.dilation != [1] * drawn.axes:
        fields["dilation"] = spelled(decisions, drawn.dilation)
    return fields
