"""What a scene's fields must be to each other: every combination has a result, or a Problem says why it has none.

A field that was wrong by itself is absent here, and the checks that need it do not run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from convanim.errors import Problem, got, times
from convanim.scene import impossible, lengths
from convanim.scene.axis import axes_of
from convanim.scene.fields import CONVOLUTIONS, DIRECT_PADDINGS, TOP, TRANSPOSED_PADDINGS, VALUES, Field
from convanim.scene.values import Filling, Impulse, Listed, Named, Picture, Size, Switches

Fields = Mapping[str, Any]
_SIZES = (
    "input",
    "kernel",
    "stride",
    "padding",
    "dilation",
    "transposed",
    "output_padding",
    "output_size",
    "scale_factor",
    "mode",
    "padding_mode",
    "ceil_mode",
    "align_corners",
    "coordinates",
    "rounding",
    "op",
)
_WHY_NOT = {
    "transposed": "has no transpose here",
    "flip": "has no kernel values to turn",
    "kernel": "has no kernel",
}


def found(fields: Fields) -> Iterator[Problem]:
    """All contradictions; whether the sizes leave anything to compute is asked if nothing else is wrong with them."""
    problems = [*_strangers(fields), *_channels(fields), *_paddings(fields), *_outputs(fields), *_scales(fields)]
    yield from problems
    yield from _values(fields)
    yield from lengths.contradictions(fields["view"])
    wrong = {problem.field for problem in problems}
    if all(name in fields for name in _SIZES) and not wrong & set(_SIZES):
        impossibles = list(impossible.sizes(fields))
        yield from impossibles or _values_that_slide(fields)


def _strangers(fields: Fields) -> Iterator[Problem]:
    """Fields that mean nothing with this operation."""
    op = fields.get("op", "conv")
    for prefix, table, held in (("", TOP, fields), ("values.", VALUES, fields["values"])):
        for field in table:
            value = held.get(field.name, field.default)
            if op in field.ops or value == field.default or _is_default(field, value):
                continue
            why = _WHY_NOT.get(field.name, "takes none")
            if prefix and field.name == "kernel":
                why = "has no kernel values"
            said = got(list(value) if isinstance(value, tuple) and not prefix else value) if not prefix else "given"
            yield Problem(prefix + field.name, said, f"but {op} {why}; leave it out, or op = {_ops(field)}")


def _is_default(field: Field, value: Any) -> bool:
    """Whether a field that was broadcast holds its default on every axis."""
    default = (field.default, field.default) if field.name == "padding" else field.default
    return isinstance(value, tuple) and type(value) is tuple and all(one == default for one in value)


def _ops(field: Field) -> str:
    return " or ".join(f'"{op}"' for op in field.ops)


def _channels(fields: Fields) -> Iterator[Problem]:
    op = fields.get("op", "conv")
    inside, outside, groups = (fields.get(name) for name in ("in_channels", "out_channels", "groups"))
    if op not in CONVOLUTIONS:
        if inside and outside and inside != outside:
            yield Problem(
                "out_channels", got(outside), f"but {op} makes as many channels as the input has; leave it out"
            )
        return
    if not groups:
        return
    for name, channels in (("in_channels", inside), ("out_channels", outside)):
        if channels and channels % groups:
            yield Problem("groups", got(groups), f"but {name} = {channels} is no multiple of it")


def _paddings(fields: Fields) -> Iterator[Problem]:
    op, name = fields.get("op", "conv"), fields.get("padding")
    is_transposed = fields.get("transposed", False)
    if isinstance(name, str):
        if is_transposed and op == "conv" and name in DIRECT_PADDINGS:
            yield Problem("padding", got(name), "but a transposed convolution has no such padding")
        elif not is_transposed and name in TRANSPOSED_PADDINGS:
            yield Problem("padding", got(name), 'but only a transposed convolution has it; legal is "valid"')
        elif op == "max_unpool" and name != "valid":
            yield Problem(
                "padding", got(name), "but unpooling has it in cells; legal is that of the pooling that it undoes"
            )
        elif name == "same-torch" and any(step != 1 for step in fields.get("stride", ())):
            yield Problem("padding", got(name), "but PyTorch has it with stride 1 alone; legal is a padding in cells")
        elif name == "causal" and len(fields.get("input", (1,))) != 1:
            yield Problem("padding", got(name), "but causal padding is for one axis")
    mode = fields.get("padding_mode", "zeros")
    if mode != "zeros" and is_transposed and op == "conv":
        yield Problem(
            "padding_mode", got(mode), "but the padding of a transposed convolution holds nothing; legal is zeros"
        )


def _outputs(fields: Fields) -> Iterator[Problem]:
    """Wanted output sizes and output padding."""
    extra, wanted = fields.get("output_padding"), fields.get("output_size")
    name = fields.get("padding")
    by_name = isinstance(name, str) and name.startswith(("same", "valid-")) and name != "same-torch"
    if fields.get("op", "conv") == "conv" and fields.get("transposed") is False:
        if extra is not None and any(extra):
            legal = "but only a transposed convolution has it; leave it out"
            yield Problem("output_padding", got(list(extra)), legal)
        if wanted is not None:
            legal = "but of convolutions only a transposed one has it; leave it out, or transposed = true"
            yield Problem("output_size", got(list(wanted)), legal)
        return
    if fields.get("op", "conv") not in {"conv", "conv_input_grad"}:
        return
    if (
        extra is not None
        and wanted is not None
        and any(extra)
        and not (by_name and name in {"same-onnx", "same-lower"})
    ):
        yield Problem("output_size", got(list(wanted)), "but output_padding fixes the size too; leave one of them out")
    elif extra is not None and any(extra):
        yield from _output_padding(fields, extra)
    is_gradient = fields.get("op") == "conv_input_grad"  # whose output is the input of a convolution of that padding
    fixed = {"same-keras", "same-jax", "valid-keras", "valid-jax"}
    if wanted is not None and name in fixed and not is_gradient:
        framework = name.partition("-")[2].capitalize().replace("Jax", "JAX")
        yield Problem(
            "output_size", got(list(wanted)), f'but with padding = "{name}" {framework} fixes it; leave it out'
        )


def _output_padding(fields: Fields, extra: Size) -> Iterator[Problem]:
    name = fields.get("padding")
    if name in {"same", "same-upper", "same-tensorflow", "same-jax", "valid-tensorflow", "valid-jax"}:
        legal = f'but padding = "{name}" fixes the output; leave one of them out'
        yield Problem("output_padding", got(list(extra)), legal)
    elif "stride" in fields and "dilation" in fields:
        is_keras = name in {"same-keras", "valid-keras"}
        pairs = zip(fields["stride"], fields["dilation"], strict=True)
        limits = [step if is_keras else max(step, spread) for step, spread in pairs]
        if any(cells >= limit for cells, limit in zip(extra, limits, strict=True)):
            what = "stride" if is_keras else "the larger of stride and dilation"
            yield Problem(
                "output_padding", got(list(extra)), f"legal is less than {what}, here less than {got(limits)[4:]}"
            )


def _scales(fields: Fields) -> Iterator[Problem]:
    if fields.get("op") != "upsample":
        return
    scale, size, mode = (fields.get(name) for name in ("scale_factor", "output_size", "mode"))
    if "scale_factor" in fields and "output_size" in fields and (scale is None) == (size is None):
        problem = "missing" if scale is None else got(list(scale))
        yield Problem("scale_factor", problem, "legal is one of scale_factor and output_size")
    if fields.get("align_corners") and (fields.get("coordinates") or mode == "bed-of-nails"):
        yield Problem("align_corners", "got true", "but coordinates are said already; leave one of them out")
    if fields.get("rounding") and mode in {"linear", "bed-of-nails"}:
        yield Problem("rounding", got(fields["rounding"]), f"but mode = {mode} rounds nothing; leave it out")
    if mode == "bed-of-nails":
        if fields.get("coordinates"):
            yield Problem("coordinates", got(fields["coordinates"]), "but a bed of nails has none; leave it out")
        if scale and any(one != int(one) for one in scale):
            yield Problem("scale_factor", got(list(scale)), "but a bed of nails has whole ones")


def _values(fields: Fields) -> Iterator[Problem]:
    """Values that do not fit their arrays."""
    op = fields.get("op", "conv")
    if "input" in fields and "input" in fields["values"] and "in_channels" in fields:
        planes = (fields["in_channels"],)
        yield from _misfit("values.input", fields["values"]["input"], fields["input"], planes)
    if op in CONVOLUTIONS and "kernel" in fields["values"]:
        shape = impossible.kernel_planes(fields)
        if shape is not None and op != "conv_kernel_grad" and "kernel" in fields:
            yield from _misfit("values.kernel", fields["values"]["kernel"], fields["kernel"], shape)
    switches = fields["values"].get("switches")
    if op == "max_unpool" and isinstance(switches, Listed) and "input" in fields and "in_channels" in fields:
        yield from _misfit("values.switches", switches, fields["input"], (fields["in_channels"],))


def _values_that_slide(fields: Fields) -> Iterator[Problem]:
    """Values of the output's gradient that do not fit it, over which a gradient with respect to the kernel slides."""
    if fields["op"] == "conv_kernel_grad" and "kernel" in fields["values"] and fields.get("out_channels"):
        size = tuple(axis.kernel for axis in axes_of(fields))
        yield from _misfit("values.kernel", fields["values"]["kernel"], size, (fields["out_channels"],))


def _misfit(name: str, filling: Filling | Switches, size: Size, planes: Size) -> Iterator[Problem]:
    legal = {size, (*planes, *size)} if all(count == 1 for count in planes) else {(*planes, *size)}
    if isinstance(filling, Listed) and filling.size not in legal:
        whole = times(size) if len(legal) > 1 else times((*planes, *size))
        yield Problem(name, f"got a list of {times(filling.size)}", f"but the size is {whole}")
    if isinstance(filling, Picture) and (filling.size != size or planes[0] != filling.channels):
        yield Problem(name, f"got a picture of {times(filling.size)}", f"but the size is {times(size)}")
    if isinstance(filling, Named):
        from convanim.scene.kernels import misfit  # noqa: PLC0415 - few scenes name a kernel

        why = misfit(filling.name, size)
        if why:
            yield Problem(name, got(filling.name), f"but the size is {times(size)}, and {why}")
    if isinstance(filling, Impulse) and filling.at is not None:
        inside = len(filling.at) == len(size) and all(at < n for at, n in zip(filling.at, size, strict=True))
        if not inside:
            yield Problem(name, got(list(filling.at)), f"but the impulse must lie inside {times(size)}, counted from 0")
