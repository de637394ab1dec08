"""Sums and dates as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from duewell.adapters.texts import formats

LOCALES = "en_GB en_US de_DE de_AT de_CH fr_FR fr_CH fr_CA es_ES es_MX it_IT it_CH nl_NL nl_BE ar ar_MA".split()


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
        (123456789, "EUR", "fr", "1 234 567,89 €"),
        (3000, "USD", "fr_FR", "30,00 $US"),
        (123450, "CHF", "fr_CH", "1 234,50 CHF"),
        (123450, "CAD", "fr_CA", "1 234,50 $"),
        (123456789, "EUR", "es", "1.234.567,89 €"),
        (123450, "MXN", "es_MX", "$1,234.50"),
        (123450, "EUR", "es_MX", "EUR 1,234.50"),
        (123450, "EUR", "it", "1.234,50 €"),
        (123450, "CHF", "it_CH", "CHF 1’234.50"),
        (123450, "EUR", "nl", "€ 1.234,50"),
        (123450, "EUR", "ar", "\u200f1,234.50 €"),
        (123450, "USD", "ar", "1,234.50 US$"),
        (1234567, "KWD", "ar", "\u200f1,234.567 د.ك.\u200f"),
    ],
)
def test_a_sum_is_written_as_readers_write_it(minor, currency, locale, written):
    assert formats.money(minor, currency, locale) == written.replace(" ", "\u00a0")


@given(
    st.integers(0, 2**63 - 1),
    st.sampled_from("EUR USD GBP CHF PLN SEK CZK CAD AUD JPY KWD INR".split()),
    st.sampled_from(LOCALES),
)
def test_a_sum_is_what_babel_writes(minor, currency, locale):
    places = {"JPY": 0, "KWD": 3}.get(currency, 2)
    babel = format_currency(Decimal(minor).scaleb(-places), currency, locale=locale)
    ours = formats.money(minor, currency, locale)
    # Babel leaves out the space between letters and digits that CLDR asks for; ours are all of one kind.
    assert ours.replace("\u00a0", "").strip("\u200f") == "".join(babel.split()).strip("\u200f")
    assert not {" ", "\u202f", "\u2009"} & set(ours)


def test_a_sum_below_zero_is_a_mistake():
    with pytest.raises(ValueError, match="below zero"):
        formats.money(-1, "EUR", "en_GB")


@pytest.mark.parametrize(
    ("locale", "long", "short"),
    [
        ("en_GB", "3 March 2026", "3 Mar 2026"),
        ("en_US", "March 3, 2026", "Mar 3, 2026"),
        ("de_DE", "3. März 2026", "03.03.2026"),
        ("fr", "3 mars 2026", "3 mars 2026"),
        ("es", "3 de marzo de 2026", "3 mar 2026"),
        ("it", "3 marzo 2026", "3 mar 2026"),
        ("nl", "3 maart 2026", "3 mrt 2026"),
        ("ar", "3 مارس 2026", "3 مارس 2026"),
        # CLDR's own short dates of Portuguese have the month as a number.
        ("pt_PT", "3 de março de 2026", "3 mar. 2026"),
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
        ("fr", "CH", "fr_CH"),
        ("fr", "JP", "fr"),
        ("fr", "", "fr"),
        ("es", "MX", "es_MX"),
        ("nl", "BE", "nl_BE"),
        ("ar", "DE", "ar"),
        ("pt", "??", "pt"),
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


@pytest.mark.parametrize(
    ("locale", "long", "short"),
    [
        ("fr", "1er mars 2026", "1er mars 2026"),
        ("fr_CH", "1er mars 2026", "1er mars 2026"),
        ("it", "1º marzo 2026", "1º mar 2026"),
        ("es", "1 de marzo de 2026", "1 mar 2026"),
        ("de_DE", "1. März 2026", "01.03.2026"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_where_the_language_has_it_so(locale, long, short):
    assert formats.long_date(date(2026, 3, 1), locale) == long
    assert formats.short_date(date(2026, 3, 1), locale) == short
    assert formats.long_date(date(2026, 3, 11), locale).startswith("11")


def test_the_article_of_an_italian_date_depends_on_the_day():
    said = [formats.the_date(date(2026, 3, day), "it") for day in (1, 3, 8, 11, 18)]
    assert said == ["il 1º marzo 2026", "il 3 marzo 2026", "l’8 marzo 2026", "l’11 marzo 2026", "il 18 marzo 2026"]
    assert formats.the_date(date(2026, 3, 8), "es") == "8 de marzo de 2026"
