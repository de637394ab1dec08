"""Money: balances are the plain sums of the entries, and equal payments are counted as often as they came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from duewell.flows.audit import Tally
from duewell.store import sql
from duewell.store.audit.reading import Read, as_text, by_account, side_by_side

Report = Callable[[int, date], Mapping[str, Mapping[str, int]]]
"""The totals of the aging report by currency, for a creditor and a day."""
_OWED = ("receivable", "credit")
_TRIES_MAX = 5


def entries_have_their_form(read: Read, tally: Tally) -> None:
    """An invoice stands beside a place exactly where the place is `receivable`, in its account and currency."""
    for entry, account, currency, ends in _entries(read):
        tally.look()
        for place, receivable, of_account, of_currency in ends:
            if (place == "receivable") != (receivable is not None):
                tally.find(f"entry {entry}: {place} beside invoice {receivable}")
            elif receivable is not None and (of_account, of_currency) != (account, currency):
                tally.find(f"entry {entry} in {currency} of account {account} names an invoice of another")


def balances_are_sums(read: Read, tally: Tally) -> None:
    """What is kept as open, as charged or as credit is what the entries add up to."""
    entries = by_account(
        read(
            "select account_id, currency, amount_minor, from_place, from_receivable_id, to_place, to_receivable_id"
            " from entry order by account_id"
        )
    )
    invoices = by_account(
        read("select account_id, id, open_minor, charged_minor from receivable order by account_id")
    )
    credits = by_account(read("select account_id, currency, credit_minor from account_credit order by account_id"))
    for account, moved, kept, kept_credit in side_by_side(entries, invoices, credits):
        open_minor: Counter[int] = Counter()
        charged_minor: Counter[int] = Counter()
        credit_minor: Counter[str] = Counter()
        for currency, amount, from_place, from_id, to_place, to_id in moved:
            if to_id is not None:
                open_minor[to_id] += amount
                charged_minor[to_id] += amount * (from_place == "revenue")
            if from_id is not None:
                open_minor[from_id] -= amount
                charged_minor[from_id] -= amount * (to_place == "revenue")
            credit_minor[currency] += amount * ((from_place == "credit") - (to_place == "credit"))
        where = f"account {account}, invoice"
        _compare(where, "open", {invoice: minor for invoice, minor, _ in kept}, open_minor, tally)
        charged = {invoice: minor for invoice, _, minor in kept if minor is not None}
        _compare(where, "charged", charged, Counter({one: charged_minor[one] for one in charged}), tally)
        _compare(f"account {account}, credit in", "credit", dict(kept_credit), credit_minor, tally)


def _compare(where: str, what: str, kept: dict[Any, int], summed: Counter[Any], tally: Tally) -> None:
    for key in kept.keys() | summed.keys():
        tally.look()
        if kept.get(key, 0) != summed[key]:
            tally.find(f"{where} {key}: {kept.get(key, 0)} is kept as {what}, the entries say {summed[key]}")
        elif summed[key] < 0:
            tally.find(f"{where} {key}: less than nothing is {what} ({summed[key]})")


def aging_is_the_ledger(creditor: int, report: Report, tally: Tally) -> None:
    """Per currency the buckets of the aging report add up; its total is what is owed less what is unapplied.

    The report reads the present books, not the state the other checkers read; where they moved meanwhile, both
    are read again, and after some tries the comparison is left for a quieter hour.
    """
    for _ in range(_TRIES_MAX):
        day, plain = _owed(creditor)
        if day is None:
            return
        told = report(creditor, date.fromisoformat(day))
        if _owed(creditor) == (day, plain):
            _compare_aging(plain, told, tally)
            return


def _compare_aging(plain: Mapping[str, int], report: Mapping[str, Mapping[str, int]], tally: Tally) -> None:
    for currency in sorted(plain.keys() | report.keys()):
        tally.look()
        buckets = dict(report.get(currency, {}))
        total, unapplied = buckets.pop("total", 0), buckets.pop("unapplied", 0)
        if sum(buckets.values()) - unapplied != total:
            tally.find(f"aging in {currency}: its buckets do not add up to its total {total}")
        if total != plain.get(currency, 0):
            tally.find(f"aging in {currency}: its total is {total}, the ledger says {plain.get(currency, 0)}")


def _owed(creditor: int) -> tuple[str | None, dict[str, int]]:
    """The last day on which an entry or an invoice begins to count, and by currency what is owed from then on."""
    days = sql.fetch(
        "select max(effective_on) from entry where creditor_id = ?"
        " union all select max(issued_on) from receivable where creditor_id = ?",
        [creditor, creditor],
    )
    owed: dict[str, int] = {}
    for currency, amount, from_place, to_place in sql.fetch(
        "select currency, sum(amount_minor), from_place, to_place from entry"
        " where creditor_id = ? group by currency, from_place, to_place",
        [creditor],
    ):
        moved = (to_place in _OWED) - (from_place in _OWED)
        owed[currency] = owed.get(currency, 0) + int(amount) * moved
    return max((str(as_text(day)) for (day,) in days if day), default=None), owed


def equal_payments_count(read: Read, tally: Tally) -> None:
    """Equal payments of one day are numbered from 1 without gaps: none is lost, none stands twice."""
    columns = "account_id, paid_on, kind, currency, amount_minor, reference, named"
    for account, day, *_, count, smallest, largest in read(
        f"select {columns}, count(*), min(occurrence), max(occurrence) from payment group by {columns}"
    ):
        tally.look()
        if (smallest, largest) != (1, count):
            tally.find(f"account {account}: of {count} equal payments on {day} the last is numbered {largest}")


def _entries(read: Read) -> Any:
    for row in read(
        "select e.id, e.account_id, e.currency, e.from_place, e.from_receivable_id, f.account_id, f.currency,"
        " e.to_place, e.to_receivable_id, t.account_id, t.currency from entry e"
        " left join receivable f on f.id = e.from_receivable_id"
        " left join receivable t on t.id = e.to_receivable_id"
    ):
        yield row[0], row[1], row[2], (row[3:7], row[7:11])
