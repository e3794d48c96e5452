"""A scene's arrays as source text: nested lists, or the loop that makes them where they are large and random."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from convanim.errors import Problem, SceneError
from convanim.scene.model import Scene
from convanim.scene.values import Filling, Number, Ramp, Random, Size, fill

_LITERAL_LIMIT = 1024
_WIDTH = 100
_INT64_MOST = 2**63 - 1


def input_lines(scene: Scene, dtype: str = "") -> list[str]:
    """`x = np.array(…)`, of the scene's input shape."""
    return _lines("x", scene.values.input, scene.input_shape, scene.dimensions, dtype)


def kernel_lines(scene: Scene, dtype: str = "", name: str = "w") -> list[str]:
    """`w = np.array(…)`, of the scene's kernel shape; no line if the scene has no kernel."""
    if scene.kernel_shape is None:
        return []
    return _lines(name, scene.values.kernel, scene.kernel_shape, scene.dimensions, dtype)


def listed_lines(name: str, numbers: Sequence[Number], shape: Size, dtype: str = "") -> list[str]:
    """`name = np.array(…)` of numbers row by row, nested where that is short, in lines of a readable width."""
    end = f", dtype={dtype})" if dtype else ")"
    nested = _nested(numbers, shape)
    if len(nested) <= _WIDTH:
        return [f"{name} = np.array({nested}{end}"]
    if len(nested) <= 20 * _WIDTH:
        last = shape[-1]
        rows = [_nested(row, (last,)) for row in _parts(numbers, last)]
        if max(map(len, rows)) <= _WIDTH and len(shape) > 1:
            return [f"{name} = np.array([", *(f"    {row}," for row in rows), f"]{end}.reshape({_shape(shape)})"]
    texts = [repr(number) for number in numbers]
    lines, line = [], ""
    for text in texts:
        if len(line) + len(text) > _WIDTH:
            lines.append(line.rstrip())
            line = ""
        line += f"{text}, "
    return [
        f"{name} = np.array([",
        *(f"    {one}" for one in (*lines, line.rstrip())),
        f"]{end}.reshape({_shape(shape)})",
    ]


def numbers_of(scene: Scene) -> tuple[tuple[Number, ...], tuple[Number, ...]]:
    """The numbers of input and kernel, row by row; no kernel: empty."""
    axes, shape = scene.dimensions, scene.kernel_shape
    x = fill(scene.values.input, scene.input, scene.in_channels)
    return x, fill(scene.values.kernel, shape[-axes:], prod(shape[:-axes])) if shape else ()


def largest_sum(scene: Scene) -> Number | None:
    """A bound of every partial sum where all numbers are whole; None where some are not."""
    x, w = numbers_of(scene)
    if any(isinstance(number, float) for number in (*x, *w)):
        return None
    terms = prod(axis.kernel for axis in scene.axes) * max(scene.in_channels // scene.groups, 1)
    return max(map(abs, x)) * max(map(abs, w), default=1) * max(terms, 1)


def numpy_type(scene: Scene) -> str:
    """`object` where sums of whole numbers go beyond 64 bits, else nothing."""
    most = largest_sum(scene)
    return "object" if most is not None and most > _INT64_MOST else ""


def refuse_inexact(scene: Scene, framework: str, bits: int = 53) -> None:
    """Refuse whole numbers whose sums the framework's floats cannot hold."""
    most = largest_sum(scene)
    if most is not None and most >= 2**bits:
        kind = "64-bit" if bits > 24 else "32-bit"
        problem = f"whole numbers that make sums of up to {most:.0e}" if most < 10**300 else "very large whole numbers"
        raise SceneError(
            Problem("values", problem, f"but {framework} computes in {kind} floats; legal are smaller ones")
        )


def _lines(name: str, filling: Filling, shape: Size, axes: int, dtype: str) -> list[str]:
    cells = prod(shape)
    if cells > _LITERAL_LIMIT and isinstance(filling, Ramp):
        made = f"{filling.start} + {filling.step} * np.arange({cells}, dtype=object)"
        convert = "" if dtype == "object" else f".astype({dtype})" if dtype else ".astype(np.float64)"
        if not dtype and all(isinstance(number, int) for number in filling):
            convert = ".astype(np.int64)"
        return [f"{name} = ({made}){convert}.reshape({_shape(shape)})"]
    numbers = fill(filling, shape[-axes:], prod(shape[:-axes]))
    if cells > _LITERAL_LIMIT and isinstance(filling, Random) and all(isinstance(n, int) for n in filling[:2]):
        count = int(filling.high) - int(filling.low) + 1
        end = f", dtype={dtype})" if dtype else ")"
        return [
            f"draw = random.Random({filling.seed}).random",
            f"{name} = np.array([{filling.low} + int(draw() * {count}) for _ in range({cells})]{end}.reshape({_shape(shape)})",
        ]
    return listed_lines(name, numbers, shape, dtype)


def imports(lines: list[str]) -> list[str]:
    """The imports of the standard library and of NumPy that the lines need."""
    names = {"random": "random.", "os": "os.", "itertools": "itertools."}
    standard = [f"import {module}" for module, used in sorted(names.items()) if any(used in line for line in lines)]
    return [*standard, *([""] if standard else []), "import numpy as np"]


def _nested(numbers: Sequence[Number], shape: Size) -> str:
    if len(shape) == 1:
        return f"[{', '.join(map(repr, numbers))}]"
    inner = prod(shape[1:])
    return f"[{', '.join(_nested(part, shape[1:]) for part in _parts(numbers, inner))}]"


def _parts(numbers: Sequence[Number], length: int) -> list[Sequence[Number]]:
    return [numbers[start : start + length] for start in range(0, len(numbers), length)]


def _shape(shape: Size) -> str:
    return ", ".join(map(str, shape))
