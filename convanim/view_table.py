"""The table of views. Adding one is a module in `views/` and a line here; listing them imports none."""

from __future__ import annotations

from typing import NamedTuple


class View(NamedTuple):
    """A row: the module, how many cells its picture can hold, and whether it draws more channels than one.

    The module has `storyboard(recording, shown)`. It may have `refusal(scene)`, the Problem with a scene that the view
    makes no sense of, or None, and `steps(scene)`, how many steps the whole figure has where that is not one for each
    placement. A `page` shows all chosen placements at once, in one step. `most_axes` are how many axes it draws at the most.
    """

    module: str
    most_cells: int
    channels: bool = False
    page: bool = False
    most_axes: int = 2


VIEWS = {
    "isometric": View("convanim.views.isometric", 2**19, channels=True),
    "numeric": View("convanim.views.numeric", 2**14),
    "gather": View("convanim.views.gather", 2**12),
    "scatter": View("convanim.views.scatter", 2**10),
    "channels": View("convanim.views.channels", 2**14, channels=True),
    "matrix": View("convanim.views.matrix", 2**14),
    "all-steps": View("convanim.views.all_steps", 2**14, channels=True, page=True),
    "line": View("convanim.views.line", 2**11, most_axes=1),
}

# stacks of layers have one view, whose `storyboard(stack, shown)`, `refusal` and `steps` take a Stack
STACKS = View("convanim.views.stack", 2**18, channels=True)
