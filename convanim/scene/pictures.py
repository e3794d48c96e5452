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

from PIL import Image, ImageOps, features

from convanim.errors import times
from convanim.scene.values import Picture, Size

MOST_CELLS = 2**24
_URI = "data:image/png;base64,"
# what pages show and what cameras and scanners write; others have readers that start programs
_INLINE_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM")


def read_picture(source: str, size: Size, channels: int = 1) -> Picture:
    """A picture's greys, or its reds, greens and blues, averaged to `size` (rows, columns). ValueError says why there are none."""
    is_inline = source.startswith("data:")
    named = "its data:" if is_inline else f"{source}:"
    if len(size) != 2:
        raise ValueError(f"a picture has two axes, the scene has {len(size)}")
    if prod(size) > MOST_CELLS:
        raise ValueError(f"a picture of {times(size)}, and legal are {MOST_CELLS:,} cells at most")
    if "://" in source:
        raise ValueError(f"{named} an address, and none is fetched")
    if not is_inline and os.path.lexists(source) and not os.path.isfile(source):  # noqa: PTH113 - never raises
        raise ValueError(f"{named} no regular file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a picture that is odd but can be read will do
            image = _read(BytesIO(_inline(source)) if is_inline else source, channels)
    except (FileNotFoundError, PermissionError) as fault:
        raise ValueError(f"{named} {(fault.strerror or str(fault)).lower()}") from None
    except Image.DecompressionBombError:
        raise ValueError(f"{named} more pixels than are safe to read") from None
    except Exception:  # noqa: BLE001 - Pillow's many readers raise whatever a broken file makes of them
        raise ValueError(f"{named} not a picture that can be read") from None
    scaled = image.resize((size[1], size[0]), Image.Resampling.BOX)
    return Picture(size, b"".join(plane.tobytes() for plane in scaled.split()), channels)


def _read(source: str | BytesIO, channels: int) -> Image.Image:
    with _opened(source) as image:
        return _eight_bits(ImageOps.exif_transpose(image), "L" if channels == 1 else "RGB")


def pixels_of(source: str) -> int:
    """How many pixels a picture in a `data:` URI has, by its first bytes alone; 0 if it is none, which reading it says."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _opened(BytesIO(_inline(source))) as image:
                return prod(image.size)
    except Image.DecompressionBombError:
        return Image.MAX_IMAGE_PIXELS or 0
    except Exception:  # noqa: BLE001 - as above
        return 0


def _opened(source: str | BytesIO) -> Image.Image:
    """A picture whose pixels are still to be read. What comes inside a scene may be anybody's: of few formats."""
    if isinstance(source, str):
        return Image.open(source)
    has_avif = features.check("avif")
    return Image.open(source, formats=(*_INLINE_FORMATS, *(["AVIF"] if has_avif else [])))


def data_uri(picture: Picture) -> str:
    """The picture as a PNG inside a text."""
    stream = BytesIO()
    rows, columns = picture.size
    planes = [
        Image.frombytes("L", (columns, rows), picture.levels[start : start + rows * columns])
        for start in range(0, len(picture.levels), rows * columns)
    ]
    image = planes[0] if len(planes) == 1 else Image.merge("RGB", planes)
    image.save(stream, "PNG", optimize=True)
    return _URI + base64.b64encode(stream.getvalue()).decode()


def _inline(source: str) -> bytes:
    _, _, encoded = source.partition(";base64,")
    return base64.b64decode(encoded, validate=True)


def _eight_bits(image: Image.Image, mode: str) -> Image.Image:
    """The picture in greys or colours of 8 bits; what is transparent is white."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L").convert(mode)
    if image.mode in {"I", "F"}:
        raise ValueError(image.mode)
    if image.mode in {"L", "RGB"} and "transparency" not in image.info:
        return image.convert(mode)
    whole = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert(mode)
