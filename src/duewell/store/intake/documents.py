"""Documents of invoices and credit notes: kept by their content, once each, behind the creditor's fence."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from duewell.core.evidence.rows import body
from duewell.store import facts, sql

_COLUMNS = (
    *("creditor_id", "account_id", "receivable_id", "batch_id", "number", "corrects"),
    *("name", "digest", "salt", "size", "recorded_at", "content"),
)
_STANDS = "not exists (select 1 from import_batch b where b.id = d.batch_id and b.undone_at is not null)"
_SOME = 400


class New(NamedTuple):
    """A document to keep."""

    account: int
    receivable: int | None
    """None for a credit note."""
    number: str
    name: str
    content: bytes
    corrects: bool = False


class Kept(NamedTuple):
    """A document as it is listed."""

    id: int
    account: str
    number: str
    is_credit: bool
    name: str
    size: int
    recorded_at: datetime
    batch: int
    erased: bool


def known(creditor: int, digests: Sequence[bytes]) -> set[bytes]:
    """Which of these contents the creditor has, with an import that stands."""
    found: set[bytes] = set()
    for start in range(0, len(digests), _SOME):
        some = digests[start : start + _SOME]
        marks = ", ".join("?" * len(some))
        found.update(
            bytes(row[0])
            for row in sql.fetch(
                f"select d.digest from document d where d.creditor_id = ? and d.digest in ({marks}) and {_STANDS}",
                [creditor, *some],
            )
        )
    return found


def tied(creditor: int, receivables: Sequence[int], digests: Sequence[bytes]) -> set[tuple[int, bytes]]:
    """Which of these contents are tied to which of these invoices already."""
    found: set[tuple[int, bytes]] = set()
    wanted = set(receivables)
    for start in range(0, len(digests), _SOME):
        some = digests[start : start + _SOME]
        marks = ", ".join("?" * len(some))
        found.update(
            (row[0], bytes(row[1]))
            for row in sql.fetch(
                "select d.receivable_id, d.digest from document d"
                f" where d.creditor_id = ? and d.digest in ({marks})"
                f" and d.receivable_id is not null and {_STANDS}",
                [creditor, *some],
            )
            if row[0] in wanted
        )
    return found


def corrected(creditor: int, numbers: Sequence[str]) -> dict[str, str]:
    """Numbers of invoices that a corrected invoice has decided, with the name of that document."""
    found: dict[str, str] = {}
    for start in range(0, len(numbers), _SOME):
        within, params = sql.ids_in("d.number", list(numbers[start : start + _SOME]))
        found.update(
            sql.fetch(
                f"select d.number, d.name from document d where d.creditor_id = ? and d.corrects and {within}"
                f" and {_STANDS} order by d.id",
                [creditor, *params],
            )
        )
    return found


def billed(creditor: int, numbers: Sequence[str]) -> dict[str, tuple[str, int, str]]:
    """Numbers of invoices that a document brought: currency, what is billed now, and the name of the document."""
    found: dict[str, tuple[str, int, str]] = {}
    for start in range(0, len(numbers), _SOME):
        within, params = sql.ids_in("d.number", list(numbers[start : start + _SOME]))
        for number, currency, minor, name in sql.fetch(
            "select d.number, r.currency, r.charged_minor, d.name from document d"
            " join receivable r on r.id = d.receivable_id"
            " join import_batch i on i.id = r.batch and i.kind = 'documents'"
            f" where d.creditor_id = ? and {within} and {_STANDS} order by d.id",
            [creditor, *params],
        ):
            found.setdefault(number, (currency, minor, name))
    return found


def keep(creditor: int, batch: int, documents: Sequence[New], now: datetime, salt: Callable[[], bytes]) -> None:
    """Write documents and their facts; call it inside the writing transaction."""
    rows = []
    told: dict[int, list[list[Any]]] = {}
    for new in documents:
        grain = salt()
        told.setdefault(new.account, []).append([new.receivable, sha256(grain + new.content).hexdigest()])
        rows.append(
            (
                creditor,
                new.account,
                new.receivable,
                batch,
                new.number,
                new.corrects,
                new.name,
                sha256(new.content).digest(),
                grain,
                len(new.content),
                sql.us(now),
                zlib.compress(new.content, 6),
            )
        )
    sql.insert("document", _COLUMNS, rows)
    facts.append(
        [
            facts.Draft(f"account:{account}", "intake.document_kept", None, now, body(documents=kept, batch=batch))
            for account, kept in told.items()
        ]
    )


def listed(creditor: int, account: int, receivable: int | None = None) -> list[Kept]:
    """The documents of an account, or of one of its invoices, the latest first."""
    more, params = (" and d.receivable_id = ?", [receivable]) if receivable is not None else ("", [])
    return [
        Kept(row[0], row[1], row[2], row[3] is None, row[4], row[5], sql.instant(row[6]), row[7], not row[8])
        for row in sql.fetch(
            "select d.id, a.number, d.number, d.receivable_id, d.name, d.size, d.recorded_at, d.batch_id,"
            " length(d.digest) from document d join account a on a.id = d.account_id"
            f" where d.creditor_id = ? and d.account_id = ?{more} and {_STANDS} order by d.id desc",
            [creditor, account, *params],
        )
    ]


def content(creditor: int, document: int) -> bytes | None:
    """The bytes of a document as they came, or None where this creditor has no such document, or it was erased.

    Raises:
        ValueError: what is stored is not what came in.
    """
    row = sql.one("select digest, content from document where id = ? and creditor_id = ?", [document, creditor])
    if row is None or not bytes(row[0]):
        return None
    found = zlib.decompress(bytes(row[1]))
    if sha256(found).digest() != bytes(row[0]):
        raise ValueError(f"document {document} is not what came in: its content was changed in the database")
    return found


def numbers(creditor: int) -> Iterator[list[tuple[int, int, str]]]:
    """Id, account and number of every invoice of the creditor whose import stands, some thousand at a time."""
    yield from sql.stream(
        "select r.id, r.account_id, r.number from receivable r where r.creditor_id = ?"
        " and not exists (select 1 from import_batch b where b.id = r.batch and b.undone_at is not null)",
        [creditor],
    )
