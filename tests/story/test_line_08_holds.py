"""8. A hold has a reason, a limit, and an end or a review."""

from __future__ import annotations

import pytest

from tests.town import Town

pytestmark = pytest.mark.usefixtures("anna_owes_a_hundred")


@pytest.mark.parametrize(
    "words",
    [
        ["--kind", "dispute", "--review", "2026-04-01"],
        ["--kind", "promise", "--reason", "pays on Friday"],
        ["--kind", "promise", "--reason", "pays on Friday", "--until", "2026-03-01"],
        ["--kind", "dispute", "--reason", "wrong goods", "--review", "2026-04-01", "--amount", "200.00"],
        ["--kind", "whim", "--reason", "no", "--review", "2026-04-01"],
    ],
    ids=["no reason", "no end", "an end before its start", "more than is open", "no such kind"],
)
def test_a_hold_that_lacks_something_is_not_kept(town: Town, words: list[str]) -> None:
    town.command("hold", "add", "INV-1", *words, at="2026-03-09T08:00Z", fails=2)
    assert town.records.rows("select count(*) from hold") == [(0,)]
    assert town.night("2026-03-10")["proposals"] == {"first": 1}


def test_a_promise_resumes_by_itself(town: Town) -> None:
    town.promises("INV-1", until="2026-03-12", at="2026-03-09T08:00Z")
    assert town.night("2026-03-11")["rests"] == {"promised": 1}
    assert town.night("2026-03-12")["proposals"] == {"first": 1}
    assert town.command("review", "list")["questions"] == []


def test_a_dispute_never_resumes_by_itself_but_asks_a_person(town: Town) -> None:
    town.disputes("INV-1", review="2026-03-12", at="2026-03-09T08:00Z")
    # 11 March: we wait; 12 March: a person is asked, and nothing is demanded meanwhile
    assert town.night("2026-03-11")["rests"] == {"disputed": 1}
    town.send(at="2026-03-12T08:00Z")
    (question,) = town.command("review", "list")["questions"]
    assert question["kind"] == "hold"
    assert town.night("2026-03-13")["rests"] == {"disputed": 1}
    # 13 March: "keep waiting"; on the next day the question is put again
    town.command("review", "deny", str(question["id"]), at="2026-03-13T09:00Z")
    assert town.command("review", "list")["questions"] == []
    (question,) = town.command("review", "list", at="2026-03-16T08:00Z")["questions"]
    # 16 March: "the dispute is settled, end the hold"
    town.command("review", "allow", str(question["id"]), "--reason", "goods were right")
    assert town.night("2026-03-17")["proposals"] == {"first": 1}


def test_an_ended_hold_is_kept_and_its_end_is_a_fact(town: Town) -> None:
    hold = town.disputes("INV-1", at="2026-03-09T08:00Z")["hold"]
    town.ends(hold, at="2026-03-10T00:30Z")
    assert town.facts(since="2026-03-09") == ["agree.held", "agree.hold_ended"]
    assert town.records.rows("select kind, starts_on, review_on from hold") == [
        ("dispute", "2026-03-09", "2026-12-01")
    ]
    assert town.night("2026-03-10")["proposals"] == {"first": 1}
    # it cannot be ended twice
    town.command("hold", "end", str(hold), "--reason", "again", fails=2)


def test_two_holds_stand_side_by_side_and_both_must_end(town: Town) -> None:
    town.promises("INV-1", until="2026-03-12", at="2026-03-09T08:00Z")
    dispute = town.disputes("INV-1")["hold"]
    assert town.night("2026-03-13")["rests"] == {"disputed": 1}
    town.ends(dispute, at="2026-03-16T00:30Z")
    assert town.night("2026-03-16")["proposals"] == {"first": 1}


def test_what_vanished_from_a_complete_list_waits_for_a_person(town: Town) -> None:
    # 9 March: a complete list without INV-1, which nobody said was paid
    town.invoices(
        "number  customer  issued  due  amount\nINV-2  C-1  2026-02-01  2026-03-01  60.00 EUR",
        "--full",
        at="2026-03-09T08:00Z",
    )
    assert town.records.rows("select kind from hold") == [("missing_from_export",)]
    # 9 March: a person is asked, and until the answer comes the whole account is quiet
    (question,) = town.command("review", "list")["questions"]
    assert question["kind"] == "hold"
    assert town.night("2026-03-10")["rests"] == {"review_open": 1}
    # 10 March: "keep waiting"; INV-2 is asked for, INV-1 waits on
    town.command("review", "deny", str(question["id"]), at="2026-03-10T08:00Z")
    town.night("2026-03-10", at="2026-03-10T09:00Z")
    town.send(at="2026-03-10T11:00Z")
    (mail,) = town.received()
    assert mail.numbers == ["INV-2"]
