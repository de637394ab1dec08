"""Small tables in a few lines of text, and the files that are made of them.

    number  customer  due         amount
    INV-1   C-1       2026-03-01  100.00 EUR

Two spaces part the columns; the first line names them; `-` leaves a cell empty.
"""

from __future__ import annotations

import csv
import io
import re


def rows(text: str) -> list[dict[str, str]]:
    """The lines of a table by the names of its columns.

    Raises:
        ValueError: a line has more cells than the table has columns.
    """
    lines = [re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines() if line.strip()]
    names, *body = lines
    for cells in body:
        if len(cells) > len(names):
            raise ValueError(f"more cells than columns: {cells}")
    return [
        {name: "" if cell == "-" else cell for name, cell in zip(names, cells, strict=False)} for cells in body
    ]


def file_of(records: list[dict[str, str]]) -> bytes:
    """A CSV file as a program exports it: UTF-8, commas, a line of names, every column of any record."""
    names = list(dict.fromkeys(name for record in records for name in record))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode()
