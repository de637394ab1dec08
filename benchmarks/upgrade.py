"""The longest that a writer waits while a book of the first version is brought up to date.

A book of a million invoices is made with the tables of version 0.1.0. Then one process writes small transactions
without a pause, as a sender does, while another applies every migration since. Printed are the longest wait of the
writer while it was alone and while the migrations ran.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import measured

INVOICES = {"small": 20_000, "full": 1_000_000}
FIRST = "0002_guards"
ALONE_SECONDS = {"small": 1.0, "full": 5.0}


def fill(invoices: int, open_minor: int = 100) -> dict[str, int]:
    """Rows as an old book has them; what they say does not matter here, how many there are does."""
    from django.db import connection, transaction

    accounts = invoices // 5
    now = 1_770_000_000_000_000
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into creditor (id, key, name, street, postcode, city, country, zone, language, email_from,"
            " reply_to, phone, account_holder, iban, bic, payment_note, strategies, policy, halted, version,"
            " recorded_at) values (1, 'acme', 'Acme', '', '', '', 'DE', 'Europe/Berlin', 'en', '', '', '', '',"
            f" '', '', '', '[]', '{{}}', {_false()}, 0, {now})"
        )
        told: dict[str, int] = {}
        for table, count, columns, values in _tables(invoices, accounts, now, open_minor):
            cursor.execute(f"insert into {table} ({columns}) select {values} from {_series()}", [count])
            told[table] = count
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("analyze")
    return told


def _tables(invoices: int, accounts: int, now: int, open_minor: int) -> list[tuple[str, int, str, str]]:
    account = f"((n - 1) %% {accounts}) + 1"
    salt = "'\\x00'::bytea" if os.environ.get("DATABASE_URL") else "x'00'"
    hash_ = "'\\x00'::bytea" if os.environ.get("DATABASE_URL") else "x'00'"
    body = (
        "convert_to('{\"a\":' || n || '}', 'utf8')"
        if os.environ.get("DATABASE_URL")
        else "cast('{\"a\":' || n || '}' as blob)"
    )
    return [
        ("person", accounts, "id, version, flags, recorded_at", f"n, 0, '[]', {now}"),
        (
            "party",
            accounts,
            "id, creditor_id, person_id, number, name, given_name, family_name, salutation, kind, language,"
            " country, region, zone, salt, recorded_at",
            f"n, 1, n, 'C-' || n, 'Customer ' || n, '', '', '', 'unknown', 'en', 'DE', '', '', {salt}, {now}",
        ),
        (
            "contact_point",
            accounts,
            "id, creditor_id, party_id, channel, value, state, rank, salt, recorded_at",
            f"n, 1, n, 'email', 'c' || n || '@example.org', 'usable', 0, {salt}, {now}",
        ),
        (
            "account",
            accounts,
            "id, creditor_id, number, party_id, person_id, segment, strategy, version, refusal, recorded_at",
            f"n, 1, 'C-' || n, n, n, '', '', 0, '', {now}",
        ),
        (
            "receivable",
            invoices,
            "id, creditor_id, account_id, number, kind, currency, issued_on, due_on, reference, open_minor,"
            " reached, recorded_at",
            f"n, 1, {account}, 'INV-' || n, 'invoice', 'EUR', '2026-01-01', '2026-02-01', '', {open_minor}, 0,"
            f" {now}",
        ),
        (
            "entry",
            invoices,
            "id, creditor_id, account_id, currency, amount_minor, from_place, to_place, to_receivable_id,"
            " effective_on, recorded_at, cause",
            f"n, 1, {account}, 'EUR', 100, 'revenue', 'receivable', n, '2026-01-01', {now}, 'import:1'",
        ),
        (
            "payment",
            invoices,
            "id, creditor_id, account_id, kind, currency, amount_minor, paid_on, reference, named, occurrence,"
            " recorded_at",
            f"n, 1, {account}, 'payment', 'EUR', 100, '2026-02-01', 'ref ' || n, '', 1, {now}",
        ),
        (
            "hold",
            accounts,
            "id, creditor_id, account_id, kind, starts_on, reason, recorded_at, recorded_by",
            f"n, 1, n, 'other', '2026-01-01', 'because', {now}, 'robin'",
        ),
        (
            "fact",
            invoices,
            "id, stream, sequence, kind, recorded_at, body, previous, hash",
            f"n, 'account:' || ({account}), (n - 1) / {accounts} + 1, 'ledger.posted', {now}, {body}, {hash_},"
            f" {hash_}",
        ),
    ]


def _series() -> str:
    if os.environ.get("DATABASE_URL"):
        return "generate_series(1, %s) as s(n)"
    return "(with recursive s(n) as (select 1 union all select n + 1 from s where n < %s) select n from s)"


def _false() -> str:
    return "false" if os.environ.get("DATABASE_URL") else "0"


def write_on(home: str, stop: Any, started: Any, waits: Any) -> None:
    """A sender: small transactions over many tables, one after the other; the longest of them, by phase."""
    from duewell import wiring

    wiring.start(home)
    from duewell.store import sql

    longest = {0: 0.0, 1: 0.0}
    count = 0
    while not stop.is_set():
        phase = int(started.is_set())
        begun = time.perf_counter()
        number = 10_000_000 + count
        with sql.transaction.atomic():
            sql.execute("update account set version = version + 1 where id = ?", [count % 100 + 1])
            sql.execute(
                "insert into hold (id, creditor_id, account_id, kind, starts_on, reason, recorded_at, recorded_by)"
                " values (?, 1, ?, 'other', '2026-01-01', 'because', 1, 'robin')",
                [number, count % 100 + 1],
            )
            sql.fetch("select count(*) from payment where account_id = ?", [count % 100 + 1])
            sql.fetch("select id from fact where stream = ? order by sequence", [f"account:{count % 100 + 1}"])
        longest[phase] = max(longest[phase], time.perf_counter() - begun)
        count += 1
    waits.put((longest[0], longest[1], count))


def run(size: str) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import connections

    from duewell import wiring
    from duewell.adapters.home import make_home

    invoices = INVOICES[size]
    with tempfile.TemporaryDirectory(prefix="duewell-bench-") as directory:
        home = Path(directory) / "home"
        make_home(home, test=True)
        wiring.start(home)
        call_command("migrate", "store", FIRST, verbosity=0, interactive=False)
        rows = fill(invoices)
        connections["default"].close()
        many = multiprocessing.get_context("spawn")
        stop, started, waits = many.Event(), many.Event(), many.Queue()
        writer = many.Process(target=write_on, args=(str(home), stop, started, waits))
        writer.start()
        time.sleep(ALONE_SECONDS[size] + 2.0)
        started.set()
        begun = time.perf_counter()
        wiring.migrate()
        seconds = time.perf_counter() - begun
        time.sleep(0.5)
        stop.set()
        alone, during, count = waits.get(timeout=60)
        writer.join()
        connections["default"].close()
    return {
        "benchmark": "upgrade",
        "size": size,
        "database": measured.database(),
        "invoices": invoices,
        "rows": sum(rows.values()),
        "migrate_s": round(seconds, 3),
        "longest_wait_s": round(during, 3),
        "longest_wait_alone_s": round(alone, 3),
        "transactions": count,
        **measured.machine(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=sorted(INVOICES), default="small")
    args = parser.parse_args()
    print(json.dumps(run(args.size)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
