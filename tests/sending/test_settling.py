"""What only a person or time can settle: unknown messages, refused addresses, questions of the law."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kills import house as houses
from tests.kills.house import House
from tests.sending.office import Office

UNKNOWN = [{"verb": "dot", "action": "drop", "match": "plain2@", "times": 1}]
REFUSED = [{"verb": "rcpt", "action": "550 5.1.1 unknown", "match": "plain2@", "times": 1}]
NEXT_DAY = "2026-03-11T10:00:00+00:00"
IN_THREE_DAYS = "2026-03-13T10:00:01+00:00"


def run_again(office: Office, house: House, now: str = NEXT_DAY) -> dict[str, Any]:
    """Decide, claim and release once more."""
    told = office.command(house, "run", "--as-of", now[:10], "--yes", now=now)
    if told["run"] is not None and sum(told["proposals"].values()):
        office.command(house, "release", str(told["run"]), now=now)
    return told


def reached(office: Office, house: House) -> tuple[int, str]:
    ((stage, on),) = office.rows(
        "select reached, reached_on from receivable where account_id = ?", house.account("plain2")
    )
    return stage, str(on)


def test_an_unknown_message_counts_as_sent_when_the_policys_days_are_over(office: Office) -> None:
    house = office.house()
    office.send(house, UNKNOWN)
    assert office.send(house, now="2026-03-13T09:59:59+00:00").told["accepted"] == 0
    assert office.state(house, "plain2") == "unknown", "one second is missing"
    sent = office.send(house, now=IN_THREE_DAYS)
    assert sum(sent.received.values()) == 0
    assert office.state(house, "plain2") == "accepted"
    assert office.attempts(house, "plain2") == [("accepted", True)]
    assert reached(office, house) == (30, "2026-03-10"), "the stage counts from the day of the attempt"
    assert office.questions(house, "plain2") == []
    assert office.claims_freed(house, "plain2") == [False]
    kind, told = office.marks(house, "plain2")[-1]
    assert (kind, told["as_sent"], told["by"]) == ("settled", True, "rule")


def test_an_unknown_message_that_a_person_found_undelivered_is_decided_anew(office: Office) -> None:
    house = office.house()
    office.send(house, UNKNOWN)
    assert run_again(office, house)["rests"]["in_flight"] == 1, "nothing new before it is settled"
    ((question, _, _),) = office.questions(house, "plain2")
    office.command(house, "review", "allow", str(question), "--by", "kim", now=NEXT_DAY)
    assert office.state(house, "plain2") == "refused"
    assert office.attempts(house, "plain2") == [("refused", False)], "it was no contact after all"
    assert office.claims_freed(house, "plain2") == [True]
    assert run_again(office, house)["proposals"] == {"first": 1}
    assert office.send(house, now=NEXT_DAY).received == {"plain2": 1}
    assert reached(office, house) == (30, "2026-03-11")
    assert office.claims_freed(house, "plain2") == [True, False]


def test_an_unknown_message_that_a_person_takes_for_sent_is_not_sent_again(office: Office) -> None:
    house = office.house()
    office.send(house, UNKNOWN)
    ((question, _, _),) = office.questions(house, "plain2")
    office.command(house, "review", "deny", str(question), "--by", "kim", now=NEXT_DAY)
    assert office.state(house, "plain2") == "accepted"
    assert reached(office, house) == (30, "2026-03-10")
    assert "first" not in run_again(office, house)["proposals"]
    assert sum(office.send(house, now=NEXT_DAY).received.values()) == 0
    answer = office.give(house, "review", "allow", str(question), now=NEXT_DAY)
    assert answer.code == 2, "an answered question is answered"


def test_after_a_refusal_nothing_goes_to_the_address_until_a_person_says_so(office: Office) -> None:
    house = office.house()
    office.send(house, REFUSED)
    rests = run_again(office, house)["rests"]
    assert rests.get("no_address", 0) + rests.get("review_open", 0) >= 1
    ((question, _, _),) = office.questions(house, "plain2")
    office.command(house, "review", "deny", str(question), now=NEXT_DAY)
    assert run_again(office, house)["rests"]["no_address"] == 1, "denied: it is left"
    assert office.point(house, "plain2") == "refused"
    assert sum(office.send(house, now=NEXT_DAY).received.values()) == 0


def test_after_a_refusal_that_a_person_overrules_the_same_address_is_tried_once_more(office: Office) -> None:
    house = office.house()
    office.send(house, REFUSED)
    ((question, _, _),) = office.questions(house, "plain2")
    office.command(house, "review", "allow", str(question), now=NEXT_DAY)
    assert office.point(house, "plain2") == "usable"
    assert run_again(office, house)["proposals"] == {"first": 1}
    assert office.send(house, now=NEXT_DAY).received == {"plain2": 1}


def test_after_a_refusal_a_new_address_is_enough(office: Office) -> None:
    house = office.house()
    office.send(house, REFUSED)
    record = {"customer_number": "plain2", "name": "Plain2", "email": "new@elsewhere.example"}
    office.takes(house, "customers", [record], now=NEXT_DAY)
    assert office.questions(house, "plain2") == [], "the new address answers the question"
    assert run_again(office, house)["proposals"] == {"first": 1}
    assert office.send(house, now=NEXT_DAY).received == {"new": 1}


@pytest.mark.parametrize("allow", [True, False])
def test_a_question_of_the_law_holds_the_message_until_it_is_answered(office: Office, allow: bool) -> None:
    house = office.house()
    office.command(house, "person", "flag", "add", "plain2", "vulnerable", "--reason", "told on the phone")
    sent = office.send(house)
    assert (sent.received["plain2"], sent.told["withheld"]["stops.vulnerable"]) == (0, 1)
    assert office.claims_freed(house, "plain2") == [True]
    ((question, kind, _),) = office.questions(house, "plain2")
    assert kind == "law"
    office.command(house, "review", "allow" if allow else "deny", str(question), now=NEXT_DAY)
    told = run_again(office, house)
    assert sum(told["proposals"].values()) == int(allow)
    assert office.send(house, now=NEXT_DAY).received == ({"plain2": 1} if allow else {})


def test_a_hold_is_asked_about_once_a_day_from_its_review_on(office: Office) -> None:
    house = office.house()
    ((question, kind, _),) = office.questions(house, "waits") or [(0, "", "")]
    assert kind == "", "nobody has looked yet"
    office.send(house)
    office.send(house)
    ((question, kind, _),) = office.questions(house, "waits")
    assert kind == "hold"
    office.command(house, "review", "deny", str(question))
    office.send(house)
    assert office.questions(house, "waits") == [], "not again today"
    office.send(house, now=NEXT_DAY)
    ((question, _, _),) = office.questions(house, "waits")
    office.command(house, "review", "allow", str(question), now=NEXT_DAY)
    assert run_again(office, house)["proposals"] == {"first": 1}
    assert office.send(house, now=NEXT_DAY).received == {"waits": 1}


assert houses.DAY.isoformat() == "2026-03-10"
