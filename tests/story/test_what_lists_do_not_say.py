"""A list speaks of what it shows, and of nothing else."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

HEAD = "Invoice,Customer,Name,Email,Invoice Date,Due Date,Amount,Currency"
ROW = "1001,C-1,Kim,kim@example.org,2026-10-01,2026-11-01,239.00,USD"


@pytest.fixture
def call(call):
    """Every command is given on 20 November 2026."""
    return partial(call, "--now", "2026-11-20T10:00Z")


def _list(folder: Path, head: str, *rows: str) -> str:
    file = folder / "list.csv"
    file.write_text("\n".join((head, *rows, "")))
    return str(file)


def _holds(call) -> list[str]:
    from duewell.store import sql

    query = "select h.kind from hold h left join hold_end e on e.hold_id = h.id where e.id is null order by h.id"
    return [kind for (kind,) in sql.fetch(query)]


def test_a_list_without_such_a_column_does_not_end_a_dispute(call, tmp_path):
    call("import", "invoices", _list(tmp_path, HEAD + ",Disputed", ROW + ",Yes"), "--amounts", "open")
    assert _holds(call) == ["dispute"]
    call("import", "invoices", _list(tmp_path, HEAD, ROW), "--amounts", "open")
    assert _holds(call) == ["dispute"]
    call("import", "invoices", _list(tmp_path, HEAD + ",Disputed", ROW + ",No"), "--amounts", "open")
    assert _holds(call) == []


def test_an_older_list_does_not_end_a_dispute(call, tmp_path):
    newer = ("--amounts", "open", "--books-as-of", "2026-11-18T10:00Z")
    call("import", "invoices", _list(tmp_path, HEAD + ",Disputed", ROW + ",Yes"), *newer)
    older = ("--amounts", "open", "--books-as-of", "2026-11-10T10:00Z")
    call("import", "invoices", _list(tmp_path, HEAD + ",Disputed", ROW + ",No"), *older)
    assert _holds(call) == ["dispute"]


def test_an_export_of_tomorrow_is_refused(call, tmp_path):
    file = _list(tmp_path, HEAD, ROW)
    told = call("import", "invoices", file, "--amounts", "open", "--books-as-of", "2027-11-19T10:00Z", exits=2)
    assert "still to come" in told["message"]


def test_a_complete_list_keeps_its_own_credit_notes(call, tmp_path):
    head = "Invoice,Customer,Type,Date,Due,Amount,Currency"
    rows = (
        "1001,C-1,Invoice,2026-10-01,2026-11-01,459.00,USD",
        "CM-7,C-1,Credit Memo,2026-10-05,2026-10-05,-100.00,USD",
    )
    call("import", "invoices", _list(tmp_path, head, *rows), "--full", "--amounts", "original")
    totals = call("report", "aging")["totals"]["USD"]
    assert (totals["unapplied"], totals["total"]) == (100_00, 359_00)


def test_an_address_on_a_later_row_counts(call, tmp_path):
    from duewell.store import sql

    bare = ROW.replace("kim@example.org", "")
    call("import", "invoices", _list(tmp_path, HEAD, bare, ROW.replace("1001", "1002")), "--amounts", "open")
    assert sql.fetch("select value from contact_point") == [("kim@example.org",)]


def _unapplied(call) -> int:
    return call("report", "aging")["totals"]["USD"]["unapplied"]


def test_a_credit_note_that_is_shown_again_has_come_back(call, tmp_path):
    head = "Invoice,Customer,Type,Date,Due,Amount,Open Balance,Currency"
    invoice = "1001,C-1,Invoice,2026-10-01,2026-11-01,239.00,239.00,USD"

    def listed(open_: str, *more: str) -> None:
        credit = f"CM-7,C-1,Credit Memo,2026-10-05,2026-10-05,-100.00,{open_},USD"
        rows = (invoice, credit) if open_ else (invoice,)
        call("import", "invoices", _list(tmp_path, head, *rows), *more)

    for open_, kept in (("-100.00", 100_00), ("-40.00", 40_00), ("-100.00", 100_00), ("-100.00", 100_00)):
        listed(open_)
        assert _unapplied(call) == kept, open_
    listed("", "--full")
    assert _unapplied(call) == 0
    listed("-100.00", "--books-as-of", "2026-11-10T10:00Z")
    assert _unapplied(call) == 0, "an older list did not know yet that it was used up"
    listed("-100.00", "--full")
    assert _unapplied(call) == 100_00
    listed("-100.00", "--full")
    assert _unapplied(call) == 100_00
