"""Run: decide, ask the law, claim. What is claimed waits until somebody lets it go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import NamedTuple, Protocol

from duewell.core.decide.stages import STAGE_KEYS
from duewell.core.decide.values import Reason, Rest
from duewell.core.units.ids import AccountId
from duewell.flows.decide_accounts import Held, PlanLine, Planned, World, decide_accounts, plan, plan_hash

USUAL_RUNS = 10
FAR_LARGER = 3
NEVER_LARGE_BELOW = 50


class Moved(Exception):
    """The world moved since the plan was made: these accounts would now get something else, or nothing."""

    def __init__(self, differences: Sequence[Difference]) -> None:
        super().__init__(f"{len(differences)} account(s) differ from the plan")
        self.differences = differences


class NoSuchPlan(Exception):
    """No plan with this hash was made for this creditor."""


class FarLarger(Exception):
    """The run is far larger than usual, or the first: somebody must say yes a second time."""

    def __init__(self, proposals: int, usual: int | None) -> None:
        self.proposals = proposals
        self.usual = usual
        compared = "it is the first run" if usual is None else f"a usual run has {usual}"
        super().__init__(f"{proposals} messages would be claimed, and {compared}")


class Difference(NamedTuple):
    """One account that is not as the plan said. `was` and `now` are canonical JSON; None where nothing."""

    account: AccountId
    was: bytes | None
    now: bytes | None


class Claimed(NamedTuple):
    """What a run wrote. `run` is None where nothing was left to be written."""

    run: int | None
    planned: Planned
    """As it was when it was written: accounts that had moved meanwhile were decided again."""


class RunStore(Protocol):
    """Where plans and runs are kept."""

    def plan_lines(self, hash: str) -> dict[AccountId, bytes] | None:
        """The stored proposals of a plan, or None where there is no such plan."""
        ...

    def latest_sizes(self, count: int) -> list[int]:
        """How many messages the latest runs claimed, runs that claimed none left out."""
        ...

    def claim(
        self, planned: Planned, again: Callable[[Sequence[AccountId]], list[PlanLine | Held | Rest]]
    ) -> Claimed:
        """Write run, messages, claims, attempts and facts in one transaction.

        Accounts that moved since they were read are decided `again` inside it.
        """
        ...


class Ran(NamedTuple):
    """The outcome of a run. `run` is None where nothing was to be claimed."""

    planned: Planned
    run: int | None
    plan: str
    claimed: int
    left_out: tuple[Difference, ...]


def run(
    world: World,
    store: RunStore,
    *,
    promised: str | None = None,
    unchanged_only: bool = False,
    confirmed: bool = False,
    tell: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Ran:
    """Claim what is due today, at most once whatever is repeated, doubled or killed.

    Args:
        promised: hash of the plan the person saw; the run then does exactly that.
        unchanged_only: with `promised`, do the lines that still stand: fewer, never others.
        confirmed: somebody said yes to a run far larger than usual, or to the first.

    Raises:
        NoSuchPlan: there is no plan with that hash.
        Moved: something would differ from the plan; nothing was written.
        FarLarger: needs `confirmed`; nothing was written.
    """
    planned = plan(world, tell)
    left_out: tuple[Difference, ...] = ()
    if promised is not None:
        planned, left_out = _as_promised(world, store, planned, promised, unchanged_only)
    if not confirmed and planned.lines:
        _check_size(len(planned.lines), store.latest_sizes(USUAL_RUNS))
    if not planned.lines and not planned.held:
        return Ran(planned, None, planned.hash, 0, left_out)
    allowed = {line.account: line.body for line in planned.lines}

    def again(accounts: Sequence[AccountId]) -> list[PlanLine | Held | Rest]:
        outcomes = list(decide_accounts(world, accounts))
        if promised is None:
            return outcomes
        # The promise holds inside the transaction too: what moved is left out, never changed.
        return [
            Rest(outcome.account, (_NOT_IN_PLAN,))
            if isinstance(outcome, PlanLine) and allowed.get(outcome.account) != outcome.body
            else outcome
            for outcome in outcomes
        ]

    claimed = store.claim(planned, again)
    done = claimed.planned
    return Ran(done, claimed.run, done.hash, len(done.lines), left_out)


def _as_promised(
    world: World, store: RunStore, planned: Planned, promised: str, unchanged_only: bool
) -> tuple[Planned, tuple[Difference, ...]]:
    if planned.hash == promised:
        return planned, ()
    was = store.plan_lines(promised)
    if was is None:
        raise NoSuchPlan(promised)
    differences = tuple(differing(was, {line.account: line.body for line in planned.lines}))
    if not unchanged_only:
        raise Moved(differences)
    kept = [line for line in planned.lines if was.get(line.account) == line.body]
    rests = dict(planned.rests)
    if left := len(planned.lines) - len(kept):
        rests[_NOT_IN_PLAN.rule] = left
    proposals = Counter(STAGE_KEYS[line.stage] for line in kept)
    hash = plan_hash(world.creditor.key, world.as_of, (line.body for line in kept))
    return planned._replace(lines=kept, hash=hash, proposals=dict(proposals), rests=rests), differences


def differing(was: Mapping[AccountId, bytes], now: Mapping[AccountId, bytes]) -> list[Difference]:
    """Accounts whose line is not the same in both, ascending."""
    return [
        Difference(account, was.get(account), now.get(account))
        for account in sorted(was.keys() | now.keys())
        if was.get(account) != now.get(account)
    ]


_NOT_IN_PLAN = Reason("not_in_plan", "What it would get now is not what the plan said.", "plan", None)


def far_larger(proposals: int, sizes: Sequence[int]) -> bool:
    """Whether a run is far larger than the latest ones, or the first: a person looks at it before it goes."""
    return not sizes or (proposals > NEVER_LARGE_BELOW and proposals > FAR_LARGER * int(median(sizes)))


def _check_size(proposals: int, sizes: Sequence[int]) -> None:
    if far_larger(proposals, sizes):
        raise FarLarger(proposals, int(median(sizes)) if sizes else None)
