"""Further attempts of messages: the same again, on the next channel of the step, or a copy for somebody else.

Each is a row of the outbox of its own, with the next ordinal of its message.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from duewell.core.decide.values import Recipient
from duewell.store import ids, sql

COLUMNS = (
    "id creditor_id message_id account_id person_id point_id channel ordinal state not_before token lease_until"
    " contacted_at role party_id"
).split()


class Wish(NamedTuple):
    """An attempt to be added to a message. `party` stands with a role."""

    message: str
    account: int
    person: int
    point: int
    channel: str
    not_before: int
    role: str = ""
    party: int | None = None


def add(creditor: int, wishes: Sequence[Wish]) -> Sequence[int]:
    """Insert released attempts; their ids in the order given. The accounts must be held."""
    if not wishes:
        return []
    ordinals = _ordinals({wish.message for wish in wishes})
    numbers = ids.allocate("attempt", len(wishes))
    rows = []
    for number, wish in zip(numbers, wishes, strict=True):
        ordinals[wish.message] += 1
        rows.append(
            (
                number,
                creditor,
                wish.message,
                wish.account,
                wish.person,
                wish.point,
                wish.channel,
                ordinals[wish.message],
                "released",
                wish.not_before,
                0,
                None,
                None,
                wish.role,
                wish.party,
            )
        )
    sql.insert("attempt", COLUMNS, rows, dates_are_text=True)
    return numbers


def again(creditor: int, attempts: Sequence[tuple[int, int]]) -> dict[int, int]:
    """New attempts like these, from `(attempt, not before)`; the new attempt of each old one."""
    if not attempts:
        return {}
    within, params = sql.ids_in("id", [attempt for attempt, _ in attempts])
    found = {
        row[0]: Wish._make((*row[1:6], 0, *row[6:]))
        for row in sql.fetch(
            "select id, message_id, account_id, person_id, point_id, channel, role, party_id from attempt"
            f" where {within}",
            params,
        )
    }
    wishes = [found[attempt]._replace(not_before=not_before) for attempt, not_before in attempts]
    return dict(zip((attempt for attempt, _ in attempts), add(creditor, wishes), strict=True))


def elsewhere(creditor: int, attempt: tuple[str, int], to: Recipient, not_before: datetime) -> int:
    """A new attempt of the message and account on another channel."""
    message, account = attempt
    wish = Wish(message, account, to.person, to.point, to.channel, sql.us(not_before))
    return add(creditor, [wish])[0]


def on_the_next_channel(creditor: int, messages: Sequence[tuple[str, int]], now: datetime) -> dict[str, int]:
    """Messages that certainly failed on a channel go on with the next one of their step.

    The channels are those of the plan that the message has not been tried on, where its recipient still has a
    usable point. What was taken back goes nowhere.

    Args:
        messages: message and account of each; none of them a copy.

    Returns:
        The new attempt of each message that has one; of the others every channel has failed.
    """
    planned = _planned("others", [message for message, _ in messages])
    if not planned:
        return {}
    gone = taken_back(list(planned))
    tried = _tried(planned)
    usable = _usable({one.party for some in planned.values() for one in _recipients(some)})
    wishes = []
    for message, account in messages:
        if message in gone:
            continue
        for one in _recipients(planned.get(message, ())):
            points = usable.get((one.party, one.channel), ())
            if one.channel not in tried[message] and points:
                point = one.point if one.point in points else points[0]
                wishes.append(Wish(message, account, one.person, point, one.channel, sql.us(now)))
                break
    return dict(zip((wish.message for wish in wishes), add(creditor, wishes), strict=True))


def copies(creditor: int, messages: Sequence[tuple[str, int]], now: datetime) -> dict[str, list[list[Any]]]:
    """A message has arrived: now its copies may leave. By message: attempt, role, party and channel of each.

    A message that arrives a second time, because it came back before, has had its copies.
    """
    planned = _planned("copies", [message for message, _ in messages])
    if not planned:
        return {}
    within, params = sql.ids_in("message_id", list(planned))
    had = {row[0] for row in sql.fetch(f"select message_id from attempt where {within} and role <> ''", params)}
    wishes = [
        Wish(message, account, one.person, one.point, one.channel, sql.us(now), role, one.party)
        for message, account in messages
        if message not in had
        for role, *rest in planned.get(message, ())
        for one in _recipients([rest])
    ]
    found: dict[str, list[list[Any]]] = defaultdict(list)
    for number, wish in zip(add(creditor, wishes), wishes, strict=True):
        found[wish.message].append([number, wish.role, wish.party, wish.channel])
    return dict(found)


def taken_back(messages: Sequence[str]) -> frozenset[str]:
    """Those of the messages whose run was taken back."""
    within, params = sql.ids_in("m.id", messages)
    rows = sql.fetch(
        f"select m.id from message m join run r on r.id = m.run_id where {within} and r.state = 'withdrawn'",
        params,
    )
    return frozenset(row[0] for row in rows)


def _recipients(rows: Sequence[Sequence[Any]]) -> list[Recipient]:
    return [Recipient._make(row) for row in rows]


def _planned(part: str, messages: Sequence[str]) -> dict[str, list[Any]]:
    """What the plan says of this part, for the messages of which it says something: most have one channel."""
    within, params = sql.ids_in("id", messages)
    rows = sql.fetch(f"select id, body from message where {within} and body like ?", [*params, f'%"{part}":[%'])
    return {message: json.loads(body)[part] for message, body in rows}


def _ordinals(messages: Collection[str]) -> dict[str, int]:
    within, params = sql.ids_in("message_id", sorted(messages))
    return dict(
        sql.fetch(f"select message_id, max(ordinal) from attempt where {within} group by message_id", params)
    )


def _tried(messages: Collection[str]) -> dict[str, set[str]]:
    within, params = sql.ids_in("message_id", sorted(messages))
    found: dict[str, set[str]] = defaultdict(set)
    for message, channel in sql.fetch(
        f"select message_id, channel from attempt where {within} and role = ''", params
    ):
        found[message].add(channel)
    return found


def _usable(parties: Collection[int]) -> dict[tuple[int, str], list[int]]:
    within, params = sql.ids_in("party_id", sorted(parties))
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for party, channel, point in sql.fetch(
        f"select party_id, channel, id from contact_point where {within} and state = 'usable' order by rank, id",
        params,
    ):
        found[party, channel].append(point)
    return found
