"""The sentences of a rest: what decided, with days and amounts, and where it is written."""

from __future__ import annotations

import pytest

from duewell.core.decide import rules
from duewell.core.decide.decide import decide_among
from duewell.core.decide.still import still
from duewell.core.decide.values import Forecast, Rest
from tests import worked

NOTHING = Forecast()
STRATEGY = "strategy: upcoming -3, first 5, second 14 on business days; grace 6; gap 7; minimum 5.00 EUR"

SAID = """
03-20 | -                                           | -                | paid: Nothing is open on this account. [ledger]
03-10 | A 1250.00 due 03-18                         | -                | not_yet: The step upcoming of A (EUR 1,250.00, due 18 March 2026) falls due on 15 March 2026, 3 days before the due date. [strategy worked, step upcoming]
03-20 | A 12.00 due 03-01, reached first 03-12; B 3 JPY due 03-19 | - | not_yet: The step second of A (EUR 12.00, due 1 March 2026) falls due on 21 March 2026, 9 days after the stage first of 12 March 2026, as the next of 2 invoices. [strategy worked, step second]
03-20 | A 12.00 due 03-01, reached first 03-12; B 3 JPY due 03-19 | - | upcoming_passed: The step upcoming of B (JPY 3, due 19 March 2026) would come after the due date and is dropped. [strategy worked, step upcoming]
03-06 | A 12.00 due 03-01; B 3 JPY due 03-01        | -                | grace: A (EUR 12.00, due 1 March 2026) is within the 6 days of grace, and the step first counts from 8 March 2026; so is 1 more. [strategy worked, grace_days]
03-20 | A 12.00 due 02-01, reached second 02-20     | -                | ladder_done: A (EUR 12.00, due 1 February 2026) has reached the stage second, and the strategy worked has no further step for it. [strategy worked, steps]
03-20 | A 12.00 due 03-01                           | hold promise 03-02..03-25 | promised: The whole account rests for a promise since 2 March 2026 and is free again on 25 March 2026 (worked). [hold 90]
03-20 | A 12.00 due 03-01                           | hold death 03-02.. | deceased: The whole account rests for a death since 2 March 2026, and a person looks at it on 2 March 2026 (worked). [hold 90]
03-20 | A 12.00 due 03-01, hold dispute 03-02..     | -                | disputed: A (EUR 12.00, due 1 March 2026) rests for a dispute since 2 March 2026, and a person looks at it on 2 March 2026 (worked). [hold 10]
03-20 | A 12.00 due 03-01, hold dispute 03-02..; B 2.00 due 03-01, hold dispute 03-03.. | - | disputed: A (EUR 12.00, due 1 March 2026) rests for a dispute since 2 March 2026, and a person looks at it on 2 March 2026 (worked); so does 1 more. [hold 10]
03-20 | A 12.00 due 03-01, claimed first            | -                | in_flight: A message under way already takes A to the stage first. [claim on A]
03-20 | A 12.00 due 03-01                           | in flight        | in_flight: Message m1 of this account waits, is on its way, or may have arrived. [message m1]
03-20 | A 4.99 due 03-01                            | -                | below_minimum: EUR 4.99 is due, which is less than the minimum of EUR 5.00. [strategy worked, minimum EUR]
03-20 | A 4.99 due 03-01; B 1.00 due 03-02          | credit 20.00 EUR | credited: Credit of EUR 5.99 covers A (EUR 4.99, due 1 March 2026) and 1 more. [account credit EUR]
03-20 | A 12.00 due 03-01                           | last message 03-17 | least_gap: The last message left on 17 March 2026, and the next may follow 7 days later, on 24 March 2026. [strategy worked, least_gap_days]
03-21 | A 12.00 due 03-01, reached first 03-06      | -                | not_business_day: The step second goes out on business days only, and Saturday, 21 March 2026 is none. [strategy worked, step second, business_days_only]
03-20 | A 12.00 due 03-01                           | no address       | no_address: The customer has no usable address on email, which the step first goes by. [strategy worked, step first, channels]
03-20 | A 12.00 due 03-01                           | untranslated first | untranslated: The words of kind, first for email are not all there in the language en: kind/first subject. [texts en, kind, first]
03-20 | A 12.00 due 03-01                           | old books        | books_too_old: The creditor's open items are older than its policy allows, and a fresh list must be imported first. [creditor, books_as_of]
03-20 | A 12.00 due 03-01                           | question address | review_open: A question of the kind address waits for a person. [review address]
03-20 | A 12.00 due 03-01                           | missing creditor.iban | missing_creditor_iban: The message needs creditor.iban, which nobody has given. [creditor.iban]
03-20 | A 12.00 due 03-01                           | strategy other   | no_strategy: The account was given the strategy other, which its creditor does not have. [creditor, strategies]
"""  # noqa: E501 - a sentence is one line


def rest_of(today: str, items: str, account: str) -> Rest:
    credits = account.removeprefix("credit ") if account.startswith("credit ") else "-"
    account = "-" if account.startswith("credit ") else account
    table = f"{STRATEGY}\ntoday  items  credits  account  says\n{today}  {items}  {credits}  {account}  rest"
    (line,) = worked.lines(table)
    outcome = decide_among(line.case, line.strategies, NOTHING, line.as_of)
    assert isinstance(outcome, Rest)
    return outcome


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_each_reason_says_what_when_how_much_and_where_it_is_written(line):
    today, items, account, said = (part.strip() for part in line.split("|"))
    rest = rest_of(today, items, account)
    assert said in [f"{reason.rule}: {reason.text} [{reason.source}]" for reason in rest.reasons]


def test_every_word_has_its_sentence_here():
    said = {line.split("|")[3].split(":")[0].strip() for line in SAID.strip().splitlines()}
    of_kinds = set(rules.OF_HOLD.values())
    only_when_sending = {rules.OTHER_STEP}
    assert said - {"missing_creditor_iban"} >= set(rules.MEANING) - of_kinds - only_when_sending
    assert said & of_kinds


def test_all_reasons_are_kept_the_deciding_one_first():
    rest = rest_of(
        "03-21",
        "A 12.00 due 03-01",
        "hold promise 03-02..03-25, hold dispute 03-02.., in flight, last message 03-20, no address, old books, "
        "question address, missing creditor.iban",
    )
    assert [reason.rule for reason in rest.reasons] == [
        "disputed",
        "promised",
        "in_flight",
        "least_gap",
        "no_address",
        "books_too_old",
        "review_open",
        "missing_creditor_iban",
    ]
    assert rest.rule == "disputed"


def test_a_planned_message_that_is_no_longer_right_says_why():
    table = f"{STRATEGY}\ntoday  planned  items  says\n"
    for line, rule, text in (
        (
            "03-20  A first  A 12.00 due 03-01, reached first 03-12  rest",
            "other_step",
            "A (EUR 12.00, due 1 March 2026) was planned for first, but its next step is second.",
        ),
        (
            "03-20  A second  A 12.00 due 03-01, reached second 03-12  rest",
            "other_step",
            "A (EUR 12.00, due 1 March 2026) was planned for second, but it has no further step.",
        ),
        (
            "03-02  A upcoming  A 12.00 due 03-01  rest",
            "upcoming_passed",
            "The step upcoming of A (EUR 12.00, due 1 March 2026) would come after the due date and is dropped.",
        ),
        ("03-02  A upcoming  B 12.00 due 03-01  rest", "paid", "Nothing of what was planned is open any more."),
    ):
        (found,) = worked.lines(table + line)
        rest = still(found.planned, found.case, found.strategies[0], NOTHING, found.as_of)
        assert (rest.reasons[0].rule, rest.reasons[0].text) == (rule, text)


def test_a_statement_that_goes_along_must_be_translated_too():
    table = f"{STRATEGY}\ntoday  items  credits  account  says\n03-20  A 12.00 due 03-01  -  -  first"
    (line,) = worked.lines(table)
    case = line.case._replace(untranslated={("en", "letter", "kind", "first"): "letter statement"})
    assert not isinstance(decide_among(case, line.strategies, NOTHING, line.as_of), Rest)
    strategies = [
        strategy._replace(steps=tuple(step._replace(attach=("statement",)) for step in strategy.steps))
        for strategy in line.strategies
    ]
    outcome = decide_among(case, strategies, NOTHING, line.as_of)
    assert isinstance(outcome, Rest)
    assert outcome.rule == "untranslated"
    assert "letter statement" in outcome.reasons[0].text


def test_a_channel_whose_words_are_not_there_is_not_gone_on_by():
    row = "03-20  A 12.00 due 03-01  -  address email/letter  first"
    table = f"{STRATEGY}\ntoday  items  credits  account  says\n{row}"
    (line,) = worked.lines(table)
    strategies = [
        strategy._replace(steps=tuple(step._replace(channels=("email", "letter")) for step in strategy.steps))
        for strategy in line.strategies
    ]
    proposal = decide_among(line.case, strategies, NOTHING, line.as_of)
    assert not isinstance(proposal, Rest)
    assert [one.channel for one in proposal.others] == ["letter"]
    case = line.case._replace(untranslated={("en", "letter", "kind", "first"): "letter page"})
    proposal = decide_among(case, strategies, NOTHING, line.as_of)
    assert not isinstance(proposal, Rest)
    assert proposal.others == ()
