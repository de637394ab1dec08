"""Which invoice a PDF is: by the number in its name, else by the only number of an invoice in its text.

Neither case, blanks nor signs tell two writings of a number apart: `RE-2026/001` is in `Rechnung_RE 2026-001.pdf`.
A short number, or one that could be a year, is known in a name only where nothing else stands beside it but words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from unicodedata import normalize

_SIGNS = re.compile(r"[^0-9a-z]+")
_PARTS = re.compile(r"[0-9a-z]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_AMOUNT = re.compile(r"[-+(€$£]*\d{1,3}(?:[.,'’ ]\d{3})*[.,]\d{2}\)?[€$£-]?")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_EDGES = ".,;:()[]{}<>\"'`#*=|"
PARTS_MAX = 8
"""Parts of a file's name that one number may have."""
WORDS_MAX = 3
"""Words of a text that one number may have."""
_SHORT = 4
"""Figures below which a number of figures alone is no sure sign."""


class Invoice(NamedTuple):
    """An invoice that a document could be of."""

    id: int
    account: int
    number: str


class Tie(NamedTuple):
    """What became of one document: exactly one of `invoice` and `reason` says something."""

    name: str
    invoice: Invoice | None
    how: str
    """`name` or `text`; nothing where it is not tied."""
    reason: str
    remedy: str
    candidates: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Small letters and figures alone, without accents."""
    return _SIGNS.sub("", _small(text))


def _small(text: str) -> str:
    # Accents fall away with the signs: decomposed, they are none of a to z.
    return normalize("NFKD", text).casefold()


def in_name(stem: str) -> dict[str, list[tuple[int, int]]]:
    """What in a file's name could be a number: in plain form, with where it stands (first and last part)."""
    parts = [match.group() for match in _PARTS.finditer(_SIGNS.sub(" ", _small(stem)))]
    found: dict[str, list[tuple[int, int]]] = {}
    alone = [part for part in parts if any(map(str.isdigit, part))]
    for start in range(len(parts)):
        for end in range(start + 1, min(len(parts), start + PARTS_MAX) + 1):
            text = "".join(parts[start:end])
            if not any(map(str.isdigit, text)):
                continue
            weak = text.isdigit() and (len(text) < _SHORT or _YEAR.fullmatch(text))
            if weak and alone != parts[start:end]:
                continue
            found.setdefault(text, []).append((start, end))
    return found


def in_text(text: str) -> set[str]:
    """What in a text could be a number, in plain form; amounts, dates and short figures are none."""
    words = [word.strip(_EDGES) for word in text.split()]
    found: set[str] = set()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + WORDS_MAX) + 1):
            some = words[start:end]
            if end - start == 1 and (_AMOUNT.fullmatch(some[0]) or _DATE.fullmatch(some[0])):
                break
            key = plain("".join(some))
            if not any(map(str.isdigit, key)) or (key.isdigit() and (len(key) < _SHORT or _YEAR.fullmatch(key))):
                continue
            if key.isdigit() and end - start > 1:
                # Figures side by side are two numbers, not one.
                continue
            found.add(key)
    return found


def wanted(invoices: Iterable[Invoice], keys: set[str]) -> dict[str, list[Invoice]]:
    """The invoices whose number is among the keys, by key."""
    found: dict[str, list[Invoice]] = {}
    for invoice in invoices:
        key = plain(invoice.number)
        if key in keys:
            found.setdefault(key, []).append(invoice)
    return found


def by_name(name: str, stem: str, known: dict[str, list[Invoice]]) -> Tie | None:
    """The tie that a file's name gives, or None if it names no invoice.

    A number within a longer one that is known too is not meant: `1001` in `RE-1001`.
    """
    spans = [(span, key) for key, where in in_name(stem).items() if key in known for span in where]
    outer = {
        key
        for (start, end), key in spans
        if not any(first <= start and end <= last and (first, last) != (start, end) for (first, last), _ in spans)
    }
    return _tie(name, outer, known, "name", "its name holds") if outer else None


def by_text(name: str, text: str, known: dict[str, list[Invoice]]) -> Tie:
    """The tie that a document's text gives."""
    keys = in_text(text) & known.keys()
    inner = {key for key in keys if any(key != other and key in other for other in keys)}
    keys -= inner
    if keys:
        return _tie(name, keys, known, "text", "its text holds")
    reason = "neither its name nor its text holds the number of an invoice that is known here"
    return Tie(name, None, "", reason, "Import the invoice first, or put its number into the name of the file.")


def _tie(name: str, keys: set[str], known: dict[str, list[Invoice]], how: str, where: str) -> Tie:
    invoices = [invoice for key in sorted(keys) for invoice in known[key]]
    if len(invoices) == 1:
        return Tie(name, invoices[0], how, "", "")
    numbers = tuple(dict.fromkeys(invoice.number for invoice in invoices))
    if len(numbers) == 1:
        reason = f"{where} {numbers[0]}, which is an invoice on several accounts"
    else:
        reason = f"{where} the numbers of several invoices: {', '.join(numbers[:5])}"
    remedy = "Put the number of the one invoice that it is into the name of the file."
    return Tie(name, None, "", reason, remedy, numbers)


def keys_of(names: Iterable[str]) -> Iterator[str]:
    """Every key that the names of files give."""
    for stem in names:
        yield from in_name(stem)
