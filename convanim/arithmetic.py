"""Convolution arithmetic for one axis: integers in, integers out, nothing imported but the standard library.

Letters follow *A guide to convolution arithmetic for deep learning* (Dumoulin and Visin, 2016,
arXiv:1603.07285): input i, output o, kernel k, stride s, padding p, and a for the part of the input that no
placement sees. Relationship numbers are that paper's. Padding is given per side, `(before, after)`, where the
paper has one p for both; K is the extent of a dilated kernel.
"""

from __future__ import annotations

from typing import NamedTuple

Sides = tuple[int, int]


class Steps(NamedTuple):
    """A step function from whole numbers to whole numbers: ⌈(n·at + c) / d⌉."""

    n: int
    c: int
    d: int = 1

    def of(self, at: int) -> int:
        """Its value at a whole number."""
        return -(-(self.n * at + self.c) // self.d)

    def after(self, inner: Steps) -> Steps | None:
        """One step function that is this one of the inner one; None if no single one is."""
        if inner.d == 1:
            return Steps(self.n * inner.n, self.n * inner.c + self.c, self.d)
        if self.n == 1:
            return Steps(inner.n, inner.c + self.c * inner.d, self.d * inner.d)
        return None


def floored(n: int, c: int, d: int) -> Steps:
    """⌊(n·at + c) / d⌋ as a step function."""
    return Steps(n, c - d + 1, d)


def kernel_extent(kernel: int, dilation: int = 1) -> int:
    """Cells from a dilated kernel's first to its last: K = k + (k - 1)(d - 1) (relationship 15)."""
    return dilation * (kernel - 1) + 1


def direct_output(
    input: int, kernel: int, stride: int = 1, padding: Sides = (0, 0), dilation: int = 1, *, ceil: bool = False
) -> int:
    """Output size of a convolution or pooling: o = floor((i + 2p - K) / s) + 1.

    Relationship 6; 1 to 5 are its cases s = 1 or p = 0, 7 is pooling, 15 the dilated case. 0 or less if the
    kernel is larger than the padded input. With `ceil` (the ceil_mode of torch.nn's poolings) the quotient is rounded
    up, but no window starts beyond input and left padding.
    """
    room = input + sum(padding) - kernel_extent(kernel, dilation)
    if not ceil:
        return room // stride + 1
    output = -(-room // stride) + 1
    return output - 1 if (output - 1) * stride >= input + padding[0] else output


def remainder(input: int, kernel: int, stride: int = 1, padding: Sides = (0, 0), dilation: int = 1) -> int:
    """The a of relationship 14: (i + 2p - K) mod s, the rows at the far edge that no placement sees."""
    return (input + sum(padding) - kernel_extent(kernel, dilation)) % stride


def unseen(input: int, kernel: int, stride: int = 1, padding: Sides = (0, 0), dilation: int = 1) -> list[int]:
    """The cells of the padded input, counted from 0, that lie under no placement's kernel cell.

    Not only the remainder at the far edge: a stride beyond the kernel steps over cells, and so may a dilated kernel.
    """
    starts = range(0, direct_output(input, kernel, stride, padding, dilation) * stride, stride)
    seen = {start + tap * dilation for start in starts for tap in range(kernel)}
    return [cell for cell in range(input + sum(padding)) if cell not in seen]


def same_size_inputs(output: int, kernel: int, stride: int = 1, padding: Sides = (0, 0), dilation: int = 1) -> range:
    """All input sizes whose convolution has `output` cells: s of them, told apart by a = 0 … s - 1 (relationship 14)."""
    least = (output - 1) * stride + kernel_extent(kernel, dilation) - sum(padding)
    return range(least, least + stride)


def transposed_output(
    input: int,
    kernel: int,
    stride: int = 1,
    padding: Sides = (0, 0),
    dilation: int = 1,
    output_padding: int = 0,
) -> int:
    """Output size of a transposed convolution: o' = (i' - 1)s + a + K - 2p.

    Relationship 14, with a as `output_padding`; 8 to 13 are its cases s = 1, p = 0 or a = 0. The padding is
    that of the direct convolution of which this is the transpose, so it takes cells away.
    """
    return (input - 1) * stride + kernel_extent(kernel, dilation) - sum(padding) + output_padding


def full_padding(kernel: int, dilation: int = 1) -> Sides:
    """Padding with which every placement that touches the input counts: p = K - 1 (relationship 4)."""
    extent = kernel_extent(kernel, dilation)
    return extent - 1, extent - 1


def same_padding(input: int, kernel: int, stride: int = 1, dilation: int = 1, lower: bool = False) -> Sides:
    """Padding with which o = ceil(i / s): half padding (relationship 3) where kernel and stride allow it.

    An odd cell goes after the input (TensorFlow's SAME, ONNX's SAME_UPPER), or before it if `lower` (SAME_LOWER).
    """
    output = -(-input // stride)
    total = max((output - 1) * stride + kernel_extent(kernel, dilation) - input, 0)
    return _halves(total, lower)


def torch_same_padding(kernel: int, dilation: int = 1) -> Sides:
    """The padding of torch.nn's padding="same": K - 1 in all, whatever the input; an odd cell goes after the input."""
    return _halves(kernel_extent(kernel, dilation) - 1, lower=False)


def causal_padding(kernel: int, dilation: int = 1) -> Sides:
    """Padding before the input alone, so that no output cell sees later input (Keras' padding="causal")."""
    return kernel_extent(kernel, dilation) - 1, 0


def whole_output(input: int, kernel: int, stride: int = 1, dilation: int = 1) -> int:
    """Output size of a transposed convolution before anything is taken away: F = s(i - 1) + K."""
    return (input - 1) * stride + kernel_extent(kernel, dilation)


def transposed_same_padding(
    input: int, kernel: int, stride: int, dilation: int, extra: int, output: int | None, *, lower: bool
) -> tuple[Sides, int]:
    """Padding and output padding with which a transposed convolution has `output` cells, by default i's.

    ONNX's rule (auto_pad of ConvTranspose) for its `extra` output padding: t = F + extra - o cells are taken away, half
    of them before, the larger half after (before, if `lower`). TensorFlow's and JAX's SAME and Keras' "same" without
    output padding are its case extra = 0. Where t is negative, -t cells that no stamp reaches are added after.
    """
    wanted = input * stride if output is None else output
    taken = whole_output(input, kernel, stride, dilation) + extra - wanted
    before, after = _halves(max(taken, 0), lower)
    return _with_extra(before, after + min(taken, 0) - extra)


def keras_same_padding(kernel: int, dilation: int, extra: int) -> tuple[Sides, int]:
    """Padding and output padding of Keras' Conv*DTranspose(padding="same", output_padding=extra).

    o = (i - 1)s + K mod 2 + extra. With L = K + K mod 2 - 2 + extra cells around the stretched input, of which
    min(ceil(L / 2), K - 1) before, the padding is what the full K - 1 on either side exceed them by.
    """
    reach = kernel_extent(kernel, dilation) - 1
    around = reach + (reach + 1) % 2 - 1 + extra
    left = min(-(-around // 2), reach)
    return _with_extra(reach - left, reach - (around - left))


def transposed_valid_padding(
    input: int, kernel: int, stride: int, dilation: int, extra: int | None, output: int | None
) -> tuple[Sides, int]:
    """Padding and output padding of a transposed "valid" in TensorFlow, Keras and JAX: nothing is taken away before.

    o = (i - 1)s + max(K, s) unless `output` says otherwise, or F + extra where Keras is given its output padding.
    """
    whole = whole_output(input, kernel, stride, dilation)
    if output is None:
        output = max(whole, input * stride) if extra is None else whole + extra
    return _with_extra(0, whole - output)


def unpooled_output(input: int, kernel: int, stride: int, padding: Sides) -> int:
    """Output size of max unpooling unless another is wanted: o = (i - 1)s - 2p + k (torch.nn.MaxUnpool2d)."""
    return (input - 1) * stride - sum(padding) + kernel


def repeated(place: int, input: int, mode: str) -> int | None:
    """Which input cell padding holds at a place before 0 or after the last; None where it holds zeros.

    "reflect" leaves the edge's own cell out, "replicate" goes on with it, "circular" starts again (torch.nn.Conv2d).
    """
    match mode:
        case "reflect":
            period = 2 * (input - 1)
            at = place % period if period else 0
            return min(at, period - at) if period else 0
        case "replicate":
            return min(max(place, 0), input - 1)
        case "circular":
            return place % input
        case _:
            return None


def _with_extra(before: int, after: int) -> tuple[Sides, int]:
    """Cells to take away after, said as padding; fewer than none, as output padding."""
    return (before, max(after, 0)), max(-after, 0)


class Direct(NamedTuple):
    """One axis of the direct convolution that equals a transposed one (relationships 8 to 14).

    Its stride is 1, its dilation stays, its kernel is turned by 180 degrees (which the paper leaves unsaid).
    `stretched` is the input with s - 1 zeros between cells; `padding` is (K - 1 - p, K - 1 - p + a), a negative
    side taking cells away; `canvas` is the length of the stretched and padded input.
    """

    zeros_between: int
    stretched: int
    padding: Sides

    @property
    def canvas(self) -> int:
        return self.stretched + sum(self.padding)


def equivalent_direct(
    input: int,
    kernel: int,
    stride: int = 1,
    padding: Sides = (0, 0),
    dilation: int = 1,
    output_padding: int = 0,
) -> Direct:
    """The direct convolution that computes what the transposed one does, on one axis (relationship 14)."""
    reach = kernel_extent(kernel, dilation) - 1
    before, after = padding
    return Direct(
        zeros_between=stride - 1,
        stretched=input + (input - 1) * (stride - 1),
        padding=(reach - before, reach - after + output_padding),
    )


def _halves(total: int, lower: bool) -> Sides:
    small, large = total // 2, total - total // 2
    return (large, small) if lower else (small, large)
