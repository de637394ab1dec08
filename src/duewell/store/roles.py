"""Who stands on an account, as what: each change with its fact, and the account's version moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from duewell.core.evidence.canonical import canonical
from duewell.core.party.roles import Role
from duewell.flows.roles import RoleView
from duewell.store import facts, ids, locks, sql

ROLE = "id creditor_id account_id party_id role recorded_at".split()


class Roles:
    """The roles on the accounts of one creditor."""

    def __init__(self, creditor: int, now: datetime, by: str = "") -> None:
        self._creditor = creditor
        self._now = now
        self._by = by

    def account(self, number: str) -> tuple[int, int] | None:
        """The account with this number and the party that owes it, or None."""
        row = sql.one(
            "select id, party_id from account where creditor_id = ? and number = ?", [self._creditor, number]
        )
        return None if row is None else (row[0], row[1])

    def party(self, number: str) -> int | None:
        """The customer with this number, or None."""
        row = sql.one("select id from party where creditor_id = ? and number = ?", [self._creditor, number])
        return None if row is None else int(row[0])

    def add(self, account: int, party: int, role: str) -> bool:
        """Keep the role and its fact; False where it stood already."""
        return bool(self.add_many([(account, party, role)]))

    def add_many(self, wanted: Sequence[tuple[int, int, str]]) -> int:
        """Keep roles, `(account, party, role)`, one fact each; how many are new."""
        with sql.transaction.atomic():
            locks.accounts({account for account, _, _ in wanted})
            new = [one for one in dict.fromkeys(wanted) if self._stand_up(*one)]
            self._tell(new, ended=False)
        return len(new)

    def end(self, account: int, party: int, role: str) -> bool:
        """Keep the end and its fact; False where there was no such role."""
        with sql.transaction.atomic():
            locks.accounts({account})
            ended = sql.execute(
                "update party_role set ended_at = ? where account_id = ? and party_id = ? and role = ?"
                " and ended_at is null",
                [sql.us(self._now), account, party, role],
            )
            if ended:
                self._tell([(account, party, role)], ended=True)
        return bool(ended)

    def standing(self, account: int) -> list[RoleView]:
        """Who stands on the account, the debtor first."""
        rows = sql.fetch(
            "select p.id, p.number, p.name, r.role, r.recorded_at from party_role r"
            " join party p on p.id = r.party_id where r.account_id = ? and r.ended_at is null"
            " order by r.role <> ?, r.role, p.number",
            [account, str(Role.DEBTOR)],
        )
        within, params = sql.ids_in("party_id", [row[0] for row in rows])
        channels: dict[int, list[str]] = {}
        for party, channel in sql.fetch(
            f"select distinct party_id, channel from contact_point where {within} and state = 'usable'"
            " order by party_id, channel",
            params,
        ):
            channels.setdefault(party, []).append(channel)
        return [
            RoleView(number, name, role, tuple(channels.get(party, ())), sql.instant(at).isoformat())
            for party, number, name, role, at in rows
        ]

    def _stand_up(self, account: int, party: int, role: str) -> bool:
        again = sql.execute(
            "update party_role set ended_at = null, recorded_at = ? where account_id = ? and party_id = ?"
            " and role = ? and ended_at is not null",
            [sql.us(self._now), account, party, role],
        )
        stands = [account, party, role]
        if again or sql.one("select 1 from party_role where account_id = ? and party_id = ? and role = ?", stands):
            return bool(again)
        row = (ids.allocate("party_role")[0], self._creditor, account, party, role, sql.us(self._now))
        sql.insert("party_role", ROLE, [row])
        return True

    def _tell(self, changed: Sequence[tuple[int, int, str]], *, ended: bool) -> None:
        locks.bump_accounts({account for account, _, _ in changed})
        facts.append(
            [
                facts.Draft(
                    f"account:{account}",
                    "party.role",
                    None,
                    self._now,
                    canonical({"party": party, "role": role, "ended": ended, "by": self._by}),
                )
                for account, party, role in changed
            ]
        )
