"""What the page asks and what it gets, as plain data: a request's mapping in, an answer's mapping out. Nothing here serves.

SceneError and FormatError say what is wrong with a request in words that its author understands.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import Any

from convanim.catalogue import built_in, built_in_stacks
from convanim.draw.theme import DARK, LIGHT
from convanim.drawing import drawing_of
from convanim.engine import record
from convanim.errors import Problem, SceneError, taken_notices
from convanim.explore.bounds import (
    MOST_UPLOADED_PIXELS,
    refuse_large_file,
    refuse_large_picture,
    refuse_long_text,
    refuse_too_much,
    refuse_what_is_not_asked_here,
)
from convanim.formats import DECKS, FORMATS, Format, deck_of, format_of, module_of
from convanim.formats.player_data import player_data
from convanim.headings import in_order
from convanim.scene import Scene, wording
from convanim.scene.comparison import Comparison
from convanim.scene.explanation import explanation
from convanim.scene.fields import SECTIONS, TOP, Field
from convanim.scene.files import figure_to_toml, load_figure, parse_mapping, read_figure, scene_to_dict
from convanim.scene.option_names import command_words
from convanim.scene.stack import Stack
from convanim.view_table import UNASKED, VIEWS

Answer = dict[str, Any]
FRAMEWORKS = ("torch", "keras", "jax", "onnx", "numpy")
_MOST_EDITED = 400
_NOT_CONTROLLED = {"width", "dpi", "pages", "outlined", "pixel_format", "levels", "scale"}


def figure_of(request: Mapping[str, Any]) -> Scene | Comparison | Stack:
    """The figure that a request asks for."""
    return _checked(_mapping_of(request))


def _mapping_of(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a request asks for, read and not yet checked: a scene's mapping as `scene`, or a scene file's text as `text`."""
    mapping = request.get("scene")
    if mapping is None and isinstance(request.get("text"), str):
        refuse_long_text(request["text"])
        mapping = parse_mapping(request["text"], "")
    if not isinstance(mapping, Mapping):
        raise SceneError(Problem("request", "asks for no figure", "legal is a scene, or the text of a scene file"))
    return mapping


def _checked(mapping: Mapping[str, Any]) -> Scene | Comparison | Stack:
    refuse_what_is_not_asked_here(mapping)
    figure = read_figure(mapping)
    refuse_too_much(figure)
    return figure


def figure(request: Mapping[str, Any]) -> Answer:
    """A figure for the player, and what there is to say of it."""
    mapping = _mapping_of(request)
    asked = _checked(mapping)
    with taken_notices() as noticed:
        pictured = drawing_of(asked, [None]).pictured()
    finish = pictured.finish
    view = mapping.get("view")
    is_light = isinstance(view, Mapping) and view.get("theme") == "light"  # as it says itself
    if request.get("dark") is True and finish.theme == LIGHT and not is_light:
        finish = finish._replace(theme=DARK)
    answer: Answer = {
        "figure": player_data(pictured.board, finish),
        "text": figure_to_toml(asked),
        "note": getattr(asked, "note", ""),
        "notices": noticed,
    }
    if not isinstance(asked, Scene):
        return answer | {"scene": None}
    scene = scene_to_dict(asked)
    if is_light:
        scene["view"] = scene.get("view", {}) | {"theme": "light"}
    return answer | {
        "scene": scene,
        "resolved": _resolved(asked),
        "explanation": explanation(asked),
        "command": shlex.join(["convanim", "render", *command_words(asked), "-o", "figure.gif"]),
        "values": _values(asked),
        "called": {"input": wording.reads(asked), "kernel": wording.slides(asked)},
    }


def code(request: Mapping[str, Any]) -> Answer:
    """A scene as code for a framework."""
    asked, framework = figure_of(request), request.get("framework")
    if not isinstance(asked, Scene):
        raise SceneError(Problem("framework", "has code of one operation", "legal is a single scene"))
    if framework not in FRAMEWORKS:
        raise SceneError(Problem("framework", f"got {framework!r}"[:80], f"legal are {', '.join(FRAMEWORKS)}"))
    return {"code": asked.to_code(framework)}


def layer(request: Mapping[str, Any]) -> Answer:
    """The scene of a layer as people write it, of an input of the size `input` where the layer says none."""
    text, size = request.get("code"), request.get("input")
    if not isinstance(text, str):
        raise SceneError(Problem("code", "missing", "legal is a layer's text, as nn.Conv2d(1, 1, 3)"))
    try:
        scene = Scene.from_code(text, size)
    except SceneError as fault:
        if not (isinstance(size, list) and size and fault.field == "input"):
            raise
        scene = Scene.from_code(text, size[0])  # of a figure of other axes the first stands for all
    refuse_too_much(scene)
    return {"scene": scene_to_dict(scene)}


def file(request: Mapping[str, Any], suffix: str) -> bytes:
    """A figure as a file of a format, or a deck of one."""
    asked = figure_of(request)
    stream = BytesIO()
    with taken_notices():
        row = format_of(suffix) if suffix in FORMATS else deck_of(suffix)
        drawing = drawing_of(asked, [row if suffix in FORMATS else None])
        if not row.stills:
            refuse_large_file(drawing.board(stills=False), drawing.finish, row)
        if suffix in FORMATS:
            drawing.write(row, stream)
        else:
            pictured = drawing.pictured()
            module_of(row).write_deck([pictured], pictured.board.title, row.ways[0], stream)
    return stream.getvalue()


def picture(data: bytes, size: Any) -> Answer:
    """An uploaded picture as an input's values, averaged to `size` (rows, columns)."""
    from convanim.scene.pictures import data_uri, read_picture  # noqa: PLC0415 - few figures have pictures

    if not (
        isinstance(size, list) and len(size) == 2 and all(isinstance(each, int) and 0 < each <= 256 for each in size)
    ):
        raise SceneError(Problem("size", "is none", "legal is [rows, columns], up to 256 each"))
    source = "data:image/any;base64," + base64.b64encode(data).decode()
    refuse_large_picture(source, MOST_UPLOADED_PIXELS)
    try:
        read = read_picture(source, (size[0], size[1]))
    except ValueError as why:
        raise SceneError(Problem("picture", str(why), "legal is a picture file of 8 or 16 bits")) from None
    return {"image": data_uri(read)}


@cache
def start() -> Answer:
    """What the page needs once: the fields with their help and what is legal, the figures to begin with, the formats."""
    figures = {name: load_figure(path) for name, path in {**built_in(), **built_in_stacks()}.items()}
    return {
        "fields": [_field("", field) for field in TOP if field.name not in {"dimensions", "note"}]
        + [
            _field(name, field)
            for name, table in SECTIONS.items()
            for field in table
            if field.name not in _NOT_CONTROLLED
        ],
        "presets": [
            {"heading": heading, "name": name, "text": figure_to_toml(figures[name])} | _named(figures[name])
            for heading, names in in_order(figures).items()
            for name in names
        ],
        "formats": [{"suffix": row.suffix, "summary": row.summary} for row in (*FORMATS.values(), *_deck_rows())],
        "frameworks": list(FRAMEWORKS),
    }


def _named(figure: Scene | Comparison | Stack) -> Answer:
    """What a figure says of itself."""
    return {name: getattr(figure, name, "") for name in ("title", "description", "note")}


def _deck_rows() -> list[Format]:
    return [row for row in DECKS.values() if row.suffix not in FORMATS]


def _field(section: str, field: Field) -> Answer:
    return {
        "section": section,
        "name": field.name,
        "help": field.help,
        "legal": field.legal,
        "schema": field.schema,
        "default": field.default if isinstance(field.default, bool | int | float | str) else None,
        "ops": list(field.ops),
        "views": [name for name, view in VIEWS.items() if field.name in view.takes]
        if section == "view" and field.name in UNASKED
        else None,
    }


def _resolved(scene: Scene) -> Answer:
    """What fields are where a scene says nothing of them."""
    names = ("input", "kernel", "stride", "dilation", "output_padding", "in_channels", "out_channels", "groups")
    plain = {name: getattr(scene, name) for name in names}
    sizes = {"padding": scene.pads, "output": scene.output, "canvas": scene.canvas}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in (plain | sizes).items()}


def _values(scene: Scene) -> Answer:
    """The arrays that can be edited by hand, as nested lists: those of few cells."""
    recording = record(scene)
    arrays = {"input": recording.input, "kernel": recording.kernel if scene.has_kernel else None}
    return {
        name: _listed(array, scene.dimensions)
        for name, array in arrays.items()
        if array is not None and array.size <= _MOST_EDITED
    }


def _listed(array: Any, axes: int) -> list[Any]:
    """An array as a scene file has it, without axes of channels where each has one."""
    planes = array.shape[:-axes]
    plain: list[Any] = (array.reshape(array.shape[-axes:]) if set(planes) == {1} else array).tolist()
    return plain
