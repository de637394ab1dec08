"""One file for the printer: the letters of a batch, one after the other, and the list of what is in it.

What is printed are the very pages that are kept as proof: they are copied, not set again. The same letters in the
same order make the same bytes, whenever and wherever they are merged.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from pypdf import PdfReader, PdfWriter

HEADINGS: Final = ("attempt", "account", "pages_from", "pages_to", "sheets", "country", "sha256")


class Printed(NamedTuple):
    """One letter as it was set."""

    attempt: int
    account: str
    """Number of the account."""
    country: str
    """Where it goes, ISO 3166 alpha-2: some posts want letters abroad apart."""
    pdf: bytes


class Listed(NamedTuple):
    """Where one letter lies in the file. Pages are counted from 1, both ends included."""

    attempt: int
    account: str
    pages_from: int
    pages_to: int
    sheets: int
    """Sheets of paper to fold together; each page is printed on a sheet of its own."""
    country: str
    sha256: str
    """Of the letter alone, hexadecimal."""


class Merged(NamedTuple):
    """The whole batch."""

    pdf: bytes
    listed: tuple[Listed, ...]

    @property
    def pages(self) -> int:
        """All pages of the file."""
        return self.listed[-1].pages_to if self.listed else 0


def merge(letters: Iterable[Printed], title: str) -> Merged:
    """Put the letters one after the other.

    Args:
        letters: at least one, in the order in which they are printed; each is let go before the next is read.
        title: stands in the file's properties.

    Raises:
        ValueError: there is no letter.
    """
    writer = PdfWriter()
    listed: list[Listed] = []
    page = 0
    for letter in letters:
        reader = PdfReader(io.BytesIO(letter.pdf))
        count = len(reader.pages)
        writer.append(reader, import_outline=False)
        digest = sha256(letter.pdf).hexdigest()
        listed.append(
            Listed(letter.attempt, letter.account, page + 1, page + count, count, letter.country, digest)
        )
        page += count
    if not listed:
        raise ValueError("a batch has at least one letter")
    writer.metadata = {"/Title": title, "/Producer": "Duewell"}
    into = io.BytesIO()
    writer.write(into)
    return Merged(into.getvalue(), tuple(listed))


def manifest_csv(listed: Sequence[Listed]) -> bytes:
    """The list for a spreadsheet: UTF-8 with a mark, CRLF, no cell that a program would take for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows([_plain(cell) for cell in line] for line in listed)
    return text.getvalue().encode("utf-8-sig")


def manifest_json(batch: int, pdf: bytes, listed: Sequence[Listed]) -> bytes:
    """The list for a program, with the digest of the merged file."""
    told = {
        "batch": batch,
        "sha256": sha256(pdf).hexdigest(),
        "letters": len(listed),
        "pages": listed[-1].pages_to if listed else 0,
        "sheets": sum(line.sheets for line in listed),
        "listed": [line._asdict() for line in listed],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
