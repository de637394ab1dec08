"""Facts: numbered, chained and hashed over exactly the bytes that are stored."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest

from duewell.core import evidence
from duewell.core.evidence import BadFact, Head

AT = datetime(2026, 3, 10, 7, 30, tzinfo=UTC)
ON = date(2026, 3, 9)


def test_the_hash_is_the_one_the_format_page_describes():
    fact = evidence.append(Head.empty("account:12"), "ledger.posted", ON, AT, b'{"a":1}')
    preimage = (
        b"duewell fact v1\n"
        + bytes(32)
        + b"\x00\x00\x00\x00\x00\x00\x00\x01"
        + (1_773_127_800_000_000).to_bytes(8)
        + b"\x00\x00\x00\x0aaccount:12"
        + b"\x00\x00\x00\x0dledger.posted"
        + b"\x00\x00\x00\x0a2026-03-09"
        + b'\x00\x00\x00\x07{"a":1}'
    )
    assert fact.hash == sha256(preimage).digest()
    assert fact.hash.hex() == "49070d63895f402f22921e7bfa91f633701a9d5b023aed68e2cf07ea2fc41ebb"


def test_a_fact_without_a_date_leaves_that_field_empty():
    fact = evidence.append(Head.empty("house:1"), "decide.run", None, AT, b"{}")
    assert fact.effective_on is None
    assert (
        fact.hash
        == sha256(
            b"duewell fact v1\n"
            + bytes(32)
            + (1).to_bytes(8)
            + (1_773_127_800_000_000).to_bytes(8)
            + b"\x00\x00\x00\x07house:1"
            + b"\x00\x00\x00\x0adecide.run"
            + b"\x00\x00\x00\x00"
            + b"\x00\x00\x00\x02{}"
        ).digest()
    )


def test_facts_of_a_stream_are_numbered_and_chained_and_streams_do_not_mix():
    facts, heads = evidence.append_many(
        {"account:2": Head("account:2", 7, b"h" * 32)},
        [
            ("account:1", "ledger.posted", ON, AT, b"1"),
            ("account:2", "ledger.posted", ON, AT, b"2"),
            ("account:1", "agree.held", None, AT, b"3"),
            ("person:1", "party.stopped", ON, AT, b"4"),
        ],
    )
    assert [(fact.stream, fact.sequence, fact.kind) for fact in facts] == [
        ("account:1", 1, "ledger.posted"),
        ("account:2", 8, "ledger.posted"),
        ("account:1", 2, "agree.held"),
        ("person:1", 1, "party.stopped"),
    ]
    assert facts[0].previous == bytes(32)
    assert facts[1].previous == b"h" * 32
    assert facts[2].previous == facts[0].hash
    assert heads == {
        "account:1": Head("account:1", 2, facts[2].hash),
        "account:2": Head("account:2", 8, facts[1].hash),
        "person:1": Head("person:1", 1, facts[3].hash),
    }


def test_the_given_heads_are_not_changed_and_untouched_streams_are_not_returned():
    heads = {"account:1": Head.empty("account:1"), "account:9": Head("account:9", 3, b"9" * 32)}
    before = dict(heads)
    _, grown = evidence.append_many(heads, [("account:1", "ledger.posted", ON, AT, b"{}")])
    assert heads == before
    assert list(grown) == ["account:1"]


def test_many_at_once_are_the_same_as_one_by_one():
    drafts = [
        (
            f"account:{1 + i % 3}",
            ("ledger.posted", "agree.held")[i // 2 % 2],
            None if i % 4 == 3 else ON + timedelta(i % 2),
            AT + timedelta(seconds=i // 5),
            b"%d" % i,
        )
        for i in range(40)
    ]
    heads: dict[str, Head] = {}
    singly = []
    for stream, *rest in drafts:
        fact = evidence.append(heads.get(stream, Head.empty(stream)), *rest)
        heads[stream] = Head(stream, fact.sequence, fact.hash)
        singly.append(fact)
    assert evidence.append_many({}, drafts) == (singly, heads)
    assert all(evidence.rehash(fact) == fact.hash for fact in singly)


def test_an_instant_counts_in_utc_whatever_zone_it_came_in():
    here = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert here.hour != AT.hour
    head = Head.empty("account:1")
    assert (
        evidence.append(head, "agree.held", ON, here, b"{}").hash
        == evidence.append(head, "agree.held", ON, AT, b"{}").hash
    )


def test_the_hour_that_happens_twice_is_told_apart():
    # 25 October 2026, 02:30 in Berlin happens twice; Python calls the two equal within their zone.
    berlin = ZoneInfo("Europe/Berlin")
    summer = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=0)
    winter = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)
    assert summer == winter
    facts, _ = evidence.append_many(
        {},
        [
            ("account:1", "agree.held", ON, summer, b"{}"),
            ("account:2", "agree.held", ON, winter, b"{}"),
        ],
    )
    assert (
        evidence.rehash(facts[0]._replace(recorded_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC))) == facts[0].hash
    )
    assert (
        evidence.rehash(facts[1]._replace(recorded_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC))) == facts[1].hash
    )


@pytest.mark.parametrize(
    "stream",
    ["", "account", "account:0", "account:01", "account:-1", "account:1 ", "Account:1", "case:1", "account:1\n"],
)
def test_a_malformed_stream_is_refused(stream):
    with pytest.raises(BadFact, match="not a stream"):
        evidence.append(Head.empty(stream), "ledger.posted", ON, AT, b"{}")


def test_an_unknown_kind_is_refused_when_made_but_still_verifies_when_found():
    with pytest.raises(BadFact, match="no such kind"):
        evidence.append(Head.empty("account:1"), "ledger.invented", ON, AT, b"{}")
    fact = evidence.append(Head.empty("account:1"), "ledger.posted", ON, AT, b"{}")
    assert len(evidence.rehash(fact._replace(kind="ledger.invented"))) == 32


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        evidence.append(Head.empty("account:1"), "ledger.posted", ON, AT.replace(tzinfo=None), b"{}")


def test_an_instant_is_no_date_of_effect():
    with pytest.raises(BadFact, match="effective_on is a date"):
        evidence.append(Head.empty("account:1"), "ledger.posted", AT, AT, b"{}")
