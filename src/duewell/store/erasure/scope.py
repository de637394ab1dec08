"""Whose data is meant: the parties and accounts of one person, with one creditor or with all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from duewell.flows.erase import NoSuchPerson
from duewell.store import sql

WORD_MIN = 3
"""A shorter text names nobody and stands everywhere."""


class Scope(NamedTuple):
    """One person as this creditor, or this installation, knows it."""

    person: int
    parties: list[int]
    accounts: list[int]
    creditors: list[int]
    whole: bool
    """Does nobody else deal with the person? Then also what it told everybody is meant."""

    @property
    def streams(self) -> list[str]:
        """The streams of facts about it."""
        return [f"account:{account}" for account in self.accounts] + (
            [f"person:{self.person}"] if self.whole else []
        )


def find(creditor: int, who: str, *, everywhere: bool) -> Scope:
    """The person behind a customer number or an account number of a creditor.

    Raises:
        NoSuchPerson: the creditor knows neither.
    """
    found = sql.one(
        "select person_id from party where creditor_id = ? and number = ?"
        " union select p.person_id from account a join party p on p.id = a.party_id"
        " where a.creditor_id = ? and a.number = ?",
        [creditor, who, creditor, who],
    )
    if found is None:
        raise NoSuchPerson(f"nobody is known under the number {who!r}")
    return of(int(found[0]), creditor, everywhere=everywhere)


def of(person: int, creditor: int, *, everywhere: bool) -> Scope:
    """A person with one creditor, or with all."""
    # With a creditor that has erased the person, nobody deals with it any more.
    known = sql.fetch(
        "select id, creditor_id from party where person_id = ? and number not like 'erased:%' order by id",
        [person],
    )
    mine = [row for row in known if everywhere or row[1] == creditor]
    parties = [row[0] for row in mine]
    within, params = sql.ids_in("party_id", parties)
    accounts = [row[0] for row in sql.fetch(f"select id from account where {within} order by id", params)]
    return Scope(person, parties, accounts, sorted({row[1] for row in mine}), len(mine) == len(known))


def of_accounts(table: str, columns: Sequence[str], accounts: Sequence[int]) -> list[tuple[Any, ...]]:
    """Columns of all rows of these accounts, by id."""
    within, params = sql.ids_in("account_id", accounts)
    names = ", ".join(f'"{column}"' for column in columns)
    return sql.fetch(f"select {names} from {table} where {within} order by id", params)


def names(scope: Scope, *, given: bool = True) -> tuple[str, ...]:
    """The strings that name the person, as the tables have them, longest first.

    Args:
        given: with given names, which many people have.
    """
    found: set[str] = set()
    within, params = sql.ids_in("id", scope.parties)
    for row in sql.fetch(f"select number, name, family_name, given_name from party where {within}", params):
        found.update(row if given else row[:-1])
    within, params = sql.ids_in("party_id", scope.parties)
    found.update(row[0] for row in sql.fetch(f"select value from contact_point where {within}", params))
    for table, columns in (("receivable", ["number", "reference"]), ("payment", ["reference", "named"])):
        for row in of_accounts(table, columns, scope.accounts):
            found.update(part for text in row for part in text.split("\n"))
    within, params = sql.ids_in("id", scope.accounts)
    found.update(row[0] for row in sql.fetch(f"select number from account where {within}", params))
    return tuple(sorted(_telling(found), key=lambda text: (-len(text), text)))


def _telling(texts: Iterable[str]) -> set[str]:
    return {text.strip() for text in texts if len(text.strip()) >= WORD_MIN and not text.startswith("erased:")}
