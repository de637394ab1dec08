"""One amount that a person types."""

from __future__ import annotations

import pytest

from duewell.core.intake import by_hand
from duewell.core.intake.by_hand import BadAmount


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("40", "EUR", 40_00),
        ("40,5 EUR", "EUR", 40_50),
        ("EUR 1.234,56", "EUR", 1_234_56),
        ("1,234.56", "USD", 1_234_56),
        ("1'234.56", "CHF", 1_234_56),
        ("1.234.567", "JPY", 1_234_567),
        ("0.500 KWD", "KWD", 500),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, currency: str, minor: int) -> None:
    typed = by_hand.read(text, "point" if text.startswith("0.5") else "")
    assert typed.currency in ("", currency)
    assert by_hand.minor(typed, currency) == minor


def test_an_amount_that_may_mean_two_things_is_asked_about() -> None:
    with pytest.raises(BadAmount, match="--decimal"):
        by_hand.read("1.234")
    assert by_hand.minor(by_hand.read("1.234", "comma"), "EUR") == 1_234_00
    with pytest.raises(BadAmount, match="2 decimals"):
        by_hand.minor(by_hand.read("1.234", "point"), "EUR")


@pytest.mark.parametrize("text", ["", "-", "many", "0", "-5", "(5.00)", "5.00 CR", "12 $", "1e5", "12.3.4,5"])
def test_what_is_no_amount_above_zero_of_one_currency_is_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        by_hand.read(text)


def test_yen_have_no_decimals() -> None:
    with pytest.raises(BadAmount, match="0 decimals"):
        by_hand.minor(by_hand.read("12.50"), "JPY")
