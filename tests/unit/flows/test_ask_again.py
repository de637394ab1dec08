"""Asking again: what each answer of strategy and law makes of a message that was planned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from duewell.core.decide import rules, values
from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Reason, Recipient, Rest
from duewell.core.law.values import Refusal, Refused, Review
from duewell.flows import ask_again as flow
from duewell.flows.outbox import Delivery, Postponed, Question, Rerouted, Wanted, Withheld

NOW = datetime(2026, 3, 10, 10, tzinfo=UTC)
TODAY = date(2026, 3, 10)
MINE = Delivery(1, "m1", 1, 1, 1, 0, ())


BY_MAIL = Recipient(1, 1, 1, "email", "en")  # type: ignore[arg-type]


class Proposal:
    """What the strategy would say."""

    recipient = BY_MAIL
    others = ()


class World:
    as_of = TODAY
    now = NOW
    strategies = ()
    law = windows = None

    class creditor:
        version = 7


class Known:
    case = standing = None
    allowed: frozenset[str] = frozenset()


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Ask with these answers of strategy and gate."""

    def run(decided: Any, answered: Any = None, delivery: Delivery = MINE) -> Any:
        monkeypatch.setattr(flow, "choose", lambda *args: decided if isinstance(decided, Rest) else "gentle")
        monkeypatch.setattr(flow, "still", lambda *args: decided)
        monkeypatch.setattr(flow, "gate_at", lambda *args, **more: answered)
        return flow.ask_again(World, Known, delivery)  # type: ignore[arg-type]

    return run


def rest(rule: str, until: date | None = None) -> Rest:
    return Rest(1, (Reason(rule, "because", "source", until),))  # type: ignore[arg-type]


def test_what_strategy_and_law_permit_is_wanted_with_the_creditor_as_it_was_read(ask) -> None:
    proposal, permit = Proposal(), object()
    assert ask(proposal, permit) == Wanted(MINE, Known, proposal, permit, 7)


@pytest.mark.parametrize("rule", sorted(set(rules.MEANING) - flow.WAITS))
def test_what_does_not_end_by_itself_ends_the_message(ask, rule: str) -> None:
    assert ask(rest(rule)) == Withheld(MINE, rule, "because")
    assert ask(rest(rule, TODAY + timedelta(days=1))) == Withheld(MINE, rule, "because")


@pytest.mark.parametrize("rule", sorted(flow.WAITS))
def test_what_ends_within_a_week_lets_the_message_wait(ask, rule: str) -> None:
    for until in (None, TODAY + timedelta(days=1), TODAY + timedelta(days=7)):
        assert ask(rest(rule, until)) == Postponed(MINE, rule, "because", None)


@pytest.mark.parametrize("rule", sorted(flow.WAITS))
def test_what_lasts_longer_frees_the_claims(ask, rule: str) -> None:
    assert ask(rest(rule, TODAY + timedelta(days=8))) == Withheld(MINE, rule, "because")


def test_the_law_postpones_until_the_latest_of_its_refusals(ask) -> None:
    soon, late = NOW + timedelta(hours=1), NOW + timedelta(hours=9)
    refused = Refused((Refusal("hours", "early", "s", soon), Refusal("frequency", "often", "s", late)))
    assert ask(Proposal(), refused) == Postponed(MINE, "frequency", "often", late)


def test_a_refusal_that_only_a_person_can_end_ends_the_message(ask) -> None:
    refused = Refused((Refusal("hours", "early", "s", NOW), Refusal("stops.opt_out", "no", "s", None)))
    assert ask(Proposal(), refused) == Withheld(MINE, "stops.opt_out", "no")


def test_a_question_of_the_law_goes_to_a_person(ask) -> None:
    review = Review((Refusal("stops.vulnerable", "look at it", "s", None),))
    assert ask(Proposal(), review) == Question(MINE, "stops.vulnerable", "look at it")


BY_LETTER = Recipient(1, 1, 2, "letter", "en")  # type: ignore[arg-type]
NO_MAILS = Refused((Refusal("stops.opt_out", "no mails", "s", None),))


def proposed(*left: Recipient) -> values.Proposal:
    """A demand on these points of a step that goes by mail, letter and call."""
    return values.Proposal(
        account=1,  # type: ignore[arg-type]
        creditor=1,  # type: ignore[arg-type]
        as_of=TODAY,
        stage=Stage.FIRST,
        purpose="demand",
        tone="kind",
        recipient=left[0],
        strategy="s",
        strategy_digest="0",
        lines=(),
        nets=(),
        advances=(),
        fell_due_on=TODAY,
        others=left[1:],
        channels=("email", "letter", "call"),
    )


def test_a_mail_that_the_law_forbids_for_good_goes_on_by_letter(monkeypatch) -> None:
    monkeypatch.setattr(flow, "choose", lambda *args: "gentle")
    monkeypatch.setattr(flow, "still", lambda *args: proposed(BY_MAIL, BY_LETTER))
    monkeypatch.setattr(
        flow, "gate_at", lambda tried, *args, **more: NO_MAILS if tried.recipient.channel == "email" else object()
    )
    found = flow.ask_again(World, Known, MINE)  # type: ignore[arg-type]
    assert found == Rerouted(MINE, "stops.opt_out", "no mails", BY_LETTER)


def test_an_address_that_is_gone_is_followed_by_the_next_channel(ask) -> None:
    found = ask(proposed(BY_LETTER), object())
    assert (found.to, found.reason) == (BY_LETTER, rules.NO_ADDRESS)


def test_a_letter_never_goes_back_to_a_mail(ask) -> None:
    permit = object()
    letter = MINE._replace(channel="letter")
    found = ask(proposed(BY_MAIL, BY_LETTER), permit, letter)
    assert (found.proposal.recipient, found.permit) == (BY_LETTER, permit)
    gone = ask(proposed(BY_MAIL), permit, letter)
    assert (type(gone), gone.reason) == (Withheld, rules.NO_ADDRESS)
    # a strategy that no longer names the channel says nothing about what comes after it
    other = ask(proposed(BY_MAIL), permit, MINE._replace(channel="sms"))
    assert (type(other), other.reason) == (Withheld, rules.NO_ADDRESS)
