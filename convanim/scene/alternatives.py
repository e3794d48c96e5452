"""Alternative texts: what a figure shows, for those who do not see it. A scene's own description goes before all of these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from convanim.errors import times
from convanim.language import Language, language
from convanim.scene import wording
from convanim.scene.model import Scene
from convanim.scene.values import Size

if TYPE_CHECKING:
    from convanim.scene.comparison import Comparison


def alternative_text(scene: Scene, still: int | None = None, moves: str = "", kind: str = "") -> str:
    """What the animation shows: the scene's own description, or one made from it.

    For a still, of step `still` (from 0), it says so. `moves` says how it moves, if that is not placement by placement; `kind`
    what it is, if neither an animation nor one of its steps.
    """
    if scene.description:
        return scene.description
    said = language(scene.view.language)
    kind = kind or kind_of_figure(said, still, 0 if moves else scene.placements)
    return said("{one} {other}", one=_summary(scene, kind), other=moves or _movement(scene))


def alternative_of_comparison(comparison: Comparison, each: Sequence[str]) -> str:
    """What is side by side, from the alternative texts of the parts, left to right: that they move is said once."""
    if comparison.description:
        return comparison.description
    said = language(comparison.scenes[0].view.language)
    summaries = [_summary(scene, said("Animation")) for scene in comparison.scenes]
    is_animation = any(text.startswith(summary) for text, summary in zip(each, summaries, strict=True))
    named = []
    for number, (scene, text, summary) in enumerate(zip(comparison.scenes, each, summaries, strict=True), start=1):
        facts = said("{facts}.", facts=said.listed([wording.operation(scene), *wording.parameters(scene)]))
        told = facts + text.removeprefix(summary) if text.startswith(summary) else text
        named.append(f"{number}. {scene.title + ': ' if scene.title else ''}{told}")
    whole = "Animation, side by side and in step: {parts}" if is_animation else "Side by side: {parts}"
    return said(whole, parts=" ".join(named))


def kind_of_figure(said: Language, still: int | None, of: int = 0) -> str:
    """An animation, or its step `still` (from 0), `of` so many where that is said."""
    if still is None:
        return said("Animation")
    if of:
        return said("Step {number} of {total}", number=still + 1, total=of)
    return said("Step {number}", number=still + 1)


def input_in_sentence(scene: Scene) -> str:
    """The input with what is between and around its cells: `the 5×5 input (padding 1)`."""
    said, around = language(scene.view.language), wording.input_label(scene)[1]
    name = said(f"the {{size}} {wording.reads(scene)}", size=cells_in_sentence(scene.input, said))
    return said("{name} ({around})", name=name, around=said.listed(around)) if around else name


def cells_in_sentence(size: Size, said: Language) -> str:
    """A size before a noun: `5×5`, of one axis `5-cell`."""
    return said("{count}-cell", count=size[0]) if len(size) == 1 else times(size)


def _summary(scene: Scene, kind: str) -> str:
    """The first sentence: what kind of figure it is, of what, and the parameters."""
    said, english = language(scene.view.language), wording.operation(wording.in_language(scene, "en"))
    article = "" if english.endswith(("pooling", "sampling", ")")) and "conv" not in english else "a "
    return said(
        f"{{kind}} of {article}{{what}}: {{parameters}}.",
        kind=kind,
        what=wording.operation(scene),
        parameters=said.listed(wording.parameters(scene)),
    )


def _movement(scene: Scene) -> str:
    """How a view of planes moves, in a sentence."""
    said = language(scene.view.language)
    over, to = input_in_sentence(scene), cells_in_sentence(scene.output, said)
    if scene.op == "max_unpool":
        text = "Each value of {over} goes to the cell of the {to} output that its switch names, zeros stay elsewhere."
    elif scene.op == "upsample":
        text = "Each cell of the {to} output is made of cells of {over}."
    else:
        slides, makes = wording.slides(scene), wording.makes(scene)
        text = f"The {{size}} {slides} slides over {{over}}; each placement makes one cell of the {{to}} {makes}."
    return said(text, size=cells_in_sentence(tuple(axis.kernel for axis in scene.axes), said), over=over, to=to)
