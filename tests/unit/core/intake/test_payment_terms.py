"""Sentences that say when an invoice is to be paid."""

from __future__ import annotations

from datetime import date

import pytest

from duewell.core.intake import payment_terms

ISSUED = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("Zahlbar innerhalb von 14 Tagen nach Erhalt der Rechnung.", date(2026, 3, 24)),
        ("Payable within 30 days.", date(2026, 4, 9)),
        ("Please transfer 150.00 € within 14 days to the account below", date(2026, 3, 24)),
        ("Zahlbar ohne Abzug bis zum 13.04.2026", date(2026, 4, 13)),
        ("Payment due by 2026-04-01", date(2026, 4, 1)),
        ("A payer avant le 5 avril 2026", date(2026, 4, 5)),
        ("Zahlbar sofort ohne Abzug.", ISSUED),
        ("net 30", date(2026, 4, 9)),
        ("10 Tage 3% Skonto, 30 Tage netto", date(2026, 4, 9)),
        ("2% Skonto bei Zahlung innerhalb von 10 Tagen", None),
        ("within 10 days or 20 days", None),
        ("within 10 business days", None),
        ("30 days end of month", None),
        ("bis 13.04.2026 oder bis 20.04.2026", None),
        ("Zahlbar bis 13.04.2016", None),
        ("Wird am 20.03.2026 von Ihrem Konto eingezogen", None),
        ("Thank you", None),
        ("", None),
    ],
)
def test_one_day_is_taken_and_several_or_conditions_are_not(text, due_on):
    assert payment_terms.due_on(text, ISSUED) == due_on
