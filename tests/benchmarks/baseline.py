"""The yardstick: the same figures by an ordinary matplotlib animation, written without convanim.

One figure, its artists made once, their colours and texts set anew for each frame, saved by `FuncAnimation` with
`PillowWriter`: what someone who knows matplotlib would write. It reads the scene files that it is given.

    python -m tests.benchmarks.baseline out.gif scenes/dilation.toml [--frames 20]
    python -m tests.benchmarks.baseline folder/ scenes/*.toml
"""

import argparse
import random
import tomllib
from pathlib import Path

DPI = 100
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


def draw(figure, target, frames=None):
    """Save the animation of one figure; `frames` cuts it."""
    import matplotlib as mpl  # noqa: PLC0415 - so that what the figures are can be looked at without it

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415
    from matplotlib.animation import FuncAnimation, PillowWriter  # noqa: PLC0415
    from matplotlib.collections import PolyCollection  # noqa: PLC0415

    flat = figure.numbers
    size = 46 if flat else max(min(40, 560 / (1.54 * figure.canvas)), 1.66)
    across, down = ((size, 0), (0, size)) if flat else ((0.9 * size, -0.45 * size), (0.64 * size, 0.585 * size))
    shift = (figure.canvas * size + 56, 0) if flat else _lifted(figure, across, down, size)

    def cell(row, column, at=(0, 0)):
        corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
        return [(at[0] + c * across[0] + r * down[0], at[1] + c * across[1] + r * down[1]) for r, c in corners]

    def cells(count, at=(0, 0)):
        return [cell(row, column, at) for row in range(count) for column in range(count)]

    planes = cells(figure.canvas), cells(figure.output, shift)
    xs, ys = zip(*(point for plane in planes for polygon in plane for point in polygon), strict=True)
    width, height = max(xs) - min(xs) + 80, max(ys) - min(ys) + 120
    page, axes = plt.subplots(figsize=(width / DPI, height / DPI), dpi=DPI)
    axes.set(xlim=(min(xs) - 40, max(xs) + 40), ylim=(max(ys) + 80, min(ys) - 40))
    page.subplots_adjust(0, 0, 1, 1)
    axes.axis("off")
    lines = 1.5 if size >= 16 else 1.0 if size >= 8 else 0
    rest = [figure.fill(row, column) for row in range(figure.canvas) for column in range(figure.canvas)]
    canvas = axes.add_collection(PolyCollection(planes[0], facecolors=rest, edgecolors="#073642", linewidths=lines))
    output = axes.add_collection(PolyCollection(planes[1], edgecolors="#073642", linewidths=lines))
    joints = [axes.plot([], [], color="#586e75", linewidth=1)[0] for _ in range(0 if flat else 4)]
    caption = axes.text(sum(xs) / len(xs), max(ys) + 50, "", ha="center", fontsize=10)
    centre = (across[0] + down[0]) / 2, (across[1] + down[1]) / 2
    texts = []
    if flat:
        for number, polygon in enumerate(planes[0]):
            value = figure.value(*divmod(number, figure.canvas))
            axes.text(polygon[0][0] + centre[0], polygon[0][1] + centre[1], value or 0, ha="center", va="center")
        texts = [axes.text(p[0][0] + centre[0], p[0][1] + centre[1], "", ha="center", va="center") for p in planes[1]]
    windows = list(figure.windows())

    def update(number):
        window = windows[number]
        faces = list(rest)
        for row, column in window:
            held = figure.value(row, column) is not None
            faces[row * figure.canvas + column] = COLOURS["tap" if held else "hole tap"]
        canvas.set_facecolor(faces)
        output.set_facecolor(
            [
                COLOURS["output" if at < number else "result" if at == number else "pending"]
                for at in range(len(windows))
            ]
        )
        corners = (window[0], window[figure.kernel - 1], window[-1], window[-figure.kernel])
        for corner, (joint, (row, column)) in enumerate(zip(joints, corners, strict=bool(joints))):
            start, end = cell(row, column)[corner], planes[1][number][corner]
            joint.set_data([start[0], end[0]], [start[1], end[1]])
        if texts:
            texts[number].set_text(figure.result(window))
        caption.set_text(f"{figure.title}, step {number + 1} / {len(windows)}")
        return canvas, output, *joints, *texts, caption

    animation = FuncAnimation(page, update, frames=min(frames or len(windows), len(windows)))
    animation.save(target, writer=PillowWriter(fps=1))
    plt.close(page)


def _lifted(figure, across, down, size):
    """The output's place, its middle above the canvas's, far enough for neither to hide the other."""
    spare = (figure.canvas - figure.output) / 2
    lift = 0.55 * size * (figure.canvas + figure.output) + max(0.5 * size, 22)
    return spare * (across[0] + down[0]), spare * (across[1] + down[1]) - lift


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", type=Path)
    parser.add_argument("scenes", nargs="+", type=Path)
    parser.add_argument("--frames", type=int)
    options = parser.parse_args()
    for scene in options.scenes:
        target = options.target if options.target.suffix else options.target / f"{scene.stem}.gif"
        draw(Figure(scene), target, options.frames)


if __name__ == "__main__":
    main()
