"""Claims are freed: a message that certainly did not arrive gives back what it took."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from duewell.core.evidence.canonical import canonical
from duewell.core.units.ids import ReceivableId
from duewell.store import facts, locks, sql


class Claim(NamedTuple):
    """One claim that a message holds."""

    id: str
    receivable: ReceivableId
    stage: int
    occurrence: int


class Living:
    """The claims that some messages still hold."""

    def __init__(self, messages: Collection[str]) -> None:
        within, params = sql.ids_in("message_id", sorted(messages))
        self._held: dict[str, list[Claim]] = {}
        for message, *claim in sql.fetch(
            f"select message_id, id, receivable_id, stage, occurrence from claim where {within} and not freed"
            " order by receivable_id",
            params,
        ):
            self._held.setdefault(message, []).append(Claim(*claim))

    def of(self, message: str) -> list[Claim]:
        """By receivable."""
        return self._held.get(message, [])


def free(messages: Sequence[tuple[str, int]], state: str, reason: str, creditor: int, now: datetime) -> None:
    """End messages that certainly did not arrive: `(message, account)` pairs; their claims are free again.

    Must run inside a transaction that holds the accounts. `state` is `withdrawn`, `withheld` or `refused`.
    """
    if not messages:
        return
    names = [message for message, _ in messages]
    living = Living(names)
    within, params = sql.ids_in("message_id", names)
    let_go([claim.id for message in names for claim in living.of(message)])
    sql.execute(f"update message_state set state = ?, reason = ? where {within}", [state, reason, *params])
    sql.execute(
        f"update attempt set state = ?, lease_until = null where {within} and state in ('planned', 'released')"
        " and role = ''",
        [state, *params],
    )
    locks.bump_accounts({account for _, account in messages})
    facts.append(
        [
            (
                f"account:{account}",
                "contact.freed",
                None,
                now,
                canonical(
                    {
                        "message": message,
                        "state": state,
                        "reason": reason,
                        "claims": [claim[1:] for claim in living.of(message)],
                    }
                ),
            )
            for message, account in messages
        ]
    )


def let_go(claims: Sequence[str]) -> None:
    """Mark claims as free, by their ids."""
    if claims:
        within, params = sql.ids_in("id", claims)
        sql.execute(f"update claim set freed = {'true' if sql.postgres() else '1'} where {within}", params)
