"""Signatures as text, and how a call's arguments are bound to them: who is who, what is missing, what is unknown.

A signature is written as Python writes it, `"in_channels, out_channels, kernel_size, stride=1, *, groups=1"`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from convanim.scene.code.reading.call import Call, Shaped, Unread, literal, refused
from convanim.scene.code.said import got

REQUIRED = Unread("required")
_MOST = 10**9


class Signature(NamedTuple):
    """Parameters in order with their defaults; `keyword` are those that cannot be given by position."""

    positional: Mapping[str, Any]
    keyword: Mapping[str, Any]

    @property
    def all(self) -> dict[str, Any]:
        """Every parameter with its default."""
        return {**self.positional, **self.keyword}


@cache
def signature(text: str) -> Signature:
    """The signature that `text` writes."""
    function = ast.parse(f"def layer({text}): ...").body[0]
    assert isinstance(function, ast.FunctionDef)  # noqa: S101 - it was written one line above
    names = [parameter.arg for parameter in function.args.args]
    defaults = [literal(node) for node in function.args.defaults]
    values = [REQUIRED] * (len(names) - len(defaults)) + defaults
    only = {
        parameter.arg: REQUIRED if node is None else literal(node)
        for parameter, node in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    }
    return Signature(dict(zip(names, values, strict=True)), only)


class Arguments:
    """A call's arguments by name. Reading one that is no literal, or of the wrong kind, is a SceneError.

    `layer` is the name that errors call the layer by.
    """

    def __init__(self, layer: str, values: Mapping[str, Any]) -> None:
        self.layer = layer
        self.values = values

    def beside(self, **values: Any) -> Arguments:
        """The same arguments, some of them of other values."""
        return Arguments(self.layer, {**self.values, **values})

    def __contains__(self, name: str) -> bool:
        """Whether the argument was given or has a default other than None."""
        return self.values.get(name) is not None

    def __getitem__(self, name: str) -> Any:
        """The value of an argument, lists as tuples."""
        return self._read(name, self.values.get(name))

    def _read(self, name: str, value: Any) -> Any:
        if isinstance(value, Unread) and value is not REQUIRED:
            raise refused(name, f"got {value.text}, which is no literal", f"{self.layer} needs its value written out")
        if value is REQUIRED:
            raise refused(name, "missing", f"{self.layer} needs it")
        if isinstance(value, tuple) and not isinstance(value, Shaped):
            return tuple(self._read(name, item) for item in value)
        return value

    def whole(self, name: str) -> int:
        """A whole number."""
        value = self[name]
        if isinstance(value, bool) or not isinstance(value, int):
            raise refused(name, got(value), f"legal for {self.layer} is a whole number")
        return value

    def flag(self, name: str) -> bool:
        """True or false; 0 and 1 as ONNX and NumPy write them."""
        value = self[name]
        if not isinstance(value, bool) and (not isinstance(value, int) or value not in (0, 1)):
            raise refused(name, got(value), "legal is true or false")
        return bool(value)

    def boolean(self, name: str) -> bool:
        """True or false and nothing else, as PyTorch has it."""
        value = self[name]
        if not isinstance(value, bool):
            raise refused(name, got(value), "legal is true or false")
        return value

    def exactly(self, name: str, *legal: str) -> str:
        """One of a few words, written in just these letters."""
        value = self[name]
        if not isinstance(value, str) or value not in legal:
            raise refused(name, got(value), f"legal for {self.layer} here is {' or '.join(map(repr, legal))}")
        return value

    def word(self, name: str, *legal: str) -> str:
        """One of a few words, in lower case."""
        value = self[name]
        if not isinstance(value, str) or value.lower() not in legal:
            raise refused(name, got(value), f"legal for {self.layer} here is {' or '.join(map(repr, legal))}")
        return value.lower()

    def sizes(self, name: str) -> Any:
        """A whole number, or a tuple of them; a tuple of one number stays one."""
        value = self[name]
        numbers = entries(value)
        if not numbers or not all(type(number) is int for number in numbers):
            raise refused(name, got(value), "legal is a whole number or one for each axis")
        return value

    def factors(self, name: str) -> Any:
        """A finite number above 0, or a tuple of them."""
        value = self[name]
        numbers = entries(value)
        if not numbers or not all(type(number) in {int, float} and 0 < number < _MOST for number in numbers):
            raise refused(name, got(value), "legal is a number above 0 or one for each axis")
        return value

    def neutral(self, **legal: Any) -> None:
        """Refuse arguments that would change the numbers: each must have one of its values that do not."""
        for name, values in legal.items():
            value = self[name] if self.values.get(name) is not None else None
            if value not in values:
                shown = " or ".join(str(each) for each in values)
                raise refused(name, got(value), f"only {shown} can be shown; a scene is the layer alone")


def entries(value: Any) -> tuple[Any, ...]:
    """The entries of a tuple, or the value alone."""
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def bind(call: Call, text: str, ignored: str = "") -> Arguments:
    """A call's arguments by the names of the signature `text`; `ignored` names more that change no number."""
    takes = signature(text)
    silent = frozenset(ignored.replace(",", " ").split())
    values = takes.all
    if len(call.arguments) > len(takes.positional):
        given, most = len(call.arguments), len(takes.positional)
        raise refused("code", f"{call.short} got {given} arguments by position", f"legal are {most} at most")
    placed = dict(zip(takes.positional, call.arguments, strict=False))
    for name, value in (*placed.items(), *_named(call, values, silent, placed)):
        values[name] = value
    missing = [name for name, value in values.items() if value is REQUIRED]
    if missing:
        raise refused(missing[0], "missing", f"{call.short} needs {', '.join(missing)}")
    return Arguments(call.short, values)


def _named(
    call: Call, known: Mapping[str, Any], silent: frozenset[str], placed: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    for name, value in call.keywords.items():
        if name in placed:
            raise refused(name, "given twice", f"{call.short} takes it once, by position or by name")
        if name in known:
            yield name, value
        elif name not in silent:
            raise refused(name, f"not an argument of {call.short}", _hint(name, [*known, *silent]))


def _hint(name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - for those who mistype

    nearest = get_close_matches(name, known, n=1)
    return f"did you mean {nearest[0]}?" if nearest else f"known are {', '.join(known)}"
