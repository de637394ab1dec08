"""What fits an outcome, and which holds follow from what a customer told on the telephone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from duewell.core.agree.holds import BadHold, Hold, HoldKind
from duewell.core.contact.outcome import MEANING, NUMBER_FAILS, UNANSWERED, Outcome
from duewell.core.units.ids import AccountId, HoldId, ReceivableId
from duewell.flows import calls as flow
from duewell.flows.hold import NoSuchTarget, Target

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
TODAY = NOW.date()
ACCOUNT = AccountId(1)


def invoice(number: int, minor: int, currency: str = "EUR") -> Target:
    return Target(ACCOUNT, "C-1", ReceivableId(number), f"INV-{number}", currency, minor)


class Kept:
    """Holds in a list, and some open invoices."""

    def __init__(self, *invoices: Target) -> None:
        self.invoices = list(invoices)
        self.holds: list[Hold] = []

    def open_invoices(self, account: AccountId) -> tuple[Target, list[Target]]:
        return Target(account, "C-1", None, "", "", 0), self.invoices

    def add(self, account: AccountId, hold: Hold) -> HoldId:
        self.holds.append(hold)
        return HoldId(len(self.holds))


def keep(told: flow.Told, *invoices: Target) -> list[tuple[HoldKind, int | None, int | None]]:
    """Kind, invoice and amount of each hold that is kept."""
    book = Kept(*(invoices or (invoice(1, 100_00), invoice(2, 50_00))))
    flow.keep(book, ACCOUNT, told, TODAY)  # type: ignore[arg-type]
    return [(hold.kind, hold.receivable, hold.amount_minor) for hold in book.holds]


def test_a_promise_of_all_holds_the_account_until_the_money_can_have_come():
    book = Kept(invoice(1, 100_00))
    (hold,) = flow.keep(book, ACCOUNT, flow.Told(Outcome.PROMISED, date(2026, 3, 16)), TODAY)  # type: ignore[arg-type]
    assert (hold.receivable, hold.starts_on, hold.until_on) == (None, TODAY, date(2026, 3, 19))
    assert "2026-03-16" in hold.reason


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        ("0.01", [(1, 1)]),
        ("100.00", [(1, None)]),
        ("100.01", [(1, None), (2, 1)]),
        ("150", [(1, None), (2, None)]),
    ],
)
def test_a_promised_sum_covers_the_oldest_invoices_and_the_last_in_part(amount, kept):
    told = flow.Told(Outcome.PROMISED, date(2026, 3, 16), Decimal(amount))
    assert keep(told) == [(HoldKind.PROMISE, number, minor) for number, minor in kept]


def test_a_dispute_is_of_an_invoice_or_a_part_of_it_and_has_a_review():
    told = flow.Told(Outcome.DISPUTED, amount=Decimal("20.00"), invoice="INV-2", note="broken")
    assert keep(told) == [(HoldKind.DISPUTE, 2, 20_00)]
    book = Kept(invoice(1, 100_00))
    (hold,) = flow.keep(book, ACCOUNT, flow.Told(Outcome.HARDSHIP), TODAY)  # type: ignore[arg-type]
    assert (hold.kind, hold.receivable, hold.review_on) == (HoldKind.HARDSHIP, None, TODAY + timedelta(days=14))


@pytest.mark.parametrize(
    "told",
    [
        flow.Told(Outcome.PROMISED, date(2026, 3, 9)),
        flow.Told(Outcome.PROMISED, date(2026, 3, 16), Decimal("150.01")),
        flow.Told(Outcome.PROMISED, date(2026, 3, 16), Decimal("1.001")),
        flow.Told(Outcome.DISPUTED, amount=Decimal("50.01"), invoice="INV-2"),
        flow.Told(Outcome.DISPUTED, invoice="INV-9"),
        flow.Told(Outcome.HARDSHIP, review=date(2026, 3, 9)),
    ],
)
def test_what_cannot_be_held_is_refused(told):
    with pytest.raises((BadHold, NoSuchTarget)):
        keep(told)


def test_a_sum_in_an_account_of_several_currencies_needs_its_invoice():
    told = flow.Told(Outcome.PROMISED, date(2026, 3, 16), Decimal("10"))
    with pytest.raises(BadHold, match="--invoice"):
        keep(told, invoice(1, 100_00), invoice(2, 50_00, "USD"))
    assert keep(told._replace(invoice="INV-2"), invoice(1, 100_00), invoice(2, 50_00, "USD")) == [
        (HoldKind.PROMISE, 2, 10_00)
    ]


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {"promised", "disputed", "hardship"}))
def test_other_outcomes_hold_nothing(outcome):
    assert keep(flow.Told(Outcome(outcome))) == []


def test_every_outcome_has_a_meaning_that_agrees_with_itself():
    assert set(MEANING) == set(Outcome)
    for outcome, meaning in MEANING.items():
        assert meaning.spoken <= meaning.counts, "a conversation counts"
        assert (meaning.again_after is not None) == (meaning.state == "deferred")
        assert (outcome in NUMBER_FAILS) == (meaning.state == "refused")
        assert outcome not in UNANSWERED or (meaning.counts and not meaning.spoken)


@pytest.mark.parametrize(
    ("outcome", "told", "fits"),
    [
        ("promised", {"on": date(2026, 3, 16)}, True),
        ("promised", {}, False),
        ("call_back", {"at": NOW + timedelta(days=1)}, True),
        ("call_back", {}, False),
        ("call_back", {"at": NOW - timedelta(minutes=1)}, False),
        ("no_answer", {"again_at": NOW + timedelta(hours=1)}, True),
        ("busy", {"again_at": NOW - timedelta(hours=1)}, False),
        ("will_pay", {"again_at": NOW + timedelta(hours=1)}, False),
        ("refuses", {"on": date(2026, 3, 16)}, False),
        ("hardship", {"amount": Decimal(1)}, False),
        ("promised", {"on": date(2026, 3, 16), "review": date(2026, 3, 20)}, False),
        ("disputed", {"invoice": "INV-1", "review": date(2026, 3, 20)}, True),
        ("will_pay", {"at": NOW + timedelta(hours=1)}, False),
        ("will_pay", {"note": "two\nlines"}, False),
    ],
)
def test_what_was_told_must_fit_the_outcome(outcome, told, fits):
    at, again_at = told.pop("at", None), told.pop("again_at", None)
    words = flow.Told(Outcome(outcome), **told)
    if fits:
        flow.check_outcome(Outcome(outcome), words, at, again_at, NOW)
    else:
        with pytest.raises(ValueError, match=r"--|has passed|line break"):
            flow.check_outcome(Outcome(outcome), words, at, again_at, NOW)
