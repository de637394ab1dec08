"""The account as its facts tell it: up to a day, and only what was known by then."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from duewell.core.agree.holds import HoldKind
from duewell.core.decide.stages import Stage
from duewell.flows.past import Learned, Replay, case_then
from tests.unit.flows.why_world import DAYS, item, known


def day_of(at: datetime) -> date:
    return DAYS.local(at).date()


def at(day: int, hour: int = 9) -> int:
    return int(datetime(2026, 3, day, hour, tzinfo=UTC).timestamp()) * 1_000_000


def fact(kind: str, day: int, body: dict[str, Any] | None = None, **rows: list[list[Any]]) -> Learned:
    told = {**(body or {}), "rows": rows}
    return Learned("account:1", day, kind, None, datetime(2026, 3, day, 9, tzinfo=UTC), "00" * 32, told)


def charged(number: int, minor: int, on: str, entry: int = 1) -> list[Any]:
    return [entry, 1, 1, "EUR", minor, "revenue", None, "receivable", number, on, at(1), "invoice:1"]


def arrived(minor: int, on: str) -> list[Any]:
    return [7, 1, 1, "EUR", minor, "credit", None, "clearing", None, on, at(1), "payment:1"]


def applied(number: int, minor: int, on: str) -> list[Any]:
    return [8, 1, 1, "EUR", minor, "receivable", number, "credit", None, on, at(1), "payment:1"]


def mark(kind: str, day: int, told: dict[str, Any]) -> Learned:
    return fact(f"contact.{kind}", day, mark=[[day, 1, 1, "m1", kind, at(day), 1, json.dumps(told)]])


CLAIMED = fact(
    "contact.claimed",
    9,
    {"claims": [[1, 30, 1], [2, 30, 1]]},
    message=[["m1", 1, 1, 1, 1, 1, 30, "demand", "email", "en", "{}", at(9)]],
)
STARTED = mark("started", 10, {"advances": [[1, 30]]})
ACCEPTED = mark("accepted", 10, {"code": 250})
FREED = fact("contact.freed", 11, {"message": "m1", "state": "withheld", "reason": "paid", "claims": []})


def replay(*facts: Learned, as_of: date = date(2026, 3, 31)) -> Replay:
    return Replay(facts, as_of, day_of)


def test_what_is_open_is_what_was_charged_less_what_was_put_against_it():
    told = replay(
        fact("ledger.posted", 1, entry=[charged(1, 100_00, "2026-03-01")]),
        fact("ledger.posted", 5, entry=[arrived(150_00, "2026-03-05"), applied(1, 100_00, "2026-03-05")]),
    )
    assert told.open_minor == {1: 0}
    assert told.credit_minor == {"EUR": 50_00}


def test_entries_that_count_later_are_left_out():
    facts = [
        fact("ledger.posted", 1, entry=[charged(1, 100_00, "2026-03-01")]),
        fact("ledger.posted", 2, entry=[applied(1, 40_00, "2026-03-20")]),
    ]
    assert replay(*facts, as_of=date(2026, 3, 19)).open_minor == {1: 100_00}
    assert replay(*facts, as_of=date(2026, 3, 20)).open_minor == {1: 60_00}


def test_a_hold_has_its_end_from_the_day_it_was_told():
    held = fact(
        "agree.held",
        3,
        hold=[[5, 1, 1, 1, "dispute", 30_00, "2026-03-03", None, "2026-04-01", "wrong colour", at(3), "kim"]],
    )
    ended = fact("agree.hold_ended", 8, hold_end=[[1, 1, 5, "2026-03-08", "settled", at(8), "kim"]])
    assert replay(held).holds[5].ended_on is None
    hold = replay(held, ended).holds[5]
    assert (hold.kind, hold.receivable, hold.amount_minor) == (HoldKind.DISPUTE, 1, 30_00)
    assert hold.ended_on == date(2026, 3, 8)


def test_a_message_is_under_way_from_its_claim_until_it_arrived_or_was_given_up():
    assert replay(CLAIMED).flying == {"m1": {1: Stage.FIRST, 2: Stage.FIRST}}
    assert replay(CLAIMED, STARTED).flying
    assert replay(CLAIMED, mark("unknown", 10, {})).flying
    assert replay(CLAIMED, STARTED, ACCEPTED).flying == {}
    assert replay(CLAIMED, FREED).flying == {}


def test_only_what_arrived_moves_a_stage_and_only_what_it_advanced():
    arrived_ = replay(CLAIMED, STARTED, ACCEPTED)
    assert arrived_.reached == {1: (Stage.FIRST, date(2026, 3, 10))}
    assert arrived_.last_message_on == date(2026, 3, 10)
    assert replay(CLAIMED, STARTED, FREED).reached == {}


def test_an_unknown_message_that_counts_as_sent_arrived_when_it_started():
    settled = mark("settled", 14, {"as_sent": True, "by": "rule"})
    told = replay(CLAIMED, STARTED, mark("unknown", 10, {}), settled)
    assert told.reached == {1: (Stage.FIRST, date(2026, 3, 10))}
    assert told.last_message_on == date(2026, 3, 10)
    lost = mark("settled", 14, {"as_sent": False, "by": "kim"})
    assert replay(CLAIMED, STARTED, mark("unknown", 10, {}), lost, FREED).reached == {}


def test_the_facts_are_whole_where_they_account_for_the_book_to_the_unit():
    told = replay(fact("ledger.posted", 1, entry=[charged(1, 100_00, "2026-03-01")]))
    assert told.is_whole(known(item(1)).case)
    assert not told.is_whole(known(item(1, open_minor=99_99)).case)
    assert not told.is_whole(known(item(1), item(2)).case)
    assert not told.is_whole(known(item(1), credits=(("EUR", 1),)).case)


def test_the_case_of_a_past_day_has_the_sums_holds_stages_and_claims_of_that_day():
    facts = [
        fact("ledger.posted", 1, entry=[charged(1, 100_00, "2026-03-01"), charged(2, 50_00, "2026-03-01", 2)]),
        CLAIMED,
        STARTED,
        ACCEPTED,
        fact("ledger.posted", 12, entry=[applied(2, 50_00, "2026-03-12")]),
    ]
    today = replay(*facts)
    then = replay(*facts[:2], as_of=date(2026, 3, 9))
    now = item(1, reached=Stage.FIRST, reached_on=date(2026, 3, 10))
    book = {1: now, 2: item(2, open_minor=0)}
    case = case_then(known(now).case, then, today, book, ["hold"])
    assert [(one.id, one.open_minor, one.reached, one.reached_on, one.claimed) for one in case.items] == [
        (1, 100_00, Stage.NONE, None, Stage.FIRST),
        (2, 50_00, Stage.NONE, None, Stage.FIRST),
    ]
    assert (case.in_flight, case.last_message_on, case.reviews) == ("m1", None, ("hold",))


def test_a_stage_that_came_with_the_invoice_is_kept():
    charged_ = fact("ledger.posted", 1, entry=[charged(1, 100_00, "2026-03-01")])
    imported = item(1, reached=Stage.SECOND, reached_on=date(2026, 2, 20))
    case = case_then(known(imported).case, replay(charged_), replay(charged_), {1: imported}, [])
    assert (case.items[0].reached, case.items[0].reached_on) == (Stage.SECOND, date(2026, 2, 20))
