"""A run: held to its plan, guarded by its size, and decided again where the world moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from duewell.core.decide.stages import Stage
from duewell.flows import run as flow
from duewell.flows.decide_accounts import PlanLine, Planned, plan_hash

DAY = date(2026, 3, 10)
OPENS = datetime(2026, 3, 10, 7, tzinfo=UTC)


def line(account: int, body: bytes = b"same", stage: Stage = Stage.FIRST) -> PlanLine:
    return PlanLine(account, 0, account, account, "email", "en", int(stage), "demand", (), OPENS, OPENS, body)


def planned(lines: Sequence[PlanLine]) -> Planned:
    hash = plan_hash("acme", DAY, (each.body for each in lines))
    counts = {"first": len(lines)} if lines else {}
    return Planned(DAY, hash, list(lines), [], counts, {"paid": 3}, {}, {}, {})


class Kept:
    """A store that remembers one plan and what was claimed."""

    def __init__(self, plan: Planned | None = None, sizes: Sequence[int] = ()) -> None:
        self.plan = plan
        self.sizes = list(sizes)
        self.claimed: list[PlanLine] | None = None

    def plan_lines(self, hash: str) -> dict[int, bytes] | None:
        if self.plan is None or self.plan.hash != hash:
            return None
        return {each.account: each.body for each in self.plan.lines}

    def latest_sizes(self, count: int) -> list[int]:
        return self.sizes[:count]

    def claim(self, found: Planned, again: object) -> flow.Claimed:
        self.claimed = found.lines
        return flow.Claimed(1, found)


@pytest.fixture
def today(monkeypatch):
    """What deciding finds today, set by the test."""

    class Today:
        lines: Sequence[PlanLine] = ()

    monkeypatch.setattr(flow, "plan", lambda world, tell: planned(Today.lines))
    return Today


class World:
    """As much of the world as a run looks at by itself."""

    as_of = DAY

    class creditor:
        key = "acme"


def test_the_first_run_needs_a_second_yes_and_writes_nothing(today):
    today.lines = [line(1)]
    store = Kept()
    with pytest.raises(flow.FarLarger, match="first run"):
        flow.run(World, store)
    assert store.claimed is None


def test_a_run_that_claims_nothing_needs_no_yes(today):
    assert flow.run(World, Kept()).claimed == 0


@pytest.mark.parametrize(
    ("proposals", "latest", "stopped"),
    [
        (50, [1], False),  # never large below 51
        (51, [17], False),  # exactly three times
        (52, [17], True),
        (301, [100, 100, 1000], True),  # the median, not the mean
        (300, [100, 100, 1000], False),
        (60, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 100, 100], True),  # only the last ten count
    ],
)
def test_a_run_far_larger_than_usual_is_stopped(today, proposals, latest, stopped):
    today.lines = [line(n) for n in range(1, proposals + 1)]
    store = Kept(sizes=latest)
    if stopped:
        with pytest.raises(flow.FarLarger):
            flow.run(World, store)
        assert store.claimed is None
    else:
        assert flow.run(World, store).claimed == proposals


def test_a_run_held_to_a_plan_that_still_stands_does_exactly_that(today):
    today.lines = [line(1), line(2)]
    store = Kept(planned(today.lines))
    ran = flow.run(World, store, promised=store.plan.hash, confirmed=True)
    assert store.claimed == [line(1), line(2)]
    assert ran.plan == store.plan.hash


def test_a_run_that_would_differ_from_its_plan_is_refused_with_a_list(today):
    store = Kept(planned([line(1), line(2), line(3, b"old")]))
    today.lines = [line(2), line(3, b"new"), line(4)]
    with pytest.raises(flow.Moved) as moved:
        flow.run(World, store, promised=store.plan.hash, confirmed=True)
    assert moved.value.differences == (
        flow.Difference(1, b"same", None),
        flow.Difference(3, b"old", b"new"),
        flow.Difference(4, None, b"same"),
    )
    assert store.claimed is None


def test_unchanged_only_does_fewer_and_never_others(today):
    store = Kept(planned([line(1), line(2), line(3, b"old")]))
    today.lines = [line(2), line(3, b"new"), line(4)]
    ran = flow.run(World, store, promised=store.plan.hash, unchanged_only=True, confirmed=True)
    assert store.claimed == [line(2)]
    assert ran.planned.proposals == {"first": 1}
    assert ran.planned.rests == {"paid": 3, "not_in_plan": 2}
    assert ran.planned.accounts == 6, "every account is still counted once"
    assert ran.plan == plan_hash("acme", DAY, [b"same"])


def test_a_plan_that_nobody_made_is_refused(today):
    today.lines = [line(1)]
    with pytest.raises(flow.NoSuchPlan):
        flow.run(World, Kept(), promised="0" * 64, confirmed=True)
