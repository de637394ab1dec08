"""A made-up book of any size, the same every time, written straight into the tables.

Open invoices on a fifth as many accounts, five closed ones behind each, a tenth of the accounts held, five
currencies, three zones, one account with a fiftieth of the open invoices (20,000 of a million).
`due_share` of the accounts have a stage due on `AS_OF`; the others were reminded a moment ago or owe nothing yet.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

AS_OF = date(2026, 3, 10)  # a Tuesday
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
CURRENCIES = ["EUR", "USD", "GBP", "CHF", "JPY"]
PLACES = [("DE", "Europe/Berlin", "de"), ("GB", "Europe/London", "en"), ("US", "America/New_York", "en")]
CLOSED_PER_OPEN = 5


class Book(NamedTuple):
    """What was written."""

    creditor: int
    accounts: int
    open_invoices: int
    closed_invoices: int
    due_accounts: int


def build(invoices: int, *, due_share: float = 0.1, closed: int = CLOSED_PER_OPEN, key: str = "bench") -> Book:
    """Write the book into the open home. Ids start at 1; the home must be empty."""
    from duewell.store import creditors, sql

    given = {
        "name": "Bench Ltd",
        "country": "DE",
        "zone": "Europe/Berlin",
        "email_from": "accounts@example.org",
        "iban": "DE02120300000000202051",
        "strategies": ["gentle"],
    }
    creditor = creditors.add(key, given, NOW)
    accounts = max(invoices // 5, 1)
    now = sql.us(NOW)
    with sql.transaction.atomic():
        creditors.set_books_as_of(creditor, NOW)
        sql.insert(
            "person", ["id", "version", "flags", "recorded_at"], ((i, 0, "[]", now) for i in _ids(accounts))
        )
        sql.insert(
            "party",
            "id creditor_id person_id number name given_name family_name salutation kind language country region"
            " zone salt recorded_at".split(),
            (_party(i, creditor, now) for i in _ids(accounts)),
        )
        sql.insert(
            "contact_point",
            "id creditor_id party_id channel value state rank salt recorded_at".split(),
            (
                (i, creditor, i, "email", f"customer{i}@example.org", "usable", 0, b"s" * 16, now)
                for i in _ids(accounts)
            ),
        )
        sql.insert(
            "account",
            "id creditor_id number party_id person_id segment strategy version refusal last_message_on"
            " recorded_at".split(),
            (_account(i, creditor, now, due_share) for i in _ids(accounts)),
        )
        sql.insert(
            "party_role",
            "id creditor_id account_id party_id role recorded_at".split(),
            ((i, creditor, i, i, "debtor", now) for i in _ids(accounts)),
        )
    columns = (
        "id creditor_id account_id number kind accessory_to_id currency issued_on due_on reference open_minor"
        " reached reached_on batch recorded_at"
    ).split()
    for chunk in _chunks(_receivables(invoices, accounts, creditor, now, due_share, closed), 500_000):
        with sql.transaction.atomic():
            sql.insert("receivable", columns, chunk)
    held = [i for i in _ids(accounts) if _held(i)]
    with sql.transaction.atomic():
        sql.insert(
            "hold",
            "id creditor_id account_id receivable_id kind amount_minor starts_on until_on review_on reason"
            " recorded_at recorded_by".split(),
            (_hold(n, i, creditor, now) for n, i in enumerate(held, 1)),
        )
        _ids_used(
            {
                "person": accounts,
                "party": accounts,
                "contact_point": accounts,
                "account": accounts,
                "party_role": accounts,
                "receivable": invoices * (closed + 1),
                "hold": len(held),
            }
        )
    _analyse()
    due = sum(1 for i in _ids(accounts) if _due(i, due_share))
    return Book(creditor, accounts, invoices, invoices * closed, due)


def _ids(count: int) -> range:
    return range(1, count + 1)


def _held(account: int) -> bool:
    return account % 10 == 7


def _due(account: int, share: float) -> bool:
    """Spread evenly; held accounts are not among them, so that exactly the others act."""
    return not _held(account) and (account * 7919) % 10_000 < round(share * 10_000 / 0.9)


def _party(i: int, creditor: int, now: int) -> tuple[Any, ...]:
    country, zone, language = PLACES[i % 3]
    kind = "person" if i % 2 else "business"
    name = f"Kim Customer {i}" if kind == "person" else f"Customer {i} Ltd"
    return (i, creditor, i, f"C{i:08}", name, "", "", "", kind, language, country, "", zone, b"s" * 16, now)


def _account(i: int, creditor: int, now: int, share: float) -> tuple[Any, ...]:
    last = None if _due(i, share) else AS_OF - timedelta(days=1)
    return (i, creditor, f"C{i:08}", i, i, "", "", 0, "", last, now)


def _hold(n: int, account: int, creditor: int, now: int) -> tuple[Any, ...]:
    kind, until, review = [
        ("promise", AS_OF + timedelta(days=10), None),
        ("dispute", None, AS_OF + timedelta(days=20)),
        ("hardship", None, AS_OF + timedelta(days=30)),
    ][n % 3]
    start = AS_OF - timedelta(days=5)
    return (n, creditor, account, None, kind, None, start, until, review, "made up", now, "bench")


def _receivables(
    invoices: int, accounts: int, creditor: int, now: int, share: float, closed: int
) -> Iterator[tuple[Any, ...]]:
    big = invoices // 50
    made = random.Random(7)
    number = 0
    for n in range(invoices):
        # The last fiftieth belongs to account 1; the others go round.
        account = 1 if n >= invoices - big else n % accounts + 1
        currency = CURRENCIES[account % 5]
        amount = made.randrange(500, 500_000)
        if _due(account, share):
            due, reached, reached_on = AS_OF - timedelta(days=8 + n % 60), 0, None
        elif n % 3:
            due, reached, reached_on = AS_OF + timedelta(days=10 + n % 20), 0, None
        else:
            due, reached, reached_on = AS_OF - timedelta(days=9), 30, AS_OF - timedelta(days=1)
        number += 1
        yield _receivable(number, creditor, account, currency, due, amount, reached, reached_on, now)
        for _ in range(closed):
            number += 1
            past = due - timedelta(days=100 + number % 700)
            yield _receivable(number, creditor, account, currency, past, 0, 30, past, now)


def _receivable(
    number: int,
    creditor: int,
    account: int,
    currency: str,
    due: date,
    open_minor: int,
    reached: int,
    reached_on: date | None,
    now: int,
) -> tuple[Any, ...]:
    issued = due - timedelta(days=30)
    return (
        number,
        creditor,
        account,
        f"INV-{number:09}",
        "invoice",
        None,
        currency,
        issued,
        due,
        "",
        open_minor,
        reached,
        reached_on,
        None,
        now,
    )


def _chunks(rows: Iterator[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    yield chunk


def _ids_used(used: dict[str, int]) -> None:
    from duewell.store import ids

    for name, count in used.items():
        if count:
            ids.allocate(name, count)


def _analyse() -> None:
    from duewell.store import sql

    if sql.postgres():
        sql.execute("analyze")
    else:
        sql.execute("pragma optimize")
        sql.execute("pragma wal_checkpoint(truncate)")
