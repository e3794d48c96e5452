"""Draws the pictures beside it: a digit as if written by hand, and a ball on a chequered floor, ray-traced."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

HERE = Path(__file__).parent
FINE = 8


def digit(size: int = 28) -> Image.Image:
    """A white 2 on black: a pen's round tip along a curve."""
    side = size * FINE
    picture = Image.new("L", (side, side))
    pen = ImageDraw.Draw(picture)
    turn = np.linspace(np.pi * 1.05, np.pi * 2.35, 120)
    arc = np.stack([0.49 + 0.185 * np.cos(turn), 0.36 + 0.165 * np.sin(turn)], axis=1)
    bow = np.linspace(0, 1, 90)[:, np.newaxis]
    slope = arc[-1] * (1 - bow) ** 2 + np.array([0.47, 0.60]) * 2 * bow * (1 - bow) + np.array([0.29, 0.775]) * bow**2
    foot = np.stack([np.linspace(0.29, 0.735, 80), 0.775 - 0.03 * np.sin(np.linspace(0, 2 * np.pi, 80))], axis=1)
    for number, (x, y) in enumerate(np.concatenate([arc, slope, foot])):
        tip = side * (0.040 + 0.010 * np.sin(number / 34))
        pen.ellipse((x * side - tip, y * side - tip, x * side + tip, y * side + tip), fill=255)
    return picture.resize((size, size), Image.Resampling.BOX)


def ball(size: int = 224, samples: int = 4) -> Image.Image:
    """A ball with a shine and a shadow, seen from a little above."""
    side = size * samples
    down, right = np.mgrid[0:side, 0:side] / side * 2 - 1 + 1 / side
    ray = np.stack([right, -down - 0.42, np.full_like(right, 1.9)], axis=-1)
    ray /= np.linalg.norm(ray, axis=-1, keepdims=True)
    eye, middle, light = np.array([0.0, 1.35, -3.6]), np.array([0.15, 0.0, 0.0]), np.array([-0.55, 0.75, -0.37])
    light /= np.linalg.norm(light)
    to_middle = eye - middle
    half = (ray * to_middle).sum(axis=-1)
    hit = half**2 - (to_middle @ to_middle - 1)
    distance = -half - np.sqrt(np.maximum(hit, 0))
    normal = eye + distance[..., np.newaxis] * ray - middle
    bright = np.maximum((normal * light).sum(axis=-1), 0)
    mirrored = 2 * bright[..., np.newaxis] * normal - light
    shine = np.maximum(-(mirrored * ray).sum(axis=-1), 0) ** 24
    on_ball = 0.12 + 0.62 * bright + 0.4 * shine
    reach = np.where(ray[..., 1] < -1e-6, -(eye[1] + 1) / np.minimum(ray[..., 1], -1e-6), np.inf)
    floor = eye + np.minimum(reach, 60)[..., np.newaxis] * ray
    chequered = np.where((np.floor(floor[..., 0] / 0.7) + np.floor(floor[..., 2] / 0.7)) % 2 == 0, 0.82, 0.36)
    across = floor - middle
    towards = (across * light).sum(axis=-1)
    clear = np.sqrt(np.maximum((across**2).sum(axis=-1) - towards**2, 0))
    shadow = np.clip((clear - 0.82) / 0.3, 0, 1) * 0.72 + 0.28
    far = np.exp(-np.minimum(reach, 60) / 14)[..., np.newaxis][..., 0]
    sky = 0.62 + 0.3 * np.clip(down + 1, 0, 1)
    ground = np.where(np.isfinite(reach), (chequered * shadow) * far + 0.86 * (1 - far), sky)
    levels = np.where(hit > 0, on_ball, ground)
    coarse = levels.reshape(size, samples, size, samples).mean(axis=(1, 3))
    return Image.fromarray(np.rint(np.clip(coarse, 0, 1) * 255).astype(np.uint8))


if __name__ == "__main__":
    digit().save(HERE / "digit.png", optimize=True)
    ball().save(HERE / "ball.png", optimize=True)
