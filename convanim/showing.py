"""How scenes, recordings, comparisons and stacks show themselves in notebooks, without knowing how they are drawn.

Who can draw them says so with `shows_by`; the package does when it is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

Bundle = dict[str, Any]
_drawn_by: list[Callable[[Any, Container[str] | None, Container[str] | None], Bundle]] = []


def shows_by(draw: Callable[[Any, Container[str] | None, Container[str] | None], Bundle]) -> None:
    """From now on `draw(figure, include, exclude)` makes what a notebook shows, by MIME type."""
    _drawn_by[:] = [draw]


class ShowsItself:
    """What Jupyter, VS Code and marimo call to show a value."""

    __slots__ = ()

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None, **_: Any
    ) -> Bundle:
        return _drawn_by[0](self, include, exclude) if _drawn_by else {"text/plain": repr(self)}
