"""Simulate: the present book for some days to come, under the strategies of today and under changed ones.

Who pays when is drawn from habits, alike for both; what is said follows, day by day, from the very same decide and
gate that a night asks, on values: nothing is written. A reminder changes nothing about when somebody pays.
Page: docs/algorithms/simulation.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Final, NamedTuple, TypeVar

from duewell.core.agree.holds import RESUMES_BY_ITSELF, Hold
from duewell.core.decide.stages import STAGE_KEYS
from duewell.core.decide.values import Case, Item, Rest, Strategy
from duewell.core.law.values import Contact, Refused
from duewell.core.learn import habit
from duewell.core.ledger.aging import bucket
from duewell.core.units.ids import AccountId, ReceivableId
from duewell.flows.coming import Days
from duewell.flows.decide_accounts import Held, PlanLine, World, latest_refusal, outcome_of
from duewell.flows.habits import Habits
from duewell.flows.ports import Known

MESSAGE, REFUSED, REVIEW, CASH, AFTER, BEFORE, LEFT = "message refused review cash after before left".split()
ITEMS_DRAWN: Final = 4000
"""An account with many invoices is drawn less often: so many invoices in all its draws. The draws repeat."""
_ONE_DAY: Final = timedelta(days=1)
_Value = TypeVar("_Value")


class Debtor(NamedTuple):
    """An account with something open, and the person behind it."""

    account: AccountId
    person: int


class Plan(NamedTuple):
    """What is to be simulated."""

    days: int
    seed: int
    draws: int


Key = tuple[str, ...]
"""What is counted: `(message, day, stage, channel)`, `(refused, rule)`, `(cash, day, currency)` and so on."""


class Totals:
    """Sums over those who are looked at: one for each draw, and what the sampling error needs."""

    def __init__(self, draws: int) -> None:
        self.draws = draws
        self.sums: dict[Key, list[int]] = defaultdict(lambda: [0] * draws)
        """By key, the total of each draw."""
        self.units: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
        """By key, over the persons: the sum of their totals over all draws, and that of its squares."""

    def add(self, of_draws: Sequence[Mapping[Key, int]]) -> None:
        """What happened around one person in each draw."""
        whole: Counter[Key] = Counter()
        for place, happened in enumerate(of_draws):
            for key, amount in happened.items():
                self.sums[key][place] += amount
                whole[key] += amount
                for broader in _broader(key):
                    self.sums[broader][place] += amount
                    whole[broader] += amount
        for key, amount in whole.items():
            found = self.units[key]
            found[0] += amount
            found[1] += amount * amount


class Simulated(NamedTuple):
    """What came out, for those who were looked at."""

    present: Totals
    changed: Totals
    start: dict[Key, int]
    """What is open today: `(left, currency, bucket)`."""
    accounts: int
    persons: int


def sample(debtors: Sequence[Debtor], most: int, seed: int) -> list[Debtor]:
    """Whole persons, as the seed draws them, until there are so many accounts; all, where there are fewer."""
    if len(debtors) <= most:
        return list(debtors)
    by_person: dict[int, list[Debtor]] = defaultdict(list)
    for debtor in debtors:
        by_person[debtor.person].append(debtor)
    chosen: list[Debtor] = []
    for person in sorted(by_person, key=lambda person: _place(seed, person)):
        if len(chosen) >= most:
            break
        chosen += by_person[person]
    return sorted(chosen)


def simulate(
    world: World,
    changed: Sequence[Strategy],
    chosen: Sequence[Debtor],
    habits: Habits,
    plan: Plan,
    days: Days,
    tell: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Simulated:
    """Play the days from `world.as_of` on.

    Args:
        changed: the strategies to compare with those of the world; the same where there is nothing to compare.
        chosen: whom to look at, every account of each person.
    """
    present, other = _Calendar(world, days), _Calendar(world._replace(strategies=changed), days)
    alike = tuple(changed) == tuple(world.strategies)
    found = Simulated(Totals(plan.draws), Totals(plan.draws), {}, len(chosen), 0)
    start: Counter[Key] = Counter()
    by_person: dict[int, list[AccountId]] = defaultdict(list)
    for debtor in chosen:
        by_person[debtor.person].append(debtor.account)
    persons = list(by_person.values())
    done = 0
    for group, knowns in _groups(world, persons):
        begin = [_tonight(known, world) for known in knowns]
        payments = _payments(begin, habits, plan, world.as_of)
        for known in begin:
            for item in known.case.items:
                start[LEFT, item.currency, bucket(item.due_on, world.as_of)] += item.open_minor
        found.present.add(_play(begin, payments, plan, present))
        if not alike:
            found.changed.add(_play(begin, payments, plan, other))
        done += len(group)
        if not done % 20 or done == len(chosen):
            tell("simulating", done, len(chosen))
    return found._replace(
        changed=found.present if alike else found.changed, start=dict(start), persons=len(persons)
    )


class _Calendar:
    """The world on each of the days, made once."""

    def __init__(self, world: World, days: Days) -> None:
        self.first = world.as_of
        self._world = world
        self._days = days
        self._known: dict[date, World] = {}

    def on(self, day: date) -> World:
        """The world of a civil date, as a night finds it."""
        found = self._known.get(day)
        if found is None:
            opens, closes = self._days.bounds(day)
            found = self._known[day] = self._world._replace(as_of=day, now=opens, day_start=opens, day_end=closes)
        return found

    def day_of(self, at: datetime) -> date:
        """The civil date of an instant."""
        return self._days.local(at).date()


class _State(NamedTuple):
    """One person's accounts on a day, and on which day each is to be asked again; None: never by itself."""

    knowns: tuple[Known, ...]
    asks: tuple[date | None, ...]
    said: tuple[str, ...]
    """By account, the rule that refused last: a refusal counts once, until its rule changes."""


class _Moment(NamedTuple):
    """What happened on a day, and how everything stands after it."""

    day: date
    keys: tuple[Key, ...]
    state: _State


class _Course:
    """What is said to a person from a state on while nobody pays: worked out as far as anybody asks."""

    def __init__(self, state: _State, calendar: _Calendar, last: date) -> None:
        self.first = state
        self._moments: list[_Moment] = []
        self._rest = _moments(state, calendar, last)
        self._over = False

    def before(self, day: date) -> list[_Moment]:
        """All that happens before a day."""
        while not self._over and (not self._moments or self._moments[-1].day < day):
            moment = next(self._rest, None)
            if moment is None:
                self._over = True
            else:
                self._moments.append(moment)
        return [moment for moment in self._moments if moment.day < day]


_Payment = tuple[date, int, ReceivableId]
"""Day, place of the account in the person's, invoice."""


def _play(
    begin: Sequence[Known], payments: Sequence[Sequence[_Payment]], plan: Plan, calendar: _Calendar
) -> list[Counter[Key]]:
    """Every draw of one person. Draws that begin alike share what they have in common."""
    as_of = calendar.first
    last = as_of + timedelta(days=plan.days - 1)
    state = _State(tuple(begin), (as_of,) * len(begin), ("",) * len(begin))
    courses: dict[tuple[_Payment, ...], _Course] = {(): _Course(state, calendar, last)}
    played: list[Counter[Key]] = []
    for drawn in payments:
        happened: Counter[Key] = Counter()
        so_far: tuple[_Payment, ...] = ()
        course = courses[so_far]
        place = 0
        while place < len(drawn):
            day = drawn[place][0]
            together = [payment for payment in drawn[place:] if payment[0] == day]
            place += len(together)
            moments = course.before(day)
            for moment in moments:
                happened.update(moment.keys)
            now = moments[-1].state if moments else course.first
            items = _items(now, {account for _, account, _ in together})
            for _, _, receivable in together:
                item = items[receivable]
                happened[CASH, day.isoformat(), item.currency] += item.open_minor
                happened[AFTER if item.reached else BEFORE, item.currency] += item.open_minor
            so_far = (*so_far, *together)
            known = courses.get(so_far)
            if known is None:
                known = courses[so_far] = _Course(_paid(now, together, day), calendar, last)
            course = known
        moments = course.before(last + _ONE_DAY)
        for moment in moments:
            happened.update(moment.keys)
        final = moments[-1].state if moments else course.first
        for known_then in final.knowns:
            for item in known_then.case.items:
                happened[LEFT, item.currency, bucket(item.due_on, last)] += item.open_minor
        played.append(happened)
    return [played[number % len(played)] for number in range(plan.draws)]


def _moments(state: _State, calendar: _Calendar, last: date) -> Iterator[_Moment]:
    """What follows day by day if nobody pays."""
    while True:
        waiting = [day for day in state.asks if day is not None]
        if not waiting or min(waiting) > last:
            return
        day = min(waiting)
        keys: list[Key] = []
        for place, asked in enumerate(state.asks):
            if asked == day:
                state = _asked(state, place, calendar, day, keys)
        yield _Moment(day, tuple(keys), state)


def _asked(state: _State, place: int, calendar: _Calendar, day: date, keys: list[Key]) -> _State:
    world, known = calendar.on(day), state.knowns[place]
    if world.day_end > min(zone.ends for zone in known.standing.zones):
        # So far ahead nobody knows the clocks of the place.
        return _next(state, place, None)
    outcome = outcome_of(world, known)
    if isinstance(outcome, Rest):
        ends = [reason.until for reason in outcome.reasons]
        if None in ends:
            return _next(state, place, None)
        return _next(state, place, max(day + _ONE_DAY, *(end for end in ends if end is not None)))
    if isinstance(outcome, PlanLine):
        keys.append((MESSAGE, day.isoformat(), STAGE_KEYS[outcome.stage], outcome.channel))
        return _next(_told(state, place, outcome, day), place, day + _ONE_DAY)
    return _held(state, place, outcome, calendar, day, keys)


def _held(state: _State, place: int, held: Held, calendar: _Calendar, day: date, keys: list[Key]) -> _State:
    if not isinstance(held.outcome, Refused):
        keys.append((REVIEW, held.outcome.questions[0].rule))
        return _next(state, place, None)
    rule = latest_refusal(held.outcome).rule
    if state.said[place] != rule:
        keys.append((REFUSED, rule))
        state = state._replace(said=_set(state.said, place, rule))
    ends = [refusal.until for refusal in held.outcome.refusals if refusal.until is not None]
    # Of several channels one may be free before the last refusal ends.
    return _next(state, place, max(calendar.day_of(min(ends)), day + _ONE_DAY) if ends else None)


def _told(state: _State, place: int, line: PlanLine, day: date) -> _State:
    """The message is taken to leave on its day and to be accepted."""
    known = state.knowns[place]
    reached = {advance.receivable: advance.stage for advance in line.advances}
    items = tuple(
        [
            item._replace(reached=reached[item.id], reached_on=day) if item.id in reached else item
            for item in known.case.items
        ]
    )
    told = known._replace(case=known.case._replace(items=items, last_message_on=day))
    contact = Contact(line.opens_at, line.channel, known.case.account)
    # The law counts by person: every account of the person hears of it.
    knowns = tuple(
        [
            each._replace(standing=each.standing._replace(contacts=(*each.standing.contacts, contact)))
            for each in _set(state.knowns, place, told)
        ]
    )
    return state._replace(knowns=knowns, said=_set(state.said, place, ""))


def _paid(state: _State, together: Sequence[_Payment], day: date) -> _State:
    gone = {receivable for _, _, receivable in together}
    for place in {place for _, place, _ in together}:
        known = state.knowns[place]
        items = tuple([item for item in known.case.items if item.id not in gone])
        knowns = _set(state.knowns, place, known._replace(case=known.case._replace(items=items)))
        state = state._replace(knowns=knowns, asks=_set(state.asks, place, day))
    return state


def _next(state: _State, place: int, day: date | None) -> _State:
    return state._replace(asks=_set(state.asks, place, day))


def _tonight(known: Known, world: World) -> Known:
    """The account as the nights to come find it: what is under way today is taken to leave today, lists keep
    coming, and credits are no invoices.
    """
    case: Case = known.case
    items = tuple([item for item in case.items if item.open_minor > 0])
    standing = known.standing
    last = case.last_message_on
    if case.in_flight is not None:
        items = tuple([_claimed(item, world.as_of) for item in items])
        last = world.as_of
        channel = case.recipients[0].channel if case.recipients else "email"
        contact = Contact(world.now, channel, case.account)
        standing = standing._replace(contacts=(*standing.contacts, contact))
    case = case._replace(items=items, in_flight=None, books_too_old=False, last_message_on=last)
    return known._replace(case=case, standing=standing)


def _claimed(item: Item, day: date) -> Item:
    if item.claimed is None:
        return item
    return item._replace(reached=item.claimed, reached_on=day, claimed=None)


def _payments(begin: Sequence[Known], habits: Habits, plan: Plan, as_of: date) -> list[list[_Payment]]:
    """Of each draw, which invoice is paid on which day, in the order of the days.

    What is held for a reason that no day ends is not expected to be paid.
    """
    expected: list[tuple[int, ReceivableId, habit.Chances]] = []
    for place, known in enumerate(begin):
        curve = habits.curve(known.case.account, known.case.segment)
        if _stuck(known.case.holds, as_of):
            continue
        by_age: dict[int, habit.Chances] = {}
        for item in known.case.items:
            if _stuck(item.holds, as_of):
                continue
            late = (as_of - item.due_on).days
            if late not in by_age:
                by_age[late] = habit.chances(curve, late, plan.days - 1)
            expected.append((place, item.id, by_age[late]))
    count = max(1, min(plan.draws, ITEMS_DRAWN // max(1, len(expected))))
    drawn: list[list[_Payment]] = []
    for number in range(count):
        payments: list[_Payment] = []
        for place, receivable, chances in expected:
            day = chances.day_of(habit.draw(plan.seed, receivable, number))
            if day is not None:
                payments.append((as_of + timedelta(days=day), place, receivable))
        payments.sort()
        drawn.append(payments)
    return drawn


def _stuck(holds: Sequence[Hold], as_of: date) -> bool:
    return any(
        hold.amount_minor is None and hold.kind not in RESUMES_BY_ITSELF and hold.active_on(as_of)
        for hold in holds
    )


def _groups(world: World, persons: Sequence[Sequence[AccountId]]) -> Iterator[tuple[list[AccountId], list[Known]]]:
    """Person by person, the accounts and what is known of them; read many at a time."""
    order = [account for accounts in persons for account in accounts]
    known = world.cases(order, world.as_of, world.now)
    waiting = next(known, None)
    for accounts in persons:
        group: list[Known] = []
        wanted = set(accounts)
        while waiting is not None and waiting.case.account in wanted:
            group.append(waiting)
            waiting = next(known, None)
        if group:
            yield list(accounts), group


def _items(state: _State, places: Iterable[int]) -> dict[ReceivableId, Item]:
    return {item.id: item for place in places for item in state.knowns[place].case.items}


def _set(values: tuple[_Value, ...], place: int, value: _Value) -> tuple[_Value, ...]:
    return (*values[:place], value, *values[place + 1 :])


def _place(seed: int, person: int) -> bytes:
    return blake2b(f"{seed}/{person}".encode(), digest_size=8).digest()


def _broader(key: Key) -> list[Key]:
    """Sums that are wanted beside each count."""
    if key[0] == MESSAGE:
        return [(MESSAGE,), (MESSAGE, "", key[2], key[3])]
    if key[0] == CASH:
        return [(CASH, "", key[2])]
    if key[0] == LEFT:
        return [(LEFT, key[1])]
    return [(key[0],)] if key[0] in (REFUSED, REVIEW) else []
