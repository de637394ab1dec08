"""Each kind of fact has a line of its own, with the numbers that people know."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from duewell.core.evidence.kinds import KINDS
from duewell.flows.acts import Names, act, message_of, named_by
from duewell.flows.past import Learned

NAMES = Names({1: "INV-1", 2: "INV-2"}, {"m1": (30, 4)})
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def fact(kind: str, body: dict[str, Any] | None = None, **rows: list[list[Any]]) -> Learned:
    return Learned("account:1", 12, kind, None, AT, "ab" * 32, {**(body or {}), "rows": rows})


def entry(minor: int, places: tuple[str, int | None, str, int | None], cause: str = "x") -> list[Any]:
    from_place, from_id, to_place, to_id = places
    return [1, 1, 1, "EUR", minor, from_place, from_id, to_place, to_id, "2026-03-10", 0, cause]


def mark(kind: str, **told: Any) -> Learned:
    return fact(f"contact.{kind}", mark=[[1, 1, 1, "m1", kind, 0, 1, json.dumps(told)]])


HOLD = [7, 1, 1, None, "promise", None, "2026-03-10", "2026-03-20", None, "by phone", 0, "kim"]
PART = [8, 1, 1, 1, "dispute", 500, "2026-03-10", None, "2026-04-01", "wrong colour", 0, "kim"]


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (
            fact("ledger.posted", entry=[entry(100_00, ("revenue", None, "receivable", 1))]),
            "INV-1 entered, EUR 100.00 in all.",
        ),
        (
            fact(
                "ledger.posted",
                entry=[
                    entry(100_00, ("revenue", None, "receivable", 1)),
                    entry(50_00, ("revenue", None, "receivable", 2)),
                ],
            ),
            "INV-1 and 1 more entered, EUR 150.00 in all.",
        ),
        (
            fact(
                "ledger.posted",
                entry=[
                    entry(40_00, ("credit", None, "receivable", 1), "reversal:4"),
                    entry(40_00, ("clearing", None, "credit", None), "reversal:3"),
                ],
            ),
            "An earlier entry of EUR 40.00 taken back on INV-1; an earlier entry of EUR 40.00 taken back.",
        ),
        (
            fact(
                "ledger.posted",
                entry=[
                    entry(40_00, ("credit", None, "clearing", None)),
                    entry(40_00, ("receivable", 1, "credit", None)),
                ],
            ),
            "A payment of EUR 40.00 arrived; EUR 40.00 put against INV-1.",
        ),
        (
            fact("ledger.posted", entry=[entry(100_00, ("receivable", 1, "revenue", None), "reversal:3")]),
            "An earlier entry of EUR 100.00 taken back on INV-1.",
        ),
        (fact("ledger.posted"), KINDS["ledger.posted"]),
        (fact("agree.held", hold=[HOLD]), "Hold 7 (promise) on the whole account, until 20 March 2026: by phone"),
        (
            fact("agree.held", hold=[PART]),
            "Hold 8 (dispute) on a part of INV-1, review on 1 April 2026: wrong colour",
        ),
        (
            fact("agree.hold_ended", hold_end=[[1, 1, 7, "2026-03-12", "paid", 0, "kim"]]),
            "Hold 7 ended on 12 March 2026: paid",
        ),
        (
            fact("law.refused", {"outcome": "refused", "reasons": [{"text": "It is Sunday."}]}),
            "The law refuses: It is Sunday.",
        ),
        (
            fact("law.refused", {"outcome": "review", "reasons": [{"text": "May be vulnerable."}]}),
            "The law asks a person: May be vulnerable.",
        ),
        (
            fact(
                "contact.claimed",
                {"claims": [[1, 30, 1]]},
                message=[["m1", 1, 1, 1, 4, 1, 30, "demand", "email", "en", "{}", 0]],
            ),
            "Run 4 decided on the message first, for 1 invoice.",
        ),
        (mark("accepted", code=250, text="ok"), "The message first was sent and accepted (250 ok)."),
        (
            mark("accepted", code=0, text="handed over", batch=7),
            "The message first was put in the post (print batch 7).",
        ),
        (
            mark("deferred", code=0, text="the batch was cancelled", counts=False),
            "The message first did not leave (the batch was cancelled); it is decided again.",
        ),
        (mark("refused", code=550, text="no such user"), "The message first was refused (550 no such user)."),
        (
            mark("withheld", reason="paid", text="Nothing is open."),
            "The message first was withheld: Nothing is open.",
        ),
        (mark("unknown"), "Nobody can tell whether the message first arrived."),
        (
            mark("settled", as_sent=True, by="rule"),
            "The message first of unknown fate was settled by rule: it counts as sent.",
        ),
        (
            fact("contact.freed", {"message": "m1", "state": "withdrawn", "reason": "too early"}),
            "The message first was taken back: too early.",
        ),
        (
            fact("review.decided", {"by": "kim", "question": 3, "kind": "law", "allowed": True, "reason": ""}),
            "kim answered question 3 (law) with yes.",
        ),
        (
            fact("party.stopped", stop=[[1, 1, None, "email", None, "enough", 0, 0, "kim"]]),
            "The person asked for no more email.",
        ),
        (
            fact("party.flagged", person_flag=[[1, 1, "vulnerable", "told us", 0, "kim"]]),
            "The person was noted as vulnerable.",
        ),
        (
            fact("party.account", {"what": "strategy", "before": "", "after": "business", "by": "kim"}),
            "kim set the strategy of the account from none to business.",
        ),
        (fact("party.recorded"), KINDS["party.recorded"]),
    ],
)
def test_a_fact_is_told_in_one_line(told: Learned, line: str):
    assert act(told, NAMES).text == line


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_kind_of_fact_is_left_without_a_line_even_where_its_body_says_little(kind: str):
    body = {"message": "m1", "state": "refused", "reason": "refused", "claims": [], "reasons": []}
    assert act(fact(kind, body), NAMES).text


def test_a_line_names_the_fact_that_proves_it():
    told = act(mark("accepted", code=250, text="ok"), NAMES)
    assert (told.at, told.kind, told.stage, told.message, told.run) == (AT, "contact.accepted", "first", "m1", 4)
    assert (told.stream, told.sequence, told.hash) == ("account:1", 12, "ab" * 32)


def test_what_has_to_be_looked_up_is_found_in_the_facts():
    claimed = fact("contact.claimed", {"claims": []}, message=[["m2", 1, 1, 1, 4, 1, 30, "", "", "", "", 0]])
    assert message_of(claimed) == "m2"
    assert message_of(mark("started")) == "m1"
    assert message_of(fact("contact.freed", {"message": "m3"})) == "m3"
    assert message_of(fact("agree.held")) is None
    assert named_by(fact("agree.held", hold=[HOLD, PART])) == [1]


def test_words_that_stand_beside_the_chain_are_left_out_and_not_shown_as_digests():
    from duewell.flows.acts import _words

    assert _words("goods were broken") == ": goods were broken"
    assert _words({"salted": "8b67"}) == "."
