"""What the explorer computes at the most, so that one request cannot keep others waiting. Everything larger is refused by name.

The command line has no such bounds: it works for one who waits for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import prod
from typing import Any

from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import Finish
from convanim.drawing import Figure, step_count
from convanim.engine import Recording
from convanim.errors import FormatError, Problem, SceneError, key, times
from convanim.formats import Format
from convanim.scene import Scene
from convanim.scene.comparison import Comparison
from convanim.scene.fields import MOST_BESIDE
from convanim.scene.pictures import pixels_of
from convanim.scene.readers import parse_steps
from convanim.scene.stack import Stack
from convanim.view_table import VIEWS

# measured on one core: no figure within these takes two seconds, no file twenty
MOST_CELLS, MOST_PRODUCTS, MOST_STEPS, MOST_SHOWN, MOST_SCALE, MOST_LAYERS = 2**16, 2**21, 800, 2**16, 3, 16
MOST_PLANES, MOST_FOLLOWED, MOST_WEIGHED = 2**18, 2**22, 2**15
# pixels of all steps, in formats that are made of them
MOST_DRAWN = {"gif": 2**31, "apng": 2**31, "pptx": 2**31, "webp": 2**30, "mp4": 2**28, "webm": 2**28}
MOST_FILMED = 2**23  # pixels of a video's frame, of which the encoders hold many at once
MOST_CHARACTERS, MOST_WORDS, MOST_ENTRIES, MOST_NESTING = 2**17, 2000, 100, 16
MOST_PIXELS, MOST_UPLOADED_PIXELS = 2**20, 2**24
_UNNAMED_STEPS = 400  # as many are shown as can be watched, where a scene says nothing of it
_MORE = "more by the command line"
_PICTURE = re.compile(r"data:[^\"'\s]*+")
_LONG_KEY = re.compile(  # which the reader of TOML takes longer for than its length says
    r"""(?<![\w\\-])(?:(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)""" f"{{{MOST_NESTING}}}"
)


def refuse_long_text(text: str) -> None:
    """SceneError if a scene file's text would take long to read: pictures do not count."""
    length = len(_PICTURE.sub("", text))
    if length > MOST_CHARACTERS:
        said, legal = f"{length:,} characters", f"legal are {MOST_CHARACTERS:,} here, {_MORE}"
        raise SceneError(Problem("text", said, legal))
    if _LONG_KEY.search(text):
        raise SceneError(Problem("text", "has a key of very many parts", f"legal are {MOST_NESTING}"))


def refuse_what_is_not_asked_here(mapping: Mapping[str, Any]) -> None:
    """SceneError if a scene's mapping names a file, which would be read on this machine, or would take long to check."""
    _refuse_part("scene", mapping, 0)
    for name, most in (("layers", MOST_LAYERS), ("scenes", MOST_BESIDE)):
        listed = mapping.get(name)
        if isinstance(listed, list) and len(listed) > most:
            raise SceneError(Problem(name, f"got {len(listed)} of them", f"legal are {most} here"))


def _refuse_part(name: str, part: Any, depth: int) -> None:
    if depth > MOST_NESTING:
        raise SceneError(Problem("scene", "is nested too deeply", f"legal are {MOST_NESTING} levels"))
    if isinstance(part, Mapping):
        if len(part) > MOST_ENTRIES:
            raise SceneError(Problem(key(name), f"has {len(part):,} entries", f"legal are {MOST_ENTRIES}"))
        for inner, value in part.items():
            _refuse_part(str(inner), value, depth + 1)
    elif isinstance(part, list):
        for value in part:
            _refuse_part(name, value, depth + 1)
    elif isinstance(part, str) and name == "image":
        _refuse_picture(part)
    elif isinstance(part, str) and len(part) > MOST_WORDS:
        raise SceneError(Problem(key(name), f"{len(part):,} characters", f"legal are {MOST_WORDS:,} here, {_MORE}"))


def _refuse_picture(source: str) -> None:
    if not source.startswith("data:"):
        raise SceneError(Problem("image", "names a file", "legal here is a picture itself; drop its file on the page"))
    refuse_large_picture(source, MOST_PIXELS)


def refuse_large_picture(source: str, most: int) -> None:
    """SceneError if a picture has more pixels than that, which its first bytes say: few bytes can hold very many."""
    pixels = pixels_of(source)
    if pixels > most:
        raise SceneError(
            Problem("picture", f"has {pixels:,} pixels", f"legal are {most:,} here; make it smaller first")
        )


def refuse_too_much(figure: Figure) -> None:
    """SceneError if a figure is more than the explorer draws, before anything of it is computed.

    Scenes side by side share what one may have.
    """
    if isinstance(figure, Stack):  # which is drawn without values, however many channels it has
        _refuse_more("layers", "have planes of", sum(map(_plane, figure.layers)), "cells in all", MOST_PLANES)
        _refuse_many_steps(figure)
        _refuse_more("timing.steps", "follow", _followed(figure), "cells", MOST_FOLLOWED)
        _refuse_large(figure.view.scale, figure.view.width)
        return
    scenes = figure.scenes if isinstance(figure, Comparison) else (_scene(figure),)
    _refuse_more("kernel", "has", sum(prod(scene.kernel_shape or ()) for scene in scenes), "weights", MOST_CELLS)
    _refuse_more("input", f"{times(scenes[0].input)} makes", sum(map(_cells, scenes)), "cells", MOST_CELLS)
    _refuse_more("kernel", "has", sum(map(_products, scenes)), "products in all", MOST_PRODUCTS)
    for scene in scenes:
        _refuse_many_steps(scene)
        _refuse_large(scene.view.scale, scene.view.width)
    weighed = sum(scene.placements * _window(scene) for scene in scenes if _has_written_weights(scene))
    _refuse_more("input", f"{times(scenes[0].input)} makes", weighed, "weights", MOST_WEIGHED)
    lit = sum(map(_lit, scenes))
    _refuse_more("timing.steps", "show", lit, "products", MOST_SHOWN if len(scenes) == 1 else MOST_SHOWN // 2)
    if isinstance(figure, Comparison):
        latest = max((start for starts in figure.starts for start in starts), default=0)
        _refuse_more("starts", "makes", latest, "steps", MOST_STEPS)


def _refuse_more(field: str, said: str, count: int, what: str, most: int) -> None:
    if count > most:
        raise SceneError(Problem(field, f"{said} {count:,} {what}", f"legal are {most:,} here, {_MORE}"))


def refuse_large_file(board: Storyboard, finish: Finish, row: Format) -> None:
    """FormatError if a file would take long to draw, or much memory: too many pixels."""
    most = MOST_DRAWN.get(row.suffix)
    width, height = (round(length * finish.scale) for length in board.size)
    legal = None
    if most is not None and width * height * len(board.steps) > most:
        legal = f"{most:,} pixels in all"
    elif row.needs == "av" and width * height > MOST_FILMED:
        legal = f"{MOST_FILMED:,} pixels a step"
    if legal:
        raise FormatError(
            f"{len(board.steps)} steps of {width}×{height} pixels; legal in {row.suffix} are {legal} here, "
            f"{_MORE}; use a smaller cell or scale, or fewer steps"
        )


def _scene(figure: Scene | Recording) -> Scene:
    return figure.scene if isinstance(figure, Recording) else figure


def _plane(layer: Scene) -> int:
    return max(prod(layer.canvas), prod(layer.output))


def _cells(scene: Scene) -> int:
    return max(prod(scene.canvas) * scene.in_channels, prod(scene.output_shape), prod(scene.kernel_shape or ()))


def _products(scene: Scene) -> int:
    return scene.placements * _window(scene) * (scene.in_channels // scene.groups) * scene.out_channels


def _window(scene: Scene) -> int:
    return prod(axis.kernel for axis in scene.axes)


def _lit(scene: Scene) -> int:
    """The products of the steps that are shown, as far as a view tells them apart."""
    channels = scene.in_channels // scene.groups if scene.view.kind == "channels" else 1
    return _steps_shown(scene) * _window(scene) * channels


def _has_written_weights(scene: Scene) -> bool:
    """Whether room is made for the weights of all placements, which are fractions."""
    return scene.mode == "linear" and scene.op == "upsample" and "formula" in VIEWS[scene.view.kind].takes


def _followed(stack: Stack) -> int:
    """About how many cells of all planes cells are followed to in all steps, and what is looked at to find them."""
    sees, steps = stack.trace == "sees", _steps_shown(stack)
    lengths = stack.output if sees else stack.input
    trails = [stack.trail(axis, length // 2) for axis, length in enumerate(lengths)]
    lit = sum(prod(map(len, cells)) for cells in zip(*trails, strict=True))
    looked_at = 0
    for axis, (length, trail) in enumerate(zip(lengths, trails, strict=True)):
        passed = zip(trail[1:] if sees else trail[:-1], stack.layers, strict=True)
        looked_at += min(length, steps) * sum(len(cells) * (8 + layer.axes[axis].kernel) for cells, layer in passed)
    return steps * lit + 2 * looked_at


def _steps_shown(figure: Scene | Stack) -> int:
    total = step_count(figure)
    if not figure.timing.steps:
        return min(total, _UNNAMED_STEPS)
    return len(range(total)[parse_steps(figure.timing.steps)])


def _refuse_many_steps(figure: Scene | Stack) -> None:
    said = f'"{figure.timing.steps}" are'
    _refuse_more("timing.steps", said, _steps_shown(figure), "steps", MOST_STEPS)


def _refuse_large(scale: float, width: str | None) -> None:
    if scale > MOST_SCALE:
        raise SceneError(Problem("view.scale", f"got {scale}", f"legal is up to {MOST_SCALE} here, {_MORE}"))
    if width is not None:
        legal = "means nothing on a page that fits figures; legal by the command line"
        raise SceneError(Problem("view.width", f"got {width}", legal))
