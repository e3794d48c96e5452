"""Golden cases from SciPy and NumPy: true convolutions, correlations, their boundaries, filters of maxima, zooms."""

import numpy as np
from scipy import ndimage, signal

from tests.golden import data, drawn
from tests.golden.case import answered, gathered, written_call

BOUNDARIES = {"constant": "zeros", "mirror": "reflect", "nearest": "replicate", "wrap": "circular"}


def cases(seed, share=1):
    """All cases, in the order of the file."""
    counts = {of_numpy: 30, of_signal: 60, of_signal_in_two: 40, of_ndimage: 70}
    counts |= {maximum: 25, stretched: 20, zoomed: 35}
    return gathered(counts, seed + 400_000, share)


def drawn_arrays(decisions, seed, axes):
    """(size, kernel, shapes, input, kernel's array), the kernel no larger than the input."""
    size = decisions.numbers(axes, *drawn.SIZES[axes])
    kernel = [min(k, n) for k, n in zip(decisions.numbers(axes, *drawn.KERNELS[axes]), size, strict=True)]
    arrays = {"input": (1, *size), "kernel": (1, 1, *kernel)}
    return size, kernel, arrays, data.values(seed, "input", size), data.values(seed, "kernel", kernel)


def spread(mode, kernel, *, before_half):
    """The padding that a mode means; `same` has no name here: which side has more differs between the functions."""
    if mode != "same":
        return mode
    befores = [k // 2 if before_half else (k - 1) // 2 for k in kernel]
    return [[before, k - 1 - before] for before, k in zip(befores, kernel, strict=True)]


def of_numpy(decisions, seed):
    size, kernel, arrays, x, w = drawn_arrays(decisions, seed, 1)
    name, mode = decisions.one_of(["convolve", "correlate"]), decisions.one_of(["full", "same", "valid"])
    scene = {"input": size, "kernel": kernel, "padding": spread(mode, kernel, before_half=True)}
    scene |= {"flip": True} if name == "convolve" else {}
    result = getattr(np, name)(x, w, mode=mode)
    return answered("scipy", written_call(f"numpy.{name}", "x, w", mode=mode), scene, arrays, result[None], seed=seed)


def of_signal(decisions, seed):
    size, kernel, arrays, x, w = drawn_arrays(decisions, seed, decisions.number(1, 3))
    name, mode = decisions.one_of(["convolve", "correlate"]), decisions.one_of(["full", "same", "valid"])
    scene = {"input": size, "kernel": kernel, "padding": spread(mode, kernel, before_half=True)}
    scene |= {"flip": True} if name == "convolve" else {}
    options = {"mode": mode, "method": "direct"}
    result = getattr(signal, name)(x, w, **options)
    return answered(
        "scipy", written_call(f"scipy.signal.{name}", "x, w", **options), scene, arrays, result[None], seed=seed
    )


def of_signal_in_two(decisions, seed):
    """convolve2d and correlate2d, whose `same` differ for even kernels; boundary `wrap` is circular."""
    size, kernel, arrays, x, w = drawn_arrays(decisions, seed, 2)
    name, mode = decisions.one_of(["convolve2d", "correlate2d"]), decisions.one_of(["full", "same", "valid"])
    boundary = decisions.one_of(["fill", "wrap"])
    scene = {"input": size, "kernel": kernel, "padding": spread(mode, kernel, before_half=name == "convolve2d")}
    scene |= {"flip": True} if name == "convolve2d" else {}
    scene |= {"padding_mode": "circular"} if boundary == "wrap" else {}
    options = {"mode": mode, "boundary": boundary}
    result = getattr(signal, name)(x, w, **options)
    return answered(
        "scipy", written_call(f"scipy.signal.{name}", "x, w", **options), scene, arrays, result[None], seed=seed
    )


def of_ndimage(decisions, seed):
    """correlate and convolve of as many cells as the input has, with the boundaries under ndimage's own names."""
    size, kernel, arrays, x, w = drawn_arrays(decisions, seed, decisions.number(1, 3))
    name, mode = decisions.one_of(["convolve", "correlate"]), decisions.one_of(list(BOUNDARIES))
    padding = spread("same", kernel, before_half=name == "correlate")
    if mode == "mirror" and any(max(pair) >= n for pair, n in zip(padding, size, strict=True)):
        return None
    scene = {"input": size, "kernel": kernel, "padding": padding, "padding_mode": BOUNDARIES[mode]}
    scene |= {"flip": True} if name == "convolve" else {}
    result = getattr(ndimage, name)(x, w, mode=mode)
    return answered(
        "scipy", written_call(f"scipy.ndimage.{name}", "x, w", mode=mode), scene, arrays, result[None], seed=seed
    )


def maximum(decisions, seed):
    """maximum_filter, outside of the input less than anything: a max pooling of stride 1."""
    size, kernel, arrays, x, _ = drawn_arrays(decisions, seed, decisions.number(1, 3))
    del arrays["kernel"]
    scene = {"op": "max_pool", "input": size, "kernel": kernel, "stride": 1}
    scene["padding"] = spread("same", kernel, before_half=True)
    options = {"size": tuple(kernel), "mode": "constant", "cval": -99}
    result = ndimage.maximum_filter(x, **options)
    call = written_call("scipy.ndimage.maximum_filter", "x", **options)
    return answered("scipy", call, scene, arrays, result[None], seed=seed)


def stretched(decisions, seed):
    """upfirdn: a transposed convolution in one dimension, or a convolution of all overlaps with a stride."""
    size, kernel, arrays, x, w = drawn_arrays(decisions, seed, 1)
    step = decisions.number(1, 4)
    scene = {"input": size, "kernel": kernel, "stride": step}
    if decisions.chance(50):
        scene |= {"transposed": True}
        options = {"up": step}
    else:
        scene |= {"padding": "full", "flip": True}
        options = {"down": step}
    result = signal.upfirdn(w, x, **options)
    return answered(
        "scipy", written_call("scipy.signal.upfirdn", "w, x", **options), scene, arrays, result[None], seed=seed
    )


def zoomed(decisions, seed):
    """zoom of order 1: between cell centres with grid_mode, from corner to corner without."""
    axes = decisions.number(1, 3)
    size = decisions.numbers(axes, 2, {1: 8, 2: 4, 3: 3}[axes])
    result = decisions.numbers(axes, 2, {1: 12, 2: 5, 3: 3}[axes])
    grid = decisions.chance(50)
    arrays = {"input": (1, *size)}
    x = data.values(seed, "input", size).astype(float)
    options = {"zoom": tuple(o / n for o, n in zip(result, size, strict=True)), "order": 1, "mode": "nearest"}
    options |= {"grid_mode": grid}
    scene = {"op": "upsample", "input": size, "output_size": result, "mode": "linear"}
    scene |= {} if grid else {"align_corners": True}
    zoom = ndimage.zoom(x, **options)
    call = written_call("scipy.ndimage.zoom", "x", **options)
    return answered("scipy", call, scene, arrays, zoom[None], seed=seed) if zoom.shape == tuple(result) else None
