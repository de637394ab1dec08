"""Contact points of customers: what an import changes about them, written for many customers at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from duewell.core.intake import CustomerRow
from duewell.core.party import postal
from duewell.store import ids, sql

POINT = "id creditor_id party_id channel value state rank salt recorded_at".split()
USABLE, INCOMPLETE = "usable", "incomplete"

Numbers = Callable[[str, str], tuple[str, ...]]
"""From a cell and the country that it is dialled from to the numbers in it; empty where none can be read."""


def as_written(text: str, country: str) -> tuple[str, ...]:
    """A number as it stands in the file, where nothing reads it."""
    return (text,)


class Told(NamedTuple):
    """A contact point as a row tells it."""

    channel: str
    value: str
    state: str = USABLE


class Address(NamedTuple):
    """A contact point of a party that has not been replaced. The lowest rank comes first."""

    point: int
    value: str
    rank: int


Present = Mapping[tuple[int, str], Sequence[Address]]
"""By party and channel, in the order of their ranks."""


class Change(NamedTuple):
    """What becomes of the points of one party on one channel."""

    replaced: list[int]
    """Points that nobody names any more."""
    ranked: list[tuple[int, int]]
    """New rank, and the point."""
    added: list[tuple[Told, int]]
    """Each with its rank."""


def told(row: CustomerRow, country: str, numbers: Numbers) -> list[Told]:
    """The contact points of a row: mailboxes, a postal address, telephone numbers; the best of each channel first.

    Args:
        country: where the customer is, or where the creditor is if nobody says it: a list that names no country is
            about customers at home.
    """
    found = [Told("email", email) for email in row.emails]
    if row.street or row.postal_code or row.city:
        address = _postal(row, row.country or country)
        state = INCOMPLETE if postal.missing(address) else USABLE
        found.append(Told("letter", postal.canonical(address), state))
    for cell in (row.phone, row.mobile):
        if cell:
            read = numbers(cell, row.country or country)
            # What cannot be dialled is kept for a person to mend, and is called by nobody.
            found += [Told("call", number) for number in read] or [Told("call", cell, INCOMPLETE)]
    return list(dict.fromkeys(found))


def _postal(row: CustomerRow, country: str) -> postal.PostalAddress:
    if not row.street2:
        return postal.PostalAddress(country, row.street, row.postal_code, row.city, row.region)
    # A second line has no place among the parts: the whole is written out, as the post of the country wants it.
    plain = postal.PostalAddress(country, row.street, row.postal_code, row.city, row.region)
    if postal.missing(plain):
        return plain
    first, *rest = postal.lines(plain)
    return plain._replace(lines=(first, row.street2, *rest))


def present(parties: Sequence[int]) -> dict[tuple[int, str], list[Address]]:
    """The contact points of these parties."""
    within, params = sql.ids_in("party_id", parties)
    found: dict[tuple[int, str], list[Address]] = {}
    for party, channel, *address in sql.fetch(
        f"select party_id, channel, id, value, rank from contact_point where {within}"
        " and state <> 'replaced' order by rank, id",
        params,
    ):
        found.setdefault((party, channel), []).append(Address._make(address))
    return found


def changes(party: int, here: Present, wanted: Sequence[Told], *, tells: bool) -> list[Change]:
    """What changes about a party when these points are told. A channel that is not told stays as it is."""
    by_channel: dict[str, list[Told]] = {}
    for one in wanted:
        by_channel.setdefault(one.channel, []).append(one)
    found = (change(here.get((party, channel), ()), some, tells=tells) for channel, some in by_channel.items())
    return [one for one in found if one is not None]


def change(here: Sequence[Address], wanted: Sequence[Told], *, tells: bool) -> Change | None:
    """What changes on one channel when these points are told; None: nothing.

    Args:
        tells: the points told take the place of those that are here; otherwise they only count where there is
            none yet.
    """
    values = [address.value for address in here]
    ranks = {value: rank for rank, value in enumerate(dict.fromkeys(one.value for one in wanted))}
    if not ranks or list(ranks) == values or (here and not tells):
        return None
    by_value = {one.value: one for one in wanted}
    return Change(
        [address.point for address in here if address.value not in ranks],
        [
            (ranks[address.value], address.point)
            for address in here
            if ranks.get(address.value, address.rank) != address.rank
        ],
        [(by_value[value], rank) for value, rank in ranks.items() if value not in values],
    )


def write(
    creditor: int, changed: Mapping[int, Sequence[Change]], salt: Callable[[], bytes], now: datetime
) -> None:
    """Write the changes, by party; the accounts of the parties are held. A new address answers the question
    what to do about the old one.
    """
    flat = [(party, one) for party, some in changed.items() for one in some]
    replaced = [point for _, one in flat for point in one.replaced]
    if replaced:
        within, params = sql.ids_in("id", replaced)
        sql.execute(f"update contact_point set state = 'replaced' where {within}", params)
    ranked = [each for _, one in flat for each in one.ranked]
    if ranked:
        sql.update_many("update contact_point set rank = ? where id = ?", ranked)
    added = [(party, told, rank) for party, one in flat for told, rank in one.added]
    if added:
        add(creditor, added, salt, now)
        within, params = sql.ids_in("party_id", sorted({party for party, _, _ in added}))
        sql.execute(
            "update review_item set state = 'settled', decided_at = ?, decided_by = 'import'"
            " where kind = 'refused' and state = 'open'"
            f" and account_id in (select id from account where {within})",
            [sql.us(now), *params],
        )


def add(creditor: int, points: Iterable[tuple[int, Told, int]], salt: Callable[[], bytes], now: datetime) -> None:
    """Insert contact points: party, point and rank of each."""
    wanted = list(points)
    at = sql.us(now)
    rows = [
        (number, creditor, party, one.channel, one.value, one.state, rank, salt(), at)
        for number, (party, one, rank) in zip(ids.allocate("contact_point", len(wanted)), wanted, strict=True)
    ]
    sql.insert("contact_point", POINT, rows, dates_are_text=True)


def ranked(wanted: Sequence[Told]) -> Iterable[tuple[Told, int]]:
    """Each point with its rank among those of its channel."""
    seen: dict[str, int] = {}
    for one in wanted:
        rank = seen.get(one.channel, 0)
        seen[one.channel] = rank + 1
        yield one, rank
