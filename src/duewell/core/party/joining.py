"""Two records of one human or firm: what the law keeps of each binds both, whether they are joined or parted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

FLAGS: Final = ("vulnerable", "represented", "deceased", "insolvent", "minor")
"""What may be known of a person that bears on every demand; the rule books say how."""


class Wish(NamedTuple):
    """A stop that has not ended: whom, on which channel and at which address the person wants no more."""

    creditor: int | None
    channel: str
    point: int | None
    reason: str


class Kept(NamedTuple):
    """What the law keeps of a person."""

    wishes: tuple[Wish, ...]
    flags: frozenset[str]


def lacking(has: Kept, other: Kept) -> Kept:
    """What a person must be given so that nothing is lost that is kept of another.

    A stop lacks where none of the same creditor, channel and address stands, whatever its reason: the reason is
    somebody's own words. Nothing is ever taken away: if the two were one, both are bound, and if they were not,
    to be silent is the smaller mistake.
    """
    stands = {wish[:3] for wish in has.wishes}
    wishes: list[Wish] = []
    for wish in other.wishes:
        if wish[:3] not in stands:
            stands.add(wish[:3])
            wishes.append(wish)
    return Kept(tuple(wishes), other.flags - has.flags)


def together(some: Iterable[Kept]) -> Kept:
    """What is kept of persons who are one."""
    found = Kept((), frozenset())
    for kept in some:
        more = lacking(found, kept)
        found = Kept(found.wishes + more.wishes, found.flags | more.flags)
    return found
