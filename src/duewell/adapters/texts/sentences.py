"""Sentences with placeholders: `{sum}` stands for a value, `{{` and `}}` for braces, and nothing else is special.

There is no code in a sentence: no attribute, index, format or filter. A name that is not allowed where it
stands is an error when the text is loaded, not when a customer is written to.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from html import escape
from typing import NamedTuple

_TOKEN = re.compile(r"\{\{|\}\}|\{([a-z_]+(?:\.[a-z_]+)?)\}|[{}]")


class BadSentence(ValueError):
    """The sentence has an unknown placeholder or a brace that belongs to nothing."""


class Sentence(NamedTuple):
    """A sentence split at its placeholders, once for plain text and once for HTML."""

    plain: str
    markup: str
    """`%` formats over a dictionary of values; in `markup` the words are escaped."""
    names: frozenset[str]

    def text(self, values: Mapping[str, str]) -> str:
        """The sentence in plain text."""
        return self.plain % values

    def html(self, values: Mapping[str, str]) -> str:
        """The sentence in HTML; the values must be HTML already."""
        return self.markup % values


class Everything:
    """Allows every placeholder; for reading which ones a sentence has."""

    def __contains__(self, name: object) -> bool:
        return True


def parse(source: str, allowed: Container[str]) -> Sentence:
    """Read one sentence.

    Raises:
        BadSentence: says which placeholder or brace is wrong.
    """
    names: set[str] = set()
    plain: list[str] = []
    markup: list[str] = []
    end = 0

    def take(text: str) -> None:
        plain.append(text.replace("%", "%%"))
        markup.append(escape(text).replace("%", "%%"))

    for match in _TOKEN.finditer(source):
        take(source[end : match.start()])
        end = match.end()
        token, name = match.group(), match.group(1)
        if token in ("{{", "}}"):
            take(token[0])
        elif name is None:
            raise BadSentence(f"a single {token!r}: write {token * 2!r} for a brace")
        elif name not in allowed:
            raise BadSentence(f"{{{name}}} is not known here")
        else:
            names.add(name)
            plain.append(f"%({name})s")
            markup.append(f"%({name})s")
    take(source[end:])
    return Sentence("".join(plain), "".join(markup), frozenset(names))
