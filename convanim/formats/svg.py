"""SVG: cells, lines and text as such, sharp at any size, and a few lines of CSS that show each step in its time.

One variable of the style sheet, `--t`, counts the steps; whatever comes or goes with a step is opaque or not as that
says. Where nothing moves (in print, in programs without animation, for readers who want less motion) the last step is
shown. Colours are attributes, which every program reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO
from zlib import crc32

from convanim.draw.storyboard import Line, Storyboard, Text
from convanim.draw.theme import BACKGROUND, Finish, Theme
from convanim.formats.svg_cells import Cells
from convanim.formats.svg_lines import paths
from convanim.formats.svg_markup import Shown, colour, element, escaped, escaped_note, number, timed
from convanim.formats.svg_words import FAMILY, Outlines, Words

OPENINGS = (b"<", b"\xef\xbb\xbf<")  # with and without a byte order mark, which some editors write
_NOTE_CLASS = "convanim"


def write(board: Storyboard, finish: Finish, note: str, stream: BinaryIO) -> None:
    """Write the animation, or a still figure where there is one step; `note` goes into its metadata."""
    name = _name(board, finish, note)
    durations, picture = _drawn(board, finish, Outlines(f"{name}-") if finish.outlined else Words())
    content = (
        element("title", (("id", f"{name}-t"),), escaped(board.title)),
        element("desc", (("id", f"{name}-d"),), escaped(board.alternative)),
        element("metadata", (("class", _NOTE_CLASS),), escaped_note(note)),
        _style(name, durations, board.plays) if len(durations) > 1 else "",
        picture,
    )
    stream.write(_document(name, board.size, finish.css_pixels, "\n".join(part for part in content if part)).encode())


def note_in(stream: BinaryIO) -> str:
    """The note of a file, or "" if it is none of ours."""
    from xml.parsers.expat import ExpatError, ParserCreate  # noqa: PLC0415 - figures are written more often than read

    notes: list[str] = []
    inside: list[bool] = []
    parser = ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        inside.append(name.rpartition(":")[2] == "metadata" and attributes.get("class") == _NOTE_CLASS)

    def read(text: str) -> None:
        if inside and inside[-1]:
            notes.append(text)

    parser.StartElementHandler, parser.CharacterDataHandler = start, read
    parser.EndElementHandler = lambda _: inside.pop()
    parser.EntityDeclHandler = _refuse
    try:
        parser.ParseFile(stream)
    except (ExpatError, ValueError):
        return ""
    return "".join(notes)


def _refuse(*_: object) -> None:
    raise ValueError("entities, of which no figure has any")


def _name(board: Storyboard, finish: Finish, note: str) -> str:
    """A name for the figure and what is in it: two figures in one page must not share names, unless they are the same."""
    said = note, finish, board.size, board.title, board.alternative, board.grids, board.texts, board.lines
    return f"c{crc32(repr((*said, len(board.steps), board.steps[-1])).encode(errors='replace')):08x}"


def _document(name: str, size: tuple[int, int], scale: float, content: str) -> str:
    width, height = size
    attributes = (
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("xmlns:xlink", "http://www.w3.org/1999/xlink" if "xlink:href" in content else ""),
        ("id", name),
        ("width", number(width * scale)),
        ("height", number(height * scale)),
        ("viewBox", f"0 0 {width} {height}"),
        ("role", "img"),
        ("aria-labelledby", f"{name}-t {name}-d"),
        ("font-family", FAMILY),
    )
    return element("svg", attributes, f"\n{content}\n") + "\n"


def _style(name: str, durations: Sequence[int], plays: int) -> str:
    """The style sheet that counts the steps, each held as long as it lasts, on screens that may show motion."""
    whole = sum(durations)
    starts = [sum(durations[:step]) for step in range(len(durations))]
    frames = "".join(f"{number(100 * start / whole, 6)}%{{--t:{step}}}" for step, start in enumerate(starts, start=1))
    often = str(plays) if plays else "infinite"
    rules = (
        f"#{name}{{--t:{len(durations)};animation:{name} {whole}ms step-end {often} forwards}}",
        f"#{name} .b{{opacity:1}}",
        f"#{name} .p{{opacity:calc(1 - max(var(--t) - var(--k),var(--k) - var(--t)))}}",
        f"#{name} .l{{opacity:calc(1 + var(--t) - var(--k))}}",
        f"@keyframes {name}{{{frames}}}",
    )
    return element("style", (), f"@media screen and (prefers-reduced-motion:no-preference){{{''.join(rules)}}}")


def _drawn(board: Storyboard, finish: Finish, words: Words) -> tuple[list[int], str]:
    """The durations of all steps, and the picture: the ground, grids from lowest to topmost, lines between them, texts."""
    theme = finish.theme
    ground = "" if finish.transparent else _ground(board.size, theme)
    cells = [Cells(grid, board.texts, theme, words) for grid in board.grids]
    levels: dict[int, list[Shown]] = {}
    above = [Shown(1, tuple(words.elements(_inked(board.texts, theme))))]
    _add_lines(levels, 1, board.lines, board, theme, passing=False)
    durations = []
    for count, step in enumerate(board.steps, start=1):
        durations.append(step.duration)
        for each in cells:
            each.show(count, step.lasting, step.passing)
        for part, passing in ((step.lasting, False), (step.passing, True)):
            _add_lines(levels, count, part, board, theme, passing=passing)
            above.append(Shown(count, tuple(words.elements(_inked(part, theme))), passing))
    steps = len(durations)
    layers = [ground, timed(levels.get(0, ()), steps)]
    for level, each in enumerate(cells, start=1):
        layers += [each.markup(steps), timed(levels.get(level, ()), steps)]
    layers.append(timed(above, steps))
    return durations, "\n".join(layer for layer in (words.definitions(), *layers) if layer)


def _ground(size: tuple[int, int], theme: Theme) -> str:
    width, height = size
    return element("path", (("fill", colour(theme.fills[BACKGROUND])), ("d", f"M0 0h{width}v{height}H0z")))


def _add_lines(
    levels: dict[int, list[Shown]],
    step: int,
    parts: Iterable[object],
    board: Storyboard,
    theme: Theme,
    *,
    passing: bool,
) -> None:
    lines = [part for part in parts if isinstance(part, Line)]
    for level, elements in paths(lines, board.grids, theme).items():
        levels.setdefault(level, []).append(Shown(step, elements, passing))


def _inked(parts: Iterable[object], theme: Theme) -> list[tuple[Text, tuple[int, int, int]]]:
    """The texts among some parts that are in no cell, in their colours."""
    return [(part, theme.inks[part.role]) for part in parts if isinstance(part, Text) and part.cell is None]
