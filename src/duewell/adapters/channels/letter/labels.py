"""Words that only paper has: pages, the caption of a code, and the fixed headings of the Swiss payment part."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import yaml

from duewell.adapters.texts import Section, Texts, shipped

_SLIP: Final = Path(__file__).with_name("slip.yaml")


def paper(language: str, texts: Texts | None = None) -> Section:
    """The words of letters and statements in a language.

    Args:
        texts: of the installation; ours by default.

    Raises:
        texts.Untranslated: the language does not have them all.
    """
    return (texts or shipped()).section(language, "letter")


@cache
def _headings() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(_SLIP.read_text("utf-8"))
    return found


def slip(language: str) -> dict[str, str]:
    """The headings of a Swiss payment part, which exist in four languages; English for all others."""
    return _headings().get(language, _headings()["en"])
