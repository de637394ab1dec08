"""What an e-mail is made from besides its content, as a digest that the plan carries."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256

from duewell.adapters.channels.email import design
from duewell.adapters.texts import Texts

_FORM = "1"
"""Goes up when the way from content to bytes changes while texts and design stay."""


def digests(texts: Texts, *designs: bytes) -> Callable[[str, str, str], str]:
    """From language, tone and stage to the SHA-256, hexadecimal, over the words, the design, and those of others.

    The function raises `KeyError` where there is no such text.
    """
    page = sha256(design.COMPILED.read_bytes()).digest() + b"".join(designs)

    @cache
    def of(language: str, tone: str, stage: str) -> str:
        words = texts.digest(language, tone, stage)
        return sha256(f"{_FORM}\n{words}\n".encode() + page).hexdigest()

    return of
