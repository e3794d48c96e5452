"""The scripts of pages, each as one script: the files of `web/` that it stands in, joined, without their comments and indents."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

_WEB = Path(__file__).parent.parent / "web"
_PLAYER = ("player_figure", "player_relations", "player_painter", "player_parts", "player_pointer", "player")
_EXPLORER = (
    "explorer_parts",
    "explorer_controls",
    "explorer_values",
    "explorer_words",
    "explorer_files",
    "explorer",
)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_LEFT_OUT = re.compile(r'(^|\s+)//.*$|^\s*/\*.*\*/$|^import \{.*\} from "\./\w+\.js";$')


def player() -> str:
    """The element `<conv-anim>`."""
    return _joined(*_PLAYER)


def plain_player() -> str:
    """The same as no module: browsers load none from beside a page that is opened from a disk."""
    return f"(() => {{\n{_EXPORT.sub('', player())}}})();\n"


def explorer() -> str:
    """What shows controls beside a figure; whoever shows it imports it, and the player."""
    return _joined(*_EXPLORER)


def explorer_page() -> str:
    """The explorer and what its page adds to it, which imports the player from beside it."""
    return _joined(*_EXPLORER, "explore")


def script_hash(script: str) -> str:
    """What a Content-Security-Policy names a script by."""
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


@cache
def _joined(*names: str) -> str:
    lines = (line for name in names for line in (_WEB / f"{name}.js").read_text("utf-8").splitlines())
    return "\n".join(filter(None, (_LEFT_OUT.sub("", line).strip() for line in lines))) + "\n"
