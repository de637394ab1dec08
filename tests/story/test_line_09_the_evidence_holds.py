"""9. Every fact verifies; entries, holds, marks and message digests rebuilt from facts equal the tables; any edit,
loss or reorder shows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.town import Town


@pytest.fixture(autouse=True)
def _a_week_of_work(town: Town) -> None:
    town.customers(
        "number  name  email  country  zone\nC-1  Anna Berg  anna@berg.example  DE  Europe/Berlin",
        at="2026-02-02T08:00Z",
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-01  100.00 EUR
        INV-2   C-1       2026-02-01  2026-03-01  50.00 EUR
        """
    )
    town.disputes("INV-2", at="2026-03-05T08:00Z")
    town.night("2026-03-10")
    town.send(at="2026-03-10T11:00Z")
    town.pays("INV-1", "40.00 EUR", at="2026-03-11T08:00Z")


def test_a_week_of_work_verifies(town: Town) -> None:
    told = town.command("verify")
    assert told["ok"]
    assert told["first_bad"] is None
    assert told["facts"] == told["sealed"] == town.records.rows("select count(*) from fact")[0][0]
    assert town.command("audit")["ok"]


@contextmanager
def _somebody_with_a_database_tool(town: Town) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(town.home / "duewell.db")
    for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        connection.execute(f'drop trigger "{name}"')
    yield connection
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "act",
    [
        "update entry set amount_minor = amount_minor - 1 where id = 1",
        "update hold set reason = 'because' where id = 1",
        "update mark set kind = 'refused' where kind = 'accepted'",
        "update message set stage = 40",
        "update fact set body = replace(body, '10000', '90000') where id = (select max(id) from fact)",
        "delete from fact where id = (select max(id) from fact)",
        "delete from fact where id = 3",
        "delete from mark where kind = 'closing'",
        "delete from entry where id = (select max(id) from entry)",
    ],
)
def test_whatever_is_edited_or_removed_shows(town: Town, act: str) -> None:
    with _somebody_with_a_database_tool(town) as connection:
        assert connection.execute(act).rowcount > 0
    told = town.command("verify", fails=1)
    assert not told["ok"]
    assert told["first_bad"]


def test_a_kept_message_that_was_changed_shows_in_the_audit(town: Town) -> None:
    with _somebody_with_a_database_tool(town) as connection:
        connection.execute("update part set data = zeroblob(length(data))")
    told = town.command("audit", fails=1)
    assert [one["number"] for one in told["sentences"] if not one["ok"]] == [12]


def test_the_tables_refuse_to_be_edited_in_the_first_place(town: Town) -> None:
    connection = sqlite3.connect(town.home / "duewell.db")
    for table in ("entry", "hold", "payment", "message", "mark", "fact"):
        with pytest.raises(sqlite3.DatabaseError):
            connection.execute(f"delete from {table}")
    connection.close()


def test_what_was_sealed_before_is_remembered_outside_the_database(town: Town, tmp_path: Path) -> None:
    # 11 March: the auditor keeps the signed heads of the day
    heads = tmp_path / "kept.jsonl"
    heads.write_bytes((town.home / "heads" / "heads.jsonl").read_bytes())
    # 12 March: the database of the week before is put in place of today's
    town.night("2026-03-12")
    with _somebody_with_a_database_tool(town) as connection:
        connection.execute("delete from leaf where fact_id > 5")
        connection.execute("delete from fact where id > 5")
    told = town.command("verify", "--head", str(heads), fails=1)
    assert not told["ok"]


def test_the_message_that_left_can_be_shown_byte_for_byte(town: Town, tmp_path: Path) -> None:
    pack = tmp_path / "anna.zip"
    town.command("evidence", "C-1", "--out", str(pack))
    assert town.command("verify", str(pack))["ok"]
    (mail,) = town.received()
    from zipfile import ZipFile

    with ZipFile(pack) as opened:
        kept = [opened.read(name) for name in opened.namelist() if name.endswith(".eml")]
    assert kept == [mail.raw]
