"""What one writes to show a figure's file: in Markdown, Quarto, HTML or LaTeX (an animation, or clicks in Beamer), with its alternative text and its size.

A file carries the scene that made it, so all that is said here (how large, how long each step) is what the file holds.
"""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from convanim.draw.storyboard import Storyboard
from convanim.drawing import drawing_of, finish_of, is_still, view_of
from convanim.errors import FormatError, Notice
from convanim.formats import Format, named_format
from convanim.reading import carried_figure

_IMAGES, _VIDEOS, _PAGES = {"gif", "svg", "png", "apng", "webp"}, {"mp4", "webm"}, {"html"}
_CONTROLS = 112  # pixels below the figure of a page, for the player's buttons and what it says of a cell
_PLACE = "% where the figure goes"
_LINE = 12  # centimetres, about as wide as lines are in LaTeX
_SLIDE = r"width=\textwidth, height=0.8\textheight, keepaspectratio"
_NOT_IN_NAMES = '%#{}\\^~"'  # LaTeX takes these for signs of its own, in the names of files too
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}$&#%_"},
}


class Shown(NamedTuple):
    """A file and what it shows: its storyboard, how large it is in pixels of CSS and in centimetres, and whether its scene says so."""

    path: str
    row: Format
    board: Storyboard
    size: tuple[int, int]
    centimetres: float
    is_sized: bool

    @property
    def title(self) -> str:
        return self.board.title

    @property
    def alternative(self) -> str:
        return " ".join(self.board.alternative.split())


def embedding(path: str, language: str) -> str:
    """The lines that show a file in a language of `LANGUAGES`. SceneError if it carries no scene, FormatError if it cannot be shown."""
    row = named_format(Path(path).suffix)
    figure = carried_figure(Path(path))
    view = view_of(figure)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Notice)  # it was said when the file was made
        board = drawing_of(figure, [row]).board(stills=is_still(row, view))
    finish = finish_of(view, board)
    width, height = (round(length * finish.css_pixels) for length in board.size)
    centimetres = board.size[0] * finish.points / 72 * 2.54
    shown = Shown(path, row, board, (width, height), centimetres, view.width is not None)
    return "\n".join(LANGUAGES[language](shown)) + "\n"


def _markdown(shown: Shown) -> Iterator[str]:
    if shown.row.suffix in _IMAGES:
        yield f"![{_in_brackets(shown.alternative)}]({quote(Path(shown.path).as_posix())})"
    elif shown.row.suffix == "pdf":
        yield f"[{_in_brackets(shown.title)}]({quote(Path(shown.path).as_posix())})"
    else:  # Markdown holds HTML
        yield from _html(shown)


def _quarto(shown: Shown) -> Iterator[str]:
    if shown.row.suffix in {*_IMAGES, "pdf"}:
        alternative = shown.alternative.replace("\\", r"\\").replace('"', r"\"")
        yield f'![{_in_brackets(shown.title)}]({quote(Path(shown.path).as_posix())}){{fig-alt="{alternative}" width={shown.size[0]}px}}'
        return
    yield "```{=html}"
    yield from _html(shown)
    yield "```"


def _html(shown: Shown) -> Iterator[str]:
    (width, height), suffix = shown.size, shown.row.suffix
    source, alternative = html.escape(quote(Path(shown.path).as_posix())), html.escape(shown.alternative)
    size = f'width="{width}" height="{height}"'
    if suffix in _IMAGES:
        yield f'<img src="{source}" {size} alt="{alternative}">'
    elif suffix in _VIDEOS:
        loops = "" if shown.board.plays == 1 else " loop"
        yield f'<video src="{source}" {size} autoplay{loops} muted playsinline controls aria-label="{alternative}"></video>'
    elif suffix in _PAGES:
        size = f'width="{width}" height="{height + _CONTROLS}"'
        yield f'<iframe src="{source}" {size} style="border: 0; max-width: 100%" title="{alternative}" allow="fullscreen"></iframe>'
    else:
        yield f'<object data="{source}" type="application/pdf" {size} aria-label="{alternative}"><a href="{source}">{html.escape(shown.title)}</a></object>'


def _latex(shown: Shown) -> Iterator[str]:
    """One step as a picture, pages as an animation that plays in readers with JavaScript (Acrobat, Foxit, Okular)."""
    is_wide = not shown.is_sized and shown.centimetres > _LINE
    size = r"width=\linewidth" if is_wide else _width(shown)
    steps, (file, alternative) = shown.board.steps, _in_print(shown)
    if len(steps) == 1:
        yield from _picture(file, f"{size}, alt={{{alternative}}}")
        return
    stem, durations = Path(file).with_suffix("").as_posix(), [step.duration for step in steps]
    options = ["autoplay", *(["loop"] if shown.board.plays == 0 else []), "controls", size]
    yield "% in the preamble"
    yield r"\usepackage{graphicx, animate}"
    if len(set(durations)) > 1:
        timeline = f"{_without_spaces(stem)}.timeline"
        yield f"\\begin{{filecontents*}}[overwrite]{{{timeline}}}"
        yield from _timeline(durations)
        yield r"\end{filecontents*}"
        options.append(f"timeline={{{timeline}}}")
    yield _PLACE
    yield f"\\animategraphics[{', '.join(options)}, alttext={{{alternative}}}]{{{_rate(durations[0])}}}{{{stem}}}{{}}{{}}"


def _beamer(shown: Shown) -> Iterator[str]:
    """One step as a picture; pages as overlays of a frame, each a click, in any reader. As large as fits if nothing is said."""
    size = _width(shown) if shown.is_sized else _SLIDE
    steps, (file, alternative) = len(shown.board.steps), _in_print(shown)
    if steps == 1:
        yield from _picture(file, f"{size}, alt={{{alternative}}}")
        return
    picture = f"\\includegraphics[page=\\step, {size}, alt={{{alternative}}}]{{{file}}}"
    yield from ("% in the preamble", r"\usepackage{graphicx, pgffor}", _PLACE)
    yield f"\\foreach \\step in {{1, ..., {steps}}} {{\\only<\\step>{{{picture}}}}}"


def _picture(file: str, options: str) -> Iterator[str]:
    yield from ("% in the preamble", r"\usepackage{graphicx}", _PLACE, f"\\includegraphics[{options}]{{{file}}}")


def _width(shown: Shown) -> str:
    return f"width={shown.centimetres:.2f}cm"


def _in_print(shown: Shown) -> tuple[str, str]:
    """A figure's file and alternative text for LaTeX. FormatError if it is of a kind or of a name that LaTeX does not read."""
    if shown.row.suffix not in {"pdf", "png"}:
        raise FormatError(f"LaTeX shows no {shown.row.suffix}; legal are pdf and png")
    file = Path(shown.path).as_posix()
    if any(sign in file for sign in _NOT_IN_NAMES):
        raise FormatError(f"LaTeX reads no file named {file}; legal are names without {' '.join(_NOT_IN_NAMES)}")
    return file, _in_latex(shown.alternative)


def _timeline(durations: Iterable[int]) -> Iterator[str]:
    """The steps in the way of LaTeX' package animate, a line each: a rate of frames where it changes, and the page's number."""
    page = 0
    for duration, alike in groupby(durations):
        for place, _ in enumerate(alike):
            yield f":{'' if place else _rate(duration)}:{page}"
            page += 1


def _without_spaces(stem: str) -> str:
    """A name for the file of times, which animate reads only without spaces: beside the document if a folder has some."""
    return re.sub(r"[\s/]+", "-", stem) if re.search(r"\s", stem) else stem


def _rate(duration: int) -> str:
    return f"{1000 / duration:.5g}"


def _in_brackets(text: str) -> str:
    return re.sub(r"([\\\[\]*_`<$@^~]|&(?=#?\w+;))", r"\\\1", text)


def _in_latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)


LANGUAGES: dict[str, Callable[[Shown], Iterator[str]]] = {
    "markdown": _markdown,
    "quarto": _quarto,
    "html": _html,
    "latex": _latex,
    "beamer": _beamer,
}
