"""Writing a file whole or not at all: into a temporary neighbour first, then renamed into its place."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import ENOTDIR
from pathlib import Path
from typing import BinaryIO


def write_file(path: Path, write: Callable[[BinaryIO], None], *, overwrite: bool) -> None:
    """Call `write` with a binary stream whose bytes become the file `path`, all of them or none.

    A missing folder is made. FileExistsError if there is a file and `overwrite` is false; another OSError if it cannot
    be written. What is no regular file (a pipe, a device) is written to directly.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with _naming(path), path.open("wb") as stream:
            write(stream)
        return
    target = Path(os.path.realpath(path))
    if target.exists() and not overwrite:
        raise FileExistsError(f"{path} is there already")
    beside = target.with_name(f".{target.name[:200]}.{os.urandom(4).hex()}.part")
    with _naming(path):
        made = _make_folder(target.parent)
        try:
            with beside.open("xb") as stream:
                write(stream)
            if target.exists():
                beside.chmod(stat.S_IMODE(target.stat().st_mode))
            _take_place(beside, target, overwrite=overwrite)
        except BaseException:
            _remove(beside, made)
            raise
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


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """An OSError inside names the file as its writer did."""
    try:
        yield
    except OSError as fault:
        fault.filename, fault.filename2 = str(path), None
        raise


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and those that it lies in, and say which were missing, the innermost first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR)) from None
    return missing


def _remove(unfinished: Path, made: Iterable[Path]) -> None:
    """Remove what a failed write leaves: the unfinished file, and the folders made for it as far as they are empty."""
    with suppress(OSError):
        unfinished.unlink()
    with suppress(OSError):
        for folder in made:
            folder.rmdir()


def _take_place(beside: Path, target: Path, *, overwrite: bool) -> None:
    """Give the finished file its name; unless it may overwrite, not if someone else took that name meanwhile."""
    if not overwrite:
        try:
            os.link(beside, target)
        except FileExistsError:
            raise
        except OSError:
            pass  # no hard links on this file system: what was looked up before must do
        else:
            return
    beside.replace(target)
