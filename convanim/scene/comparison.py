"""`Comparison`: scenes that are shown side by side, in step. What all of them share is said once, beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from convanim.errors import Problem, SceneError, got
from convanim.scene.fields import MOST_BESIDE, SECTIONS, TIMING, TOP
from convanim.scene.model import Scene, Timing
from convanim.scene.readers import is_whole
from convanim.showing import ShowsItself

STARTS, _LATEST = "starts", 10_000
_TEXTS = ("title", "description", "note")
_SHARED_VIEW = ("theme", "background", "scale", "width", "dpi", "levels", "outlined", "pages")


@dataclass(frozen=True, init=False)
class Comparison(ShowsItself):
    """Two to four scenes side by side. The scene's titles are the headings above them.

    Each of `scenes` is a mapping of a scene's fields; `shared` holds the fields that all have unless they say otherwise,
    with sections merged key by key. All have one theme, one scale and one timing, which are the first one's. Raises
    SceneError; a problem of the second scene is called `scenes[2].kernel`, counted from 1.

    A scene's mapping may have `starts` too: the steps of the whole figure, counted from 1, at which its own steps begin; those
    beyond the last one follow one by one. `starts` holds each scene's, () where it says nothing.
    """

    title: str
    description: str
    note: str
    scenes: tuple[Scene, ...]
    starts: tuple[tuple[int, ...], ...]

    def __init__(
        self,
        scenes: Iterable[Mapping[str, Any]],
        *,
        title: str = "",
        description: str = "",
        note: str = "",
        **shared: Any,
    ) -> None:
        written = list(scenes)
        if not 2 <= len(written) <= MOST_BESIDE:
            raise SceneError(Problem("scenes", got(len(written)), f"legal are 2 to {MOST_BESIDE} scenes side by side"))
        made = tuple(_scene(number, mapping, shared) for number, mapping in enumerate(written, start=1))
        starts = tuple(_starts(number, mapping) for number, mapping in enumerate(written, start=1))
        _refuse_unlike(made)
        fields = {"title": title, "description": description, "note": note, "scenes": made, "starts": starts}
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Comparison:
        """The comparison of a scene file's mapping, which has `scenes`."""
        shared = {key: value for key, value in mapping.items() if key not in {"scenes", *_TEXTS}}
        known = {field.name for field in TOP} | set(SECTIONS)
        for key in shared:
            if key not in known:
                raise SceneError(
                    Problem(key, "not a field of a comparison", "known are scenes, title and a scene's own")
                )
        scenes = mapping.get("scenes")
        if not isinstance(scenes, list) or not all(isinstance(one, Mapping) for one in scenes):
            raise SceneError(Problem("scenes", got(scenes), "legal is a list of tables, [[scenes]]"))
        texts = {key: mapping.get(key, "") for key in _TEXTS}
        for key, text in texts.items():
            if not isinstance(text, str):
                raise SceneError(Problem(key, got(text), "legal is text in quotes"))
        return cls(scenes, **texts, **shared)

    @property
    def timing(self) -> Timing:
        """How long steps last, for all."""
        return self.scenes[0].timing


def _scene(number: int, mapping: Mapping[str, Any], shared: Mapping[str, Any]) -> Scene:
    merged = {**shared, **{key: value for key, value in mapping.items() if key != STARTS}}
    for section in SECTIONS:
        both = shared.get(section), mapping.get(section)
        if all(isinstance(part, Mapping) for part in both):
            merged[section] = {**both[0], **both[1]}  # type: ignore[dict-item]
    try:
        return Scene.from_dict(merged)
    except SceneError as fault:
        raise fault.inside(f"scenes[{number}]") from None


def _starts(number: int, mapping: Mapping[str, Any]) -> tuple[int, ...]:
    """When a scene's steps begin: whole numbers that grow."""
    starts = mapping.get(STARTS, [])
    is_list = isinstance(starts, list | tuple) and all(is_whole(one) and 0 < one <= _LATEST for one in starts)
    if not is_list or any(one >= other for one, other in pairwise(starts)):
        legal = f"legal are steps of the figure from 1 to {_LATEST:,}, each later than the one before it"
        raise SceneError(Problem(f"scenes[{number}].{STARTS}", got(starts), legal))
    return tuple(map(int, starts))


def _refuse_unlike(scenes: tuple[Scene, ...]) -> None:
    """SceneError if two scenes differ in what a figure has only once."""
    first = scenes[0]
    for number, scene in enumerate(scenes[1:], start=2):
        names = [("view", name) for name in _SHARED_VIEW] + [
            ("timing", field.name) for field in TIMING if field.name != "steps"
        ]
        for section, name in names:
            mine, theirs = getattr(getattr(scene, section), name), getattr(getattr(first, section), name)
            if mine != theirs:
                legal = f"but the first scene has {theirs}, and a figure has only one"
                raise SceneError(Problem(f"scenes[{number}].{section}.{name}", got(mine), legal))
