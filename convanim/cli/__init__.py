"""The command line: one file a command, loaded when it is called. The only place that prints, exits or imports click."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from typing import NoReturn

import click

from convanim import __version__
from convanim.cli.commands import Commands
from convanim.errors import FormatError, SceneError

COULD_NOT_WRITE, BAD_USAGE = 1, 2
_COLLECT_AFTER = 100_000


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="convanim")
def cli() -> None:
    """Animated figures of convolution arithmetic.

    \b
    convanim render no_padding_strides_transposed -o figure.gif
    convanim render --input 5 --kernel 3 --stride 2 -o mine.gif
    """


def main() -> NoReturn:
    """Run the command line and exit: 0 done, 1 could not write, 2 bad usage or a bad scene."""
    _start_fast()
    signal.signal(signal.SIGTERM, _stop)
    try:
        code = cli(standalone_mode=False, prog_name="convanim")
    except click.exceptions.NoArgsIsHelpError as fault:
        click.echo(fault.format_message(), err=True)
        sys.exit(BAD_USAGE)
    except click.ClickException as fault:
        _fail([fault.format_message()], BAD_USAGE)
    except SceneError as fault:
        _fail(fault.lines(), BAD_USAGE)
    except FormatError as fault:
        _fail([str(fault)], BAD_USAGE)
    except FileExistsError as fault:
        taken = f"{fault.filename} is there already" if fault.filename else str(fault)
        _fail([f"{taken}; --force overwrites it"], COULD_NOT_WRITE)
    except OSError as fault:
        if not fault.filename:
            sys.stdout = None  # or Python would write what is left of it again
        _fail([_said(fault)], COULD_NOT_WRITE)
    except click.Abort:
        _fail(["stopped"], 130)
    sys.exit(code if isinstance(code, int) else 0)


def _start_fast() -> None:
    """Save what a short-lived process need not do: a fifth of the time that one figure takes.

    There is no linear algebra here to need threads, what imports leave is no garbage, and at the end all memory goes.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(_COLLECT_AFTER)
    atexit.register(gc.freeze)


def _fail(lines: list[str], code: int) -> NoReturn:
    for line in lines:
        click.echo(f"convanim: {' '.join(line.split())}", err=True)
    sys.exit(code)


def _said(fault: OSError) -> str:
    """What an operating system's error says, and of what: files are named in it, so without a name it is the output."""
    if fault.errno is None:
        return str(fault)
    return f"{fault.filename or 'standard output'}: {(fault.strerror or str(fault)).lower()}"


def _stop(number: int, _frame: object) -> NoReturn:
    """End as on Ctrl-C, so that nothing half written is left."""
    sys.exit(128 + number)
