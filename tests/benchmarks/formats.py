"""How large each format is and how long it takes, of one figure: the README's table, `python -m tests.benchmarks.formats`."""

import statistics
from dataclasses import replace
from functools import partial
from io import BytesIO
from time import perf_counter

from convanim import load_scene
from convanim.catalogue import built_in
from convanim.drawing import drawing_of
from convanim.formats import DECKS, FORMATS, module_of
from tests.benchmarks.table import README

FIGURE, RUNS = "no_padding_strides_transposed", 5
BEGIN, END = "<!-- formats: made by python -m tests.benchmarks.formats -->", "<!-- end of formats -->"


def kinds():
    """What there is of each format: what it is called, what it is, and what makes it of a scene, as bytes."""
    figure = load_scene(built_in()[FIGURE])
    pages = replace(figure, view={"pages": True})
    for suffix, row in FORMATS.items():
        yield suffix, row.summary.partition(", or")[0], partial(written, figure, row)
        if row.pages:
            yield f"{suffix}, `--pages`", "the same, a page for each step", partial(written, pages, row)
    for suffix, row in DECKS.items():
        for way in row.ways:
            name = f"deck: {suffix}" + (f", `--as {way}`" if len(row.ways) > 1 else "")
            yield name, row.summary, partial(written_deck, figure, row, way)


def written(figure, row):
    stream = BytesIO()
    drawing_of(figure, [row]).write(row, stream)
    return stream.getvalue()


def written_deck(figure, row, way):
    stream = BytesIO()
    pictured = drawing_of(figure, [None]).pictured()
    module_of(row).write_deck([pictured], figure.title, way, stream)
    return stream.getvalue()


def measured(make):
    """The bytes and the median of the seconds, from the scene to the file."""
    seconds = []
    for _ in range(RUNS + 1):  # the first imports, and does not count
        started = perf_counter()
        size = len(make())
        seconds.append(perf_counter() - started)
    return size, statistics.median(seconds[1:])


def table():
    """The rows of every format, largest first; times beside the GIF's, since machines differ."""
    made = {name: (what, *measured(make)) for name, what, make in kinds()}
    _, _, gif = made["gif"]
    lines = ["| format | what it is | bytes | time beside the GIF's |", "| --- | --- | --- | --- |"]
    for name, (what, size, seconds) in sorted(made.items(), key=lambda item: -item[1][1]):
        lines.append(f"| {name} | {what} | {size:,} | {seconds / gif:.1f} |")
    return "\n".join(lines)


def main():
    """Put the table between the README's marks."""
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    README.write_text(f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
