"""Letters that are printed and not in the post: are they still as they should be?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from duewell.flows.ask_again import ask_again
from duewell.flows.decide_accounts import World
from duewell.flows.outbox import Delivery, Postponed, Wanted
from duewell.flows.ports import Known
from duewell.flows.print_batches import Batches

ASKED_AT_ONCE = 500
ASKS_TOO_MUCH = "asks_too_much"
OTHER_ADDRESS = "other_address"


class Unwanted(NamedTuple):
    """A printed letter that would not be made any more, and why."""

    attempt: int
    reason: str
    text: str


def unwanted(
    world: World, cases: Callable[[Sequence[Delivery], World], dict[int, Known]], batches: Batches, batch: int
) -> list[Unwanted]:
    """The letters of a batch that is not in the post yet which would not be made any more, in their order.

    So are those that ask for more than would be asked for today, or bear an address that is used no more.
    What only waits (for an hour, a day, a newer list of open items) is none of them: the paper is printed.
    """
    found = []
    waiting, printed = batches.under_way(batch), batches.nets(batch)
    for start in range(0, len(waiting), ASKED_AT_ONCE):
        some = waiting[start : start + ASKED_AT_ONCE]
        known = cases(some, world)
        for delivery in some:
            answer = ask_again(world, known[delivery.attempt], delivery)
            if isinstance(answer, Wanted):
                if answer.proposal.recipient.point != delivery.point:
                    text = "There is another address now than the one on the letter."
                    found.append(Unwanted(delivery.attempt, OTHER_ADDRESS, text))
                    continue
                asked = {net.currency: net.net_minor for net in answer.proposal.nets}
                for currency, minor in printed[delivery.attempt].items():
                    if asked.get(currency, 0) < minor:
                        text = f"Less {currency} is open now than the letter asks for."
                        found.append(Unwanted(delivery.attempt, ASKS_TOO_MUCH, text))
                        break
            elif not isinstance(answer, Postponed):
                found.append(Unwanted(delivery.attempt, answer.reason, answer.text))
    return found
