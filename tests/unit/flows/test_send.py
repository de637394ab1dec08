"""Sending with plain fakes: what is started, closed, dropped, asked again, counted and left alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from duewell.flows import send as flow
from duewell.flows.outbox import (
    Aside,
    Delivery,
    Draft,
    Finished,
    Postponed,
    Rendered,
    Wanted,
    Withheld,
)
from duewell.flows.transport import Accepted, Closed, Deferred, Envelope, Opened, Ready, Refused, Unknown

NOW = datetime(2026, 3, 10, 10, tzinfo=UTC)
YES = Accepted(250, "ok")
LATER = Deferred(451, "later")
DOWN = Deferred(421, "too many", server=True)


def delivery(number: int, person: int = 0, tries: int = 0) -> Delivery:
    return Delivery(number, f"m{number}", number, person or number, number, tries, ())


class Outbox:
    """Hands out deliveries and remembers what is written."""

    def __init__(self, waiting: Sequence[Delivery]) -> None:
        self.waiting = list(waiting)
        self.halted_after = 10**6
        self.refuses_start: dict[int, int] = {}
        self.lost: set[int] = set()
        self.closed_at = 0.0
        self.batches: list[list[int]] = []
        self.finished: list[Finished] = []
        self.aside: list[Aside] = []
        self.let_go_of = 0

    def halted(self) -> bool:
        return len(self.batches) >= self.halted_after

    def take(self, limit: int) -> list[Delivery]:
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return taken

    def views(self, wanted: Sequence[Wanted]) -> dict[int, Any]:
        return {one.delivery.attempt: None for one in wanted}

    def start(self, drafts: Sequence[Draft]) -> set[int]:
        self.batches.append([draft.attempt for draft in drafts])
        for draft in drafts:
            self.refuses_start[draft.attempt] = self.refuses_start.get(draft.attempt, 0) - 1
        return {draft.attempt for draft in drafts if self.refuses_start[draft.attempt] < 0}

    def closing(self, drafts: Sequence[Draft]) -> tuple[set[int], float]:
        return {draft.attempt for draft in drafts} - self.lost, self.closed_at

    def finish(self, finished: Sequence[Finished]) -> None:
        self.finished += finished

    def set_aside(self, items: Sequence[Aside]) -> None:
        self.aside += items

    def let_go(self) -> None:
        self.let_go_of += 1


class Server:
    """Answers each message as the test says; `said` are the messages whose dot was said."""

    def __init__(self, count: int, answers: dict[str, Opened | Closed] | None = None) -> None:
        self.count = count
        self.answers = answers or {}
        self.unreachable: Deferred | None = None
        self.said: list[str] = []
        self.dropped: list[str] = []
        self.widths: list[int] = []
        self._open: dict[int, str] = {}

    def reach(self) -> Deferred | None:
        return self.unreachable

    def open_all(self, envelopes: Sequence[Envelope]) -> list[Opened]:
        self.widths.append(len(envelopes))
        opened: list[Opened] = []
        for line, envelope in enumerate(envelopes):
            answer = self.answers.get(envelope.recipient, YES)
            if isinstance(answer, Accepted | Unknown):
                self._open[line] = envelope.recipient
                opened.append(Ready(line, 1))
            else:
                opened.append(answer)
        return opened

    def close_all(self, ready: Sequence[Ready], allowed: Callable[[], bool] = lambda: True) -> list[Closed]:
        closed: list[Closed] = []
        for line, _ in ready:
            message = self._open.pop(line)
            if allowed():
                self.said.append(message)
                answer = self.answers.get(message, YES)
                assert isinstance(answer, Accepted | Unknown)
                closed.append(answer)
            else:
                closed.append(Deferred(0, "too late", ours=True))
        return closed

    def drop_all(self, ready: Sequence[Ready]) -> None:
        self.dropped += [self._open.pop(line) for line, _ in ready]

    def hang_up(self) -> None:
        assert not self._open, "nothing is left half said"


class Clock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch) -> Callable[..., flow.Sent]:
    """Send with an outbox and a server."""
    return sender(monkeypatch)


def sender(monkeypatch: pytest.MonkeyPatch) -> Callable[..., flow.Sent]:
    """Sends with an outbox and a server; `judged` says which deliveries are not wanted, and why."""

    def run(
        outbox: Outbox,
        server: Server,
        judged: dict[int, Callable[[Delivery], Aside]] | None = None,
        seconds: Sequence[float] = (),
        unwritable: Sequence[int] = (),
    ) -> flow.Sent:
        def ask(world: object, known: object, one: Delivery) -> Wanted | Aside:
            judge = (judged or {}).get(one.attempt)
            return judge(one) if judge else Wanted(one, None, None, None, 0)  # type: ignore[arg-type]

        def render(content: object, wanted: Wanted, now: datetime) -> Rendered:
            one = wanted.delivery
            if one.attempt in unwritable:
                raise ValueError("no words for it")
            return Rendered(Envelope("books@firm.example", one.message, b"\r\n"), ())

        ticks = iter([*seconds, *[0.0] * 1000])
        monkeypatch.setattr(flow, "ask_again", ask)
        monkeypatch.setattr(flow, "compose", lambda permit, proposal, view: None)
        desk = flow.Desk(
            clock=Clock(),
            seconds=lambda: next(ticks),
            world=lambda now: None,  # type: ignore[arg-type, return-value]
            cases=lambda deliveries, world: {one.attempt: None for one in deliveries},  # type: ignore[misc]
            outbox=outbox,
            render=render,
            transport=server,
            seal=lambda: None,
        )
        sent = flow.send(desk)
        assert outbox.let_go_of == 1
        return sent

    return run


def outcomes(outbox: Outbox) -> dict[int, Closed]:
    return {item.draft.attempt: item.outcome for item in outbox.finished}


def test_everything_goes_out_in_batches_of_as_many_as_there_are_conversations(sending) -> None:
    outbox, server = Outbox([delivery(n) for n in range(1, 8)]), Server(3)
    sent = sending(outbox, server)
    assert outbox.batches == [[1, 2, 3], [4, 5, 6], [7]]
    assert sent == flow.Sent(7, 0, 0, 0, {}, "", False)


def test_two_messages_to_one_person_are_never_read_together(sending) -> None:
    outbox = Outbox([delivery(1, person=9), delivery(2, person=9), delivery(3), delivery(4, person=9)])
    sent = sending(outbox, Server(4))
    assert outbox.batches == [[1, 3], [2], [4]]
    assert sent.accepted == 4


def test_what_was_overtaken_before_its_start_is_asked_about_again(sending) -> None:
    outbox = Outbox([delivery(1), delivery(2)])
    outbox.refuses_start = {1: 2}
    sent = sending(outbox, Server(2))
    assert outbox.batches == [[1, 2], [1], [1]]
    assert sent.accepted == 2


def test_what_is_overtaken_again_and_again_is_left_for_the_next_sending(sending) -> None:
    outbox = Outbox([delivery(1)])
    outbox.refuses_start = {1: 100}
    sent = sending(outbox, Server(1))
    assert len(outbox.batches) == flow.ASK_MAX
    assert sent.withheld == {"changed_meanwhile": 1}
    assert outbox.finished == []


def test_what_nobody_wants_any_more_is_set_aside_and_counted_by_reason(sending) -> None:
    outbox, server = Outbox([delivery(n) for n in (1, 2, 3)]), Server(3)
    until = NOW + timedelta(hours=1)
    sent = sending(
        outbox,
        server,
        {1: lambda one: Withheld(one, "paid", "."), 2: lambda one: Postponed(one, "hours", ".", until)},
    )
    assert server.said == ["m3"]
    assert sent.withheld == {"paid": 1, "hours": 1}
    assert [item.reason for item in outbox.aside] == ["paid", "hours"]


def test_a_message_that_cannot_be_written_stops_only_itself(sending) -> None:
    outbox, server = Outbox([delivery(1), delivery(2)]), Server(2)
    sent = sending(outbox, server, unwritable=[1])
    assert server.said == ["m2"]
    assert sent.withheld == {"cannot_be_written": 1}
    assert outbox.aside[0].text == "The message cannot be written: no words for it"


def test_a_message_whose_closing_mark_was_not_written_is_dropped_before_its_dot(sending) -> None:
    outbox, server = Outbox([delivery(1), delivery(2)]), Server(2)
    outbox.lost = {1}
    sent = sending(outbox, server)
    assert (server.said, server.dropped) == (["m2"], ["m1"])
    assert sent == flow.Sent(1, 1, 0, 0, {}, "", False)
    (dropped,) = [item for item in outbox.finished if item.draft.attempt == 1]
    assert (dropped.counts, dropped.retry_at) == (False, NOW + flow.BACK_OFF_FIRST)


def test_a_dot_is_said_only_within_two_seconds_of_the_closing_mark(sending) -> None:
    outbox, server = Outbox([delivery(n) for n in (1, 2, 3)]), Server(3)
    outbox.closed_at = 100.0
    sending(outbox, server, seconds=[101.9, 102.0, 102.1])
    assert server.said == ["m1", "m2"]
    late = outcomes(outbox)[3]
    assert isinstance(late, Deferred)
    assert late.ours
    assert not next(item for item in outbox.finished if item.draft.attempt == 3).counts


def test_without_a_server_nothing_starts_and_nothing_is_marked(sending) -> None:
    outbox, server = Outbox([delivery(1), delivery(2)]), Server(2)
    server.unreachable = DOWN
    sent = sending(outbox, server)
    assert (outbox.batches, outbox.finished) == ([], [])
    assert sent == flow.Sent(0, 0, 0, 0, {}, "too many", False)


def test_a_server_that_refuses_every_session_ends_the_sending_and_is_no_try_of_any_message(sending) -> None:
    outbox, server = Outbox([delivery(n) for n in range(1, 7)]), Server(2, {"m1": DOWN, "m2": DOWN})
    sent = sending(outbox, server)
    assert outbox.batches == [[1, 2]], "the rest is not touched"
    assert sent == flow.Sent(0, 0, 0, 0, {}, "too many", False)
    assert [(item.counts, item.retry_at) for item in outbox.finished] == [(False, NOW)] * 2


def test_a_server_that_refuses_some_sessions_gets_fewer_at_once(sending) -> None:
    outbox, server = Outbox([delivery(n) for n in range(1, 13)]), Server(4, {"m2": DOWN, "m4": DOWN})
    sent = sending(outbox, server)
    assert server.widths == [4, 2, 2, 2, 2]
    assert sent.server_problem == ""


def test_the_kill_switch_ends_the_sending_between_two_batches(sending) -> None:
    outbox, server = Outbox([delivery(n) for n in range(1, 7)]), Server(2)
    outbox.halted_after = 1
    sent = sending(outbox, server)
    assert server.said == ["m1", "m2"]
    assert sent == flow.Sent(2, 0, 0, 0, {}, "", True)


def test_a_message_that_is_put_off_is_tried_later_and_later_and_given_up_after_twelve_tries(sending) -> None:
    deliveries = [delivery(number, tries=number - 1) for number in range(1, 13)]
    outbox = Outbox(deliveries)
    server = Server(12, {one.message: LATER for one in deliveries})
    sent = sending(outbox, server)
    waits = [item.retry_at and (item.retry_at - NOW).total_seconds() // 60 for item in outbox.finished]
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 720, 720, 720, None]
    assert (sent.deferred, sent.refused) == (11, 1)


def test_a_server_that_refuses_a_hundred_in_a_row_is_not_asked_any_more(sending) -> None:
    no = Refused(550, "relay denied", address=True)
    outbox = Outbox([delivery(n) for n in range(1, 501)])
    server = Server(10, {f"m{n}": no for n in range(1, 501) if n != 50})
    sent = sending(outbox, server)
    assert sent.refused == 149, "the one that was accepted starts the count again"
    assert sent.server_problem == "it refused 100 messages in a row, at last: relay denied"
    assert len(outbox.batches) == 15


def test_each_outcome_is_counted_once(sending) -> None:
    answers: dict[str, Opened | Closed] = {
        "m1": Refused(550, "no", address=True),
        "m2": LATER,
        "m3": Unknown("lost"),
    }
    outbox = Outbox([delivery(n) for n in range(1, 6)])
    assert sending(outbox, Server(5, answers)) == flow.Sent(2, 1, 1, 1, {}, "", False)
