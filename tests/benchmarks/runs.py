"""Running commands side by side: A and B in turn, so that a machine whose speed drifts drifts for both."""

import os
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
PYTHON = sys.executable
CONVANIM = (Path(PYTHON).parent / "convanim",)
PEAK = (PYTHON, "-m", "tests.benchmarks.peak")
BASELINE = (PYTHON, "-m", "tests.benchmarks.baseline")


class Pair(NamedTuple):
    """The medians of two commands' seconds, and of their ratio run by run."""

    ours: float
    theirs: float
    ratio: float


def run(*command):
    """Run a command and give its seconds by the clock. RuntimeError with what it said if it fails."""
    started = perf_counter()
    said_by(*command)
    return perf_counter() - started


def said_by(*command):
    """Run a command and give what it wrote to standard output."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        list(map(str, command)), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr}")
    return done.stdout


def side_by_side(ours, theirs, runs):
    """Each command `runs` times in turn, after one run of each that does not count."""
    run(*ours), run(*theirs)
    pairs = [(run(*ours), run(*theirs)) for _ in range(runs)]
    return pair_of(pairs)


def functions_side_by_side(ours, theirs, runs, *, have_run=False):
    """The same for two functions in this process; `have_run` if both have just had the run that does not count."""
    if not have_run:
        ours(), theirs()
    return pair_of([(seconds_of(ours), seconds_of(theirs)) for _ in range(runs)])


def pair_of(pairs):
    """The medians of (ours, theirs) in seconds."""
    mine, others = zip(*pairs, strict=True)
    return Pair(statistics.median(mine), statistics.median(others), statistics.median(a / b for a, b in pairs))


def seconds_of(function):
    """How long one call takes."""
    started = perf_counter()
    function()
    return perf_counter() - started
