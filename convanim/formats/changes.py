"""What changes from one frame of a film to the next, for the formats that write no more than that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from convanim.draw.palette import Pixels
from convanim.draw.raster import Film

Mask = npt.NDArray[np.bool_]


class Change(NamedTuple):
    """The rectangle that differs from the frame before: its left top corner, its pixels, and which of them are the same.

    The arrays are good until the next change. The first one is the whole picture.
    """

    corner: tuple[int, int]
    pixels: Pixels
    same: Mask
    duration: int


def changes(film: Film, grain: int = 1) -> Iterator[Change]:
    """One change for each frame, its corner at a multiple of `grain`. Of a frame like the one before, a pixel or so."""
    shown: Pixels | None = None
    for frame in film:
        if shown is None:
            shown = frame.image.copy()
            yield Change((0, 0), shown, np.zeros(shown.shape, dtype=bool), frame.duration)
            continue
        left, top, right, bottom = frame.box
        left, top = left - left % grain, top - top % grain
        area = np.s_[top:bottom, left:right]
        same = frame.image[area] == shown[area]
        rows, columns = _span(~same.all(axis=1), grain), _span(~same.all(axis=0), grain)
        shown[area] = frame.image[area]
        corner = left + columns.start, top + rows.start
        yield Change(corner, frame.image[area][rows, columns], same[rows, columns], frame.duration)


def laid_over(change: Change, film: Film) -> tuple[Pixels, bool]:
    """The change with unchanged pixels transparent, and True: so it is laid over the frame before, pixel by pixel.

    Transparent is the index `film.clear`, or where there is none, the one after the last colour's. Where a pixel becomes
    transparent that was not, the change is as it is, and False: it takes the place of what is there.
    """
    if film.clear is None:
        return thinned(change.pixels, change.same, len(film.colours)), True
    if (change.pixels[~change.same] == film.clear).any():
        return change.pixels, False
    return thinned(change.pixels, change.same, film.clear), True


def thinned(pixels: Pixels, same: Mask, unchanged: int) -> Pixels:
    """The pixels with runs of unchanged ones made transparent, where that makes fewer runs for the coder.

    Transparency costs a change of colour at each end of a run. A run that has at most one change as it is, from the
    pixel before it to the pixel after it, keeps its colours.
    """
    flat, kept = pixels.ravel(), same.ravel()
    edges = np.flatnonzero(kept[1:] != kept[:-1]) + 1
    bounds = np.concatenate(([0], edges, [flat.size]))
    first = 0 if kept[0] else 1
    starts, ends = bounds[first:-1:2], bounds[first + 1 :: 2]
    turns = np.zeros(flat.size + 1, dtype=np.int32)  # how many there are before each pixel, and before the end
    np.cumsum(flat[1:] != flat[:-1], out=turns[1:-1])
    turns[-1] = turns[-2]
    drawn = np.ones(bounds.size - 1, dtype=bool)
    drawn[first::2] = turns[ends] - turns[np.maximum(starts - 1, 0)] <= 1
    thin: Pixels = np.full(flat.size, unchanged, dtype=pixels.dtype)
    np.copyto(thin, flat, where=np.repeat(drawn, np.diff(bounds)))
    return thin.reshape(pixels.shape)


def _span(changed: Mask, grain: int) -> slice:
    """From the first to the last that changed; the first pixel if none did, so that the step stays a frame of its own."""
    at = np.flatnonzero(changed)
    if not at.size:
        return slice(0, 1)
    return slice(int(at[0]) // grain * grain, int(at[-1]) + 1)
