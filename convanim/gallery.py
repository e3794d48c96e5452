"""The gallery: a folder of scenes rendered, and a page that shows them grouped. Another face on the one junction."""

from __future__ import annotations

import html
import re
import shlex
from collections.abc import Callable, Mapping
from functools import partial
from math import prod
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING
from urllib.parse import quote

from convanim.batch import render_many
from convanim.catalogue import built_in_stacks
from convanim.errors import SceneError
from convanim.reading import carried_figure
from convanim.rendering import storyboard
from convanim.scene import Scene, stack_wording, wording
from convanim.scene.comparison import Comparison
from convanim.scene.files import figure_to_toml
from convanim.scene.formulas import formulas
from convanim.scene.stack import Stack
from convanim.writing import write_text

if TYPE_CHECKING:
    from concurrent.futures import Executor

PAGE = "index.html"
SUFFIXES = ("gif", "png")
_WIDE, _WIDE_FROM = ' class="wide"', 640
_MADE_BY = '<meta name="generator" content="convanim">'
_TEMPLATE = Path(__file__).parent / "web" / "gallery.html"

_COURSE, _OF_STACKS = "A short course", 20
GROUPS = {
    _COURSE: "One idea a figure, from a single output's size to stacks of layers; each builds on those before it.",
    "Convolution": "The kernel slides over the input. Each place where it stops makes one cell of the output.",
    "Transposed convolution": "A convolution turned round: drawn as the direct one that equals it, on a stretched input.",
    "Channels": "Each filter spans the channels that it sees, and what they contribute adds up to one channel of the output.",
    "Pooling": "Each window gives its largest value, or its average.",
    "Unpooling and upsampling": "Fewer cells make more: values put back, repeated or blended.",
    "Backward pass": "What a convolution hands back while it learns: gradients of its input and of its kernel.",
    "Stacks of layers": "Layer upon layer: what an output cell sees of the input, or an input cell reaches of the output.",
    "With numbers": "Every value, every product, every sum.",
    "Pictures": "The same arithmetic on more cells: each is shaded by its value.",
}


def write_gallery(
    scenes: Mapping[str, Scene | Comparison | Stack],
    folder: Path,
    executor: Executor | None = None,
    *,
    sources: Mapping[str, str] | None = None,
    overwrite: bool = False,
    done: Callable[[str], None] = lambda _: None,
) -> None:
    """Render every scene into `folder` and write `index.html`; `done` is called with each name when it is.

    `sources` says by what file or name `convanim render` finds a scene, where it is not the scene's own name. Files in
    the folder are replaced if they are this gallery's own: figures that its earlier page shows, or that carry the same
    scene. FileExistsError names any other file in the way, before anything is written, unless `overwrite`.
    """
    if not overwrite:
        refuse_foreign_files(scenes, folder)
    text = executor.submit(page, scenes, sources or {}).result if executor else partial(page, scenes, sources or {})
    render_many(scenes, folder, executor, suffixes=SUFFIXES, done=done)
    write_text(folder / PAGE, text(), overwrite=True)


def refuse_foreign_files(scenes: Mapping[str, Scene | Comparison | Stack], folder: Path) -> None:
    """FileExistsError if a file that the gallery would write is there and is not its own."""
    earlier = folder / PAGE
    shown = earlier.read_text(encoding="utf-8", errors="replace") if earlier.is_file() else ""
    if shown and _MADE_BY not in shown:
        raise FileExistsError(f"{earlier} is there already and is no gallery page")
    for name, scene in scenes.items():
        for suffix in SUFFIXES:
            path = folder / f"{name}.{suffix}"
            own = f'"{html.escape(quote(path.name))}"' in shown
            if path.exists() and not _carries(path, None if own else scene):
                raise FileExistsError(f"{path} is there already and shows something else")


def page(scenes: Mapping[str, Scene | Comparison | Stack], sources: Mapping[str, str]) -> str:
    """The page: scenes by group, simple ones first, each with its figure, title, alternative, command and scene file."""
    sections = [
        f'<section>\n<h2>{heading}</h2>\n<p class="lead">{GROUPS[heading]}</p>\n<div class="figures">\n'
        + "\n".join(_figure(name, scenes[name], sources.get(name, name)) for name in names)
        + "\n</div>\n</section>"
        for heading, names in in_order(scenes).items()
    ]
    template = Template(_TEMPLATE.read_text(encoding="utf-8"))
    return template.substitute(
        made_by=_MADE_BY,
        count="1 figure" if len(scenes) == 1 else f"{len(scenes)} figures",
        sections="\n".join(sections),
    )


def in_order(scenes: Mapping[str, Scene | Comparison | Stack]) -> dict[str, list[str]]:
    """The names of figures under their headings, those that have any; simple ones first."""
    groups: dict[str, list[str]] = {heading: [] for heading in GROUPS}
    for name, scene in sorted(scenes.items(), key=lambda item: _place(*item)):
        groups[group(name, scene)].append(name)
    return {heading: names for heading, names in groups.items() if names}


_GROUPS = {
    "max_pool": "Pooling",
    "avg_pool": "Pooling",
    "max_unpool": "Unpooling and upsampling",
    "upsample": "Unpooling and upsampling",
    "conv_input_grad": "Backward pass",
    "conv_kernel_grad": "Backward pass",
}


_KINDS = {"channels": "Channels", "numeric": "With numbers"}


def group(name: str, figure: Scene | Comparison | Stack) -> str:
    """Under which heading a figure is shown: a lesson, whose name starts with its number, in the course."""
    if _lesson(name, figure) is not None or isinstance(figure, Comparison):
        return _COURSE
    if isinstance(figure, Stack):
        return "Stacks of layers"
    if figure.is_shaded:
        return "Pictures"
    if figure.view.kind in _KINDS:
        return _KINDS[figure.view.kind]
    if figure.op == "conv":
        return "Transposed convolution" if figure.transposed else "Convolution"
    return _GROUPS[figure.op]


def _lesson(name: str, figure: Scene | Comparison | Stack) -> int | None:
    """The number that a lesson's name starts with, as in 05a_stamping; the stacks that come with convanim are one lesson."""
    if isinstance(figure, Stack) and name in built_in_stacks():
        return _OF_STACKS
    number = re.match(r"(\d\d)[a-z]?_", name)
    return int(number[1]) if number else None


def _place(name: str, figure: Scene | Comparison | Stack) -> tuple[object, ...]:
    """Where a figure stands: lessons in their order, then what is simple first."""
    lesson = _lesson(name, figure)
    layers = len(figure.layers) if isinstance(figure, Stack) else 0
    if lesson is not None or isinstance(figure, Comparison):
        return 0, lesson or 0, layers, name
    if isinstance(figure, Stack):
        return 1, (layers,), name
    return 1, _simplicity(figure), name


def _simplicity(scene: Scene) -> tuple[int, ...]:
    """What to show first: no pooling, no dilation, no stride, no padding."""
    pads = sum(map(sum, scene.pads))
    return (
        int(scene.op != "conv"),
        prod(scene.dilation or (1,)),
        prod(scene.stride or (1,)),
        pads,
        sum(scene.output_padding or ()),
    )


def _figure(name: str, figure: Scene | Comparison | Stack, source: str) -> str:
    board = storyboard(figure)
    width, height = board.size
    file = html.escape(quote(name))
    command = html.escape(f"convanim render {shlex.quote(source)} -o {shlex.quote(f'{name}.gif')}")
    note = f'<p class="note">{html.escape(figure.note)}</p>\n' if figure.note else ""
    return (
        f'<figure id="{html.escape(name)}"{_WIDE if width > _WIDE_FROM else ""}>\n'
        f'<picture><source media="(prefers-reduced-motion: reduce)" srcset="{file}.png">'
        f'<img src="{file}.gif" width="{width}" height="{height}" loading="lazy" '
        f'alt="{html.escape(board.alternative)}"></picture>\n'
        f"<figcaption><h3><bdi>{html.escape(board.title)}</bdi></h3>{note}"
        f"<p>{'<br>'.join(map(html.escape, _facts(figure)))}</p>\n"
        f"<pre><code>{command}</code></pre>\n"
        f"<details><summary>Scene file</summary><pre><code>{html.escape(figure_to_toml(figure))}</code></pre></details>\n"
        f"</figcaption>\n</figure>"
    )


def _facts(figure: Scene | Comparison | Stack) -> list[str]:
    """Parameters and formulas; of a comparison, each scene's on a line."""
    if isinstance(figure, Comparison):
        parts = ((scene.title or wording.operation(scene), scene) for scene in figure.scenes)
        return [f"{heading}: {', '.join(formulas(scene))}" for heading, scene in parts]
    if isinstance(figure, Stack):
        return [stack_wording.sizes(figure)]
    return [" · ".join(wording.parameters(figure)), ", ".join(formulas(figure))]


def _carries(path: Path, scene: Scene | Comparison | Stack | None) -> bool:
    """Whether a file is a figure of the scene (None: of any scene)."""
    try:
        carried = carried_figure(path)
    except (SceneError, OSError):
        return False
    return scene is None or carried == scene
