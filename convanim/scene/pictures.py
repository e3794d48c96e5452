"""Pictures as values: a file (or a `data:` URI) read as greys 0 to 255, scaled to the size of the array that it fills.

A scene holds the greys themselves, and written down it holds them as a small PNG, so that a scene file inside a figure
needs no other file.
"""

from __future__ import annotations

import base64
import os
import warnings
from io import BytesIO
from math import prod

from PIL import Image, ImageOps

from convanim.errors import times
from convanim.scene.values import Picture, Size

MOST_CELLS = 2**24
_URI = "data:image/png;base64,"


def read_picture(source: str, size: Size) -> Picture:
    """The greys of a picture, averaged to `size` (rows, columns). ValueError says why there are none."""
    is_inline = source.startswith("data:")
    named = "its data:" if is_inline else f"{source}:"
    if len(size) != 2:
        raise ValueError("a picture has two axes, the scene has one")
    if prod(size) > MOST_CELLS:
        raise ValueError(f"a picture of {times(size)}, and legal are {MOST_CELLS:,} cells at most")
    if "://" in source:
        raise ValueError(f"{named} an address, and none is fetched")
    if not is_inline and os.path.lexists(source) and not os.path.isfile(source):  # noqa: PTH113 - never raises
        raise ValueError(f"{named} no regular file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a picture that is odd but can be read will do
            grey = _read(BytesIO(_inline(source)) if is_inline else source)
    except (FileNotFoundError, PermissionError) as fault:
        raise ValueError(f"{named} {(fault.strerror or str(fault)).lower()}") from None
    except Image.DecompressionBombError:
        raise ValueError(f"{named} more pixels than are safe to read") from None
    except Exception:  # noqa: BLE001 - Pillow's many readers raise whatever a broken file makes of them
        raise ValueError(f"{named} not a picture that can be read") from None
    return Picture(size, grey.resize((size[1], size[0]), Image.Resampling.BOX).tobytes())


def _read(source: str | BytesIO) -> Image.Image:
    with Image.open(source) as image:
        return _grey(ImageOps.exif_transpose(image))


def data_uri(picture: Picture) -> str:
    """The picture as a PNG inside a text."""
    stream = BytesIO()
    Image.frombytes("L", (picture.size[1], picture.size[0]), picture.levels).save(stream, "PNG", optimize=True)
    return _URI + base64.b64encode(stream.getvalue()).decode()


def _inline(source: str) -> bytes:
    _, _, encoded = source.partition(";base64,")
    return base64.b64decode(encoded, validate=True)


def _grey(image: Image.Image) -> Image.Image:
    """The picture in greys of 8 bits; what is transparent is white."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if image.mode in {"I", "F"}:
        raise ValueError(image.mode)
    whole = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("L")
