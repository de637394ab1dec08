"""What the row of an invoice says was paid on it until then, and how much of it is money that is not known yet.

The column is a running sum: the list of tomorrow says the same money again, and after a further payment the sum of
both under the later day. So only what goes beyond the known payments of the invoice is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from duewell.core.ledger import correct
from duewell.core.ledger.entries import Entry, Place
from duewell.store import books, sql
from duewell.store.intake.payments import NOT_UNDONE


class Shown(NamedTuple):
    """Money on one invoice, as its row tells of it."""

    account: int
    receivable: int
    number: str
    paid_minor: int
    """All that was paid until then."""
    charged_minor: int


def unknown_minor(creditor: int, shown: Sequence[Shown]) -> list[int]:
    """Of each invoice, how much of what was paid no payment tells of yet; minor units, 0 for none.

    Call it behind the locks of the accounts, when the balances are what the list shows. Of money within what was
    charged, no more is new than the lists took off without a payment: the rest was a credit note, or a correction.
    """
    if not shown:
        return []
    accounts = sorted({each.account for each in shown})
    within, params = sql.ids_in("p.account_id", accounts)
    naming: dict[tuple[int, str], int] = defaultdict(int)
    with_money = set()
    for account, kind, named, amount in sql.fetch(
        "select p.account_id, p.kind, p.named, p.amount_minor from payment p"
        f" where p.creditor_id = ? and {within} and {NOT_UNDONE}",
        [creditor, *params],
    ):
        with_money.add(account)
        if kind == "payment":
            naming[account, named] += amount
    unclear = {
        each.account
        for each in shown
        if each.account in with_money and naming.get((each.account, each.number), 0) < each.paid_minor
    }
    entries = books.entries_of(sorted(unclear)) if unclear else {}
    by_receivable = _by_receivable(entries)
    return [
        max(each.paid_minor - naming.get((each.account, each.number), 0), 0)
        if each.account not in unclear
        else _beyond(each, naming.get((each.account, each.number), 0), by_receivable.get(each.receivable, ()))
        for each in shown
    ]


def _by_receivable(entries: Mapping[int, Sequence[Entry]]) -> dict[int, list[tuple[Entry, int]]]:
    found: dict[int, list[tuple[Entry, int]]] = defaultdict(list)
    for of_account in entries.values():
        for entry, minor in correct.in_force(of_account):
            for receivable in {entry.from_receivable, entry.to_receivable} - {None}:
                assert receivable is not None
                found[receivable].append((entry, minor))
    return found


def _beyond(shown: Shown, naming_minor: int, entries: Sequence[tuple[Entry, int]]) -> int:
    known = from_lists = 0
    for entry, minor in entries:
        sign = 1 if entry.from_receivable == shown.receivable else -1
        if Place.CREDIT in (entry.from_place, entry.to_place) and "payment:" in entry.cause:
            known += sign * minor
        elif Place.CLEARING in (entry.from_place, entry.to_place):
            from_lists += sign * minor
    # Money may name an invoice and be more than it, or be on it without naming it.
    beyond = max(shown.paid_minor - max(known, naming_minor), 0)
    return beyond if shown.paid_minor > shown.charged_minor else min(beyond, max(from_lists, 0))
