"""Contacts of persons who were joined or parted lately: what was done before the act counts for whom it became."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from duewell.store import sql


def sources(persons: Sequence[int], since: datetime) -> dict[int, dict[int, datetime]]:
    """By person, the other persons whose contacts count for them too, and up to which instant.

    Acts before `since` matter no more: contacts before them are too old to be counted.
    """
    found: dict[int, dict[int, datetime]] = defaultdict(dict)
    # Joined to one who was joined: each round goes one act further back.
    reach = {person: {person: datetime.max.replace(tzinfo=since.tzinfo)} for person in persons}
    while reach:
        asked = sorted({person for of_person in reach.values() for person in of_person})
        within, params = sql.ids_in("to_person_id", asked)
        moves = defaultdict(list)
        for to_person, from_person, at in sql.fetch(
            f"select distinct to_person_id, from_person_id, recorded_at from person_move where {within}"
            " and recorded_at >= ?",
            [*params, sql.us(since)],
        ):
            moves[to_person].append((from_person, sql.instant(at)))
        further: dict[int, dict[int, datetime]] = defaultdict(dict)
        for person, of_person in reach.items():
            for known, until in of_person.items():
                for other, at in moves.get(known, ()):
                    ends = min(at, until)
                    known_until = found[person].get(other) if person in found else None
                    if other != person and (known_until is None or ends > known_until):
                        found[person][other] = further[person][other] = ends
        reach = further
    return found
