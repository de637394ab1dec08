"""Which channel of a step is taken: the plain way says the same, and notices a law that is asked wrongly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duewell.core.decide.stages import Stage
from duewell.core.decide.values import Proposal, Recipient
from duewell.core.law import channels
from duewell.core.law.values import Permit, Refusal, Refused, Review
from tests.mutants import Mutant, is_caught, load
from tests.plain.channels import taken

NOW = datetime(2026, 3, 10, 10, tzinfo=UTC)
ORDER = ("email", "letter", "call")
SOURCE = "duewell.core.law.channels"


def proposal(names: tuple[str, ...], wait_days: int) -> Proposal:
    points = [Recipient(1, 1, number, name, "en") for number, name in enumerate(names, 1)]  # type: ignore[arg-type]
    return Proposal(
        account=1,  # type: ignore[arg-type]
        creditor=1,  # type: ignore[arg-type]
        as_of=date(2026, 3, 10),
        stage=Stage.FIRST,
        purpose="demand",
        tone="kind",
        recipient=points[0],
        strategy="s",
        strategy_digest="0",
        lines=(),
        nets=(),
        advances=(),
        fell_due_on=date(2026, 3, 10),
        others=tuple(points[1:]),
        channels=names,
        wait_days=wait_days,
    )


def law(answers: dict[str, Any]) -> Any:
    """A gate that says of each channel what the test wants."""

    def ask(tried: Proposal) -> Any:
        said = answers[tried.recipient.channel]
        if said == "yes":
            return object.__new__(Permit)
        if said == "ask":
            return Review((Refusal("stops.vulnerable", "look", "s", None),))
        return Refused((Refusal(f"no.{tried.recipient.channel}", "no", "s", said),))

    return ask


def told(way: Any) -> tuple[str, str, datetime | None]:
    """The answer in the words of the plain way."""
    channel = way.proposal.recipient.channel
    if isinstance(way.answer, Permit):
        return channel, "yes", None
    if isinstance(way.answer, Review):
        return channel, "ask", None
    waits = {refusal.rule for refusal in way.answer.refusals} == {f"no.{channel}"} and way.until is not None
    near = waits and way.until - NOW <= timedelta(days=way.proposal.wait_days)
    return channel, "waits" if near else "no", way.until


ANSWER = st.sampled_from(
    ["yes", "ask", None, *(NOW + timedelta(days=days, hours=hours) for days in range(5) for hours in (0, 1))]
)
ASKED = st.tuples(st.lists(ANSWER, min_size=1, max_size=3), st.integers(0, 4))


def goes_the_plain_way(core: Any, asked: tuple[list[Any], int]) -> None:
    answers, wait_days = asked
    names = ORDER[: len(answers)]
    way = core.channels.ask(proposal(names, wait_days), law(dict(zip(names, answers, strict=True))), NOW)
    if len(answers) > 1:
        assert told(way) == taken(list(zip(names, answers, strict=True)), NOW, wait_days)
    else:
        assert way.proposal.recipient.channel == names[0]
    # what comes after is what is left of the step, in its order
    left = names[names.index(way.proposal.recipient.channel) + 1 :]
    assert [one.channel for one in way.proposal.others] == list(left)


@given(ASKED)
def test_the_channel_is_the_one_of_the_plain_way(asked):
    goes_the_plain_way(SimpleNamespace(channels=channels), asked)


@pytest.mark.parametrize(
    "mutant",
    [
        Mutant(
            "a refusal that ends soon jumps",
            SOURCE,
            "answer.until <= latest:",
            "answer.until < latest - timedelta(days=1):",
        ),
        Mutant(
            "a refusal that lasts is waited for", SOURCE, "is not None and answer.until <= latest:", "is not None:"
        ),
        Mutant(
            "the fall-back is ignored", SOURCE, "(proposal.recipient, *proposal.others)", "(proposal.recipient,)"
        ),
        Mutant(
            "a question to a person is passed over",
            SOURCE,
            "if not isinstance(answer, Refused):",
            "if isinstance(answer, Permit):",
        ),
        Mutant("it waits for the last", SOURCE, "min(ends, default=None)", "max(ends, default=None)"),
        Mutant("the others stay as they were", SOURCE, "others=proposal.others[place:]", "others=proposal.others"),
    ],
    ids=lambda mutant: mutant.what,
)
def test_the_plain_way_catches_a_law_that_is_asked_wrongly(mutant: Mutant):
    core = load(mutant, ("channels",), kept=("values",))

    def check(asked: Any) -> None:
        try:
            goes_the_plain_way(core, asked)
        except (AttributeError, StopIteration) as problem:
            # A broken line may also fall over itself.
            raise AssertionError from problem

    assert is_caught(check, ASKED, examples=1500)


def test_every_refusal_is_kept_where_no_channel_is_permitted():
    late = NOW + timedelta(days=9)
    way = channels.ask(proposal(ORDER, 3), law({"email": None, "letter": late, "call": None}), NOW)
    assert isinstance(way.answer, Refused)
    assert [refusal.rule for refusal in way.answer.refusals] == ["no.email", "no.letter", "no.call"]
    assert way.until == late


def test_what_gave_way_is_told():
    way = channels.ask(proposal(ORDER, 3), law({"email": None, "letter": "yes", "call": "yes"}), NOW)
    assert [(channel, refusal.rule) for channel, refusal in way.passed] == [("email", "no.email")]
