"""Two hundred days of one account: payments, undone payments, holds, lost messages, another strategy.

A diary kept beside the core checks each message against what really happened: no stage is skipped, none comes
early, distances and gaps are kept, nobody is asked for what is paid or held.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from types import SimpleNamespace
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from duewell.core.agree.holds import Hold, HoldKind
from duewell.core.decide import decide
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import (
    Calendar,
    Case,
    Condition,
    Forecast,
    Item,
    Proposal,
    Recipient,
    Step,
    Strategy,
)
from duewell.core.units.ids import (
    AccountId,
    CreditorId,
    HoldId,
    MessageId,
    PartyId,
    PersonId,
    PointId,
    ReceivableId,
)
from tests.generators import strategies
from tests.plain import stages as plain

NOTHING = Forecast()
CORE = SimpleNamespace(decide=decide)
START = date(2026, 1, 5)
DAYS = 200
ONE_DAY = timedelta(days=1)


class Message(NamedTuple):
    """A message under way, and the day on which it will be known what became of it."""

    proposal: Proposal
    settles_on: date
    arrives: bool


class Walk:
    """One account, day by day."""

    def __init__(self, core: SimpleNamespace, chance: random.Random, offered: list[Strategy]) -> None:
        self.core = core
        self.chance = chance
        self.offered = offered
        self.strategy = offered[0]
        self.items: dict[ReceivableId, Item] = {}
        self.paid: dict[ReceivableId, Item] = {}
        self.holds: list[Hold] = []
        self.credit = 0
        self.message: Message | None = None
        self.left_on: date | None = None
        self.diary: dict[ReceivableId, list[tuple[date, Stage]]] = {}

    def go(self) -> int:
        """Walk all days; returns how many messages arrived."""
        for ahead in range(DAYS):
            today = START + timedelta(days=ahead)
            for event in (self.invoice, self.payment, self.undoing, self.hold, self.hold_end, self.other_strategy):
                if self.chance.random() < 0.08:
                    event(today)
            self.settle(today)
            self.ask(today)
        return sum(len(pages) for pages in self.diary.values())

    def invoice(self, today: date) -> None:
        id = ReceivableId(len(self.diary) + 1)
        due_on = today + timedelta(days=self.chance.randint(-20, 14))
        minor = self.chance.choice([1, 400, 900, 2500])
        currency = self.chance.choice(["EUR", "EUR", "USD"])
        self.items[id] = Item(id, f"INV-{id}", due_on, due_on, currency, minor, Stage.NONE, None, (), None)
        self.diary[id] = []

    def payment(self, today: date) -> None:
        if not self.items:
            self.credit = self.chance.choice([0, 500])
            return
        id = self.chance.choice(list(self.items))
        item = self.items[id]
        if self.chance.random() < 0.3 and item.open_minor > 1:
            self.items[id] = item._replace(open_minor=item.open_minor - 1)
        else:
            self.paid[id] = self.items.pop(id)

    def undoing(self, today: date) -> None:
        if self.paid:
            id = self.chance.choice(list(self.paid))
            self.items[id] = self.paid.pop(id)

    def hold(self, today: date) -> None:
        kind = self.chance.choice(list(HoldKind))
        resumes = kind in (HoldKind.PROMISE, HoldKind.GRACE)
        ends = today + timedelta(days=self.chance.randint(1, 9))
        id = self.chance.choice([None, *self.items]) if self.items else None
        part = self.chance.choice([None, 100]) if id is not None else None
        made = Hold(
            HoldId(self.chance.randint(1, 999)),
            kind,
            id,
            part,
            today,
            ends if resumes else None,
            None if resumes else ends,
            None if resumes else ends + timedelta(days=self.chance.randint(0, 9)),
            "drawn",
        )
        if id is None:
            self.holds.append(made)
        else:
            self.items[id] = self.items[id]._replace(holds=(*self.items[id].holds, made))

    def hold_end(self, today: date) -> None:
        self.holds = [hold._replace(ended_on=max(today, hold.starts_on)) for hold in self.holds]

    def other_strategy(self, today: date) -> None:
        self.strategy = self.chance.choice(self.offered)

    def settle(self, today: date) -> None:
        """What became of the message under way: it arrived and its invoices move, or nothing does."""
        if self.message is None or today < self.message.settles_on:
            return
        for id, stage in self.message.proposal.advances if self.message.arrives else ():
            where = self.items if id in self.items else self.paid
            where[id] = where[id]._replace(reached=stage, reached_on=today)
            self.diary[id].append((today, stage))
        if self.message.arrives:
            self.left_on = today
        self.message = None

    def ask(self, today: date) -> None:
        case = self.case()
        outcome = self.core.decide.decide(case, self.strategy, NOTHING, today)
        if not isinstance(outcome, Proposal):
            return
        self.check(outcome, case, today)
        settles_on = today + timedelta(days=self.chance.choice([0, 0, 0, 1, 4]))
        self.message = Message(outcome, settles_on, self.chance.random() < 0.8)
        self.settle(today)

    def case(self) -> Case:
        claims = dict(self.message.proposal.advances) if self.message else {}
        return Case(
            account=AccountId(1),
            creditor=CreditorId(1),
            version=0,
            kind="business",
            country="DE",
            segment="",
            items=tuple(item._replace(claimed=claims.get(id)) for id, item in self.items.items()),
            credits=(("EUR", self.credit),) if self.credit else (),
            holds=tuple(self.holds),
            recipients=(Recipient(PartyId(1), PersonId(1), PointId(1), "email", "en"),),
            missing=(),
            last_message_on=self.left_on,
            in_flight=MessageId("m") if self.message else None,
            reviews=(),
            books_too_old=False,
            calendar=Calendar(frozenset({5, 6}), frozenset()),
        )

    def check(self, proposal: Proposal, case: Case, today: date) -> None:
        """Hold one proposal against everything that happened."""
        assert self.message is None
        assert not any(plain.holds_on(hold, today) for hold in self.holds)
        if self.left_on is not None:
            assert (today - self.left_on).days >= max(1, self.strategy.least_gap_days)
        assert proposal.advances
        assert proposal.stage == max(stage for _, stage in proposal.advances)
        for line in proposal.lines:
            item = self.items[line.receivable]
            assert line.asked_minor == plain.asked_of(item, today) > 0
            assert item.due_on <= today or self.has_come(item, case, today), "listed too early"
        listed = {line.receivable for line in proposal.lines}
        for id, stage in proposal.advances:
            assert id in listed
            self.check_step(self.items[id], stage, case, today)

    def has_come(self, item: Item, case: Case, today: date) -> bool:
        """Did a step fall due for the item? It is listed then, even where too little is due for it to move."""
        step = plain.next_step(item, case, self.strategy, today)
        return step is not None and plain.has_come(item, step, self.strategy, today)

    def check_step(self, item: Item, stage: Stage, case: Case, today: date) -> None:
        """The step is the next one, and its day has come."""
        pages = self.diary[item.id]
        reached_on, reached = pages[-1] if pages else (None, Stage.NONE)
        assert stage > reached
        (step,) = [step for step in self.strategy.steps if step.stage == stage]
        before = [other.offset_days for other in self.strategy.steps if other.stage <= reached]
        assert (today - item.due_on).days >= step.offset_days
        if step.offset_days > 0:
            assert (today - item.due_on).days > self.strategy.grace_days
        if reached_on is not None and before:
            assert (today - reached_on).days >= step.offset_days - before[-1]
        for other in self.strategy.steps:
            if reached < other.stage < stage:
                assert self.may_be_left_out(other, item, reached_on, before, case, today), other

    def may_be_left_out(
        self, step: Step, item: Item, reached_on: date | None, before: list[int], case: Case, today: date
    ) -> bool:
        """A step may be left out if it is for others, or speaks of days before the due date that are past."""
        if not plain.is_for(step.condition, case, today):
            return True
        too_late = today > item.due_on
        if reached_on is not None and before:
            lands_on = reached_on + timedelta(days=step.offset_days - before[-1])
            too_late = too_late or lands_on > item.due_on
        return step.offset_days < 0 and too_late


@st.composite
def walks(draw):
    """A seed and the strategies the account comes under."""
    return draw(st.integers(0, 2**32)), draw(st.lists(strategies.strategies(), min_size=1, max_size=2))


def keeps_every_rule(core, walk):
    seed, offered = walk
    # Everything goes by e-mail here: addresses are another question.
    reachable = [
        one._replace(steps=tuple(step._replace(channels=("email",)) for step in one.steps)) for one in offered
    ]
    return Walk(core, random.Random(seed), reachable).go()


@given(walks())
def test_two_hundred_days_keep_every_rule(walk):
    keeps_every_rule(CORE, walk)


def test_walks_come_by_many_messages():
    chance = random.Random(7)
    ladder = strategies.STAGES[:6]
    steps = tuple(
        Step(stage, place * 5 - 3, ("email",), "kind", False, None) for place, stage in enumerate(ladder)
    )
    strategy = Strategy("plain", "0" * 64, "Plain", Condition(), 2, (), 3, steps)
    assert sum(Walk(CORE, random.Random(chance.random()), [strategy]).go() for _ in range(10)) > 200
