"""Commands doubled, at the same time, killed, or stopped for longer than they may be away."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.kills import house as houses
from tests.kills.ground import CONNECTIONS, KILLED, Ground, releasing, running, sending
from tests.kills.house import PLAIN, PLANNED, House
from tests.kills.warm import stopped

LATEST = houses.DAY.replace(month=12)


def test_a_run_started_22_times_claims_each_message_once(ground: Ground) -> None:
    house = ground.house(released=False)
    answers = [ground.run(house) for _ in range(4)]
    answers += ground.at_once([(running(house), "")] * 18)
    claimed = [sum(answer.told["proposals"].values()) for answer in answers]
    assert claimed == [len(PLANNED)] + [0] * 21
    _let_go_and_judge(ground, house, kills=0)


def test_two_runs_at_once_and_killed_claim_each_message_once(ground: Ground) -> None:
    for first, second in (
        ("run.commit.before", ""),
        ("run.commit.after", ""),
        ("run.commit.before", "run.commit.after"),
        ("seal.commit.before", "run.commit.before"),
        ("", ""),
    ):
        house = ground.house(released=False)
        answers = ground.at_once([(running(house), first), (running(house), second)])
        told = [sum(answer.told["proposals"].values()) for answer in answers if answer.code == 0]
        assert sum(told) <= len(PLANNED), "no message is claimed by both"
        ground.run(house)
        _let_go_and_judge(ground, house, kills=0)


def test_a_release_given_twice_or_twice_at_once_lets_go_once(ground: Ground) -> None:
    house = ground.house(released=False)
    houses.claim(house)
    words = releasing(house)
    both = ground.at_once([(words, ""), (words, "")])
    assert sorted(answer.told["messages"] for answer in both) == [0, len(PLANNED)]
    assert ground.release(house).told == {**both[0].told, "messages": 0}
    houses.hold(house, "held", review_on=LATEST)
    ground.send_to_the_end(house)
    ground.judge.judge(house, 0, CONNECTIONS)


def test_two_senders_at_once_share_the_work(ground: Ground) -> None:
    for _ in range(3):
        house = ground.house()
        answers = ground.at_once([(sending(house), ""), (sending(house), "")])
        assert sum(answer.told["accepted"] for answer in answers) == len(PLAIN), answers
        assert sum(answer.told["unknown"] for answer in answers) == 0
        ground.judge.judge(house, 0, CONNECTIONS, before_closing=True)


def test_two_senders_at_once_of_which_one_is_killed_lose_and_double_nothing(ground: Ground) -> None:
    for place in ("send.start.commit.after", "send.socket.dot.after:2", "send.take.commit.after"):
        house = ground.house()
        ground.at_once([(sending(house), place), (sending(house), "")])
        ground.send_to_the_end(house)
        ground.judge.judge(house, 1, CONNECTIONS)


@pytest.mark.parametrize(
    ("place", "unknown"),
    [
        ("send.start.commit.after", 0),
        ("send.closing.commit.after", CONNECTIONS),
        ("send.socket.dot.before", CONNECTIONS),
        pytest.param("send.take.commit.after", 0, marks=pytest.mark.slow),
        pytest.param("send.socket.body.after", 0, marks=pytest.mark.slow),
        pytest.param("send.socket.reply", CONNECTIONS, marks=pytest.mark.slow),
    ],
)
def test_a_sender_that_was_stopped_past_its_lease_does_nothing_more(
    ground: Ground, place: str, unknown: int
) -> None:
    house = ground.house()
    child = ground.warm.start(sending(house), place, signal.SIGSTOP)
    _until(lambda: stopped(child))
    try:
        _let_leases_end(house)
        second = ground.send(house)
        # What the first left after its closing marks may have been sent, as far as anybody else can know.
        assert second.told["unknown"] <= unknown
        assert (second.told["unknown"] > 0) == (unknown > 0)
        time.sleep(2.1)
    finally:
        os.kill(child, signal.SIGCONT)
    assert ground.warm.wait(child).code == 0
    left = ground.judge.judge(house, 1, CONNECTIONS, before_closing=unknown == 0)
    assert left == second.told["unknown"], "what is unknown stays so, whatever the first learns later"
    received = ground.judge.received(house)
    if place == "send.closing.commit.after":
        arrived = sum(received[name] for name in PLAIN)
        assert arrived == len(PLAIN) - left, "more than two seconds after its mark the first lets the dots be"
    ground.send_to_the_end(house)
    assert ground.judge.received(house) == received


@pytest.mark.slow
def test_a_sender_that_is_stopped_inside_a_transaction_holds_nobody_up_for_good(ground: Ground) -> None:
    from duewell.store import sql

    if not sql.postgres():
        pytest.skip("on SQLite whoever is stopped inside a transaction is the one writer, and all others wait")
    house = ground.house()
    child = ground.warm.start(sending(house), "send.start.commit.before", signal.SIGSTOP)
    _until(lambda: stopped(child))
    try:
        _let_leases_end(house)
        assert ground.send(house).told["unknown"] == 0
    finally:
        os.kill(child, signal.SIGCONT)
    assert ground.warm.wait(child).code != 0, "the server has ended its session"
    ground.send_to_the_end(house)
    ground.judge.judge(house, 1, CONNECTIONS, before_closing=True)


def _let_go_and_judge(ground: Ground, house: House, kills: int) -> None:
    for answer in (ground.release(house), ground.release(house)):
        assert answer.code == 0, answer
    houses.hold(house, "held", review_on=LATEST)
    ground.send_to_the_end(house)
    ground.judge.judge(house, kills, CONNECTIONS)


def _let_leases_end(house: House) -> None:
    """As if the time had passed."""
    from duewell.store import sql

    skip = "for update skip locked" if sql.postgres() else ""
    sql.execute(
        "update attempt set lease_until = 1 where id in (select id from attempt where creditor_id = ?"
        f" and lease_until is not null {skip})",
        [house.view.id],
    )


def _until(is_so: object, seconds: float = 60.0) -> None:
    assert callable(is_so)
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


assert KILLED == -signal.SIGKILL
