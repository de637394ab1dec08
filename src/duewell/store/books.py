"""The books of some accounts as the ledger's values: entries, receivables, money and disputes, read in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from duewell.core.ledger.allocate import Claim
from duewell.core.ledger.correct import in_force
from duewell.core.ledger.entries import Entry, Place, reversed_entry
from duewell.core.ledger.explain import Sum
from duewell.core.ledger.targets import Item
from duewell.core.units.ids import AccountId, CreditorId, ReceivableId
from duewell.store import sql

BATCH = 2000
Key = tuple[int, str]
"""An account and a currency."""
DayOf = Callable[[datetime], date]
"""The creditor's civil day at an instant."""

_PLACES = {str(place): place for place in Place}


class Books(NamedTuple):
    """Some accounts, whole: closed receivables and old money too."""

    items: dict[Key, list[Item]]
    money: dict[Key, list[Sum]]
    entries: dict[int, list[Entry]]
    numbers: dict[int, dict[str, ReceivableId]]
    """Of each account, its receivables by invoice number."""


def whole(accounts: Sequence[int], day_of: DayOf, as_of: date) -> Books:
    """Everything the ledger knows of these accounts; for the few where a list and money meet."""
    entries = entries_of(accounts)
    opened = _opened_on(entries, day_of)
    gone = _gone(accounts)
    disputed = disputes(accounts, as_of)
    within, params = sql.ids_in("account_id", accounts)
    items: dict[Key, list[Item]] = defaultdict(list)
    numbers: dict[int, dict[str, ReceivableId]] = defaultdict(dict)
    for account, receivable, number, currency, issued, due, open_minor, shown, shown_at in sql.fetch(
        "select account_id, id, number, currency, issued_on, due_on, open_minor, listed_minor, listed_at"
        f" from receivable where {within} order by id",
        params,
    ):
        if receivable in gone:
            continue
        numbers[account][number] = receivable
        items[account, currency].append(
            Item(
                receivable,
                sql.day(issued),
                sql.day(due),
                disputed.minor(account, receivable, open_minor),
                shown,
                None if shown_at is None else day_of(sql.instant(shown_at)),
                opened.get(receivable),
            )
        )
    money: dict[Key, list[Sum]] = defaultdict(list)
    # A credit note that a list of open items shows is still unused at its hour: it explains no fall of that list.
    for account, number, kind, currency, amount, paid_on, named in sql.fetch(
        "select account_id, id, kind, currency, amount_minor, paid_on, named from payment"
        f" where {within} and listed_batch is null",
        params,
    ):
        money[account, currency].append(
            Sum(f"{kind}:{number}", sql.day(paid_on), amount, named_ids(named, numbers[account]))
        )
    return Books(items, money, entries, numbers)


def named_ids(named: str, numbers: dict[str, ReceivableId]) -> tuple[ReceivableId, ...]:
    """The receivables that a payment names, one number per line; unknown numbers wait until they are known."""
    return tuple(dict.fromkeys(numbers[number] for number in named.split("\n") if number in numbers))


def entries_of(accounts: Sequence[int]) -> dict[int, list[Entry]]:
    """Every entry of these accounts, in the order of recording."""
    within, params = sql.ids_in("account_id", accounts)
    found: dict[int, list[Entry]] = defaultdict(list)
    days: dict[Any, date] = {}
    for row in sql.fetch(
        "select id, creditor_id, account_id, currency, amount_minor, from_place, from_receivable_id, to_place,"
        f" to_receivable_id, effective_on, recorded_at, cause from entry where {within} order by id",
        params,
    ):
        found[row[2]].append(entry(row, days))
    return found


def entry(row: tuple[Any, ...], days: dict[Any, date]) -> Entry:
    """A row of `entry` as a value; `days` remembers dates that were read before."""
    return Entry(
        row[0],
        CreditorId(row[1]),
        AccountId(row[2]),
        row[3],
        row[4],
        _PLACES[row[5]],
        row[6],
        _PLACES[row[7]],
        row[8],
        days.get(row[9]) or days.setdefault(row[9], sql.day(row[9])),
        sql.instant(row[10]),
        row[11],
    )


class Disputed(NamedTuple):
    """What is under dispute on one day."""

    accounts: frozenset[int]
    receivables: dict[int, int | None]
    """None: the whole of it."""

    def minor(self, account: int, receivable: int, open_minor: int) -> int:
        """The disputed part of what is open."""
        if account in self.accounts:
            return open_minor
        part = self.receivables.get(receivable, 0)
        return open_minor if part is None else min(part, open_minor)


def disputes(accounts: Sequence[int], as_of: date) -> Disputed:
    """The disputes of these accounts that are alive on a day."""
    within, params = sql.ids_in("h.account_id", accounts)
    whole_accounts = set()
    receivables: dict[int, int | None] = {}
    for account, receivable, amount in sql.fetch(
        "select h.account_id, h.receivable_id, h.amount_minor from hold h left join hold_end e on e.hold_id = h.id"
        f" where {within} and h.kind = 'dispute' and h.starts_on <= ?"
        " and (e.ended_on is null or e.ended_on > ?)",
        [*params, as_of, as_of],
    ):
        if receivable is None:
            whole_accounts.add(account)
        else:
            before = receivables.get(receivable, 0)
            receivables[receivable] = None if amount is None or before is None else before + amount
    return Disputed(frozenset(whole_accounts), receivables)


class Open(NamedTuple):
    """The open receivables of some accounts, for money that no list can contain yet."""

    claims: dict[Key, dict[ReceivableId, Claim]]
    issued_on: dict[int, date]
    shown_until: dict[Key, datetime]
    """The hour of the latest list that showed anything of the account in this currency."""
    numbers: dict[int, dict[str, ReceivableId]]
    """Of each account, its open receivables by invoice number."""


def open_claims(accounts: Sequence[int], as_of: date) -> Open:
    """The open receivables of these accounts, and until when lists have spoken of them."""
    disputed = disputes(accounts, as_of)
    within, params = sql.ids_in("account_id", accounts)
    claims: dict[Key, dict[ReceivableId, Claim]] = defaultdict(dict)
    issued_on: dict[int, date] = {}
    numbers: dict[int, dict[str, ReceivableId]] = defaultdict(dict)
    days: dict[Any, date] = {}
    for account, receivable, number, currency, issued, due, open_minor in sql.fetch(
        "select account_id, id, number, currency, issued_on, due_on, open_minor from receivable"
        f" where {within} and not (open_minor = 0)",
        params,
    ):
        numbers[account][number] = receivable
        due_on = days.get(due) or days.setdefault(due, sql.day(due))
        issued_on[receivable] = days.get(issued) or days.setdefault(issued, sql.day(issued))
        held = disputed.minor(account, receivable, open_minor)
        claims[account, currency][receivable] = Claim(receivable, due_on, currency, open_minor, held)
    latest = sql.fetch(
        f"select account_id, currency, max(listed_at) from receivable where {within} and listed_at is not null"
        " group by account_id, currency",
        params,
    )
    shown_until = {(account, currency): sql.instant(hour) for account, currency, hour in latest}
    return Open(claims, issued_on, shown_until, numbers)


def with_money(accounts: Collection[int]) -> set[int]:
    """Those of the accounts that ever had a payment or a credit note."""
    found: set[int] = set()
    wanted = sorted(accounts)
    for start in range(0, len(wanted), BATCH):
        within, params = sql.ids_in("account_id", wanted[start : start + BATCH])
        found.update(
            row[0] for row in sql.fetch(f"select distinct account_id from payment where {within}", params)
        )
    return found


def _opened_on(entries: dict[int, list[Entry]], day_of: DayOf) -> dict[int, date]:
    """The day of the first list of each receivable whose original amount nobody told."""
    opened_by: dict[int, int] = {}
    charged: set[int] = set()
    for entry_ in (entry_ for of_account in entries.values() for entry_ in _charges(of_account)):
        receivable = entry_.to_receivable
        if receivable is not None and receivable not in charged:
            charged.add(receivable)
            kind, _, batch = entry_.cause.partition(":")
            if kind == "list":
                opened_by[receivable] = int(batch)
    hours = hours_of(set(opened_by.values()))
    return {receivable: day_of(hours[batch]) for receivable, batch in opened_by.items() if batch in hours}


def _charges(entries: Sequence[Entry]) -> list[Entry]:
    """What was charged and not taken back in full."""
    charges = [entry_ for entry_ in entries if entry_.from_place is Place.REVENUE and entry_.to_receivable]
    reversed_ = {reversed_entry(entry_.cause) for entry_ in entries}
    if reversed_.isdisjoint(entry_.id for entry_ in charges):
        return charges
    stands = {kept.entry.id for kept in in_force(entries)}
    return [entry_ for entry_ in charges if entry_.id in stands]


def _gone(accounts: Sequence[int]) -> frozenset[int]:
    """Receivables of imports that were taken back: they are as if they had never been."""
    within, params = sql.ids_in("r.account_id", accounts)
    rows = sql.fetch(
        f"select r.id from receivable r join import_batch b on b.id = r.batch where {within}"
        " and b.undone_at is not null",
        params,
    )
    return frozenset(row[0] for row in rows)


def hours_of(batches: Collection[int]) -> dict[int, datetime]:
    """The hour at which the list of each import was exported."""
    within, params = sql.ids_in("id", sorted(batches))
    rows = sql.fetch(
        f"select id, books_as_of from import_batch where {within} and books_as_of is not null", params
    )
    return {batch: sql.instant(hour) for batch, hour in rows}
