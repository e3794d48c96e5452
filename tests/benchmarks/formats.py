"""How large each format is and how long it takes, of one figure: the README's table, `python -m tests.benchmarks.formats`."""

import statistics
from io import BytesIO
from time import perf_counter

from convanim import load_scene
from convanim.catalogue import built_in
from convanim.drawing import drawing_of
from convanim.formats import FORMATS
from tests.benchmarks.table import README

FIGURE, RUNS = "no_padding_strides_transposed", 5
BEGIN, END = "<!-- formats: made by python -m tests.benchmarks.formats -->", "<!-- end of formats -->"


def measured(suffix):
    """A format's bytes and the median of its seconds, from the scene to the file."""
    row, scene = FORMATS[suffix], load_scene(built_in()[FIGURE])
    seconds = []
    for _ in range(RUNS + 1):  # the first imports, and does not count
        started, stream = perf_counter(), BytesIO()
        drawing_of(scene, [row]).write(row, stream)
        seconds.append(perf_counter() - started)
    return len(stream.getvalue()), statistics.median(seconds[1:])


def table():
    """The rows of every format, largest first; times beside the GIF's, since machines differ."""
    made = {suffix: measured(suffix) for suffix in FORMATS}
    _, gif = made["gif"]
    lines = ["| format | what it is | bytes | time beside the GIF's |", "| --- | --- | --- | --- |"]
    for suffix, (size, seconds) in sorted(made.items(), key=lambda item: -item[1][0]):
        lines.append(f"| {suffix} | {FORMATS[suffix].summary} | {size:,} | {seconds / gif:.1f} |")
    return "\n".join(lines)


def main():
    """Put the table between the README's marks."""
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    README.write_text(f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
