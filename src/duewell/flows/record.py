"""Record: one payment, one credit note or one correction that a person tells of, without a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple, Protocol

from duewell.core.intake import by_hand
from duewell.core.intake.by_hand import BadAmount
from duewell.core.units.ids import AccountId, ReceivableId
from duewell.flows.hold import Numbers, Target


class BadRecord(ValueError):
    """What was told cannot be booked; the message says why and what to do."""


class KnownAlready(Exception):
    """An equal sum of that account and day is known: it may be the same, or a second one that is real."""


class Money(NamedTuple):
    """A payment or credit note as a person tells of it."""

    kind: Literal["payment", "credit"]
    account: AccountId
    currency: str
    amount_minor: int
    paid_on: date
    reference: str
    named: tuple[str, ...]
    """Invoice numbers, in the order in which they are served."""


class Change(NamedTuple):
    """What becomes of one invoice."""

    account: AccountId
    receivable: ReceivableId
    amount_minor: int | None = None
    """What was billed in all, from now on; 0 cancels the invoice; None leaves it."""
    due_on: date | None = None


class Item(NamedTuple):
    """An invoice that the booking touched or named, before it and after it."""

    invoice: str
    open_before_minor: int
    open_after_minor: int


class Booked(NamedTuple):
    """What a booking did to one account in one currency. Open amounts are net of credit."""

    payment: int | None
    """Number of the payment or credit note."""
    currency: str
    open_before_minor: int
    open_after_minor: int
    credit_before_minor: int
    credit_after_minor: int
    items: tuple[Item, ...]
    listed_minor: int = 0
    """How much of a payment a list of open items had shown already."""
    changed: bool = True


class MoneyView(NamedTuple):
    """A payment or credit note that is known; `import_` is None where it was recorded by hand."""

    id: int
    account: str
    kind: str
    amount_minor: int
    currency: str
    paid_on: str
    reference: str
    named: tuple[str, ...]
    import_: int | None
    left_minor: int
    """What has not been taken back of it."""


class RecordBook(Numbers, Protocol):
    """Where money and corrections of one creditor are booked; each call is one transaction with its facts."""

    def invoices(self, account: AccountId) -> dict[str, tuple[ReceivableId, str]]:
        """Every invoice of an account by number: its id and currency."""
        ...

    def money(self, told: Money, reason: str, *, again: bool, dry_run: bool) -> Booked:
        """Book it. Raises `KnownAlready`, unless `again`."""
        ...

    def undo(self, payment: int, reason: str, bounced_on: date | None, *, dry_run: bool) -> Booked:
        """Take it back. Raises `BadRecord`."""
        ...

    def correct(self, change: Change, reason: str, on: date, *, dry_run: bool) -> Booked:
        """Change an invoice. Raises `BadRecord`."""
        ...

    def listed(self, account: AccountId) -> list[MoneyView]:
        """The payments and credit notes of an account, oldest first."""
        ...


def money(
    book: RecordBook,
    what: Target,
    kind: Literal["payment", "credit"],
    text: str,
    paid_on: date,
    today: date,
    *,
    decimal: str = "",
    currency: str = "",
    named: Sequence[str] = (),
    reference: str = "",
    reason: str = "",
    again: bool = False,
    dry_run: bool = False,
) -> Booked:
    """Record a payment or a credit note.

    Args:
        what: the account, or the invoice that it is for.
        text: the amount as typed, with or without its currency.
        named: further invoices of the account that it is for.

    Raises:
        BadRecord: the amount, currency, day or an invoice does not fit.
        KnownAlready: an equal one of that day is known, and `again` was not said.
    """
    _printable(reason, reference)
    if paid_on > today:
        raise BadRecord(f"{paid_on.isoformat()} is still to come: record it when it has happened")
    invoices = book.invoices(what.account)
    numbers = tuple(dict.fromkeys([what.number, *named] if what.number else named))
    for number in numbers:
        if number not in invoices:
            raise BadRecord(f"account {what.account_number} has no invoice {number!r}")
    try:
        typed = by_hand.read(text, decimal)
        of_sum = _currency(what, invoices, numbers, {typed.currency, currency} - {""})
        minor = by_hand.minor(typed, of_sum)
    except BadAmount as problem:
        raise BadRecord(str(problem)) from problem
    told = Money(kind, what.account, of_sum, minor, paid_on, reference.strip(), numbers)
    return book.money(told, reason.strip(), again=again, dry_run=dry_run)


def correct(
    book: RecordBook,
    what: Target,
    reason: str,
    on: date,
    *,
    amount: str = "",
    decimal: str = "",
    cancel: bool = False,
    due_on: date | None = None,
    dry_run: bool = False,
) -> Booked:
    """Correct one invoice: what was billed, or its due date, or cancel it.

    Raises:
        BadRecord: nothing is to be changed, no reason is given, or the values do not fit the invoice.
    """
    _printable(reason)
    if what.receivable is None:
        raise BadRecord(f"{what.account_number} is an account: give the number of the invoice to correct")
    if not reason.strip():
        raise BadRecord('a correction needs its reason: --reason "agreed with the customer on the phone"')
    if not amount and not cancel and due_on is None:
        raise BadRecord("say what to correct: --amount, --cancel or --due")
    minor: int | None = 0 if cancel else None
    if amount:
        try:
            typed = by_hand.read(amount, decimal)
            if typed.currency not in ("", what.currency):
                raise BadRecord(f"invoice {what.number} is in {what.currency}, not in {typed.currency}")
            minor = by_hand.minor(typed, what.currency)
        except BadAmount as problem:
            raise BadRecord(str(problem)) from problem
    change = Change(what.account, what.receivable, minor, due_on)
    return book.correct(change, reason.strip(), on, dry_run=dry_run)


def undo(
    book: RecordBook, payment: int, reason: str, bounced_on: date | None, today: date, *, dry_run: bool = False
) -> Booked:
    """Take a payment or credit note back.

    Args:
        bounced_on: the day on which it bounced; None where it never was and had been recorded by mistake.

    Raises:
        BadRecord: there is none, it was taken back before, or its file must be corrected instead.
    """
    _printable(reason)
    if not reason.strip():
        raise BadRecord('taking money back needs its reason: --reason "returned by the bank"')
    if bounced_on is not None and bounced_on > today:
        raise BadRecord(f"{bounced_on.isoformat()} is still to come")
    return book.undo(payment, reason.strip(), bounced_on, dry_run=dry_run)


def _currency(
    what: Target,
    invoices: dict[str, tuple[ReceivableId, str]],
    numbers: Sequence[str],
    said: set[str],
) -> str:
    """The one currency that the amount, the option, and the invoices it is for agree on."""
    if len(said) > 1:
        raise BadRecord(f"the amount and --currency disagree: {' and '.join(sorted(said))}")
    of_named = {invoices[number][1] for number in numbers}
    of_account = {currency for _, currency in invoices.values()}
    wanted = of_named or of_account
    if said:
        found = said.pop()
        if of_named and of_named != {found}:
            raise BadRecord(f"it is in {found}, and the invoices it is for are in {', '.join(sorted(of_named))}")
        return found
    if len(wanted) != 1:
        known = f" ({', '.join(sorted(wanted))})" if wanted else ""
        raise BadRecord(f"which currency{known}? Write it beside the amount, as in '40.00 EUR'")
    return wanted.pop()


def _printable(*texts: str) -> None:
    if not all(text.isprintable() for text in texts):
        raise BadRecord("a text holds something that is no letter, such as a line break: write it in one line")
