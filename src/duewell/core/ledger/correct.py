"""Corrections: nothing is edited, a further entry puts it right, and money that no longer fits is set free.

Page: docs/algorithms/ledger.md, "Putting things right".
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from duewell.core.ledger import entries as ledger
from duewell.core.ledger.entries import Entry, Move, Place
from duewell.core.units.ids import AccountId, ReceivableId


class InForce(NamedTuple):
    """An entry and what later reversals have left of it; above zero."""

    entry: Entry
    left_minor: int


def causes_of(key: str) -> tuple[str, str, str]:
    """All causes of the entries that one payment or credit note made: its own, and what lists told of it."""
    return key, f"seen:{key}", f"in_list:{key}"


class NothingToRelease(ValueError):
    """More was lowered than the entries at hand can explain: they are not those of this receivable."""


def in_force(entries: Iterable[Entry]) -> list[InForce]:
    """What counts after all reversals, and reversals of reversals; entries taken back in full are left out.

    Args:
        entries: all entries of an account, or all of one receivable; a reversal must come with what it reverses.
    """
    left: dict[int, int] = {}
    kept = []
    # A reversal always has a higher id than the entry it takes back.
    for entry in sorted(entries, key=_id, reverse=True):
        remaining = entry.amount_minor - left.pop(entry.id, 0)
        taken_back = ledger.reversed_entry(entry.cause)
        if taken_back is not None:
            left[taken_back] = left.get(taken_back, 0) + remaining
        elif remaining:
            kept.append(InForce(entry, remaining))
    kept.reverse()
    return kept


def amount_changed(
    account: AccountId,
    receivable: ReceivableId,
    currency: str,
    change_minor: int,
    open_minor: int,
    applied: Sequence[InForce],
    on: date,
    cause: str,
) -> list[Move]:
    """An invoice turns out to be larger or smaller than it was booked.

    Where it falls below what was already put against it, the surplus goes back to the account's credit.

    Args:
        change_minor: new amount minus old amount; not zero.
        open_minor: what is open before the change.
        applied: what is in force of all entries away from this receivable; may be empty while
            `open_minor + change_minor` is not below zero.
        on: the day from which the change counts.

    Raises:
        NothingToRelease: the surplus is larger than what was put against the invoice.
    """
    if change_minor > 0:
        return [ledger.charged(account, receivable, currency, change_minor, on, cause)]
    moves = [ledger.lowered(account, receivable, currency, -change_minor, on, cause)]
    surplus = -(open_minor + change_minor)
    return moves + (release(surplus, applied, on) if surplus > 0 else [])


def release(surplus_minor: int, applied: Sequence[InForce], on: date) -> list[Move]:
    """Take back so much of what was put against a receivable.

    First what only a list told of, then what was given up or granted, then money; in each the latest first.

    Raises:
        NothingToRelease: there is not so much to take back.
    """
    moves = []
    for entry, left in sorted(applied, key=_latest_first):
        if surplus_minor <= 0:
            break
        part = min(left, surplus_minor)
        surplus_minor -= part
        # It cannot be taken back before it happened.
        moves.append(ledger.reversal(entry, part, max(on, entry.effective_on)))
    if surplus_minor > 0:
        raise NothingToRelease(f"{surplus_minor} more are to be set free than was ever put against the invoice")
    return moves


def undo(entries: Iterable[Entry], causes: Collection[str], on: date | None = None) -> list[Move]:
    """Take back all that some causes did, as though it had never been; or from a day on.

    Money that loses its invoice goes back to the account's credit. Where a list is taken back, money that
    explained what it showed counts by itself again. Doing it twice gives nothing the second time.

    Args:
        entries: every entry of the accounts concerned.
        causes: of the entries to take back, such as `payment:17` or `invoice:4`.
        on: the day from which it counts, as with a payment that bounced; by default each entry's own day.
    """
    everything = in_force(entries)
    gone = [kept for kept in everything if kept.entry.cause in causes]
    others = [kept for kept in everything if kept.entry.cause not in causes]
    moves = [ledger.reversal(entry, left, on) for entry, left in gone]
    unseen = _unseen(gone, others)
    moves += [ledger.reversal(entry, left, on) for entry, left in unseen]
    latest: dict[ReceivableId | None, date] = {}
    for move in moves:
        for touched in (move.from_receivable, move.to_receivable):
            latest[touched] = max(latest.get(touched, move.effective_on), move.effective_on)
    open_minor = ledger.receivable_balances(entry._replace(amount_minor=left) for entry, left in everything)
    away: dict[ReceivableId | None, list[InForce]] = {}
    for kept in others:
        away.setdefault(kept.entry.from_receivable, []).append(kept)
    for receivable, change in ledger.receivable_balances(moves).items():
        surplus = -(open_minor[receivable] + change)
        if surplus > 0:
            moves += release(surplus, away.get(receivable, []), latest[receivable])
    return moves


def revoke(entries: Iterable[Entry], ids: Container[int]) -> list[Move]:
    """Take back what stands of some entries, reversals among them: what those had taken back stands again.

    Args:
        entries: every entry of the accounts concerned.
        ids: of the entries to take back.
    """
    left: dict[int, int] = {}
    moves = []
    for entry in sorted(entries, key=_id, reverse=True):
        remaining = entry.amount_minor - left.pop(entry.id, 0)
        if not remaining:
            continue
        if entry.id in ids:
            moves.append(ledger.reversal(entry, remaining))
        else:
            taken_back = ledger.reversed_entry(entry.cause)
            if taken_back is not None:
                left[taken_back] = left.get(taken_back, 0) + remaining
    return moves


def others_since(entries: Iterable[Entry], ids: Container[int]) -> list[InForce]:
    """What others posted since the first of some entries, and still stands; what came and went is nothing.

    Reversals are among it, where they took back something older.

    Args:
        entries: every entry of one account.
        ids: of the entries whose first is the beginning.
    """
    ordered = sorted(entries, key=_id)
    first = next((entry.id for entry in ordered if entry.id in ids), None)
    if first is None:
        return []
    since = {entry.id: entry for entry in ordered if entry.id > first and entry.id not in ids}
    left: dict[int, int] = {}
    standing = []
    for entry in reversed(since.values()):
        remaining = entry.amount_minor - left.pop(entry.id, 0)
        taken_back = ledger.reversed_entry(entry.cause)
        if remaining and taken_back in since:
            left[taken_back] = left.get(taken_back, 0) + remaining
        elif remaining:
            standing.append(InForce(entry, remaining))
    return standing


def _unseen(gone: Sequence[InForce], others: Sequence[InForce]) -> list[InForce]:
    """What money explained of falls that are no more, and what it had put into items that a list had opened."""
    lists = [entry for entry, _ in gone if entry.cause.startswith("list:")]
    opened = {(entry.account, entry.currency) for entry in lists if entry.from_place == Place.REVENUE}
    # By receivable and day: what may still be explained, and what is.
    falls = {(entry.from_receivable, entry.effective_on): 0 for entry in lists if entry.to_place == Place.CLEARING}
    explained = dict.fromkeys(falls, 0)
    for entry, left in others:
        fall, seen = (entry.from_receivable, entry.effective_on), (entry.to_receivable, entry.effective_on)
        if fall in falls and entry.cause.startswith("list:") and entry.to_place == Place.CLEARING:
            falls[fall] += left
        if seen in explained and entry.cause.startswith("seen:"):
            explained[seen] += left
    unseen = []
    for entry, left in reversed(others):
        key = (entry.to_receivable, entry.effective_on)
        if entry.cause.startswith("seen:") and key in falls:
            surplus = min(left, explained[key] - falls[key])
            if surplus > 0:
                explained[key] -= surplus
                unseen.append(InForce(entry, surplus))
        elif entry.cause.startswith("in_list:") and (entry.account, entry.currency) in opened:
            unseen.append(InForce(entry, left))
    return unseen


_RANK = {Place.CLEARING: 0, Place.WRITE_OFF: 1, Place.DISCOUNT: 1, Place.CREDIT: 2, Place.REVENUE: 3}


def _id(entry: Entry) -> int:
    return entry.id


def _latest_first(kept: InForce) -> tuple[int, int, int]:
    entry = kept.entry
    return _RANK[Place(entry.to_place)], -entry.effective_on.toordinal(), -entry.id
