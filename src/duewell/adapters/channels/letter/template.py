"""What papers are made from besides their words and content, as a digest that the plan carries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).parent
_MADE_FROM: Final = ("templates/*.typ", "fonts/*.ttf", "layouts.yaml", "slip.yaml")
_FORM: Final = "1"
"""Goes up when the way from content to bytes changes while these files stay."""


def design(fonts: Path | None = None) -> bytes:
    """SHA-256 over templates, fonts, positions and fixed headings, and the version of what sets them.

    Args:
        fonts: the folder with an installation's own fonts; it need not be there.
    """
    own = (
        sorted(path for path in fonts.iterdir() if path.is_file()) if fonts is not None and fonts.is_dir() else []
    )
    told = [(path, stat.st_size, stat.st_mtime_ns) for path in own for stat in [path.stat()]]
    return _design(tuple(told)) if told else _shipped()


@cache
def _shipped() -> bytes:
    digest = sha256(f"{_FORM}\n{version('typst')}\n".encode())
    return _over(digest, sorted(path for pattern in _MADE_FROM for path in _HERE.glob(pattern)))


@lru_cache(maxsize=8)
def _design(told: tuple[tuple[Path, int, int], ...]) -> bytes:
    # Large files are read again only when they were changed.
    return _over(sha256(_shipped()), [path for path, _, _ in told])


def _over(digest: Any, paths: Sequence[Path]) -> bytes:
    for path in paths:
        digest.update(f"{path.name}\n".encode() + sha256(path.read_bytes()).digest())
    found: bytes = digest.digest()
    return found
