"""Words for states, documents and terms; nothing unknown is guessed."""

from __future__ import annotations

import pytest

from duewell.core.intake import words
from tests.readings import asked, taken


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30", 30), ("net 30", 30), ("Net 30 days", 30), ("30 Tage netto", 30), ("n30", 30), ("0", 0),
        ("14 Tage 2% Skonto, 30 Tage netto", 30), ("8 Tage 3 %, 14 Tage 2 %, 30 Tage netto", 30),
        ("2/10 net 30", 30),
        ("2/10, n/30", 30), ("zahlbar innerhalb von 14 Tagen", 14), ("due on receipt", 0), ("sofort fällig", 0),
        ("zahlbar sofort ohne Abzug", 0), ("30.0", 30), ("NAA8", None), ("30 EOM", None), ("1 month", None),
        ("net 30 net 60", None), ("x" * 100_000, None),
    ],
)  # fmt: skip
def test_terms_say_days_or_nothing(text, days):
    assert words.days_of_terms(text) == days


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Paid", words.PAID), ("BEZAHLT", words.PAID), ("Paid (full)", words.PAID), ("sent", words.ISSUED),
        ("AUTHORISED", words.ISSUED), ("Overdue by 5 days", words.OPEN), ("Überfällig", words.OPEN),
        ("not_paid", words.OPEN), ("Teilweise bezahlt", words.PART_PAID), ("Storniert", words.VOID),
        ("Entwurf", words.DRAFT), ("uncollectible", words.WRITTEN_OFF), ("strittig", words.DISPUTED),
        ("yes", words.PAID), ("No", words.OPEN), ("", ""), ("pending", None), ("1", None), ("banana", None),
    ],
)  # fmt: skip
def test_states_are_understood_or_unknown(word, meaning):
    assert words.meaning("status", word) == meaning


BASE = "Number,Customer,Due Date,Invoice Amount,Currency,Status\n"


def test_an_unknown_word_in_most_rows_is_asked_and_explained():
    content = (
        BASE + "1,A,2024-01-31,10.00,EUR,pending\n2,A,2024-01-31,10.00,EUR,open\n3,B,2024-01-31,1.00,EUR,pending\n"
    )
    assert asked(content) == {
        "words: status": "--word 'status:pending="
        "issued|open|paid|part_paid|draft|void|written_off|disputed|refunded'"
    }
    found = taken(content, words={"status": {"Pending": "draft"}})
    assert [row.number for row in found.invoices] == ["2"]
    assert found.why_skipped() == dict.fromkeys((2, 4), "a draft that was not sent")


def test_an_unknown_word_in_few_rows_costs_those_rows_only():
    rows = "".join(f"{number},A,2024-01-31,10.00,EUR,open\n" for number in range(2))
    found = taken(BASE + rows + "99,A,2024-01-31,10.00,EUR,banana\n")
    assert len(found.invoices) == 2
    assert found.rejected[0].remedy == "Say what it means with --word 'status:banana=...'."


def test_a_sign_for_several_currencies_can_be_explained():
    content = "Number,Customer,Due Date,Invoice Amount,Currency\n1,A,2024-01-31,10.00,$\n"
    assert asked(content) == {"words: currency": "--word 'currency:$=EUR'"}
    assert taken(content, words={"currency": {"$": "CAD"}}).invoices[0].currency == "CAD"


def test_words_written_together_are_those_written_apart():
    assert words.meaning("status", "PartiallyPaid") == words.PART_PAID
    assert words.meaning("document_type", "CreditMemo") == words.CREDIT
    assert words.meaning("status", "PartiallyTrue") is None


def test_a_letter_is_the_reason_of_a_block_and_of_nothing_else():
    assert words.meaning("blocked", "A") == words.YES
    assert words.meaning("blocked", "N") == words.NO
    assert words.meaning("disputed", "A") is None


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("DR (Customer Invoice)", "invoice"),
        ("RV (Billing Doc.Transfer)", "invoice"),
        ("DG - Gutschrift", "credit"),
        ("DZ: Zahlung", "payment"),
        ("RV (Credit Note)", None),
        ("XX (Something)", None),
    ],
)
def test_a_code_with_its_text_means_what_both_mean(word, meaning):
    assert words.meaning("document_type", word) == meaning
