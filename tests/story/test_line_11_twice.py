"""11. A file imported twice changes nothing; two real equal payments on one day both count."""

from __future__ import annotations

import pytest

from tests.town import Town

pytestmark = pytest.mark.usefixtures("anna_owes_a_hundred")


PAYMENTS = b"""invoice_number,payment_date,amount,currency
INV-1,2026-03-02,25.00,EUR
INV-1,2026-03-02,25.00,EUR
"""


def _open(town: Town) -> int:
    ((minor,),) = town.records.rows("select open_minor from receivable where number = 'INV-1'")
    return int(minor)


def test_two_equal_payments_of_one_day_both_count_and_the_file_again_changes_nothing(either_town: Town) -> None:
    town = either_town
    # 2 March: two payments of twenty-five euros each
    assert town.takes_file("payments", PAYMENTS, at="2026-03-02T16:00Z")["new"] == 2
    assert _open(town) == 50_00
    # 3 March: the same file again, and again
    for _ in range(2):
        told = town.takes_file("payments", PAYMENTS, at="2026-03-03T08:00Z")
        assert (told["new"], told["unchanged"]) == (0, 2)
    assert _open(town) == 50_00
    # 4 March: tomorrow's export holds yesterday's two and a third one just like them
    told = town.takes_file("payments", PAYMENTS + b"INV-1,2026-03-02,25.00,EUR\n", at="2026-03-04T08:00Z")
    assert (told["new"], told["unchanged"]) == (1, 2)
    assert _open(town) == 25_00


def test_an_invoice_file_twice_changes_nothing_and_a_new_amount_is_corrected(town: Town) -> None:
    table = "number  customer  issued  due  amount\nINV-1  C-1  2026-02-01  2026-03-01  {} EUR"
    told = town.invoices(table.format("100.00"), at="2026-02-03T08:00Z")
    assert (told["unchanged"], told["receivables"]["unchanged"]) == (1, 1)
    # 4 February: the billing program has corrected the invoice
    told = town.invoices(table.format("90.00"), at="2026-02-04T08:00Z")
    assert (told["changed"], told["totals"]) == (1, {"EUR": 90_00})
    # the first entry still stands, and a second one puts it right
    entries = town.records.rows("select from_place, to_place, amount_minor from entry order by id")
    assert entries == [("revenue", "receivable", 100_00), ("receivable", "revenue", 10_00)]


def test_the_customers_twice_are_the_same_customers(town: Town) -> None:
    told = town.customers(
        "number  name  email  country  zone\nC-1  Anna Berg  anna@berg.example  DE  Europe/Berlin"
    )
    assert (told["new"], told["changed"], told["unchanged"]) == (0, 0, 1)


def test_a_dry_run_shows_everything_and_writes_nothing(town: Town) -> None:
    facts = town.records.rows("select count(*) from fact")
    path = town.home.parent / "bank.csv"
    path.write_bytes(PAYMENTS)
    told = town.command("import", "payments", str(path), "--dry-run")
    assert (told["new"], told["totals"]) == (2, {"EUR": 50_00})
    assert _open(town) == 100_00
    assert town.records.rows("select count(*) from fact") == facts


def test_an_import_that_was_taken_back_may_come_again(town: Town) -> None:
    batch = town.takes_file("payments", PAYMENTS, at="2026-03-02T16:00Z")["batch"]
    town.command("import", "undo", str(batch), at="2026-03-03T08:00Z")
    assert _open(town) == 100_00
    assert town.takes_file("payments", PAYMENTS)["new"] == 2
    assert _open(town) == 50_00


def test_an_open_items_list_and_a_payment_that_it_already_contains_count_once(town: Town) -> None:
    # 3 March, evening: the list shows sixty open, because forty came in that day
    content = (
        b"invoice_number,customer_number,invoice_date,due_date,open_amount,currency\n"
        b"INV-1,C-1,2026-02-01,2026-03-01,60.00,EUR\n"
    )
    town.takes_file("invoices", content, at="2026-03-03T18:00Z")
    assert _open(town) == 60_00
    # 4 March: the bank file tells of the same forty
    town.pays("INV-1", "40.00 EUR", on="2026-03-03", at="2026-03-04T08:00Z")
    assert _open(town) == 60_00
