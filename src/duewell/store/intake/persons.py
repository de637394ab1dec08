"""The persons behind new customers: whom any creditor knows already, and who is new to all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from duewell.core.intake import CustomerRow
from duewell.store import ids, sql

Namesake = tuple[str, str]
"""First e-mail address and name, letters in one case."""


def known(rows: Sequence[CustomerRow]) -> dict[Namesake, int]:
    """The persons whom any creditor knows by the name and the first address of one of these rows."""
    wanted = {namesake for row in rows if (namesake := _namesake(row))}
    if not wanted:
        return {}
    within, params = sql.ids_in("c.value", sorted({row.emails[0] for row in rows if row.emails}))
    found: dict[Namesake, int] = {}
    # Of several persons the oldest.
    for email, name, person in sql.fetch(
        "select c.value, p.name, p.person_id from contact_point c join party p on p.id = c.party_id"
        f" where c.channel = 'email' and {within} order by p.person_id desc",
        params,
    ):
        namesake = (email.casefold(), name.casefold())
        if namesake in wanted:
            found[namesake] = person
    return found


def of(rows: Sequence[CustomerRow], known: Mapping[Namesake, int], now: datetime) -> list[int]:
    """The person of each row, made where nobody knows one: what the law counts, it counts over all creditors."""
    same = dict(known)
    fresh = iter(ids.allocate("person", len(rows)))
    found, made = [], []
    for row in rows:
        namesake = _namesake(row)
        person = same.get(namesake) if namesake else None
        if person is None:
            person = next(fresh)
            made.append((person, 0, "[]", sql.us(now)))
            if namesake:
                same[namesake] = person
        found.append(person)
    sql.insert("person", ["id", "version", "flags", "recorded_at"], made)
    return found


def _namesake(row: CustomerRow) -> Namesake | None:
    return (row.emails[0].casefold(), row.name.casefold()) if row.emails and row.name else None
