"""What the user asked for, checked: `Scene`, read from and written to scene files, and put into words."""

from convanim.scene.files import load_scene, parse_scene, scene_to_dict, scene_to_toml
from convanim.scene.model import Scene, Timing, Values, View

__all__ = ["Scene", "Timing", "Values", "View", "load_scene", "parse_scene", "scene_to_dict", "scene_to_toml"]
