"""The outbox step by step: who may take, start and close what, and when not any more."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from duewell.flows.outbox import Draft, Rendered
from duewell.flows.transport import Envelope
from tests.kills.house import NOW, PLAIN, House, town_clock
from tests.sending.office import Office

LEASE = timedelta(minutes=2)


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: str = NOW) -> None:
        self.at = datetime.fromisoformat(now)

    def now(self) -> datetime:
        return self.at


def desk(house: House, clock: Any = None, token: int = 0) -> Any:
    """What one worker needs, without a server."""
    from duewell import wiring
    from duewell.adapters.home import open_home
    from duewell.store.outbox import worker_token

    home = open_home(os.environ["DUEWELL_HOME"])
    return wiring.send_desk(home, house.view, clock or town_clock(NOW), token or worker_token(), None, LEASE)  # type: ignore[arg-type]


def drafts(desk: Any, names: tuple[str, ...], house: House) -> list[Draft]:
    """The messages to these customers, decided now, with some bytes."""
    from duewell.flows.ask_again import ask_again

    wanted = [one for one in desk.outbox.take(100) if one.account in [house.account(name) for name in names]]
    world = desk.world(desk.clock.now())
    known = desk.cases(wanted, world)
    found = [ask_again(world, known[one.attempt], one) for one in wanted]
    parts = [(f"{one.delivery.message}\r\n".encode(),) for one in found]  # type: ignore[union-attr]
    return [
        Draft(one, Rendered(Envelope("books@firm.example", "ann@x.example", part[0]), part))  # type: ignore[arg-type]
        for one, part in zip(found, parts, strict=True)
    ]


def started(desk: Any, found: list[Draft]) -> list[int]:
    """The accounts whose messages have started."""
    going = desk.outbox.start(found)
    return sorted(draft.wanted.delivery.account for draft in found if draft.attempt in going)


def test_two_workers_share_what_waits_and_none_is_handed_out_twice(office: Office) -> None:
    house = office.house()
    one, other = desk(house).outbox, desk(house).outbox
    mine = [delivery.attempt for delivery in one.take(4)]
    others = [delivery.attempt for delivery in other.take(100)]
    assert len(mine) == 4
    assert len(set(mine) | set(others)) == len(PLAIN) + 3
    assert one.take(100) == other.take(100) == []
    one.let_go()
    assert sorted(each.attempt for each in desk(house).outbox.take(100)) == sorted(mine)


def test_a_lease_that_has_ended_is_taken_by_the_next_and_the_first_can_start_nothing(office: Office) -> None:
    house = office.house()
    first, second = desk(house), desk(house)
    found = drafts(first, ("plain1", "plain2"), house)
    office.rows(
        "update attempt set lease_until = 1 where creditor_id = ? and state = 'released' returning id",
        house.view.id,
    )
    assert len(second.outbox.take(100)) == len(PLAIN) + 3
    assert started(first, found) == []
    assert office.attempts(house, "plain1") == [("released", False)]


def test_of_two_messages_to_one_person_only_one_starts_at_a_time(office: Office) -> None:
    house = office.house()
    worker = desk(house)
    found = drafts(worker, ("plain1", "twin", "plain2"), house)
    assert len(found) == 3
    going = started(worker, found)
    assert house.account("plain2") in going
    assert len(going) == 2, "the twin is decided again when the first has counted"


def test_a_permit_that_closed_while_the_worker_waited_starts_nothing(office: Office) -> None:
    house = office.house()
    clock = Clock("2026-03-10T18:59:59+00:00")
    worker = desk(house, clock)
    found = drafts(worker, ("plain1",), house)
    clock.at += timedelta(seconds=1)
    assert started(worker, found) == [], "eight in the evening where the person is"
    clock.at -= timedelta(seconds=1)
    assert started(worker, found) == [house.account("plain1")]
    clock.at += timedelta(seconds=1)
    assert worker.outbox.closing(found)[0] == set(), "nor is the dot said after eight"


def test_what_was_decided_before_midnight_is_decided_again_after_it(office: Office) -> None:
    house = office.house()
    clock = Clock("2026-03-10T10:00:00+00:00")
    worker = desk(house, clock)
    found = drafts(worker, ("plain1",), house)
    early = found[0].wanted.proposal._replace(as_of=found[0].wanted.proposal.as_of - timedelta(days=1))
    stale = [found[0]._replace(wanted=found[0].wanted._replace(proposal=early))]
    assert started(worker, stale) == []
    assert started(worker, found) == [house.account("plain1")]


def test_a_message_that_was_taken_over_can_be_neither_closed_nor_finished(office: Office) -> None:
    from duewell.flows.outbox import Finished
    from duewell.flows.transport import Accepted
    from duewell.store.outbox import worker_token
    from duewell.store.recovery import recover

    house = office.house()
    worker = desk(house)
    found = drafts(worker, ("plain1", "plain2"), house)
    assert len(started(worker, found)) == 2
    assert worker.outbox.closing(found[:1])[0] == {found[0].attempt}
    now = datetime.fromisoformat(NOW)
    recovered = recover(house.view.id, worker_token(), now, datetime.now(UTC), lambda token: True)
    assert recovered == (1, 1)
    assert worker.outbox.closing(found[1:])[0] == set()
    worker.outbox.finish([Finished(draft, Accepted(250, "ok"), None) for draft in found])
    states = {office.attempts(house, name)[0][0] for name in ("plain1", "plain2")}
    assert states == {"unknown", "deferred"}
    assert office.rows("select count(*) from mark where kind = 'accepted' and creditor_id = ?", house.view.id) == [
        (0,)
    ]
    assert recover(house.view.id, worker_token(), now, datetime.now(UTC), lambda token: True) == (0, 0)


def test_a_worker_that_lives_keeps_its_work_until_its_lease_ends(office: Office) -> None:
    from duewell.store.outbox import worker_token
    from duewell.store.recovery import recover

    house = office.house()
    worker = desk(house)
    started(worker, drafts(worker, ("plain1",), house))
    now, real = datetime.fromisoformat(NOW), datetime.now(UTC)

    def alive(token: int) -> bool:
        return False

    assert recover(house.view.id, worker_token(), now, real + LEASE / 2, alive) == (0, 0)
    assert recover(house.view.id, worker_token(), now, real + LEASE * 2, alive) == (1, 0)


def test_a_worker_shows_that_it_lives_and_its_end_shows_too(office: Office, tmp_path: Any) -> None:
    from duewell.store.liveness import Liveness
    from duewell.store.outbox import worker_token

    mine, other = worker_token(), worker_token()
    locks = Liveness(tmp_path / "locks")
    with locks.held(mine) as is_dead:
        assert not is_dead(mine)
        assert is_dead(other), "nobody holds it"
    with locks.held(other) as is_dead:
        assert is_dead(mine)


def test_the_attempts_to_make_are_found_by_their_index(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from duewell.store import sql

    house = office.house()
    asked: list[tuple[str, Any]] = []
    with _listening(monkeypatch, asked):
        desk(house).outbox.take(3)
    query, params = next(pair for pair in asked if pair[0].startswith("update attempt"))
    if sql.postgres():
        sql.execute("set enable_seqscan = off")
        plan = sql.fetch(f"explain {query}", params)
        sql.execute("reset enable_seqscan")
    else:
        plan = sql.fetch(f"explain query plan {query}", params)
    assert "attempt_to_send" in str(plan), plan


@contextmanager
def _listening(monkeypatch: pytest.MonkeyPatch, asked: list[tuple[str, Any]]) -> Iterator[None]:
    from duewell.store import sql

    fetch = sql.fetch

    def heard(query: str, params: Any = ()) -> Any:
        asked.append((query, params))
        return fetch(query, params)

    with monkeypatch.context() as patched:
        patched.setattr(sql, "fetch", heard)
        yield


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 5.1.1 <Ann@X.example>: unknown", "550 5.1.1 <<recipient>>: unknown"),
        ("250 2.0.0 queued", "250 2.0.0 queued"),
        ("550 ann@x.example ann@x.example", "550 <recipient> <recipient>"),
    ],
)
def test_the_address_is_taken_out_of_what_a_server_said(office: Office, said: str, kept: str) -> None:
    from duewell.store.marks import reply

    assert reply(said, "ann@x.example") == kept
