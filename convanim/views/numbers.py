"""Numbers as a figure writes them: real minus signs, whole numbers without decimals, fractions while they are short."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import isclose

Number = int | float | Fraction
_SHORT_FRACTION = 5
_LONG = 12
_DIGITS, _PLAIN = 4, 7


@lru_cache(maxsize=4096, typed=True)  # a float is written otherwise than the whole number that it equals
def short(value: Number) -> str:
    """The value for a cell."""
    if isinstance(value, Fraction) and value.denominator != 1:
        text = f"{value.numerator}/{value.denominator}"
        return _minus(text) if len(text) <= _SHORT_FRACTION else _rounded(float(value))
    if isinstance(value, float):
        return _rounded(value)
    text = str(value)
    return _minus(text) if len(text) <= _LONG else _rounded(int(value))


def equals(value: Number, *, rounded: bool = False) -> str:
    """`= value` for the end of a sum, or `≈ value` where it, or a term before it (`rounded`), is shown rounded."""
    text = short(value)
    if isinstance(value, Fraction) and len(f"{value.numerator}/{value.denominator}") <= _LONG:
        text = _minus(f"{value.numerator}/{value.denominator}")
    return f"{'≈' if rounded or not shows_all(value, text) else '='} {text}"


@lru_cache(maxsize=4096, typed=True)
def shows_all(value: Number, text: str) -> bool:
    """Whether a text of `short` shows all of a value.

    A decimal that differs from a float only as binary fractions do from decimal ones counts as all of it.
    """
    shown = Fraction(text.replace("−", "-"))
    return shown == value or (isinstance(value, float) and isclose(float(shown), value, rel_tol=1e-12))


def factor(value: Number) -> str:
    """The value as part of a product or sum: negative numbers in parentheses."""
    text = short(value)
    return f"({text})" if text.startswith("−") else text


def _rounded(value: float) -> str:
    """Four digits, or one decimal where four digits are not enough for the whole part; powers of ten beyond a million."""
    try:
        whole = len(f"{abs(value):.0f}")
        digits = max(_DIGITS, whole + 1) if whole <= _PLAIN else _DIGITS
        text = f"{value:.{digits}g}"
    except OverflowError:
        return _scientific(int(value))
    mantissa, _, exponent = text.partition("e")
    plain = f"{mantissa}e{int(exponent)}" if exponent else mantissa
    return "0" if plain == "-0" else _minus(plain)


def _scientific(value: int) -> str:
    """A whole number beyond all floats."""
    digits = str(abs(value))
    return _minus(f"{'-' * (value < 0)}{digits[0]}.{digits[1:_DIGITS]}e{len(digits) - 1}")


def _minus(text: str) -> str:
    return text.replace("-", "−")
