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
from duewell.store import facts, ids, locks, posting, sql
from duewell.store.intake import addresses, persons
from duewell.store.intake.told import Details, details, folded, merged

PARTY = ("id", "creditor_id", "person_id", "number", *Details._fields, "salt", "recorded_at")
ACCOUNT = (
    "id creditor_id number party_id person_id segment strategy version refusal last_message_on recorded_at"
).split()
ROLE = "id creditor_id account_id party_id role recorded_at".split()
_WHEREABOUTS = Details._fields[-3:]
_OTHER_DETAILS = Details._fields[:-3]


class Known(NamedTuple):
    """A customer that is in the tables."""

    party: int
    person: int
    account: int


class _Found(NamedTuple):
    """A customer that is in the tables, as it was read."""

    known: Known
    details: Details
    segment: str
    salt: bytes


class _Change(NamedTuple):
    """What one or several rows, that mean the same customer, say of it."""

    found: _Found
    row: CustomerRow
    keys: list[str]
    after: Details
    segment: str

    @property
    def moves(self) -> bool:
        """Are the hours of contact to be asked anew?"""
        return self.after.whereabouts != self.found.details.whereabouts


REMEMBERED_MAX = 250_000


class Customers:
    """Finds and makes the customers of one creditor.

    Remembers of some customers what this import has told of them: a list of invoices tells the same on each row.
    """

    def __init__(
        self,
        creditor: int,
        now: datetime,
        salt: Callable[[], bytes],
        country: str = "",
        numbers: addresses.Numbers = addresses.as_written,
    ) -> None:
        """Args:

        country: where the creditor is; a customer of whom no country is told is there too.
        numbers: reads telephone numbers.
        """
        self._country = country
        self._numbers = numbers
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
                wanted[row.key] = folded(first, row)
        same = {} if tells else self._told_before(wanted)
        wanted = {key: row for key, row in wanted.items() if key not in same}
        found, renumbered = self._find(wanted)
        if found.keys() != wanted.keys() and locks.newcomers(self._creditor):
            found, renumbered = self._find(wanted)
        known = {key: each.known for key, each in found.items()}
        changes = _changes({key: wanted[key] for key in known}, found, tells=tells)
        new = [row for key, row in wanted.items() if key not in known]
        known_persons = persons.known(new)
        # The law asks where a person may be of all parties of the person, whoever the creditor: a message that is
        # about to start for another creditor has to ask again.
        moving = {change.found.known.person for change in changes if change.moves} | set(known_persons.values())
        locks.persons(moving)
        # What is open is read behind this lock: two files with money for one invoice must not both pay it.
        posting.lock({customer.account for customer in chain(known.values(), same.values())} | set(others))
        locks.bump_persons(moving)
        self._renumber(renumbered)
        made = self._make(new, known_persons)
        changed = self._update(changes, tells=tells)
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
        found, _ = self._find({row.key: row for row in rows})
        return {key: each.known for key, each in found.items()}

    def _find(self, wanted: dict[str, CustomerRow]) -> tuple[dict[str, _Found], dict[str, tuple[Known, str]]]:
        """Those who are known, by their keys; and those who had no number, by the number that they get."""
        found = dict(self._read("number", list(wanted)))
        # A list without numbers knows its customers by name, and so may an earlier one have done.
        unnumbered = [key for key, row in wanted.items() if key not in found and not row.number]
        named: dict[str, list[_Found]] = {}
        for _, one in self._read("name", unnumbered):
            named.setdefault(one.details.name, []).append(one)
        found.update({name: same[0] for name, same in named.items() if len(same) == 1})
        nameless = {
            row.name: key for key, row in wanted.items() if key not in found and row.number and row.name != key
        }
        renumbered = {}
        for number, one in self._read("number", list(nameless)):
            if number == one.details.name:
                key = nameless[number]
                found[key] = one
                renumbered[key] = one.known, number
        return found, renumbered

    def _read(self, column: str, keys: Sequence[str]) -> list[tuple[str, _Found]]:
        """Number and customer, those first whose accounts are newest."""
        if not keys:
            return []
        within, params = sql.ids_in(f"p.{column}", keys)
        columns = ", ".join(f"p.{name}" for name in Details._fields)
        rows = sql.fetch(
            f"select p.number, p.id, p.person_id, a.id, a.segment, p.salt, {columns} from party p join account a"
            f" on a.party_id = p.id and a.creditor_id = p.creditor_id where p.creditor_id = ? and {within}"
            " order by a.id desc",
            [self._creditor, *params],
        )
        return [
            (number, _Found(Known(party, person, account), Details._make(known), segment, bytes(salt)))
            for number, party, person, account, segment, salt, *known in rows
        ]

    def _renumber(self, renumbered: dict[str, tuple[Known, str]]) -> None:
        """Who was known by name alone gets the number that is told now, and so does the account of that name."""
        if not renumbered:
            return
        sql.update_many(
            "update party set number = ? where id = ?",
            [(key, known.party) for key, (known, _) in renumbered.items()],
        )
        within, params = sql.ids_in("number", list(renumbered))
        taken = {
            row[0]
            for row in sql.fetch(
                f"select number from account where creditor_id = ? and {within}", [self._creditor, *params]
            )
        }
        sql.update_many(
            "update account set number = ? where id = ? and number = ?",
            [(key, known.account, name) for key, (known, name) in renumbered.items() if key not in taken],
        )

    def _make(self, rows: Sequence[CustomerRow], known_persons: dict[persons.Namesake, int]) -> dict[str, Known]:
        if not rows:
            return {}
        creditor, now = self._creditor, sql.us(self._now)
        of_rows = persons.of(rows, known_persons, self._now)
        parties = ids.allocate("party", len(rows))
        accounts = ids.allocate("account", len(rows))
        roles = ids.allocate("party_role", len(rows))
        party_rows, account_rows, role_rows, points, drafts = [], [], [], [], []
        made: dict[str, Known] = {}
        for row, person, party, account, role in zip(rows, of_rows, parties, accounts, roles, strict=True):
            salt = self._salt()
            told = details(row)
            party_rows.append((party, creditor, person, row.key, *told, salt, now))
            account_rows.append(
                (account, creditor, _own_number(row), party, person, row.segment, "", 0, "", None, now)
            )
            role_rows.append((role, creditor, account, party, Role.DEBTOR, now))
            own = self._points(row)
            points += [(party, point, rank) for point, rank in addresses.ranked(own)]
            drafts.append(self._recorded(Known(party, person, account), salt, row.key, told, own))
            made[row.key] = Known(party, person, account)
        sql.insert("party", PARTY, party_rows, dates_are_text=True)
        sql.insert("account", ACCOUNT, self._unclashing(account_rows), dates_are_text=True)
        sql.insert("party_role", ROLE, role_rows, dates_are_text=True)
        addresses.add(creditor, points, self._salt, self._now)
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

    def _update(self, changes: Sequence[_Change], *, tells: bool) -> set[str]:
        """Write what is new about known customers; the keys of those of whom something is."""
        present = addresses.present([change.found.known.party for change in changes])
        new_addresses = {}
        changed = []
        for change in changes:
            found, party = change.found, change.found.known.party
            wanted = self._points(change.row, change.after.country)
            addressed = addresses.changes(party, present, wanted, tells=tells)
            if addressed:
                new_addresses[party] = addressed
            if addressed or change.after != found.details or change.segment != found.segment:
                changed.append(change)
        if not changed:
            return set()
        renamed = [change for change in changed if change.after[:-3] != change.found.details[:-3]]
        _write("party", _OTHER_DETAILS, [(*change.after[:-3], change.found.known.party) for change in renamed])
        # Only of those who were seen to move before the locks were taken: no other person is held.
        moved = [change for change in changed if change.moves]
        _write("party", _WHEREABOUTS, [(*change.after.whereabouts, change.found.known.party) for change in moved])
        resorted = [change for change in changed if change.segment != change.found.segment]
        _write("account", ("segment",), [(change.segment, change.found.known.account) for change in resorted])
        addresses.write(self._creditor, new_addresses, self._salt, self._now)
        posting.bump([change.found.known.account for change in changed])
        facts.append(
            [
                self._recorded(found.known, found.salt, row.key, after, self._points(row, after.country))
                for found, row, _, after, _ in changed
            ]
        )
        return {key for change in changed for key in change.keys}

    def _points(self, row: CustomerRow, country: str = "") -> list[addresses.Told]:
        return addresses.told(row, country or self._country, self._numbers)

    def _recorded(
        self, known: Known, salt: bytes, key: str, told: Details, points: Sequence[addresses.Told]
    ) -> facts.Draft:
        emails = [one.value for one in points if one.channel == "email"]
        others = [[one.channel, one.value] for one in points if one.channel != "email"]
        digest = salted(salt, canonical([key, list(told), emails, *others])).hex()
        body = canonical({"party": known.party, "digest": digest})
        return facts.Draft(f"account:{known.account}", "party.recorded", None, self._now, body)


def _own_number(row: CustomerRow) -> str:
    """Of the account of a customer: whoever stands on somebody else's account names that one."""
    return row.key if row.role else row.account or row.key


def _changes(rows: dict[str, CustomerRow], found: dict[str, _Found], *, tells: bool) -> list[_Change]:
    """What the rows say of each customer; a number and a name may mean the same one."""
    said: dict[int, tuple[_Found, CustomerRow, list[str]]] = {}
    for key, row in rows.items():
        one = found[key]
        before = said.get(one.known.party)
        if before is None:
            said[one.known.party] = one, row, [key]
        else:
            both = folded(row, before[1]) if tells else folded(before[1], row)
            said[one.known.party] = one, both, [*before[2], key]
    changes = []
    for one, row, keys in said.values():
        segment = row.segment if tells and row.segment else one.segment
        changes.append(_Change(one, row, keys, merged(one.details, row, tells=tells), segment))
    return changes


def _write(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Set the columns of rows; the id stands last in each."""
    if rows:
        settings = ", ".join(f"{column} = ?" for column in columns)
        sql.update_many(f"update {table} set {settings} where id = ?", rows)


def _hash(row: CustomerRow) -> int:
    # All that is told, without where it stands and of how many records.
    return hash(row[1:-1])
