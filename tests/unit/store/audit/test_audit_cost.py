"""The audit asks about messages by the hundred, and holds few of them at a time."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from hashlib import sha256

import pytest

from duewell.core import evidence
from duewell.core.evidence.tables import TABLES
from duewell.core.ledger.aging import Debt
from duewell.flows.audit import Tally
from tests import ledger_tables
from tests.small_book import US, small_book

DAY = date(2026, 3, 11)
PADDING = "x" * 2_000
SALT = b"salt" * 4


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request, tmp_path) -> Iterator[object]:
    with ExitStack() as stack:
        url = None
        if request.param == "postgresql":
            url = stack.enter_context(ledger_tables.postgres_tables(request.getfixturevalue("postgres_server")))
        yield stack.enter_context(small_book(tmp_path / "home", url))


@pytest.fixture(name="queries")
def _queries(monkeypatch) -> list[str]:
    from duewell.store import sql

    asked: list[str] = []
    fetch = sql.fetch
    monkeypatch.setattr(sql, "fetch", lambda query, *rest: asked.append(query) or fetch(query, *rest))
    return asked


def body(account: int) -> str:
    return json.dumps({"account": account, "why": PADDING})


def send_many(count: int, *, proposals: int | None = None) -> list[int]:
    """Run 2 claimed and started a message for each of so many accounts more, each of three parts; its accounts."""
    from duewell.flows.decide_accounts import plan_hash
    from duewell.store import models, sql

    accounts = list(range(2, count + 2))
    ledger_tables.add_accounts(1, accounts)
    ledger_tables.add_receivables(1, [Debt(n, n, "EUR", date(2026, 2, 1), date(2026, 3, 1)) for n in accounts])
    models.Run.objects.create(
        id=2,
        creditor_id=1,
        as_of=DAY,
        plan=plan_hash("acme", DAY, [body(n).encode() for n in accounts]),
        state="released",
        proposals=count if proposals is None else proposals,
        counts={"accounts": 0, "proposals": {}, "rests": {}, "refused": {}, "review": {}},
        digests={},
        recorded_at=ledger_tables.NOW,
    )
    # What comes later by account was written earlier: the order is the checker's to make.
    messages = [(f"m{n}", 1, n, n, 2, 1, 20, "demand", "email", "en", body(n), US) for n in reversed(accounts)]
    attempts = [(n, 1, f"m{n}", n, n, 1, "email", 1, "accepted", US, 0, None, US) for n in accounts]
    claims = [(f"c{n}", 1, n, n, 20, 1, f"m{n}", False) for n in accounts]
    pieces = {n: [b"To: you\r\n", f"{n} is due\r\n".encode() + PADDING.encode(), b"--\r\n"] for n in accounts}
    parts = {digest(piece): (digest(piece), SALT, 0, piece) for each in pieces.values() for piece in each}
    marks = []
    for n in accounts:
        told = {
            "parts": [digest(piece).hex() for piece in pieces[n]],
            "bytes": evidence.salted(SALT, sha256(b"".join(pieces[n])).digest()).hex(),
            "advances": [[n, 20]],
        }
        marks.append((n + 10, 1, n, f"m{n}", "started", US, 1, evidence.canonical(told).decode()))
    with sql.transaction.atomic():
        sql.insert("message", TABLES["message"], messages)
        columns = (
            "id creditor_id message_id account_id person_id point_id channel ordinal state not_before token"
            " lease_until contacted_at"
        )
        sql.insert("attempt", columns.split(), attempts)
        columns = "id creditor_id account_id receivable_id stage occurrence message_id freed"
        sql.insert("claim", columns.split(), claims)
        sql.insert("part", ["digest", "salt", "dictionary", "data"], list(parts.values()))
        sql.insert("mark", TABLES["mark"], marks)
    return accounts


def digest(piece: bytes) -> bytes:
    return sha256(SALT + piece).digest()


def checked(check: str) -> Tally:
    """What one checker says of the book, which it reads fifty rows at a time."""
    from duewell.store.audit import messages, records
    from duewell.store.audit.reading import reader
    from duewell.store.snapshot import snapshot

    tally = Tally()
    with snapshot() as cursor:
        read = reader(cursor, 50)
        if check == "kept":
            records.kept_messages_are_those_that_left(read, lambda version, data: data, tally)
        else:
            messages.the_preview_is_the_run(read, tally)
    return tally


def peak(ask: Callable[[], Tally]) -> int:
    """How many bytes Python holds at the most while it answers."""
    tracemalloc.start()
    try:
        assert ask().findings == []
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("check", "looked", "questions"), [("kept", 1001, 7), ("preview", 2, 2)])
def test_a_thousand_messages_are_asked_about_together(home, queries, check, looked, questions):
    send_many(1000)
    queries.clear()
    tally = checked(check)
    assert (tally.checked, tally.findings) == (looked, [])
    # three parts and one claim for each of them
    assert len(queries) <= questions, queries


@pytest.mark.parametrize("check", ["kept", "preview"])
def test_four_times_the_messages_take_no_more_room(tmp_path, check, monkeypatch):
    from duewell.store.audit import messages, records

    monkeypatch.setattr(records, "_PARTS_AT_ONCE", 100)
    monkeypatch.setattr(messages, "_MOVES_AT_ONCE", 100)
    held = []
    for count in (300, 1200):
        with small_book(tmp_path / str(count)):
            send_many(count)
            checked(check)
            held.append(peak(lambda: checked(check)))
    assert held[1] < 1.2 * held[0], held
    assert held[1] < 1200 * len(PADDING) / 2


def test_what_is_wrong_is_found_in_every_batch(home, monkeypatch):
    from duewell.store import sql
    from duewell.store.audit import messages, records

    monkeypatch.setattr(records, "_PARTS_AT_ONCE", 7)
    monkeypatch.setattr(messages, "_MOVES_AT_ONCE", 7)
    send_many(40, proposals=39)
    wrong = [
        # A part that was erased is no reproach; other bytes than vouched for are, and moves that nobody claimed.
        {"parts": ["00" * 32, digest(b"To: you\r\n").hex()], "bytes": "", "advances": [[2, 20]]},
        {"parts": [digest(b"To: you\r\n").hex()], "bytes": "00" * 32, "advances": [[2, 20], [2, 30]]},
        {"parts": [], "bytes": "", "advances": [[3, 20]]},
        {"parts": [digest(b"To: you\r\n").hex()], "advances": []},
    ]
    marks = [
        (100 + n, 1, 2, "m2", "started", US, 1, evidence.canonical(told).decode()) for n, told in enumerate(wrong)
    ]
    with sql.transaction.atomic():
        sql.insert("mark", TABLES["mark"], marks)
    kept = checked("kept")
    assert kept.findings == ["attempt 2: its message cannot be rebuilt byte for byte"] * 2
    assert kept.checked == 1 + 40 + 2
    assert checked("preview").findings == [
        "run 2 claimed 39 messages, 40 are kept",
        "message m2 moved what its plan did not claim: [(2, 30)]",
        "message m2 moved what its plan did not claim: [(3, 20)]",
    ]


def test_a_run_after_one_that_was_not_read_to_its_end_is_still_compared(home):
    from duewell.flows.decide_accounts import plan_hash
    from duewell.store import models, sql

    accounts = send_many(20, proposals=19)
    bodies = [body(n) for n in accounts]
    for run, plan in (
        (3, plan_hash("acme", DAY, [text.encode() for text in bodies])),
        (4, "0" * 64),
        (5, "1" * 64),
    ):
        models.Run.objects.create(
            id=run,
            creditor_id=1,
            as_of=DAY,
            plan=plan,
            proposals=20 if run < 5 else 0,
            counts={},
            digests={},
            recorded_at=ledger_tables.NOW,
        )
        messages = [
            (f"r{run}m{n}", 1, n, n, run, 1, 20, "demand", "email", "en", text, US)
            for n, text in zip(accounts, bodies, strict=True)
        ]
        with sql.transaction.atomic():
            sql.insert("message", TABLES["message"], messages if run < 5 else [])
    assert checked("preview").findings == [
        "run 2 claimed 19 messages, 20 are kept",
        f"run 4 of {DAY}: its messages are not those of plan {'0' * 12}",
    ]
