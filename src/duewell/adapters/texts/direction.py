"""Values in words that run from right to left: each is kept apart, so that neither disturbs the other's order.

In plain text that is done with the isolates of the Unicode bidirectional algorithm (UAX 9), in HTML with `bdi`.
Without them an invoice number or an IBAN in an Arabic sentence is shown with its parts exchanged.
"""

from __future__ import annotations

from html import escape
from unicodedata import bidirectional

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
# FIRST STRONG ISOLATE takes the direction of the value itself, and POP DIRECTIONAL ISOLATE ends it.
_ISOLATE, _END = "\u2068", "\u2069"


def shown(value: str) -> str:
    """A value in HTML: escaped, and kept apart from its surroundings where it is written right to left."""
    marked = escape(value)
    if value.isascii() or not any(bidirectional(character) in _RIGHT_TO_LEFT for character in value):
        return marked
    return f"<bdi>{marked}</bdi>"


def isolated(value: str) -> str:
    """A value in plain text that runs from right to left."""
    return f"{_ISOLATE}{value}{_END}" if value else value


def as_it_is(value: str) -> str:
    """A value in plain text that runs from left to right."""
    return value


def markup(value: str) -> str:
    """Plain text with isolates as HTML."""
    return escape(value).replace(_ISOLATE, "<bdi>").replace(_END, "</bdi>")
