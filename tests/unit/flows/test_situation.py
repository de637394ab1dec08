"""Where one invoice stands: its stage, its next step, its holds, its claim and its entries."""

from __future__ import annotations

from datetime import UTC, date, datetime

from duewell.core.decide.stages import Stage
from duewell.core.ledger.entries import Entry, Place
from duewell.flows.coming import Flight
from duewell.flows.situation import Booked, situation
from tests.unit.flows.why_world import dispute, item, known, promise, world

AT = datetime(2026, 3, 5, tzinfo=UTC)


def stand(one, *, flight=None, entries=(), **changes):
    account = known(one, **changes)
    return situation(world(account), account.case, one, flight, entries)


def test_a_step_that_fell_due_is_told_with_its_day():
    where = stand(item())
    assert (where.next_stage, where.next_on) == (Stage.FIRST, date(2026, 3, 6))
    assert where.text == (
        "Of INV-1, due on 1 March 2026, EUR 100.00 is open. It has reached no stage."
        " Its next step, first, fell due on 6 March 2026."
    )


def test_a_step_to_come_counts_from_the_stage_reached():
    where = stand(item(reached=Stage.FIRST, reached_on=date(2026, 3, 9)))
    assert (where.next_stage, where.next_on) == (Stage.SECOND, date(2026, 3, 18))
    assert "It reached the stage first on 9 March 2026." in where.text


def test_a_hold_moves_the_next_step_to_the_day_after_it():
    where = stand(item(holds=(promise(date(2026, 3, 20), 1),)))
    assert (where.next_stage, where.next_on) == (Stage.FIRST, date(2026, 3, 20))
    assert "It is held (promise) until 20 March 2026: by phone" in where.text


def test_an_endless_hold_leaves_the_step_without_a_day():
    where = stand(item(holds=(dispute(1),)))
    assert (where.next_stage, where.next_on) == (Stage.FIRST, None)
    assert "once somebody ends the hold" in where.text


def test_a_part_that_is_held_is_told_in_money():
    assert (
        "EUR 30.00 of it is held (dispute) until a person ends it" in stand(item(holds=(dispute(1, 30_00),))).text
    )


def test_a_claim_names_its_message():
    flight = Flight("m" * 32, "released", Stage.FIRST, 3, (), None, None)
    where = stand(item(claimed=Stage.FIRST), flight=flight, in_flight="m" * 32)
    assert where.claimed_by == "m" * 32
    assert "A message under way takes it to first." in where.text


def test_after_the_last_step_none_is_left():
    where = stand(item(reached=Stage.SECOND, reached_on=date(2026, 3, 9)))
    assert (where.next_stage, where.next_on) == (None, None)
    assert "No further step is left for it." in where.text


def test_a_paid_invoice_has_no_next_step_and_keeps_its_stage():
    where = stand(item(open_minor=0, reached=Stage.FIRST, reached_on=date(2026, 3, 9)))
    assert (where.is_open, where.next_stage) == (False, None)
    assert where.text == (
        "Nothing of INV-1, due on 1 March 2026, is open. It reached the stage first on 9 March 2026."
    )


def test_entries_are_told_as_what_they_did_to_the_invoice():
    def entry(number, from_place, from_id, to_place, to_id, minor):
        return Entry(number, 1, 1, "EUR", minor, from_place, from_id, to_place, to_id, date(2026, 3, 5), AT, "x")

    entries = [
        entry(1, Place.REVENUE, None, Place.RECEIVABLE, 1, 100_00),
        entry(2, Place.RECEIVABLE, 1, Place.CREDIT, None, 40_00),
    ]
    assert stand(item(open_minor=60_00), entries=entries).entries == (
        Booked(1, date(2026, 3, 5), "invoice", 100_00),
        Booked(2, date(2026, 3, 5), "applied", -40_00),
    )


def test_an_account_without_a_strategy_gives_an_invoice_no_next_step():
    where = stand(item(), strategy="gone")
    assert (where.next_stage, where.next_on) == (None, None)
