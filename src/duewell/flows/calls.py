"""Calls: tasks for people. Listed in the order in which they are worth a call, started one at a time, and ended by
what became of them.

A task is a released attempt on the channel `call`. Starting it asks strategy and law again and marks it before
the number is shown, so that two collectors never have the same one; a started call whose outcome nobody told by
the end of the day becomes a question. Page: docs/how-to/call-customers.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol

from duewell.core.agree.holds import BadHold, Hold, HoldKind
from duewell.core.contact.call import Script, script
from duewell.core.contact.compose import compose
from duewell.core.contact.outcome import MEANING, PROMISE_DAYS, REVIEW_DAYS, Outcome
from duewell.core.contact.view import View
from duewell.core.decide.stages import STAGE_KEYS
from duewell.core.decide.values import Proposal
from duewell.core.law import calls as law_of_calls
from duewell.core.law.values import Refusal
from duewell.core.units.ids import AccountId
from duewell.core.units.money import exponent
from duewell.core.units.zones import Zone
from duewell.flows import hold as holds
from duewell.flows.ask_again import ask_again
from duewell.flows.decide_accounts import World
from duewell.flows.outbox import Aside, Delivery, Draft, Postponed, Question, Rendered, Rerouted, Wanted
from duewell.flows.ports import Clock, Known

ASK_MAX = 4
"""A call that is overtaken by changes this often while it starts is left in the list."""
NOW, LATER, OVER, STARTED = "now", "later", "over", "started"
NOT_BEFORE = "not_before"
STATES = (NOW, LATER, OVER, STARTED)
"""What can be done with a task: call now, not yet, not any more (it ends when looked at), or somebody does."""


class NoSuchCall(LookupError):
    """There is no such task, or it is not in a state for this; the message says what to do."""


class Waiting(NamedTuple):
    """A task as it lies in the tables."""

    delivery: Delivery
    number: str
    """E.164."""
    account: str
    customer: str
    country: str
    stage: int
    run: int
    state: str
    """`released` or `started`."""
    not_before: datetime
    started_at: datetime | None
    started_by: str


class Task(NamedTuple):
    """A task as a collector sees it."""

    task: int
    state: str
    """One of `STATES`."""
    account: str
    customer: str
    stage: str
    number: str
    language: str
    sums: tuple[tuple[str, int], ...]
    """What would be asked for, by currency, in minor units; empty where nothing would be."""
    items: int
    fell_due_on: str
    local: tuple[tuple[str, str], ...]
    """What clocks show where the customer may be: zone, and date and time."""
    until: datetime | None
    """Of a call that is permitted: when the law closes. Of a later one: when it may be permitted, if known."""
    reason: str
    """Of a later or ended one: the rule."""
    text: str
    warnings: tuple[str, ...]
    tries: int
    """Earlier calls for this message that nobody answered."""
    started_at: datetime | None
    started_by: str


class Started(NamedTuple):
    """A call that may be made now."""

    waiting: Waiting
    proposal: Proposal
    script: Script
    closes_at: datetime
    warnings: tuple[Refusal, ...]
    local: tuple[tuple[str, str], ...]


class Told(NamedTuple):
    """What the customer told, beside the outcome. Empty parts were not told."""

    outcome: Outcome
    on: date | None = None
    """The promised day."""
    amount: Decimal | None = None
    invoice: str = ""
    review: date | None = None
    note: str = ""


_HOLDS = {
    Outcome.PROMISED: HoldKind.PROMISE,
    Outcome.DISPUTED: HoldKind.DISPUTE,
    Outcome.HARDSHIP: HoldKind.HARDSHIP,
}


class CallHolds(holds.HoldBook, Protocol):
    """Where holds are kept, and what there is to hold."""

    def open_invoices(self, account: AccountId) -> tuple[holds.Target, Sequence[holds.Target]]:
        """The account, and its open invoices, oldest due first."""
        ...


class CallOutbox(Protocol):
    """The tasks of one creditor, as one collector sees them."""

    def halted(self) -> bool:
        """Is the kill switch on?"""
        ...

    def take(self, task: int) -> Waiting | None:
        """Lease one task that is released and that nobody else has; None where that cannot be."""
        ...

    def why_not(self, task: int) -> str:
        """Why a task cannot be taken now, for whoever asked for it."""
        ...

    def views(self, wanted: Sequence[Wanted]) -> Mapping[int, View]:
        """What the script shows besides the proposal, by attempt."""
        ...

    def start(self, drafts: Sequence[Draft]) -> set[int]:
        """Write the started mark where account and person are as they were read, and the permit covers now."""
        ...

    def set_aside(self, items: Sequence[Aside]) -> None:
        """Write why these are not called now."""
        ...

    def let_go(self) -> None:
        """Give back what was leased and not started."""
        ...


class CallDesk(NamedTuple):
    """Everything one collector needs to call for one creditor."""

    clock: Clock
    world: Callable[[datetime], World]
    cases: Callable[[Sequence[Delivery], World], dict[int, Known]]
    outbox: CallOutbox
    render: Callable[[Script, str], Rendered]
    """The script in words, as it is kept with the mark; the number beside it."""


def tasks(world: World, cases: Mapping[int, Known], waiting: Sequence[Waiting]) -> list[Task]:
    """Every task with what strategy and law say of it now: permitted ones first, then by stage, sum and age."""
    found = [_task(world, cases[one.delivery.attempt], one) for one in waiting]
    return sorted(found, key=_order)


def put_in_order(desk: CallDesk, over: Sequence[int]) -> list[Aside]:
    """End tasks that strategy or law no longer want, as the sender does with messages: what ends, and why."""
    ended: list[Aside] = []
    for task in over:
        waiting = desk.outbox.take(task)
        if waiting is None:
            continue
        world = desk.world(desk.clock.now())
        answer = ask_again(world, desk.cases([waiting.delivery], world)[task], waiting.delivery)
        if isinstance(answer, Wanted | Postponed):
            desk.outbox.let_go()
        else:
            desk.outbox.set_aside([answer])
            ended.append(answer)
    return ended


def start(desk: CallDesk, task: int) -> Started | Aside:
    """Begin a call: after this it is somebody's, and it counts as a contact until its outcome says otherwise.

    Raises:
        NoSuchCall: there is no such task, somebody has it, or the kill switch is on.
    """
    for _ in range(ASK_MAX):
        waiting = desk.outbox.take(task)
        if waiting is None:
            raise NoSuchCall(desk.outbox.why_not(task))
        world = desk.world(desk.clock.now())
        known = desk.cases([waiting.delivery], world)[task]
        answer = ask_again(world, known, waiting.delivery)
        if not isinstance(answer, Wanted):
            desk.outbox.set_aside([answer])
            return answer
        if desk.outbox.halted():
            break
        view = desk.outbox.views([answer])[task]
        statements = _statements(world, known, answer.proposal)
        said = script(compose(answer.permit, answer.proposal, view), statements)
        rendered = desk.render(said, view.addressee.address)
        if task in desk.outbox.start([Draft(answer, rendered)]):
            return Started(
                waiting,
                answer.proposal,
                said,
                answer.permit.closes_at,
                answer.permit.warnings,
                _clocks(known.standing.zones, world.now),
            )
        # Something was committed since it was read: ask again with what is true now.
    desk.outbox.let_go()
    if desk.outbox.halted():
        raise NoSuchCall("the kill switch is on: nobody is called (duewell resume)")
    raise NoSuchCall(f"task {task} changed under way every time it was read: try again")


def keep(book: CallHolds, account: AccountId, told: Told, today: date) -> list[Hold]:
    """What a customer told on the telephone as holds: a promise until the money can have come, else for a review.

    A promised amount without an invoice covers the oldest invoices, the last of them in part.

    Raises:
        BadHold: the day has passed, or the sum is none of this account.
        NoSuchTarget: the account has no such open invoice.
    """
    if told.outcome not in _HOLDS:
        return []
    kind = _HOLDS[told.outcome]
    reason = told.note or "told on the telephone"
    until = review = None
    if told.on is not None:
        if told.on < today:
            raise BadHold(f"{told.on.isoformat()} has passed: a promise is for a day to come")
        until = told.on + timedelta(days=PROMISE_DAYS)
        reason = f"promised for {told.on.isoformat()}" + (f": {told.note}" if told.note else "")
    else:
        review = told.review or today + timedelta(days=REVIEW_DAYS)
    return [
        holds.add(book, target, kind, reason, today, until, review, minor)
        for target, minor in _parts(book, account, told)
    ]


def _parts(book: CallHolds, account: AccountId, told: Told) -> list[tuple[holds.Target, int | None]]:
    whole, invoices = book.open_invoices(account)
    if told.invoice:
        named = [target for target in invoices if target.number == told.invoice]
        if not named:
            known = ", ".join(target.number for target in invoices[:10])
            raise holds.NoSuchTarget(f"{told.invoice!r} is no open invoice of the account (open: {known})")
        minor = None if told.amount is None else _minor(told.amount, named[0].currency)
        return [(named[0], minor)]
    if told.amount is None:
        return [(whole, None)]
    currencies = {target.currency for target in invoices}
    if len(currencies) != 1:
        raise BadHold("the account has invoices in several currencies: name one with --invoice")
    left = _minor(told.amount, currencies.pop())
    if left > sum(target.open_minor for target in invoices):
        raise BadHold(f"{told.amount} is more than is open on the account")
    found: list[tuple[holds.Target, int | None]] = []
    for target in invoices:
        if left <= 0:
            break
        found.append((target, None if left >= target.open_minor else left))
        left -= target.open_minor
    return found


def _minor(amount: Decimal, currency: str) -> int:
    minor = amount.scaleb(exponent(currency))
    if minor != int(minor) or minor <= 0:
        raise BadHold(f"{amount} is no amount in {currency}")
    return int(minor)


def check_outcome(
    outcome: Outcome, told: Told, at: datetime | None, again_at: datetime | None, now: datetime
) -> None:
    """Does what was told fit the outcome? Raises `ValueError`, which says what is missing or too much."""
    if outcome is Outcome.PROMISED and told.on is None:
        raise ValueError("the outcome promised needs --on, the day on which the customer pays")
    if outcome is Outcome.CALL_BACK and at is None:
        raise ValueError("the outcome call_back needs --at, when to call")
    if told.on is not None and outcome is not Outcome.PROMISED:
        raise ValueError("--on goes with the outcome promised")
    if at is not None and outcome is not Outcome.CALL_BACK:
        raise ValueError("--at goes with the outcome call_back")
    if (told.amount is not None or told.invoice) and outcome not in (Outcome.PROMISED, Outcome.DISPUTED):
        raise ValueError("--amount and --invoice go with the outcomes promised and disputed")
    if told.review is not None and outcome not in (Outcome.DISPUTED, Outcome.HARDSHIP):
        raise ValueError("--review goes with the outcomes disputed and hardship")
    if again_at is not None and (MEANING[outcome].again_after is None or outcome is Outcome.CALL_BACK):
        raise ValueError("--again-at goes with the outcomes voicemail, no_answer and busy")
    if any(when is not None and when < now for when in (at, again_at)):
        raise ValueError("the time to call again has passed")
    if not told.note.isprintable():
        raise ValueError("the note holds something that is no letter, such as a line break: write it in one line")


def _task(world: World, known: Known, waiting: Waiting) -> Task:
    delivery = waiting.delivery
    local = _clocks(known.standing.zones, world.now)
    task = Task(
        task=delivery.attempt,
        state=STARTED if waiting.state == STARTED else OVER,
        account=waiting.account,
        customer=waiting.customer,
        stage=STAGE_KEYS[waiting.stage],
        number=waiting.number,
        language="",
        sums=(),
        items=0,
        fell_due_on="",
        local=local,
        until=None,
        reason="",
        text="",
        warnings=(),
        tries=delivery.tries,
        started_at=waiting.started_at,
        started_by=waiting.started_by,
    )
    if waiting.state == STARTED:
        return task
    put_off = waiting.not_before if waiting.not_before > world.now else None
    answer = ask_again(world, known, delivery)
    if isinstance(answer, Wanted):
        task = _wanted(task, answer)
        if put_off is not None:
            text = "It was put off until then."
            return task._replace(state=LATER, reason=NOT_BEFORE, text=text, until=put_off)
        return task
    state = LATER if isinstance(answer, Postponed) else OVER
    until = answer.until if isinstance(answer, Postponed) else None
    if until is not None and put_off is not None:
        until = max(until, put_off)
    text = answer.text
    if isinstance(answer, Rerouted):
        text = f"{text} It goes on by {answer.to.channel}."
    elif isinstance(answer, Question):
        text = f"A person must decide first: {text}"
    return task._replace(state=state, reason=answer.reason, text=text, until=until)


def _wanted(task: Task, wanted: Wanted) -> Task:
    proposal = wanted.proposal
    return task._replace(
        state=NOW,
        language=proposal.recipient.language,
        sums=tuple((net.currency, net.net_minor) for net in proposal.nets if net.net_minor > 0),
        items=len(proposal.lines),
        fell_due_on=proposal.fell_due_on.isoformat(),
        until=wanted.permit.closes_at,
        warnings=tuple(warning.text for warning in wanted.permit.warnings),
    )


_RANK = {NOW: 0, STARTED: 1, LATER: 2, OVER: 3}
_FAR = "9999"


def _order(task: Task) -> tuple[int, str, int, int, str, int]:
    # Those that come later stand in the order in which they may come.
    soon = "" if task.state == NOW else (task.until.isoformat() if task.until is not None else _FAR)
    stage = next(number for number, key in STAGE_KEYS.items() if key == task.stage)
    most = max((minor for _, minor in task.sums), default=0)
    return _RANK[task.state], soon, -stage, -most, task.fell_due_on or _FAR, task.task


def _clocks(zones: Sequence[Zone], now: datetime) -> tuple[tuple[str, str], ...]:
    """What clocks show, one for each way they run; earliest first."""
    shown: dict[str, str] = {}
    for zone in zones:
        shown.setdefault(zone.local(now).strftime("%Y-%m-%d %H:%M"), zone.name)
    return tuple((name, time) for time, name in sorted(shown.items()))


def _statements(world: World, known: Known, proposal: Proposal) -> tuple[str, ...]:
    standing = known.standing
    books = world.law.of(standing.places, standing.debt, proposal.recipient.channel)
    return law_of_calls.statements(books.books, world.as_of)
