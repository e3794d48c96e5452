"""A site of scenes: a page for each with a player, an index, and pictures for those who link to it. Plain files for any host.

Pages ask no other host for anything. Another face on the one junction, beside the gallery.
"""

from __future__ import annotations

import html
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from convanim.batch import render_many
from convanim.drawing import drawing_of
from convanim.errors import Problem, SceneError
from convanim.formats.card import CARD, card
from convanim.formats.player_data import player_json
from convanim.formats.scripts import plain_player
from convanim.headings import HEADINGS, in_order
from convanim.scene import Scene
from convanim.scene.comparison import Comparison
from convanim.scene.explanation import explanation
from convanim.scene.files import figure_to_toml
from convanim.writing import write_bytes, write_text

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from convanim.scene.stack import Stack

INDEX, SUFFIXES, _CARD = "index.html", ("gif", "svg", "png"), ".card"
_PLAYER, _STYLE = "player.js", "site.css"
_WEB = Path(__file__).parent / "web"
_ENDS = (*(f".{suffix}" for suffix in SUFFIXES), f"{_CARD}.png")
_MADE_BY = '<meta name="generator" content="convanim site">'
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
_FRAMEWORKS = {"torch": "PyTorch", "keras": "Keras", "jax": "JAX", "onnx": "ONNX", "numpy": "NumPy"}
Figures = Mapping[str, "Scene | Comparison | Stack"]


class _Page(NamedTuple):
    """One figure's page: its name, the figure, and what stands before and after it."""

    name: str
    figure: Scene | Comparison | Stack
    before: str | None
    after: str | None


def write_site(
    figures: Figures,
    folder: Path,
    executor: Executor | None = None,
    *,
    address: str = "",
    overwrite: bool = False,
    done: Callable[[str], None] = lambda _: None,
) -> None:
    """Write a site of figures into `folder`; `done` is called with each name when its page is there.

    `address` is where the site will be, for the pictures that other sites show beside a link. What an earlier site of the same
    figures wrote is replaced; FileExistsError names any other file in the way, before anything is written, unless `overwrite`.
    """
    names = [name for group in in_order(figures).values() for name in group]
    _refuse_odd_names(names)
    if not overwrite:
        _refuse_foreign_files(names, folder)
    pages = [
        _Page(name, figures[name], before, after)
        for before, name, after in zip([None, *names[:-1]], names, [*names[1:], None], strict=True)
    ]
    titles: dict[str, str] = {}
    render_many(figures, folder, executor, suffixes=SUFFIXES, update=True)
    for page in pages:
        pictured = drawing_of(page.figure, [None]).pictured()
        titles[page.name] = pictured.board.title
        write_bytes(folder / f"{page.name}{_CARD}.png", card(pictured.board, pictured.finish), overwrite=True)
        done(page.name)
    for page in pages:
        write_text(folder / f"{page.name}.html", _page(page, titles, address), overwrite=True)
    write_text(folder / _PLAYER, plain_player(), overwrite=True)
    write_bytes(folder / _STYLE, (_WEB / _STYLE).read_bytes(), overwrite=True)
    write_text(folder / INDEX, _index(figures, titles, address), overwrite=True)


def _refuse_odd_names(names: Sequence[str]) -> None:
    taken = [name for name in names if name == Path(INDEX).stem]
    if taken:
        raise SceneError(Problem("name", f"got {taken[0]}", "legal is another: that is the page of all figures"))
    for name in names:
        if name.endswith(_CARD) and name.removesuffix(_CARD) in names:
            legal = f"legal is another: that is the card of {name.removesuffix(_CARD)}"
            raise SceneError(Problem("name", f"got {name}", legal))


def _refuse_foreign_files(names: Sequence[str], folder: Path) -> None:
    """FileExistsError if a page that the site would write is there and was not written by one."""
    for name in (INDEX, *(f"{name}.html" for name in names)):
        path = folder / name
        if path.exists() and _MADE_BY not in path.read_text("utf-8", errors="replace"):
            raise FileExistsError(f"{path} is there already and is no page of a site")
    own = () if (folder / INDEX).exists() else (_PLAYER, _STYLE)
    new = [name for name in names if not (folder / f"{name}.html").exists()]
    for name in chain(own, (f"{name}{end}" for name in new for end in _ENDS)):
        if (folder / name).exists():
            raise FileExistsError(f"{folder / name} is there already and is no part of a site")


def _index(figures: Figures, titles: Mapping[str, str], address: str) -> str:
    sections = []
    for heading, names in in_order(figures).items():
        cards = "\n".join(_card(name, titles[name]) for name in names)
        sections.append(
            f'<section>\n<h2>{heading}</h2>\n<p class="lead">{HEADINGS[heading]}</p>\n<ul class="cards">\n{cards}\n</ul>\n</section>'
        )
    first = next(iter(titles), "")
    head = _head(
        "Convolution arithmetic", "Animated figures of convolution arithmetic.", INDEX, f"{first}{_CARD}.png", address
    )
    count = "1 figure" if len(figures) == 1 else f"{len(figures)} figures"
    return _template("site_index.html").substitute(head=head, count=count, sections="\n".join(sections))


def _card(name: str, title: str) -> str:
    file, (width, height) = html.escape(quote(name)), CARD
    picture = f'<img src="{file}{_CARD}.png" width="{width}" height="{height}" loading="lazy" alt="">'
    return f'<li><a href="{file}.html">{picture}<span><bdi>{html.escape(title)}</bdi></span></a></li>'


def _page(page: _Page, titles: Mapping[str, str], address: str) -> str:
    figure, name = page.figure, page.name
    pictured = drawing_of(figure, [None]).pictured()
    board, file = pictured.board, html.escape(quote(name))
    files = ", ".join(f'<a href="{file}.{suffix}" download>{suffix.upper()}</a>' for suffix in SUFFIXES)
    return _template("site_page.html").substitute(
        language=_language(figure),
        head=_head(board.title, board.alternative, f"{name}.html", f"{name}{_CARD}.png", address),
        way=" ".join(_way(page, titles)),
        title=html.escape(board.title),
        note=f'<p class="lead">{html.escape(figure.note)}</p>' if getattr(figure, "note", "") else "",
        data=player_json(board, pictured.finish),
        file=file,
        alternative=html.escape(board.alternative),
        said="\n".join(_said(figure)),
        files=files,
        sources="\n".join(_sources(name, figure)),
    )


def _language(figure: Scene | Comparison | Stack) -> str:
    view = figure.scenes[0].view if isinstance(figure, Comparison) else figure.view
    return html.escape(view.language)


def _head(title: str, description: str, page: str, picture: str, address: str) -> str:
    """What a browser, and another site that shows a link, reads first."""
    base = address.rstrip("/") + "/" if address else ""
    pairs = {
        "og:type": "website",
        "og:title": title,
        "og:description": description,
        "og:image": base + quote(picture),
        "og:image:width": str(CARD[0]),
        "og:image:height": str(CARD[1]),
        "og:image:alt": description,
    } | ({"og:url": base + quote(page)} if base else {})
    lines = [
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        _MADE_BY,
        f"<title>{html.escape(title)}</title>",
        f'<meta name="description" content="{html.escape(description)}">',
        '<meta name="twitter:card" content="summary_large_image">',
        *(f'<meta property="{name}" content="{html.escape(value)}">' for name, value in pairs.items()),
    ]
    return "\n".join(lines)


def _way(page: _Page, titles: Mapping[str, str]) -> Iterator[str]:
    yield f'<a href="{INDEX}">All figures</a>'
    for relation, name, sign in (("prev", page.before, "← {}"), ("next", page.after, "{} →")):
        if name:
            title = f"<bdi>{html.escape(titles[name])}</bdi>"
            yield f'<a rel="{relation}" href="{html.escape(quote(name))}.html">{sign.format(title)}</a>'


def _said(figure: Scene | Comparison | Stack) -> Iterator[str]:
    """What is computed, in formulas."""
    scenes = figure.scenes if isinstance(figure, Comparison) else (figure,) if isinstance(figure, Scene) else ()
    for scene in scenes:
        heading = scene.title if isinstance(figure, Comparison) and scene.title else "What it computes"
        lines = html.escape("\n".join(explanation(scene)))
        yield f'<h2><bdi>{html.escape(heading)}</bdi></h2>\n<pre class="formula">{lines}</pre>'


def _sources(name: str, figure: Scene | Comparison | Stack) -> Iterator[str]:
    """The scene in other words: its file, the command that draws it, and code."""
    yield _folded("Scene file", figure_to_toml(figure))
    yield _folded("Command", f"convanim render {shlex.quote(f'{name}.toml')} -o {shlex.quote(f'{name}.gif')}")
    if isinstance(figure, Scene):
        for framework, title in _FRAMEWORKS.items():
            try:
                yield _folded(title, figure.to_code(framework))
            except SceneError as fault:
                yield _folded(title, f"{title} has no such layer: {fault}")


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary><pre><code>{html.escape(text)}</code></pre></details>"


@cache
def _template(name: str) -> Template:
    return Template((_WEB / name).read_text(encoding="utf-8"))
