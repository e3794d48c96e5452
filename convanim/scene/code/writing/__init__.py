"""From a scene to a script that computes it in a framework: `code_for`. One file a framework, one line each in WRITERS."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from convanim.errors import Problem, SceneError, got
from convanim.scene.code.writing import jax_script, keras_script, numpy_script, onnx_script, torch_script
from convanim.scene.model import Scene

WRITERS: dict[str, Callable[[Scene], list[str]]] = {
    "torch": torch_script.lines,
    "keras": keras_script.lines,
    "jax": jax_script.lines,
    "onnx": onnx_script.lines,
    "numpy": numpy_script.lines,
}


def code_for(scene: Scene, framework: str) -> str:
    """A script that runs as it is and ends with `y`, a NumPy array equal to the output of `convanim.record(scene)`.

    `framework` is "torch", "keras", "jax", "onnx" or "numpy"; "numpy" writes every scene as a loop anyone can check. Where
    a framework has no option for something the script says it in other operations; SceneError, which names the field,
    where that is beyond it.
    """
    if framework not in WRITERS:
        nearest = get_close_matches(str(framework), WRITERS, n=1)
        legal = f"did you mean {nearest[0]}?" if nearest else f"legal is {', '.join(WRITERS)}"
        raise SceneError(Problem("framework", got(framework), legal))
    return "\n".join(WRITERS[framework](scene)) + "\n"
