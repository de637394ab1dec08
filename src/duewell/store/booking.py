"""Booking what imports bring: money is put against invoices, lists of open items bring balances to their targets.

Both give moves and write nothing: an import collects them, adds the charges and arrivals that it books itself, and
posts all with one fact for each account. Call them inside the transaction, with the accounts locked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from duewell.core.ledger import correct, targets
from duewell.core.ledger import entries as ledger
from duewell.core.ledger.allocate import Policy, Queue
from duewell.core.ledger.entries import Entry, Move, Place
from duewell.core.ledger.explain import Sum
from duewell.core.ledger.targets import Item
from duewell.core.units.ids import AccountId, ReceivableId
from duewell.core.units.money import Money
from duewell.store import books, posting, sql
from duewell.store.books import DayOf, Key


class Arrived(NamedTuple):
    """A new payment or credit note. `key` is `payment:ID` or `credit:ID` with the id of its row."""

    key: str
    account: AccountId
    currency: str
    amount_minor: int
    paid_on: date
    named: str
    """Invoice numbers, one per line."""
    unused: bool = False
    """A list shows this credit note itself as still open: it stays unapplied and explains nothing of the list."""


class Booked(NamedTuple):
    """Moves to post, and how much of each sum a list already contained (by its key)."""

    moves: list[Move]
    in_list: dict[str, int]


def money(arrived: Sequence[Arrived], policy: Policy, day_of: DayOf, as_of: date) -> Booked:
    """Put new money against invoices: the arrival of each sum, and where it goes.

    Money that a list may already contain (dated on or before the day of the account's latest list) first explains
    what the lists showed. Credit notes go only to the invoices that they name.

    Args:
        arrived: sums that are not in the database yet.
        policy: of the creditor, for payments that name nothing.
        day_of: the creditor's civil day at an instant.
        as_of: the day on which disputes count.
    """
    by_key: dict[Key, list[Arrived]] = defaultdict(list)
    booked = Booked([_arrival(sum_) for sum_ in arrived if sum_.unused], {})
    for sum_ in arrived:
        if not sum_.unused:
            by_key[sum_.account, sum_.currency].append(sum_)
    keys = sorted(by_key)
    for start in range(0, len(keys), books.BATCH):
        some = keys[start : start + books.BATCH]
        known = books.open_claims(_accounts(some), as_of)
        late = []
        for key in some:
            booked.moves.extend(_arrival(sum_) for sum_ in by_key[key])
            shown_until = known.shown_until.get(key)
            if shown_until is not None and any(sum_.paid_on <= day_of(shown_until) for sum_ in by_key[key]):
                late.append(key)
            else:
                queue = Queue(known.claims[key].values(), policy)
                for sum_ in by_key[key]:
                    booked.moves.extend(_put(sum_, queue, known))
        if late:
            whole = books.whole(_accounts(late), day_of, as_of)
            for key in late:
                _settle(key, whole, booked, policy, arrived=by_key[key])
    return booked


class Listed(NamedTuple):
    """What one import of a list of open items shows."""

    at: datetime
    """The hour at which it was exported."""
    cause: str
    """Of the entries that follow from it: `list:BATCH`."""
    shown: Mapping[ReceivableId, int]
    """What is open on each item, at least zero. Items that the import added have their charges booked before."""


def open_items(
    listed: Listed, policy: Policy, day_of: DayOf, as_of: date
) -> tuple[Booked, dict[ReceivableId, int]]:
    """Bring what is open to what a list shows.

    Returns:
        the moves, and what to keep with `posting.listed` once they are saved; items that a newer list has shown
        are left out of both and stay as they are.
    """
    on = day_of(listed.at)
    shown, keys = _to_settle(listed, on)
    booked = Booked([], {})
    wanted = sorted(keys)
    for start in range(0, len(wanted), books.BATCH):
        some = wanted[start : start + books.BATCH]
        whole = books.whole(_accounts(some), day_of, as_of)
        for key in some:
            rows = {
                item.receivable: shown[item.receivable] for item in whole.items[key] if item.receivable in shown
            }
            _settle(key, whole, booked, policy, rows=rows, on=on, cause=listed.cause)
    return booked, shown


def waiting(new: Mapping[Key, Mapping[str, Item]]) -> list[Move]:
    """Money that named an invoice before it was known: what is left of it goes there now.

    Args:
        new: invoices that an import adds with their original amounts (`new_minor`), by account and currency, then
            by number. They are not in the database yet.
    """
    moves: list[Move] = []
    keys = sorted(new)
    for start in range(0, len(keys), books.BATCH):
        some = keys[start : start + books.BATCH]
        within, params = sql.ids_in("p.account_id", _accounts(some))
        rows = sql.fetch(
            "select p.account_id, p.currency, p.kind, p.id, p.paid_on, p.named from payment p"
            " join account_credit c on c.account_id = p.account_id and c.currency = p.currency"
            f" where {within} and c.credit_minor > 0 and p.named <> '' order by p.paid_on, p.id",
            params,
        )
        naming = [row for row in rows if not new.get((row[0], row[1]), {}).keys().isdisjoint(row[5].split("\n"))]
        entries = books.entries_of(sorted({row[0] for row in naming}))
        free = {account: _free(of_account) for account, of_account in entries.items()}
        room = {item.receivable: item.new_minor for items in new.values() for item in items.values()}
        for account, currency, kind, number, paid_on, named in naming:
            cause = f"{kind}:{number}"
            for item in (new[account, currency].get(name) for name in named.split("\n")):
                part = min(free[account].get(cause, 0), room[item.receivable]) if item else 0
                if item and part > 0:
                    free[account][cause] -= part
                    room[item.receivable] -= part
                    on = max(sql.day(paid_on), item.issued_on)
                    moves.append(ledger.applied(AccountId(account), item.receivable, currency, part, on, cause))
    return moves


def _free(entries: Sequence[Entry]) -> dict[str, int]:
    """What is left of each sum of an account, by its key."""
    left: dict[str, int] = defaultdict(int)
    for entry, amount in correct.in_force(entries):
        key = entry.cause.removeprefix("in_list:")
        left[key] += amount * ((entry.from_place is Place.CREDIT) - (entry.to_place is Place.CREDIT))
    return left


def all_causes(causes: Iterable[str]) -> frozenset[str]:
    """The causes with every other name under which entries say them."""
    return frozenset(name for cause in causes for name in correct.causes_of(cause))


def undo(accounts: Sequence[int], causes: frozenset[str], on: date | None = None) -> list[Move]:
    """Take back everything some causes did on these accounts, such as `payment:17` or `list:4`.

    What lists told of the money goes with it. Where a list is taken back, what it showed is forgotten at once:
    that stands beside the entries, not in them.

    Args:
        causes: as `all_causes` makes them, once for however many accounts.
    """
    moves: list[Move] = []
    shown: dict[int, int] = defaultdict(int)
    for start in range(0, len(accounts), books.BATCH):
        for of_account in books.entries_of(accounts[start : start + books.BATCH]).values():
            taken_back = correct.undo(of_account, causes, on)
            told_by_list = {entry.id for entry in of_account if entry.cause.startswith("list:")}
            for move in taken_back:
                # Charges are carried on with their entries; falls and rises are not.
                clearing = Place.CLEARING in (move.from_place, move.to_place)
                if clearing and ledger.reversed_entry(move.cause) in told_by_list:
                    for receivable, change in ledger.receivable_balances([move]).items():
                        shown[receivable] += change
            moves += taken_back
    posting.carry_on_listed(shown)
    return moves


def resettle(accounts: Sequence[int], policy: Policy, day_of: DayOf, as_of: date) -> list[Move]:
    """Put all money of these accounts where it belongs, as when something that stood in its way is gone."""
    booked = Booked([], {})
    for start in range(0, len(accounts), books.BATCH):
        whole = books.whole(accounts[start : start + books.BATCH], day_of, as_of)
        for key in sorted(whole.items.keys() & whole.money.keys()):
            _settle(key, whole, booked, policy)
    return booked.moves


def _to_settle(listed: Listed, on: date) -> tuple[dict[ReceivableId, int], set[Key]]:
    """Items that the list may speak of, and the accounts on which it may change something."""
    known = list(listed.shown)
    shown: dict[ReceivableId, int] = {}
    keys: set[Key] = set()
    hour = sql.us(listed.at)
    batch = int(listed.cause.partition(":")[2])
    for start in range(0, len(known), books.BATCH * 10):
        within, params = sql.ids_in("id", known[start : start + books.BATCH * 10])
        rows = sql.fetch(
            f"select id, account_id, currency, open_minor, listed_at, batch from receivable where {within}", params
        )
        accounts = {row[1] for row in rows}
        later = _paid_after(accounts, on)
        opened = {row[1] for row in rows if row[4] is None and row[5] == batch}
        # Money that came before an item was known may be in the first list of it.
        with_money = books.with_money(opened)
        for receivable, account, currency, open_minor, before, made_by in rows:
            if before is not None and before > hour:
                continue
            shown[receivable] = listed.shown[receivable]
            is_new = before is None and made_by == batch and account in with_money
            if open_minor != listed.shown[receivable] or receivable in later or is_new:
                keys.add((account, currency))
    return shown, keys


def _paid_after(accounts: Iterable[int], on: date) -> set[int]:
    """Receivables of the accounts that were touched by anything dated after the list."""
    within, params = sql.ids_in("account_id", sorted(accounts))
    rows = sql.fetch(
        f"select from_receivable_id, to_receivable_id from entry where {within} and effective_on > ?",
        [*params, on],
    )
    return {receivable for row in rows for receivable in row if receivable is not None}


def _settle(
    key: Key,
    whole: books.Books,
    booked: Booked,
    policy: Policy,
    *,
    arrived: Sequence[Arrived] = (),
    rows: Mapping[ReceivableId, int] | None = None,
    on: date | None = None,
    cause: str = targets.EARLIER_LIST,
) -> None:
    account, currency = key
    numbers = whole.numbers[account]
    sums = [
        Sum(sum_.key, sum_.paid_on, sum_.amount_minor, books.named_ids(sum_.named, numbers)) for sum_ in arrived
    ]
    outcome = targets.changes(
        AccountId(account),
        currency,
        whole.items[key],
        [*whole.money[key], *sums],
        whole.entries[account],
        policy,
        rows,
        on,
        cause,
    )
    booked.moves.extend(outcome.moves)
    booked.in_list.update(outcome.in_list)


def _accounts(keys: Iterable[Key]) -> list[int]:
    return sorted({account for account, _ in keys})


def _put(sum_: Arrived, queue: Queue, known: books.Open) -> list[Move]:
    """Put fresh money against what is open; the queue remembers what is left there for the next sum."""
    named = books.named_ids(sum_.named, known.numbers[sum_.account])
    is_payment = sum_.key.startswith("payment:")
    found = queue.allocate(Money(sum_.amount_minor, sum_.currency), named, by_policy=is_payment)
    # Money cannot lie on an invoice before there was one.
    return [
        ledger.applied(
            sum_.account, receivable, sum_.currency, part, max(sum_.paid_on, known.issued_on[receivable]), sum_.key
        )
        for receivable, part in found.parts
    ]


def _arrival(sum_: Arrived) -> Move:
    arrive = ledger.arrived if sum_.key.startswith("payment:") else ledger.credited
    return arrive(sum_.account, sum_.currency, sum_.amount_minor, sum_.paid_on, sum_.key)
