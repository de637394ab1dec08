"""Payments and credit notes of a file: each counts once, however often and in whatever file it comes again.

They are matched as a multiset per account, day, amount and reference: two real equal payments on one day both
count, and the same two in tomorrow's export change nothing. What a person recorded by hand, often without the
words of the bank, stands for one sum of its account, day and amount; the words that the file has for it are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any, NamedTuple

from duewell.core.ledger.allocate import Policy
from duewell.core.ledger.entries import Move
from duewell.core.units.ids import AccountId
from duewell.store import booking, facts, ids, posting, sql, words
from duewell.store.booking import Arrived
from duewell.store.books import DayOf
from duewell.store.intake.trace import Trace

PAYMENT = (
    "id creditor_id account_id kind currency amount_minor paid_on reference named occurrence batch listed_batch"
    " recorded_at"
).split()


_UNDONE = "select 1 from import_batch u where u.undone_at is not null and u.id"
MISTAKEN = 0
"""In place of an import, in the end of a payment that was recorded by hand and never was."""
NOT_UNDONE = (
    f"not exists ({_UNDONE} = p.batch)"
    f" and not exists (select 1 from payment_end m where m.payment_id = p.id and m.batch = {MISTAKEN})"
)
STANDS = (
    f"{NOT_UNDONE} and not exists (select 1 from payment_end e where e.payment_id = p.id"
    f" and not exists ({_UNDONE} = e.batch))"
)
"""Neither was the import of the payment `p` taken back, nor did a list use it up that still stands."""


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
        trace: Trace,
    ) -> None:
        self._creditor = creditor
        self._batch = batch
        self._now = now
        self._policy = policy
        self._day_of = day_of
        self._as_of = as_of
        self._trace = trace
        self.older = False
        """The file was exported before the newest list that is known: it does not know what that one says."""
        self._told: Counter[int] = Counter()
        """By the hash of a sum, how often the file has told of it: a file may hold a million."""

    def write(self, sums: Sequence[Sum], unused: Collection[Sum] = frozenset()) -> list[bool]:
        """Book the sums that are new, in the order of the file; says of each whether it was.

        `unused` are credit notes that a list of open items shows as still open themselves.
        """
        if not sums:
            return []
        taken, by_hand = self._taken(sums)
        new: list[bool] = []
        met: list[tuple[int, int, int, str, str]] = []
        fresh: list[tuple[Sum, int]] = []
        for sum_ in sums:
            key = hash(sum_)
            self._told[key] += 1
            had, latest = taken.get(sum_, (0, 0))
            # The nth of its like in this file is new only if fewer than n are known already.
            is_new = self._told[key] > had
            if is_new and (waiting := by_hand.get(_bare(sum_))):
                number = waiting.pop(0)
                met.append((self._creditor, number, self._batch, sum_.reference, sum_.named))
                self._trace.sums.add(number)
                taken[sum_] = (had + 1, latest)
                is_new = False
            if is_new:
                fresh.append((sum_, latest + 1))
                taken[sum_] = (had + 1, latest + 1)
            new.append(is_new)
        sql.insert("payment_met", ["creditor_id", "payment_id", "batch", "reference", "named"], met)
        self._book(fresh, unused)
        return new

    def compare_credits(self, sums: Sequence[Sum], unused: Collection[Sum]) -> dict[Sum, str]:
        """What becomes of credit notes whose number is known: `unchanged`, or `changed` where one is replaced.

        A customer has one credit note of a number, whatever day or invoice a file gives it. It is replaced where
        a file tells another amount, or a list shows it as not used yet that was taken for money until now; only a
        list replaces what a list showed. Those that replace one are still to be written.
        """
        wanted = {
            (sum_.account, sum_.reference): sum_ for sum_ in sums if sum_.kind == "credit" and sum_.reference
        }
        if not wanted:
            return {}
        within, params = sql.ids_in("p.account_id", sorted({account for account, _ in wanted}))
        latest: dict[tuple[int, str], tuple[int, str, int, bool]] = {}
        for number, account, reference, currency, amount, listed in sql.fetch(
            "select p.id, p.account_id, p.reference, p.currency, p.amount_minor, p.listed_batch from payment p"
            f" where {within} and p.kind = 'credit' and {NOT_UNDONE if self.older else STANDS} order by p.id",
            params,
        ):
            latest[account, reference] = number, currency, amount, listed is not None
        gone: dict[int, list[int]] = {}
        found: dict[Sum, str] = {}
        for key, sum_ in wanted.items():
            if key not in latest:
                continue
            number, currency, amount, listed = latest[key]
            differs = (currency, amount) != (sum_.currency, sum_.amount_minor)
            in_list = sum_ in unused
            if not self.older and ((differs and in_list >= listed) or (in_list and not listed)):
                gone.setdefault(sum_.account, []).append(number)
                found[sum_] = "changed"
            else:
                self._trace.sums.add(number)
                found[sum_] = "unchanged"
        self._take_back(gone, None)
        return found

    def take_back_unlisted(self, seen: Collection[tuple[int, str]], words: Collection[str]) -> int:
        """Take back credit notes of earlier lists that a complete one no longer shows: they were used up.

        `seen` are account and number of those that the file shows, `words` what stands in rows that were rejected.
        Returns how many were in question.
        """
        gone = self.unlisted(seen, words)
        self._take_back(gone, self._as_of)
        return sum(map(len, gone.values()))

    def unlisted(self, seen: Collection[tuple[int, str]], words: Collection[str]) -> dict[int, list[int]]:
        """Credit notes of earlier lists, by account, other than those; see `take_back_unlisted`."""
        gone: dict[int, list[int]] = {}
        for number, account, reference in sql.fetch(
            "select p.id, p.account_id, p.reference from payment p join import_batch b on b.id = p.batch"
            f" where p.creditor_id = ? and p.kind = 'credit' and b.kind = 'invoices' and {STANDS}",
            [self._creditor],
        ):
            if (account, reference) not in seen and reference not in words:
                gone.setdefault(account, []).append(number)
        return gone

    def _take_back(self, gone: Mapping[int, Sequence[int]], on: date | None) -> None:
        if not gone:
            return
        # Entries are read behind this lock: two lists that take back the same credit note do it once.
        posting.lock(gone)
        notes = list(chain.from_iterable(gone.values()))
        moves = booking.undo(sorted(gone), booking.all_causes(f"credit:{number}" for number in notes), on)
        post(self._creditor, moves, self._now, self._trace)
        sql.insert("payment_end", ["payment_id", "batch"], ((number, self._batch) for number in notes))

    def _taken(self, sums: Iterable[Sum]) -> tuple[dict[Sum, tuple[int, int]], dict[Sum, list[int]]]:
        """Of each sum, how many like it are known and in force, and the highest number of them.

        And by the sum without its words, what was recorded by hand and no file has told of yet, oldest first.
        """
        accounts = sorted({sum_.account for sum_ in sums})
        wanted = set(sums)
        days = sorted({sum_.paid_on for sum_ in wanted})
        within, params = sql.ids_in("p.account_id", accounts)
        # A credit note that is shown again after a list had used it up has come back. A list older than the newest
        # one does not bring it back: it did not know yet.
        stands = NOT_UNDONE if self.older else STANDS
        found: dict[Sum, tuple[int, int]] = {}
        bare = {_bare(sum_) for sum_ in wanted}
        by_hand: dict[int, Sum] = {}
        for (
            number,
            account,
            kind,
            currency,
            amount,
            paid_on,
            reference,
            named,
            occurrence,
            batch,
            counts,
        ) in sql.fetch(
            "select p.id, p.account_id, p.kind, p.currency, p.amount_minor, p.paid_on, p.reference, p.named,"
            f" p.occurrence, p.batch, case when {stands} then 1 else 0 end from payment p where {within}"
            " and p.paid_on >= ? and p.paid_on <= ? order by p.id",
            [*params, days[0], days[-1]],
        ):
            sum_ = Sum(account, kind, currency, amount, sql.day(paid_on), reference, named)
            told_by_hand = batch is None and _bare(sum_) in bare
            if told_by_hand and counts:
                by_hand[number] = sum_
            if sum_ in wanted:
                is_known = counts and not told_by_hand
                had, latest = found.get(sum_, (0, 0))
                found[sum_] = (had + bool(is_known), max(latest, occurrence))
                if is_known:
                    self._trace.sums.add(number)
        waiting: dict[Sum, list[int]] = {}
        words = _words(by_hand)
        for number, sum_ in by_hand.items():
            if number not in words:
                # One that has the words of a sum is met before others of that day.
                same = sum_ in wanted
                waiting.setdefault(_bare(sum_), []).insert(0 if same else len(by_hand), number)
                continue
            reference, named = words[number]
            known = sum_._replace(reference=reference, named=named)
            if known in wanted:
                had, latest = found.get(known, (0, 0))
                found[known] = (had + 1, latest)
                self._trace.sums.add(number)
        return found, waiting

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
                self._batch if sum_ in unused else None,
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
        told = iter(words.insert("payment", PAYMENT, [row for mine in rows.values() for row in mine]))
        prepared = posting.prepare(self._creditor, booked.moves, self._now)
        posting.save(prepared)
        self._trace.posted(prepared)
        more = {account: {"payment": [next(told) for _ in mine]} for account, mine in rows.items()}
        facts.append(posting.drafts(prepared, None, more, batch=self._batch))


def _bare(sum_: Sum) -> Sum:
    """Without the words that a bank or a person has for it."""
    return sum_._replace(reference="", named="")


def _words(by_hand: Collection[int]) -> dict[int, tuple[str, str]]:
    """Reference and invoice numbers under which a file that stands has told of money recorded by hand."""
    words: dict[int, tuple[str, str]] = {}
    if by_hand:
        within, params = sql.ids_in("m.payment_id", sorted(by_hand))
        for number, reference, named in sql.fetch(
            f"select m.payment_id, m.reference, m.named from payment_met m where {within}"
            f" and not exists ({_UNDONE} = m.batch) order by m.id",
            params,
        ):
            words[number] = (reference, named)
    return words


def post(creditor: int, moves: Sequence[Move], now: datetime, trace: Trace) -> None:
    """Save moves with one fact for each account."""
    if moves:
        prepared = posting.prepare(creditor, moves, now)
        posting.save(prepared)
        trace.posted(prepared)
        facts.append(posting.drafts(prepared, None, None, batch=trace.batch))
