"""The benchmarks measure what they say: the table comes from the report, and the yardstick draws the same figures."""

import json
import re
import subprocess
import sys

import pytest

from convanim import load_scene, record
from convanim.catalogue import built_in
from tests.benchmarks import formats, runs
from tests.benchmarks.baseline import Figure, Page
from tests.benchmarks.measures import KNOWN, MEASURES
from tests.benchmarks.table import BEGIN, END, README, markdown

REPORT = README.parent / "docs" / "benchmarks.json"


def test_the_readme_s_table_is_the_report_s():
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    table = README.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    assert table.strip() == markdown(report).strip()
    assert {row["what"] for row in report["rows"]} >= {"one figure, whole process", "nineteen figures, one process"}


def test_a_ratio_is_the_median_of_the_runs_ratios():
    pair = runs.pair_of([(1, 2), (3, 4), (8, 10)])
    assert pair == (3, 4, 0.75)


@pytest.mark.parametrize("path", KNOWN, ids=lambda path: path.stem)
def test_the_yardstick_draws_the_same_figure(path):
    """Sizes, windows, held values and results, worked out there without convanim."""
    recording, figure = record(load_scene(path)), Figure(path)
    assert (figure.canvas, figure.output) == (recording.canvas_size[0], recording.scene.output[0])
    windows = [[tap.canvas for tap in placement.taps] for placement in recording]
    assert list(figure.windows()) == windows
    for row in range(figure.canvas):
        for column in range(figure.canvas):
            assert (figure.value(row, column) is not None) == (recording.kind((row, column)) == "input")
    if figure.numbers:
        assert [figure.result(window) for window in windows] == [round(float(p.value), 2) for p in recording]
    page = Page(figure)
    assert len(page.joints(0)) == (0 if figure.numbers else 4)
    assert len(set(map(str, (page.faces(number) for number in range(len(windows)))))) == len(windows)


def test_the_benchmarks_run_and_print_a_table(tmp_path):
    """The two measures that need nothing but convanim, once each."""
    words = ("--runs", "1", "--only", "encoders", "words", "--json", tmp_path / "report.json")
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *words], cwd=runs.ROOT, capture_output=True, text=True, check=True
    )
    report = json.loads((tmp_path / "report.json").read_text())
    assert run.stdout == markdown(report)
    against = {row["against"] for row in report["rows"]}
    assert {"Pillow", "plain"} <= against
    assert all(row["ratio"] > 0 for row in report["rows"])
    sizes = [row for row in report["rows"] if "bytes" in row["ours"] and row["against"] == "Pillow"]
    ours, theirs = (int(re.sub(r"\D", "", sizes[0][side])) for side in ("ours", "theirs"))
    assert sizes[0]["ratio"] == pytest.approx(ours / theirs)


def test_what_needs_another_library_says_so():
    assert {name for name, measure in MEASURES.items() if measure.needs} == {"nineteen", "many-placements", "recording"}
    assert set(built_in()) > {path.stem for path in KNOWN}


def test_the_readme_tells_every_format_s_size():
    """Bytes are exact where they repeat; of video, which other versions of the encoder make otherwise, only that they are told."""
    table = README.read_text(encoding="utf-8").split(formats.BEGIN)[1].split(formats.END)[0]
    told = dict(re.findall(r"^\| ([^|]+) \| .* \| ([\d,]+) \| [\d.]+ \|$", table, re.MULTILINE))
    made = {name: make for name, _, make in formats.kinds()}
    assert set(told) == set(made)
    for name in ("gif", "svg", "html", "deck: html"):
        assert told[name] == f"{len(made[name]()):,}", f"{name}: python -m tests.benchmarks.formats"
