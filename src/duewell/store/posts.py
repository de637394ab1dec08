"""The two ends of letters: the creditor's address, and where the parties of accounts get their post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from duewell.core.contact.post import Post
from duewell.core.decide.values import Recipient
from duewell.core.party.postal import BadAddress, PostalAddress, read
from duewell.store import sql


def posts(creditor: int, accounts: Sequence[int]) -> Mapping[int, Post]:
    """By account: the primary debtor's best usable postal address. Without one only the country is told."""
    if not accounts:
        return {}
    office, logo = _office(creditor)
    within, params = sql.ids_in("a.id", accounts)
    rows = sql.fetch(
        "select a.id, a.number, p.id, p.name, p.given_name, p.family_name, p.country"
        f" from account a join party p on p.id = a.party_id where a.creditor_id = ? and {within}",
        [creditor, *params],
    )
    addresses = _addresses(sorted({row[2] for row in rows}))
    return {
        account: Post(
            name or f"{given_name} {family_name}".strip(),
            addresses.get(party, PostalAddress(country)),
            office,
            number,
            logo,
        )
        for account, number, party, name, given_name, family_name, country in rows
    }


def of_letters(creditor: int, letters: Sequence[tuple[int, int, Recipient]]) -> dict[int, Post]:
    """By attempt, from attempt, account and recipient: to whom and where each letter goes; whoever gets a copy
    sees himself alone.
    """
    if not letters:
        return {}
    office, logo = _office(creditor)
    within, params = sql.ids_in("id", sorted({account for _, account, _ in letters}))
    numbers = dict(sql.fetch(f"select id, number from account where {within}", params))
    within, params = sql.ids_in("t.id", sorted({to.point for _, _, to in letters}))
    found = {
        point: (name or f"{given_name} {family_name}".strip(), value)
        for point, name, given_name, family_name, value in sql.fetch(
            "select t.id, p.name, p.given_name, p.family_name, t.value from contact_point t"
            f" join party p on p.id = t.party_id where {within}",
            params,
        )
    }
    return {
        attempt: Post(found[to.point][0], read(found[to.point][1]), office, numbers[account], logo)
        for attempt, account, to in letters
    }


def _office(creditor: int) -> tuple[PostalAddress, str]:
    row = sql.one("select country, street, postcode, city, logo from creditor where id = ?", [creditor])
    assert row is not None
    country, street, postcode, city, logo = row
    return PostalAddress(country, street, postcode, city), logo


def _addresses(parties: Sequence[int]) -> dict[int, PostalAddress]:
    if not parties:
        return {}
    within, params = sql.ids_in("party_id", parties)
    found: dict[int, PostalAddress] = {}
    for party, value in sql.fetch(
        f"select party_id, value from contact_point where {within} and channel = 'letter' and state = 'usable'"
        " order by party_id, rank, id",
        params,
    ):
        try:
            found.setdefault(party, read(value))
        except BadAddress:
            continue  # Whoever kept it kept no address; a letter to it would be refused as well.
    return found
