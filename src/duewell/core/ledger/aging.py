"""Aging: what is owed, by how long it is overdue, on any day, as known at any instant.

    total = current + d1_30 + d31_60 + d61_90 + d91_plus + disputed - unapplied        (per currency)

This is the plain computation from entries; `store/aging.py` does the same in the database over a million
receivables, and tests hold the two against each other. Page: docs/algorithms/aging.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from duewell.core.ledger.entries import Entry, Place
from duewell.core.units.ids import AccountId, ReceivableId

BUCKETS = ("current", "d1_30", "d31_60", "d61_90", "d91_plus")
_LAST_DAYS = (0, 30, 60, 90)


class Debt(NamedTuple):
    """A receivable as aging sees it. Before `issued_on` it does not exist."""

    receivable: ReceivableId
    account: AccountId
    currency: str
    issued_on: date
    due_on: date


class Dispute(NamedTuple):
    """A hold for a dispute. `receivable` None: the whole account; `amount_minor` None: the whole receivable.

    It counts from `starts_on` until the day before `ended_on`. Its end may have been learned later than itself.
    """

    account: AccountId
    receivable: ReceivableId | None
    amount_minor: int | None
    starts_on: date
    recorded_at: datetime
    ended_on: date | None = None
    end_recorded_at: datetime | None = None


class Aged(NamedTuple):
    """One line of the report, minor units. `disputed` stands in no bucket; `unapplied` reduces the total."""

    current: int = 0
    d1_30: int = 0
    d31_60: int = 0
    d61_90: int = 0
    d91_plus: int = 0
    disputed: int = 0
    unapplied: int = 0

    @property
    def total(self) -> int:
        """What the customer owes in all."""
        return sum(self[:6]) - self.unapplied

    def as_dict(self) -> dict[str, int]:
        """The line with its total, as it stands in JSON."""
        return {**self._asdict(), "total": self.total}


def bucket(due_on: date, as_of: date) -> str:
    """Where a receivable stands by its age; on its due date it is still current."""
    days = (as_of - due_on).days
    return BUCKETS[sum(days > last for last in _LAST_DAYS)]


def age(
    debts: Sequence[Debt],
    entries: Iterable[Entry],
    disputes: Iterable[Dispute],
    as_of: date,
    known_at: datetime | None = None,
) -> dict[tuple[AccountId, str], Aged]:
    """Age the books per account and currency.

    Args:
        debts: every receivable; those not issued by `as_of` are out.
        entries: every entry, in any order.
        disputes: dispute holds, past ones too.
        as_of: entries and holds count by their effective dates up to this day.
        known_at: an instant; what was recorded later is left out. By default with today's knowledge.

    Returns:
        a line for each account and currency that had anything by then; a settled one is all zeros.
    """
    known = {debt.receivable: debt for debt in debts}
    unissued = {debt.receivable for debt in debts if debt.issued_on > as_of}
    open_minor = dict.fromkeys(known, 0)
    lines: dict[tuple[AccountId, str], dict[str, int]] = {}
    for entry in entries:
        if entry.effective_on > as_of or (known_at is not None and entry.recorded_at > known_at):
            continue
        if entry.from_receivable in unissued or entry.to_receivable in unissued:
            # Money that somebody put against it early is unapplied until the invoice is there.
            continue
        line = lines.setdefault((entry.account, entry.currency), dict.fromkeys(Aged._fields, 0))
        line["unapplied"] += entry.amount_minor * (
            (entry.from_place == Place.CREDIT) - (entry.to_place == Place.CREDIT)
        )
        if entry.to_receivable is not None:
            open_minor[entry.to_receivable] += entry.amount_minor
        if entry.from_receivable is not None:
            open_minor[entry.from_receivable] -= entry.amount_minor
    living = [dispute for dispute in disputes if _active(dispute, as_of, known_at)]
    whole_accounts = {dispute.account for dispute in living if dispute.receivable is None}
    by_receivable: dict[ReceivableId, list[Dispute]] = {}
    for dispute in living:
        if dispute.receivable is not None:
            by_receivable.setdefault(dispute.receivable, []).append(dispute)
    for receivable, balance in open_minor.items():
        if not balance:
            continue
        debt = known[receivable]
        disputed = _disputed(balance, by_receivable.get(receivable, ()), debt.account in whole_accounts)
        line = lines[debt.account, debt.currency]
        line["disputed"] += disputed
        line[bucket(debt.due_on, as_of)] += balance - disputed
    return {key: Aged(**line) for key, line in lines.items()}


def per_currency(lines: dict[tuple[AccountId, str], Aged]) -> dict[str, Aged]:
    """The lines of all accounts added up."""
    totals: dict[str, Aged] = {}
    for (_, currency), line in lines.items():
        before = totals.get(currency, Aged())
        totals[currency] = Aged(*(a + b for a, b in zip(before, line, strict=True)))
    return totals


def _active(dispute: Dispute, day: date, known_at: datetime | None) -> bool:
    """Does the dispute count on this day, as far as was known then?"""
    if day < dispute.starts_on or (known_at is not None and dispute.recorded_at > known_at):
        return False
    if dispute.ended_on is None or dispute.end_recorded_at is None:
        return True
    return day < dispute.ended_on or (known_at is not None and dispute.end_recorded_at > known_at)


def _disputed(balance: int, disputes: Iterable[Dispute], whole: bool) -> int:
    """The disputed part: what is disputed, at most what is open."""
    if balance <= 0:
        return 0
    said = 0
    for dispute in disputes:
        if dispute.amount_minor is None:
            whole = True
        else:
            said += dispute.amount_minor
    return balance if whole else min(balance, said)
