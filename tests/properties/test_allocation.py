"""Allocation hands out every unit once, to whom it may; and a correction undoes what it corrects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewell.core.ledger import allocate, correct
from duewell.core.ledger import entries as ledger
from duewell.core.ledger.allocate import Claim, Policy, Queue
from duewell.core.units.money import CurrencyMismatch, Money
from tests.mutants import Mutant, is_caught, load
from tests.plain import allocation as plain
from tests.properties.ledger_book import ACCOUNT, DAY_ONE, Book, Invoice, Paid

ALLOCATE = "duewell.core.ledger.allocate"


class Question(NamedTuple):
    """What is open, and the sums that come one after the other: amount, names, does the policy place the rest?"""

    claims: list[Claim]
    policy: Policy
    sums: list[tuple[int, list[int], bool]]


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Invoices, disputed or not, and up to four sums."""
    claims = []
    for id in range(1, draw(st.integers(0, 5)) + 1):
        open_minor = draw(st.integers(1, 60))
        disputed = draw(st.sampled_from([0, 0, open_minor, open_minor // 2]))
        claims.append(Claim(id, DAY_ONE + timedelta(days=draw(st.integers(0, 9))), "EUR", open_minor, disputed))
    names = st.lists(st.integers(1, 6), max_size=draw(st.sampled_from([0, 3])))
    sums = st.tuples(st.integers(1, 60) | st.integers(1, 150), names, st.sampled_from([True, True, True, False]))
    return Question(claims, draw(st.sampled_from(list(Policy))), draw(st.lists(sums, min_size=1, max_size=4)))


def check(question: Question, module: Any = allocate) -> None:
    """What every allocation keeps, said one by one."""
    claims = question.claims
    queue = _queue(question, module)
    for minor, names, by_policy in question.sums:
        found = queue.allocate(Money(minor, "EUR"), names, by_policy=by_policy)
        check_one(found, minor, claims, names, question.policy if by_policy else None)
        claims = _left_open(claims, found.parts)


def check_plainly(question: Question, module: Any = allocate) -> None:
    """A queue that is kept gives what each sum gives by itself, in the same order."""
    claims = question.claims
    queue = _queue(question, module)
    for minor, names, by_policy in question.sums:
        found = queue.allocate(Money(minor, "EUR"), names, by_policy=by_policy)
        parts, left = plain.allocate(minor, claims, names, question.policy if by_policy else None)
        assert (list(found.parts), found.credit_minor) == (parts, left)
        claims = _left_open(claims, parts)


def _queue(question: Question, module: Any) -> Any:
    return module.Queue([module.Claim(*claim) for claim in question.claims], module.Policy(str(question.policy)))


def _left_open(claims: list[Claim], parts: Iterable[tuple[int, int]]) -> list[Claim]:
    paid = dict(parts)
    left = [(claim, claim.open_minor - paid.get(claim.receivable, 0)) for claim in claims]
    return [
        claim._replace(open_minor=open_minor, disputed_minor=min(claim.disputed_minor, open_minor))
        for claim, open_minor in left
        if open_minor
    ]


def check_one(found: Any, minor: int, claims: list[Claim], names: list[int], policy: Policy | None) -> None:
    """The same of one sum."""
    given_to = {part.receivable: part.amount_minor for part in found.parts}
    by_id = {claim.receivable: claim for claim in claims}
    assert len(given_to) == len(found.parts)
    assert sum(given_to.values()) + found.credit_minor == minor
    assert found.credit_minor >= 0
    for id, part in given_to.items():
        assert 0 < part <= by_id[id].open_minor
        if id not in names:
            assert part <= by_id[id].open_minor - by_id[id].disputed_minor
    left = minor
    for name in dict.fromkeys(name for name in names if name in by_id):
        assert given_to.get(name, 0) == min(left, by_id[name].open_minor)
        left -= given_to.get(name, 0)
    room = {c.receivable: c.open_minor - c.disputed_minor for c in claims if c.receivable not in names}
    if policy is None:
        assert found.credit_minor == left
        return
    assert found.credit_minor == max(0, left - sum(room.values()))
    order = {
        Policy.OLDEST_DUE: lambda id: (by_id[id].due_on, id),
        Policy.NEWEST_DUE: lambda id: (-by_id[id].due_on.toordinal(), id),
        Policy.LARGEST: lambda id: (-room[id], by_id[id].due_on, id),
        Policy.SMALLEST: lambda id: (room[id], by_id[id].due_on, id),
    }
    if policy is Policy.PROPORTIONAL:
        whole = sum(room.values())
        for id, minor_of in room.items():
            exact = min(left, whole) * minor_of
            assert exact - whole < given_to.get(id, 0) * whole < exact + whole or whole == 0
        return
    for id in sorted((id for id in room if room[id] > 0), key=order[policy]):
        assert given_to.get(id, 0) == min(left, room[id])
        left -= given_to.get(id, 0)


@given(questions())
def test_every_unit_goes_once_to_whom_it_may(question):
    check(question)


@given(questions())
def test_a_queue_that_is_kept_gives_what_each_sum_gives_by_itself(question):
    check_plainly(question)


def test_two_currencies_never_meet():
    euro, dollar = (Claim(id, DAY_ONE, currency, 10) for id, currency in ((1, "EUR"), (2, "USD")))
    with pytest.raises(CurrencyMismatch):
        Queue([euro, dollar], Policy.OLDEST_DUE)
    with pytest.raises(CurrencyMismatch):
        Queue([euro], Policy.OLDEST_DUE).allocate(Money(10, "USD"))


def test_no_money_is_not_allocated():
    with pytest.raises(ValueError, match="nothing to allocate"):
        Queue([], Policy.OLDEST_DUE).allocate(Money(0, "EUR"))


MUTANTS = [
    Mutant("a dispute is served", ALLOCATE, "max(0, self.open_minor - self.disputed_minor)", "self.open_minor"),
    Mutant("a name is ignored", ALLOCATE, "for receivable in named:", "for receivable in ():"),
    Mutant(
        "names are served backwards", ALLOCATE, "for receivable in named:", "for receivable in reversed(named):"
    ),
    Mutant("more than open is paid", ALLOCATE, "part = min(left, claim.room_minor)", "part = left"),
    Mutant("a part is lost", ALLOCATE, "[:missing]", "[:0]"),
    Mutant(
        "the newest comes first",
        ALLOCATE,
        "Policy.OLDEST_DUE: lambda claim: (0, claim",
        "Policy.OLDEST_DUE: lambda claim: (0, -claim",
    ),
    Mutant(
        "what was paid is still open",
        ALLOCATE,
        "open_minor=claim.open_minor - part",
        "open_minor=claim.open_minor",
    ),
    Mutant("who was served in part is forgotten", ALLOCATE, "heappush(self._turns, self._turn(claim))", "pass"),
    Mutant("an old turn counts", ALLOCATE, "turn != self._turn(claim)", "not claim.room_minor"),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what.replace(" ", "_"))
def test_a_broken_line_of_allocation_is_noticed(mutant):
    module = load(mutant, ("allocate",), kept=("entries",)).allocate
    assert is_caught(lambda question: check(question, module), questions(), examples=1500)
    assert is_caught(lambda question: check_plainly(question, module), questions(), examples=1500)


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Invoices and payments, some applied and some not."""
    book = Book()
    for id in (1, 2):
        book.take(Invoice(id, draw(st.integers(1, 20)) * 10, 0, 20 + id))
    for number in range(draw(st.integers(0, 3))):
        names = draw(st.sampled_from([(), (1,), (2,)]))
        book.take(Paid(10 + number, draw(st.integers(1, 15)) * 10, draw(st.integers(1, 30)), names))
    return book


@given(books(), st.integers(-20, 20).filter(bool))
def test_a_correction_and_its_opposite_leave_what_is_owed(book, tens):
    owed, billed = book.owed(), ledger.receivable_balances(e for e in book.entries if e.from_place == "revenue")[1]
    change = max(tens * 10, -billed)
    for step in (change, -change):
        mine = [each for each in correct.in_force(book.entries) if each.entry.from_receivable == 1]
        day = DAY_ONE + timedelta(days=40)
        book.record(correct.amount_changed(ACCOUNT, 1, "EUR", step, book.balances()[1], mine, day, "invoice:2"))
        assert min(book.balances().values()) >= 0
        assert book.credit() >= 0
    assert book.owed() == owed


@given(books(), st.data())
def test_what_is_undone_might_as_well_not_have_been(book, data):
    keys = sorted(book.money)
    gone = data.draw(st.sets(st.sampled_from(keys))) if keys else set()
    without = sum(book.money[key].amount_minor for key in keys if key not in gone)
    billed = sum(entry.amount_minor for entry in book.entries if entry.from_place == "revenue")
    causes = [cause for key in gone for cause in correct.causes_of(key)]
    book.record(correct.undo(book.entries, causes))
    assert book.owed() == billed - without
    assert correct.undo(book.entries, causes) == []


@given(books())
def test_an_import_of_invoices_taken_back_frees_the_money(book):
    book.record(correct.undo(book.entries, ["invoice:1", "invoice:2"]))
    assert book.balances() == {1: 0, 2: 0}
    assert book.credit() == sum(sum_.amount_minor for sum_ in book.money.values())
