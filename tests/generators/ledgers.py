"""Ledgers: a few accounts with receivables, money and disputes, all consistent, as entries with two times each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from duewell.core.ledger import entries as ledger
from duewell.core.ledger.aging import Debt, Dispute
from duewell.core.ledger.entries import Entry, Move, Place

DAY_ONE = date(2026, 1, 1)
LAST_DAY = 220
_START = datetime(2026, 1, 1, tzinfo=UTC)


class Ledger(NamedTuple):
    """Everything that aging is computed from."""

    debts: list[Debt]
    entries: list[Entry]
    disputes: list[Dispute]


def day(number: int) -> date:
    """Day 0 is 1 January 2026."""
    return DAY_ONE + timedelta(days=number)


def instant(number: int) -> datetime:
    """Noon of a day, UTC."""
    return _START + timedelta(days=number, hours=12)


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Up to three accounts and four receivables. Entries are learned on the day they count, or later."""
    days = st.integers(0, 100)
    debts = []
    for id in range(1, draw(st.integers(1, 4)) + 1):
        issued = draw(days)
        due = issued + draw(st.sampled_from([0, 14, 30]))
        debts.append(
            Debt(id, draw(st.integers(1, 3)), draw(st.sampled_from(["EUR", "USD"])), day(issued), day(due))
        )
    moves: list[tuple[Move, int]] = []

    def move(made: Move) -> None:
        known = (made.effective_on - DAY_ONE).days + draw(st.sampled_from([0, 0, 5, 60]))
        moves.append((made, known))

    for debt in debts:
        billed = draw(st.integers(1, 20)) * 10
        move(ledger.charged(debt.account, debt.receivable, debt.currency, billed, debt.issued_on, "invoice:1"))
        issued = (debt.issued_on - DAY_ONE).days
        for number in range(draw(st.integers(0, 3))):
            amount = draw(st.integers(1, 12)) * 5
            # Money may be put early against an invoice that is not issued yet.
            on = day(max(0, issued + draw(st.integers(-10, 100))))
            kind = draw(
                st.sampled_from(["paid", "paid", "lowered", "written off", "unapplied", "note", "released"])
            )
            cause = f"payment:{debt.receivable * 10 + number}"
            if kind in ("paid", "unapplied", "released"):
                move(ledger.arrived(debt.account, debt.currency, amount, on, cause))
            if kind == "note":
                move(ledger.credited(debt.account, debt.currency, amount, on, cause))
            if kind in ("paid", "released"):
                move(ledger.applied(debt.account, debt.receivable, debt.currency, amount, on, cause))
            if kind == "released":
                later = on + timedelta(days=draw(st.integers(0, 30)))
                back = ledger.applied(debt.account, debt.receivable, debt.currency, amount, later, cause)
                move(
                    back._replace(
                        from_place=Place.CREDIT,
                        from_receivable=None,
                        to_place=Place.RECEIVABLE,
                        to_receivable=debt.receivable,
                    )
                )
            if kind == "lowered":
                move(ledger.lowered(debt.account, debt.receivable, debt.currency, amount, on, "correction:1"))
            if kind == "written off":
                off = ledger.lowered(debt.account, debt.receivable, debt.currency, amount, on, "write_off:1")
                move(off._replace(to_place=Place.WRITE_OFF))
    moves.sort(key=lambda pair: pair[1])
    entries = [
        Entry(number, 1, *made[:8], instant(known), made.cause)
        for number, (made, known) in enumerate(moves, start=1)
    ]
    return Ledger(debts, entries, [draw(_disputes(debts)) for _ in range(draw(st.integers(0, 3)))])


@st.composite
def _disputes(draw: st.DrawFn, debts: list[Debt]) -> Dispute:
    debt = draw(st.sampled_from(debts))
    start = draw(st.integers(0, 120))
    known = start + draw(st.sampled_from([0, 0, 10, 60]))
    part = draw(st.sampled_from([None, 5, 30, 90]))
    whole = draw(st.integers(0, 4)) == 0
    ended_on = end_known = None
    if draw(st.booleans()):
        end = start + draw(st.integers(0, 60))
        ended_on, end_known = day(end), instant(max(known, end + draw(st.sampled_from([0, 20]))))
    return Dispute(
        debt.account,
        None if whole else debt.receivable,
        None if whole else part,
        day(start),
        instant(known),
        ended_on,
        end_known,
    )
