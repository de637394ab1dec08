"""What stands against erasing: claims that are open, money that is owed, messages that are on their way."""

from __future__ import annotations

from typing import NamedTuple

from duewell.core.units.money import Money
from duewell.store import sql
from duewell.store.erasure.scope import Scope


class Kept(NamedTuple):
    """What stays while something is open."""

    accounts: frozenset[int]
    """Accounts with something open."""
    parties: frozenset[int]
    """Who stands on them."""
    receivables: frozenset[int]
    """Invoices with something open."""
    messages: frozenset[str]
    """Messages on their way."""
    credit: frozenset[int]
    """Accounts with money that is not used: whoever is to get it back must be found by it."""


def list_of(scope: Scope) -> list[str]:
    """Everything that is open, in words; empty where the person can go."""
    found = []
    for number, account, currency, open_minor in _receivables(scope):
        found.append(f"invoice {number} of account {account} has {_amount(open_minor, currency)} open")
    within, params = sql.ids_in("c.account_id", scope.accounts)
    for account, currency, minor in sql.fetch(
        "select a.number, c.currency, c.credit_minor from account_credit c join account a on a.id = c.account_id"
        f" where {within} and c.credit_minor <> 0 order by a.id",
        params,
    ):
        found.append(f"account {account} has {_amount(minor, currency)} that is not used")
    for message, state in _messages(scope):
        found.append(f"message {message} is {state}")
    return found


def kept(scope: Scope) -> Kept:
    """What an erasure leaves where somebody said that open items stay."""
    within, params = sql.ids_in("account_id", scope.accounts)
    receivables = sql.fetch(f"select id, account_id from receivable where {within} and open_minor <> 0", params)
    credit = {
        row[0]
        for row in sql.fetch(f"select account_id from account_credit where {within} and credit_minor <> 0", params)
    }
    messages = [row[0] for row in _messages(scope)]
    in_flight, flying = sql.ids_in("message_id", messages)
    accounts = {row[1] for row in receivables} | credit
    accounts |= {row[0] for row in sql.fetch(f"select account_id from message_state where {in_flight}", flying)}
    within, params = sql.ids_in("id", sorted(accounts))
    parties = {row[0] for row in sql.fetch(f"select party_id from account where {within}", params)}
    return Kept(
        frozenset(accounts),
        frozenset(parties),
        frozenset(row[0] for row in receivables),
        frozenset(messages),
        frozenset(credit),
    )


def _amount(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).decimal()} {currency}"


def _receivables(scope: Scope) -> list[tuple[str, str, str, int]]:
    within, params = sql.ids_in("r.account_id", scope.accounts)
    rows = sql.fetch(
        "select r.number, a.number, r.currency, r.open_minor from receivable r"
        f" join account a on a.id = r.account_id where {within} and r.open_minor <> 0 order by r.id",
        params,
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _messages(scope: Scope) -> list[tuple[str, str]]:
    within, params = sql.ids_in("m.account_id", scope.accounts)
    rows = sql.fetch(
        "select s.message_id, s.state from message m join message_state s on s.message_id = m.id"
        f" where {within} and s.state in ('planned', 'released', 'unknown') order by s.message_id",
        params,
    )
    return [(row[0], row[1]) for row in rows]
