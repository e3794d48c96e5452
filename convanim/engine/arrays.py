"""Input and kernel as arrays: from the scene's values or from the caller, whole numbers kept whole.

Whole numbers are int64 where no sum of the scene can overflow it, Python integers (dtype object) where one could;
anything else is float64.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from convanim.errors import Problem, SceneError, got, times
from convanim.scene.readers import MOST_NUMBER
from convanim.scene.values import Filling, Size, fill

Array = npt.NDArray[Any]
_INT64_MOST = 2**63 - 1


def filled(filling: Filling, shape: Size, axes: int) -> Array:
    """The array that a scene's `values` describe: channels, then as many spatial axes as said."""
    planes, size = prod(shape[:-axes]), shape[-axes:]
    return normal(np.array(fill(filling, size, planes), dtype=object), "values").reshape(shape)


def given(name: str, value: Any, shape: Size, axes: int) -> Array:
    """An array from the caller; channel axes of 1 before its spatial `axes` may be left out. SceneError if it has others."""
    array = as_array(name, value, f"legal is an array of {size_of(shape)}")
    lead, size = shape[:-axes], shape[-axes:]
    legal = {(*lead[dropped:], *size) for dropped in range(len(lead) + 1) if prod(lead[:dropped]) == 1}
    if array.shape not in legal:
        may = ", with channel axes of 1 before it or not" if size in legal else ""
        problem = f"got an array of {size_of(array)}"
        raise SceneError(Problem(name, problem, f"legal is {size_of(size if size in legal else shape)}{may}"))
    return normal(array.reshape(shape), name)


def as_array(name: str, value: Any, legal: str) -> Array:
    """What a caller gave as an array. SceneError if it is none, ragged or masked."""
    if isinstance(value, np.ma.MaskedArray):
        raise SceneError(Problem(name, "got a masked array", f"{legal}, none of them masked"))
    try:
        array = np.asarray(value)
    except ValueError:
        raise SceneError(Problem(name, got(value), legal)) from None
    if isinstance(value, str):
        raise SceneError(Problem(name, got(value), legal))
    if array.shape == () and array.dtype == object and not isinstance(value, int):
        raise SceneError(Problem(name, f"got a {type(value).__name__}", legal))
    return array


def exact_together(input: Array, kernel: Array | None, terms: int) -> tuple[Array, Array | None]:
    """Both arrays in a type in which sums of `terms` products are exact (or float64, if either holds floats)."""
    pair = [input] if kernel is None else [input, kernel]
    if any(array.dtype == np.float64 for array in pair):
        pair = [array.astype(np.float64, copy=False) for array in pair]
    elif prod(max(largest(array), 1) for array in pair) * terms > _INT64_MOST:
        pair = [array.astype(object) for array in pair]
    return pair[0], pair[1] if kernel is not None else None


def frozen(array: Array) -> Array:
    """The array, made read-only."""
    array.flags.writeable = False
    return array


def largest(array: Array) -> int:
    """The greatest absolute value of whole numbers."""
    return max(abs(int(array.max())), abs(int(array.min())))


def normal(array: Array, name: str) -> Array:
    """The array as int64, object (large Python integers) or finite float64."""
    if array.dtype.kind in "bi":
        return array.astype(np.int64)
    if np.issubdtype(array.dtype, np.unsignedinteger) or array.dtype == object:
        numbers = array.reshape(-1).tolist()
        if all(isinstance(number, int) and abs(number) <= MOST_NUMBER for number in numbers):
            fits = all(abs(number) <= _INT64_MOST for number in numbers)
            return array.astype(np.int64 if fits else object)
    if not (np.issubdtype(array.dtype, np.floating) or array.dtype == object):
        raise SceneError(Problem(name, f"got an array of {array.dtype}", "legal are integers and floats"))
    try:
        floats = array.astype(np.float64)
    except (TypeError, ValueError):
        raise SceneError(Problem(name, "got an array of other things", "legal are integers and floats")) from None
    except OverflowError:
        raise SceneError(Problem(name, "got values that are too large", "legal are numbers up to 1e300")) from None
    if not np.isfinite(floats).all() or np.abs(floats).max() > MOST_NUMBER:
        raise SceneError(Problem(name, "got values that are not finite or too large", "legal are numbers up to 1e300"))
    return floats


def size_of(whole: Array | Size) -> str:
    """The size of an array, or a size, in words."""
    return times(whole.shape if isinstance(whole, np.ndarray) else whole) or "one number"
