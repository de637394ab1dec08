"""The outbox as a flow sees it: deliveries that are to be made, and what is written of each on its way."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from duewell.core.contact.view import View
from duewell.core.decide.values import Advance, Proposal, Recipient
from duewell.core.law.values import Permit
from duewell.flows.ports import Known
from duewell.flows.transport import Closed, Envelope


class Delivery(NamedTuple):
    """One attempt to be made, as it lies in the outbox."""

    attempt: int
    message: str
    account: int
    person: int
    point: int
    """The contact point it was planned for."""
    tries: int
    """How often the server has put this message off before."""
    advances: tuple[Advance, ...]
    """What the message claimed when it was planned."""
    channel: str = "email"
    role: str = ""
    """Of a copy: as what its recipient stands on the account; empty for the message itself."""
    party: int | None = None
    """Of a copy: who gets it."""


class Wanted(NamedTuple):
    """A delivery that strategy and law permit now."""

    delivery: Delivery
    known: Known
    proposal: Proposal
    permit: Permit
    house: int
    """The version of the creditor that was read."""


class Rendered(NamedTuple):
    """The bytes of one message, and the parts from which they can be rebuilt."""

    envelope: Envelope
    parts: tuple[bytes, ...]
    """Headers, text, HTML, and what goes along; end to end they are the envelope's data."""


class Draft(NamedTuple):
    """A wanted delivery with the bytes that would leave."""

    wanted: Wanted
    rendered: Rendered

    @property
    def attempt(self) -> int:
        """Of the delivery."""
        return self.wanted.delivery.attempt


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


class Rerouted(NamedTuple):
    """The law no longer permits the channel, and one that the step names after it is taken."""

    delivery: Delivery
    reason: str
    text: str
    to: Recipient


class Question(NamedTuple):
    """The law wants a person to decide; the message ends and the question is put."""

    delivery: Delivery
    reason: str
    text: str


Aside = Withheld | Postponed | Rerouted | Question


class Finished(NamedTuple):
    """How one attempt ended."""

    draft: Draft
    outcome: Closed
    retry_at: datetime | None
    """When a deferred message is tried again; None where it is given up."""
    counts: bool = True
    """A deferral that tells nothing about the message, such as a server that is down, is no try of it."""


class Outbox(Protocol):
    """The attempts of one creditor that are to be made, as one worker sees them; keeps marks and facts."""

    def halted(self) -> bool:
        """Is the kill switch on?"""
        ...

    def take(self, limit: int) -> list[Delivery]:
        """Lease up to `limit` attempts whose time has come, those that wait longest first; none twice."""
        ...

    def views(self, wanted: Sequence[Wanted]) -> Mapping[int, View]:
        """What the messages show besides their proposals, by attempt."""
        ...

    def start(self, drafts: Sequence[Draft]) -> set[int]:
        """Write the started marks of those whose account and person are as they were read; their attempts.

        At most one for each person. None while the kill switch is on.
        """
        ...

    def closing(self, drafts: Sequence[Draft]) -> tuple[set[int], float]:
        """Write the closing marks of those this worker still holds and still may send.

        Returns their attempts, and the second, by `Desk.seconds`, at which the commit was begun: a worker that is
        stopped at any later point finds that time has gone.
        """
        ...

    def finish(self, finished: Sequence[Finished]) -> None:
        """Write how attempts ended and what follows: stages reached, claims freed, retries, questions.

        What another worker has taken over is left alone.
        """
        ...

    def set_aside(self, items: Sequence[Aside]) -> None:
        """Write why these do not go out now."""
        ...

    def let_go(self) -> None:
        """Give back what was leased and not started."""
        ...


def one_per_person(queue: deque[Delivery], count: int) -> list[Delivery]:
    """Two messages to one person are never read together: the second is decided when the first has counted."""
    chosen: list[Delivery] = []
    persons: set[int] = set()
    later: list[Delivery] = []
    while queue and len(chosen) < count:
        delivery = queue.popleft()
        if delivery.person in persons:
            later.append(delivery)
        else:
            persons.add(delivery.person)
            chosen.append(delivery)
    queue.extendleft(reversed(later))
    return chosen
