"""12. Language, sum and reference are the same in subject, first sentence, table, payment details and page."""

from __future__ import annotations

import re

import pytest

from tests.town import Town
from tests.town.mail import sums


@pytest.mark.parametrize(
    ("language", "country", "zone", "first_words"),
    [
        ("de", "DE", "Europe/Berlin", "Ihre Zahlung über"),
        ("en", "GB", "Europe/London", "Your payment of"),
        ("en", "US", "America/New_York", "Your payment of"),
        ("pt", "PT", "Europe/Lisbon", "Your payment of"),  # no Portuguese texts yet: the creditor's language
    ],
)
def test_every_part_of_a_message_tells_the_same(
    town: Town, language: str, country: str, zone: str, first_words: str
) -> None:
    town.customers(
        f"""
        number  name       email              country    zone    language
        C-1     Anna Berg  anna@berg.example  {country}  {zone}  {language}
        """,
        at="2026-02-02T08:00Z",
    )
    town.invoices(
        """
        number  customer  issued      due         amount
        INV-1   C-1       2026-02-01  2026-03-01  1234.56 EUR
        INV-2   C-1       2026-02-01  2026-03-02  0.44 USD
        INV-3   C-1       2026-02-01  2026-03-03  150000 JPY
        """
    )
    town.credits("C-1", "34.56 EUR")
    town.night("2026-03-10")
    town.send(at="2026-03-10T14:00Z")
    (mail,) = town.received()
    assert mail.language == ("de" if language == "de" else "en")
    assert mail.text.split("\n\n")[1].startswith(first_words)
    # the net sum per currency, in the first sentence, the tables and the payment details
    assert mail.opening == mail.pay == mail.amount == {"EUR": 1200_00, "USD": 44, "JPY": 150_000}
    assert mail.credit == {"EUR": 34_56}
    # the page says the same sums and numbers as the text, written in the same way
    for line in mail.text.splitlines():
        for written in re.findall(r"\S*\d[\d.,]*\d\s?\S*", line) if sums(line) else ():
            assert " ".join(written.strip(".,;:").split()) in mail.page, written
    for item in mail.items:
        assert item.number in mail.page
    # the reference of the subject is the one to pay with
    assert mail.reference == "C-1"
    assert mail.reference in mail.subject
    assert mail.reference in mail.page


def test_one_invoice_is_its_own_reference(town: Town) -> None:
    town.customers(
        "number  name  email  country  zone\nC-1  Anna Berg  anna@berg.example  DE  Europe/Berlin",
        at="2026-02-02T08:00Z",
    )
    town.invoices("number  customer  issued  due  amount\nINV-1  C-1  2026-02-01  2026-03-01  100.00 EUR")
    town.night("2026-03-10")
    town.send(at="2026-03-10T11:00Z")
    (mail,) = town.received()
    assert mail.reference == "INV-1"
    assert "INV-1" in mail.subject
    assert mail.raw.isascii()


def test_a_retry_is_the_same_message(town: Town) -> None:
    town.customers(
        "number  name  email  country  zone\nC-1  Anna Berg  anna@berg.example  DE  Europe/Berlin",
        at="2026-02-02T08:00Z",
    )
    town.invoices("number  customer  issued  due  amount\nINV-1  C-1  2026-02-01  2026-03-01  100.00 EUR")
    town.night("2026-03-10")
    town.sink.treat([{"verb": "dot", "action": "451 4.3.0 later", "times": 1}])
    town.send(at="2026-03-10T11:00Z")
    town.send(at="2026-03-10T12:00Z")
    (mail,) = town.received()
    # it carries the name of the message that was planned, so that a server may know it again
    assert town.records.rows("select id from message") == [(mail.id,)]
