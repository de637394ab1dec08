"""The night of one creditor: decide, ask the law, claim; release only where the policy says so.

A night that is repeated, doubled or killed claims nothing twice, because a run does not. A run waits for a person
unless the creditor lets runs go by themselves; even then the first, and one far larger than usual, waits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from duewell.flows.decide_accounts import World
from duewell.flows.ports import CreditorView
from duewell.flows.run import RunStore, far_larger, run

WORKER: Final = "work"
"""Who made and released the runs of the nights, as the record says."""


class OwnRun(NamedTuple):
    """A run that a night made and that waits."""

    id: int
    proposals: int
    sizes_before: tuple[int, ...]
    """How many messages the latest runs before it claimed."""


class NightStore(RunStore, Protocol):
    """Where the runs of one creditor are kept."""

    def own_waiting(self, by: str) -> list[OwnRun]:
        """Runs of today's civil date that `by` made and that wait."""
        ...

    def let_go(self, run: int, by: str) -> int:
        """From waiting to released, in one transaction; the number of messages, or -1 if somebody was first."""
        ...


class Night(NamedTuple):
    """What a night did: messages claimed, of them released, and runs that wait because they are far larger."""

    run: int | None
    claimed: int
    released: int
    waiting: int
    """Messages of this day's runs that wait for a person."""


def night(
    creditor: CreditorView,
    world: World,
    store: NightStore,
    tell: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Night:
    """Claim what is due on the world's civil date, and release what may go by itself."""
    # Nothing leaves without a release, so claiming a run of any size is safe; its size is looked at below.
    ran = run(world, store, confirmed=True, tell=tell)
    released = waiting = 0
    for own in store.own_waiting(WORKER):
        may_go = (
            creditor.release_auto
            and not creditor.release_by_two
            and not far_larger(own.proposals, own.sizes_before)
        )
        if may_go:
            released += max(0, store.let_go(own.id, WORKER))
        else:
            waiting += own.proposals
    return Night(ran.run, ran.claimed, released, waiting)
