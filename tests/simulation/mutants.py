"""The house with one line broken on purpose: what somebody might get wrong, for the simulation to notice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests import installation

Patch = Callable[[pytest.MonkeyPatch], None]
ONE_DAY = timedelta(days=1)


def a_step_falls_due_a_day_late(patch: pytest.MonkeyPatch) -> None:
    _shift_steps(patch, 1)


def a_step_falls_due_a_day_early(patch: pytest.MonkeyPatch) -> None:
    from duewell.portfolio import narrow

    _shift_steps(patch, -1)
    age = narrow._age
    patch.setattr(narrow, "_age", lambda as_of: age(as_of + ONE_DAY))


def a_hold_of_an_invoice_is_ignored(patch: pytest.MonkeyPatch) -> None:
    from duewell.core.decide import ladder, selection

    for module in (ladder, selection):
        patch.setattr(module, "held_minor", lambda holds, open_minor, day: 0)


def a_hold_of_an_account_is_ignored(patch: pytest.MonkeyPatch) -> None:
    from duewell.core.decide import gates
    from duewell.store import columns

    patch.setattr(gates, "account_holds", lambda case, on: [])
    read = columns.account_holds
    patch.setattr(columns, "account_holds", lambda *asked: read(*asked).clear())


def a_promise_lasts_a_day_too_long(patch: pytest.MonkeyPatch) -> None:
    from duewell.core.agree.holds import Hold

    free_from = Hold.free_from

    def later(hold: Hold) -> date | None:
        free = free_from(hold)
        return None if free is None else free + ONE_DAY

    patch.setattr(Hold, "free_from", later)


def a_credit_is_ignored(patch: pytest.MonkeyPatch) -> None:
    from duewell.core.decide import netting
    from duewell.store import columns

    net = netting.net
    patch.setattr(netting, "net", lambda lines, credits: net(lines, ()))
    read = columns.credits
    patch.setattr(columns, "credits", lambda *asked: read(*asked).clear())


def the_zone_is_that_of_the_creditor(patch: pytest.MonkeyPatch) -> None:
    from duewell.adapters.places import PlacesOfParties

    find = PlacesOfParties.__call__
    patch.setattr(
        PlacesOfParties,
        "__call__",
        lambda finder, country, region, zone, day: find(finder, country, region, "Europe/Berlin", day),
    )


def public_holidays_are_working_days(patch: pytest.MonkeyPatch) -> None:
    from duewell.core.law import days

    patch.setattr(days, "closed_holiday", lambda book, holidays, day: False)


def contacts_are_not_counted(patch: pytest.MonkeyPatch) -> None:
    from duewell.core.law import frequency

    patch.setattr(frequency, "shut", lambda *asked: ())


def what_bounced_was_a_notice(patch: pytest.MonkeyPatch) -> None:
    """A mail that came back leaves its invoices at the stage they had reached with it."""
    from duewell.store import returns

    patch.setattr(returns, "_taken_back", lambda own: {one.message: [] for one in own})


def a_stop_is_ignored(patch: pytest.MonkeyPatch) -> None:
    from duewell.core.law import stops

    patch.setattr(stops, "refusals", lambda *asked: ())


def a_claim_is_freed_too_early(patch: pytest.MonkeyPatch) -> None:
    """A message of unknown fate gives its claims back, as though it had certainly failed."""
    from duewell.store import claims, outcomes

    def hopeful(creditor: int, lost: Any, now: Any) -> None:
        claims.free([(one.message, one.account) for one in lost], "refused", "refused", creditor, now)

    patch.setattr(outcomes, "in_the_dark", hopeful)


def what_may_have_arrived_is_tried_again(patch: pytest.MonkeyPatch) -> None:
    """A conversation that breaks after the final dot counts as put off."""
    from duewell.flows import transport
    from duewell.flows.send import _Sending

    converse = _Sending._converse

    def hopeful(sending: Any, drafts: Any) -> Any:
        finished = converse(sending, drafts)
        return [
            one._replace(outcome=transport.Deferred(0, one.outcome.text), retry_at=sending._desk.clock.now())
            if isinstance(one.outcome, transport.Unknown)
            else one
            for one in finished
        ]

    patch.setattr(_Sending, "_converse", hopeful)


def nothing_is_asked_a_second_time(patch: pytest.MonkeyPatch) -> None:
    """What was planned is sent if the law allows it, whatever has become known since."""
    from duewell.core.decide import decide
    from duewell.core.decide.values import Advance
    from duewell.flows import ask_again

    def as_planned(planned: Any, case: Any, strategy: Any, forecast: Any, as_of: Any) -> Any:
        before = case._replace(
            holds=(),
            credits=(),
            reviews=(),
            items=tuple(item._replace(holds=()) for item in case.items),
        )
        found = decide.decide(before, strategy, forecast, as_of)
        if hasattr(found, "advances"):
            wanted = {Advance(*one) for one in planned}
            return found._replace(advances=tuple(one for one in found.advances if one in wanted))
        return found

    patch.setattr(ask_again, "still", as_planned)


def equal_payments_count_whenever_they_come(patch: pytest.MonkeyPatch) -> None:
    installation.name_settings()
    from duewell.store.intake.payments import Payments

    taken = Payments._taken

    def none_had(self: Any, sums: Any) -> Any:
        found, by_hand = taken(self, sums)
        return {sum_: (0, latest) for sum_, (_, latest) in found.items()}, by_hand

    patch.setattr(Payments, "_taken", none_had)


def an_undone_payment_stays(patch: pytest.MonkeyPatch) -> None:
    from duewell.core.ledger import correct

    patch.setattr(correct, "revoke", lambda *asked: [])


def money_serves_the_newest_invoice_first(patch: pytest.MonkeyPatch) -> None:
    from duewell.core.ledger import allocate

    patch.setitem(allocate._ORDERS, allocate.Policy.OLDEST_DUE, allocate._ORDERS[allocate.Policy.NEWEST_DUE])


def messages_keep_no_distance(patch: pytest.MonkeyPatch) -> None:
    from duewell.core.decide import gates

    patch.setattr(gates, "least_gap", lambda case, strategy, on: [])


ALL: tuple[Patch, ...] = (
    a_step_falls_due_a_day_late,
    a_step_falls_due_a_day_early,
    a_hold_of_an_invoice_is_ignored,
    a_hold_of_an_account_is_ignored,
    a_promise_lasts_a_day_too_long,
    a_credit_is_ignored,
    the_zone_is_that_of_the_creditor,
    public_holidays_are_working_days,
    contacts_are_not_counted,
    what_bounced_was_a_notice,
    a_stop_is_ignored,
    a_claim_is_freed_too_early,
    what_may_have_arrived_is_tried_again,
    nothing_is_asked_a_second_time,
    equal_payments_count_whenever_they_come,
    an_undone_payment_stays,
    money_serves_the_newest_invoice_first,
    messages_keep_no_distance,
)


def _shift_steps(patch: pytest.MonkeyPatch, days: int) -> None:
    from duewell.core.decide import ladder

    next_rung = ladder.next_rung

    def shifted(item: Any, climb: Any, today: int) -> Any:
        rung = next_rung(item, climb, today)
        return rung._replace(day=rung.day + days)

    patch.setattr(ladder, "next_rung", shifted)
