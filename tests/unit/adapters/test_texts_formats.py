"""Sums and dates as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from duewell.adapters.texts import formats

LOCALES = ("en_GB", "en_US", "de_DE", "de_AT", "de_CH")


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "written"),
    [
        (123450, "EUR", "en_GB", "€1,234.50"),
        (123450, "EUR", "de_DE", "1.234,50 €"),
        (123450, "EUR", "de_AT", "€ 1.234,50"),
        (123450, "CHF", "de_CH", "CHF 1’234.50"),
        (3000, "USD", "en_GB", "US$30.00"),
        (3000, "USD", "en_US", "$30.00"),
        (3000, "USD", "de_DE", "30,00 $"),
        (1, "EUR", "en_GB", "€0.01"),
        (0, "EUR", "de_DE", "0,00 €"),
        (1234567, "JPY", "en_US", "¥1,234,567"),
        (1234567, "JPY", "de_DE", "1.234.567 ¥"),
        (1234567, "KWD", "en_GB", "KWD 1,234.567"),
        (1234567, "KWD", "de_DE", "1.234,567 KWD"),
        (100000000000, "EUR", "en_GB", "€1,000,000,000.00"),
        (2**63 - 1, "EUR", "en_GB", "€92,233,720,368,547,758.07"),
        # ISO 4217 gives the Iraqi dinar three decimals, CLDR none.
        (1500, "IQD", "en_GB", "IQD 1.500"),
    ],
)
def test_a_sum_is_written_as_readers_write_it(minor, currency, locale, written):
    assert formats.money(minor, currency, locale) == written


@given(
    st.integers(0, 2**63 - 1),
    st.sampled_from("EUR USD GBP CHF PLN SEK CZK CAD AUD JPY KWD INR".split()),
    st.sampled_from(LOCALES),
)
def test_a_sum_is_what_babel_writes(minor, currency, locale):
    places = {"JPY": 0, "KWD": 3}.get(currency, 2)
    babel = format_currency(Decimal(minor).scaleb(-places), currency, locale=locale)
    ours = formats.money(minor, currency, locale)
    # Babel leaves out the space between letters and digits that CLDR asks for, and its spaces do not break.
    assert ours.replace(" ", "") == babel.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    assert "\u00a0" not in ours


def test_a_sum_below_zero_is_a_mistake():
    with pytest.raises(ValueError, match="below zero"):
        formats.money(-1, "EUR", "en_GB")


@pytest.mark.parametrize(
    ("locale", "long", "short"),
    [
        ("en_GB", "3 March 2026", "3 Mar 2026"),
        ("en_US", "March 3, 2026", "Mar 3, 2026"),
        ("de_DE", "3. März 2026", "03.03.2026"),
    ],
)
def test_a_date_is_written_so_that_day_and_month_cannot_be_mixed_up(locale, long, short):
    assert formats.long_date(date(2026, 3, 3), locale) == long
    assert formats.short_date(date(2026, 3, 3), locale) == short


@pytest.mark.parametrize(
    ("language", "country", "locale"),
    [
        ("en", "", "en_GB"),
        ("en", "DE", "en_GB"),
        ("en", "US", "en_US"),
        ("en", "PR", "en_US"),
        ("de", "", "de_DE"),
        ("de", "US", "de_DE"),
        ("de", "AT", "de_AT"),
        ("de", "LI", "de_LI"),
    ],
)
def test_the_locale_follows_language_and_country(language, country, locale):
    assert formats.locale(language, country) == locale


def test_several_sums_are_joined_with_the_words_of_the_language():
    assert formats.listed([], ", ", " and ") == ""
    assert formats.listed(["€120.00"], ", ", " and ") == "€120.00"
    assert formats.listed(["€120.00", "US$30.00"], ", ", " and ") == "€120.00 and US$30.00"
    assert formats.listed(["1", "2", "3"], ", ", " und ") == "1, 2 und 3"


def test_counts_are_grouped():
    assert formats.count(20000, "en_GB") == "20,000"
    assert formats.count(20000, "de_DE") == "20.000"
