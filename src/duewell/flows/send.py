"""Send: deliver what is released, each message at most once, and only if strategy and law still say yes.

Messages go out in batches of K, one per open conversation. Each batch has three durable steps, so a crash
leaves at most K attempts whose fate is unknown, and those only after their closing mark:

    start     marks committed before the first byte; conditional on account and person being as they were read
    closing   marks committed after the body and before the final dot
    finish    the server's answer, together with what follows from it
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from duewell.core.contact.compose import compose
from duewell.core.contact.values import Content
from duewell.core.contact.view import View
from duewell.core.decide.choose import choose
from duewell.core.decide.still import still
from duewell.core.decide.values import Advance, Proposal, Rest
from duewell.core.law.gate import gate_at
from duewell.core.law.values import Permit, Refused, Review
from duewell.flows.decide_accounts import NOTHING_KNOWN, World, latest_refusal
from duewell.flows.ports import Clock, Known
from duewell.flows.transport import Accepted, Closed, Deferred, Envelope, Ready, Transport, Unknown
from duewell.flows.transport import Refused as RefusedBy

DOT_WITHIN = timedelta(seconds=2)
"""A worker that finds more than this gone since its closing mark lets the message drop before the dot."""
ASK_AGAIN_MAX = 3
WAITS = frozenset({"not_business_day", "least_gap", "books_too_old", "not_yet"})
"""Rests that end by themselves soon: the message keeps its claim and waits."""
TRIES_MAX = 12
BACK_OFF_FIRST = timedelta(minutes=5)
BACK_OFF_LONGEST = timedelta(hours=12)


class Delivery(NamedTuple):
    """One attempt to be made, as it lies in the outbox."""

    attempt: int
    message: str
    account: int
    person: int
    point: int
    ordinal: int
    advances: tuple[Advance, ...]
    """What the message claimed when it was planned."""


class Draft(NamedTuple):
    """A delivery that strategy and law permit now, with the bytes that would leave."""

    delivery: Delivery
    known: Known
    proposal: Proposal
    permit: Permit
    content: Content
    rendered: Rendered


class Rendered(NamedTuple):
    """The bytes of one message, and the parts from which they can be rebuilt."""

    envelope: Envelope
    parts: tuple[bytes, ...]
    """headers, text, HTML."""


class Withheld(NamedTuple):
    """The message ends here: strategy or law no longer wants it. Its claims are free again."""

    delivery: Delivery
    reason: str
    text: str


class Postponed(NamedTuple):
    """The message waits. `until` None means: until somebody sends again."""

    delivery: Delivery
    reason: str
    text: str
    until: datetime | None


class Question(NamedTuple):
    """The law wants a person to decide; the message ends and the question is put."""

    delivery: Delivery
    reason: str
    text: str


class Finished(NamedTuple):
    """How one attempt ended. `retry_at` is when a deferred one is tried again; None where it is given up."""

    draft: Draft
    outcome: Closed
    retry_at: datetime | None


class Outbox(Protocol):
    """The attempts of one creditor that are to be made; keeps marks and facts."""

    def take(self, limit: int, now: datetime, after: int) -> list[Delivery]:
        """Lease up to `limit` attempts above id `after` that may go now."""
        ...

    def views(self, deliveries: Sequence[Delivery], known: dict[int, Known]) -> dict[str, View]:
        """What the messages need besides their proposals, by message."""
        ...

    def start(self, drafts: Sequence[Draft], now: datetime) -> set[int]:
        """Write the started marks of those whose account and person are as they were read; returns attempts."""
        ...

    def closing(self, drafts: Sequence[Draft], now: datetime) -> set[int]:
        """Write the closing marks of those still held by this worker; returns attempts."""
        ...

    def finish(self, finished: Sequence[Finished], now: datetime) -> None:
        """Write how the attempts ended and what follows: stages reached, claims freed, retries, questions."""
        ...

    def set_aside(self, items: Sequence[Withheld | Postponed | Question], now: datetime) -> None:
        """Write why these do not go out now."""
        ...

    def halted(self) -> bool:
        """Is the kill switch on?"""
        ...

    def let_go(self) -> None:
        """Give back what was leased and not started."""
        ...


class Desk(NamedTuple):
    """Everything one worker needs to send for one creditor."""

    clock: Clock
    world: Callable[[datetime], World]
    """The world of the civil date of an instant."""
    cases: Callable[[Sequence[Delivery], World], dict[int, Known]]
    """The accounts as they are now, the deliveries' own messages left out of sight; by account."""
    outbox: Outbox
    render: Callable[[Content, Delivery, datetime], Rendered]
    transport: Transport
    seal: Callable[[], None]
    """Called now and then: the sealer decides whether there is something to seal."""


class Sent(NamedTuple):
    """The outcome of one `send`."""

    accepted: int
    deferred: int
    refused: int
    unknown: int
    withheld: dict[str, int]
    server_problem: str
    """Why no session with the server could be had; empty where all was well."""
    halted: bool


def send(desk: Desk, tell: Callable[[int], None] = lambda done: None) -> Sent:
    """Deliver every released message that may go now; returns when none is left.

    Whatever happens on the way, also to this process, no message leaves twice.
    """
    counts: Counter[str] = Counter()
    withheld: Counter[str] = Counter()
    problem = ""
    halted = False
    queue: deque[Delivery] = deque()
    asked: Counter[int] = Counter()
    after = 0
    while not problem:
        if halted := desk.outbox.halted():
            break
        if not queue:
            taken = desk.outbox.take(desk.transport.count * 4, desk.clock.now(), after)
            if not taken:
                break
            after = max(delivery.attempt for delivery in taken)
            queue.extend(taken)
        batch = _one_per_person(queue, desk.transport.count)
        drafts, aside = _prepare(desk, batch)
        if aside:
            desk.outbox.set_aside(aside, desk.clock.now())
            withheld.update(item.reason for item in aside)
        started = desk.outbox.start(drafts, desk.clock.now()) if drafts else set()
        for draft in drafts:
            if draft.delivery.attempt not in started:
                # Something was committed since the case was read: ask again with what is true now.
                asked[draft.delivery.attempt] += 1
                if asked[draft.delivery.attempt] <= ASK_AGAIN_MAX:
                    queue.append(draft.delivery)
        finished = _converse(desk, [draft for draft in drafts if draft.delivery.attempt in started])
        if finished:
            desk.outbox.finish(finished, desk.clock.now())
        for item in finished:
            counts[_KIND[type(item.outcome)]] += 1
            if isinstance(item.outcome, Deferred) and item.outcome.server:
                problem = item.outcome.text
        tell(sum(counts.values()) + sum(withheld.values()))
        desk.seal()
    desk.transport.hang_up()
    desk.outbox.let_go()
    return Sent(
        counts["accepted"],
        counts["deferred"],
        counts["refused"],
        counts["unknown"],
        dict(withheld),
        problem,
        halted,
    )


def _one_per_person(queue: deque[Delivery], count: int) -> list[Delivery]:
    """Two messages to one person never share a batch: the second is decided when the first has counted."""
    batch: list[Delivery] = []
    persons: set[int] = set()
    later: list[Delivery] = []
    while queue and len(batch) < count:
        delivery = queue.popleft()
        if delivery.person in persons:
            later.append(delivery)
        else:
            persons.add(delivery.person)
            batch.append(delivery)
    queue.extendleft(reversed(later))
    return batch


def _prepare(desk: Desk, batch: Sequence[Delivery]) -> tuple[list[Draft], list[Withheld | Postponed | Question]]:
    """Ask strategy and law again, now, with everything that is known; render what they permit."""
    now = desk.clock.now()
    world = desk.world(now)
    known = desk.cases(batch, world)
    drafts: list[tuple[Delivery, Known, Proposal, Permit]] = []
    aside: list[Withheld | Postponed | Question] = []
    for delivery in batch:
        answer = _ask(world, known[delivery.account], delivery, now)
        if isinstance(answer, tuple):
            drafts.append((delivery, known[delivery.account], *answer))
        else:
            aside.append(answer)
    views = desk.outbox.views([draft[0] for draft in drafts], known)
    ready = []
    for delivery, mine, proposal, permit in drafts:
        content = compose(permit, proposal, views[delivery.message])
        ready.append(Draft(delivery, mine, proposal, permit, content, desk.render(content, delivery, now)))
    return ready, aside


def _ask(
    world: World, known: Known, delivery: Delivery, now: datetime
) -> tuple[Proposal, Permit] | Withheld | Postponed | Question:
    strategy = choose(known.case, world.strategies, world.as_of)
    outcome = (
        strategy
        if isinstance(strategy, Rest)
        else still(delivery.advances, known.case, strategy, NOTHING_KNOWN, world.as_of)
    )
    if isinstance(outcome, Rest):
        reason = outcome.reasons[0]
        if reason.rule in WAITS:
            return Postponed(delivery, reason.rule, reason.text, None)
        return Withheld(delivery, reason.rule, reason.text)
    answer = gate_at(outcome, known.standing, world.book, now, world.windows, allowed=known.allowed)
    if isinstance(answer, Refused):
        refusal = latest_refusal(answer)
        if answer.until is None:
            return Withheld(delivery, refusal.rule, refusal.text)
        return Postponed(delivery, refusal.rule, refusal.text, answer.until)
    if isinstance(answer, Review):
        return Question(delivery, answer.questions[0].rule, answer.questions[0].text)
    return outcome, answer


def _converse(desk: Desk, drafts: Sequence[Draft]) -> list[Finished]:
    """Body, closing mark, dot, answer: K conversations at once."""
    if not drafts:
        return []
    opened = desk.transport.open_all([draft.rendered.envelope for draft in drafts])
    finished = [
        _ended(desk, draft, outcome)
        for draft, outcome in zip(drafts, opened, strict=True)
        if not isinstance(outcome, Ready)
    ]
    ready = [(draft, line) for draft, line in zip(drafts, opened, strict=True) if isinstance(line, Ready)]
    if not ready:
        return finished
    marked_at = desk.clock.now()
    held = desk.outbox.closing([draft for draft, _ in ready], marked_at)
    lost = [line for draft, line in ready if draft.delivery.attempt not in held]
    if lost:
        # Somebody else took these over: what they decide counts, so nothing of ours may arrive.
        desk.transport.drop_all(lost)
    mine = [(draft, line) for draft, line in ready if draft.delivery.attempt in held]
    answers = desk.transport.close_all(
        [line for _, line in mine], lambda: desk.clock.now() - marked_at <= DOT_WITHIN
    )
    return finished + [_ended(desk, draft, answer) for (draft, _), answer in zip(mine, answers, strict=True)]


def _ended(desk: Desk, draft: Draft, outcome: Closed) -> Finished:
    if not isinstance(outcome, Deferred):
        return Finished(draft, outcome, None)
    if draft.delivery.ordinal >= TRIES_MAX:
        return Finished(draft, outcome, None)
    return Finished(draft, outcome, desk.clock.now() + back_off(draft.delivery.ordinal))


def back_off(ordinal: int) -> timedelta:
    """How long to wait after the nth try: five minutes, doubled each time, twelve hours at most."""
    return min(BACK_OFF_FIRST * 2 ** (ordinal - 1), BACK_OFF_LONGEST)


_KIND: dict[type, str] = {
    Accepted: "accepted",
    Deferred: "deferred",
    RefusedBy: "refused",
    Unknown: "unknown",
}
