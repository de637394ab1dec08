"""Invoices of a file: new ones are charged, changed ones corrected, and lists bring balances to what they show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from duewell.core.decide.stages import Stage
from duewell.core.intake import InvoiceRow
from duewell.core.ledger import correct
from duewell.core.ledger import entries as ledger
from duewell.core.ledger.allocate import Policy
from duewell.core.ledger.entries import Move, Place
from duewell.core.ledger.targets import Item
from duewell.core.units.ids import AccountId, ReceivableId
from duewell.store import booking, books, facts, ids, posting, sql
from duewell.store.booking import Listed
from duewell.store.books import DayOf, Key
from duewell.store.intake import terms
from duewell.store.intake.holds import Holds
from duewell.store.intake.paid_so_far import Shown, unknown_minor
from duewell.store.intake.payments import Payments, Sum, post
from duewell.store.intake.present import Clash, Present, in_another_currency, known_invoices, of_another, twice
from duewell.store.intake.terms import Moved
from duewell.store.intake.trace import Terms, Trace

RECEIVABLE = (
    "id creditor_id account_id number kind accessory_to_id currency issued_on due_on reference open_minor reached"
    " reached_on charged_minor listed_minor listed_at batch recorded_at"
).split()
# A dunning level of another program, as a stage: the fourth and later ones are our last words.
_LEVELS = {0: Stage.NONE, 1: Stage.FIRST, 2: Stage.SECOND, 3: Stage.FIRM}


class Written(NamedTuple):
    """What became of the rows, in their order: `new`, `changed`, `unchanged`, or a clash."""

    outcomes: list[str | Clash]
    receivables: list[int]
    """Ids of everything the rows speak of."""


class Invoices:
    """Writes the invoices of one import."""

    def __init__(
        self,
        creditor: int,
        batch: int,
        now: datetime,
        listed_at: datetime,
        policy: Policy,
        day_of: DayOf,
        payments: Payments,
        trace: Trace,
        *,
        own_numbers: bool,
    ) -> None:
        """Args:

        own_numbers: the numbers are the creditor's own: one invoice stands on one account.
        """
        self._creditor = creditor
        self._batch = batch
        self._now = now
        self._listed_at = listed_at
        self._list_on = day_of(listed_at)
        self._policy = policy
        self._day_of = day_of
        self._payments = payments
        self._silent: frozenset[str] = frozenset()
        self._older = self._incomplete = False
        self._own_numbers = own_numbers
        self._trace = trace
        self._holds = Holds(creditor, now, self._list_on, trace)

    def look_back(self, silent: frozenset[str], *, older: bool, incomplete: bool) -> None:
        """What stands beside this file when its next rows are written.

        Args:
            silent: reasons of holds that the file says nothing about; see `Holds.follow`.
            older: a newer list is known: of what is known already this file changes neither amount nor dates.
            incomplete: a newer list that is complete is known: what is new here may be settled there.
        """
        self._silent, self._older, self._incomplete = silent, older, incomplete

    def write(self, rows: Sequence[InvoiceRow], accounts: Sequence[int]) -> Written:
        """Write the rows of one batch, each on its account, in one transaction of the caller."""
        numbers = {row.number for row in rows}
        present, elsewhere = known_invoices(self._creditor, sorted(set(accounts)), numbers, own=self._own_numbers)
        outcomes: list[str | Clash] = ["unchanged"] * len(rows)
        new: list[int] = []
        firsts: dict[tuple[int, str], int] = {}
        for index, (row, account) in enumerate(zip(rows, accounts, strict=True)):
            known = present.get((account, row.number))
            first = firsts.setdefault((account, row.number), index)
            other = elsewhere.get(row.number)
            if first != index:
                outcomes[index] = twice(row, rows[first])
            elif (known is None or known.gone) and other is not None:
                outcomes[index] = of_another(row, other)
            elif known is None or known.gone:
                outcomes[index] = "new"
                new.append(index)
            elif known.currency != row.currency:
                outcomes[index] = in_another_currency(row, known)
        again = {
            index: present[accounts[index], rows[index].number].id
            for index in new
            if (accounts[index], rows[index].number) in present
        }
        never = [index for index in new if index not in again]
        fresh = {**dict(zip(never, ids.allocate("receivable", len(never)), strict=True)), **again}
        ids_of = {(accounts[index], rows[index].number): receivable for index, receivable in fresh.items()}
        receivables = [
            ids_of.get(key) or (present[key].id if key in present else 0)
            for key in ((account, row.number) for row, account in zip(rows, accounts, strict=True))
        ]
        sound = [
            index
            for index, outcome in enumerate(outcomes)
            if not isinstance(outcome, Clash) and firsts[accounts[index], rows[index].number] == index
        ]
        known_ones = {index: present[accounts[index], rows[index].number] for index in sound if index not in fresh}
        self._trace.told |= {mine.id for mine in known_ones.values()}
        for index in self._correct(rows, known_ones):
            outcomes[index] = "changed"
        for index in self._dates(rows, known_ones):
            outcomes[index] = "changed"
        # New items whose charge is what is open, on accounts without money, need nothing more. The others are
        # settled together with everything that is known of their accounts.
        with_money = books.with_money({accounts[index] for index in fresh})
        to_settle = {
            index
            for index in fresh
            if (open_minor := rows[index].open_minor) is not None
            and (open_minor != self._charge(rows[index])[0] or accounts[index] in with_money)
        }
        self._open(rows, accounts, fresh, to_settle, frozenset(again))
        known_or_unsettled = [index for index in sound if index not in fresh or index in to_settle]
        for index in self._list(rows, receivables, fresh, known_or_unsettled):
            if outcomes[index] == "unchanged":
                outcomes[index] = "changed"
        for index in self._paid(rows, accounts, receivables, sound):
            if outcomes[index] == "unchanged":
                outcomes[index] = "changed"
        for index in self._holds.follow(rows, receivables, accounts, sound, frozenset(fresh), self._silent):
            if outcomes[index] == "unchanged":
                outcomes[index] = "changed"
        if self._incomplete:
            # What a newer, complete list does not show was settled or cancelled by then.
            self._holds.missing(
                [
                    (accounts[index], receivable, rows[index].number)
                    for index, receivable in fresh.items()
                    if (rows[index].open_minor if rows[index].open_minor is not None else rows[index].amount_minor)
                ]
            )
        return Written(outcomes, [receivables[index] for index in sound])

    def _correct(self, rows: Sequence[InvoiceRow], known: dict[int, Present]) -> list[int]:
        """Amounts that are not what was charged so far become correcting entries."""
        if self._older:
            return []
        told = {
            index: rows[index].amount_minor
            for index in known
            if rows[index].amount_minor not in (None, known[index].charged_minor)
        }
        if not told:
            return []
        whole = books.entries_of(sorted({known[index].account for index in told}))
        moves: list[Move] = []
        changed = []
        by_receivable: dict[int, list[ledger.Entry]] = defaultdict(list)
        for of_account in whole.values():
            for entry in of_account:
                for receivable in {entry.from_receivable, entry.to_receivable}:
                    if receivable is not None:
                        by_receivable[receivable].append(entry)
        for index, amount in told.items():
            mine = known[index]
            entries = by_receivable.get(mine.id, [])
            charged = _charged(mine.id, entries)
            if amount is None or amount == charged or _opened_by_list(entries):
                continue
            changed.append(index)
            self._trace.shown_minor.setdefault(mine.id, mine.listed_minor)
            applied = [each for each in correct.in_force(entries) if each.entry.from_receivable == mine.id]
            on = max(rows[index].issued_on or mine.issued_on, mine.issued_on)
            moves += correct.amount_changed(
                AccountId(mine.account),
                ReceivableId(mine.id),
                mine.currency,
                amount - charged,
                mine.open_minor,
                applied,
                on,
                f"invoice:{self._batch}",
            )
        post(self._creditor, moves, self._now, self._trace)
        return changed

    def _dates(self, rows: Sequence[InvoiceRow], known: dict[int, Present]) -> list[int]:
        """A due date or reference that changed is carried over; the stage reached stays."""
        moved: list[Moved] = []
        changed = []
        if self._older:
            return []
        for index, mine in known.items():
            row = rows[index]
            due, reference = row.due_on, row.reference or mine.reference
            if (due, reference) != (mine.due_on, mine.reference):
                changed.append(index)
                moved.append(Moved(mine.account, mine.id, mine.due_on, due, reference))
                self._trace.terms.append(Terms(mine.id, mine.due_on, mine.reference))
        terms.move(moved, self._now, self._batch)
        return changed

    def _open(
        self,
        rows: Sequence[InvoiceRow],
        accounts: Sequence[int],
        fresh: dict[int, int],
        to_settle: set[int],
        again: frozenset[int],
    ) -> None:
        """New receivables and their charges, and the money that named them before they were known."""
        if not fresh:
            return
        waiting: dict[Key, dict[str, Item]] = defaultdict(dict)
        charges = []
        for index, receivable in fresh.items():
            row = rows[index]
            amount, cause = self._charge(row)
            if amount:
                on = row.issued_on or min(row.due_on, self._list_on)
                charges.append(
                    ledger.charged(
                        AccountId(accounts[index]), ReceivableId(receivable), row.currency, amount, on, cause
                    )
                )
                if row.open_minor is None:
                    item = Item(ReceivableId(receivable), on, row.due_on, 0, None, None, None, amount)
                    waiting[accounts[index], row.currency][row.number] = item
        charges += booking.waiting(waiting)
        now, hour = sql.us(self._now), sql.us(self._listed_at)
        prepared = posting.prepare(self._creditor, charges, self._now)
        inserted: list[tuple[Any, ...]] = []
        revived: list[tuple[Any, ...]] = []
        for index, receivable in fresh.items():
            row = rows[index]
            stage = _LEVELS.get(row.level, Stage.FINAL) if row.level is not None else Stage.NONE
            listed = row.open_minor is not None and index not in to_settle
            (revived if index in again else inserted).append(
                (
                    receivable,
                    self._creditor,
                    accounts[index],
                    row.number,
                    "invoice",
                    None,
                    row.currency,
                    (row.issued_on or min(row.due_on, self._list_on)).isoformat(),
                    row.due_on.isoformat(),
                    row.reference,
                    prepared.open_minor.get(receivable, 0),
                    int(stage),
                    self._list_on.isoformat() if stage else None,
                    prepared.revenue_minor.get(receivable, 0),
                    row.open_minor if listed else None,
                    hour if listed else None,
                    self._batch,
                    now,
                )
            )
        sql.insert("receivable", RECEIVABLE, inserted, dates_are_text=True)
        sql.update_many(
            f"update receivable set {', '.join(f'{column} = ?' for column in RECEIVABLE[1:])} where id = ?",
            [(*row[1:], row[0]) for row in revived],
        )
        posting.save(prepared, frozenset(fresh.values()))
        self._trace.posted(prepared)
        self._trace.made |= set(fresh.values())
        facts.append(posting.drafts(prepared, None, None, batch=self._batch))

    def _charge(self, row: InvoiceRow) -> tuple[int, str]:
        if row.amount_minor is not None:
            return row.amount_minor, f"invoice:{self._batch}"
        return row.open_minor or 0, f"list:{self._batch}"

    def _list(
        self,
        rows: Sequence[InvoiceRow],
        receivables: Sequence[int],
        fresh: dict[int, int],
        sound: Sequence[int],
    ) -> list[int]:
        """What the file shows as still open is where the balance is brought; the known rows that this changed."""
        shown = {
            ReceivableId(receivables[index]): open_minor
            for index in sound
            if (open_minor := rows[index].open_minor) is not None
        }
        if not shown:
            return []
        before = self._balances(list(shown))
        listed = Listed(self._listed_at, f"list:{self._batch}", shown)
        booked, keep = booking.open_items(listed, self._policy, self._day_of, self._list_on)
        post(self._creditor, booked.moves, self._now, self._trace)
        for receivable, minor in keep.items():
            _, hour, shown_minor = before[receivable]
            self._trace.shown.setdefault(hour, set()).add(receivable)
            if shown_minor != minor:
                self._trace.shown_minor.setdefault(receivable, shown_minor)
        posting.listed(keep, self._listed_at)
        after = self._balances(list(shown))
        return [
            index
            for index in sound
            if index not in fresh and before[receivables[index]][0] != after[receivables[index]][0]
        ]

    def _balances(self, receivables: Sequence[int]) -> dict[int, tuple[int, int | None, int | None]]:
        """What is open of each, and of the list that showed it last the hour (microseconds) and what it showed."""
        within, params = sql.ids_in("id", receivables)
        rows = sql.fetch(f"select id, open_minor, listed_at, listed_minor from receivable where {within}", params)
        return {receivable: (open_minor, hour, shown) for receivable, open_minor, hour, shown in rows}

    def _paid(
        self, rows: Sequence[InvoiceRow], accounts: Sequence[int], receivables: Sequence[int], sound: Sequence[int]
    ) -> list[int]:
        """Payments that the invoice's own row tells of; of what was paid so far, what goes beyond those known."""
        so_far = [index for index in sound if any(paid.so_far for paid in rows[index].payments)]
        shown = [
            Shown(
                accounts[index],
                receivables[index],
                rows[index].number,
                rows[index].payments[0].amount_minor,
                self._charge(rows[index])[0],
            )
            for index in so_far
        ]
        unknown = dict(zip(so_far, unknown_minor(self._creditor, shown), strict=True))
        sums = []
        of_row = []
        for index in sound:
            row = rows[index]
            for paid in row.payments:
                amount = unknown.get(index, paid.amount_minor)
                if amount:
                    of_row.append(index)
                    sums.append(
                        Sum(accounts[index], "payment", row.currency, amount, paid.paid_on, "", row.number)
                    )
        written = self._payments.write(sums)
        return [index for index, new in zip(of_row, written, strict=True) if new]


def _charged(receivable: int, entries: Sequence[ledger.Entry]) -> int:
    """What was charged on a receivable: what came from revenue less what went back there."""
    total = 0
    for entry in entries:
        if entry.to_receivable == receivable and entry.from_place is Place.REVENUE:
            total += entry.amount_minor
        elif entry.from_receivable == receivable and entry.to_place is Place.REVENUE:
            total -= entry.amount_minor
    return total


def _opened_by_list(entries: Sequence[ledger.Entry]) -> bool:
    """Was the original amount never told? Then another amount is no correction."""
    standing = (entry for entry, _ in correct.in_force(entries))
    first = next((entry for entry in standing if entry.from_place is Place.REVENUE), None)
    return first is not None and first.cause.startswith("list:")
