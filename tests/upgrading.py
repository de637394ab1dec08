"""A home of version 0.1.0, made by code: the tables as that version had them, filled as it filled them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.installation import empty_home, shell, use

FIRST = "0002_guards"
"""The last migration of version 0.1.0."""
AT = datetime(2026, 3, 10, 7, 30, tzinfo=UTC)


@contextmanager
def old_home(directory: Path, url: str | None = None) -> Iterator[Any]:
    """A home with the tables of 0.1.0 and a small true book in them, sealed; yields the home."""
    from django.core.management import call_command

    from duewell import wiring
    from duewell.adapters.clock import FixedClock
    from duewell.web import settings

    with shell({"DATABASE_URL": url or None}):
        home = empty_home(directory, with_tables=False)
        use(settings._postgres(url) if url else settings._sqlite(str(directory / "duewell.db")))
        try:
            call_command("migrate", "store", FIRST, verbosity=0, interactive=False)
            fill()
            wiring.seal(home, FixedClock(AT))
            yield home
        finally:
            use(settings._sqlite(":memory:"))


def fill() -> None:
    """One customer who paid a part, a hold that ended, a stop: with words in the facts, as it was then."""
    from django.db import connection, transaction
    from django.db.migrations.loader import MigrationLoader

    then = MigrationLoader(connection).project_state(("store", FIRST)).apps

    def add(model: str, **values: Any) -> None:
        then.get_model("store", model).objects.create(id=1, **values)

    with transaction.atomic():
        add("Creditor", key="acme", name="Acme", country="DE", zone="Europe/Berlin", recorded_at=AT)
        add("Person", recorded_at=AT)
        add("Party", creditor_id=1, person_id=1, number="C1", name="Anna Berg", salt=bytes(16), recorded_at=AT)
        add(
            "ContactPoint",
            creditor_id=1,
            party_id=1,
            channel="email",
            value="a@example.org",
            salt=bytes(16),
            recorded_at=AT,
        )
        add("Account", creditor_id=1, number="C1", party_id=1, person_id=1, recorded_at=AT)
        add(
            "Receivable",
            creditor_id=1,
            account_id=1,
            number="INV-1",
            currency="EUR",
            issued_on=date(2026, 2, 1),
            due_on=date(2026, 3, 1),
            open_minor=11900,
            recorded_at=AT,
        )
        add("AccountCredit", creditor_id=1, account_id=1, currency="EUR", credit_minor=500)
        _facts()


def _facts() -> None:
    from duewell.core import evidence
    from duewell.core.evidence.instants import microseconds
    from duewell.core.evidence.tables import TABLES
    from duewell.store import facts, sql

    us, on = microseconds(AT), "2026-03-09"

    def say(stream: str, kind: str, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        for table, added in rows.items():
            sql.insert(table, TABLES[table], added)
        facts.append([(stream, kind, None, AT, evidence.body(rows))])

    charged = (1, 1, 1, "EUR", 11900, "revenue", None, "receivable", 1, on, us, "import:1")
    say("account:1", "ledger.posted", {"entry": [charged]})
    payment = (1, 1, 1, "payment", "EUR", 500, on, "thank you Anna", "", 1, None, None, us)
    arrived = (2, 1, 1, "EUR", 500, "clearing", None, "credit", None, on, us, "payment:1")
    arrived = (*arrived[:5], "credit", None, "clearing", None, *arrived[9:])
    say("account:1", "ledger.posted", {"payment": [payment], "entry": [arrived]})
    hold = (1, 1, 1, 1, "dispute", None, on, None, "2026-04-09", "Anna says it broke", us, "robin")
    say("account:1", "agree.held", {"hold": [hold]})
    say("account:1", "agree.hold_ended", {"hold_end": [(1, 1, 1, "2026-03-10", "Anna was right", us, "robin")]})
    say("person:1", "party.stopped", {"stop": [(1, 1, None, "", None, "Anna asked", us, us, "robin")]})
    say("person:1", "party.stop_ended", {"stop_end": [(1, 1, us, "Anna called", us, "robin")]})
