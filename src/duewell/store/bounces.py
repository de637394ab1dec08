"""Mails that bounced, as a person says: found by address or attempt, and kept with what follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from duewell.flows.bounce import Bounced, Bounces
from duewell.flows.failpoints import hit
from duewell.store import locks, returns, sql

LATELY = timedelta(days=14)
"""A mail server gives up after some days; what was accepted longer ago has arrived."""
_NO_WORKER = 0


class StoredBounces:
    """Keeps the promise of `flows.bounce.BounceBook` for one creditor."""

    def __init__(self, creditor: int, now: datetime, by: str) -> None:
        self._creditor = creditor
        self._now = now
        self._by = by

    def points(self, address: str) -> list[int]:
        """The contact points with this e-mail address."""
        return [
            row[0]
            for row in sql.fetch(
                "select id from contact_point where creditor_id = ? and channel = 'email' and value in (?, ?)"
                " order by id",
                [self._creditor, address.strip(), address.strip().lower()],
            )
        ]

    def latest(self, points: Sequence[int]) -> list[int]:
        """The latest accepted attempt to each of these points, of the last weeks."""
        within, params = sql.ids_in("p.id", points)
        rows = sql.fetch(
            "select max(a.id) from contact_point p join party y on y.id = p.party_id"
            " join attempt a on a.person_id = y.person_id and a.point_id = p.id"
            f" where {within} and a.contacted_at >= ? and a.creditor_id = ? and a.channel = 'email'"
            " and a.state = 'accepted' group by p.id order by 1",
            [*params, sql.us(self._now - LATELY), self._creditor],
        )
        return [row[0] for row in rows]

    def accepted(self, attempt: int) -> bool:
        """Is this an e-mail of the creditor that was accepted, or of which nobody knows?"""
        row = sql.one(
            "select 1 from attempt where id = ? and creditor_id = ? and channel = 'email'"
            " and state in ('accepted', 'unknown')",
            [attempt, self._creditor],
        )
        return row is not None

    def came_back(self, attempts: Sequence[int], points: Sequence[int], reason: str) -> Bounces:
        """Keep that they came back, with facts and what follows, in one transaction."""
        with sql.transaction.atomic():
            self._hold(attempts, points)
            back = returns.came_back(self._creditor, _NO_WORKER, attempts, reason, self._by, self._now, "mail")
            given_up = returns.give_up(points, reason, self._now) + len({one.attempt for one in back})
            hit("contact.bounced.commit.before")
        hit("contact.bounced.commit.after")
        return Bounces(tuple([self._told(one) for one in back]), given_up)

    def restore(self, attempt: int, reason: str) -> str:
        """Keep that it had not come back; empty, or why that is too late."""
        with sql.transaction.atomic():
            self._hold([attempt], ())
            return returns.not_after_all(self._creditor, attempt, reason, self._by, self._now)

    def _hold(self, attempts: Sequence[int], points: Sequence[int]) -> None:
        within, params = sql.ids_in("id", attempts)
        of_attempts = sql.fetch(f"select person_id, account_id from attempt where {within}", params)
        within, params = sql.ids_in("p.id", points)
        of_points = sql.fetch(
            "select a.person_id, a.id from contact_point p join account a on a.party_id = p.party_id"
            f" where {within}",
            params,
        )
        locks.persons({row[0] for row in of_attempts})
        locks.accounts({row[1] for row in (*of_attempts, *of_points)})
        locks.bump_accounts({row[1] for row in of_points})

    def _told(self, one: returns.Returned) -> Bounced:
        row = sql.one("select number from account where id = ?", [one.account])
        goes_on = None if one.next is None else sql.one("select channel from attempt where id = ?", [one.next])
        return Bounced(one.attempt, row[0] if row else "", one.role, goes_on[0] if goes_on else "")
