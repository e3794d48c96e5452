"""From a text to one call: its name and its arguments as plain values. Nothing is imported or executed.

A `Call` comes out of Python (`self.conv = nn.Conv2d(1, 1, 3)`) or out of ONNX' own text (see `onnx_text`). What is
not a literal becomes an `Unread`, which does no harm until somebody needs its value. A call that makes an array of a
written shape (`torch.randn(1, 3, 8, 8)`) is read as that shape.
"""

from __future__ import annotations

import ast
import operator
import textwrap
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from convanim.errors import Problem, SceneError
from convanim.scene.code.said import got

TEXT_LIMIT = 20_000
_NUMBER_LIMIT = 2**63
_MOST_ENTRIES = 64
_EXAMPLE = "legal is the text of one layer, such as nn.Conv2d(1, 1, 3, padding=1)"
_ARRAYS = ("zeros", "ones", "empty", "rand", "randn", "Input", "normal", "uniform", "ShapeDtypeStruct")
_FOREIGN = [
    "chainer",
    "eqx",
    "equinox",
    "haiku",
    "hk",
    "jittor",
    "mindspore",
    "mlx",
    "mxnet",
    "paddle",
    "snt",
    "sonnet",
]
_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
}


class Unread(NamedTuple):
    """An argument that is no literal, as it was written."""

    text: str


class Shaped(NamedTuple):
    """An array of which the text tells the shape."""

    shape: tuple[int, ...]


class Call(NamedTuple):
    """One call: its dotted name and its arguments; `applied` are those of a call of its result, `layer(…)(x)`, if any."""

    name: str
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = {}
    applied: tuple[tuple[Any, ...], Mapping[str, Any]] | None = None

    @property
    def short(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]


def refused(field: str, given: str, legal: str) -> SceneError:
    """The error of this package: one line about one thing."""
    return SceneError(Problem(field, " ".join(given.split()), legal))


def read_call(text: str) -> Call:
    """The one call in a Python text, imports, an assignment's target and a trailing comma left aside; else SceneError."""
    node = _expression(text)
    if isinstance(node, ast.Tuple) and len(node.elts) == 1:
        node = node.elts[0]
    if not isinstance(node, ast.Call):
        raise refused("code", got(text), _EXAMPLE)
    applied = None
    if isinstance(node.func, ast.Call):
        applied = _arguments(node)
        node = node.func
    name = _dotted(node.func)
    if not name:
        raise refused("code", got(text), _EXAMPLE)
    return Call(name, *_arguments(node), applied)


def _expression(text: str) -> ast.expr:
    if len(text) > TEXT_LIMIT:
        raise refused("code", f"got {len(text):,} characters", f"legal are {TEXT_LIMIT:,} at most")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes in the user's text, which is not ours to compile
            body = ast.parse(textwrap.dedent(text).strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise refused("code", f"{got(text)}, which is no Python", _EXAMPLE) from None
    while len(body) > 1 and isinstance(body[0], ast.Import | ast.ImportFrom):
        _refuse_foreign_import(body.pop(0))
    if len(body) > 1:
        raise refused("code", f"got {len(body)} statements", _EXAMPLE)
    statement = body[0] if body else None
    if isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign | ast.Return) and statement.value is not None:
        return statement.value
    raise refused("code", got(text), _EXAMPLE)


def _refuse_foreign_import(statement: ast.stmt) -> None:
    if isinstance(statement, ast.ImportFrom):
        refuse_foreign(statement.module or "")
    if isinstance(statement, ast.Import):
        for imported in statement.names:
            refuse_foreign(imported.name)


def refuse_foreign(name: str) -> None:
    """Refuse the dotted name of a framework whose layers are called like others and mean something else."""
    if name.partition(".")[0] in _FOREIGN:
        raise refused("code", got(name), "legal are layers of PyTorch, Keras, TensorFlow, JAX, Flax and ONNX")


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _arguments(node: ast.Call) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if any(isinstance(value, ast.Starred) for value in node.args) or any(word.arg is None for word in node.keywords):
        raise refused("code", "got * or ** among the arguments", "legal are arguments written out")
    refuse_repeated(str(word.arg) for word in node.keywords)
    try:
        positional = tuple(literal(value) for value in node.args)
        return positional, {str(word.arg): literal(word.value) for word in node.keywords}
    except RecursionError:
        raise refused("code", "got a text nested too deeply", _EXAMPLE) from None


def refuse_repeated(names: Iterable[str]) -> None:
    """Refuse a name that is given a second time."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise refused(name, "given twice", "legal is once")
        seen.add(name)


def literal(node: ast.expr) -> Any:
    """The value of a literal, sums and products of numbers worked out; an Unread for anything else."""
    try:
        return _value(node)
    except (ValueError, TypeError, ArithmeticError):
        return Unread(ast.unparse(node))


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Tuple() | ast.List():
            return tuple(literal(item) for item in node.elts)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign):
            number = _number(_value(node.operand))
            return -number if isinstance(sign, ast.USub) else number
        case ast.BinOp():
            return _worked_out(node)
        case ast.Call():
            return _shaped(node)
    raise ValueError


def _worked_out(node: ast.BinOp) -> Any:
    left, right = _value(node.left), _value(node.right)
    if any(isinstance(side, Shaped) for side in (left, right)):
        raise ValueError
    if isinstance(left, tuple) and isinstance(node.op, ast.Mult) and isinstance(right, int) and 0 <= right <= 9:
        return _few(left, times=right) * right
    if isinstance(left, tuple) and isinstance(right, tuple) and isinstance(node.op, ast.Add):
        return _few(left + right)
    result = _OPERATORS.get(type(node.op), _no_operator)(_number(left), _number(right))
    if abs(result) > _NUMBER_LIMIT:
        raise ValueError
    return result


def _few(entries: tuple[Any, ...], times: int = 1) -> tuple[Any, ...]:
    """The tuple, unless it (repeated) holds more entries than any layer has, those of tuples in it counted."""
    if _count(entries) * times > _MOST_ENTRIES:
        raise ValueError
    return entries


def _count(value: Any) -> int:
    return sum(map(_count, value)) if isinstance(value, tuple) else 1


def _no_operator(left: Any, right: Any) -> Any:
    raise ValueError((left, right))


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _NUMBER_LIMIT:
        raise ValueError
    return value


def _shaped(node: ast.Call) -> Shaped:
    """The shape of `np.zeros((1, 3, 8, 8))`, `torch.randn(1, 3, 8, 8)` or `jax.random.normal(key, shape)`."""
    if _dotted(node.func).rpartition(".")[2] not in _ARRAYS:
        raise ValueError
    named = {word.arg: literal(word.value) for word in node.keywords}
    given = [*(literal(value) for value in node.args), *(value for name, value in named.items() if name == "shape")]
    lists = [value for value in given if isinstance(value, tuple) and not isinstance(value, Unread)]
    shape = lists[0] if lists else tuple(value for value in given if not isinstance(value, Unread))
    if not shape or not all(isinstance(length, int) and length > 0 for length in shape):
        raise ValueError
    return Shaped(tuple(shape))
