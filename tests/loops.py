"""The operations again, as nested loops that anyone can check by eye. They share no code with convanim.

All work in any number of dimensions on nested lists turned into dicts: cell -> number.
"""

from __future__ import annotations

from itertools import product


def cells(size):
    return product(*(range(n) for n in size))


def as_dict(array):
    return {tuple(at): array[at].item() if hasattr(array[at], "item") else array[at] for at in cells(array.shape)}


def conv(x, size, w, kernel, stride, pads, dilation, *, flip=False):
    """Direct convolution: for each output cell, for each kernel cell."""
    output = output_size(size, kernel, stride, pads, dilation)
    y = {}
    for o in cells(output):
        total = 0
        for j in cells(kernel):
            at = tuple(o[a] * stride[a] - pads[a][0] + j[a] * dilation[a] for a in range(len(size)))
            turned = tuple(kernel[a] - 1 - j[a] for a in range(len(size))) if flip else j
            if at in x:
                total = total + x[at] * w[turned]
        y[o] = total
    return output, y


def transposed(x, size, w, kernel, stride, pads, dilation, extra, *, flip=False):
    """Transposed convolution by stamping: each input cell adds value times kernel, then padding is cut away."""
    axes = range(len(size))
    output = tuple(
        (size[a] - 1) * stride[a] - sum(pads[a]) + dilation[a] * (kernel[a] - 1) + extra[a] + 1 for a in axes
    )
    y = dict.fromkeys(cells(output), 0)
    for i in cells(size):
        for j in cells(kernel):
            at = tuple(i[a] * stride[a] + j[a] * dilation[a] - pads[a][0] for a in axes)
            turned = tuple(kernel[a] - 1 - j[a] for a in axes) if flip else j
            if at in y:
                y[at] = y[at] + x[i] * w[turned]
    return output, y


def pool(x, size, kernel, stride, pads, dilation):
    """The input values in each window, in order; padding left out."""
    output = output_size(size, kernel, stride, pads, dilation)
    windows = {}
    for o in cells(output):
        places = [
            tuple(o[a] * stride[a] - pads[a][0] + j[a] * dilation[a] for a in range(len(size))) for j in cells(kernel)
        ]
        windows[o] = [x[at] for at in places if at in x]
    return output, windows


def output_size(size, kernel, stride, pads, dilation):
    """Counted, not calculated: how many places the kernel fits at."""
    sizes = []
    for n, k, s, (before, after), d in zip(size, kernel, stride, pads, dilation, strict=True):
        places, start = 0, 0
        while start + d * (k - 1) + 1 <= n + before + after:
            places, start = places + 1, start + s
        sizes.append(places)
    return tuple(sizes)
