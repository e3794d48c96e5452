"""The yardstick: the same figures by an ordinary matplotlib animation, written without convanim.

Each frame the axes are cleared and everything is drawn anew, a `Polygon` a cell, and `FuncAnimation` saves it with
`PillowWriter`: as nearly every tutorial has it. With `--reuse` the artists are made once, all cells of a plane in one
collection, and a frame sets colours and texts only: as someone does who knows matplotlib well.

    python -m tests.benchmarks.baseline out.gif scenes/dilation.toml [--frames 20] [--reuse]
    python -m tests.benchmarks.baseline folder/ scenes/*.toml
"""

import argparse
import random
import tomllib
from pathlib import Path

DPI = 100
INK, QUIET = "#073642", "#586e75"
COLOURS = {
    "input": "#268bd2",
    "tap": "#145f8e",
    "hole": "#ffffff",
    "hole tap": "#9cafb3",
    "zero": "#edf2f4",
    "output": "#2aa198",
    "result": "#1c7672",
    "pending": "#e3f2f0",
}


class Figure:
    """The parameters of a scene, square, as numbers; and where the kernel lies for each frame."""

    def __init__(self, path):
        scene = tomllib.loads(Path(path).read_text())
        get = scene.get
        self.title = get("title", "")
        self.op, self.numbers = get("op", "conv"), get("view", {}).get("kind") == "numeric"
        size, self.kernel, self.dilation = scene["input"], scene["kernel"], get("dilation", 1)
        extent = (self.kernel - 1) * self.dilation + 1
        stride, padding = get("stride", 1 if self.op == "conv" else self.kernel), get("padding", 0)
        pads = {"same": (extent - 1) // 2, "full": extent - 1}
        padding = pads.get(padding, padding)
        self.before, self.spread, self.after = padding, 1, padding
        if get("transposed", False):
            self.before = extent - 1 - padding
            self.after = self.before + get("output_padding", 0)
            self.spread, stride = stride, 1
        self.stride, self.input = stride, size
        self.canvas = (size - 1) * self.spread + 1 + self.before + self.after
        self.output = (self.canvas - extent) // stride + 1
        random.seed(0)
        values = get("values", {}).get("input", [[random.randint(0, 3) for _ in range(size)] for _ in range(size)])
        self.values = values if isinstance(values, list) else [[1] * size for _ in range(size)]
        weights = get("values", {}).get("kernel", [[1] * self.kernel for _ in range(self.kernel)])
        self.weights = weights if isinstance(weights, list) else [[1] * self.kernel for _ in range(self.kernel)]

    def windows(self):
        """The canvas cells under the kernel, frame by frame."""
        reach = range(0, self.kernel * self.dilation, self.dilation)
        for row in range(0, self.output * self.stride, self.stride):
            for column in range(0, self.output * self.stride, self.stride):
                yield [(row + down, column + right) for down in reach for right in reach]

    def value(self, row, column):
        """What a canvas cell holds, None in a hole."""
        row, column = row - self.before, column - self.before
        last = (self.input - 1) * self.spread
        if not (0 <= row <= last and 0 <= column <= last) or row % self.spread or column % self.spread:
            return None
        return self.values[row // self.spread][column // self.spread]

    def fill(self, row, column):
        """The colour of a canvas cell at rest."""
        if self.value(row, column) is not None:
            return COLOURS["input"]
        inside = all(0 <= at - self.before <= (self.input - 1) * self.spread for at in (row, column))
        return COLOURS["zero" if inside else "hole"]

    def result(self, window):
        """The value of the output cell that a window makes."""
        held = [self.value(*cell) or 0 for cell in window]
        if self.op == "max_pool":
            return max(held)
        weights = [weight for row in self.weights for weight in row]
        total = sum(value * weight for value, weight in zip(held, weights, strict=True))
        return round(sum(held) / len(held), 2) if self.op == "avg_pool" else total


class Page:
    """A figure's cells as polygons, and the matplotlib axes that hold them."""

    def __init__(self, figure):
        self.figure = figure
        flat = figure.numbers
        self.size = size = 46 if flat else max(min(36, 560 / (1.54 * figure.canvas)), 1.66)
        self.across = (size, 0) if flat else (0.9 * size, -0.45 * size)
        self.down = (0, size) if flat else (0.64 * size, 0.585 * size)
        shift = (figure.canvas * size + 56, 0) if flat else self._lifted()
        self.planes = self._cells(figure.canvas), self._cells(figure.output, shift)
        self.windows = list(figure.windows())
        xs, ys = zip(*(point for plane in self.planes for polygon in plane for point in polygon), strict=True)
        self.left, self.right, self.top, self.bottom = min(xs), max(xs), min(ys), max(ys)
        self.line = 1.5 if size >= 16 else 1.0 if size >= 8 else 0

    def open(self):
        """A matplotlib figure of the right size, and its axes."""
        from matplotlib import pyplot as plt  # noqa: PLC0415

        size = (self.right - self.left + 80) / DPI, (self.bottom - self.top + 120) / DPI
        page, axes = plt.subplots(figsize=size, dpi=DPI)
        page.subplots_adjust(0, 0, 1, 1)
        self.frame(axes)
        return page, axes

    def frame(self, axes):
        """What axes need once, or after they were cleared."""
        axes.set(xlim=(self.left - 40, self.right + 40), ylim=(self.bottom + 80, self.top - 40))
        axes.axis("off")

    def faces(self, number):
        """The colours of the cells of both planes in a frame."""
        figure, window = self.figure, set(self.windows[number])
        canvas = []
        for cell in ((row, column) for row in range(figure.canvas) for column in range(figure.canvas)):
            tap = COLOURS["hole tap" if figure.value(*cell) is None else "tap"]
            canvas.append(tap if cell in window else figure.fill(*cell))
        states = [
            "output" if at < number else "result" if at == number else "pending" for at in range(len(self.windows))
        ]
        return canvas, [COLOURS[state] for state in states]

    def joints(self, number):
        """The lines from the window's corners to the cell that it makes; none in a flat figure."""
        if self.figure.numbers:
            return []
        window, kernel = self.windows[number], self.figure.kernel
        corners = (window[0], window[kernel - 1], window[-1], window[-kernel])
        cells = [self.planes[0][row * self.figure.canvas + column] for row, column in corners]
        return [(cell[corner], self.planes[1][number][corner]) for corner, cell in enumerate(cells)]

    def texts(self, number):
        """What is written: the numbers of a flat figure, and the caption."""
        figure, caption = self.figure, f"{self.figure.title}, step {number + 1} / {len(self.windows)}"
        written = []
        if figure.numbers:
            held = [figure.value(*divmod(at, figure.canvas)) or 0 for at in range(len(self.planes[0]))]
            made = [figure.result(window) for window in self.windows[: number + 1]]
            made += [""] * (len(self.windows) - len(made))
            for plane, values in zip(self.planes, (held, made), strict=True):
                written += [(*self._middle(polygon), value) for polygon, value in zip(plane, values, strict=True)]
        return [*written, ((self.left + self.right) / 2, self.bottom + 50, caption)]

    def _cells(self, count, at=(0, 0)):
        return [self._cell(row, column, at) for row in range(count) for column in range(count)]

    def _cell(self, row, column, at):
        corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
        return [tuple(at[n] + c * self.across[n] + r * self.down[n] for n in (0, 1)) for r, c in corners]

    def _middle(self, polygon):
        return [polygon[0][n] + (self.across[n] + self.down[n]) / 2 for n in (0, 1)]

    def _lifted(self):
        """The output's place, its middle above the canvas's, far enough for neither to hide the other."""
        figure = self.figure
        spare = (figure.canvas - figure.output) / 2
        lift = 0.55 * self.size * (figure.canvas + figure.output) + max(0.5 * self.size, 22)
        return spare * (self.across[0] + self.down[0]), spare * (self.across[1] + self.down[1]) - lift


def draw(page, axes):
    """Clear the axes and draw a whole frame: the function that does it, by number."""
    from matplotlib.patches import Polygon  # noqa: PLC0415 - so that what the figures are can be looked at without it

    def update(number):
        axes.clear()
        page.frame(axes)
        for plane, faces in zip(page.planes, page.faces(number), strict=True):
            for polygon, face in zip(plane, faces, strict=True):
                axes.add_patch(Polygon(polygon, facecolor=face, edgecolor=INK, linewidth=page.line))
        for start, end in page.joints(number):
            axes.plot(*zip(start, end, strict=True), color=QUIET, linewidth=1)
        for x, y, text in page.texts(number):
            axes.text(x, y, text, ha="center", va="center", fontsize=10)

    return update


def redraw(page, axes):
    """Make all artists once and set what changes: the function that does it, by number."""
    from matplotlib.collections import PolyCollection  # noqa: PLC0415

    look = {"edgecolors": INK, "linewidths": page.line}
    planes = [axes.add_collection(PolyCollection(plane, **look)) for plane in page.planes]
    joints = [axes.plot([], [], color=QUIET, linewidth=1)[0] for _ in page.joints(0)]
    texts = [axes.text(x, y, "", ha="center", va="center", fontsize=10) for x, y, _ in page.texts(0)]

    def update(number):
        for plane, faces in zip(planes, page.faces(number), strict=True):
            plane.set_facecolor(faces)
        for joint, (start, end) in zip(joints, page.joints(number), strict=True):
            joint.set_data(*zip(start, end, strict=True))
        for artist, (_, _, text) in zip(texts, page.texts(number), strict=True):
            artist.set_text(text)
        return *planes, *joints, *texts

    return update


def save(scene, target, frames=None, *, reuse=False):
    """Save the animation of one scene file; `frames` cuts it."""
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415
    from matplotlib.animation import FuncAnimation, PillowWriter  # noqa: PLC0415

    page = Page(Figure(scene))
    shown, axes = page.open()
    count = min(frames or len(page.windows), len(page.windows))
    animation = FuncAnimation(shown, (redraw if reuse else draw)(page, axes), frames=count)
    animation.save(target, writer=PillowWriter(fps=1))
    plt.close(shown)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", type=Path)
    parser.add_argument("scenes", nargs="+", type=Path)
    parser.add_argument("--frames", type=int)
    parser.add_argument("--reuse", action="store_true")
    options = parser.parse_args()
    for scene in options.scenes:
        target = options.target if options.target.suffix else options.target / f"{scene.stem}.gif"
        save(scene, target, options.frames, reuse=options.reuse)


if __name__ == "__main__":
    main()
