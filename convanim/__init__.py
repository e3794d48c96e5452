"""convanim: animated figures of convolution arithmetic, exact, for any convolution.

    import convanim
    scene = convanim.Scene(input=2, kernel=3, stride=2, transposed=True)
    convanim.render(scene, "figure.gif")

The names below are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from convanim.showing import shows_by

if TYPE_CHECKING:
    from convanim.batch import render_many
    from convanim.engine import Recording, record
    from convanim.engine.chain import record_stack
    from convanim.engine.matrix import Matrix, matrix
    from convanim.errors import FormatError, SceneError
    from convanim.rendering import render, render_deck, render_stills, storyboard
    from convanim.scene import Scene, load_scene
    from convanim.scene.comparison import Comparison
    from convanim.scene.files import load_figure, load_stack
    from convanim.scene.stack import Stack

__version__ = "0.1.0"

_HOMES = {
    "Comparison": "convanim.scene.comparison",
    "Explorer": "convanim.widget",
    "FormatError": "convanim.errors",
    "Matrix": "convanim.engine.matrix",
    "Recording": "convanim.engine",
    "Scene": "convanim.scene",
    "SceneError": "convanim.errors",
    "Stack": "convanim.scene.stack",
    "load_figure": "convanim.scene.files",
    "load_scene": "convanim.scene",
    "load_stack": "convanim.scene.files",
    "record_stack": "convanim.engine.chain",
    "matrix": "convanim.engine.matrix",
    "record": "convanim.engine",
    "render": "convanim.rendering",
    "render_deck": "convanim.rendering",
    "render_many": "convanim.batch",
    "render_stills": "convanim.rendering",
    "storyboard": "convanim.rendering",
}

_EXTRAS = {"anywidget": "notebook", "traitlets": "notebook"}

__all__ = [
    "Comparison",
    "FormatError",
    "Matrix",
    "Recording",
    "Scene",
    "SceneError",
    "Stack",
    "load_figure",
    "load_scene",
    "load_stack",
    "matrix",
    "record",
    "record_stack",
    "render",
    "render_deck",
    "render_many",
    "render_stills",
    "storyboard",
]


def _bundle(*figure: Any) -> dict[str, Any]:
    from convanim.notebook import bundle  # noqa: PLC0415 - for notebooks

    return bundle(*figure)


shows_by(_bundle)


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        module = import_module(home)
    except ModuleNotFoundError as fault:
        if fault.name not in _EXTRAS:
            raise
        text = f'{name} needs {fault.name}; install it with: pip install "convanim[{_EXTRAS[fault.name]}]"'
        raise ImportError(text, name=fault.name) from None
    return getattr(module, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
