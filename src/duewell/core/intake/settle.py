"""What one invoice of a file means for the ledger: owed, part paid, paid, a credit, or nothing to take.

A row that says it is paid is never taken as open. Where its columns contradict one another it is rejected: a
reminder to somebody who has paid costs more than a question to the bookkeeper.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from duewell.core.intake import words
from duewell.core.intake.customers import NOBODY
from duewell.core.intake.findings import Bad
from duewell.core.intake.rows import CreditRow, CustomerRow, InvoiceRow, Paid, PaymentRow

_SKIPPED_STATES = {
    words.VOID: "cancelled",
    words.DRAFT: "a draft that was not sent",
    words.WRITTEN_OFF: "written off",
    words.REFUNDED: "paid and refunded",
}
NOT_AN_INVOICE = "neither an invoice nor a credit nor a payment"
PAID_WITHOUT_DAY = "paid without a day: the day of the export is taken"
SHOWN_AS_PAID = "paid without a day: taken off what is open, and kept as no payment"
NOTHING_OWED = "nothing is owed: the amount is zero"
DUE_BEFORE_ISSUE = "due before it was issued"
SETTLED_CREDIT = "a credit that is used up already"


class Raw(NamedTuple):
    """The cells of one invoice, read but not yet understood together. None or "" is blank."""

    row: int
    number: str
    customer: CustomerRow
    currency: str
    issued_on: date | None
    due_on: date | None
    terms_days: int | None
    amount: int | None
    open: int | None
    paid: int | None
    paid_on: date | None
    last_paid_on: date | None
    status: str
    payment_status: str
    document_type: str
    disputed: bool
    blocked: bool
    level: int | None
    reference: str


class Nothing(NamedTuple):
    """The row holds nothing to take."""

    reason: str


Said = tuple[str, str, str]
"""A remark: field, value, text."""
Outcome = InvoiceRow | CreditRow | PaymentRow | Nothing | Bad


def settle(raw: Raw, as_of: date, terms_days: int | None, said: list[Said], records: int = 1) -> Outcome:
    """The row in the words of the ledger.

    Args:
        raw: amounts with their sign; for a file that knows only one amount the other is None.
        as_of: the day of the export, for payments without a day.
        terms_days: for rows without due date and terms.
        said: remarks are added to it.
        records: how many records of the file the row was made from.
    """
    if raw.document_type == words.IGNORED:
        return Nothing(NOT_AN_INVOICE)
    for state in (raw.status, raw.payment_status):
        if state in _SKIPPED_STATES:
            return Nothing(_SKIPPED_STATES[state])
    if not raw.number:
        return Bad("no number", "Fill in the number of the invoice.", "number")
    if not raw.customer.name:
        return NOBODY
    # Money put to no invoice has nothing billed, only something open.
    main = raw.amount if raw.amount or raw.open is None else raw.open
    if main is None:
        return Bad("no amount", "Fill in the amount.", "amount")
    if raw.document_type == words.PAYMENT:
        # What a list shows as open of a payment was put to no invoice: like a credit it is the customer's.
        return _credit(raw, main, records) if raw.open else _payment(raw, main, as_of, records)
    if main < 0 or raw.document_type == words.CREDIT:
        return _credit(raw, main, records)
    return _invoice(raw, as_of, terms_days, said, records)


def _payment(raw: Raw, main: int, as_of: date, records: int) -> Outcome:
    paid_on = raw.paid_on or raw.issued_on or as_of
    if main == 0:
        return Nothing(NOTHING_OWED)
    amount = abs(main)
    return PaymentRow(raw.row, raw.number, raw.customer, (), amount, raw.currency, paid_on, raw.reference, records)


def _credit(raw: Raw, main: int, records: int) -> Outcome:
    if raw.open is not None and raw.amount is not None and raw.open * raw.amount < 0:
        return Bad("the open amount has another sign than the amount", "Correct one of the two.", "open")
    if words.PAID in (raw.status, raw.payment_status) or raw.open == 0 or main == 0:
        return Nothing(SETTLED_CREDIT)
    left = None if raw.open is None else abs(raw.open)
    if left is not None and left > abs(main):
        return Bad("more is open than the credit was for", "Check which column holds which amount.", "open")
    return CreditRow(
        raw.row, raw.number, raw.customer, "", abs(main), left, raw.currency, raw.issued_on, raw.reference, records
    )


def _invoice(raw: Raw, as_of: date, terms_days: int | None, said: list[Said], records: int) -> Outcome:
    # A settled item of a list that knows open amounts only is kept: the ledger must learn that it is paid.
    if raw.amount == 0 and not raw.open and not raw.paid:
        return Nothing(NOTHING_OWED)
    due_on = raw.due_on or _due(raw, terms_days)
    if due_on is None:
        return Bad("no due date", "Fill in the due date, or give the days from issue with --terms.", "due_on")
    money = _payments(raw, as_of, said)
    if isinstance(money, Bad):
        return money
    amount, open_, payments = money
    if raw.issued_on is not None and due_on < raw.issued_on:
        said.append(("due_on", f"{due_on.isoformat()} (issued {raw.issued_on.isoformat()})", DUE_BEFORE_ISSUE))
    return InvoiceRow(
        raw.row,
        raw.number,
        raw.customer,
        raw.currency,
        raw.issued_on,
        due_on,
        amount,
        open_,
        payments,
        raw.disputed or words.DISPUTED in (raw.status, raw.payment_status),
        raw.blocked,
        raw.level,
        raw.reference,
        records,
    )


def _due(raw: Raw, terms_days: int | None) -> date | None:
    days = raw.terms_days if raw.terms_days is not None else terms_days
    if raw.issued_on is None or days is None:
        return None
    return raw.issued_on + timedelta(days=days)


_Money = tuple[int | None, int | None, tuple[Paid, ...]]


def _payments(raw: Raw, as_of: date, said: list[Said]) -> _Money | Bad:
    """Amount, open amount and payments as the row's columns say together."""
    fault = _contradiction(raw)
    if fault is not None:
        return fault
    states = (raw.status, raw.payment_status)
    amount, open_, paid = raw.amount, raw.open, raw.paid or 0
    if words.PAID in states:
        paid = paid or amount or 0
        if amount is None:
            amount = paid or None
        open_ = 0
    elif raw.paid_on is not None and not paid and (open_ is None or amount is not None):
        # Only a day: the whole amount was paid on it, or what is no longer open.
        paid = (amount or 0) - (open_ or 0)
        open_ = open_ or 0
    elif raw.paid is not None:
        if amount is None and open_ is not None:
            amount = open_ + paid
        elif open_ is None:
            open_ = max((amount or 0) - paid, 0)
    if amount is not None and paid > amount:
        said.append(("paid", "", "more was paid than the invoice was for"))
    if paid <= 0:
        return amount, open_, ()
    if (raw.paid_on or raw.last_paid_on) is None and amount is not None and paid <= amount:
        # What is open says it already. A payment of the day of the export would be another one with each export.
        said.append(("paid", "", SHOWN_AS_PAID))
        return amount, open_, ()
    return amount, open_, (Paid(paid, _paid_on(raw, as_of, said), so_far=True),)


def _paid_on(raw: Raw, as_of: date, said: list[Said]) -> date:
    paid_on = raw.paid_on or raw.last_paid_on
    if paid_on is None:
        said.append(("paid_on", as_of.isoformat(), PAID_WITHOUT_DAY))
        return as_of
    if paid_on > as_of:
        said.append(("paid_on", paid_on.isoformat(), "paid after the day of the export"))
    return paid_on


def _contradiction(raw: Raw) -> Bad | None:
    states = (raw.status, raw.payment_status)
    amount, open_, paid = raw.amount, raw.open, raw.paid
    if open_ is not None and open_ < 0:
        return Bad("less than nothing is open", "Enter what was paid too much as a credit.", "open")
    if open_ is not None and amount is not None and open_ > amount:
        return Bad("more is open than the invoice was for", "Check which column holds which amount.", "open")
    if paid is not None and paid < 0:
        return Bad("a payment below zero", "Correct the amount paid.", "paid")
    if words.PAID in states:
        if words.OPEN in states or words.PART_PAID in states:
            return Bad(
                "one column says paid, another says open", "Correct the one that is wrong.", "payment_status"
            )
        if open_:
            return Bad("its status says paid, but something is open", "Correct the one that is wrong.", "open")
        if paid and amount is not None and paid < amount and open_ is None:
            return Bad(
                "its status says paid, but less was paid than billed", "Correct the one that is wrong.", "paid"
            )
        return None
    if words.PART_PAID in states and open_ is None and not paid:
        return Bad("partly paid, but not how much", "Add a column with the amount paid or still open.", "status")
    if raw.paid_on is not None and amount is None and open_:
        return Bad(
            "a day of payment, but something is open", "Add a column with the amount billed or paid.", "paid_on"
        )
    if raw.paid_on is not None and not paid and open_ is None:
        if paid == 0:
            return Bad("a day of payment, but nothing was paid", "Correct the one that is wrong.", "paid_on")
        if words.OPEN in states:
            return Bad("a day of payment, but its status says open", "Correct the one that is wrong.", "paid_on")
    return None
