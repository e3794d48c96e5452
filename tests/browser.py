"""A browser of its own for one picture, started with flags that a running one cannot take: Debian's Chromium, headless."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from PIL import Image

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--allow-file-access-from-files",
    "--force-device-scale-factor=1",
    "--force-color-profile=srgb",
    "--disable-lcd-text",
)


def chromium():
    """The program's path; a test without it is skipped, but fails where all tools must be there (CI is set)."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    (pytest.fail if os.environ.get("CI") else pytest.skip)("chromium is not installed")
    return ""


def screenshot(page, size, *flags, milliseconds=1000):
    """What Chromium shows of a file (HTML, SVG) after so many milliseconds, as an RGB picture of a size."""
    program = chromium()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "picture.png"
        words = [
            program,
            *_FLAGS,
            *flags,
            f"--user-data-dir={folder}/profile",
            f"--window-size={size[0]},{size[1]}",
            f"--virtual-time-budget={milliseconds}",
            f"--screenshot={target}",
            Path(page).as_uri(),
        ]
        subprocess.run(words, capture_output=True, check=True, timeout=120)
        with Image.open(target) as image:
            return image.convert("RGB")
