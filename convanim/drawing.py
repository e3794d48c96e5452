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
from convanim.errors import Problem, SceneError, expect
from convanim.formats import Format, Pictured, Said
from convanim.scene import Scene, alternatives, wording
from convanim.scene.comparison import Comparison
from convanim.scene.files import figure_to_toml, parse_mapping, read_figure
from convanim.scene.lengths import pixels_of
from convanim.timings import stage
from convanim.view_table import VIEWS

if TYPE_CHECKING:
    from convanim.scene.model import View
    from convanim.scene.stack import Stack
    from convanim.scene.stack_look import StackView

LEAST_SCALE, MOST_SCALE = 0.1, 32  # of a figure whose width is said
Figure: TypeAlias = "Scene | Recording | Comparison | Stack"


def source_of(figure: Scene | Comparison | Stack) -> str:
    """The text that a figure's files carry: what made them, and which version did. Equal texts are equal files."""
    return f"# convanim {__version__}\n{figure_to_toml(figure)}"


def drawing_of(figure: Figure, wanted: Iterable[Format | None]) -> Drawing:
    """The drawing of a figure for some formats, None being an animation in any. TypeError if it is no figure."""
    expect_figure(figure, Recording)
    stills = {row is not None and is_still(row, view_of(figure)) for row in wanted}
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


def view_of(figure: Figure) -> View | StackView:
    """The view that says how a figure is finished: of scenes side by side the first one's, which all share."""
    if isinstance(figure, Comparison):
        return figure.scenes[0].view
    return figure.asked.view if isinstance(figure, Recording) else figure.view


def is_still(row: Format, view: View | StackView) -> bool:
    """Whether a format holds one step of a figure with that view."""
    return row.stills and not (row.pages and view.pages)


class Drawing:
    """What there is to know of a figure that is being drawn: the text that made it, how it is finished, its boards."""

    source: str
    step_count: int
    _view: View | StackView

    def __init__(self) -> None:
        self._boards: dict[bool, Storyboard] = {}

    @property
    def finish(self) -> Finish:
        """How the animation is finished."""
        return finish_of(self._view, self.board(stills=False))

    def board(self, *, stills: bool) -> Storyboard:
        """The storyboard of an animation or of a still."""
        if stills not in self._boards:
            self._boards[stills] = self._drawn(stills=stills)
        return self._boards[stills]

    def expect_held(self, row: Format) -> None:
        """FormatError if a format cannot hold the figure and knows that beforehand."""
        refuse = getattr(formats.module_of(row), "refuse", None)
        if refuse:
            board = self.board(stills=is_still(row, self._view))
            refuse(board, finish_of(self._view, board))

    def pictured(self) -> Pictured:
        """The animation, ready to be written."""
        return Pictured(self.board(stills=False), self.finish, self.source)

    def said_of(self, number: int) -> Said:  # noqa: ARG002 - of scenes side by side no scene file shows one step alone
        """What the still of a step carries, its number from 0: a scene that shows that step alone, if there is one."""
        return Said(self.source, self.board(stills=False).alternative)

    def write(self, row: Format, stream: BinaryIO) -> None:
        """Write the figure in one format."""
        board, module = self.board(stills=is_still(row, self._view)), formats.module_of(row)
        with stage("encode"):
            module.write(board, finish_of(self._view, board), self.source, stream)

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
        self._view = view_of(figure)
        self.step_count = step_count(scene)

    @property
    def source(self) -> str:  # type: ignore[override]
        return source_of(self.scene)

    def said_of(self, number: int) -> Said:
        mapping = parse_mapping(figure_to_toml(self.scene), "")
        mapping.setdefault("timing", {})["steps"] = str(number)
        still = read_figure(mapping)
        return Said(source_of(still), views.storyboard(self._computed, range(number, number + 1)).alternative)

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
                part = _SceneDrawing(scene, kinds, self.step_count)
                _refuse_more_starts_than_steps(figure.starts[number - 1], part.step_count)
                self._parts.append(part)
        self._view = view_of(figure)
        self.source = source_of(figure)

    def _drawn(self, *, stills: bool) -> Storyboard:
        from convanim.draw.beside import beside  # noqa: PLC0415 - most figures are of one scene

        comparison, timing = self._comparison, self._comparison.timing
        boards: list[Storyboard] = []
        for number, part in enumerate(self._parts, start=1):
            with _said_by_scene(number):
                boards.append(part.board(stills=stills))
        are_whole = all(len(board.steps) == part.step_count for board, part in zip(boards, self._parts, strict=True))
        return beside(
            boards,
            [scene.title for scene in comparison.scenes],
            starts=comparison.starts if are_whole else (),
            step=timing.step,
            hold=timing.hold,
            plays=timing.loop,
            title=wording.title_of_comparison(comparison),
            alternative=alternatives.alternative_of_comparison(comparison, [board.alternative for board in boards]),
        )


def _refuse_more_starts_than_steps(starts: tuple[int, ...], steps: int) -> None:
    if len(starts) > steps:
        raise SceneError(
            Problem("starts", f"got {len(starts)} of them", f"legal are {steps} at most, one for each step")
        )


@contextmanager
def _said_by_scene(number: int) -> Iterator[None]:
    """What is wrong with one of several scenes is said as of that one."""
    try:
        yield
    except SceneError as fault:
        raise fault.inside(f"scenes[{number}]") from None


def finish_of(view: View | StackView, board: Storyboard) -> Finish:
    """How a view wants a storyboard finished. SceneError if it would be far too small or too large."""
    scale, dpi = view.scale, view.dpi
    if view.width is not None:
        width = pixels_of(view.width, dpi)
        scale = width / board.size[0]
        if not LEAST_SCALE <= scale <= MOST_SCALE:
            least, most = (round(board.size[0] * each) for each in (LEAST_SCALE, MOST_SCALE))
            said = f"got {view.width}, which is {width:g} pixels"
            raise SceneError(Problem("view.width", said, f"legal are {least} to {most} pixels for this figure"))
    is_transparent = view.background == "transparent"
    return Finish(
        chosen_theme(view.theme), scale, view.levels, is_transparent, view.pixel_format, view.outlined, dpi=dpi
    )
