"""What interest is told from: rules and rates of the program and of the home, and the invoices of a creditor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from duewell import wiring
from duewell.adapters.home import Home

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from duewell.core.law.interest import RateTable, Rule
    from duewell.flows.interest import DebtBook
    from duewell.flows.ports import CreditorView


def rules() -> Mapping[str, Rule]:
    """Every rule of interest, by key."""
    from duewell.adapters.files.interest_file import shipped_rules

    return shipped_rules()


def tables(home: Home) -> Mapping[str, RateTable]:
    """Every reference rate as this home knows it. Raises `BadYaml` where a file of the home is wrong."""
    from duewell.adapters.files.interest_file import tables_of

    return tables_of(home.directory)


def debts(creditor: CreditorView) -> DebtBook:
    """The invoices of one creditor."""
    from duewell.store.debts import Debts

    return Debts(creditor.id, wiring.day_of(creditor))


def add_rate(home: Home, key: str, from_on: date, until_on: date, percent: Decimal, source: str) -> RateTable:
    """Keep a rate that the program does not know in a file of the home; returns the table as it is then.

    Raises:
        BadYaml: there is no such rate, the day is known already, or days before it would have no rate.
    """
    from duewell.adapters.files.interest_file import added_rate

    return added_rate(home.directory, key, from_on, until_on, percent, source)
