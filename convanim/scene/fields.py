"""The table of a scene's fields: what each may be, said once for the checks, the error texts, the JSON Schema and --help.

How each is read stands in `readers`; what fields must be to each other is `check`'s subject.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from convanim.language import LANGUAGES
from convanim.scene import lengths, readers
from convanim.scene.themes import THEME_LEGAL, THEME_SCHEMA, theme
from convanim.scene.values import DEFAULT_INPUT, DEFAULT_KERNEL, DEFAULT_SWITCHES, KERNELS
from convanim.view_table import VIEWS

OPERATIONS = ("conv", "max_pool", "avg_pool", "max_unpool", "upsample", "conv_input_grad", "conv_kernel_grad")
POOLINGS = ("max_pool", "avg_pool")
CONVOLUTIONS = ("conv", "conv_input_grad", "conv_kernel_grad")
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
MODES = ("nearest", "nearest-exact", "linear", "bed-of-nails")
COORDINATES = ("half-pixel", "asymmetric", "pytorch-half-pixel", "half-pixel-symmetric")
ROUNDINGS = ("floor", "ceil", "round-prefer-floor", "round-prefer-ceil")
MOST_AXES = 3
MOST_BESIDE = 4
# padding by name: for direct operations, for transposed convolutions, and what both have
DIRECT_PADDINGS = ("same-torch", "causal")
TRANSPOSED_PADDINGS = ("valid-tensorflow", "valid-keras", "valid-jax")
PADDINGS = (
    "valid",
    "full",
    "same",
    "same-upper",
    "same-lower",
    "same-tensorflow",
    "same-keras",
    "same-jax",
    "same-onnx",
    *DIRECT_PADDINGS,
    *TRANSPOSED_PADDINGS,
)
LOOKS = ("full", "plain")
OUTPUTS = ("computed", "whole")
BACKGROUNDS = ("theme", "transparent")
PIXEL_FORMATS = ("yuv420", "yuv444")
COLOURS = ("role", "value")

Schema = dict[str, Any]


class Field(NamedTuple):
    """One field: its name, how it is read, what is legal in words and as JSON Schema, what it is for, its default.

    `ops` are the operations for which it means something.
    """

    name: str
    read: Callable[[Any], Any]
    legal: str
    schema: Schema
    help: str
    default: Any = None
    ops: tuple[str, ...] = OPERATIONS


def _int_schema(least: int, most: int | None = None) -> Schema:
    return {"type": "integer", "minimum": least} | ({} if most is None else {"maximum": most})


def _axes_schema(least: int) -> Schema:
    one = _int_schema(least, readers.MOST_CELLS)
    return {"oneOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_AXES}]}


_PAIR_OF_NUMBERS: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_FILLING_SCHEMA: Schema = {
    "oneOf": [
        {"enum": ["ramp", "impulse", *KERNELS]},
        {"type": "array", "minItems": 1},
        {
            "type": "object",
            "properties": {"random": _PAIR_OF_NUMBERS, "seed": _int_schema(0)},
            "required": ["random"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"ramp": _PAIR_OF_NUMBERS},
            "required": ["ramp"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"impulse": {"type": "array", "items": _int_schema(0), "minItems": 1, "maxItems": MOST_AXES}},
            "required": ["impulse"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {
                "image": {"type": "string", "minLength": 1},
                "size": {"type": "array", "items": _int_schema(1, readers.MOST_CELLS), "minItems": 2, "maxItems": 2},
            },
            "required": ["image"],
            "additionalProperties": False,
        },
    ]
}
_PADDING_SCHEMA: Schema = {
    "oneOf": [
        _int_schema(0, readers.MOST_CELLS),
        {"enum": list(PADDINGS)},
        {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_AXES,
            "items": {
                "oneOf": [
                    _int_schema(0, readers.MOST_CELLS),
                    {"type": "array", "items": _int_schema(0, readers.MOST_CELLS), "minItems": 2, "maxItems": 2},
                ]
            },
        },
    ]
}
_FILLING_LEGAL = (
    'legal is a nested list of finite numbers, "ramp", "impulse", { random = [low, high], seed = n }, '
    '{ ramp = [start, step] }, { impulse = [row, column] }, { image = "file.png", size = [rows, columns] } or '
    f"a kernel by name: {', '.join(KERNELS)}"
)


def _axes(name: str, least: int, help: str, default: Any = None, ops: tuple[str, ...] = OPERATIONS) -> Field:
    legal = f"legal is a whole number from {least} to {readers.MOST_CELLS:,}, or a list with one for each axis"
    return Field(name, readers.per_axis(least), legal, _axes_schema(least), help, default, ops)


def _flag(name: str, help: str, default: bool | None, ops: tuple[str, ...] = OPERATIONS) -> Field:
    return Field(name, readers.true_or_false, "legal is true or false", {"type": "boolean"}, help, default, ops)


def _one_of(
    name: str, choices: Collection[str], help: str, default: str | None, ops: tuple[str, ...] = OPERATIONS
) -> Field:
    *others, last = choices
    legal = "legal is " + ", ".join(others) + f" or {last}"
    return Field(name, readers.choice(choices), legal, {"enum": list(choices)}, help, default, ops)


def _number(
    name: str, least: int, most: int, help: str, default: int | None, ops: tuple[str, ...] = OPERATIONS
) -> Field:
    legal = f"legal is a whole number from {least} to {most:_}".replace("_", "" if most < 10**6 else ",")
    return Field(name, readers.whole(least, most), legal, _int_schema(least, most), help, default, ops)


_TEXT_LEGAL = "legal is text in quotes"
_QUOTED_PADDINGS = ", ".join(f'"{name}"' for name in PADDINGS)
_SLIDING = tuple(op for op in OPERATIONS if op != "upsample")
_FACTOR_SCHEMA: Schema = {"type": "number", "minimum": 1 / readers.MOST_CELLS, "maximum": readers.MOST_CELLS}

TOP = (
    Field(
        "title",
        readers.text,
        _TEXT_LEGAL,
        {"type": "string"},
        "What the figure is called, in its file, to screen readers and on pages; not drawn but as a heading beside others.",
        "",
    ),
    Field(
        "description", readers.text, _TEXT_LEGAL, {"type": "string"}, "Alternative text, instead of the one made.", ""
    ),
    Field("note", readers.text, _TEXT_LEGAL, {"type": "string"}, "What to see in it, for the page that shows it.", ""),
    _one_of("op", OPERATIONS, "The operation.", "conv"),
    _axes("input", 1, "The input's size: height and width, or one number for both."),
    _axes("kernel", 1, "The kernel's size.", ops=_SLIDING),
    _axes(
        "stride",
        1,
        "Cells between neighbouring placements; by default 1, for pooling and unpooling the kernel's size.",
        ops=_SLIDING,
    ),
    Field(
        "padding",
        readers.padding(PADDINGS),
        f"legal is a whole number from 0 to {readers.MOST_CELLS:,}, one for each axis, a [before, after] pair for each "
        f"axis, or a name: {_QUOTED_PADDINGS}",
        _PADDING_SCHEMA,
        "Cells around the input: n, [h, w], [[top, bottom], [left, right]], valid, full, same or another framework's same "
        "by name. For a transposed convolution, those of the convolution that it transposes.",
        0,
        _SLIDING,
    ),
    _one_of(
        "padding_mode",
        PADDING_MODES,
        "What padding holds: zeros, or the input's own cells reflected, replicated or all round.",
        "zeros",
        ("conv", "conv_kernel_grad"),
    ),
    _axes("dilation", 1, "Distance between neighbouring kernel cells.", 1, (*CONVOLUTIONS, *POOLINGS)),
    _flag("transposed", "Transposed convolution.", False, ("conv", "conv_input_grad")),
    _axes(
        "output_padding",
        0,
        "Rows and columns added at the output's bottom and right (transposed only).",
        ops=("conv", "conv_input_grad"),
    ),
    _axes(
        "output_size",
        1,
        "The output size you want, where several are possible (transposed, unpooling, upsampling); "
        "replaces output_padding or scale_factor.",
        ops=("conv", "conv_input_grad", "max_unpool", "upsample"),
    ),
    _flag("flip", "True convolution: turn the kernel by 180 degrees.", False, ("conv", "conv_input_grad")),
    _flag("ceil_mode", "A last window may hang over the edge: the output's size is rounded up.", False, POOLINGS),
    _flag("count_include_pad", "Average pooling counts padding cells in the divisor.", True, ("avg_pool",)),
    _number(
        "divisor_override",
        1,
        readers.MOST_CELLS,
        "What average pooling divides by, whatever it counts.",
        None,
        ("avg_pool",),
    ),
    _number("in_channels", 1, readers.MOST_CELLS, "Planes of the input; by default 1.", None),
    _number(
        "out_channels",
        1,
        readers.MOST_CELLS,
        "Planes of the output; by default as many as groups, without a kernel as many as the input has.",
        None,
    ),
    _number(
        "groups",
        1,
        readers.MOST_CELLS,
        "Groups of channels that only see each other; as many as input channels for a depthwise convolution.",
        1,
        CONVOLUTIONS,
    ),
    Field(
        "scale_factor",
        readers.factors,
        f"legal is a number from {1 / readers.MOST_CELLS:.9f} to {readers.MOST_CELLS:,}, or a list with one for each axis",
        {"oneOf": [_FACTOR_SCHEMA, {"type": "array", "items": _FACTOR_SCHEMA, "minItems": 1, "maxItems": MOST_AXES}]},
        "How many times larger an upsampling makes the input, rounded down.",
        None,
        ("upsample",),
    ),
    _one_of("mode", MODES, "How an upsampling fills its output.", "nearest", ("upsample",)),
    _flag("align_corners", "Upsampling maps corner cells on corner cells.", False, ("upsample",)),
    _one_of(
        "coordinates",
        COORDINATES,
        "Where an upsampling's output cells lie in the input (ONNX Resize); by default as the mode has it in PyTorch.",
        None,
        ("upsample",),
    ),
    _one_of(
        "rounding", ROUNDINGS, "How nearest upsampling rounds a place; by default as PyTorch does.", None, ("upsample",)
    ),
    _number("dimensions", 1, MOST_AXES, "Spatial axes, where one number stands for all; by default 2.", None),
)

VALUES = (
    Field("input", readers.filling, _FILLING_LEGAL, _FILLING_SCHEMA, "The input's values.", DEFAULT_INPUT),
    Field(
        "kernel",
        readers.filling,
        _FILLING_LEGAL,
        _FILLING_SCHEMA,
        "The kernel's values; for a gradient with respect to the kernel, those of the output's gradient, which slides.",
        DEFAULT_KERNEL,
        CONVOLUTIONS,
    ),
    Field(
        "switches",
        readers.switches,
        "legal is a nested list of cells of the output plane, counted row by row from 0, or { seed = n }",
        {
            "oneOf": [
                {"type": "array", "minItems": 1},
                {
                    "type": "object",
                    "properties": {"seed": _int_schema(0)},
                    "required": ["seed"],
                    "additionalProperties": False,
                },
            ]
        },
        "Where unpooling puts each value: one cell of each window, by default at random.",
        DEFAULT_SWITCHES,
        ("max_unpool",),
    ),
)

VIEW = (
    _one_of("kind", VIEWS, "How the figure is drawn.", "isometric"),
    _one_of("look", LOOKS, "A preset: plain draws what the well-known figures draw, and no word.", "full"),
    Field(
        "theme",
        theme,
        THEME_LEGAL,
        THEME_SCHEMA,
        "Colours: a theme by name, or a table of a base and what differs: colours, and hatch.",
        "light",
    ),
    _one_of("background", BACKGROUNDS, "The theme's ground behind the figure, or none: it is transparent.", "theme"),
    _one_of(
        "colour",
        COLOURS,
        "Colour cells by their role, or shade them by their value, which is the default where the input is an image.",
        None,
    ),
    _one_of("output", OUTPUTS, "Fill the output in as it is computed, or show it whole from the start.", "computed"),
    _flag("labels", "Name the planes.", True),
    _flag("caption", "State operation, parameters, formula and step below.", True),
    _flag(
        "formula", "Write out the current sum (numeric, gather, channels and line views, which do by default).", None
    ),
    _flag("size_formula", "Set the formula of the output size below, in letters and with the numbers put in.", False),
    _one_of("language", LANGUAGES, "The language of labels, caption and alternative text.", "en"),
    _flag("overlaps", "Count how many stamps reach each output cell (scatter view).", False),
    _flag(
        "numbered",
        "Cells carry their numbers, counted row by row from 1, in place of values (every view but matrix).",
        False,
    ),
    _number(
        "dropped_by_stride",
        1,
        1000,
        "Cross out the output cells that a stride of so many would leave out (numeric view).",
        1,
    ),
    _flag("symbols", "Write w, x and y with their indices in cells, instead of values (matrix view).", False),
    _number("cell", 3, 200, "A cell's side in pixels (numeric view: its height); by default as large as fits.", None),
    _number("levels", 2, 16, "Levels of ink at the most: fewer make smaller files and rougher edges.", 16),
    Field(
        "scale",
        readers.scale,
        "legal is a number from 0.25 to 8",
        {"type": "number", "minimum": 0.25, "maximum": 8},
        "Pixels for each unit of the drawing: 2 for high-density screens.",
        1,
    ),
    Field(
        "width",
        lengths.read_width,
        'legal is a number of pixels, or a length as "12cm", with px, cm, mm, in or pt',
        {"oneOf": [{"type": "string"}, {"type": "number", "exclusiveMinimum": 0}]},
        "How wide the figure is, instead of scale: pixels, or a length on paper as 12cm, 5in or 300pt.",
        None,
    ),
    _number(
        "dpi", 10, 2400, "Pixels an inch: makes pixels of a length, and says how large pixels are on paper (96).", None
    ),
    _one_of(
        "pixel_format",
        PIXEL_FORMATS,
        "Colour in a video: one for four pixels, which every player shows, or for each (crisper, but many show no such MP4).",
        "yuv420",
    ),
    _flag(
        "outlined", "Text as outlines where a file could hold it as text (SVG, PDF): the same with any fonts.", False
    ),
    _flag("pages", "A page for each step where a file can have several (PDF).", False),
)

TIMING = (
    _number("step", 20, 600_000, "Milliseconds a step; by default 1000, fewer where steps are many.", None),
    _number("hold", 20, 600_000, "Milliseconds the last step is held.", 2000),
    _number("loop", 0, 65_535, "How often it plays: 0 for ever, 1 once, n times.", 0),
    Field(
        "steps",
        readers.steps,
        'legal is "start:stop" or "start:stop:step", counted from 0, a step of 1 or more, or one number',
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        'Which placements to show, as start:stop:step counted from 0; ":" for all of them however many.',
        "",
    ),
)

# what a look sets, unless the scene says otherwise
LOOK_DEFAULTS: dict[str, dict[str, Any]] = {
    "full": {},
    "plain": {"theme": "plain", "labels": False, "caption": False, "formula": False, "output": "whole"},
}

SECTIONS = {"values": VALUES, "view": VIEW, "timing": TIMING}
