"""What is measured. Each measure returns rows: what, ours, what it is held against, and the ratio of the two."""

import shutil
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from convanim import Scene, SceneError, load_scene, storyboard
from convanim.catalogue import built_in
from convanim.draw.raster import Film
from convanim.draw.theme import THEMES, Finish
from convanim.formats import gif
from convanim.rendering import render_to
from convanim.scene import scene_to_toml
from tests.benchmarks import engine
from tests.benchmarks.runs import (
    BASELINE,
    CONVANIM,
    PEAK,
    PYTHON,
    functions_side_by_side,
    pair_of,
    run,
    said_by,
    side_by_side,
)

FIGURE = "no_padding_strides_transposed"
KNOWN = [path for path in built_in().values() if path.parent.name == "scenes"]
ORIGINAL = [path for path in KNOWN if not path.stem.startswith("numerical")]
SWEEP = 1000


class Row(NamedTuple):
    """A line of the table. `ratio` is ours over the other's."""

    what: str
    ours: str
    against: str
    theirs: str
    ratio: float


class Measure(NamedTuple):
    """A measure: its function of the number of runs, and which module it needs beside the package's own."""

    rows: Callable[[int], list[Row]]
    needs: str = ""


def one_figure(runs):
    """One figure as a whole process, against matplotlib and against importing alone."""
    with tempfile.TemporaryDirectory() as folder:
        ours = (*CONVANIM, "render", FIGURE, "-q", "-f", "-o", f"{folder}/ours.gif")
        baseline = (*BASELINE, f"{folder}/theirs.gif", built_in()[FIGURE])
        imports = "import click, numpy; from PIL import Image, ImageDraw, ImageFont"
        others = {
            "matplotlib animation": baseline,
            "matplotlib animation that reuses its artists": (*baseline, "--reuse"),
            "importing matplotlib's Agg": (PYTHON, "-c", "import matplotlib.backends.backend_agg"),
            "importing pyplot with Agg": (
                PYTHON,
                "-c",
                "import matplotlib as m; m.use('Agg'); import matplotlib.pyplot",
            ),
            "importing click, NumPy, Pillow": (PYTHON, "-c", imports),
        }
        return [
            _timed("one figure, whole process", side_by_side(ours, theirs, runs), name)
            for name, theirs in others.items()
            if "matplotlib" not in name or find_spec("matplotlib")
        ]


def nineteen_figures(runs):
    """The nineteen known figures in one process."""
    with tempfile.TemporaryDirectory() as folder:
        ours = (*CONVANIM, "render", *(path.stem for path in KNOWN), "-q", "-f", "-o", f"{folder}/")
        pair = side_by_side(ours, (*BASELINE, folder, *KNOWN), max(runs // 3, 1))
    return [_timed("nineteen figures, one process", pair, "matplotlib animation")]


def many_placements(runs):
    """28×28 with all 676 placements; the baseline's time is extrapolated from its first frames."""
    names = {"": "matplotlib animation (extrapolated)", "--reuse": "the same, reusing its artists (extrapolated)"}
    return [_many_placements(runs, name, *filter(None, [how])) for how, name in names.items()]


def _many_placements(runs, name, *how):
    with tempfile.TemporaryDirectory() as folder:
        scene = Path(folder) / "scene.toml"
        scene.write_text("input = 28\nkernel = 3\n")
        ours = (*CONVANIM, "render", scene, "--all", "-q", "-f", "-o", f"{folder}/ours.gif")
        pairs = []
        for _ in range(max(runs // 3, 1)):
            few, more = (run(*BASELINE, f"{folder}/theirs.gif", scene, "--frames", n, *how) for n in (5, 15))
            pairs.append((run(*ours), few + (more - few) / 10 * 671))
    return _timed("28×28, 676 frames, whole process", pair_of(pairs), name)


def encoders(runs):
    """The same frames through other encoders: bytes and time, drawing included."""
    scene = load_scene(built_in()[FIGURE])
    board, finish = storyboard(scene), Finish(THEMES[scene.view.theme])
    film = Film(board, finish)
    times = [step.duration for step in board.steps]

    def own():
        stream = BytesIO()
        gif.write(board, finish, "", stream)
        return stream.getvalue()

    ours = own()
    rows = []
    for name, encode in _encoders(film, times).items():
        theirs = encode()
        time = functions_side_by_side(own, encode, runs, have_run=True)
        rows.append(_sized("bytes of the same frames", len(ours), name, len(theirs)))
        rows.append(_timed("time to draw and encode", time, name))
    gifsicle = shutil.which("gifsicle")
    if gifsicle:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "ours.gif").write_bytes(ours)
            run(gifsicle, "-O3", f"{folder}/ours.gif", "-o", f"{folder}/theirs.gif")
            size = (Path(folder) / "theirs.gif").stat().st_size
        rows.append(_sized("bytes of the same frames", len(ours), "gifsicle -O3 on our file", size))
    return rows


def growth(runs):
    """Time, bytes and memory a frame as the input grows: six hundred placements in a row, from the middle."""
    rows, smallest = [], 0.0
    for size in (28, 56, 112, 224):
        scene = Scene(size, 3)
        start = (scene.placements - 600) // 2
        some, first = (replace(scene, timing={"steps": f"{start}:{start + count}"}) for count in (600, 1))
        whole = functions_side_by_side(lambda scene=some: _gif(scene), lambda scene=first: _gif(scene), runs)
        with tempfile.TemporaryDirectory() as folder:
            peak = float(said_by(*PEAK, "render", *_words(some), "-q", "-o", f"{folder}/x.gif"))
        each, bytes_each = (whole.ours - whole.theirs) / 599 * 1000, len(_gif(some)) / 600
        smallest = smallest or each
        ours = f"{each:.2f} ms, {bytes_each:,.0f} bytes a frame, {whole.theirs * 1000:.0f} ms for the first; {peak:.0f} MiB"
        rows.append(
            Row(f"input {size}×{size}, 600 frames", ours, "28×28", f"{smallest:.2f} ms a frame", each / smallest)
        )
    return rows


def words(runs):
    """Labels and captions on, against none: the fifteen plain figures."""
    scenes = [load_scene(path) for path in ORIGINAL]
    plain = [replace(scene, view={"look": "plain"}) for scene in scenes]
    said = [replace(scene, view={"look": "plain", "labels": True, "caption": True}) for scene in scenes]
    sizes = [sum(len(_gif(scene)) for scene in which) for which in (said, plain)]
    time = functions_side_by_side(lambda: list(map(_gif, said)), lambda: list(map(_gif, plain)), runs, have_run=True)
    what = "fifteen figures with labels and captions"
    return [_sized(what, sizes[0], "plain", sizes[1]), _timed(what, time, "plain")]


def sweep(runs):
    """A thousand scenes by two processes, against one."""
    with tempfile.TemporaryDirectory() as folder:
        for number, scene in zip(range(SWEEP), _scenes(), strict=False):
            (Path(folder) / f"scene_{number:04}.toml").write_text(scene_to_toml(scene))
        two, one = ((*CONVANIM, "gallery", folder, "-q", "-f", "-j", jobs, "-o", f"{folder}/{jobs}") for jobs in (2, 1))
        pairs = [(run(*two), run(*one)) for _ in range(max(runs // 5, 1))]
    return [_timed(f"gallery of {SWEEP:,} scenes, --jobs 2", pair_of(pairs), "--jobs 1")]


def recording(runs):
    """What recording costs: time against SciPy and NumPy, and bytes against its arrays."""
    rows = [_timed(what, pair, against) for what, pair, against in engine.pairs(runs)]
    held, arrays = engine.held()
    return [*rows, _sized("recording 224×224, memory held", held, "its three arrays", arrays)]


MEASURES = {
    "one-figure": Measure(one_figure),
    "nineteen": Measure(nineteen_figures, "matplotlib"),
    "many-placements": Measure(many_placements, "matplotlib"),
    "encoders": Measure(encoders),
    "growth": Measure(growth),
    "words": Measure(words),
    "sweep": Measure(sweep),
    "recording": Measure(recording, "scipy"),
}


def _timed(what, pair, against):
    return Row(what, _seconds(pair.ours), against, _seconds(pair.theirs), pair.ratio)


def _sized(what, ours, against, theirs):
    return Row(what, f"{ours:,} bytes", against, f"{theirs:,} bytes", ours / theirs)


def _seconds(seconds):
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _gif(scene):
    stream = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        render_to(scene, stream, "gif")
    return stream.getvalue()


def _words(scene):
    """The scene as options of the command line."""
    return "--input", scene.input[0], "--kernel", scene.kernel[0], "--steps", scene.timing.steps


def _encoders(film, times):
    """Others that write the same frames, by name."""
    palette = [part for colour in film.colours for part in colour]

    def pictures():
        for frame in film:
            picture = Image.fromarray(frame.image.copy())
            picture.putpalette(palette)
            yield picture

    def pillow(**options):
        stream = BytesIO()
        first, *others = pictures()
        first.save(stream, "GIF", save_all=True, append_images=others, duration=times, loop=0, **options)
        return stream.getvalue()

    def imageio():
        from imageio import v3  # noqa: PLC0415 - measured if it is there

        colours = np.array(film.colours, dtype=np.uint8)
        return v3.imwrite("<bytes>", [colours[frame.image] for frame in film], extension=".gif", duration=times, loop=0)

    encoders = {"Pillow": pillow, "Pillow, optimize": lambda: pillow(optimize=True)}
    return encoders | ({"imageio": imageio} if find_spec("imageio") else {})


def _scenes():
    """A sweep over what a convolution has: those of the combinations that are legal."""
    choices = {
        "input": (3, 4, 5, 6),
        "kernel": (2, 3, 4),
        "stride": (1, 2, 3),
        "padding": (0, 1, 2),
        "dilation": (1, 2),
        "transposed": (False, True),
        "flip": (False, True),
        "view": ({"kind": "isometric"}, {"kind": "numeric"}),
    }
    for values in product(*choices.values()):
        try:
            scene = Scene(**dict(zip(choices, values, strict=True)))
        except SceneError:
            continue
        if scene.placements <= 100:
            yield scene
