"""The numbers of a golden case, by one integer formula, so that they need not be stored. NumPy only.

The n-th number of a case's array is ((3 * seed + array) * 1000003 + n * 8191 + 12345) ** 5 modulo 2 ** 31 - 1,
modulo 19, minus 9: whole, from -9 to 9. `array` is 0 for the input, 1 for the kernel, 2 for the switches. The choices
of which cases there are come from the same formula, so a golden file depends on no library's random stream.
"""

from math import prod

import numpy as np

PRIME = 2**31 - 1
ARRAYS = ("input", "kernel", "switches")
DECISIONS = 2**20  # decisions draw from seeds that no case has


def scattered(seed, array, position):
    """A number from 0 to 2 ** 31 - 2 that looks like any other."""
    return pow((3 * seed + array) * 1000003 + position * 8191 + 12345, 5, PRIME)


def values(seed, array, shape):
    """The case's input or kernel: whole numbers from -9 to 9."""
    numbers = [scattered(seed, ARRAYS.index(array), position) % 19 - 9 for position in range(prod(shape))]
    return np.array(numbers, dtype=np.int64).reshape(shape)


def switches(seed, shape, plane):
    """For each channel as many different flat indexes into an output plane as the input has cells."""
    channels, *size = shape
    indexes = []
    for channel in range(channels):
        order = [scattered(seed, 2, channel * prod(plane) + position) for position in range(prod(plane))]
        indexes.append(np.argsort(order, kind="stable")[: prod(size)].reshape(size))
    return np.stack(indexes)


def arrays(case, plane=()):
    """The arrays of a stored case by name, those it gives and those it only gives the shapes of."""
    found = {name: given(numbers) for name, numbers in case.get("given", {}).items()}
    for name, shape in case.get("arrays", {}).items():
        found[name] = switches(case["seed"], shape, plane) if name == "switches" else values(case["seed"], name, shape)
    return found


def given(numbers):
    """A stored array; ONNX draws those of its own tests that are large, from a stream that NumPy keeps as it is."""
    if not isinstance(numbers, dict):
        return np.array(numbers)
    before, shape = numbers["before"], numbers["drawn"]
    stream = np.random.RandomState(0).randn(before + prod(shape))
    return stream[before:].astype(np.float32).astype(np.float64).reshape(shape)


class Decisions:
    """A stream of decisions, the same for the same seed on every machine."""

    def __init__(self, seed):
        self.seed = seed
        self.made = 0

    def number(self, low, high):
        """A whole number from low to high, both included."""
        self.made += 1
        return low + scattered(DECISIONS + self.seed, 0, self.made) // 7 % (high - low + 1)

    def numbers(self, count, low, high):
        return [self.number(low, high) for _ in range(count)]

    def one_of(self, options):
        return options[self.number(0, len(options) - 1)]

    def chance(self, percent):
        return self.number(1, 100) <= percent
