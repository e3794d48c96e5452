"""Programs that read and optimise figures, and share no code with what writes them."""

import os
import shutil

import pytest


def tool(name):
    """The program's path; a test without it is skipped, but fails where all tools must be there (CI is set)."""
    path = shutil.which(name)
    if path is None:
        said = f"{name} is not installed"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(said)
    return path
