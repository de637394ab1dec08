"""The wrong file was imported: it is taken back, and the books are as they were, on either database."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.town import Town

HEAD = "Invoice,Customer,Email,Type,Date,Due,Amount,Open Balance,Currency,Disputed\n"
DUE = "1001,Amy,amy@example.org,Invoice,2026-09-15,2026-10-15,459.00,239.00,USD,no\n"
DISPUTED = "1002,Amy,amy@example.org,Invoice,2026-09-16,2026-10-16,80.00,80.00,USD,yes\n"
CREDIT = "CM-7,Amy,amy@example.org,Credit Memo,2026-10-20,2026-10-20,-100.00,-100.00,USD,no\n"


@pytest.fixture
def call(call):
    """Every command is given in the morning of 20 November 2026, where it says nothing else."""
    return partial(call, "--now", "2026-11-20T16:00Z")


def _list(folder: Path, *rows: str) -> str:
    file = folder / "list.csv"
    file.write_text(HEAD + "".join(rows))
    return str(file)


def _aging(call) -> dict[str, int]:
    return call("report", "aging")["totals"]["USD"]


def _undo(call, batch: int, exits: int = 0):
    return call("import", "undo", str(batch), exits=exits)


def test_a_dispute_that_a_wrong_list_had_ended_is_a_dispute_again(call, tmp_path):
    call("import", "invoices", _list(tmp_path, DUE, DISPUTED))
    assert _aging(call)["disputed"] == 80_00
    wrong = call("import", "invoices", _list(tmp_path, DISPUTED.replace(",yes", ",no")))
    assert _aging(call)["disputed"] == 0
    assert _undo(call, wrong["batch"])["held_again"] == 1
    assert _aging(call)["disputed"] == 80_00
    # and the right list, which does not call it disputed any more, ends it for good
    call("import", "invoices", _list(tmp_path, DISPUTED.replace(",yes", ",no")))
    assert _aging(call)["disputed"] == 0


def test_what_a_wrong_complete_list_missed_is_held_no_longer_and_asked_about_no_longer(call, tmp_path):
    call("import", "invoices", _list(tmp_path, DUE, DISPUTED))
    wrong = call("import", "invoices", _list(tmp_path, DISPUTED), "--full")
    assert wrong["receivables"]["missing"] == 1
    assert len(call("review", "list")["questions"]) == 1
    _undo(call, wrong["batch"])
    assert call("review", "list")["questions"] == []
    assert [hold["kind"] for hold in call("hold", "list")["holds"]] == ["dispute"]


def test_a_credit_note_that_a_wrong_list_had_used_up_is_the_customers_again(call, tmp_path):
    call("import", "invoices", _list(tmp_path, DUE, CREDIT))
    assert _aging(call)["unapplied"] == 100_00
    wrong = call("import", "invoices", _list(tmp_path, DUE), "--full")
    assert _aging(call)["unapplied"] == 0
    _undo(call, wrong["batch"])
    assert (_aging(call)["total"], _aging(call)["unapplied"]) == (139_00, 100_00)


def test_a_due_date_that_a_wrong_list_had_moved_moves_back_and_both_moves_are_told(call, tmp_path):
    call("import", "invoices", _list(tmp_path, DUE))
    wrong = call("import", "invoices", _list(tmp_path, DUE.replace("2026-10-15", "2026-12-15")))
    assert _aging(call)["current"] == 239_00
    assert _undo(call, wrong["batch"])["terms"] == 1
    assert _aging(call)["d31_60"] == 239_00
    told = [act["text"] for act in call("why", "Amy")["done"]]
    assert "The due date of 1001 was moved from 15 December 2026 to 15 October 2026." in told
    assert "The due date of 1001 was moved from 15 October 2026 to 15 December 2026." in told


def test_the_books_are_as_old_as_the_list_that_is_left(call, tmp_path):
    old, new = ("--books-as-of", "2026-11-10T08:00Z"), ("--books-as-of", "2026-11-20T08:00Z")
    call("import", "invoices", _list(tmp_path, DUE), *old)
    assert call("plan", "--as-of", "2026-11-20")["rests"] == {"books_too_old": 1}
    wrong = call("import", "invoices", _list(tmp_path, DISPUTED), *new)
    assert "books_too_old" not in call("plan", "--as-of", "2026-11-20")["rests"]
    _undo(call, wrong["batch"])
    assert call("plan", "--as-of", "2026-11-20")["rests"] == {"books_too_old": 1}
    # a list of an hour between the two is the newest again, and is believed
    call(
        "import", "invoices", _list(tmp_path, DUE.replace("239.00", "39.00")), "--books-as-of", "2026-11-19T08:00Z"
    )
    assert _aging(call)["total"] == 39_00


def test_the_later_of_two_lists_is_taken_back_first(call, tmp_path):
    first = call("import", "invoices", _list(tmp_path, DUE))["batch"]
    second = call("import", "invoices", _list(tmp_path, DUE.replace("239.00", "200.00")))["batch"]
    told = _undo(call, first, exits=2)
    assert f"take that back first (duewell import undo {second})" in told["message"]
    _undo(call, second)
    _undo(call, first)
    assert call("report", "aging")["totals"].get("USD", {"total": 0})["total"] == 0


def test_an_import_that_money_rests_on_is_corrected_and_not_taken_back(call, tmp_path):
    batch = call("import", "invoices", _list(tmp_path, DUE))["batch"]
    money = tmp_path / "bank.csv"
    money.write_text(
        "payment_id,customer_number,invoice_number,amount,currency,payment_date\nB1,Amy,1001,39.00,USD,2026-11-21\n"
    )
    paid = call("--now", "2026-11-21T16:00Z", "import", "payments", str(money))["batch"]
    told = call("--now", "2026-11-21T16:00Z", "import", "undo", str(batch), exits=2)
    assert "money was put against 1001 since" in told["message"]
    call("--now", "2026-11-21T16:00Z", "import", "undo", str(paid))
    call("--now", "2026-11-21T16:00Z", "import", "undo", str(batch))


@pytest.mark.usefixtures("anna_owes_a_hundred")
def test_an_import_that_a_message_has_asked_for_is_corrected_and_not_taken_back(either_town: Town) -> None:
    either_town.night("2026-03-10")
    either_town.send(at="2026-03-10T11:00Z")
    assert len(either_town.received()) == 1
    told = either_town.command("import", "undo", "2", at="2026-03-11T09:00Z", fails=2)
    assert "a message has asked for INV-1 since: import a list that is right instead" in told["message"]
