"""The explorer in a notebook: `Explorer(scene)` shows controls beside the figure, and `widget.scene` is the one that is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from convanim.errors import FormatError, SceneError
from convanim.explore import answers
from convanim.formats.scripts import explorer, player
from convanim.scene import Scene
from convanim.scene.comparison import Comparison
from convanim.scene.files import figure_to_toml, parse_mapping, read_figure
from convanim.scene.stack import Stack

_WEB = Path(__file__).parent / "web"
_FIRST = {"input": 5, "kernel": 3, "stride": 2, "padding": 1}
_KINDS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "start": lambda _: answers.start(),
    "figure": answers.figure,
    "code": answers.code,
    "layer": answers.layer,
}


class Explorer(anywidget.AnyWidget):  # type: ignore[misc]
    """A figure with controls for each of its fields, in Jupyter, VS Code and marimo.

    `scene` is the figure that is shown, as it is changed in the notebook too; setting it shows another: a Scene, a Comparison
    or a Stack. `observe(act, "text")` tells of every change; `text` is the scene file.
    """

    _esm = _WEB / "widget.js"
    _css = _WEB / "explore.css"
    _modules = traitlets.Dict(read_only=True).tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)

    def __init__(self, scene: Scene | Comparison | Stack | None = None, **changes: Any) -> None:
        super().__init__()
        self.set_trait("_modules", {"player": player(), "explorer": explorer()})
        self.scene = Scene(**(_FIRST | changes)) if scene is None else scene
        self.on_msg(self._asked)

    @property
    def scene(self) -> Scene | Comparison | Stack:
        """The figure that is shown."""
        return read_figure(parse_mapping(self.text, "text"), "text")

    @scene.setter
    def scene(self, figure: Scene | Comparison | Stack) -> None:
        if not isinstance(figure, Scene | Comparison | Stack):
            raise TypeError(f"expected a Scene, a Comparison or a Stack, not {type(figure).__name__}")
        self.text = figure_to_toml(figure)

    def _repr_mimebundle_(self, **asked: Any) -> Any:
        """Besides the widget its figure as it is now, for who has no Python to ask: an exported page, a notebook read later."""
        made: tuple[dict[str, Any], dict[str, Any]] | None = super()._repr_mimebundle_(**asked)
        try:
            picture = self.scene._repr_mimebundle_(include={"text/html"})
        except (SceneError, FormatError):  # the page says what is wrong with the text
            picture = {}
        return (picture | made[0], made[1]) if made else picture

    def _asked(self, _widget: object, message: Any, buffers: list[Any]) -> None:
        """Answer what the page asks, by its number."""
        number, kind, question = (message.get(name) for name in ("number", "kind", "question"))
        try:
            if kind == "file":
                data = answers.file(question, question["suffix"])
                self.send({"number": number}, [data])
                return
            answer = (
                answers.picture(bytes(buffers[0]), question["size"]) if kind == "picture" else _KINDS[kind](question)
            )
        except (SceneError, FormatError) as fault:
            problems = [each._asdict() for each in fault.problems] if isinstance(fault, SceneError) else []
            self.send({"number": number, "reason": str(fault), "problems": problems})
            return
        except Exception:  # which the notebook logs, but the page would wait for ever
            self.send(
                {"number": number, "reason": "something went wrong; the notebook's log says what", "problems": []}
            )
            raise
        self.send({"number": number, "answer": answer})
