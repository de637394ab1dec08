"""A small, true book: one customer, an invoice, a payment on account, a hold that ended, a message that left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from duewell.core import evidence
from duewell.core.evidence import beside
from duewell.core.evidence.instants import microseconds
from duewell.core.evidence.tables import TABLES
from tests.installation import installation

AT = datetime(2026, 3, 10, 7, 30, tzinfo=UTC)
US = microseconds(AT)
ON = "2026-03-09"
SALT = b"0123456789abcdef"
SALTED = {"payment", "stop_end"}
"""Tables whose rows here keep their words beside the chain; the others have them in their facts, as before."""
MESSAGE = "0f1e2d3c"
ANOTHER = 10**9
"""A person with whom the customer was counted once."""
PROPOSAL = '{"account":1,"net":11900}'
PIECES = [b"From: a@example.org\r\n\r\n", b"EUR 119.00 is due.\r\n", b"<p>EUR 119.00 is due.</p>\r\n" * 20]


@contextmanager
def small_book(directory: Path, url: str | None = None) -> Iterator[Any]:
    """The book in a home of its own, sealed; yields the home."""
    with installation(directory, url) as home:
        from django.db import transaction

        from duewell import wiring
        from duewell.adapters.clock import FixedClock

        with transaction.atomic():
            _parents()
            _facts()
        wiring.seal(home, FixedClock(AT))
        yield home


def _parents() -> None:
    from duewell.flows.decide_accounts import plan_hash
    from duewell.store import models

    models.Creditor.objects.create(
        id=1, key="acme", name="Acme", country="DE", zone="Europe/Berlin", recorded_at=AT
    )
    models.Person.objects.create(id=1, recorded_at=AT)
    models.Person.objects.create(id=ANOTHER, recorded_at=AT)
    models.Party.objects.create(id=1, creditor_id=1, person_id=1, number="C1", salt=bytes(16), recorded_at=AT)
    models.ContactPoint.objects.create(
        id=1, creditor_id=1, party_id=1, channel="email", value="a@example.org", salt=bytes(16), recorded_at=AT
    )
    models.Account.objects.create(id=1, creditor_id=1, number="C1", party_id=1, person_id=1, recorded_at=AT)
    models.Receivable.objects.create(
        id=1,
        creditor_id=1,
        account_id=1,
        number="INV-1",
        currency="EUR",
        issued_on=date(2026, 2, 1),
        due_on=date(2026, 3, 1),
        open_minor=11900,
        reached=20,
        reached_on=date.fromisoformat(ON),
        recorded_at=AT,
    )
    models.AccountCredit.objects.create(creditor_id=1, account_id=1, currency="EUR", credit_minor=500)
    models.Run.objects.create(
        id=1,
        creditor_id=1,
        as_of=date(2026, 3, 10),
        plan=plan_hash("acme", date(2026, 3, 10), [PROPOSAL.encode()]),
        state="released",
        proposals=1,
        counts={"accounts": 3, "proposals": {"due": 1}, "rests": {"paid": 2}, "refused": {}, "review": {}},
        digests={},
        recorded_at=AT,
    )
    models.ImportBatch.objects.create(
        id=1,
        creditor_id=1,
        kind="invoices",
        file_name="a.csv",
        file_digest="d",
        counts={"rows": 2, "new": 1, "changed": 0, "unchanged": 0, "rejected": 1, "skipped": 0},
        recorded_at=AT,
    )
    models.RejectedRow.objects.create(
        id=1, creditor_id=1, batch_id=1, row=2, column="due", value="?", reason="no date", remedy="write a date"
    )


def _facts() -> None:
    from duewell.store import models

    say(
        "account:1",
        "ledger.posted",
        {"entry": [(1, 1, 1, "EUR", 11900, "revenue", None, "receivable", 1, ON, US, "i")]},
    )
    payment = (1, 1, 1, "payment", "EUR", 500, ON, "ref", "", 1, None, None, US)
    entry = (2, 1, 1, "EUR", 500, "credit", None, "clearing", None, ON, US, "p")
    say("account:1", "ledger.posted", {"payment": [payment], "entry": [entry]})
    say("account:1", "agree.held", {"hold": [(1, 1, 1, 1, "dispute", None, ON, None, ON, "ü", US, "")]})
    say("account:1", "agree.hold_ended", {"hold_end": [(1, 1, 1, "2026-03-10", "settled", US, "")]})
    say("person:1", "party.stopped", {"stop": [(1, 1, None, "", None, "asked", US, US, "")]})
    say("person:1", "party.stop_ended", {"stop_end": [(1, 1, US, "asked", US, "")]})
    say("person:1", "party.flagged", {"person_flag": [(1, 1, "minor", "told", US, "")]})
    say("person:1", "party.flag_ended", {"person_flag_end": [(1, 1, "of age", US, "")]})
    say("person:1", "party.split", {"person_move": [(1, 1, 1, ANOTHER, 1, 1, "split", "two", US, "")]})
    message = (MESSAGE, 1, 1, 1, 1, 1, 20, "demand", "email", "en", PROPOSAL, US)
    say("account:1", "contact.claimed", {"message": [message]}, attempt=1, claims=[[1, 20, 1]])
    models.MessageState.objects.create(message_id=MESSAGE, creditor_id=1, account_id=1, state="accepted")
    models.Claim.objects.create(
        id="c1", creditor_id=1, account_id=1, receivable_id=1, stage=20, occurrence=1, message_id=MESSAGE
    )
    models.Attempt.objects.create(
        id=1,
        creditor_id=1,
        message_id=MESSAGE,
        account_id=1,
        person_id=1,
        point_id=1,
        channel="email",
        ordinal=1,
        state="accepted",
        not_before=AT,
        contacted_at=AT,
    )
    digests, salts = zip(*[_keep(piece) for piece in PIECES], strict=True)
    told = {
        "parts": [digest.hex() for digest in digests],
        "bytes": evidence.salted(salts[0], sha256(b"".join(PIECES)).digest()).hex(),
        "items": [[1, 11900, 0]],
        "nets": [["EUR", 11900, 500]],
        "advances": [[1, 20]],
        "closes_at": US + 1_000_000,
    }
    started = (1, 1, 1, MESSAGE, "started", US, 1, evidence.canonical(told).decode())
    say("account:1", "contact.started", {"mark": [started]})
    arrived = evidence.canonical({"code": 250, "freed": [], "reached_on": ON}).decode()
    say("account:1", "contact.accepted", {"mark": [(2, 1, 1, MESSAGE, "accepted", US + 1, 1, arrived)]})
    say("house:1", "house.kill_switch", {}, halted=True, reason="")


def _keep(piece: bytes) -> tuple[bytes, bytes]:
    from duewell.store import models

    salt = sha256(b"of the home" + piece).digest()[:16]
    digest = sha256(salt + piece).digest()
    models.Part.objects.create(digest=digest, salt=salt, dictionary=0, data=piece)
    return digest, salt


def say(stream: str, kind: str, rows: Mapping[str, list[tuple[Any, ...]]], **fields: Any) -> None:
    """Insert rows together with the fact that tells them."""
    from duewell.store import sql

    told: dict[str, list[Any]] = {}
    for table, added in rows.items():
        if table not in SALTED:
            sql.insert(table, TABLES[table], added)
            told[table] = added
        else:
            sql.insert(table, [*TABLES[table], "salt"], [(*row, SALT) for row in added])
            told[table] = [beside.told(table, row, SALT) for row in added]
    tell(stream, kind, told, **fields)


def tell(stream: str, kind: str, rows: Mapping[str, list[tuple[Any, ...]]], **fields: Any) -> None:
    """Append the fact alone."""
    from duewell.store import facts

    on = date(2026, 3, 9) if stream.startswith("account") else None
    facts.append([(stream, kind, on, AT, evidence.body(rows, **fields))])
