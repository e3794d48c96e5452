"""A run of the command line in this process: exit code, standard output as bytes, standard error as lines."""

import io
import sys
from dataclasses import dataclass

import pytest

from convanim.cli import main


@dataclass
class Run:
    code: int
    out: bytes
    err: list[str]

    @property
    def text(self):
        return self.out.decode()


@pytest.fixture
def convanim(monkeypatch, capfdbinary, tmp_path):
    """`convanim("render", "dilation", "-o", "x.gif")` in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def run(*words, stdin=""):
        monkeypatch.setattr(sys, "argv", ["convanim", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as ended:
            main()
        sys.stdout.flush()
        sys.stderr.flush()
        captured = capfdbinary.readouterr()
        return Run(ended.value.code, captured.out, captured.err.decode().splitlines())

    return run
