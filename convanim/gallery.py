"""The gallery: a folder of scenes rendered, and a page that shows them grouped. Another face on the one junction."""

from __future__ import annotations

import html
import shlex
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING
from urllib.parse import quote

from convanim.batch import render_many
from convanim.errors import SceneError
from convanim.headings import HEADINGS, in_order
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
        f'<section>\n<h2>{heading}</h2>\n<p class="lead">{HEADINGS[heading]}</p>\n<div class="figures">\n'
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
