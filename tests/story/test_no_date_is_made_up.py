"""A list without a day of issue: the message does not claim one."""

from __future__ import annotations

from tests.town import Town

WITHOUT = b"invoice_number,customer_number,due_date,open_amount,currency\nINV-1,C-1,2026-02-20,100.00,EUR\n"
WITH = (
    b"invoice_number,customer_number,invoice_date,due_date,open_amount,currency\n"
    b"INV-1,C-1,2026-01-21,2026-02-20,100.00,EUR\n"
)


def _reminded(town: Town, content: bytes) -> str:
    town.customers(
        """
        number  name       email
        C-1     Anna Berg  anna@berg.example
        """,
        at="2026-03-09T07:00Z",
    )
    town.takes_file("invoices", content, at="2026-03-09T08:00Z")
    town.night("2026-03-10")
    town.send(at="2026-03-10T09:00Z")
    (raw,) = town.sink.messages()
    return raw.decode()


def test_a_message_claims_no_day_of_issue_that_nobody_told(town: Town) -> None:
    assert "issued" not in _reminded(town, WITHOUT)


def test_a_message_names_the_day_of_issue_that_the_list_gives(town: Town) -> None:
    assert "issued 21 Jan 2026" in _reminded(town, WITH)
