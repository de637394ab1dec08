"""What papers are made from besides their words and content, as a digest that the plan carries."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_MADE_FROM: Final = ("templates/*.typ", "fonts/*.ttf", "layouts.yaml", "slip.yaml")
_FORM: Final = "1"
"""Goes up when the way from content to bytes changes while these files stay."""


@cache
def design() -> bytes:
    """SHA-256 over templates, fonts, positions and fixed headings, and the version of what sets them."""
    digest = sha256(f"{_FORM}\n{version('typst')}\n".encode())
    for path in sorted(path for pattern in _MADE_FROM for path in _HERE.glob(pattern)):
        digest.update(f"{path.name}\n".encode() + sha256(path.read_bytes()).digest())
    return digest.digest()
