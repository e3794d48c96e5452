"""The table of views. Adding one is a module in `views/` and a line here; listing them imports none."""

from __future__ import annotations

from typing import NamedTuple


class View(NamedTuple):
    """A row: the module, how many cells its picture can hold, and whether it draws more channels than one.

    The module has `storyboard(recording, shown)`. It may have `refusal(scene)`, the Problem with a scene that the view
    makes no sense of, or None, and `steps(scene)`, how many steps the whole figure has where that is not one for each
    placement. A `page` shows all chosen placements at once, in one step. `most_axes` are how many axes it draws at the most.
    `takes` are the fields of `[view]` that it has a use for and not every view has; a scene that sets another is refused.
    """

    module: str
    most_cells: int
    channels: bool = False
    page: bool = False
    most_axes: int = 2
    takes: tuple[str, ...] = ()


# what not every view has a use for: the values that ask for nothing
UNASKED: dict[str, tuple[object, ...]] = {
    "formula": (None, False),
    "overlaps": (False,),
    "numbered": (False,),
    "dropped_by_stride": (1,),
    "symbols": (False,),
    "colour": (None, "role"),
    "output": ("computed",),
}
_SUMS = ("formula", "numbered", "output")
_SHADED = ("colour", "output")

VIEWS = {
    "isometric": View("convanim.views.isometric", 2**19, channels=True, takes=(*_SHADED, "numbered")),
    "numeric": View("convanim.views.numeric", 2**14, takes=(*_SUMS, "colour", "dropped_by_stride")),
    "gather": View("convanim.views.gather", 2**12, takes=(*_SUMS, "colour")),
    "scatter": View("convanim.views.scatter", 2**10, takes=("numbered", "overlaps")),
    "channels": View("convanim.views.channels", 2**14, channels=True, takes=_SUMS),
    "matrix": View("convanim.views.matrix", 2**14, takes=(*_SHADED, "symbols")),
    "all-steps": View("convanim.views.all_steps", 2**14, channels=True, page=True, takes=(*_SHADED, "numbered")),
    "line": View("convanim.views.line", 2**11, most_axes=1, takes=(*_SUMS, "colour")),
}

# stacks of layers have one view, whose `storyboard(stack, shown)`, `refusal` and `steps` take a Stack
STACKS = View("convanim.views.stack", 2**18, channels=True)
