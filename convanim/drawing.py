"""A figure computed once, and its storyboards: an animation's, with all its steps, and a still's, with the last one.

Whatever cannot be drawn is refused before anything is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from convanim import __version__, formats, selection, views
from convanim.draw.storyboard import Storyboard
from convanim.draw.theme import Finish, chosen_theme
from convanim.engine import Recording, record
from convanim.errors import SceneError, expect
from convanim.formats import Format, Pictured
from convanim.scene import Scene, alternatives, wording
from convanim.scene.comparison import Comparison
from convanim.scene.files import figure_to_toml
from convanim.timings import stage
from convanim.view_table import VIEWS

if TYPE_CHECKING:
    from convanim.scene.model import View
    from convanim.scene.stack import Stack
    from convanim.scene.stack_look import StackView

Figure: TypeAlias = "Scene | Recording | Comparison | Stack"


def source_of(figure: Scene | Comparison | Stack) -> str:
    """The text that a figure's files carry: what made them, and which version did. Equal texts are equal files."""
    return f"# convanim {__version__}\n{figure_to_toml(figure)}"


def drawing_of(figure: Figure, stills: Iterable[bool]) -> Drawing:
    """The drawing of a figure, for an animation (False), a still (True) or both. TypeError if it is no figure."""
    expect_figure(figure, Recording)
    return _ComparisonDrawing(figure, stills) if isinstance(figure, Comparison) else _SceneDrawing(figure, stills)


def expect_figure(figure: object, *kinds: type) -> None:
    """TypeError if that is no scene, comparison or stack, nor of other `kinds`."""
    if not isinstance(figure, (Scene, *kinds, Comparison)):
        from convanim.scene.stack import Stack  # noqa: PLC0415 - most figures are of scenes

        expect(figure, Scene, *kinds, Comparison, Stack)


def step_count(figure: Scene | Comparison | Stack) -> int:
    """How many steps the whole figure has: as a rule, one for each placement."""
    if isinstance(figure, Comparison):
        return max(map(step_count, figure.scenes))
    return views.step_count(figure)


def steps_shown(figure: Scene | Stack, *, still: bool = False, longest: int = 0) -> range:
    """The steps that an animation of a scene or stack shows, or a still; a Notice says so if that is not all of an animation's.

    A page is a still of all of them. `longest` is how many steps the longest of scenes side by side has.
    """
    is_page = isinstance(figure, Scene) and VIEWS[figure.view.kind].page
    choose = selection.still if still and not is_page else selection.animated
    return choose(figure, step_count(figure), longest)


class Drawing:
    """What there is to know of a figure that is being drawn: the text that made it, how it is finished, its boards."""

    source: str
    finish: Finish
    step_count: int

    def __init__(self) -> None:
        self._boards: dict[bool, Storyboard] = {}

    def board(self, *, stills: bool) -> Storyboard:
        """The storyboard of an animation or of a still."""
        if stills not in self._boards:
            self._boards[stills] = self._drawn(stills=stills)
        return self._boards[stills]

    def expect_held(self, row: Format) -> None:
        """FormatError if a format cannot hold the figure and knows that beforehand."""
        refuse = getattr(formats.module_of(row), "refuse", None)
        if refuse:
            refuse(self.board(stills=row.stills), self.finish)

    def pictured(self) -> Pictured:
        """The animation, ready to be written."""
        return Pictured(self.board(stills=False), self.finish, self.source)

    def write(self, row: Format, stream: BinaryIO) -> None:
        """Write the figure in one format."""
        board, module = self.board(stills=row.stills), formats.module_of(row)
        with stage("encode"):
            module.write(board, self.finish, self.source, stream)

    def _drawn(self, *, stills: bool) -> Storyboard:
        raise NotImplementedError


class _SceneDrawing(Drawing):
    """One scene, its recording, or a stack, which is drawn without values."""

    def __init__(self, figure: Scene | Recording | Stack, stills: Iterable[bool], longest: int = 0) -> None:
        super().__init__()
        scene = figure.asked if isinstance(figure, Recording) else figure
        views.refuse_what_cannot_be_drawn(scene)
        self._shown = {kind: steps_shown(scene, still=kind, longest=longest) for kind in set(stills)}
        with stage("record"):
            self._computed = record(figure) if isinstance(figure, Scene) else figure
        self.scene = self._computed.scene if isinstance(self._computed, Recording) else scene
        self.finish = _finish(scene.view)
        self.step_count = step_count(scene)

    @property
    def source(self) -> str:  # type: ignore[override]
        return source_of(self.scene)

    def _drawn(self, *, stills: bool) -> Storyboard:
        return views.storyboard(self._computed, self._shown[stills])


class _ComparisonDrawing(Drawing):
    """Scenes side by side, in step."""

    def __init__(self, figure: Comparison, stills: Iterable[bool]) -> None:
        super().__init__()
        self._comparison, kinds = figure, list(stills)
        self.step_count = step_count(figure)
        self._parts: list[_SceneDrawing] = []
        for number, scene in enumerate(figure.scenes, start=1):
            with _said_by_scene(number):
                self._parts.append(_SceneDrawing(scene, kinds, self.step_count))
        self.finish = self._parts[0].finish
        self.source = source_of(figure)

    def _drawn(self, *, stills: bool) -> Storyboard:
        from convanim.draw.beside import beside  # noqa: PLC0415 - most figures are of one scene

        comparison, timing = self._comparison, self._comparison.timing
        boards: list[Storyboard] = []
        for number, part in enumerate(self._parts, start=1):
            with _said_by_scene(number):
                boards.append(part.board(stills=stills))
        return beside(
            boards,
            [scene.title for scene in comparison.scenes],
            step=timing.step,
            hold=timing.hold,
            plays=timing.loop,
            title=wording.title_of_comparison(comparison),
            alternative=alternatives.alternative_of_comparison(comparison, [board.alternative for board in boards]),
        )


@contextmanager
def _said_by_scene(number: int) -> Iterator[None]:
    """What is wrong with one of several scenes is said as of that one."""
    try:
        yield
    except SceneError as fault:
        raise fault.inside(f"scenes[{number}]") from None


def _finish(view: View | StackView) -> Finish:
    is_transparent = view.background == "transparent"
    return Finish(
        chosen_theme(view.theme), view.scale, view.levels, is_transparent, view.pixel_format, outlined=view.outlined
    )
