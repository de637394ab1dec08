"""Netting: what is asked for per currency once credits are set against it.

Each currency stands alone: a credit never nets another one, and a minimum is compared with the net of its own.
Page: docs/algorithms/netting.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from duewell.core.decide.values import Line, Net, Strategy
from duewell.core.units.ids import ReceivableId

# Places of `due_on` and `receivable` in a line.
_oldest_first = itemgetter(2, 0)


class Netted(NamedTuple):
    """The lines of a message with their sums."""

    lines: list[Line]
    """Oldest due first, then by id."""
    nets: dict[str, Net]
    covered: frozenset[ReceivableId]
    """Receivables that credits pay in full: they are listed but do not advance."""


def net(lines: list[Line], credits: Iterable[tuple[str, int]]) -> Netted:
    """Set credits against the lines of their currency, oldest due first.

    Nothing is booked: the ledger still holds the credit. What is asked for, less the credit used, is the net.

    Args:
        lines: in any order; sorted in place.
        credits: unapplied money per currency, minor units; what is not above zero counts for nothing.
    """
    lines.sort(key=_oldest_first)
    left = {currency: minor for currency, minor in credits if minor > 0}
    asked: dict[str, int] = {}
    if not left:
        for line in lines:
            asked[line.currency] = asked.get(line.currency, 0) + line.open_minor - line.held_minor
        return Netted(lines, {currency: Net(currency, minor, 0) for currency, minor in asked.items()}, frozenset())
    used: dict[str, int] = {}
    covered = set()
    for line in lines:
        currency = line.currency
        wanted = line.open_minor - line.held_minor
        asked[currency] = asked.get(currency, 0) + wanted
        credit = left.get(currency, 0)
        if credit:
            part = min(credit, wanted)
            left[currency] = credit - part
            used[currency] = used.get(currency, 0) + part
            if part == wanted:
                covered.add(line.receivable)
    nets = {currency: Net(currency, minor, used.get(currency, 0)) for currency, minor in asked.items()}
    return Netted(lines, nets, frozenset(covered))


def minimum(strategy: Strategy, currency: str) -> int:
    """The least net in minor units for which the strategy writes at all; at least 1."""
    for named, minor in strategy.minimum_minor:
        if named == currency:
            return max(1, minor)
    return 1


def worth_asking(nets: dict[str, Net], strategy: Strategy) -> frozenset[str]:
    """The currencies whose net reaches the minimum."""
    return frozenset([currency for currency, one in nets.items() if one.net_minor >= minimum(strategy, currency)])


def shown(netted: Netted, moving: set[str], on: date) -> tuple[tuple[Line, ...], tuple[Net, ...]]:
    """The lines and sums that stand on the message: the currencies in which something remains to be paid.

    Args:
        moving: currencies in which a receivable advances; at least one.
        on: the day; a currency in which nothing moves and nothing has come to its due date is left out.
    """
    lines: Sequence[Line] = netted.lines
    if len(netted.nets) == 1:
        # The usual case: the one currency is the one that moves.
        return tuple(lines), tuple(netted.nets.values())
    due = {line.currency for line in lines if line.due_on <= on}
    kept = [
        currency
        for currency in sorted(netted.nets)
        if netted.nets[currency].net_minor > 0 and (currency in moving or currency in due)
    ]
    if len(kept) < len(netted.nets):
        lines = [line for line in lines if line.currency in kept]
    return tuple(lines), tuple([netted.nets[currency] for currency in kept])
