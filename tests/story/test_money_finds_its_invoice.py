"""Bank files seldom know our customers. Money that names an invoice belongs to whoever owes that invoice."""

from __future__ import annotations

import pytest

from tests.town import Town


@pytest.fixture(autouse=True)
def _two_customers(town: Town) -> None:
    town.customers(
        """
        number  name       email
        C-1     Anna Berg  anna@berg.example
        C-2     Bob Cole   bob@cole.example
        """,
        at="2026-03-01T08:00Z",
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-01  100.00 EUR
        INV-2   C-2       2026-02-01  2026-03-01  80.00 EUR
        """
    )


def test_a_payment_that_names_only_an_invoice_pays_it(town: Town) -> None:
    told = town.pays("INV-1", "40.00 EUR", at="2026-03-02T08:00Z")
    assert told["totals"] == {"EUR": 140_00}
    assert town.records.rows("select number, open_minor from receivable order by id") == [
        ("INV-1", 60_00),
        ("INV-2", 80_00),
    ]
    assert town.records.rows("select number from party order by id") == [("C-1",), ("C-2",)]


def test_a_payer_written_in_a_strange_way_still_pays_the_invoice_that_is_named(town: Town) -> None:
    record = {
        "customer_number": "c 1 ???",
        "invoice_number": "INV-1",
        "payment_date": "2026-03-02",
        "amount": "100.00",
        "currency": "EUR",
    }
    assert town.takes("payments", [record], at="2026-03-02T08:00Z")["totals"] == {"EUR": 80_00}


def test_a_payment_that_names_nobody_is_listed_and_stops_no_other(town: Town) -> None:
    content = (
        b"invoice_number,payment_date,amount,currency\nINV-9,2026-03-02,10.00,EUR\nINV-2,2026-03-02,80.00,EUR\n"
    )
    told = town.takes_file("payments", content, at="2026-03-02T08:00Z", fails=1)
    assert (told["rows"], told["new"], len(told["rejected"])) == (2, 1, 1)
    assert told["rejected"][0]["row"] == 2
    assert "no invoice has this number" in told["rejected"][0]["reason"]
    assert told["totals"] == {"EUR": 100_00}
