"""Lists of open items and payments, in any order of imports, end in the same balances."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewell.core.ledger import entries as ledger
from duewell.core.ledger.allocate import Policy
from tests.ledger_words import Story, stories
from tests.mutants import Mutant, is_caught, load
from tests.properties.ledger_book import Book, Invoice, OpenList, Paid, on

AMOUNTS = st.integers(1, 12).map(lambda n: n * 10)


@st.composite
def _openings(draw: st.DrawFn):
    """One to three invoices, known with their original amounts or from a first list alone."""
    originals = {id: draw(AMOUNTS) for id in range(1, draw(st.integers(1, 3)) + 1)}
    if draw(st.booleans()):
        return originals, [OpenList(1, draw(st.integers(10, 20)), tuple(originals.items()))]
    return originals, [Invoice(id, amount, draw(st.integers(0, 5)), 20 + id) for id, amount in originals.items()]


@st.composite
def _lists(draw: st.DrawFn, originals: dict[int, int]):
    """Up to three lists in the order of their hours; amounts mostly fall and sometimes rise again."""
    lists, shown, day = [], dict(originals), 20
    for number in range(2, 2 + draw(st.integers(0, 3))):
        day += draw(st.integers(0, 10))
        rows = draw(st.lists(st.sampled_from(sorted(shown)), unique=True, min_size=1))
        for id in rows:
            rise = draw(st.sampled_from([0, 0, 0, 50]))
            shown[id] = draw(st.integers(0, (shown[id] + rise) // 10)) * 10
        lists.append(OpenList(number, day, tuple((id, shown[id]) for id in rows)))
    return lists


def _payments(names: st.SearchStrategy[tuple[int, ...]]):
    return st.lists(st.builds(Paid, st.just(0), AMOUNTS, st.integers(6, 60), names, st.just(False)), max_size=4)


def _numbered(payments: list[Paid]) -> list[Paid]:
    return [paid._replace(id=100 + number) for number, paid in enumerate(payments)]


@st.composite
def any_order(draw: st.DrawFn):
    """Payments that name one invoice or none, in any order at all; unnamed credit notes among them."""
    originals, first = draw(_openings())
    lists = draw(_lists(originals))
    paid = draw(_payments(st.sampled_from([(), *((id,) for id in originals)])))
    paid += [Paid(0, draw(AMOUNTS), draw(st.integers(6, 60)), (), True)] * draw(st.integers(0, 1))
    paid = _numbered(paid)
    queue = iter(lists)
    slots = draw(st.permutations(["list"] * len(lists) + paid))
    return first, lists, paid, [next(queue) if slot == "list" else slot for slot in slots]


@st.composite
def interleaved(draw: st.DrawFn):
    """Payments that name any number of invoices, in the order of their days, between the lists in any way."""
    originals, first = draw(_openings())
    lists = draw(_lists(originals))
    names = st.lists(st.sampled_from(sorted(originals)), unique=True, max_size=3).map(tuple)
    paid = _numbered(sorted(draw(_payments(names)), key=lambda p: (p.day, -p.amount_minor, p.named)))
    queues = {"list": iter(lists), "paid": iter(paid)}
    slots = draw(st.permutations(["list"] * len(lists) + ["paid"] * len(paid)))
    return first, lists, paid, [next(queues[slot]) for slot in slots]


def run(*events, **given_) -> Book:
    """A book after these imports."""
    book = Book(**given_)
    for event in events:
        book.take(event)
    return book


@given(any_order())
def test_any_order_of_lists_and_payments_gives_the_same_balances(history):
    first, lists, paid, order = history
    assert run(*first, *order).outcome() == run(*first, *lists, *paid).outcome()


@given(interleaved(), st.sampled_from(list(Policy)))
def test_what_an_account_owes_in_all_never_depends_on_the_order(history, policy):
    # Which of two overlapping wishes an invoice went to may depend on who came first; how much is owed may not.
    first, lists, paid, order = history
    mixed, sorted_ = run(*first, *order, policy=policy), run(*first, *lists, *paid, policy=policy)
    assert mixed.owed() == sorted_.owed()


@given(interleaved(), st.sampled_from(list(Policy)))
def test_a_list_imported_again_changes_nothing(history, policy):
    first, lists, _, order = history
    book = run(*first, *order, policy=policy)
    for listed in lists[-1:]:
        book.take(listed)
        outcome, count = book.outcome(), len(book.entries)
        book.take(listed._replace(id=99))
        assert (book.outcome(), len(book.entries)) == (outcome, count)


@given(interleaved(), st.sampled_from(list(Policy)))
def test_open_is_what_the_latest_list_shows_less_what_no_list_has_shown(history, policy):
    first, _, _, order = history
    book = run(*first, *order, policy=policy)
    for id, open_minor in book.balances().items():
        shown = book.items[id].shown_minor
        assert open_minor >= 0
        assert shown is None or open_minor <= shown
    assert book.credit() >= 0


@given(interleaved(), st.sampled_from(list(Policy)))
def test_all_places_add_up_to_nothing(history, policy):
    first, _, _, order = history
    assert sum(ledger.positions(run(*first, *order, policy=policy).entries).values()) == 0


@given(any_order())
def test_a_list_that_shows_what_we_know_need_only_be_remembered(history):
    first, _, _, order = history
    assert run(*first, *order).outcome() == run(*first, *order, quick_lists=True).outcome()


@given(any_order())
def test_the_short_way_for_fresh_money_gives_what_the_long_way_gives(history):
    first, _, _, order = history
    short = run(*first, *order)
    long = run(*first, *order, always_settle=True)
    assert short.outcome() == long.outcome()


@given(interleaved())
def test_no_balance_is_below_zero_on_any_day(history):
    first, _, _, order = history
    book = run(*first, *order)
    for day in range(0, 62):
        known = [entry for entry in book.entries if entry.effective_on <= on(day)]
        assert min(ledger.receivable_balances(known).values(), default=0) >= 0, day


EXPLAIN, TARGETS = "duewell.core.ledger.explain", "duewell.core.ledger.targets"
MUTANTS = [
    Mutant(
        "money of later explains a list",
        EXPLAIN,
        "self.days[receivable].since(sum_.paid_on)",
        "self.days[receivable].since(date.min)",
    ),
    Mutant("money of the day does not", EXPLAIN, "self._earlier[-1] >= on", "self._earlier[-1] > on"),
    Mutant("money of later explains another", EXPLAIN, "falls.since(sum_.paid_on)", "falls.since(date.min)"),
    Mutant("a fall is explained twice", EXPLAIN, "self.falls[receivable][on] -= part", "pass"),
    Mutant(
        "a list explains nothing",
        EXPLAIN,
        "part = min(self.left[sum_.key], self.falls",
        "part = 0 * min(0, self.falls",
    ),
    Mutant(
        "a name explains any fall",
        EXPLAIN,
        "for receivable in sum_.named:\n            work.see",
        "for receivable in work.falls:\n            work.see",
    ),
    Mutant("what no list has shown is lost", EXPLAIN, "work.pay_named(sum_)", "pass"),
    Mutant("a policy is forgotten", EXPLAIN, "work.pay_by_policy(policy)", "pass"),
    Mutant("old money counts twice", EXPLAIN, "and sum_.paid_on < item.opened_on", "and False"),
    Mutant("money just paid is taken for old", EXPLAIN, "self.missing.add(sum_.key)", "pass"),
    Mutant("a rise is ignored", TARGETS, "return [back] if fall_minor < 0 else []", "return []"),
    Mutant("a fall is ignored", TARGETS, "if fall_minor > 0:", "if False:"),
    Mutant(
        "what an earlier list showed is forgotten", TARGETS, "if item.shown_minor is not None and", "if False and"
    ),
    Mutant("surplus is not taken back", TARGETS, "if surplus > 0:", "if False:"),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what.replace(" ", "_"))
def test_a_broken_line_of_lists_is_noticed(mutant):
    module = load(mutant, ("targets",), kept=("entries", "allocate")).targets

    def agrees(history) -> None:
        first, lists, paid, order = history
        mixed = run(*first, *order, quick_lists=True, module=module)
        assert min(mixed.balances().values()) >= 0
        assert mixed.outcome() == run(*first, *lists, *paid, quick_lists=True, module=module).outcome()

    told_wrong = [story for story in stories("list-targets.md") if not _tells(story, module)]
    assert told_wrong or is_caught(agrees, any_order(), examples=600)


def _tells(story: str, module: Any) -> bool:
    """Does the story end as it is told?"""
    for quick_lists in (False, True):
        told = Story(Book(module=module, quick_lists=quick_lists))
        for line in story.strip().splitlines():
            if line.startswith("= "):
                if told.balances() != line[2:]:
                    return False
            else:
                told.take(line)
    return True
