"""Hold: wait with an account, an invoice or a part of one, and stop waiting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol

from duewell.core.agree.holds import BadHold, Hold, HoldKind, check
from duewell.core.units.ids import AccountId, HoldId, ReceivableId


class NoSuchTarget(LookupError):
    """No account and no invoice has this number, or several have; the message says what to do."""


class NoSuchHold(LookupError):
    """There is no such hold, or it has ended already."""


class Target(NamedTuple):
    """An account, or one of its invoices."""

    account: AccountId
    account_number: str
    receivable: ReceivableId | None
    number: str
    """Of the invoice; empty for the account."""
    currency: str
    open_minor: int
    """Of the invoice; zero for the account."""


class HoldView(NamedTuple):
    """A hold as people see it; days are ISO text, blank where there is none."""

    id: int
    account: str
    invoice: str
    kind: str
    amount_minor: int | None
    currency: str
    starts_on: str
    until_on: str
    review_on: str
    ended_on: str
    reason: str


class Numbers(Protocol):
    """Where a number leads, at one creditor."""

    def targets(self, number: str) -> Sequence[Target]:
        """The account and the invoices that bear this number."""
        ...


class HoldBook(Numbers, Protocol):
    """Where holds are kept, of one creditor."""

    def add(self, account: AccountId, hold: Hold) -> HoldId:
        """Keep a hold and its fact, and move the account's version on; `hold.id` is given here."""
        ...

    def find(self, hold: int) -> tuple[AccountId, Hold] | None:
        """A hold with its account, or None."""
        ...

    def end(self, account: AccountId, hold: HoldId, ended_on: date, reason: str) -> bool:
        """Keep the end and its fact, and move the version on; False where it has ended already."""
        ...


def target(book: Numbers, number: str, account: str = "") -> Target:
    """The account or invoice that bears this number.

    Args:
        account: number of the account, where an invoice number is not enough.

    Raises:
        NoSuchTarget: none bears it, or several do.
    """
    found = [each for each in book.targets(number) if not account or each.account_number == account]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NoSuchTarget(f"no account and no invoice has the number {number!r}")
    if account:
        raise NoSuchTarget(f"{number!r} is an account and an invoice of it: the account has no other number")
    names = ", ".join(
        f"invoice {each.number} of account {each.account_number}" if each.number else f"account {number}"
        for each in found
    )
    raise NoSuchTarget(f"{number!r} may mean {names}: give --account with the number of the account")


def add(
    book: HoldBook,
    what: Target,
    kind: HoldKind,
    reason: str,
    starts_on: date,
    until_on: date | None = None,
    review_on: date | None = None,
    amount_minor: int | None = None,
) -> Hold:
    """Start waiting.

    Args:
        until_on: first free day of a promise or grace.
        review_on: for every other kind, when a person looks at it.
        amount_minor: the part of the invoice; None for the whole.

    Raises:
        BadHold: a reason, a limit or a review is missing, or does not fit.
    """
    _printable(reason)
    if amount_minor is not None and what.receivable is not None and amount_minor > what.open_minor:
        raise BadHold(f"only {what.open_minor} minor units of {what.currency} are open on {what.number}")
    hold = check(
        Hold(HoldId(0), kind, what.receivable, amount_minor, starts_on, until_on, review_on, None, reason.strip())
    )
    return hold._replace(id=book.add(what.account, hold))


def end(book: HoldBook, number: int, ended_on: date, reason: str) -> Hold:
    """Stop waiting; `ended_on` is the first free day.

    Raises:
        NoSuchHold: there is none, or it has ended.
        BadHold: it would end before it starts.
    """
    _printable(reason)
    # No database has a larger number.
    found = book.find(number) if 0 < number < 2**63 else None
    if found is None:
        raise NoSuchHold(f"there is no hold {number}: `duewell hold list` shows them")
    account, hold = found
    if ended_on < hold.starts_on:
        raise BadHold(f"hold {number} starts on {hold.starts_on.isoformat()} and cannot end before")
    if hold.ended_on is not None or not book.end(account, hold.id, ended_on, reason.strip() or "ended"):
        raise NoSuchHold(f"hold {number} has ended already")
    return hold._replace(ended_on=ended_on)


def _printable(reason: str) -> None:
    if not reason.isprintable():
        raise BadHold("the reason holds something that is no letter, such as a line break: write it in one line")
