"""Why, on accounts of a few lines: the rule that decided, those that nearly did, and what changes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from duewell.core.decide import rules
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Advance
from duewell.core.law.catalogue import ANSWERS
from duewell.core.law.values import Contact, Stop
from duewell.flows.changes import BY_SOMEBODY, MISSING, change
from duewell.flows.coming import Coming, Flight, Told
from duewell.flows.why import why
from tests.unit.flows.why_world import CREDITOR, DAYS, PERSON, TUESDAY, dispute, item, known, promise, world

NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)


def ask(account, flight=None, **around):
    return why(world(account, **around), account, flight, DAYS)


def rules_of(answer):
    return [reason.rule for reason in answer.reasons]


def test_a_step_that_fell_due_is_told_with_its_day_its_invoice_and_its_hours():
    answer = ask(known(item(1), item(2, date(2026, 3, 4))))
    assert (answer.decision, answer.key) == ("proposal", "first")
    wanted, permitted, *others = answer.reasons
    assert wanted.text == (
        "The step first fell due on 6 March 2026: INV-1 (EUR 100.00, due 1 March 2026) and 1 more."
        " The message asks for EUR 200.00, in the language en."
    )
    assert (wanted.rule, wanted.source) == ("proposed", "strategy kind, step first")
    assert permitted.text == ("Contact is allowed on 10 March 2026 between 08:00 and 20:00 (Europe/Berlin).")
    assert permitted.source.startswith("Rule book default: ")
    assert permitted.until_at == datetime(2026, 3, 10, 19, tzinfo=UTC)
    assert others == []
    assert answer.coming == Coming(
        Stage.FIRST,
        TUESDAY,
        datetime(2026, 3, 10, 7, tzinfo=UTC),
        datetime(2026, 3, 10, 19, tzinfo=UTC),
        "email",
        "en",
        answer.proposal.nets,
        2,
        None,
        "expected",
    )


def test_a_proposal_also_tells_why_other_invoices_do_not_move():
    held = item(2, holds=(dispute(2),))
    later = item(3, date(2026, 3, 20))
    answer = ask(known(item(1), held, later))
    assert rules_of(answer) == ["proposed", "permitted", "disputed", "not_yet"]
    assert answer.reasons[3].until == date(2026, 3, 25)


def test_what_credit_covers_is_told_beside_the_proposal_and_has_no_day():
    answer = ask(known(item(1), item(2, date(2026, 3, 4)), credits=(("EUR", 100_00),)))
    assert rules_of(answer) == ["proposed", "permitted", "credited"]
    assert answer.reasons[2].until is None
    assert answer.reasons[2].change == BY_SOMEBODY["credited"]


def test_a_promise_rests_the_account_until_its_day_and_the_step_comes_then():
    answer = ask(known(item(), holds=(promise(date(2026, 3, 13)),)))
    assert (answer.decision, answer.key, rules_of(answer)) == ("rest", "promised", ["promised"])
    (reason,) = answer.reasons
    assert (reason.source, reason.until) == ("hold 7", date(2026, 3, 13))
    assert reason.change == "It changes by itself on 13 March 2026, and before only if something happens."
    assert (answer.coming.on, answer.coming.stage) == (date(2026, 3, 13), Stage.FIRST)


def test_what_comes_next_waits_for_every_reason_and_for_the_law():
    # Promised until a Saturday, and the gap to the last message ends on the Sunday after it.
    account = known(item(), holds=(promise(date(2026, 3, 14)),), last_message_on=date(2026, 3, 10))
    answer = ask(account)
    assert rules_of(answer) == ["promised", "least_gap"]
    assert [reason.until for reason in answer.reasons] == [date(2026, 3, 14), date(2026, 3, 15)]
    # Nobody is contacted on a Sunday.
    assert answer.coming.on == date(2026, 3, 16)


def test_what_only_a_person_can_end_has_no_day_and_nothing_comes_by_itself():
    answer = ask(known(item(), holds=(dispute(),)))
    (reason,) = answer.reasons
    assert (reason.rule, reason.until) == ("disputed", None)
    assert "duewell hold end" in reason.change
    assert isinstance(answer.coming, Told)
    assert answer.coming == reason


def test_in_the_evening_the_message_is_expected_for_the_next_morning():
    evening = datetime(2026, 3, 10, 20, tzinfo=UTC)
    answer = ask(known(item()), now=evening)
    assert answer.decision == "proposal"
    assert answer.coming.opens_at == datetime(2026, 3, 11, 7, tzinfo=UTC)


def test_in_the_afternoon_only_what_is_left_of_the_day_is_told():
    answer = ask(known(item()), now=NOON)
    assert (answer.coming.opens_at, answer.coming.on) == (NOON, TUESDAY)


def test_every_refusal_is_told_the_longest_first_and_then_what_was_wanted():
    contacts = tuple(Contact(NOON - timedelta(days=ago), "email") for ago in (3, 2, 1))
    sunday = date(2026, 3, 15)
    stop = Stop(None, "", None, NOON, "enough")
    answer = ask(known(item(), standing=PERSON._replace(stops=(stop,))), day=sunday)
    assert (answer.decision, answer.key) == ("refused", "stops.opt_out")
    assert rules_of(answer) == ["stops.opt_out", "days.weekday", "proposed"]
    assert answer.reasons[0].until is None
    assert answer.reasons[1].until == date(2026, 3, 16)
    assert answer.reasons[1].until_at == datetime(2026, 3, 16, 7, tzinfo=UTC)
    assert answer.coming == answer.reasons[0]
    counted = ask(known(item(), standing=PERSON._replace(contacts=contacts)))
    assert (counted.key, counted.coming.on) == ("frequency", date(2026, 3, 14))


def test_a_question_of_the_law_is_told_and_ends_with_a_person():
    answer = ask(known(item(), standing=PERSON._replace(flags=frozenset({"vulnerable"}))))
    assert (answer.decision, answer.key) == ("review", "stops.vulnerable")
    assert rules_of(answer) == ["stops.vulnerable", "proposed"]
    assert "duewell review" in answer.reasons[0].change


def test_the_kill_switch_is_told_after_the_rule_that_decided():
    account = known(item())
    answer = ask(account, creditor=CREDITOR._replace(halted=True))
    assert rules_of(answer) == ["proposed", "halted", "permitted"]
    assert "duewell resume" in answer.reasons[1].change


def flight(state, **changes):
    made = Flight("m" * 32, state, Stage.FIRST, 3, (Advance(1, Stage.FIRST),), None, None)
    return made._replace(**changes)


def under_way(*items):
    return known(*(items or (item(claimed=Stage.FIRST),)), in_flight="m" * 32)


@pytest.mark.parametrize(
    ("state", "means"),
    [("planned", "duewell release 3"), ("released", "duewell send")],
)
def test_a_message_under_way_is_what_comes_next_and_says_what_moves_it_on(state, means):
    answer = ask(under_way(), flight(state))
    assert answer.key == "in_flight"
    assert means in answer.reasons[0].change
    assert (answer.coming.message, answer.coming.state, answer.coming.stage) == ("m" * 32, state, Stage.FIRST)


def test_a_message_that_waits_for_another_try_is_expected_no_sooner():
    later = datetime(2026, 3, 10, 15, 30, tzinfo=UTC)
    answer = ask(under_way(), flight("released", not_before=later), now=NOON)
    assert answer.coming.opens_at == later


def test_a_message_that_would_be_withheld_is_told_as_such():
    answer = ask(under_way(item(claimed=Stage.FIRST, holds=(dispute(1),))), flight("released"))
    assert isinstance(answer.coming, Told)
    assert answer.coming.rule == "disputed"
    assert answer.coming.text.startswith("The message that waits would be withheld: ")


def test_a_message_that_waits_for_a_business_day_is_not_lost():
    answer = ask(
        known(item(1), last_message_on=TUESDAY - timedelta(days=2), in_flight="m" * 32), flight("released")
    )
    # The gap of five days ends on Friday: until then the message waits.
    assert (answer.coming.on, answer.coming.message) == (date(2026, 3, 13), "m" * 32)


def test_a_message_of_unknown_fate_says_when_it_is_settled_by_rule():
    answer = ask(under_way(), flight("unknown", started_at=NOON))
    assert answer.reasons[0].until == date(2026, 3, 13)
    assert answer.reasons[0].until_at == NOON + timedelta(days=3)
    assert "duewell review" in answer.reasons[0].change
    assert answer.coming == answer.reasons[0]


def test_a_day_beyond_all_clocks_is_told_without_a_window():
    answer = ask(known(item(due=date(2031, 5, 1))))
    assert (answer.coming.on, answer.coming.opens_at) == (date(2031, 5, 6), None)


def test_a_due_date_that_means_never_is_no_trouble():
    answer = ask(known(item(due=date(9999, 12, 31))))
    assert answer.key == "not_yet"
    assert isinstance(answer.coming, Told)


def test_every_rule_of_strategy_and_law_says_who_can_change_it():
    assert set(BY_SOMEBODY) == {*rules.MEANING, *ANSWERS, "halted"}
    assert all(text.endswith(".") for text in BY_SOMEBODY.values())
    assert change("missing_creditor_iban", None) == MISSING
    # A hold for this reason has a name of its own, which is no placeholder.
    assert change("missing_from_export", None) != MISSING
    with pytest.raises(KeyError):
        change("no such rule", None)
