"""Formulas as data: rows of text, fractions and fences, which others set with bars, write on one line, or as LaTeX.

In text, letters are variables, save those of a `Words`.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

_LATEX_FENCES = {"⌊": r"\left\lfloor", "⌋": r"\right\rfloor", "⌈": r"\left\lceil", "⌉": r"\right\rceil"}
_LATEX_SIGNS = {"·": r" \cdot ", "−": "-", "→": r"\to ", "₁": "_1", "₂": "_2"}


class Fraction(NamedTuple):
    """One text over another."""

    over: str
    under: str


class Fenced(NamedTuple):
    """A part between two fences as high as it is: ⌊ ⌋ or ⌈ ⌉."""

    left: str
    inside: Fraction | str
    right: str


class Words(NamedTuple):
    """Text whose letters are no variables."""

    text: str


Row: TypeAlias = "tuple[str | Words | Fraction | Fenced, ...]"


def plain(row: Row) -> str:
    """A row on one line: `⌊(5 + 2·1 − 3) / 2⌋ + 1 = 3`."""
    return "".join(map(_plain, row))


def latex(row: Row) -> str:
    r"""A row as LaTeX for math mode: `\left\lfloor\frac{5 + 2 \cdot 1 - 3}{2}\right\rfloor + 1 = 3`."""
    return re.sub(" +", " ", "".join(map(_latex, row))).strip()


def _plain(part: str | Words | Fraction | Fenced) -> str:
    if isinstance(part, Fenced):
        return f"{part.left}{_plain(part.inside)}{part.right}"
    if isinstance(part, Fraction):
        return f"{_grouped(part.over)} / {_grouped(part.under)}"
    return part.text if isinstance(part, Words) else part


def _grouped(text: str) -> str:
    return f"({text})" if " " in text else text


def _latex(part: str | Words | Fraction | Fenced) -> str:
    if isinstance(part, Fenced):
        return f"{_LATEX_FENCES[part.left]}{_latex(part.inside)}{_LATEX_FENCES[part.right]}"
    if isinstance(part, Fraction):
        return rf"\frac{{{_latex(part.over)}}}{{{_latex(part.under)}}}"
    if isinstance(part, Words):
        return rf"\text{{{part.text}}}"
    return "".join(_LATEX_SIGNS.get(sign, sign) for sign in part)
