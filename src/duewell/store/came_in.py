"""Telephone conversations that a customer began: no message of ours, yet the law waits after them.

They are facts of the person and nothing else: whoever asks the law reads them from there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from duewell.core.evidence.canonical import canonical
from duewell.core.law.values import INBOUND, Contact
from duewell.core.units.ids import AccountId
from duewell.store import facts, locks, sql

KIND = "contact.came_in"
CALL = "call"


def record(creditor: int, number: str, at: datetime, by: str, now: datetime) -> AccountId | None:
    """Keep that a customer called about an account. None: there is no account of this number.

    Whoever is about to call the person asks the law again.
    """
    row = sql.one("select id, person_id from account where creditor_id = ? and number = ?", [creditor, number])
    if row is None:
        return None
    account, person = row
    with sql.transaction.atomic():
        locks.persons([person])
        locks.accounts([account])
        told = {"account": account, "creditor": creditor, "channel": CALL, "at": sql.us(at), "by": by}
        facts.append([(f"person:{person}", KIND, None, now, canonical(told))])
        locks.bump_persons([person])
        locks.bump_accounts([account])
    return AccountId(account)


def conversations(persons: Sequence[int], since: datetime) -> dict[int, list[Contact]]:
    """By person, the conversations that they began, oldest first."""
    within, params = sql.ids_in("stream", [f"person:{person}" for person in persons])
    found: dict[int, list[Contact]] = defaultdict(list)
    for stream, body in sql.fetch(
        f"select stream, body from fact where {within} and kind = ? order by stream, sequence", [*params, KIND]
    ):
        told = json.loads(bytes(body))
        at = sql.instant(told["at"])
        if at >= since:
            person = int(stream.partition(":")[2])
            found[person].append(Contact(at, told["channel"], AccountId(told["account"]), INBOUND))
    return found
