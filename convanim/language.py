"""The language of a figure's labels, captions and alternative text.

Code writes templates in English, `kernel {size}`; `languages/NAME.toml` gives each template in another language. A
language is one such file and one name here.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")
_FOLDER = Path(__file__).parent / "languages"


class Language:
    """Called with a template and what its braces hold, it gives the text in its language."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.texts: dict[str, str] = (
            {} if name == "en" else tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))
        )

    def __call__(self, template: str, /, **values: object) -> str:
        text = self.texts.get(template, template)
        return text.format(**values) if values else text

    def listed(self, parts: Any) -> str:
        """Parts of a text with commas between them."""
        return self(", ").join(parts)


@cache
def language(name: str) -> Language:
    """A language by its name, one of LANGUAGES."""
    return Language(name)
