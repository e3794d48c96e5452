"""The scenes that come with convanim, by name: the folder `scenes/`, in a checkout or inside the installed package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_HOMES = (Path(__file__).parent / "scenes", Path(__file__).parent.parent / "scenes")
_STACKS = "stacks"


@cache
def built_in() -> dict[str, Path]:
    """The file of each built-in scene, by name, in alphabetical order."""
    home = next((home for home in _HOMES if home.is_dir()), None)
    if home is None:
        return {}
    return {name: path for name, path in scene_files(home).items() if path.parent != home / _STACKS}


@cache
def built_in_stacks() -> dict[str, Path]:
    """The file of each built-in stack of layers, by name, in alphabetical order."""
    home = next((home for home in _HOMES if home.is_dir()), None)
    return scene_files(home / _STACKS) if home else {}


def scene_files(folder: Path) -> dict[str, Path]:
    """The scene files of a folder and the folders in it, by name without suffix. ValueError if two share a name."""
    files: dict[str, Path] = {}
    found = [
        *folder.rglob("*.toml"),
        *(path for path in folder.rglob("*.json") if path.suffixes != [".schema", ".json"]),
    ]
    for path in sorted(found, key=lambda path: (path.stem, path)):
        if path.stem in files:
            raise ValueError(f"{files[path.stem]} and {path} would both make {path.stem}.gif; rename one")
        files[path.stem] = path
    return files
