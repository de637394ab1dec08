"""Aging: the core, a plain second computation and the database give the same, on every day."""

from __future__ import annotations

import itertools
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duewell.core.ledger import aging
from tests import ledger_tables
from tests.generators.ledgers import LAST_DAY, Ledger, day, instant, ledgers
from tests.installation import installation
from tests.mutants import Mutant, is_caught, load
from tests.plain import aging as plain

AGING = "duewell.core.ledger.aging"


def core_totals(module: Any, book: Ledger, number: int, known_at: datetime | None) -> dict[str, dict[str, int]]:
    lines = module.age(book.debts, book.entries, book.disputes, day(number), known_at)
    return {currency: line.as_dict() for currency, line in module.per_currency(lines).items()}


def check(book: Ledger, module: Any = aging, step: int = 1) -> None:
    """The core and the plain computation agree on every day, as known today and at several instants."""
    for number in range(0, LAST_DAY, step):
        for known_at in (None, instant(number), instant(60)):
            expected = plain.totals(book.debts, book.entries, book.disputes, day(number), known_at)
            assert without_zeros(core_totals(module, book, number, known_at)) == without_zeros(expected), number


def without_zeros(totals: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {currency: line for currency, line in totals.items() if any(line.values())}


@given(ledgers())
def test_core_and_plain_computation_agree_on_every_day(book):
    check(book, step=1)


@given(ledgers(), st.integers(0, LAST_DAY))
def test_the_total_is_what_the_entries_add_up_to(book, number):
    lines = aging.age(book.debts, book.entries, book.disputes, day(number))
    late = {debt.receivable for debt in book.debts if debt.issued_on > day(number)}
    for (account, currency), line in lines.items():
        owed = 0
        for entry in book.entries:
            counts = entry.effective_on <= day(number) and (entry.account, entry.currency) == (account, currency)
            if counts and late.isdisjoint((entry.from_receivable, entry.to_receivable)):
                owed += entry.amount_minor * (entry.to_place in ("receivable", "credit"))
                owed -= entry.amount_minor * (entry.from_place in ("receivable", "credit"))
        assert line.total == owed


MUTANTS = [
    Mutant("a bucket begins one day early", AGING, "_LAST_DAYS = (0, 30, 60, 90)", "_LAST_DAYS = (0, 29, 60, 90)"),
    Mutant("the due day is overdue", AGING, "days > last for", "days >= last for"),
    Mutant("the oldest bucket begins a day late", AGING, "60, 90)", "60, 91)"),
    Mutant("a hold is ignored", AGING, "if _active(dispute, as_of, known_at)", "if False"),
    Mutant("a hold of the account is ignored", AGING, "if dispute.receivable is None}", "if False}"),
    Mutant("a hold begins a day late", AGING, "if day < dispute.starts_on", "if day <= dispute.starts_on"),
    Mutant("a hold ends a day late", AGING, "return day < dispute.ended_on", "return day <= dispute.ended_on"),
    Mutant("more is disputed than is open", AGING, "else min(balance, said)", "else said"),
    Mutant("a disputed part stands in its bucket too", AGING, "+= balance - disputed", "+= balance"),
    Mutant("a credit is ignored", AGING, 'line["unapplied"] +=', 'line["current"] += 0 *'),
    Mutant("a credit is counted twice", AGING, "- self.unapplied", "- 2 * self.unapplied"),
    Mutant("what comes later counts", AGING, "if entry.effective_on > as_of or", "if False or"),
    Mutant("today counts only tomorrow", AGING, "if entry.effective_on > as_of", "if entry.effective_on >= as_of"),
    Mutant("what was learned later counts", AGING, "entry.recorded_at > known_at", "False"),
    Mutant("early money counts before its invoice", AGING, "if debt.issued_on > as_of}", "if False}"),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what.replace(" ", "_"))
def test_a_broken_line_of_aging_is_noticed(mutant):
    module = load(mutant, ("aging",), kept=("entries",)).aging
    assert is_caught(lambda book: check(book, module, step=3), ledgers(), examples=400)


def _database_agrees(directory: Path, url: str | None, examples: int) -> None:
    """Every example is a creditor of its own in one database: nobody sees the books of another."""
    from duewell.store import aging as stored

    numbers = itertools.count(1)

    @settings(max_examples=examples)
    @given(book=ledgers(), days=st.lists(st.integers(0, LAST_DAY), min_size=2, max_size=4))
    def agrees(book: Ledger, days: list[int]) -> None:
        number = next(numbers)
        book = moved(book, number * 100)
        accounts = sorted({debt.account for debt in book.debts})
        creditor = ledger_tables.add_creditor(f"c{number}")
        ledger_tables.add_accounts(creditor, accounts)
        ledger_tables.add_receivables(creditor, book.debts)
        ledger_tables.post(creditor, book.entries)
        ledger_tables.add_disputes(creditor, book.disputes, number * 100)
        for day_number in days:
            for known_at in (None, instant(day_number), instant(60)):
                lines = aging.age(book.debts, book.entries, book.disputes, day(day_number), known_at)
                expected = {currency: line.as_dict() for currency, line in aging.per_currency(lines).items()}
                found = stored.totals(creditor, day(day_number), known_at)
                told = {currency: line.as_dict() for currency, line in found.items()}
                assert without_zeros(told) == without_zeros(expected)
                by_account = stored.by_account(creditor, accounts, day(day_number), known_at)
                assert {key: line for key, line in by_account.items() if any(line)} == {
                    key: line for key, line in lines.items() if any(line)
                }

    with installation(directory, url):
        agrees()


def moved(book: Ledger, by: int) -> Ledger:
    """The same ledger with other ids of accounts and receivables."""

    def id(old: int | None) -> int | None:
        return None if old is None else old + by

    return Ledger(
        [d._replace(receivable=d.receivable + by, account=d.account + by) for d in book.debts],
        [
            e._replace(
                account=e.account + by, from_receivable=id(e.from_receivable), to_receivable=id(e.to_receivable)
            )
            for e in book.entries
        ],
        [d._replace(account=d.account + by, receivable=id(d.receivable)) for d in book.disputes],
    )


def test_the_database_agrees_with_the_core_on_sqlite(tmp_path):
    _database_agrees(tmp_path / "home", None, examples=40)


def test_the_database_agrees_with_the_core_on_postgresql(tmp_path, postgres_url):
    _database_agrees(tmp_path / "home", postgres_url, examples=40)
