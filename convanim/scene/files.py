"""Scenes as text: TOML and JSON in, TOML and plain dicts out. A scene written and read again is the same scene."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from convanim.errors import Problem, SceneError, got
from convanim.scene.fields import LOOK_DEFAULTS, SECTIONS, TOP
from convanim.scene.model import Scene
from convanim.scene.themes import table_of
from convanim.scene.values import Impulse, Listed, Named, Ramp, Random, Switches
from convanim.theme_table import OwnTheme

if TYPE_CHECKING:
    from convanim.scene.comparison import Comparison
    from convanim.scene.stack import Stack

_LONGEST = 2**26
_SIZES = ("input", "kernel", "stride", "dilation", "output_padding", "output_size", "scale_factor")


def load_scene(path: str | Path) -> Scene:
    """The scene in a TOML file (or JSON, if it opens with a brace). OSError if unreadable, SceneError naming file and fault.

    Files that it names are looked for in its folder.
    """
    with Path(path).open("rb") as stream:
        text = read_text(stream, str(path))
    return read_scene(parse_mapping(text, str(path), Path(path).parent), str(path))


def load_figure(path: str | Path) -> Scene | Comparison | Stack:
    """The scene in a file, the comparison in one that has `scenes`, the stack in one that has `layers`; errors as those of `load_scene`."""
    with Path(path).open("rb") as stream:
        text = read_text(stream, str(path))
    return read_figure(parse_mapping(text, str(path), Path(path).parent), str(path))


def read_figure(mapping: Mapping[str, Any], where: str = "") -> Scene | Comparison | Stack:
    """The checked scene of a mapping, the comparison of one that has `scenes`, the stack of one that has `layers`.

    Errors say `where`.
    """
    if "layers" in mapping:
        return read_stack(mapping, where)
    if "scenes" not in mapping:
        return read_scene(mapping, where)
    from convanim.scene.comparison import Comparison  # noqa: PLC0415 - most figures are of one scene

    try:
        return Comparison.from_dict(mapping)
    except SceneError as fault:
        raise fault.at(where) from None


def load_stack(path: str | Path) -> Stack:
    """The stack in a TOML or JSON file with `layers`. OSError if unreadable, SceneError naming file and fault."""
    with Path(path).open("rb") as stream:
        text = read_text(stream, str(path))
    return read_stack(parse_mapping(text, str(path)), str(path))


def read_stack(mapping: Mapping[str, Any], where: str = "") -> Stack:
    """The checked stack of a mapping; errors say `where`."""
    from convanim.scene.stack import Stack  # noqa: PLC0415 - most scenes are no stacks

    if "scenes" in mapping:
        legal = "legal is one of them: scenes side by side, or a stack of layers"
        raise SceneError(Problem("layers", "given beside scenes", legal), where)
    try:
        return Stack.from_dict(mapping)
    except SceneError as fault:
        raise fault.at(where) from None


def read_text(stream: BinaryIO, where: str) -> str:
    """A scene file's text. SceneError if it is not UTF-8 (a byte order mark may lead it) or absurdly long."""
    data = stream.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise SceneError(Problem("file", f"longer than {_LONGEST:,} bytes", "legal is a TOML or JSON scene"), where)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SceneError(Problem("file", "not UTF-8 text", "legal is a TOML or JSON scene"), where) from None


def parse_scene(text: str, where: str = "") -> Scene:
    """The scene in a text, JSON if it opens with a brace, else TOML. `where` names it in errors."""
    return read_scene(parse_mapping(text, where), where)


def parse_mapping(text: str, where: str = "", folder: Path | None = None) -> dict[str, Any]:
    """A scene file's text as a mapping, not checked yet; SceneError with line and column if it is no TOML or JSON.

    Paths of files in it are taken from `folder`, if there is one.
    """
    try:
        is_json = text.lstrip().startswith("{")
        mapping = json.loads(text, object_pairs_hook=without_repeats) if is_json else tomllib.loads(text)
    except (ValueError, RecursionError) as fault:
        problem = _other_json(text) or Problem("file", _reason(fault), "legal is a TOML or JSON scene")
        raise SceneError(problem, where) from None
    mapping = {key: value for key, value in mapping.items() if key != "$schema"}
    return mapping if folder is None else _with_paths_from(folder, mapping)


def _reason(fault: Exception) -> str:
    """Why a text cannot be read, in words of TOML and JSON rather than of Python."""
    if isinstance(fault, RecursionError):
        return "nested too deeply"
    if "int_max_str_digits" in str(fault):
        return "a number of very many digits"
    return re.sub(r"\(('[^()]*'),?\)", lambda names: ".".join(re.findall("'([^']*)'", names[1])), str(fault))


def _other_json(text: str) -> Problem | None:
    """What is wrong with a text that is JSON but no object; None if it is no such text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return None if isinstance(value, dict) else Problem("file", _got_kind(value), "legal is an object")


def _got_kind(value: object) -> str:
    """A JSON value by its kind: lists and texts may be long."""
    kinds = {list: "a list", str: "a text", int: "a number", float: "a number"}
    return f"got {kinds[type(value)]}" if type(value) in kinds else got(value)


def read_scene(mapping: Mapping[str, Any], where: str = "") -> Scene:
    """The checked scene of a mapping; errors say `where`."""
    if "scenes" in mapping:
        raise SceneError(
            Problem("scenes", "scenes side by side", "legal is one operation; convanim render draws both"), where
        )
    if "layers" in mapping:
        legal = "legal is one layer here; convanim size and load_stack read stacks"
        raise SceneError(Problem("layers", "a stack of layers", legal), where)
    try:
        return Scene.from_dict(mapping)
    except SceneError as fault:
        raise fault.at(where) from None


def scene_to_dict(scene: Scene) -> dict[str, Any]:
    """What a scene file for this scene holds: only what differs from the defaults, sizes as short as they can be."""
    axes = scene.dimensions
    written: dict[str, Any] = {}
    for field in TOP:
        if field.name == "dimensions":
            continue
        value = getattr(scene, field.name)
        if field.name in _SIZES and value is not None:
            value = list(value) if field.name == "input" and axes != 2 else _short(value)
        elif isinstance(value, tuple):
            alike = len({cells for sides in value for cells in sides}) == 1
            value = value[0][0] if alike else [list(sides) for sides in value]
        if value != _default(scene, field.name, field.default):
            written[field.name] = value
    for name, table in SECTIONS.items():
        section = getattr(scene, name)
        usual = type(section)()._asdict() | (LOOK_DEFAULTS[scene.view.look] if name == "view" else {})
        said = {field.name: getattr(section, field.name) for field in table}
        changed = {key: plain_value(value) for key, value in said.items() if value != usual[key]}
        if changed:
            written[name] = changed
    return written


def figure_to_toml(figure: Scene | Comparison | Stack) -> str:
    """A scene, a comparison or a stack as the text of its file."""
    if isinstance(figure, Scene):
        return scene_to_toml(figure)
    from convanim.scene.stack import Stack  # noqa: PLC0415 - most figures are of one scene

    if isinstance(figure, Stack):
        from convanim.scene.stack_files import stack_to_toml  # noqa: PLC0415

        return stack_to_toml(figure)
    texts = {name: getattr(figure, name) for name in ("title", "description", "note") if getattr(figure, name)}
    parts = [toml(texts)] if texts else []
    for scene, starts in zip(figure.scenes, figure.starts, strict=True):
        written = ({"starts": list(starts)} if starts else {}) | scene_to_dict(scene)
        parts.append("[[scenes]]\n" + toml(written, "scenes."))
    return "\n".join(parts)


def scene_to_toml(scene: Scene) -> str:
    """The scene as the text of a scene file."""
    return toml(scene_to_dict(scene))


def _with_paths_from(folder: Path, mapping: dict[str, Any]) -> dict[str, Any]:
    scenes = mapping.get("scenes")
    if isinstance(scenes, list):
        within = [_with_paths_from(folder, scene) if isinstance(scene, dict) else scene for scene in scenes]
        mapping = mapping | {"scenes": within}
    values = mapping.get("values")
    if not isinstance(values, dict):
        return mapping
    return mapping | {"values": {name: _with_path_from(folder, value) for name, value in values.items()}}


def _with_path_from(folder: Path, value: Any) -> Any:
    source = value.get("image") if isinstance(value, dict) else None
    if not isinstance(source, str) or not source or source.startswith("data:"):
        return value
    return value | {"image": str(folder / source)}


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, as a hook of its reader. ValueError if a name is there twice."""
    mapping: dict[str, Any] = {}
    for name, value in pairs:
        if name in mapping:
            raise ValueError(f"{name} is there twice")
        mapping[name] = value
    return mapping


def _default(scene: Scene, name: str, default: Any) -> Any:
    """What a field is where a scene file says nothing of it."""
    match name:
        case "stride" if scene.stride is not None:
            return 1 if scene.has_kernel else _short(scene.kernel)
        case "transposed":
            return scene.op == "conv_input_grad"
        case "in_channels":
            return 1
        case "out_channels":
            return scene.groups if scene.has_kernel else scene.in_channels
        case _:
            return default


def _short(values: tuple[Any, ...]) -> Any:
    return values[0] if all(value == values[0] for value in values) else list(values)


def plain_value(value: Any) -> Any:
    """A field's value, or an array's filling, as a scene file writes it."""
    match value:
        case Listed():
            return _nested(list(value.numbers), value.size)
        case Named():
            return value.name
        case Ramp() if value == Ramp():
            return "ramp"
        case Impulse(at=None):
            return "impulse"
        case tuple():
            return _table(value)
        case _:
            return value


def _table(value: Any) -> dict[str, Any]:
    """A filling that is described in a table."""
    match value:
        case Random():
            return {"random": [value.low, value.high], "seed": value.seed}
        case Switches():
            return {"seed": value.seed}
        case Ramp():
            return {"ramp": [value.start, value.step]}
        case OwnTheme():
            return table_of(value)
        case Impulse():
            return {"impulse": list(value.at or ())}
        case _:
            from convanim.scene.pictures import data_uri  # noqa: PLC0415 - few scenes have pictures

            return {"image": data_uri(value)}


def _nested(numbers: list[Any], size: tuple[int, ...]) -> list[Any]:
    for length in reversed(size[1:]):
        numbers = [numbers[start : start + length] for start in range(0, len(numbers), length)]
    return numbers


def toml(mapping: Mapping[str, Any], inside: str = "") -> str:
    """A scene's mapping as TOML, its sections as those of a table `inside.` of which it is."""
    lines = [f"{key} = {toml_value(value)}" for key, value in mapping.items() if key not in SECTIONS]
    for name in SECTIONS:
        if name in mapping:
            lines += [
                "",
                f"[{inside}{name}]",
                *(f"{key} = {toml_value(value)}" for key, value in mapping[name].items()),
            ]
    return "\n".join(lines) + "\n"


def toml_value(value: Any) -> str:
    """A scene's values are texts, numbers, flags, lists and flat tables; JSON writes all but the tables as TOML does."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml_value(item)}" for key, item in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
