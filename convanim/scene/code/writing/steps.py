"""Lines and numbers that several frameworks' scripts share."""

from __future__ import annotations

from convanim.errors import Problem, SceneError
from convanim.scene.model import Scene
from convanim.scene.wording import operation

NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def comment(scene: Scene) -> str:
    """The operation as the first line of a script."""
    return f"# {operation(scene)}"


def beyond_it(field: str, framework: str, why: str) -> SceneError:
    """The error for what a framework cannot say."""
    return SceneError(Problem(field, f"{framework} {why}", 'legal for every scene is framework "numpy"'))


def kernel_axes(scene: Scene) -> tuple[int, ...]:
    """The axes of a kernel that slide: all but its channels."""
    return tuple(range(2, scene.dimensions + 2))


def per_group(scene: Scene) -> tuple[int, int]:
    """Input and output channels of each group."""
    return scene.in_channels // scene.groups, scene.out_channels // scene.groups


def flipped_lines(scene: Scene, call: str = "np.flip(w, {})") -> list[str]:
    """The kernel turned as a true convolution turns it, by `call` of its axes; no line if it is not."""
    if not scene.flip:
        return []
    return [f"w = {call.format(kernel_axes(scene))}  # true convolution: the kernel is turned"]


def numpy_padded(scene: Scene, name: str = "np") -> list[str]:
    """`x` padded in the scene's mode, by NumPy or what is called like it; no line if there is no padding."""
    if not any(map(any, scene.pads)):
        return []
    batch = [] if name == "np" else [(0, 0)]
    mode = "" if scene.padding_mode == "zeros" else f', mode="{NUMPY_MODES[scene.padding_mode]}"'
    return [f"x = {name}.pad(x, {[*batch, (0, 0), *scene.pads]}{mode})"]


def whole_scales(scene: Scene) -> tuple[int, ...]:
    """How many times larger each axis of an upsampling becomes, where that is whole."""
    return tuple(output // size for output, size in zip(scene.output, scene.input, strict=True))


def every_scale(scene: Scene) -> str:
    """`::2, ::3`: where the cells of the input are in a bed of nails."""
    return ", ".join(f"::{cells}" for cells in whole_scales(scene))
