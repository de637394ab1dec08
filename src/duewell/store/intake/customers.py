"""Customers of a creditor: found by number or name, made where they are new, and brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from duewell.core.evidence.canonical import canonical
from duewell.core.evidence.digests import salted
from duewell.core.intake import CustomerRow
from duewell.core.party.roles import Role
from duewell.store import facts, ids, posting, sql

PARTY = (
    "id creditor_id person_id number name given_name family_name salutation kind language country region zone salt"
    " recorded_at"
).split()
ACCOUNT = (
    "id creditor_id number party_id person_id segment strategy version refusal last_message_on recorded_at"
).split()
POINT = "id creditor_id party_id channel value state rank salt recorded_at".split()
ROLE = "id creditor_id account_id party_id role recorded_at".split()
_DETAILS = ("name", "given_name", "family_name", "salutation", "kind", "language", "country", "region", "zone")


class Known(NamedTuple):
    """A customer that is in the tables."""

    party: int
    person: int
    account: int


REMEMBERED_MAX = 250_000


class Customers:
    """Finds and makes the customers of one creditor.

    Remembers of some customers what this import has told of them: a list of invoices tells the same on each row.
    """

    def __init__(self, creditor: int, now: datetime, salt: Callable[[], bytes]) -> None:
        self._creditor = creditor
        self._now = now
        self._salt = salt
        self._told: dict[str, tuple[int, Known]] = {}
        """By number: hash of what was told, and the customer it was found to be."""

    def resolve(
        self, rows: Iterable[CustomerRow], *, tells: bool, others: Iterable[int] = ()
    ) -> tuple[dict[str, Known], set[str], set[str]]:
        """The customers of these rows by `CustomerRow.key`; those that were made; those that changed.

        The accounts of those who are known stay locked until the commit.

        Args:
            tells: the file is about customers, so what it says replaces what was known; otherwise it only adds
                what nobody had said yet.
            others: accounts that are locked with them, all in one order.
        """
        wanted: dict[str, CustomerRow] = {}
        for row in rows:
            first = wanted.get(row.key)
            if first is None or tells:
                wanted[row.key] = row
            elif row[1:-1] != first[1:-1]:
                wanted[row.key] = _folded(first, row)
        same = {} if tells else self._told_before(wanted)
        wanted = {key: row for key, row in wanted.items() if key not in same}
        known, details = self._find(wanted)
        # What is open is read behind this lock: two files with money for one invoice must not both pay it.
        posting.lock({customer.account for customer in chain(known.values(), same.values())} | set(others))
        new = [row for key, row in wanted.items() if key not in known]
        made = self._make(new)
        changed = self._update({key: wanted[key] for key in known}, known, details, tells=tells)
        known.update(made)
        if not tells:
            self._remember(wanted, known)
        known.update(same)
        return known, set(made), changed

    def _told_before(self, wanted: dict[str, CustomerRow]) -> dict[str, Known]:
        """Those of whom this import has told exactly the same: nothing can be new about them."""
        found = {}
        for key, row in wanted.items():
            told = self._told.get(key)
            if told is not None and told[0] == _hash(row):
                found[key] = told[1]
        return found

    def _remember(self, rows: dict[str, CustomerRow], known: dict[str, Known]) -> None:
        if len(self._told) > REMEMBERED_MAX:
            self._told.clear()
        # Who has no number is known by name, and whom a name means can change from row to row.
        self._told.update({key: (_hash(row), known[key]) for key, row in rows.items() if row.number})

    def find(self, rows: Iterable[CustomerRow]) -> dict[str, Known]:
        """Those of these customers who are known, by `CustomerRow.key`."""
        return self._find({row.key: row for row in rows})[0]

    def _find(self, wanted: dict[str, CustomerRow]) -> tuple[dict[str, Known], dict[int, tuple[Any, ...]]]:
        rows = self._read("p.number", list(wanted))
        found = {row[0]: row for row in rows}
        # A list without numbers knows its customers by name, and so may an earlier one have done.
        unnumbered = [key for key, row in wanted.items() if key not in found and not row.number]
        named: dict[str, list[tuple[Any, ...]]] = {}
        for row in self._read("p.name", unnumbered):
            named.setdefault(row[4], []).append(row)
        found.update({name: same[0] for name, same in named.items() if len(same) == 1})
        renumbered = {
            row.name: key for key, row in wanted.items() if key not in found and row.number and row.name != key
        }
        for row in self._read("p.number", list(renumbered)):
            if row[0] == row[4]:
                key = renumbered[row[0]]
                sql.execute("update party set number = ? where id = ?", [key, row[1]])
                sql.execute("update account set number = ? where id = ? and number = ?", [key, row[3], row[0]])
                found[key] = row
        known = {key: Known(row[1], row[2], row[3]) for key, row in found.items()}
        return known, {row[1]: row[4:] for row in found.values()}

    def _read(self, column: str, keys: Sequence[str]) -> list[tuple[Any, ...]]:
        if not keys:
            return []
        within, params = sql.ids_in(column, keys)
        return sql.fetch(
            "select p.number, p.id, p.person_id, a.id, p.name, p.given_name, p.family_name, p.salutation, p.kind,"
            " p.language, p.country, p.region, p.zone, a.segment, p.salt from party p join account a"
            f" on a.party_id = p.id and a.creditor_id = p.creditor_id where p.creditor_id = ? and {within}"
            " order by a.id desc",
            [self._creditor, *params],
        )

    def _make(self, rows: Sequence[CustomerRow]) -> dict[str, Known]:
        if not rows:
            return {}
        creditor, now = self._creditor, sql.us(self._now)
        persons = self._persons(rows)
        parties = ids.allocate("party", len(rows))
        accounts = ids.allocate("account", len(rows))
        roles = ids.allocate("party_role", len(rows))
        party_rows, account_rows, role_rows, points, drafts = [], [], [], [], []
        made: dict[str, Known] = {}
        for row, person, party, account, role in zip(rows, persons, parties, accounts, roles, strict=True):
            salt = self._salt()
            details = _details(row)
            party_rows.append((party, creditor, person, row.key, *details, salt, now))
            account_rows.append(
                (account, creditor, row.account or row.key, party, person, row.segment, "", 0, "", None, now)
            )
            role_rows.append((role, creditor, account, party, Role.DEBTOR, now))
            points += [(party, email, rank) for rank, email in enumerate(row.emails)]
            drafts.append(self._recorded(account, party, salt, row.key, details, row.emails))
            made[row.key] = Known(party, person, account)
        sql.insert("party", PARTY, party_rows, dates_are_text=True)
        sql.insert("account", ACCOUNT, self._unclashing(account_rows), dates_are_text=True)
        sql.insert("party_role", ROLE, role_rows, dates_are_text=True)
        self._add_points(points)
        facts.append(drafts)
        return made

    def _unclashing(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        # Two customers may name the same account number: the second account then goes by its customer's number.
        within, params = sql.ids_in("number", [row[2] for row in rows])
        taken = {
            row[0]
            for row in sql.fetch(
                f"select number from account where creditor_id = ? and {within}", [self._creditor, *params]
            )
        }
        kept = []
        for row in rows:
            number = row[2]
            if number in taken:
                number = f"{number} ({row[0]})"
            taken.add(number)
            kept.append((*row[:2], number, *row[3:]))
        return kept

    def _persons(self, rows: Sequence[CustomerRow]) -> list[int]:
        """One person for the same name and address: what the law counts, it counts over all creditors."""
        emails = sorted({row.emails[0] for row in rows if row.emails and row.name})
        within, params = sql.ids_in("c.value", emails)
        same: dict[tuple[str, str], int] = {}
        if emails:
            for email, name, person in sql.fetch(
                "select c.value, p.name, p.person_id from contact_point c join party p on p.id = c.party_id"
                f" where c.channel = 'email' and {within} order by p.person_id desc",
                params,
            ):
                same[email.casefold(), name.casefold()] = person
        fresh = iter(ids.allocate("person", len(rows)))
        found, made = [], []
        for row in rows:
            key = (row.emails[0].casefold(), row.name.casefold()) if row.emails and row.name else None
            person = same.get(key) if key else None
            if person is None:
                person = next(fresh)
                made.append((person, 0, "[]", sql.us(self._now)))
                if key:
                    same[key] = person
            found.append(person)
        sql.insert("person", ["id", "version", "flags", "recorded_at"], made)
        return found

    def _add_points(self, points: Sequence[tuple[int, str, int]]) -> None:
        now = sql.us(self._now)
        rows = [
            (number, self._creditor, party, "email", email, "usable", rank, self._salt(), now)
            for number, (party, email, rank) in zip(
                ids.allocate("contact_point", len(points)), points, strict=True
            )
        ]
        sql.insert("contact_point", POINT, rows, dates_are_text=True)

    def _update(
        self,
        rows: dict[str, CustomerRow],
        known: dict[str, Known],
        details: dict[int, tuple[Any, ...]],
        *,
        tells: bool,
    ) -> set[str]:
        emails = self._emails([known[key].party for key in rows])
        changed: set[str] = set()
        drafts = []
        for key, row in rows.items():
            customer = known[key]
            before = details[customer.party][: len(_DETAILS)]
            after = _merged(before, _details(row), tells=tells)
            if row.number == "" and not tells:
                after = (before[0] or after[0], *after[1:])
            if row.name == row.number and before[0]:
                # A file without names calls its customers by their numbers: that is no new name.
                after = (before[0], *after[1:])
            segment = row.segment if tells and row.segment else details[customer.party][len(_DETAILS)]
            points = self._points_changed(customer.party, emails.get(customer.party, []), row.emails, tells=tells)
            if after == before and segment == details[customer.party][len(_DETAILS)] and not points:
                continue
            changed.add(key)
            columns = ", ".join(f"{name} = ?" for name in _DETAILS)
            sql.execute(f"update party set {columns} where id = ?", [*after, customer.party])
            sql.execute("update account set segment = ? where id = ?", [segment, customer.account])
            salt = bytes(details[customer.party][-1])
            drafts.append(self._recorded(customer.account, customer.party, salt, key, after, row.emails))
        posting.bump([known[key].account for key in changed])
        facts.append(drafts)
        return changed

    def _emails(self, parties: Sequence[int]) -> dict[int, list[tuple[int, str, str]]]:
        within, params = sql.ids_in("party_id", parties)
        found: dict[int, list[tuple[int, str, str]]] = {}
        for party, point, value, state in sql.fetch(
            f"select party_id, id, value, state from contact_point where {within} and channel = 'email'"
            " and state <> 'replaced' order by rank, id",
            params,
        ):
            found.setdefault(party, []).append((point, value, state))
        return found

    def _points_changed(
        self, party: int, present: list[tuple[int, str, str]], told: tuple[str, ...], *, tells: bool
    ) -> bool:
        here = [value for _, value, _ in present]
        if not told or list(told) == here or (present and not tells):
            return False
        gone = [point for point, value, _ in present if value not in told]
        for point in gone:
            sql.execute("update contact_point set state = 'replaced' where id = ?", [point])
        self._add_points([(party, email, rank) for rank, email in enumerate(told) if email not in here])
        for rank, email in enumerate(told):
            sql.execute(
                "update contact_point set rank = ? where party_id = ? and value = ? and state <> 'replaced'",
                [rank, party, email],
            )
        if any(email not in here for email in told):
            # A new address answers the question what to do about the old one.
            sql.execute(
                "update review_item set state = 'settled', decided_at = ?, decided_by = 'import'"
                " where kind = 'refused' and state = 'open'"
                " and account_id in (select id from account where party_id = ?)",
                [sql.us(self._now), party],
            )
        return True

    def _recorded(
        self, account: int, party: int, salt: bytes, key: str, details: Sequence[str], emails: Sequence[str]
    ) -> facts.Draft:
        digest = salted(salt, canonical([key, list(details), list(emails)])).hex()
        told = canonical({"party": party, "digest": digest})
        return facts.Draft(f"account:{account}", "party.recorded", None, self._now, told)


def _folded(first: CustomerRow, later: CustomerRow) -> CustomerRow:
    """What two rows of a file say of one customer: each thing as the first says it that says it."""
    if first.country and later.country and first.country != later.country:
        # A region or zone of another place is none of this one.
        later = later._replace(region="", zone="")
    name = later.name if first.name == first.number else first.name
    said = CustomerRow._make(one or other for one, other in zip(first, later, strict=True))
    return said._replace(name=name)


def _hash(row: CustomerRow) -> int:
    # All that is told, without where it stands and of how many records.
    return hash(row[1:-1])


def _details(row: CustomerRow) -> tuple[str, ...]:
    return (
        row.name,
        row.first_name,
        row.last_name,
        row.salutation,
        row.kind or "unknown",
        row.language,
        row.country,
        row.region,
        row.zone,
    )


def _merged(before: Sequence[str], told: Sequence[str], *, tells: bool) -> tuple[str, ...]:
    merged = []
    for had, says in zip(_still_there(before, told) if tells else before, told, strict=True):
        said = "" if says == "unknown" else says
        merged.append((said or had) if tells or had in ("", "unknown") else had)
    return tuple(merged)


def _still_there(before: Sequence[str], told: Sequence[str]) -> Sequence[str]:
    """What was known, without the region and zone of a place that the customer has left.

    The zone of the old place would let us write in the middle of the new place's night.
    """
    *details, country, region, _zone = before
    *_, now_country, now_region, _ = told
    if country and now_country and now_country != country:
        return (*details, country, "", "")
    if region and now_region and now_region != region:
        return (*details, country, region, "")
    return before
