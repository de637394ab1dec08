"""Narrowing on columns: words, borders and shapes of frames."""

from __future__ import annotations

import polars as pl
import pytest

from duewell.portfolio.narrow import Book, narrow, sift
from tests import worked
from tests.generators.books import book

STRATEGY = "strategy: upcoming -3, first 5, second 14; grace 6; minimum 5.00 EUR"
# The last column is the word under which the account rests, or `candidate`.
TABLE = f"""
{STRATEGY}
today   account                     credits     items                                              says
03-20   -                           -           -                                                  paid
03-20   in flight                   -           -                                                  paid
03-20   hold promise 03-02..03-21   -           A 12.00 due 03-01                                  promised
03-20   hold promise 03-02..03-20   -           A 12.00 due 03-01                                  candidate
03-20   hold promise 03-21..03-30   -           A 12.00 due 03-01                                  candidate
03-20   hold promise 03-02..03-21, hold death 03-02..   -  A 12.00 due 03-01                       deceased
03-20   hold promise 03-02..03-21, in flight            -  A 12.00 due 03-01                       promised
03-20   in flight                   -           A 12.00 due 03-01                                  in_flight
# days
03-07   -                           -           A 12.00 due 03-01                                  grace
03-08   -                           -           A 12.00 due 03-01                                  candidate
03-05   -                           -           A 12.00 due 03-01                                  not_yet
02-25   -                           -           A 12.00 due 03-01                                  not_yet
02-26   -                           -           A 12.00 due 03-01                                  candidate
03-01   -                           -           A 12.00 due 03-01                                  candidate
03-02   -                           -           A 12.00 due 03-01                                  not_yet
03-18   -                           -           A 12.00 due 03-01, reached first 03-10             not_yet
03-19   -                           -           A 12.00 due 03-01, reached first 03-10             candidate
03-20   -                           -           A 12.00 due 03-01, reached second 03-10            ladder_done
# the most urgent invoice speaks for the account
03-19   -                           -           A 9.00 due 03-18; B 9.00 due 03-01, reached first 03-10   candidate
03-18   -                           -           A 9.00 due 02-01, reached final 02-20; B 9.00 due 03-17   not_yet
# sums
03-08   -                           -           A 4.99 due 03-01                                   below_minimum
03-08   -                           -           A 4.98 due 03-01; B 0.02 due 03-08                 candidate
03-08   -                           -           A 4.98 due 03-01; B 0.02 due 03-12                 below_minimum
03-09   -                           -           A 4.98 due 03-01; B 0.02 due 03-12                 candidate
03-08   -                           12.00 EUR   A 12.00 due 03-01                                  credited
03-08   -                           7.01 EUR    A 12.00 due 03-01                                  below_minimum
03-08   -                           7.00 EUR    A 12.00 due 03-01                                  candidate
03-08   -                           12.00 USD   A 12.00 due 03-01                                  candidate
03-08   -                           50.00 EUR   A 12.00 due 03-01; B 0.01 USD due 03-01            candidate
# what single invoices are held for is left to the core
03-08   -                           -           A 12.00 due 03-01, hold dispute 03-01..            candidate
"""


@pytest.mark.parametrize("line", worked.lines(TABLE), ids=lambda line: line.text)
def test_each_account_is_a_candidate_or_rests_under_its_word(line):
    sifted = sift(book([line.case], line.as_of), line.strategies, line.as_of)
    assert sifted["rule"].to_list() == [None if line.says == "candidate" else line.says]


def _accounts(*items: str) -> tuple[Book, worked.Line]:
    found = [worked.lines(f"{STRATEGY}\ntoday  items  says\n03-20  {item}  candidate")[0] for item in items]
    cases = [line.case._replace(account=place) for place, line in enumerate(found, 1)]
    return book(cases, found[0].as_of), found[0]


def test_the_counts_and_the_candidates_make_up_all_accounts():
    columns, line = _accounts(
        "A 12.00 due 03-01", "A 12.00 due 03-19", "-", "A 12.00 due 03-02", "A 1.00 due 03-01"
    )
    narrowed = narrow(columns, line.strategies, line.as_of)
    assert narrowed.candidates == [1, 4]
    assert narrowed.rests == {"below_minimum": 1, "not_yet": 1, "paid": 1}


def test_frames_may_be_lazy_and_currencies_categories():
    columns, line = _accounts("A 12.00 due 03-01", "A 12.00 due 03-19")
    lazy = Book(
        *(
            frame.lazy().with_columns(pl.col("currency").cast(pl.Categorical))
            if "currency" in frame.columns
            else frame
            for frame in columns
        )
    )
    assert narrow(lazy, line.strategies, line.as_of) == narrow(columns, line.strategies, line.as_of)


def test_a_book_without_accounts_has_nobody():
    assert narrow(book([], worked.day("03-20")), worked.lines(TABLE)[0].strategies, worked.day("03-20")) == (
        [],
        {},
    )


def test_without_strategies_every_open_account_is_left_to_the_core():
    columns, line = _accounts("A 12.00 due 03-19", "-", "A 1.00 due 03-01")
    assert narrow(columns, [], line.as_of) == ([1, 3], {"paid": 1})


def test_under_several_strategies_an_account_is_kept_for_any_of_them():
    table = """
    strategy late: second 20
    strategy early: first 2, second 4; minimum 50.00 EUR
    today   items                                          says
    03-03   A 60.00 due 03-01                              candidate
    03-03   A 1.00 due 03-01                               candidate
    03-02   A 60.00 due 03-01                              not_yet
    03-05   A 60.00 due 03-01, reached first 03-03         candidate
    03-30   A 60.00 due 03-01, reached second 03-05        ladder_done
    """
    for line in worked.lines(table):
        found = sift(book([line.case], line.as_of), line.strategies, line.as_of)["rule"].to_list()
        assert found == [None if line.says == "candidate" else line.says], line.text
