"""What the law must know of calls: which of them were no conversation, and who agreed to be called back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from duewell.core.contact.outcome import MEANING, Outcome
from duewell.core.law.values import Consent
from duewell.core.units.ids import AccountId
from duewell.store import sql

CALL = "call"


def without_conversation(attempts: Sequence[int]) -> set[int]:
    """Those of the calls of which the outcome says that nobody was spoken to; of the others nobody can be sure."""
    if not attempts:
        return set()
    within, params = sql.ids_in("attempt_id", list(attempts))
    found = set()
    for attempt, body in sql.fetch(
        f"select attempt_id, body from mark where {within} and kind in ('deferred', 'refused')", params
    ):
        outcome = json.loads(body).get("outcome")
        if outcome is not None and not MEANING[Outcome(outcome)].spoken:
            found.add(attempt)
    return found


def consents(persons: Sequence[int], since: datetime) -> dict[int, list[Consent]]:
    """When each person asked to be called back, and about which account."""
    within, params = sql.ids_in("a.person_id", persons)
    found: dict[int, list[Consent]] = defaultdict(list)
    for person, account, at, body in sql.fetch(
        "select a.person_id, a.account_id, k.at, k.body from attempt a join mark k on k.attempt_id = a.id"
        f" where {within} and a.contacted_at is not null and a.contacted_at >= ? and a.channel = ?"
        " and k.kind = 'deferred' order by k.id",
        [*params, sql.us(since), CALL],
    ):
        if json.loads(body).get("outcome") == Outcome.CALL_BACK:
            found[person].append(Consent(sql.instant(at), AccountId(account)))
    return found
