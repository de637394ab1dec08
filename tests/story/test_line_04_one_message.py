"""4. One account, one message: whatever is due in whatever currency stands on it together."""

from __future__ import annotations

import pytest

from tests.town import Town


@pytest.fixture(autouse=True)
def _anna(town: Town) -> None:
    town.customers(
        "number  name  email  country  zone\nC-1  Anna Berg  anna@berg.example  DE  Europe/Berlin",
        at="2026-02-02T08:00Z",
    )


def test_three_invoices_in_two_currencies_make_one_message(town: Town) -> None:
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-01  100.00 EUR
        INV-2   C-1       2026-02-01  2026-03-02  50.00 EUR
        INV-3   C-1       2026-02-01  2026-03-04  80.00 USD
        INV-4   C-1       2026-02-01  2026-04-30  70.00 EUR
        """
    )
    # 10 March: the first three are overdue, the fourth is not
    assert town.night("2026-03-10")["proposals"] == {"first": 1}
    town.send(at="2026-03-10T11:00Z")
    (mail,) = town.received()
    assert mail.numbers == ["INV-1", "INV-2", "INV-3"]
    assert mail.pay == mail.amount == {"EUR": 150_00, "USD": 80_00}
    # several invoices: the customer number is the reference
    assert mail.reference == "C-1"


def test_the_highest_stage_speaks_for_all_and_each_invoice_climbs_its_own_step(town: Town) -> None:
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-01-05  2026-02-10  100.00 EUR
        """
    )
    # 17 February: the first reminder about INV-1
    town.night("2026-02-17")
    town.send(at="2026-02-17T11:00Z")
    # 26 February: INV-1 is sixteen days late, INV-2 six
    town.invoices("number  customer  issued  due  amount\nINV-2  C-1  2026-01-20  2026-02-20  40.00 EUR")
    assert town.night("2026-02-26")["proposals"] == {"second": 1}
    town.send(at="2026-02-26T11:00Z")
    assert [(mail.stage, mail.numbers) for mail in town.received()] == [
        ("first", ["INV-1"]),
        ("second", ["INV-1", "INV-2"]),
    ]
    assert town.records.rows("select number, reached from receivable order by number") == [
        ("INV-1", 40),
        ("INV-2", 30),
    ]


def test_money_in_one_currency_never_nets_another(town: Town) -> None:
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-01  100.00 EUR
        INV-2   C-1       2026-02-01  2026-03-01  80.00 USD
        """
    )
    # 9 March: a hundred dollars on account
    town.pays_on_account("C-1", "180.00 USD", at="2026-03-09T08:00Z")
    town.night("2026-03-10")
    town.send(at="2026-03-10T11:00Z")
    (mail,) = town.received()
    assert mail.pay == {"EUR": 100_00}


def test_two_accounts_of_one_person_get_one_message_each(town: Town) -> None:
    town.customers("number  name  email  country  zone\nC-2  Anna Berg  anna@berg.example  DE  Europe/Berlin")
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-01  100.00 EUR
        INV-2   C-2       2026-02-01  2026-03-01  60.00 EUR
        """
    )
    town.night("2026-03-10")
    assert town.send(at="2026-03-10T11:00Z")["accepted"] == 2
    assert sorted(mail.pay["EUR"] for mail in town.received("anna@berg.example")) == [60_00, 100_00]


def test_a_second_message_waits_for_its_distance(town: Town) -> None:
    town.invoices("number  customer  issued  due  amount\nINV-1  C-1  2026-02-01  2026-03-01  100.00 EUR")
    # 10 March: a reminder about INV-1
    town.night("2026-03-10")
    town.send(at="2026-03-10T11:00Z")
    # 11 March: INV-2, five days late, comes in; the gentle strategy keeps six days between messages
    town.invoices(
        "number  customer  issued  due  amount\nINV-2  C-1  2026-02-01  2026-03-06  60.00 EUR",
        at="2026-03-11T08:00Z",
    )
    assert town.night("2026-03-13")["rests"] == {"least_gap": 1}
    # 16 March, a Monday and the sixth day
    assert town.night("2026-03-16")["proposals"] == {"first": 1}
