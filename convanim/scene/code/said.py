"""What a layer's text has, said in an error as Python writes it: None and True, where a scene file says null and true."""

from __future__ import annotations

from convanim import errors


def got(value: object) -> str:
    """`value` on one line and not too long: the `given` of a Problem."""
    return f"got {value}" if value is None or isinstance(value, bool) else errors.got(value)
