"""Measure, print a table, write it as JSON, and put it into the README.

    python -m tests.benchmarks                       all of it, about ten minutes
    python -m tests.benchmarks --only growth words   some of it
    python -m tests.benchmarks --json docs/benchmarks.json --readme

matplotlib, imageio, SciPy and gifsicle are measured if they are installed: pip install -e '.[benchmark]'.
"""

import argparse
import json
import os
import platform
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.measures import MEASURES
from tests.benchmarks.table import into_readme, markdown


def main():
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", choices=MEASURES, default=list(MEASURES), metavar="NAME", help=", ".join(MEASURES)
    )
    parser.add_argument("--runs", type=int, default=9, help="how often each is run; medians are shown (9)")
    parser.add_argument("--json", type=Path, help="write the rows here")
    parser.add_argument("--readme", action="store_true", help="put the table into the README")
    options = parser.parse_args()
    rows = []
    for name in options.only:
        measure = MEASURES[name]
        if measure.needs and not find_spec(measure.needs):
            print(f"{name}: left out, {measure.needs} is not installed", file=sys.stderr)
            continue
        print(f"{name} …", file=sys.stderr)
        rows += [row._asdict() for row in measure.rows(options.runs)]
    report = {"machine": machine(), "runs": options.runs, "rows": rows}
    print(markdown(report), end="")
    if options.json:
        options.json.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    if options.readme:
        into_readme(report)


def machine():
    """What it ran on, so that numbers are not taken for more than they are."""
    libraries = [
        f"{name} {version(name)}"
        for name in ("numpy", "pillow", "matplotlib", "imageio")
        if find_spec(_MODULES.get(name, name))
    ]
    return f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}, {', '.join(libraries)}"


_MODULES = {"pillow": "PIL"}

if __name__ == "__main__":
    main()
