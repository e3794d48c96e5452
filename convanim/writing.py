"""Writing a file whole or not at all: into a temporary neighbour first, then renamed into its place."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


def write_file(path: Path, write: Callable[[BinaryIO], None], *, overwrite: bool) -> None:
    """Call `write` with a binary stream whose bytes become the file `path`, all of them or none.

    A missing folder is made. FileExistsError if there is a file and `overwrite` is false; another OSError if it cannot
    be written. What is no regular file (a pipe, a device) is written to directly.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as stream:
            write(stream)
        return
    target = Path(os.path.realpath(path))
    if target.exists() and not overwrite:
        raise FileExistsError(f"{path} is there already")
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name[:200]}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as stream:
            write(stream)
        if overwrite:
            beside.replace(target)
        else:
            _take_place(beside, target)
    finally:
        with suppress(OSError):
            beside.unlink()


def write_bytes(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Write `data` as the file `path`, as `write_file` does."""

    def write(stream: BinaryIO) -> None:
        stream.write(data)

    write_file(path, write, overwrite=overwrite)


def write_text(path: Path, text: str, *, overwrite: bool) -> None:
    """Write `text` as the file `path` in UTF-8, as `write_file` does."""
    write_bytes(path, text.encode(), overwrite=overwrite)


def _take_place(beside: Path, target: Path) -> None:
    """Give the finished file its name unless someone else took it meanwhile."""
    try:
        os.link(beside, target)
    except FileExistsError:
        raise FileExistsError(f"{target} is there already") from None
    except OSError:
        beside.replace(target)
