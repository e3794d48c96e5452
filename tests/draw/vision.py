"""Colours as eyes see them: L*a*b*, and what is left of a colour where one kind of cones is missing.

The matrices are those of Machado, Oliveira and Fernandes (2009) for the whole loss, on linear RGB.
"""

from __future__ import annotations

from math import dist

MISSING = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_WHITE = (0.95047, 1.0, 1.08883)


def difference(one, other, missing=None):
    """The distance of two colours in L*a*b* (CIE 1976); 2 is just seen, 10 at a glance."""
    return dist(lab(one, missing), lab(other, missing))


def lightness(colour):
    """L*, 0 to 100: what is left on a grey print."""
    return lab(colour)[0]


def lab(colour, missing=None):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (byte / 255 for byte in colour)]
    if missing:
        linear = [min(max(part, 0), 1) for part in _times(MISSING[missing], linear)]
    x, y, z = (_root(part / white) for part, white in zip(_times(_TO_XYZ, linear), _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(share):
    return share ** (1 / 3) if share > (6 / 29) ** 3 else share / (3 * (6 / 29) ** 2) + 4 / 29


def _times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]
