"""E-mail addresses of customers: what an import changes about them, written for many customers at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from duewell.store import ids, sql

POINT = "id creditor_id party_id channel value state rank salt recorded_at".split()


class Address(NamedTuple):
    """An address of a party that has not been replaced. The lowest rank comes first."""

    point: int
    value: str
    rank: int


class Change(NamedTuple):
    """What becomes of the addresses of one party."""

    replaced: list[int]
    """Points that nobody names any more."""
    ranked: list[tuple[int, int]]
    """New rank, and the point."""
    added: list[tuple[str, int]]
    """Address and rank."""


def present(parties: Sequence[int]) -> dict[int, list[Address]]:
    """The addresses of each party that has some, in the order of their ranks."""
    within, params = sql.ids_in("party_id", parties)
    found: dict[int, list[Address]] = {}
    for party, *address in sql.fetch(
        f"select party_id, id, value, rank from contact_point where {within} and channel = 'email'"
        " and state <> 'replaced' order by rank, id",
        params,
    ):
        found.setdefault(party, []).append(Address._make(address))
    return found


def change(here: Sequence[Address], told: Sequence[str], *, tells: bool) -> Change | None:
    """What changes when these addresses are told; None: nothing.

    Args:
        tells: the addresses told take the place of those that are here; otherwise they only count where there is
            none yet.
    """
    values = [address.value for address in here]
    ranks = {value: rank for rank, value in enumerate(dict.fromkeys(told))}
    if not ranks or list(ranks) == values or (here and not tells):
        return None
    return Change(
        [address.point for address in here if address.value not in ranks],
        [
            (ranks[address.value], address.point)
            for address in here
            if ranks.get(address.value, address.rank) != address.rank
        ],
        [(value, rank) for value, rank in ranks.items() if value not in values],
    )


def write(creditor: int, changes: Mapping[int, Change], salt: Callable[[], bytes], now: datetime) -> None:
    """Write the changes, by party; the accounts of the parties are held. A new address answers the question
    what to do about the old one.
    """
    replaced = [point for some in changes.values() for point in some.replaced]
    if replaced:
        within, params = sql.ids_in("id", replaced)
        sql.execute(f"update contact_point set state = 'replaced' where {within}", params)
    ranked = [each for some in changes.values() for each in some.ranked]
    if ranked:
        sql.update_many("update contact_point set rank = ? where id = ?", ranked)
    added = [(party, value, rank) for party, some in changes.items() for value, rank in some.added]
    if added:
        add(creditor, added, salt, now)
        within, params = sql.ids_in("party_id", sorted({party for party, _, _ in added}))
        sql.execute(
            "update review_item set state = 'settled', decided_at = ?, decided_by = 'import'"
            " where kind = 'refused' and state = 'open'"
            f" and account_id in (select id from account where {within})",
            [sql.us(now), *params],
        )


def add(creditor: int, points: Iterable[tuple[int, str, int]], salt: Callable[[], bytes], now: datetime) -> None:
    """Insert addresses: party, address and rank of each."""
    wanted = list(points)
    at = sql.us(now)
    rows = [
        (number, creditor, party, "email", value, "usable", rank, salt(), at)
        for number, (party, value, rank) in zip(ids.allocate("contact_point", len(wanted)), wanted, strict=True)
    ]
    sql.insert("contact_point", POINT, rows, dates_are_text=True)
