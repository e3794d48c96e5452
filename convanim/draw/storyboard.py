"""The display list: what every format draws. Cells in grids, lines and text in scene units, each with a role.

Scene units are pixels at scale 1. A role says what a thing is (an input cell, a tap, a label); a theme turns roles into
colours. A Storyboard is a base at rest plus, for each step, only what changes: what lasts from this step
on, and what passes with it. Steps may be made when they are asked for, so a long animation costs no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import prod
from numbers import Integral
from typing import Any, NamedTuple, TypeVar, overload

from convanim.errors import times

Point = tuple[float, float]
Index = tuple[int, ...]
T = TypeVar("T")


class Grid(NamedTuple):
    """A lattice of cells, all the same parallelogram: cell (row, column) starts at origin + row·down + column·across.

    `shape` is the size of the data it shows, one or two axes (one axis lies in a single row). `roles` holds each cell's
    role at rest, row by row; `changes` the roles that steps may give to cells; `slots` which texts they may hold.
    `shades` is each cell's value from 0 (dark) to 255 (light), for roles that a theme shades; empty if none is shaded.
    `said` is what its cells are called where that is not its name: a kernel's gradient lies where else the output does.
    """

    name: str
    shape: Index
    origin: Point
    across: Point
    down: Point
    roles: tuple[str, ...]
    changes: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    stroke: float = 1.5
    shades: bytes = b""
    said: str = ""

    @property
    def rows(self) -> int:
        return self.shape[0] if len(self.shape) == 2 else 1

    @property
    def columns(self) -> int:
        return self.shape[-1]

    def number(self, index: Index) -> int:
        """A cell's place in `roles`. IndexError outside the grid."""
        is_inside = (
            isinstance(index, Sequence)
            and len(index) == len(self.shape)
            and all(_is_whole(at) and 0 <= at < n for at, n in zip(index, self.shape, strict=True))
        )
        if not is_inside:
            raise IndexError(f"{self.name} has {times(self.shape)} cells, not {index}")
        return sum(int(at) * prod(self.shape[axis + 1 :]) for axis, at in enumerate(index))

    def block(self, row: int, column: int, rows: int = 1, columns: int = 1) -> tuple[Point, ...]:
        """The four corners of a block of cells, from its first cell's first corner along `across` first."""
        below, right = row + rows, column + columns
        return self.point(row, column), self.point(row, right), self.point(below, right), self.point(below, column)

    def point(self, row: float, column: float) -> Point:
        """A place on the lattice: whole numbers are corners, halves centres."""
        (x, y), (ax, ay), (dx, dy) = self.origin, self.across, self.down
        return x + column * ax + row * dx, y + column * ay + row * dy

    def polygon(self) -> tuple[Point, ...]:
        """The outline of the whole grid."""
        return self.block(0, 0, self.rows, self.columns)


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


class Text(NamedTuple):
    """A line of text, its baseline at y, anchored at x ("left", "middle" or "right").

    A text in a cell names it as (grid, number): its ink then goes with that cell's role, its own role being "value" or
    "note".
    """

    x: float
    y: float
    text: str
    role: str
    size: float
    anchor: str = "middle"
    bold: bool = False
    italic: bool = False
    cell: tuple[str, int] | None = None


class Line(NamedTuple):
    """A straight line; the grids named in `behind` cover it."""

    start: Point
    end: Point
    role: str
    width: float
    behind: tuple[str, ...] = ()


class Paint(NamedTuple):
    """Cells of one grid, by number, that take a role."""

    grid: str
    cells: tuple[int, ...]
    role: str


class Weights(NamedTuple):
    """The weights that lie in cells of one grid during a step: of each cell its place in its plane of the kernel, row by row.

    `plane` says which of the kernel's planes that is, so that the same plane and place is the same weight wherever it lies.
    `filter` is the number of its filter, from 1, where there are several, else 0.
    """

    grid: str
    cells: tuple[int, ...]
    places: tuple[int, ...]
    plane: int = 0
    filter: int = 0


class Step(NamedTuple):
    """What one step changes: `number` is the placement it shows, `duration` in milliseconds.

    `lasting` stays from this step on; `passing` is gone with the next. `weights` are what the kernel's cells hold meanwhile,
    where all of it takes part in the step; they are not drawn.
    """

    number: int
    duration: int
    lasting: tuple[Paint | Text | Line, ...] = ()
    passing: tuple[Paint | Text | Line, ...] = ()
    weights: tuple[Weights, ...] = ()


class Lazy(Sequence[T]):
    """A sequence whose items are made when asked for."""

    def __init__(self, length: int, make: Callable[[int], T]) -> None:
        self._length, self._make = length, make

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        if isinstance(index, slice):
            return tuple(self._make(number) for number in range(*index.indices(self._length)))
        return self._make(range(self._length)[index])

    def __reduce__(self) -> tuple[type[list[T]], tuple[list[T]]]:
        """Sent to another process, it is a list."""
        return list, (list(self),)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return NotImplemented if not isinstance(other, Sequence) else False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Storyboard:
    """A whole animation: its size in scene units, grids from lowest to topmost, texts and lines at rest, and steps.

    `inks` are the roles of the free texts and lines that steps bring. `plays` is how often it runs, 0 for ever. `language`
    is that of its texts.
    """

    size: tuple[int, int]
    grids: tuple[Grid, ...]
    steps: Sequence[Step]
    texts: tuple[Text, ...] = ()
    inks: tuple[str, ...] = ()
    title: str = ""
    alternative: str = ""
    plays: int = 0
    lines: tuple[Line, ...] = ()
    language: str = "en"
    _by_name: dict[str, Grid] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {grid.name: grid for grid in self.grids})

    @property
    def duration(self) -> int:
        """Milliseconds from the first step's beginning to the last one's end."""
        return sum(step.duration for step in self.steps)

    def grid(self, name: str) -> Grid:
        """The grid of that name. KeyError if the view draws none."""
        if name not in self._by_name:
            raise KeyError(f"no grid {name!r}; this storyboard has {', '.join(self._by_name)}")
        return self._by_name[name]

    def cell(self, grid: str, index: Index) -> tuple[Point, ...]:
        """Where a datum lies: the corners of its cell, in pixels at scale 1."""
        home = self.grid(grid)
        return home.block(*divmod(home.number(index), home.columns))

    def to_dict(self) -> dict[str, Any]:
        """The whole display list in plain lists, dicts, texts and numbers, for JSON."""
        plain = {name: getattr(self, name) for name in ("size", "inks", "title", "alternative", "plays", "language")}
        parts = {name: [_plain(part) for part in getattr(self, name)] for name in ("grids", "texts", "lines")}
        steps = [
            {"number": step.number, "duration": step.duration}
            | {name: [_plain(part) for part in getattr(step, name)] for name in ("lasting", "passing", "weights")}
            for step in self.steps
        ]
        return plain | parts | {"steps": steps}


def bounds(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """The left, top, right and bottom of some points."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _plain(part: Grid | Text | Line | Paint | Weights) -> dict[str, Any]:
    plain = {"kind": type(part).__name__.lower()} | part._asdict()
    return plain | {"shades": list(part.shades)} if isinstance(part, Grid) else plain
