"""Habits: what was learned of how the customers of a creditor pay, for each account its own curve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from duewell.core.learn import habit
from duewell.core.learn.habit import STRENGTHS, Counts, Curve, Spell
from duewell.core.units.ids import AccountId

COMPARED_MAX: Final = 500
"""From so many customers it is learned how regular they are; more make it no surer."""


class Paid(NamedTuple):
    """An invoice that money has settled."""

    issued_on: date
    due_on: date
    settled_on: date


class Habits(NamedTuple):
    """What is known of payment habits. Strengths are in invoices, in hundredths."""

    curves: Mapping[AccountId, Curve]
    of_segment: Mapping[str, Curve]
    of_book: Curve
    customers: int
    """Accounts that have paid anything."""
    invoices: int
    """Invoices paid."""
    mixture: Mapping[int, int]
    """By strength, in how many of a hundred customers it is found."""
    segment_strength: int

    def curve(self, account: AccountId, segment: str) -> Curve:
        """That of the account; of its segment or of the book where nothing is known of it."""
        return self.curves.get(account) or self.of_segment.get(segment) or self.of_book


def learn(
    paid: Iterable[Mapping[AccountId, Sequence[Paid]]],
    still_open: Mapping[AccountId, Sequence[tuple[date, date]]],
    segments: Mapping[AccountId, str],
    today: date,
    wanted: Collection[AccountId],
) -> Habits:
    """Learn from some accounts.

    Args:
        still_open: issue and due date of what is open: it could have been paid until today, and was not.
        segments: of every account that is looked at.
        wanted: accounts of which the curve is kept; the others teach only what their segment does.
    """
    settled: dict[AccountId, Sequence[Paid]] = {}
    for some in paid:
        settled.update(some)
    counts: dict[AccountId, Counts] = {}
    invoices = 0
    for account in segments:
        spells = [_spell(one) for one in settled.get(account, ())]
        invoices += len(spells)
        for issued_on, due_on in still_open.get(account, ()):
            spells.append(Spell((issued_on - due_on).days, (today - due_on).days, paid=False))
        if spells:
            counts[account] = habit.counted(spells)
    by_segment: dict[str, list[AccountId]] = defaultdict(list)
    for account in counts:
        by_segment[segments[account]].append(account)
    of_segments = {
        segment: habit.together(counts[account] for account in accounts)
        for segment, accounts in by_segment.items()
    }
    book = habit.plain(habit.together(of_segments.values()))
    among_segments = habit.strength(list(of_segments.values()), book)
    curves_of_segments = {
        segment: habit.shrunk(of_segment, book, among_segments) for segment, of_segment in of_segments.items()
    }
    mixed = _mixture(counts, by_segment, curves_of_segments)
    curves = {
        account: habit.blended(counts[account], curves_of_segments[segments[account]], mixed)
        for account in wanted
        if account in counts
    }
    return Habits(
        curves,
        curves_of_segments,
        book,
        sum(1 for account in settled if settled[account]),
        invoices,
        {round(strength * 100): round(share * 100) for strength, share in zip(STRENGTHS, mixed, strict=True)},
        round(among_segments * 100),
    )


def _spell(one: Paid) -> Spell:
    return Spell((one.issued_on - one.due_on).days, (one.settled_on - one.due_on).days, paid=True)


def _mixture(
    counts: Mapping[AccountId, Counts],
    by_segment: Mapping[str, Sequence[AccountId]],
    curves: Mapping[str, Curve],
) -> habit.Mixture:
    """Of the segment with the most customers; the others have too few to tell better."""
    if not by_segment:
        return habit.mixture([], Curve((0.0,) * habit.CELLS))
    segment = max(by_segment, key=lambda name: (len(by_segment[name]), name))
    accounts = by_segment[segment]
    step = max(1, len(accounts) // COMPARED_MAX)
    return habit.mixture([counts[account] for account in accounts[::step][:COMPARED_MAX]], curves[segment])
