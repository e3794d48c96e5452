"""Fonts of this machine for characters that the built-in face lacks: the first one, in a settled order, that has them all.

The file that the environment's CONVANIM_FONT names comes first, then fonts known to be good for Chinese, then whatever
else is installed, by name. The same machine always finds the same one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from PIL import ImageFont

from convanim.errors import FormatError

VARIABLE = "CONVANIM_FONT"
_SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
_PROBE = 32
_NO_CHARACTER = "\uffff"
# a font's file, its number there (in Noto's collections Simplified Chinese is the third), and its bold companion
_KNOWN = (
    ("NotoSansCJK-Regular.ttc", 2, "NotoSansCJK-Bold.ttc"),
    ("NotoSansCJKsc-Regular.otf", 0, "NotoSansCJKsc-Bold.otf"),
    ("NotoSansSC-Regular.otf", 0, "NotoSansSC-Bold.otf"),
    ("NotoSansSC-Regular.ttf", 0, "NotoSansSC-Bold.ttf"),
    ("SourceHanSansSC-Regular.otf", 0, "SourceHanSansSC-Bold.otf"),
    ("msyh.ttc", 0, "msyhbd.ttc"),
    ("PingFang.ttc", 0, ""),
    ("Hiragino Sans GB.ttc", 0, ""),
    ("STHeiti Light.ttc", 0, "STHeiti Medium.ttc"),
    ("wqy-microhei.ttc", 0, ""),
    ("wqy-zenhei.ttc", 0, ""),
    ("DroidSansFallbackFull.ttf", 0, ""),
    ("simhei.ttf", 0, ""),
)


@cache
def fallback_for(characters: str, *, bold: bool = False) -> tuple[str, int]:
    """The file of a font that has all the characters, and its number there. FormatError says what is missing."""
    for regular, number, companion in _candidates():
        if not has_all(regular, number, characters):
            continue
        return (
            (companion, number) if bold and companion and has_all(companion, number, characters) else (regular, number)
        )
    shown = "".join(characters[:12]) + ("…" if len(characters) > len(characters[:12]) else "")
    raise FormatError(
        f"no font on this machine has the characters {shown}; install one, as Debian's fonts-noto-cjk for Chinese, or name "
        f"a font's file in the environment's {VARIABLE}"
    )


def has_all(file: str, number: int, characters: Iterable[str]) -> bool:
    """Whether a font has a glyph of its own for each character; not if it cannot be read."""
    try:
        font = ImageFont.truetype(file, _PROBE, index=number, layout_engine=ImageFont.Layout.BASIC)
        none = bytes(font.getmask(_NO_CHARACTER))
        return all(bytes(font.getmask(character)) not in (none, b"") for character in characters)
    except (OSError, ValueError):
        return False


def _candidates() -> Iterator[tuple[str, int, str]]:
    named = os.environ.get(VARIABLE)
    if named:
        if not _is_font(named):
            raise FormatError(f"{VARIABLE} names {named}, which is no font that can be read")
        yield named, 0, ""
    files = _installed()
    for regular, number, companion in _KNOWN:
        if regular in files:
            yield files[regular], number, files.get(companion, "")
    yield from ((files[name], 0, "") for name in sorted(files))


def _is_font(file: str) -> bool:
    try:
        ImageFont.truetype(file, _PROBE)
    except (OSError, ValueError):
        return False
    return True


@cache
def _installed() -> dict[str, str]:
    """The machine's font files by name; of two with one name the first, in the order of the folders."""
    found: dict[str, str] = {}
    for folder in _folders():
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in _SUFFIXES:
                found.setdefault(path.name, str(path))
    return found


def _folders() -> list[Path]:
    """Where a system keeps its fonts."""
    home = Path.home()
    if sys.platform == "win32":
        return [
            Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft/Windows/Fonts",
            Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
        ]
    if sys.platform == "darwin":
        return [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    shared = os.environ.get("XDG_DATA_DIRS", "/usr/local/share:/usr/share").split(os.pathsep)
    own = os.environ.get("XDG_DATA_HOME", str(home / ".local/share"))
    return [Path(own) / "fonts", home / ".fonts", *(Path(folder) / "fonts" for folder in shared if folder)]
