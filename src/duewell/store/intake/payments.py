"""Payments and credit notes of a file: each counts once, however often and in whatever file it comes again.

They are matched as a multiset per account, day, amount and reference: two real equal payments on one day both
count, and the same two in tomorrow's export change nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any, NamedTuple

from duewell.core.ledger import correct
from duewell.core.ledger.allocate import Policy
from duewell.core.units.ids import AccountId
from duewell.store import booking, books, facts, ids, posting, sql
from duewell.store.booking import Arrived
from duewell.store.books import DayOf

PAYMENT = (
    "id creditor_id account_id kind currency amount_minor paid_on reference named occurrence batch recorded_at"
).split()


class Sum(NamedTuple):
    """Money or a credit note that the file tells of."""

    account: int
    kind: str
    """`payment` or `credit`."""
    currency: str
    amount_minor: int
    paid_on: date
    reference: str
    named: str
    """Invoice numbers, one per line."""


class Payments:
    """Writes the sums of one import. Counts what the whole file tells, so that batches do not matter."""

    def __init__(
        self,
        creditor: int,
        batch: int,
        now: datetime,
        policy: Policy,
        day_of: DayOf,
        as_of: date,
        *,
        older: bool,
    ) -> None:
        """Args:

        older: the file was exported before the newest list that is known.
        """
        self._creditor = creditor
        self._batch = batch
        self._now = now
        self._policy = policy
        self._day_of = day_of
        self._as_of = as_of
        self._older = older
        self._told: Counter[int] = Counter()
        """By the hash of a sum, how often the file has told of it: a file may hold a million."""

    def write(self, sums: Sequence[Sum], unused: Collection[Sum] = frozenset()) -> list[bool]:
        """Book the sums that are new, in the order of the file; says of each whether it was.

        `unused` are credit notes that a list of open items shows as still open themselves.
        """
        if not sums:
            return []
        taken = self._taken(sums)
        new: list[bool] = []
        fresh: list[tuple[Sum, int]] = []
        for sum_ in sums:
            key = hash(sum_)
            self._told[key] += 1
            had, latest = taken.get(sum_, (0, 0))
            # The nth of its like in this file is new only if fewer than n are known already.
            is_new = self._told[key] > had
            if is_new:
                fresh.append((sum_, latest + 1))
                taken[sum_] = (had + 1, latest + 1)
            new.append(is_new)
        self._book(fresh, unused)
        return new

    def replace_credits(self, sums: Sequence[Sum]) -> set[Sum]:
        """Take back credit notes that the file tells with another amount; returns those that replace one."""
        wanted = {
            (sum_.account, sum_.reference): sum_ for sum_ in sums if sum_.kind == "credit" and sum_.reference
        }
        if not wanted:
            return set()
        within, params = sql.ids_in("p.account_id", sorted({account for account, _ in wanted}))
        gone: dict[int, list[str]] = {}
        replaced = set()
        for number, account, reference, currency, amount in sql.fetch(
            "select p.id, p.account_id, p.reference, p.currency, p.amount_minor from payment p"
            f" left join import_batch b on b.id = p.batch where {within} and p.kind = 'credit'"
            " and b.undone_at is null and p.id in (select max(q.id) from payment q"
            " where q.account_id = p.account_id and q.kind = 'credit' group by q.reference)",
            params,
        ):
            sum_ = wanted.get((account, reference))
            if sum_ is not None and (sum_.currency, sum_.amount_minor) != (currency, amount):
                gone.setdefault(account, []).append(f"credit:{number}")
                replaced.add(sum_)
        if gone:
            causes = booking.all_causes(chain.from_iterable(gone.values()))
            moves = booking.undo(sorted(gone), causes)
            post(self._creditor, moves, self._now, self._batch)
        return replaced

    def take_back_unlisted(self, seen: Collection[tuple[int, str]]) -> int:
        """Take back credit notes of earlier lists that a complete one no longer shows: they were used up.

        `seen` are account and number of those that the file shows. Returns how many were in question.
        """
        gone: dict[int, list[str]] = {}
        for number, account, reference in sql.fetch(
            "select p.id, p.account_id, p.reference from payment p join import_batch b on b.id = p.batch"
            " where p.creditor_id = ? and p.kind = 'credit' and b.kind = 'invoices' and b.undone_at is null",
            [self._creditor],
        ):
            if (account, reference) not in seen:
                gone.setdefault(account, []).append(f"credit:{number}")
        if gone:
            # Entries are read behind this lock: no two lists take back the same credit note.
            posting.lock(gone)
            causes = booking.all_causes(chain.from_iterable(gone.values()))
            moves = booking.undo(sorted(gone), causes, self._as_of)
            post(self._creditor, moves, self._now, self._batch)
        return sum(map(len, gone.values()))

    def _taken(self, sums: Iterable[Sum]) -> dict[Sum, tuple[int, int]]:
        """Of each sum, how many like it are known and in force, and the highest number of them."""
        accounts = sorted({sum_.account for sum_ in sums})
        wanted = set(sums)
        days = sorted({sum_.paid_on for sum_ in wanted})
        within, params = sql.ids_in("p.account_id", accounts)
        known = []
        for number, account, kind, currency, amount, paid_on, reference, named, occurrence, undone in sql.fetch(
            "select p.id, p.account_id, p.kind, p.currency, p.amount_minor, p.paid_on, p.reference, p.named,"
            f" p.occurrence, b.undone_at from payment p left join import_batch b on b.id = p.batch where {within}"
            " and p.paid_on >= ? and p.paid_on <= ?",
            [*params, days[0], days[-1]],
        ):
            sum_ = Sum(account, kind, currency, amount, sql.day(paid_on), reference, named)
            if sum_ in wanted:
                known.append((number, sum_, occurrence, undone is None))
        gone = self._taken_back([(number, sum_) for number, sum_, _, stands in known if stands])
        found: dict[Sum, tuple[int, int]] = {}
        for number, sum_, occurrence, stands in known:
            had, latest = found.get(sum_, (0, 0))
            found[sum_] = (had + (stands and number not in gone), max(latest, occurrence))
        return found

    def _taken_back(self, known: Sequence[tuple[int, Sum]]) -> set[int]:
        """Credit notes that a list had replaced or used up: one that is shown again has come back.

        A list older than the newest one does not bring them back: it did not know yet.
        """
        credits = {number: sum_.account for number, sum_ in known if sum_.kind == "credit"}
        if not credits or self._older:
            return set()
        causes = {
            entry.cause
            for entries in books.entries_of(sorted(set(credits.values()))).values()
            for entry, _ in correct.in_force(entries)
        }
        return {number for number in credits if f"credit:{number}" not in causes}

    def _book(self, fresh: Sequence[tuple[Sum, int]], unused: Collection[Sum]) -> None:
        if not fresh:
            return
        now = sql.us(self._now)
        rows: dict[int, list[tuple[Any, ...]]] = {}
        arrived = []
        for number, (sum_, occurrence) in zip(ids.allocate("payment", len(fresh)), fresh, strict=True):
            row = (
                number,
                self._creditor,
                sum_.account,
                sum_.kind,
                sum_.currency,
                sum_.amount_minor,
                sum_.paid_on.isoformat(),
                sum_.reference,
                sum_.named,
                occurrence,
                self._batch,
                now,
            )
            rows.setdefault(sum_.account, []).append(row)
            arrived.append(
                Arrived(
                    f"{sum_.kind}:{number}",
                    AccountId(sum_.account),
                    sum_.currency,
                    sum_.amount_minor,
                    sum_.paid_on,
                    sum_.named,
                    sum_ in unused,
                )
            )
        booked = booking.money(arrived, self._policy, self._day_of, self._as_of)
        sql.insert("payment", PAYMENT, (row for mine in rows.values() for row in mine))
        prepared = posting.prepare(self._creditor, booked.moves, self._now)
        posting.save(prepared)
        more = {account: {"payment": mine} for account, mine in rows.items()}
        facts.append(posting.drafts(prepared, None, more, batch=self._batch))


def post(creditor: int, moves: Sequence[Any], now: datetime, batch: int) -> None:
    """Save moves with one fact for each account."""
    if moves:
        prepared = posting.prepare(creditor, moves, now)
        posting.save(prepared)
        facts.append(posting.drafts(prepared, None, None, batch=batch))
