"""A home of an older version is brought up to date by itself: nothing is lost, rewritten or left unguarded."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.town.records import Records
from tests.upgrading import FIRST, old_home


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Any, Records]]:
    """A home of 0.1.0 on either database, open in this process, and a reader of its tables."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with old_home(tmp_path / "home", url) as home:
        yield home, Records(tmp_path / "home", url)


def _places(records: Records) -> dict[str, Any]:
    """Where each table lies: a table that is written anew gets another place."""
    if records.is_postgres:
        found = records.rows(
            "select relname, pg_relation_filenode(oid) from pg_class where relkind = 'r'"
            " and relnamespace = current_schema()::regnamespace"
        )
    else:
        found = records.rows("select name, rootpage from sqlite_master where type = 'table'")
    return dict(found)


def _guards(records: Records) -> set[tuple[str, str]]:
    query = "select tbl_name, name from sqlite_master where type = 'trigger'"
    if records.is_postgres:
        query = "select tgrelid::regclass::text, tgname from pg_trigger where not tgisinternal"
    return {(row[0], row[1]) for row in records.rows(query)}


_PROVEN = {
    "entry": "id, account_id, currency, amount_minor, from_place, to_place, effective_on, cause",
    "payment": "id, amount_minor, paid_on, reference",
    "hold": "id, kind, starts_on, reason",
    "fact": "id, stream, sequence, kind, body, hash",
    "receivable": "id, number, open_minor, due_on",
}


def _content(records: Records) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: records.rows(f"select {columns} from {table} order by id") for table, columns in _PROVEN.items()
    }


def test_every_step_since_the_first_version_keeps_what_is_there(old: tuple[Any, Records]) -> None:
    home, records = old
    places, guards, content = _places(records), _guards(records), _content(records)
    from duewell import wiring, wiring_evidence
    from duewell.store import upgrade

    applied = upgrade.bring_up_to_date()
    assert applied[0] > FIRST
    assert upgrade.pending() == []
    # No table that was there was written anew, which on a large book takes minutes and stops everybody
    after = _places(records)
    assert {table: after[table] for table in places} == places
    assert guards <= _guards(records)
    assert _content(records) == content
    report = wiring_evidence.verification(home)
    assert (report.facts, report.sealed, report.findings) == (6, 6, [])
    verdicts = wiring_evidence.audited(home, lambda number: None)
    assert [verdict.findings for verdict in verdicts if verdict.found] == []
    if not records.is_postgres:
        assert records.rows("pragma foreign_key_check") == []
    # A second time there is nothing to do
    assert upgrade.bring_up_to_date() == []
    wiring.migrate()


def test_words_of_an_old_home_can_be_erased_as_well(old: tuple[Any, Records]) -> None:
    home, records = old
    from duewell import wiring, wiring_evidence, wiring_person
    from duewell.adapters.clock import SystemClock
    from duewell.flows.erase import Wanted
    from duewell.store import creditors

    wiring.migrate()
    wanted = Wanted("C1", False, True, "asked", "robin")
    creditor = creditors.all_views()[0]
    kept = wiring_person.erase(home, creditor, SystemClock(), wanted)
    assert kept.kept and kept.facts == 4
    words = b"".join(bytes(body) for (body,) in records.rows("select body from fact"))
    # The invoice is open and money is unused, so the reference stays; what ended has no words any more
    assert b"thank you Anna" in words
    assert b"broke" not in words and b"was right" not in words and b"called" not in words
    assert wiring_evidence.verification(home).findings == []


def test_two_processes_of_a_new_version_that_start_at_once_upgrade_once(old: tuple[Any, Records]) -> None:
    home, records = old
    command = [sys.executable, "-m", "duewell", "--home", str(home.directory), "--json", "verify"]
    racing = [
        subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    ended = [process.communicate(timeout=120) for process in racing]
    assert [process.returncode for process in racing] == [0, 0, 0], ended
    names = [row[0] for row in records.rows("select name from django_migrations where app = 'store' order by id")]
    assert len(names) == len(set(names)) > 2


def test_an_older_version_refuses_tables_of_a_newer_one(old: tuple[Any, Records]) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    from duewell import wiring
    from duewell.store.upgrade import NewerTables

    wiring.migrate()
    MigrationRecorder.Migration.objects.create(app="store", name="9999_from_tomorrow", applied="2030-01-01T00:00Z")
    with pytest.raises(NewerTables, match="9999_from_tomorrow"):
        wiring.migrate()
