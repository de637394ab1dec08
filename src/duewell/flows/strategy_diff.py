"""What a changed strategy would do differently on one day, account by account. Writes nothing.

The planning of `decide_accounts` is asked twice of the very same values: with the strategies of today, and with
the changed ones.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from duewell.core.decide.values import Condition, Rest, Strategy
from duewell.core.units.ids import AccountId
from duewell.flows.decide_accounts import Held, PlanLine, World, counted, outcome_of

Outcome = PlanLine | Held | Rest

NEW_MESSAGE: Final = "new_message"
NO_MESSAGE: Final = "no_message"
OTHER_STAGE: Final = "other_stage"
OTHER_CHANNEL: Final = "other_channel"
OTHER_TONE: Final = "other_tone"
OTHER_CONTENT: Final = "other_content"
OTHER_REST: Final = "other_rest"
KINDS: Final = {
    NEW_MESSAGE: "would get a message, and gets none today",
    NO_MESSAGE: "would get no message any more",
    OTHER_STAGE: "another stage",
    OTHER_CHANNEL: "another channel",
    OTHER_TONE: "another tone",
    OTHER_CONTENT: "other invoices, sums or ways of sending",
    OTHER_REST: "no message either way, for another reason",
}
"""Every kind of difference; an account counts once, under the first that is true of it."""


class CannotChange(Exception):
    """The strategies cannot be changed in this way."""


class Changed(NamedTuple):
    """The strategies of a creditor before and after, in the order in which they are tried."""

    present: tuple[Strategy, ...]
    changed: tuple[Strategy, ...]
    how: str
    """`replaces` the one of its key, stands `instead_of` another, or is `added`."""
    replaced: str
    """Key of the strategy it replaces; empty where it is added."""


class Difference(NamedTuple):
    """One account whose outcome would differ."""

    account: AccountId
    kind: str
    was: Outcome
    now: Outcome


class Page(NamedTuple):
    """Some differences, ascending by account."""

    counts: dict[str, int] | None
    """Of the whole book, by kind; None on a page that does not begin at the first account."""
    lines: tuple[Difference, ...]
    more: bool


def change(present: Sequence[Strategy], given: Strategy, instead_of: str = "") -> Changed:
    """The strategies with this one in the place of the one of its key, in that of another, or added.

    One that is added stands before the first that is for every account: behind it, it would never be reached.

    Raises:
        CannotChange: `instead_of` is not among them, or the key would stand there twice.
    """
    keys = [strategy.key for strategy in present]
    known = ", ".join(keys) or "none"
    if instead_of and instead_of not in keys:
        raise CannotChange(f"the creditor has no strategy {instead_of!r} (it has: {known})")
    if instead_of and instead_of != given.key and given.key in keys:
        raise CannotChange(f"the creditor has {given.key!r} already, so it cannot stand instead of {instead_of!r}")
    replaced = instead_of or (given.key if given.key in keys else "")
    if replaced:
        changed = [given if strategy.key == replaced else strategy for strategy in present]
        how = "replaces" if replaced == given.key else "instead_of"
        return Changed(tuple(present), tuple(changed), how, replaced)
    place = next((at for at, strategy in enumerate(present) if strategy.condition == Condition()), len(present))
    return Changed(tuple(present), (*present[:place], given, *present[place:]), "added", "")


def differences(
    world: World,
    changed: Sequence[Strategy],
    accounts: Sequence[AccountId],
    tell: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Iterator[Difference]:
    """What would differ if `changed` were the strategies of the world, one account at a time.

    Args:
        accounts: in any order, those on which the two may differ.
    """
    other = world._replace(strategies=changed)
    total = len(accounts)
    for done, known in enumerate(world.cases(accounts, world.as_of, world.now), 1):
        found = difference(known.case.account, outcome_of(world, known), outcome_of(other, known))
        if found is not None:
            yield found
        if not done % 1000 or done == total:
            tell("comparing", done, total)


def first_page(found: Iterable[Difference], limit: int) -> Page:
    """The counts of all differences, and the first `limit` of them; no more are kept."""
    counts: Counter[str] = Counter()
    lines: list[Difference] = []
    for one in found:
        counts[one.kind] += 1
        if len(lines) < limit:
            lines.append(one)
    told = {kind: counts[kind] for kind in KINDS if counts[kind]}
    return Page(told, tuple(lines), sum(told.values()) > len(lines))


def later_page(found: Iterator[Difference], limit: int) -> Page:
    """Up to `limit` differences; it looks no further than to know whether there are more."""
    lines = tuple(islice(found, limit))
    return Page(None, lines, len(lines) == limit and next(found, None) is not None)


def difference(account: AccountId, was: Outcome, now: Outcome) -> Difference | None:
    """How two outcomes of one account differ; None where they do not.

    Two messages differ where the bodies of the plan do, apart from key and version of the strategy. The day until
    which an account rests is no difference.
    """
    if isinstance(was, PlanLine) and isinstance(now, PlanLine):
        kind = _of_messages(was, now)
        return None if kind is None else Difference(account, kind, was, now)
    if isinstance(now, PlanLine):
        return Difference(account, NEW_MESSAGE, was, now)
    if isinstance(was, PlanLine):
        return Difference(account, NO_MESSAGE, was, now)
    return None if counted(was) == counted(now) else Difference(account, OTHER_REST, was, now)


def differs_in(was: Outcome, now: Outcome) -> tuple[str, ...]:
    """The parts in which two messages differ, by the names that the plan has for them; empty for anything else."""
    if not (isinstance(was, PlanLine) and isinstance(now, PlanLine)):
        return ()
    before, after = _content(was), _content(now)
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def _of_messages(was: PlanLine, now: PlanLine) -> str | None:
    before, after = _content(was), _content(now)
    if before == after:
        return None
    if was.stage != now.stage:
        return OTHER_STAGE
    if (was.channel, was.point) != (now.channel, now.point):
        return OTHER_CHANNEL
    return OTHER_TONE if before["tone"] != after["tone"] else OTHER_CONTENT


def _content(line: PlanLine) -> dict[str, Any]:
    """What the plan says of a message, whatever strategy wants it."""
    body: dict[str, Any] = json.loads(line.body)
    return {name: value for name, value in body.items() if name not in ("strategy", "strategy_digest")}
