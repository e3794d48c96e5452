"""Scenes and code: `scene_from_code` reads a layer's text, `scene_from_layer` a live layer, `code_for` writes a script.

Nothing of any framework is imported; a text is parsed, never executed.
"""

from convanim.scene.code.objects import scene_from_layer
from convanim.scene.code.reading import scene_from_code
from convanim.scene.code.writing import code_for

__all__ = ["code_for", "scene_from_code", "scene_from_layer"]
