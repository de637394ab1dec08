"""Taking an import back: by further entries, never by deleting."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from duewell.core.evidence.canonical import canonical
from duewell.core.ledger import correct
from duewell.core.ledger.allocate import Policy
from duewell.core.ledger.entries import Entry, Place
from duewell.store import booking, books, creditors, facts, posting, sql
from duewell.store.books import DayOf
from duewell.store.intake import terms, trace
from duewell.store.intake.holds import Holds
from duewell.store.intake.payments import post
from duewell.store.intake.terms import Moved
from duewell.store.intake.trace import Trace
from duewell.store.models import ImportBatch

BATCH = 2000
_LEFT = ("started", "closing", "unknown", "accepted")
CORRECTION = "correction"
"""Cause of the entries by which a person corrects what was billed."""
_REMEDY = "import a list that is right instead; it corrects what this one told"


class CannotUndo(Exception):
    """There is no such import, it was taken back before, or something was built on it since."""


class Posted:
    """The ids of the entries that an import posted."""

    def __init__(self, pieces: Sequence[Trace]) -> None:
        self._stretches = sorted(chain.from_iterable(piece.entries for piece in pieces))
        self._firsts = [first for first, _ in self._stretches]

    def __contains__(self, entry: object) -> bool:
        assert isinstance(entry, int)
        place = bisect_right(self._firsts, entry) - 1
        return place >= 0 and entry <= self._stretches[place][1]

    def accounts(self, creditor: int) -> list[int]:
        """The accounts on which they are, in the order of their ids."""
        found: set[int] = set()
        for first, last in self._stretches:
            found.update(
                row[0]
                for row in sql.fetch(
                    "select distinct account_id from entry where id >= ? and id <= ? and creditor_id = ?",
                    [first, last, creditor],
                )
            )
        return sorted(found)


def undo(creditor: int, batch: int, now: datetime, policy: Policy, day_of: DayOf, by: str) -> dict[str, Any]:
    """Bring the books to what they were before an import, and keep what came in by others since. Customers stay.

    Its entries are reversed, reversals among them; holds that it ended, due dates and references that it changed
    come back; holds that it made end; the books are as old as the newest list that still stands.

    Raises:
        CannotUndo: as above; also where a later import told of the same invoices, or where money or a message
            that came after it rests on what it told.
    """
    today = day_of(now)
    with sql.transaction.atomic():
        found = ImportBatch.objects.select_for_update().filter(id=batch, creditor_id=creditor).first()
        if found is None:
            raise CannotUndo(f"there is no import {batch}")
        if found.undone_at is not None:
            raise CannotUndo(f"import {batch} was taken back before")
        pieces = list(trace.of(batch))
        posted = Posted(pieces)
        accounts = posted.accounts(creditor)
        made = {receivable for piece in pieces for receivable in piece.made}
        mine = made.union(*(piece.told for piece in pieces))
        # Whoever tells of the same invoices waits until this is over, or is seen by what follows.
        posting.lock(sorted({*accounts, *_accounts_of(sorted(mine))}))
        accounts = posted.accounts(creditor)
        told_later = _later(creditor, batch, mine)
        if found.kind in ("invoices", "documents"):
            _nobody_was_asked(posted, accounts, found.recorded_at)
        # From here on the import no longer counts for anything that asks which imports stand.
        found.undone_at = now
        found.save(update_fields=["undone_at"])

        entries = 0
        own = Trace(batch)
        later: list[int] = []
        for start in range(0, len(accounts), BATCH):
            some = accounts[start : start + BATCH]
            whole = books.entries_of(some)
            later += [
                account
                for account, of_account in whole.items()
                if correct.others_since(of_account, posted) or not told_later.isdisjoint(_touched(of_account))
            ]
            moves = [move for of_account in whole.values() for move in correct.revoke(of_account, posted)]
            post(creditor, moves, now, own)
            entries += len(moves)
        _shown_as_before(pieces, made, found.books_as_of)
        for start in range(0, len(later), BATCH):
            # What came in since may rest on what is gone: all money goes to where it belongs now.
            moves = booking.resettle(later[start : start + BATCH], policy, day_of, today)
            post(creditor, moves, now, own)
            entries += len(moves)
        ended, again = _holds(Holds(creditor, now, today, own), pieces, f"import {batch} was taken back")
        changed = _terms_as_before(pieces, now, batch)
        told: dict[str, Any] = {
            "batch": batch,
            "entries": entries,
            "holds": ended,
            "held_again": again,
            "terms": changed,
            "by": by,
        }
        if found.kind == "invoices":
            hour = creditors.books_are_back(creditor)
            told["books_as_of"] = None if hour is None else sql.us(hour)
        facts.append([facts.Draft(f"house:{creditor}", "intake.undone", None, now, canonical(told))])
    return told


def _later(creditor: int, batch: int, mine: Collection[int]) -> set[int]:
    """The invoices that later imports told of. Refuse where they are the same, or the same money.

    A later list that told of an invoice without changing it has left no entry, and counts all the same.
    """
    used = sql.one(
        "select e.batch, p.reference from payment_end e join payment p on p.id = e.payment_id"
        " join import_batch b on b.id = e.batch where p.batch = ? and e.batch <> ? and b.undone_at is null",
        [batch, batch],
    )
    if used:
        raise CannotUndo(_first(used[0], f"used up the credit note {used[1]} of it"))
    sums = {row[0] for row in sql.fetch("select id from payment where batch = ?", [batch])}
    told: set[int] = set()
    later = ImportBatch.objects.filter(creditor_id=creditor, id__gt=batch, undone_at=None).order_by("-id")
    for number in later.values_list("id", flat=True):
        for piece in trace.of(number):
            both = piece.told.intersection(mine)
            if both:
                raise CannotUndo(_first(number, f"told of the same invoices, of {_number(min(both))} for one"))
            if not sums.isdisjoint(piece.sums):
                raise CannotUndo(_first(number, "told of the same money"))
            told |= piece.told
    return told


def _touched(entries: Sequence[Entry]) -> set[int]:
    return {
        receivable
        for entry in entries
        for receivable in (entry.from_receivable, entry.to_receivable)
        if receivable is not None
    }


def _accounts_of(receivables: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(receivables), BATCH * 10):
        within, params = sql.ids_in("id", receivables[start : start + BATCH * 10])
        found.update(
            row[0] for row in sql.fetch(f"select distinct account_id from receivable where {within}", params)
        )
    return found


def _first(later: int, what: str) -> str:
    first = f"take that back first (duewell import undo {later})"
    return f"import {later} came after it and {what}: {first}, or {_REMEDY}"


def _nobody_was_asked(posted: Posted, accounts: Sequence[int], since: datetime) -> None:
    """Refuse where money was put against what the import told, or a message asked for it, since."""
    for start in range(0, len(accounts), BATCH):
        for entries in books.entries_of(accounts[start : start + BATCH]).values():
            touched = _touched([entry for entry in entries if entry.id in posted])
            _not_corrected(entries, touched)
            for entry, _ in correct.others_since(entries, posted):
                if entry.to_place is Place.CREDIT and entry.from_receivable in touched:
                    number = _number(entry.from_receivable or 0)
                    raise CannotUndo(f"money was put against {number} since: take that back first, or {_REMEDY}")
            _no_message(sorted(touched), since)


def _not_corrected(entries: Sequence[Entry], touched: Collection[int]) -> None:
    """Refuse where a person has changed an amount that the import told: nothing would be left to correct."""
    changed: dict[int, int] = {}
    for entry in entries:
        if entry.cause == CORRECTION:
            for receivable, sign in ((entry.to_receivable, 1), (entry.from_receivable, -1)):
                if receivable is not None and receivable in touched:
                    changed[receivable] = changed.get(receivable, 0) + sign * entry.amount_minor
    for corrected, change in changed.items():
        if change:
            number = _number(corrected)
            raise CannotUndo(f"{number} was corrected by hand since: correct it back first, or {_REMEDY}")


def _no_message(receivables: Sequence[int], since: datetime) -> None:
    within, params = sql.ids_in("c.receivable_id", receivables)
    left, states = sql.ids_in("t.state", _LEFT)
    asked = sql.one(
        "select c.receivable_id from claim c join message m on m.id = c.message_id"
        f" join attempt t on t.message_id = m.id where {within} and {left} and m.recorded_at >= ?"
        " order by c.receivable_id limit 1",
        [*params, *states, sql.us(since)],
    )
    if asked:
        raise CannotUndo(f"a message has asked for {_number(asked[0])} since: {_REMEDY}")


def _number(receivable: int) -> str:
    row = sql.one("select number from receivable where id = ?", [receivable])
    return str(row[0]) if row else ""


def _shown_as_before(pieces: Sequence[Trace], made: Collection[int], hour: datetime | None) -> None:
    """What the list showed last was shown by the list before it, or by none."""
    now = None if hour is None else sql.us(hour)
    hours = (
        (before, receivable, now)
        for piece in reversed(pieces)
        for before, receivables in piece.shown.items()
        for receivable in receivables
    )
    sql.update_many("update receivable set listed_at = ? where id = ? and listed_at = ?", hours)
    shown = ((minor, number) for piece in reversed(pieces) for number, minor in piece.shown_minor.items())
    sql.update_many("update receivable set listed_minor = ? where id = ?", shown)
    never = ((receivable,) for receivable in made)
    sql.update_many("update receivable set listed_at = null, listed_minor = null where id = ?", never)


def _holds(holds: Holds, pieces: Sequence[Trace], reason: str) -> tuple[int, int]:
    made = [hold for piece in pieces for hold in piece.holds]
    within, params = sql.ids_in("m.id", made)
    # One that a later import had ended, and that was taken back too, stands again under another number.
    living = sql.fetch(
        "select distinct h.id, h.account_id, h.starts_on from hold m"
        " join hold h on h.receivable_id = m.receivable_id and h.kind = m.kind"
        " and h.reason = m.reason and h.recorded_by = m.recorded_by"
        f" left join hold_end e on e.hold_id = h.id where {within} and e.id is null",
        params,
    )
    # A hold that the import made and ended itself is not held again.
    again = holds.again(sorted({hold for piece in pieces for hold in piece.freed}.difference(made)))
    # From the day on which it began: with what is known today, there was no reason for it.
    holds.end([(hold, account, sql.day(began)) for hold, account, began in living], reason)
    return len(living), len(again)


def _terms_as_before(pieces: Sequence[Trace], now: datetime, batch: int) -> int:
    # Where one import moved an invoice more than once, the first piece knows how it was before.
    before = {one.receivable: one for piece in reversed(pieces) for one in reversed(piece.terms)}
    within, params = sql.ids_in("id", sorted(before))
    present = sql.fetch(f"select account_id, id, due_on from receivable where {within}", params)
    terms.move(
        (
            Moved(account, receivable, sql.day(due_on), before[receivable].due_on, before[receivable].reference)
            for account, receivable, due_on in present
        ),
        now,
        batch,
    )
    return len(present)
