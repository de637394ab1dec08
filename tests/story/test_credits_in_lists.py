"""A list of open items that shows a credit note: the money is the customer's until the list says it was used."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

HEAD = "Invoice,Customer,Type,Date,Due,Amount,Open Balance,Currency\n"
INVOICE = "1001,Amy,Invoice,2026-06-15,2026-07-15,459.00,239.00,USD\n"
CREDIT = "CM-7,Amy,Credit Memo,2026-10-20,2026-10-20,-100.00,-100.00,USD\n"


@pytest.fixture
def call(call):
    """Every command is given on 20 November 2026."""
    return partial(call, "--now", "2026-11-20T10:00Z")


def _list(folder: Path, *rows: str) -> str:
    file = folder / "list.csv"
    file.write_text(HEAD + "".join(rows))
    return str(file)


def _owed(call) -> tuple[int, int]:
    told = call("report", "aging")["totals"]["USD"]
    return told["total"], told["unapplied"]


def test_a_credit_note_in_the_list_is_unapplied_money_beside_what_is_open(call, tmp_path):
    call("import", "invoices", _list(tmp_path, INVOICE, CREDIT))
    assert _owed(call) == (13_900, 10_000)


def test_the_order_of_the_rows_and_a_second_import_change_nothing(call, tmp_path):
    call("import", "invoices", _list(tmp_path, CREDIT, INVOICE))
    again = call("import", "invoices", _list(tmp_path, INVOICE, CREDIT))
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)
    assert _owed(call) == (13_900, 10_000)


def test_a_credit_note_that_was_used_in_part_shows_the_rest(call, tmp_path):
    call("import", "invoices", _list(tmp_path, INVOICE, CREDIT))
    used = CREDIT.replace("-100.00,-100.00", "-100.00,-40.00")
    call("import", "invoices", _list(tmp_path, INVOICE.replace("239.00", "179.00"), used))
    assert _owed(call) == (13_900, 4_000)


def test_a_complete_list_without_the_credit_note_says_it_was_used(call, tmp_path):
    call("import", "invoices", _list(tmp_path, INVOICE, CREDIT))
    call("import", "invoices", _list(tmp_path, INVOICE.replace("239.00", "139.00")), "--full")
    assert _owed(call) == (13_900, 0)
