"""The pages of the aging report: every open account once, in order, with few questions to the book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pytest

from duewell.core.ledger.aging import Aged
from duewell.flows import report

TODAY = date(2026, 3, 10)


class Book:
    """Accounts A00001, A00002, … of which some are open; keeps how many accounts each question asked for."""

    def __init__(self, accounts: int, is_open: Mapping[int, Sequence[str]]) -> None:
        self._numbers = [(n, f"A{n:05}") for n in range(1, accounts + 1)]
        self._open = is_open
        self.steps: list[int] = []
        self.totals_told = 0

    def totals(self, as_of: date, known_at: datetime | None) -> dict[str, Aged]:
        self.totals_told += 1
        return {"EUR": Aged(current=1)}

    def accounts_after(self, number: str, limit: int) -> list[tuple[int, str]]:
        self.steps.append(limit)
        return [(n, name) for n, name in self._numbers if name > number][:limit]

    def by_account(
        self, accounts: Sequence[int], as_of: date, known_at: datetime | None
    ) -> dict[tuple[int, str], Aged]:
        settled = {(account, "EUR"): Aged() for account in accounts}
        return settled | {(n, cur): Aged(current=n) for n in accounts for cur in self._open.get(n, ())}


def walk(book: Book, limit: int) -> list[report.Page]:
    """All pages, one after the other."""
    pages = [report.aging_page(book, TODAY, None, "", limit)]
    while pages[-1].next:
        pages.append(report.aging_page(book, TODAY, None, pages[-1].next, limit))
    return pages


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50, 1000])
def test_the_pages_hold_every_open_account_once_and_in_order(limit):
    is_open = {n: ["USD", "EUR"] if n % 5 == 0 else ["EUR"] for n in range(1, 101) if n % 3 == 0 or n % 5 == 0}
    pages = walk(Book(100, is_open), limit)
    told = [(line.account, line.currency) for page in pages for line in page.lines]
    assert told == [(f"A{n:05}", currency) for n in sorted(is_open) for currency in sorted(is_open[n])]
    # a page is full, or one line over it where an account has two currencies
    assert all(limit <= len(page.lines) <= limit + 1 for page in pages[:-1])


def test_a_page_of_open_accounts_asks_for_as_many_as_it_shows():
    book = Book(1000, {n: ["EUR"] for n in range(1, 1001)})
    assert report.aging_page(book, TODAY, None, "A00500", 100).next == "A00600"
    assert (book.steps, book.totals_told) == ([100], 0)


def test_settled_accounts_are_passed_in_ever_longer_steps():
    book = Book(60_000, {59_999: ["EUR"]})
    (page,) = walk(book, 100)
    assert [line.account for line in page.lines] == ["A59999"]
    assert book.steps[:4] == [100, 200, 400, 800]
    assert len(book.steps) < 15
    assert max(book.steps) == report.ACCOUNTS_MAX


def test_the_last_page_says_that_it_is_the_last():
    book = Book(3, {1: ["EUR"], 3: ["EUR"]})
    assert [page.next for page in walk(book, 1)] == ["A00001", ""]
    assert [page.next for page in walk(book, 10)] == [""]
    assert walk(Book(0, {}), 10) == [report.Page([], "")]
