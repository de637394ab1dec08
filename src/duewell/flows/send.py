"""Send: deliver what is released, each message at most once, and only if strategy and law still say yes.

Messages go out in batches of K, one per open conversation. Each batch has three durable steps, so a crash
leaves at most K attempts whose fate is unknown, and those only after their closing mark:

    start     marks committed before the first byte; conditional on account and person being as they were read
    closing   marks committed after the body and before the final dot
    finish    the server's answer, together with what follows from it

Page: docs/explanation/once.md.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from duewell.core.contact.compose import compose
from duewell.core.contact.values import Content
from duewell.core.contact.view import View
from duewell.flows.ask_again import ask_again
from duewell.flows.decide_accounts import World
from duewell.flows.outbox import (
    Aside,
    Delivery,
    Draft,
    Finished,
    Outbox,
    Rendered,
    Wanted,
    Withheld,
    one_per_person,
)
from duewell.flows.ports import Clock, Known
from duewell.flows.transport import Accepted, Closed, Deferred, Ready, Refused, Transport, Unknown

DOT_WITHIN = 2.0
"""A worker that finds more seconds than these gone since its closing mark drops the message before the dot."""
BATCHES_READ = 4
"""So many batches are read at once: what changes meanwhile is found at the start and read again."""
ASK_MAX = 4
"""A message that is overtaken by changes this often in one sending is left for the next."""
TRIES_MAX = 12
BACK_OFF_FIRST = timedelta(minutes=5)
BACK_OFF_LONGEST = timedelta(hours=12)
REFUSALS_IN_A_ROW_MAX = 100
"""A server that refuses so many one after the other has something against us, not against the customers."""
OVERTAKEN = "changed_meanwhile"
NOT_WRITABLE = "cannot_be_written"


class Desk(NamedTuple):
    """Everything one worker needs to send for one creditor."""

    clock: Clock
    seconds: Callable[[], float]
    """A clock of the machine that only ever goes forward, whatever a test home takes for now."""
    world: Callable[[datetime], World]
    """The world of the civil date of an instant."""
    cases: Callable[[Sequence[Delivery], World], dict[int, Known]]
    """The accounts as they are now, the deliveries' own messages left out of sight; by attempt."""
    outbox: Outbox
    render: Callable[[Content, Wanted, datetime], Rendered]
    transport: Transport
    seal: Callable[[], None]
    """Called now and then: the sealer decides whether there is something to seal."""
    stopping: Callable[[], bool] = lambda: False
    """Whether somebody asked to stop: no further batch is begun then."""


class Sent(NamedTuple):
    """The outcome of one `send`. Messages that a server problem met are not counted: they wait as before."""

    accepted: int
    deferred: int
    refused: int
    unknown: int
    withheld: dict[str, int]
    """By reason, those that wait included."""
    server_problem: str
    """Why the server could not be used; empty where all was well."""
    halted: bool


def send(desk: Desk, tell: Callable[[int], None] = lambda done: None) -> Sent:
    """Deliver every released message that may go now; returns when none is left.

    Whatever happens on the way, also to this process, no message leaves twice.
    """
    sending = _Sending(desk, tell)
    while not sending.problem and not sending.halted and not desk.stopping():
        if not sending.queue:
            sending.queue.extend(desk.outbox.take(desk.transport.count * BATCHES_READ))
            if not sending.queue:
                break
        sending.go_on()
        desk.seal()
    desk.transport.hang_up()
    desk.outbox.let_go()
    return sending.outcome()


def back_off(tries: int) -> timedelta:
    """How long to wait after so many tries: five minutes, doubled each time, twelve hours at most."""
    return min(BACK_OFF_FIRST * (1 << tries - 1), BACK_OFF_LONGEST)


class _Sending:
    """One `send` under way."""

    def __init__(self, desk: Desk, tell: Callable[[int], None]) -> None:
        self.queue: deque[Delivery] = deque()
        self.problem = ""
        self.halted = False
        self._desk = desk
        self._tell = tell
        self._width = desk.transport.count
        self._counts: Counter[str] = Counter()
        self._withheld: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()
        self._refused_in_a_row = 0

    def outcome(self) -> Sent:
        counts = self._counts
        return Sent(
            counts["accepted"],
            counts["deferred"],
            counts["refused"],
            counts["unknown"],
            dict(self._withheld),
            self.problem,
            self.halted,
        )

    def go_on(self) -> None:
        """Read some deliveries, ask about each, and send those that are wanted, batch by batch."""
        wanted, aside = _ask_about(self._desk, one_per_person(self.queue, self._width * BATCHES_READ))
        self._set_aside(aside)
        views = self._desk.outbox.views(wanted)
        left = deque(wanted)
        while left and not self.problem and not self._desk.stopping():
            if self._desk.outbox.halted():
                self.halted = True
                break
            batch = [left.popleft() for _ in range(min(self._width, len(left)))]
            drafts, unwritable = _write(self._desk, batch, views)
            self._set_aside(unwritable)
            self._batch(drafts)
            self._tell(sum(self._counts.values()) + sum(self._withheld.values()))

    def _set_aside(self, items: Sequence[Aside]) -> None:
        if items:
            self._desk.outbox.set_aside(items)
            self._withheld.update(item.reason for item in items)

    def _batch(self, drafts: Sequence[Draft]) -> None:
        outbox, transport = self._desk.outbox, self._desk.transport
        if not drafts:
            return
        unreachable = transport.reach()
        if unreachable is not None:
            # Nothing has started, so nothing is marked: the messages wait as they are.
            self.problem = unreachable.text
            return
        started = outbox.start(drafts)
        for draft in drafts:
            if draft.attempt not in started:
                # Something was committed since the case was read: ask again with what is true now.
                self._again(draft.wanted.delivery)
        finished = self._converse([draft for draft in drafts if draft.attempt in started])
        if finished:
            outbox.finish(finished)
            self._count(finished)

    def _again(self, delivery: Delivery) -> None:
        self._asked[delivery.message] += 1
        if self._asked[delivery.message] < ASK_MAX:
            self.queue.append(delivery)
        else:
            self._withheld[OVERTAKEN] += 1

    def _converse(self, drafts: Sequence[Draft]) -> list[Finished]:
        """Body, closing mark, dot, answer: K conversations at once."""
        if not drafts:
            return []
        transport = self._desk.transport
        ended: list[tuple[Draft, Closed]] = []
        ready: list[tuple[Draft, Ready]] = []
        opened = transport.open_all([draft.rendered.envelope for draft in drafts])
        for draft, outcome in zip(drafts, opened, strict=True):
            if isinstance(outcome, Ready):
                ready.append((draft, outcome))
            else:
                ended.append((draft, outcome))
        if ready:
            held, marked_at = self._desk.outbox.closing([draft for draft, _ in ready])
            lost = [(draft, line) for draft, line in ready if draft.attempt not in held]
            if lost:
                # Taken over by another worker, or no longer allowed: nothing of ours may arrive.
                transport.drop_all([line for _, line in lost])
                ended += [(draft, _DROPPED) for draft, _ in lost]
            mine = [(draft, line) for draft, line in ready if draft.attempt in held]
            answers = transport.close_all(
                [line for _, line in mine], lambda: self._desk.seconds() - marked_at <= DOT_WITHIN
            )
            ended += [(draft, answer) for (draft, _), answer in zip(mine, answers, strict=True)]
        now = self._desk.clock.now()
        return [_finished(draft, outcome, now) for draft, outcome in ended]

    def _count(self, finished: Sequence[Finished]) -> None:
        without_session = []
        for item in finished:
            outcome = item.outcome
            if isinstance(outcome, Deferred) and outcome.server:
                without_session.append(outcome.text)
                continue
            kind = "refused" if isinstance(outcome, Deferred) and item.retry_at is None else _KIND[type(outcome)]
            self._counts[kind] += 1
            if isinstance(outcome, Accepted):
                self._refused_in_a_row = 0
            elif isinstance(outcome, Refused):
                self._refused_in_a_row += 1
                if self._refused_in_a_row >= REFUSALS_IN_A_ROW_MAX:
                    self.problem = f"it refused {REFUSALS_IN_A_ROW_MAX} messages in a row, at last: {outcome.text}"
        if len(without_session) == len(finished):
            self.problem = without_session[0]
        elif without_session:
            # Some conversations were refused and others were not: the server wants fewer at once.
            self._width = max(1, self._width - len(without_session))


def _ask_about(desk: Desk, deliveries: Sequence[Delivery]) -> tuple[list[Wanted], list[Aside]]:
    """Ask strategy and law again, now, with everything that is known."""
    world = desk.world(desk.clock.now())
    known = desk.cases(deliveries, world)
    wanted: list[Wanted] = []
    aside: list[Aside] = []
    for delivery in deliveries:
        answer = ask_again(world, known[delivery.attempt], delivery)
        if isinstance(answer, Wanted):
            wanted.append(answer)
        else:
            aside.append(answer)
    return wanted, aside


def _write(desk: Desk, batch: Sequence[Wanted], views: Mapping[int, View]) -> tuple[list[Draft], list[Aside]]:
    """Compose and render; a message that cannot be written stops only itself."""
    now = desk.clock.now()
    drafts: list[Draft] = []
    unwritable: list[Aside] = []
    for wanted in batch:
        delivery = wanted.delivery
        try:
            content = compose(wanted.permit, wanted.proposal, views[delivery.attempt])
            drafts.append(Draft(wanted, desk.render(content, wanted, now)))
        except (ValueError, LookupError) as problem:
            unwritable.append(Withheld(delivery, NOT_WRITABLE, f"The message cannot be written: {problem}"))
    return drafts, unwritable


def _finished(draft: Draft, outcome: Closed, now: datetime) -> Finished:
    if not isinstance(outcome, Deferred):
        return Finished(draft, outcome, None)
    # Where nothing was learned about the message its tries stay as many as they were.
    if outcome.server:
        return Finished(draft, outcome, now, counts=False)
    if outcome.ours:
        return Finished(draft, outcome, now + BACK_OFF_FIRST, counts=False)
    tries = draft.wanted.delivery.tries + 1
    return Finished(draft, outcome, None if tries >= TRIES_MAX else now + back_off(tries))


_DROPPED = Deferred(0, "dropped before the final dot: no longer ours, or no longer allowed", ours=True)
_KIND: dict[type, str] = {
    Accepted: "accepted",
    Deferred: "deferred",
    Refused: "refused",
    Unknown: "unknown",
}
