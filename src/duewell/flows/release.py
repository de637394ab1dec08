"""Release: a person lets a run go out, or takes it back before anything left."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class CannotRelease(Exception):
    """The run cannot be let go or taken back; the message says why and what to do."""


class RunView(NamedTuple):
    """A run as it stands. `state` is `waiting`, `released` or `withdrawn`."""

    id: int
    creditor: str
    as_of: str
    state: str
    proposals: int
    plan: str
    made_by: str
    decided_by: str


class ReleaseStore(Protocol):
    """Where runs wait."""

    def view(self, run: int) -> RunView | None:
        """The run, or None."""
        ...

    def let_go(self, run: int, by: str) -> int:
        """From waiting to released, in one transaction; the number of messages, or -1 if somebody was first."""
        ...

    def take_back(self, run: int, by: str, reason: str) -> int:
        """Withdraw what has not left and free its claims; the number of messages, or -1 if it was withdrawn."""
        ...


def release(store: ReleaseStore, run: int, by: str, *, by_two: bool) -> tuple[RunView, int]:
    """Let a waiting run go out. Releasing a released run again changes nothing.

    Returns: the run as it stands now and how many messages this call let go.

    Raises:
        CannotRelease: no such run, it was withdrawn, or the policy wants a second person.
    """
    found = _view(store, run)
    if found.state == "released":
        return found, 0
    if found.state == "withdrawn":
        raise CannotRelease(f"run {run} was withdrawn: make a new one with `duewell run`")
    if by_two and by == found.made_by:
        raise CannotRelease(
            f"run {run} was made by {by}: the policy of {found.creditor} wants another person to release it"
        )
    let_go = max(store.let_go(run, by), 0)
    return _view(store, run), let_go


def withdraw(store: ReleaseStore, run: int, by: str, reason: str) -> tuple[RunView, int]:
    """Take back what has not left yet: its claims are free again, and the next run decides anew.

    Raises:
        CannotRelease: no such run.
    """
    if _view(store, run).state == "withdrawn":
        return _view(store, run), 0
    taken = max(store.take_back(run, by, reason), 0)
    return _view(store, run), taken


def _view(store: ReleaseStore, run: int) -> RunView:
    found = store.view(run)
    if found is None:
        raise CannotRelease(f"there is no run {run}: `duewell release` lists those that wait")
    return found
