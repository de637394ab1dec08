"""Payments, credit notes and corrections that a person tells of, booked as an import books them.

Everything happens behind the lock of the account, in one transaction with its facts, and moves the version of the
account on: a demand that was about to start looks again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from duewell.core.ledger import correct as correcting
from duewell.core.ledger.allocate import Policy
from duewell.core.ledger.entries import Entry, Move, Place
from duewell.core.units.ids import AccountId, ReceivableId
from duewell.flows.hold import Target
from duewell.flows.record import BadRecord, Booked, Change, Item, KnownAlready, Money, MoneyView
from duewell.store import agreements, booking, books, facts, ids, posting, sql, words
from duewell.store.booking import Arrived
from duewell.store.books import DayOf
from duewell.store.intake import terms, trace
from duewell.store.intake.payments import MISTAKEN, PAYMENT, STANDS
from duewell.store.intake.terms import Moved
from duewell.store.intake.undo import CORRECTION


class ByHand:
    """The books of one creditor, for one person and one act."""

    def __init__(self, creditor: int, now: datetime, policy: Policy, day_of: DayOf, by: str) -> None:
        self._creditor = creditor
        self._now = now
        self._policy = policy
        self._day_of = day_of
        self._by = by

    def targets(self, number: str) -> list[Target]:
        """The account and the invoices that bear this number."""
        return agreements.Holds(self._creditor, self._now).targets(number)

    def invoices(self, account: AccountId) -> dict[str, tuple[ReceivableId, str]]:
        """Every invoice of an account by number: its id and currency."""
        return {
            number: (ReceivableId(receivable), currency)
            for number, receivable, currency in sql.fetch(
                "select number, id, currency from receivable where account_id = ?", [account]
            )
        }

    def money(self, told: Money, reason: str, *, again: bool, dry_run: bool) -> Booked:
        """Book a payment or credit note, unless an equal one of that day is known."""
        with self._act(told.account, dry_run):
            if not again:
                self._ask_about_equals(told)
            named = "\n".join(told.named)
            before = _balances(told.account, told.currency)
            payment = ids.allocate("payment")[0]
            equals = sql.one(
                "select max(occurrence) from payment where account_id = ? and paid_on = ? and kind = ?"
                " and currency = ? and amount_minor = ? and reference = ? and named = ?",
                [told.account, told.paid_on, told.kind, told.currency, told.amount_minor, told.reference, named],
            )
            row = (
                payment,
                self._creditor,
                int(told.account),
                told.kind,
                told.currency,
                told.amount_minor,
                told.paid_on.isoformat(),
                told.reference,
                named,
                ((equals and equals[0]) or 0) + 1,
                None,
                None,
                sql.us(self._now),
            )
            key = f"{told.kind}:{payment}"
            arrived = Arrived(key, told.account, told.currency, told.amount_minor, told.paid_on, named)
            booked = booking.money([arrived], self._policy, self._day_of, self._day_of(self._now))
            kept = words.insert("payment", PAYMENT, [row])
            self._post(booked.moves, {told.account: {"payment": kept}}, reason=reason)
            invoices = self.invoices(told.account)
            for_these = [invoices[number][0] for number in told.named]
            stands = correcting.in_force(books.entries_of([told.account])[told.account])
            shown = sum(left for entry, left in stands if entry.cause in correcting.causes_of(key)[1:])
            return _told(told.account, told.currency, before, payment, for_these, shown)

    def undo(self, payment: int, reason: str, bounced_on: date | None, *, dry_run: bool) -> Booked:
        """Take a payment or credit note back: as though it had never been, or from the day on which it bounced."""
        # No database has a larger number.
        row = (
            sql.one(
                "select account_id, kind, currency, paid_on, batch from payment where creditor_id = ? and id = ?",
                [self._creditor, payment],
            )
            if 0 < payment < 2**63
            else None
        )
        if row is None:
            raise BadRecord(f"there is no payment {payment}: `duewell record list ACCOUNT` shows them")
        account, kind, currency, paid_on, batch = row
        with self._act(AccountId(account), dry_run):
            if bounced_on is None:
                self._only_by_hand(payment, batch)
            elif bounced_on < sql.day(paid_on):
                raise BadRecord(f"payment {payment} is of {sql.day(paid_on).isoformat()} and cannot bounce before")
            before = _balances(account, currency)
            causes = booking.all_causes([f"{kind}:{payment}"])
            stood = correcting.in_force(books.entries_of([account])[account])
            if not any(kept.entry.cause in causes for kept in stood):
                raise BadRecord(f"payment {payment} was taken back before")
            moves = booking.undo([account], causes, bounced_on)
            told = {"undone": payment, "bounced": bounced_on is not None}
            self._post(moves, None, reason=reason, **told)
            if bounced_on is None:
                sql.insert("payment_end", ["payment_id", "batch"], [(payment, MISTAKEN)])
            else:
                # What a list had shown of this money is owed again until a newer list says otherwise.
                posting.carry_on_listed(_seen(stood, f"seen:{kind}:{payment}"))
            if bounced_on is None or _lists_speak_of(account, currency):
                # Money that came since went where it did because of this one. Where it was real until it bounced,
                # the others stay where they are, unless a list is to be explained anew.
                self._resettle(account, reason, **told)
            return _told(account, currency, before, payment, ())

    def correct(self, change: Change, reason: str, on: date, *, dry_run: bool) -> Booked:
        """Bring an invoice to another amount or due date."""
        with self._act(change.account, dry_run):
            row = sql.one(
                "select number, currency, issued_on, due_on, reference, open_minor, listed_at from receivable"
                " where id = ?",
                [change.receivable],
            )
            assert row is not None
            number, currency, issued, due, reference, open_minor, listed_at = row
            if change.due_on is not None and change.due_on < sql.day(issued):
                raise BadRecord(f"invoice {number} was issued on {sql.day(issued)} and cannot be due before")
            before = _balances(change.account, currency)
            changed = False
            if change.due_on is not None and change.due_on != sql.day(due):
                moved = Moved(change.account, change.receivable, sql.day(due), change.due_on, reference)
                terms.move([moved], self._now, None, reason=reason, by=self._by)
                changed = True
            if change.amount_minor is not None:
                counts_on = max(on, sql.day(issued))
                moves = self._amount(change, change.amount_minor, currency, open_minor, counts_on)
                changed = changed or bool(moves)
                self._post(moves, None, reason=reason)
                if moves and listed_at is not None:
                    # A list that showed less than is taken off now had nothing left to show.
                    sql.execute(
                        "update receivable set listed_minor = 0 where id = ? and listed_minor < 0",
                        [change.receivable],
                    )
                if moves:
                    self._resettle(change.account, reason)
            told = _told(change.account, currency, before, None, [change.receivable])
            return told._replace(changed=changed)

    def listed(self, account: AccountId) -> list[MoneyView]:
        """The payments and credit notes of an account, oldest first."""
        left: dict[str, int] = {}
        for entry, amount in correcting.in_force(books.entries_of([account])[account]):
            if entry.from_place is Place.CREDIT and entry.to_place in (Place.CLEARING, Place.REVENUE):
                left[entry.cause] = left.get(entry.cause, 0) + amount
        return [
            MoneyView(
                row[0],
                row[1],
                row[2],
                row[3],
                row[4],
                sql.day(row[5]).isoformat(),
                row[6],
                tuple(row[7].split("\n")) if row[7] else (),
                row[8],
                left.get(f"{row[2]}:{row[0]}", 0),
            )
            for row in sql.fetch(
                "select p.id, a.number, p.kind, p.amount_minor, p.currency, p.paid_on, p.reference, p.named,"
                " p.batch from payment p join account a on a.id = p.account_id"
                " where p.creditor_id = ? and p.account_id = ?"
                " order by p.paid_on, p.id",
                [self._creditor, account],
            )
        ]

    @contextmanager
    def _act(self, account: AccountId, dry_run: bool) -> Iterator[None]:
        with sql.transaction.atomic():
            posting.lock([account])
            yield
            if dry_run:
                sql.transaction.set_rollback(True)

    def _ask_about_equals(self, told: Money) -> None:
        known = sql.one(
            "select p.id, p.batch from payment p where p.account_id = ? and p.kind = ? and p.currency = ?"
            f" and p.amount_minor = ? and p.paid_on = ? and {STANDS} order by p.id desc",
            [told.account, told.kind, told.currency, told.amount_minor, told.paid_on],
        )
        if known is not None:
            what = "payment" if told.kind == "payment" else "credit note"
            source = "recorded by hand" if known[1] is None else f"from import {known[1]}"
            raise KnownAlready(
                f"an equal {what} of {told.paid_on.isoformat()} is known already: number {known[0]}, {source}."
                " Is this a second one? Then say --again"
            )

    def _only_by_hand(self, payment: int, batch: int | None) -> None:
        """A mistake is put right where it was made, and money that a file told of as well is no mistake."""
        if batch is not None:
            raise BadRecord(
                f"payment {payment} came with import {batch}: take that back (duewell import undo {batch}),"
                " or say --bounced D where the money was returned"
            )
        standing = sql.fetch(
            "select id from import_batch where creditor_id = ? and undone_at is null order by id desc",
            [self._creditor],
        )
        for (number,) in standing:
            if any(payment in piece.sums for piece in trace.of(number)):
                raise BadRecord(
                    f"import {number} told of payment {payment} too, so it is no mistake:"
                    " say --bounced D where the money was returned"
                )

    def _amount(self, change: Change, amount_minor: int, currency: str, open_minor: int, on: date) -> list[Move]:
        entries = books.entries_of([change.account])[change.account]
        charged = _charged(entries, change.receivable)
        if charged == amount_minor:
            return []
        applied = [
            kept for kept in correcting.in_force(entries) if kept.entry.from_receivable == change.receivable
        ]
        return correcting.amount_changed(
            change.account,
            change.receivable,
            currency,
            amount_minor - charged,
            open_minor,
            applied,
            on,
            CORRECTION,
        )

    def _resettle(self, account: AccountId, reason: str, **told: object) -> None:
        """Money goes to where it belongs now, as after any change of what lists and money rest on."""
        moves = booking.resettle([account], self._policy, self._day_of, self._day_of(self._now))
        self._post(moves, None, reason=reason, **told)

    def _post(self, moves: Sequence[Move], more: posting.Rows | None, **told: object) -> None:
        if moves or more:
            prepared = posting.prepare(self._creditor, moves, self._now)
            posting.save(prepared)
            facts.append(posting.drafts(prepared, None, more, by=self._by, **told))


def _charged(entries: Sequence[Entry], receivable: int) -> int:
    """What was billed in all, as it stands."""
    return sum(
        entry.amount_minor * ((entry.to_receivable == receivable) - (entry.from_receivable == receivable))
        for entry in entries
        if Place.REVENUE in (entry.from_place, entry.to_place)
    )


def _lists_speak_of(account: int, currency: str) -> bool:
    found = sql.one(
        "select 1 from receivable where account_id = ? and currency = ? and listed_at is not null limit 1",
        [account, currency],
    )
    return found is not None


def _seen(stood: Sequence[correcting.InForce], cause: str) -> dict[int, int]:
    """By receivable, how much of a payment lists had shown."""
    seen: dict[int, int] = {}
    for entry, left in stood:
        if entry.cause == cause and entry.to_receivable is not None:
            seen[entry.to_receivable] = seen.get(entry.to_receivable, 0) + left
    return seen


def _balances(account: int, currency: str) -> tuple[dict[int, tuple[str, int]], int]:
    """Of an account in one currency: number and open amount by receivable, and the unapplied money."""
    rows = sql.fetch(
        "select id, number, open_minor from receivable where account_id = ? and currency = ? order by due_on, id",
        [account, currency],
    )
    credit = sql.one(
        "select credit_minor from account_credit where account_id = ? and currency = ?", [account, currency]
    )
    return {row[0]: (row[1], row[2]) for row in rows}, 0 if credit is None else credit[0]


def _told(
    account: int,
    currency: str,
    before: tuple[dict[int, tuple[str, int]], int],
    payment: int | None,
    named: Sequence[int],
    listed_minor: int = 0,
) -> Booked:
    opened, credit = before
    opened_after, credit_after = _balances(account, currency)
    items = tuple(
        Item(number, opened[receivable][1], open_minor)
        for receivable, (number, open_minor) in opened_after.items()
        if receivable in named or opened[receivable][1] != open_minor
    )
    return Booked(
        payment,
        currency,
        sum(minor for _, minor in opened.values()) - credit,
        sum(minor for _, minor in opened_after.values()) - credit_after,
        credit,
        credit_after,
        items,
        listed_minor,
    )
