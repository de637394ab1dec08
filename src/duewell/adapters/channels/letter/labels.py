"""Words that only paper has: pages, the caption of a code, and the fixed headings of the Swiss payment part."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_FILE: Final = Path(__file__).with_name("labels.yaml")


@cache
def _told() -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return found


def paper(language: str) -> dict[str, str]:
    """The words of letters and statements in a language of ours.

    Raises:
        KeyError: there are none, which a test of all languages would have shown.
    """
    return _told()["paper"][language]


def slip(language: str) -> dict[str, str]:
    """The headings of a Swiss payment part, which exist in four languages; English for all others."""
    headings = _told()["slip"]
    return headings.get(language, headings["en"])
