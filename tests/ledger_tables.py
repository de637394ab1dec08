"""Writes a ledger of values into the tables of an installation, through the store where that is what is tested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from duewell.core.ledger.aging import Debt, Dispute
from duewell.core.ledger.entries import Entry
from tests.installation import installation
from tests.postgres import Server

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def postgres_tables(server: Server) -> Iterator[str]:
    """The address of a PostgreSQL database that has the tables already: a copy of one that was migrated once."""

    def build(url: str) -> None:
        with TemporaryDirectory() as directory, installation(Path(directory) / "home", url):
            pass

    with server.database(template=server.template("tables", build)) as url:
        yield url


def add_creditor(key: str = "acme", zone: str = "UTC") -> int:
    """A creditor in UTC, where no test says otherwise."""
    from duewell.store import creditors

    return creditors.add(key, {"name": key.title(), "country": "DE", "zone": zone}, NOW)


def add_accounts(creditor: int, accounts: Iterable[int]) -> None:
    """Accounts with these ids, each with a customer and person of its own; numbers A-1, customers C-1."""
    from duewell.store import sql

    at = sql.us(NOW)
    wanted = sorted(accounts)
    with sql.transaction.atomic():
        sql.insert("person", ["id", "version", "flags", "recorded_at"], [(n, 0, "[]", at) for n in wanted])
        sql.insert(
            "party",
            "id creditor_id person_id number name given_name family_name salutation kind language country region"
            " zone salt recorded_at".split(),
            [
                (n, creditor, n, f"C-{n}", f"Customer {n}", "", "", "", "unknown", "", "", "", "", b"salt", at)
                for n in wanted
            ],
        )
        sql.insert(
            "account",
            "id creditor_id number party_id person_id segment strategy version refusal recorded_at".split(),
            [(n, creditor, f"A-{n}", n, n, "", "", 0, "", at) for n in wanted],
        )


def add_receivables(creditor: int, debts: Sequence[Debt], open_minor: dict[int, int] | None = None) -> None:
    """Receivables with nothing posted yet; numbers INV-1."""
    from duewell.store import sql

    at = sql.us(NOW)
    balances = open_minor or {}
    sql.insert(
        "receivable",
        "id creditor_id account_id number kind currency issued_on due_on reference open_minor reached"
        " recorded_at".split(),
        [
            (
                debt.receivable,
                creditor,
                debt.account,
                f"INV-{debt.receivable}",
                "invoice",
                debt.currency,
                debt.issued_on,
                debt.due_on,
                "",
                balances.get(debt.receivable, 0),
                0,
                at,
            )
            for debt in debts
        ],
    )


def post(creditor: int, entries: Sequence[Entry]) -> None:
    """The entries, in groups of those that were recorded together."""
    from itertools import groupby

    from duewell.core.ledger.entries import Move
    from duewell.store import facts, posting, sql

    for at, together in groupby(entries, key=lambda entry: entry.recorded_at):
        moves = [Move(*entry[2:10], entry.cause) for entry in together]
        with sql.transaction.atomic():
            posting.lock({move.account for move in moves})
            prepared = posting.prepare(creditor, moves, at)
            posting.save(prepared)
            facts.append(posting.drafts(prepared, None))


def add_disputes(creditor: int, disputes: Sequence[Dispute], first: int = 1) -> None:
    """Dispute holds and their ends, with the instants at which they were learned."""
    from duewell.store import sql

    for number, dispute in enumerate(disputes, start=first):
        sql.execute(
            "insert into hold (id, creditor_id, account_id, receivable_id, kind, amount_minor,"
            " starts_on, review_on, reason, recorded_at, recorded_by)"
            " values (?, ?, ?, ?, 'dispute', ?, ?, ?, 'wrong', ?, '')",
            [
                number,
                creditor,
                dispute.account,
                dispute.receivable,
                dispute.amount_minor,
                dispute.starts_on,
                dispute.starts_on,
                sql.us(dispute.recorded_at),
            ],
        )
        if dispute.ended_on is not None and dispute.end_recorded_at is not None:
            sql.execute(
                "insert into hold_end (id, creditor_id, hold_id, ended_on, reason, recorded_at, recorded_by)"
                " values (?, ?, ?, ?, 'settled', ?, '')",
                [number, creditor, number, dispute.ended_on, sql.us(dispute.end_recorded_at)],
            )
