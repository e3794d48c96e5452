"""ONNX nodes as text: `helper.make_node(…)` in Python, and the one-line formats of onnx' own printers.

`y = Conv <kernel_shape = [3, 3], strides: ints = [2, 2]> (x, w)` is that of `onnx.printer` and `onnx.parser`;
`%y = Conv[kernel_shape = [3, 3]](%x, %w)` that of `helper.printable_graph`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from convanim.scene.code.reading.call import Call, Unread, literal, refuse_repeated

_OUTPUTS = re.compile(r"(?:\[[^\]=]*\])?[\w%,./: \"$\-\s]+")
_CALL = re.compile(
    r"(?:\w+\.)*(?P<op>\w+)\s*(?P<early><[^<>]*>|\[.*\])?\s*\((?P<inputs>[^()]*)\)\s*(?P<late><[^<>]*>)?",
    re.DOTALL,
)
_BARE = ("GlobalMaxPool", "GlobalAveragePool")
_LONGEST = 2000
_ATTRIBUTE = re.compile(r"(\w+)\s*(?::\s*\w+)?\s*=\s*(\[[^\]]*\]|\"[^\"]*\"|'[^']*'|[^,<>\[\]]+)")


def onnx_node(call: Call) -> Call | None:
    """The node that a `make_node` call makes, as a Call of its operator; None if the call is another one."""
    if call.short != "make_node":
        return None
    keywords = dict(call.keywords)
    named = [keywords.pop(name) for name in ("op_type",) if name in keywords]
    operator = next(iter([*call.arguments, *named]), "")
    inputs = keywords.pop("inputs", next(iter(call.arguments[1:2]), ()))
    keywords.pop("outputs", None)
    return _node(operator if isinstance(operator, str) else "", inputs, keywords)


def _node(operator: str, inputs: Any, attributes: Mapping[str, Any]) -> Call:
    """A node as a Call; the shape that is a third input of MaxUnpool as the argument that it is to us."""
    third = inputs[2] if operator == "MaxUnpool" and isinstance(inputs, list | tuple) and len(inputs) > 2 else ""
    shape = {"output_shape": Unread(f"the input {third}")} if third else {}
    return Call(operator, (), {**shape, **attributes})


def read_onnx_text(text: str) -> Call | None:
    """The Call of a node in one of the printers' formats; None if the text is in neither."""
    outputs, equals, call = text.strip().partition("=")
    if len(text) > _LONGEST or not equals or not _OUTPUTS.fullmatch(outputs):
        return None
    match = _CALL.fullmatch(call.strip())
    if match is None or ("=" in match["inputs"] and not match["early"]):
        return None
    written = match["early"] or match["late"]
    if written is None and match["op"] not in _BARE:
        return None
    attributes = _ATTRIBUTE.findall((written or "  ")[1:-1])
    refuse_repeated(name for name, _ in attributes)
    inputs = [each.strip().strip('"') for each in match["inputs"].split(",")]
    return _node(match["op"], inputs, {name: _attribute(value) for name, value in attributes})


def _attribute(value: str) -> Any:
    try:
        return literal(ast.parse(value.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Unread(value.strip())
