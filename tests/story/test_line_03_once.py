"""3. A run twice, twenty-two times, two at once, or killed anywhere: at most one message per claim, exactly one
where it is permitted and deliverable.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sink import Rule
from tests.town import Town, founded
from tests.town.nursery import KILLED
from tests.town.road import road

CUSTOMERS = "number  name  email  country  zone\n" + "\n".join(
    f"C-{number}  Person {number}  p{number}@people.example  DE  Europe/Berlin" for number in range(1, 7)
)
INVOICES = "number  customer  issued  due  amount\n" + "\n".join(
    f"INV-{number}  C-{number}  2026-02-01  2026-03-01  {number}0.00 EUR" for number in range(1, 7)
)
MAILBOXES = {f"p{number}@people.example" for number in range(1, 7)}


def _settle(town: Town) -> None:
    town.customers(CUSTOMERS, at="2026-02-02T08:00Z")
    town.invoices(INVOICES)


def test_twenty_two_runs_in_one_night_claim_once(either_town: Town) -> None:
    town = either_town
    _settle(town)
    # 10 March, night: somebody presses the button again and again
    claimed = [town.night("2026-03-10")["proposals"] for _ in range(22)]
    assert claimed == [{"first": 6}] + [{}] * 21
    # 10 March, noon: and again
    accepted = [town.send(at="2026-03-10T11:00Z")["accepted"] for _ in range(22)]
    assert accepted == [6] + [0] * 21
    assert {mail.to for mail in town.received()} == MAILBOXES
    assert len(town.received()) == 6


def test_a_run_at_noon_and_again_in_the_evening_says_nothing_new(town: Town) -> None:
    _settle(town)
    town.night("2026-03-10")
    town.send(at="2026-03-10T11:00Z")
    # 10 March, evening, and the days after: the next step is nine days away
    for day in ("2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"):
        assert town.run(day, at=f"{day}T17:00Z")["rests"] == {"not_yet": 6}


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_two_runs_and_two_posts_at_once_write_once(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else None
    with road(tmp_path, url) as (town, workers):
        _settle(town)
        # 10 March, night: two runs at the same moment
        town.now = "2026-03-10T01:00Z"
        run = ["run", "--as-of", "2026-03-10", "--yes", "--now", town.now]
        answers = workers.together([(run, ""), (run, "")])
        assert [answer.code for answer in answers] == [0, 0], answers
        assert sum(sum(answer.told["proposals"].values()) for answer in answers) >= 6
        assert town.records.rows("select count(*) from message") == [(6,)]
        for waiting in town.command("release")["waiting"]:
            release = ["release", str(waiting["id"]), "--now", town.now]
            workers.together([(release, ""), (release, "")])
        # 10 March, noon: four workers at the same moment
        send = ["send", "--now", "2026-03-10T11:00Z"]
        answers = workers.together([(send, "")] * 4)
        assert sum(answer.told["accepted"] for answer in answers) == 6
        assert {mail.to for mail in town.received()} == MAILBOXES
        assert len(town.received()) == 6


@pytest.mark.parametrize(
    ("failpoint", "sent_before", "unknown"),
    [
        ("send.take.commit.after", 0, 0),
        ("send.start.commit.before", 0, 0),
        ("send.start.commit.after", 0, 0),
        ("send.socket.body.after", 0, 0),
        ("send.closing.commit.before", 0, 0),
        ("send.closing.commit.after", 0, 6),
        ("send.socket.dot.after:6", 6, 6),
        ("send.finish.commit.before", 6, 6),
        ("send.finish.commit.after", 6, 0),
    ],
)
def test_a_worker_that_is_killed_loses_no_message_and_doubles_none(
    tmp_path: Path, failpoint: str, sent_before: int, unknown: int
) -> None:
    with road(tmp_path) as (town, workers):
        _settle(town)
        town.night("2026-03-10")
        # 10 March, noon: the worker is killed while it holds all six messages
        town.now = "2026-03-10T11:00Z"
        send = ["send", "--connections", "6", "--now", town.now]
        assert workers(send, failpoint).code == KILLED
        assert len(town.received()) == sent_before
        # a minute later: the next worker finishes what certainly did not arrive, and asks about the rest
        again = town.send(at="2026-03-10T11:01Z")
        assert (again["accepted"], again["unknown"]) == (6 - sent_before if not unknown else 0, unknown)
        asked = town.command("review", "list")["questions"]
        assert [question["kind"] for question in asked] == ["unknown"] * unknown
        # 11 March: a person looks into the server's log and answers truthfully
        arrived = {mail.to for mail in town.received()}
        for question in asked:
            mailbox = f"p{question['account'].removeprefix('C-')}@people.example"
            answer = "deny" if mailbox in arrived else "allow"
            town.command("review", answer, str(question["id"]), at="2026-03-11T08:00Z")
        # 11 March and later: whoever got nothing is decided anew, and everybody has one message in the end
        town.night("2026-03-11", at="2026-03-11T09:00Z")
        town.send(at="2026-03-11T11:00Z")
        assert {mail.to for mail in town.received()} == MAILBOXES
        assert len(town.received()) == 6


def test_what_nobody_can_know_is_never_blindly_repeated(tmp_path: Path) -> None:
    # the server takes the message and the line breaks before it says so
    with founded(tmp_path, faults=[Rule("dot", "accept-drop", match="p1@", times=1)]) as town:
        _settle(town)
        town.night("2026-03-10")
        sent = town.send(at="2026-03-10T11:00Z")
        assert (sent["accepted"], sent["unknown"]) == (5, 1)
        # 11 and 12 March: it is not sent again, and nothing new is said to this customer
        for day in ("2026-03-11", "2026-03-12"):
            assert town.night(day)["rests"] == {"not_yet": 5, "in_flight": 1}
            assert town.send(at=f"{day}T11:00Z")["accepted"] == 0
        # 13 March: after three days it counts as sent, on the day it was tried
        town.send(at="2026-03-13T11:30Z")
        assert town.records.rows("select distinct reached, reached_on from receivable") == [(30, "2026-03-10")]
        assert len(town.received()) == 6


def test_a_server_that_is_busy_gets_the_message_later_once(tmp_path: Path) -> None:
    with founded(tmp_path, faults=[Rule("rcpt", "451 4.2.1 busy", match="p1@", times=3)]) as town:
        _settle(town)
        town.night("2026-03-10")
        # 10 March: put off three times, for five, ten and twenty minutes
        assert town.send(at="2026-03-10T11:00Z")["deferred"] == 1
        assert town.send(at="2026-03-10T11:04Z")["accepted"] == 0
        assert town.send(at="2026-03-10T11:05Z")["deferred"] == 1
        assert town.send(at="2026-03-10T11:15Z")["deferred"] == 1
        assert town.send(at="2026-03-10T11:34Z")["accepted"] == 0
        assert town.send(at="2026-03-10T11:35Z")["accepted"] == 1
        assert len(town.received("p1@people.example")) == 1
