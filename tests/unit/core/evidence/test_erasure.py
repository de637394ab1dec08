"""What is left of a fact when its words go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from duewell.core import evidence
from duewell.core.evidence import beside, erasure
from duewell.core.evidence.tables import TABLES

HOLD = (1, 1, 1, 1, "dispute", None, "2026-03-09", None, "2026-03-19", "she is ill", 5, "robin")


def without(kind: str, body: bytes, **options: Any) -> Any:
    given: dict[str, Any] = {
        "tokens": {},
        "program": ["ordinary"],
        "known": ["anna"],
        "goes": lambda table, row: True,
    }
    left = erasure.without_words(kind, body, **{**given, **options})
    return None if left is None else json.loads(left)


def test_the_reason_of_a_hold_goes_and_everything_else_stays() -> None:
    left = without("agree.held", evidence.body({"hold": [HOLD]}))
    assert left["rows"]["hold"] == [[*HOLD[:9], "erased", *HOLD[10:]]]


def test_a_digest_stays_because_the_fact_keeps_its_hash() -> None:
    told = beside.told("hold", HOLD, bytes(16))
    assert told[9] == {"salted": evidence.salted(bytes(16), "she is ill").hex()}
    assert without("agree.held", evidence.body({"hold": [told]})) is None


def test_what_an_open_claim_needs_stays() -> None:
    body = evidence.body({"hold": [HOLD]})
    assert without("agree.held", body, goes=lambda table, row: False) is None


@pytest.mark.parametrize(
    ("kind", "told", "left"),
    [
        ("review.decided", {"allowed": True, "reason": "spoke to her"}, {"allowed": True, "reason": "erased"}),
        ("contact.freed", {"state": "withdrawn", "reason": "wrong"}, {"state": "withdrawn", "reason": "erased"}),
        ("contact.freed", {"state": "withheld", "reason": "paid"}, None),
        ("law.refused", {"reasons": [{"rule": "hours", "text": "Not before eight."}]}, None),
        ("contact.accepted", {"code": 250, "text": "queued as 5F"}, None),
        ("contact.accepted", {"code": 250, "text": "hello ANNA"}, {"code": 250, "text": "erased"}),
        ("contact.refused", {"code": 550, "text": "no such user"}, {"code": 550, "text": "erased"}),
        ("ledger.posted", {"batch": 1, "reason": "ordinary"}, None),
        ("later.kind", {"note": "anything", "count": 3}, {"note": "erased", "count": 3}),
    ],
)
def test_words_go_and_rules_and_numbers_stay(kind: str, told: dict[str, Any], left: dict[str, Any] | None) -> None:
    assert without(kind, evidence.canonical(told)) == left


def test_words_in_the_body_of_a_mark_go_too() -> None:
    told = evidence.canonical({"code": 550, "text": "no such user"}).decode()
    mark = [1, 1, 1, "m", "refused", 5, 1, told]
    left = without("contact.refused", evidence.body({"mark": [mark]}))
    assert json.loads(left["rows"]["mark"][0][7]) == {"code": 550, "text": "erased"}


def test_payments_get_the_numbers_that_stand_in_their_rows() -> None:
    row: list[Any] = [7, 1, 1, "payment", "EUR", 500, "2026-03-09", "ref", "INV-1", 1, None, None, 5]
    left = without("ledger.posted", evidence.body({"payment": [row]}), tokens={7: "erased:7"})
    assert left["rows"]["payment"][0][7:9] == ["erased:7", ""]


def test_every_column_with_words_is_a_column() -> None:
    for table, columns in beside.PERSONAL.items():
        assert set(columns) < set(TABLES[table])
