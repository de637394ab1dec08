"""Allocation, plainly: for each sum all open invoices are looked at and sorted anew.

Slow and short on purpose. It shares only the values with the core, none of its functions.
"""

from __future__ import annotations

from collections.abc import Sequence

from duewell.core.ledger.allocate import Claim, Policy

Parts = list[tuple[int, int]]


def allocate(
    minor: int, claims: Sequence[Claim], named: Sequence[int], policy: Policy | None
) -> tuple[Parts, int]:
    """Where one sum goes, as (receivable, amount) in the order in which they are served; and what is left."""
    by_id = {claim.receivable: claim for claim in claims}
    left, given = minor, dict.fromkeys(by_id, 0)
    order: list[int] = []
    for receivable in named:
        if receivable in by_id and left:
            part = min(left, by_id[receivable].open_minor - given[receivable])
            left -= part
            given[receivable] += part
            order.append(receivable)
    if left and policy is not None:
        rooms = [(claim, claim.open_minor - claim.disputed_minor - given[claim.receivable]) for claim in claims]
        for receivable, part in by_policy(left, [(claim, room) for claim, room in rooms if room > 0], policy):
            left -= part
            given[receivable] += part
            order.append(receivable)
    return [(receivable, given[receivable]) for receivable in dict.fromkeys(order) if given[receivable]], left


def by_policy(left: int, rooms: list[tuple[Claim, int]], policy: Policy) -> Parts:
    """What the policy does with so much, where there is room."""
    ranks = {
        Policy.OLDEST_DUE: lambda claim, room: claim.due_on.toordinal(),
        Policy.NEWEST_DUE: lambda claim, room: -claim.due_on.toordinal(),
        Policy.LARGEST: lambda claim, room: -room,
        Policy.SMALLEST: lambda claim, room: room,
        Policy.PROPORTIONAL: lambda claim, room: 0,
    }
    in_order = sorted(rooms, key=lambda each: (ranks[policy](*each), each[0].due_on, each[0].receivable))
    whole = sum(room for _, room in in_order)
    parts: Parts = []
    if policy is Policy.PROPORTIONAL and left < whole:
        shares = [left * room // whole for _, room in in_order]
        by_remainder = sorted(range(len(shares)), key=lambda at: (-(left * in_order[at][1] % whole), at))
        for at in by_remainder[: left - sum(shares)]:
            shares[at] += 1
        return [(claim.receivable, share) for (claim, _), share in zip(in_order, shares, strict=True) if share]
    for claim, room in in_order:
        parts.append((claim.receivable, min(left, room)))
        left -= min(left, room)
    return [(receivable, part) for receivable, part in parts if part]
