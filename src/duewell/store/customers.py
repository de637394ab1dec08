"""What is known of one customer, read whole and changed by hand, with its facts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from duewell.core.evidence.canonical import canonical
from duewell.core.evidence.digests import salted
from duewell.core.evidence.rows import body
from duewell.core.units.ids import AccountId, PartyId, PersonId
from duewell.flows.customer import (
    CONTACT_DAYS,
    DETAILS,
    AccountOf,
    Act,
    Customer,
    Edit,
    PersonOf,
    Point,
    Same,
)
from duewell.store import cases, facts, ids, locks, moves, sql
from duewell.store.intake.addresses import POINT

_ELSEWHERE = ("country", "region", "zone")


class Customers:
    """The customers of one creditor, for one person and one act."""

    def __init__(self, creditor: int, now: datetime, by: str, salt: Callable[[], bytes]) -> None:
        self._creditor = creditor
        self._now = now
        self._by = by
        self._salt = salt

    def find(self, number: str) -> Customer | None:
        """The customer with this number."""
        columns = ", ".join(DETAILS)
        row = sql.one(
            f"select id, person_id, number, {columns} from party where creditor_id = ? and number = ?",
            [self._creditor, number],
        )
        if row is None:
            return None
        party, person, known_as, *details = row
        points = sql.fetch(
            "select id, channel, value, state from contact_point where party_id = ? and state <> 'replaced'"
            " order by channel, rank, id",
            [party],
        )
        accounts = sql.fetch(
            "select id, number, segment, strategy from account where party_id = ? order by id", [party]
        )
        return Customer(
            PartyId(party),
            PersonId(person),
            known_as,
            dict(zip(DETAILS, details, strict=True)),
            tuple(Point._make(point) for point in points),
            tuple(AccountOf(AccountId(row[0]), row[1], row[2], row[3], _open(row[0])) for row in accounts),
        )

    def edit(self, party: PartyId, edit: Edit, reason: str) -> None:
        """Keep it with its facts, and move on the versions of its accounts, and of the person who moved."""
        with sql.transaction.atomic():
            person, accounts = _hold(party)
            if edit.details.keys() & set(_ELSEWHERE) or edit.added or edit.replaced or edit.removed:
                # The law asks where a person may be of all parties of the person, whoever the creditor; telephone
                # numbers say something of it too.
                locks.bump_persons([person])
            if edit.details:
                settings = ", ".join(f"{name} = ?" for name in edit.details)
                sql.execute(f"update party set {settings} where id = ?", [*edit.details.values(), party])
            drafts = self._points(party, edit, accounts)
            told = {"by": self._by, "reason": reason}
            if edit.details:
                drafts.append(self._recorded(party, accounts, edit.details.keys(), **told))
            for name in ("segment", "strategy"):
                value = getattr(edit, name)
                if edit.account is not None and value is not None:
                    row = sql.one(f"select {name} from account where id = ?", [edit.account])
                    if row is not None and row[0] != value:
                        sql.execute(f"update account set {name} = ? where id = ?", [value, edit.account])
                        change = {"what": name, "before": row[0], "after": value}
                        drafts.append(self._fact(edit.account, "party.account", **change, **told))
            facts.append(drafts)
            locks.bump_accounts(accounts)

    def person_of(self, number: str, creditor: str = "") -> PersonOf | None:
        """The person behind a customer, of this creditor or of the one with that key."""
        found = moves.customer(self._creditor, number, creditor)
        return None if found is None else self._seen(found.person, {self._creditor, found.creditor})

    def merge(self, number: str, other: str, creditor: str, reason: str, *, dry_run: bool) -> Act:
        """Join the other customer's person to this one's. Raises `BadCustomer`."""
        with sql.transaction.atomic():
            made = moves.merge(self._creditor, number, other, creditor, self._now, self._by, reason)
            return self._told(made, dry_run)

    def split(self, number: str, reason: str, *, dry_run: bool) -> Act:
        """Take the customer out of its person. Raises `BadCustomer`."""
        with sql.transaction.atomic():
            made = moves.split(self._creditor, number, self._now, self._by, reason)
            return self._told(made, dry_run)

    def undo(self, act: int, reason: str, *, dry_run: bool) -> Act:
        """Take a merge or split back. Raises `BadCustomer`."""
        with sql.transaction.atomic():
            made = moves.undo(self._creditor, act, self._now, self._by, reason)
            return self._told(made, dry_run)

    def _told(self, made: moves.Made, dry_run: bool) -> Act:
        act = Act(None if dry_run else made.act, self._seen(made.person, {self._creditor, *made.creditors}))
        if dry_run:
            sql.transaction.set_rollback(True)
        return act

    def _seen(self, person: int, creditors: Collection[int]) -> PersonOf:
        """A person as those creditors may see it: customers of others are counted and not named."""
        within, params = sql.ids_in("creditor_id", sorted(creditors))
        same = sql.fetch(
            f"select number, name from party where person_id = ? and {within} order by id", [person, *params]
        )
        whole = sql.one("select count(*) from party where person_id = ?", [person])
        assert whole is not None
        contacts = cases.contacts([person], self._now - timedelta(days=CONTACT_DAYS))
        kept = moves.kept(person)
        return PersonOf(
            PersonId(person),
            tuple(Same._make(row) for row in same),
            whole[0] - len(same),
            tuple(
                f"no more {channel or 'contact'} ({'everybody' if creditor is None else 'one creditor'}): {reason}"
                for creditor, channel, _, reason in kept.wishes
            ),
            tuple(sorted(kept.flags)),
            len(contacts.get(person, ())),
        )

    def _points(self, party: int, edit: Edit, accounts: Collection[int]) -> list[facts.Draft]:
        ranks = dict(
            sql.fetch(
                "select channel, max(rank) from contact_point where party_id = ? and state <> 'replaced'"
                " group by channel",
                [party],
            )
        )
        gone = [*edit.removed, *(point for point, _ in edit.replaced)]
        known = {row[0]: row for row in _rows_of(party)}
        sql.update_many("update contact_point set state = 'replaced' where id = ?", [(point,) for point in gone])
        again: list[int] = []
        new: list[tuple[str, str, int]] = [(known[old][1], value, known[old][3]) for old, value in edit.replaced]
        for channel, value in edit.added:
            refused = [row[0] for row in known.values() if (row[1], row[2], row[4]) == (channel, value, "refused")]
            if refused:
                again.append(refused[0])
            else:
                ranks[channel] = ranks.get(channel, -1) + 1
                new.append((channel, value, ranks[channel]))
        sql.update_many("update contact_point set state = 'usable' where id = ?", [(point,) for point in again])
        at = sql.us(self._now)
        rows = [
            (number, self._creditor, party, channel, value, "usable", rank, self._salt(), at)
            for number, (channel, value, rank) in zip(ids.allocate("contact_point", len(new)), new, strict=True)
        ]
        sql.insert("contact_point", POINT, rows, dates_are_text=True)
        if rows or again:
            self._settle_refused(accounts)
        states = [(point, known[point][2], bytes(known[point][5]), "replaced") for point in gone]
        states += [(point, known[point][2], bytes(known[point][5]), "usable") for point in again]
        states += [(row[0], row[4], row[7], "usable") for row in rows]
        return [
            self._fact(
                account,
                "party.contact_point",
                party=party,
                point=point,
                state=state,
                digest=salted(salt, value.encode()).hex(),
                by=self._by,
            )
            for account in sorted(accounts)[:1]
            for point, value, salt, state in states
        ]

    def _settle_refused(self, accounts: Collection[int]) -> None:
        """A new address answers the question what to do about the old one."""
        within, params = sql.ids_in("account_id", sorted(accounts))
        sql.execute(
            "update review_item set state = 'settled', decided_at = ?, decided_by = ?"
            f" where kind = 'refused' and state = 'open' and {within}",
            [sql.us(self._now), self._by, *params],
        )

    def _recorded(
        self, party: int, accounts: Collection[int], changed: Collection[str], **told: object
    ) -> facts.Draft:
        columns = ", ".join(DETAILS)
        row = sql.one(f"select number, salt, {columns} from party where id = ?", [party])
        assert row is not None
        number, salt, *details = row
        emails = [value for _, channel, value, *_ in _rows_of(party) if channel == "email"]
        digest = salted(bytes(salt), canonical([number, details, emails])).hex()
        return self._fact(
            min(accounts), "party.recorded", party=party, digest=digest, changed=sorted(changed), **told
        )

    def _fact(self, account: int, kind: str, **told: object) -> facts.Draft:
        return facts.Draft(f"account:{account}", kind, None, self._now, body(**told))


def _hold(party: int) -> tuple[int, list[int]]:
    """Hold the person and every account on which the party stands; which they are."""
    while True:
        row = sql.one("select person_id from party where id = ?", [party])
        assert row is not None
        accounts = moves.accounts_of([party])
        locks.persons([row[0]])
        locks.accounts(accounts)
        # On PostgreSQL a merge may have been faster than the lock.
        if sql.one("select person_id from party where id = ?", [party]) == row:
            return row[0], accounts


def _rows_of(party: int) -> list[tuple[int, str, str, int, str, bytes]]:
    """Id, channel, value, rank, state and salt of each point that has not been replaced."""
    return sql.fetch(
        "select id, channel, value, rank, state, salt from contact_point where party_id = ?"
        " and state <> 'replaced' order by channel, rank, id",
        [party],
    )


def _open(account: int) -> dict[str, int]:
    rows = sql.fetch(
        "select currency, sum(open_minor) from receivable where account_id = ? and not (open_minor = 0)"
        " group by currency order by currency",
        [account],
    )
    # PostgreSQL adds whole numbers up to a decimal.
    return {currency: int(minor) for currency, minor in rows}
