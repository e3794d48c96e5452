"""ONNX nodes as text: `helper.make_node(…)` in Python, and the one-line formats of onnx' own printers.

`y = Conv <kernel_shape = [3, 3], strides: ints = [2, 2]> (x, w)` is that of `onnx.printer` and `onnx.parser`;
`%y = Conv[kernel_shape = [3, 3]](%x, %w)` that of `helper.printable_graph`.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from convanim.scene.code.reading.call import Call, Unread, literal

_NAMES = r'[\w%./:"$\- ]+'
_LINE = re.compile(
    rf"^(?:\[[^\]]*\]\s*)?(?:{_NAMES}(?:\([^)]*\))?\s*,?\s*)+=\s*(?:[\w]+(?:\.\w+)*\.)?(?P<op>\w+)\s*"
    r"(?:(?P<angle><.*>)|(?P<bracket>\[.*\]))?\s*"
    r"\((?P<inputs>[^()]*)\)\s*(?P<late><.*>)?\s*$",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"(\w+)\s*(?::\s*\w+)?\s*=\s*(\[[^\]]*\]|\"[^\"]*\"|'[^']*'|[^,<>\[\]]+)")


def onnx_node(call: Call) -> Call | None:
    """The node that a `make_node` call makes, as a Call of its operator; None if the call is another one."""
    if call.short != "make_node":
        return None
    keywords = dict(call.keywords)
    named = [keywords.pop(name) for name in ("op_type",) if name in keywords]
    operator = next(iter([*call.arguments, *named]), "")
    for name in ("inputs", "outputs"):
        keywords.pop(name, None)
    return Call(operator if isinstance(operator, str) else "", (), keywords)


def read_onnx_text(text: str) -> Call | None:
    """The Call of a node in one of the printers' formats; None if the text is in neither."""
    if len(text) > 2000 or "=" not in text:
        return None
    match = _LINE.match(text.strip())
    if match is None or (match["bracket"] is None and match["angle"] is None and match["late"] is None):
        bare = re.match(r"^\s*[\w%]+\s*=\s*(?P<op>Global\w+|Conv|ConvTranspose)\s*\((?P<inputs>[^()=]*)\)\s*$", text)
        return Call(bare["op"]) if bare and re.fullmatch(r"[\w%,\s]*", bare["inputs"]) else None
    written = match["angle"] or match["bracket"] or match["late"]
    return Call(match["op"], (), {name: _attribute(value) for name, value in _ATTRIBUTE.findall(written[1:-1])})


def _attribute(value: str) -> Any:
    try:
        return literal(ast.parse(value.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Unread(value.strip())
