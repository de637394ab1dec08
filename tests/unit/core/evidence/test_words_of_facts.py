"""Every field of a fact in which somebody's own words stand is one that an erasure takes words out of."""

from __future__ import annotations

import re
from pathlib import Path

from duewell.core.evidence.erasure import KEPT, MORE, WORDS

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "facts.md"
_KIND = re.compile(r"^### `([a-z]+\.[a-z_]+)`$", re.MULTILINE)
_FIELD = re.compile(r"^\| (`[^|]+`) \| (.+) \|$", re.MULTILINE)
_OWN_WORDS = re.compile(r"in the words of|what the server said|and why\b|^why\b|why it (?:was|came)")


def _fields() -> list[tuple[str, str, str]]:
    parts = _KIND.split(PAGE.read_text())
    return [
        (kind, name, meaning)
        for kind, text in zip(parts[1::2], parts[2::2], strict=True)
        for names, meaning in _FIELD.findall(text)
        for name in re.findall(r"`([a-z_]+)`", names)
    ]


def test_whatever_holds_own_words_is_known_as_such() -> None:
    """A new field of that kind is called by one of `WORDS`, or named in `MORE`."""
    found = [(kind, name) for kind, name, meaning in _fields() if _OWN_WORDS.search(meaning)]
    assert len(found) > 10
    plain = {"by", "code", "as_sent"}
    missed = [
        (kind, name)
        for kind, name in found
        if name not in WORDS | MORE.get(kind, frozenset()) | KEPT.get(kind, frozenset()) | plain
    ]
    assert missed == []


def test_exceptions_are_of_kinds_that_there_are() -> None:
    kinds = {kind for kind, _, _ in _fields()}
    assert set(KEPT) | set(MORE) <= kinds
