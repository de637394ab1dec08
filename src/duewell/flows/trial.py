"""Trial: each text of a strategy, sent to oneself. No mark, no claim, no fact, nothing a customer ever sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

from duewell.core.decide.values import Step, Strategy
from duewell.flows.transport import Accepted, Closed, Envelope, Ready, Transport

A_DAY_MAX: Final = 60
"""So many trial mails a day leave one home: enough for every text of some strategies, too few for any harm."""


class CannotTry(Exception):
    """The trial is refused; the message says why and what to do."""


class Addresses(Protocol):
    """Who is known under an address."""

    def is_customers(self, address: str) -> bool:
        """Whether any customer of this installation has, or had, this address."""
        ...


class Count(Protocol):
    """How many trial mails left this home within a day."""

    def today(self) -> int:
        """So many."""
        ...

    def add(self, count: int) -> None:
        """So many more."""
        ...


class Tried(NamedTuple):
    """What became of one step. `outcome` is None where nothing was to be sent."""

    step: Step
    outcome: str
    """`accepted`, `refused`, `deferred`, `unknown`, `written`, or `no_email` for a step that has no e-mail."""
    text: str


def steps_by_email(strategy: Strategy) -> list[Step]:
    """The steps that have an e-mail."""
    return [step for step in strategy.steps if "email" in step.channels]


def check(address: str, addresses: Addresses, count: Count, mails: int) -> None:
    """Whether so many trial mails may go to this address.

    Raises:
        CannotTry: it is a customer's, or too many went today.
    """
    if addresses.is_customers(address):
        raise CannotTry(
            f"{address} is known as an address of a customer: a test never goes to customers, give one of your own"
        )
    if count.today() + mails > A_DAY_MAX:
        raise CannotTry(
            f"{count.today()} test mails went within a day, and {A_DAY_MAX} may: write them into a folder"
            " with --dry-run FOLDER, or wait until tomorrow"
        )


def send(
    steps: Sequence[Step],
    write: Callable[[Step], bytes],
    sender: str,
    address: str,
    transport: Transport,
    count: Count,
) -> list[Tried]:
    """Deliver a trial mail for each step, one after the other."""
    tried = []
    for step in steps:
        # Counted before it leaves: what breaks off here was a mail too.
        count.add(1)
        (opened,) = transport.open_all([Envelope(sender, address, write(step))])
        outcome: Closed = transport.close_all([opened])[0] if isinstance(opened, Ready) else opened
        tried.append(Tried(step, type(outcome).__name__.lower(), outcome.text))
        if not isinstance(outcome, Accepted):
            # The next would meet the same.
            break
    transport.hang_up()
    return tried
