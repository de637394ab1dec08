"""The page of why: its sections in order, its sums as Unicode CLDR writes them, its lines of a readable width."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from babel import numbers

from duewell.cli import why_text
from duewell.core.decide.stages import Stage
from duewell.core.decide.wording import amount
from duewell.core.units import money
from duewell.flows.acts import Act
from duewell.flows.ask_why import Compared, Found, Page
from duewell.flows.why import why
from tests.unit.flows.why_world import CREDITOR, DAYS, TUESDAY, dispute, item, known, promise, world

NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)
SENT = Act(
    NOON, None, "contact.accepted", "The message first was sent.", "first", "m", 1, "account:1", 4, "ab" * 32
)


def page(account, **changes):
    found = Found(1, 1, "C-1", "Anna Berg", 1, NOON, None, None)
    answer = why(world(account, changes.get("as_of", TUESDAY)), account, None, DAYS)
    made = Page(found, TUESDAY, TUESDAY, "today", NOON, answer, account, None, (), False, None, ())
    return made._replace(**changes)


def lines(account, **changes):
    return why_text.text(page(account, **changes), CREDITOR).split("\n")


def test_the_sections_stand_in_the_order_in_which_they_are_asked():
    told = lines(known(item()), acts=(SENT._replace(at=datetime(2026, 3, 2, tzinfo=UTC)),), remarks=("Noted.",))
    titles = [line for line in told if line in ("Why", "Next", "What was done, newest first", "Proof")]
    assert titles == ["Why", "Next", "What was done, newest first", "Proof"]
    assert told[0].startswith("A message is wanted for C-1 (Anna Berg) today, 10 March 2026: first")
    assert told[-1] == "Noted."


def test_no_line_of_words_is_wider_than_a_page():
    account = known(*(item(n, holds=(dispute(n, 10_00),)) for n in range(1, 5)), last_message_on=date(2026, 3, 9))
    assert max(len(line) for line in lines(account)) <= why_text.WIDTH


@pytest.mark.parametrize(
    ("as_of", "verb"),
    [(date(2026, 3, 9), "was to be"), (TUESDAY, "is"), (date(2026, 3, 11), "would be")],
)
def test_the_headline_speaks_of_the_past_of_today_and_of_what_would_be(as_of, verb):
    account = known(item(holds=(promise(date(2026, 3, 20), 1),)))
    told = why_text.headline(page(account, as_of=as_of), CREDITOR)
    assert told.startswith(f"Nothing {verb} sent to C-1 (Anna Berg) ")
    assert told.endswith(": it is on hold for a promise, until 20 March 2026.")


def test_a_message_that_went_on_the_day_comes_first():
    account = known(item(reached=Stage.FIRST, reached_on=TUESDAY), last_message_on=TUESDAY)
    told = why_text.headline(page(account, acts=(SENT,)), CREDITOR)
    assert told == (
        "The message first went to C-1 (Anna Berg) today, 10 March 2026, at 12:00."
        " Nothing more is sent: no step comes before 19 March 2026."
    )


def test_a_missing_value_is_told_by_its_own_sentence():
    told = why_text.headline(page(known(item(), missing=("creditor.iban",))), CREDITOR)
    assert told.endswith("the message needs creditor.iban, which nobody has given.")


def test_steps_on_the_way_are_left_to_programs():
    started = SENT._replace(kind="contact.started", text="An attempt began.")
    told = "\n".join(lines(known(item()), acts=(SENT, started)))
    assert "The message first was sent." in told
    assert "An attempt began." not in told


def test_what_a_run_was_made_with_is_told_where_it_differs_and_for_past_days():
    compared = Compared(7, NOON, ("strategy:kind",))
    assert "made with other versions than those of today: strategy:kind" in " ".join(
        lines(known(item()), compared=compared)
    )
    same = Compared(7, NOON, ())
    assert not any("Run 7" in line for line in lines(known(item()), compared=same))
    past = lines(known(item()), compared=same, as_of=date(2026, 3, 9), knowledge="then")
    assert any(line.startswith("As it was known at the end of 9 March 2026") for line in past)
    assert any(line.startswith("Run 7 of this day was made with") for line in past)


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KWD", "CLF", "IQD", "CHF"])
@pytest.mark.parametrize("minor", [0, 1, 99, 100_000, 123_456_789, -5_050])
def test_sums_are_written_as_cldr_writes_them_with_the_code_of_the_currency(currency, minor):
    exponent = money.exponent(currency)
    digits = "#,##0" + ("." + "0" * exponent if exponent else "")
    pattern = f"¤¤ {digits};¤¤ -{digits}"
    value = Decimal(minor).scaleb(-exponent)
    written = numbers.format_currency(value, currency, pattern, locale="en", currency_digits=False)
    assert amount(minor, currency) == written.replace("\u00a0", " ")
