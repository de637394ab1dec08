"""Selection: which receivables of an account fell due for a step on a day, and what is asked for.

It knows nothing of gaps, addresses or business days: those are questions about the message (`gates`).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from duewell.core.agree.holds import held_minor
from duewell.core.decide import ladder, netting
from duewell.core.decide.ladder import Ladder, Rung
from duewell.core.decide.netting import Netted
from duewell.core.decide.values import Case, Item, Line, Step, Strategy

Standing = tuple[Item, Rung]
"""A receivable and where it stands on its ladder."""


class Selection(NamedTuple):
    """The receivables of a case on one day, each with its rung, by what becomes of it.

    Every receivable with something open stands in exactly one of `fallen`, `held`, `claimed` and `waiting`;
    `moving` is the part of `fallen` that advances.
    """

    on: date
    ladder: Ladder
    fallen: list[Standing]
    """A step fell due."""
    held: list[Standing]
    """A step fell due, but nothing may be asked for."""
    claimed: list[Standing]
    """A living claim holds a further stage already."""
    waiting: list[Standing]
    """The day of the next step is yet to come, or no step is left."""
    netted: Netted
    worth_asking: frozenset[str]
    """Currencies whose net reaches the minimum of the strategy."""
    moving: list[Standing]

    @property
    def step(self) -> Step:
        """The step of the message: the highest that fell due among what moves. Only where something moves.

        Looks at everything that moves: ask once.
        """
        return _of(max(self.moving, key=_height))


def select(case: Case, strategy: Strategy, on: date) -> Selection:
    """Sort the receivables of a case by what becomes of them on a day. Linear in their number.

    Due items and items for which a step fell due are listed, without the parts that are held; credits are set
    against them; a receivable moves when its step fell due, credit does not cover it, and the net of its
    currency reaches the minimum.
    """
    climb = ladder.ladder(case, strategy, on)
    today = on.toordinal()
    fallen: list[Standing] = []
    held: list[Standing] = []
    claimed: list[Standing] = []
    waiting: list[Standing] = []
    lines: list[Line] = []
    for item in case.items:
        open_minor = item.open_minor
        if open_minor <= 0:
            continue
        rung = ladder.next_rung(item, climb, today)
        has_come = rung.has_come(today)
        held_back = held_minor(item.holds, open_minor, on) if item.holds else 0
        if held_back >= open_minor:
            (held if has_come else waiting).append((item, rung))
            continue
        if ladder.is_claimed(item):
            claimed.append((item, rung))
            has_come = False
        else:
            (fallen if has_come else waiting).append((item, rung))
        if has_come or item.due_on <= on:
            lines.append(Line(item.id, item.currency, item.due_on, open_minor, held_back))
    netted = netting.net(lines, case.credits)
    worth_asking = netting.worth_asking(netted.nets, strategy)
    covered = netted.covered
    moving = [one for one in fallen if one[0].currency in worth_asking and one[0].id not in covered]
    return Selection(on, climb, fallen, held, claimed, waiting, netted, worth_asking, moving)


def _height(standing: Standing) -> int:
    return _of(standing).stage


def _of(standing: Standing) -> Step:
    step = standing[1].step
    assert step is not None, "only what has a step moves"
    return step
