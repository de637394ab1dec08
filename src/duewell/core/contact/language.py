"""Which language a message is written in."""

from __future__ import annotations

from collections.abc import Container

FALLBACK = "en"


def primary(tag: str) -> str:
    """The language of a tag such as `de-AT` or `DE_at`: `de`. Empty for an empty tag."""
    return tag.strip().replace("_", "-").partition("-")[0].lower()


def choose(wanted: str, of_creditor: str, available: Container[str]) -> str:
    """The customer's language where there are texts in it, else the creditor's, else English."""
    for tag in (wanted, of_creditor):
        if (language := primary(tag)) in available:
            return language
    return FALLBACK
