"""Open items and payments as programs of many kinds and countries print them.

The sums were worked out by hand from the lists, which were written down from how such reports look.
"""

# ruff: noqa: E501 (lists read best as they are printed)

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.readings import asked, decided, taken

AS_OF = date(2026, 11, 28)

LISTS_FOLDER = Path(__file__).parents[3] / "golden/lists"
# File: what has to be said about it, and what is billed and not paid by currency, in minor units.
LISTS: dict[str, tuple[dict[str, Any], dict[str, int]]] = {
    "by-age-with-headings-and-totals.csv": ({"currency": "USD"}, {"USD": 158750}),
    "customers-as-headings-money-between.csv": ({"currency": "USD"}, {"USD": 131150}),
    "columns-by-age-customers-as-headings.csv": ({"currency": "GBP"}, {"GBP": 138050}),
    "by-account-o-s-amounts.csv": (
        {"columns": {"number": "Ref"}, "words": {"document_type": {"sa": "payment"}}, "currency": "GBP"},
        {"GBP": 153000},
    ),
    "german-debit-and-credit-balance-with-side.csv": ({}, {"EUR": 324950}),
    "german-with-states.csv": ({}, {"EUR": 84990}),
    "a-printed-list-between-rulers-minus-behind.csv": ({"amounts": "open"}, {"EUR": 1123456}),
    "sides-s-and-h-two-currencies.csv": ({"amounts": "open"}, {"EUR": 123456, "CHF": 50000}),
    "ledger-entries-credit-memos-and-money.csv": ({}, {"USD": 153450}),
    "transactions-by-customer.csv": ({"currency": "USD"}, {"USD": 350025}),
    "states-of-document-and-payment.csv": ({}, {"USD": 125000}),
    "a-row-per-item-state-in-one-word.csv": ({}, {"USD": 24000}),
    "what-was-due-stays-when-it-is-paid.csv": ({}, {"USD": 4900}),
    "credits-applied.csv": ({}, {"EUR": 15000}),
    "dutch.csv": ({}, {"EUR": 151025}),
    "french-accounts-with-debit-and-credit.csv": ({}, {"EUR": 420000}),
    "french-with-addresses.csv": ({"date_order": "dmy", "currency": "EUR"}, {"EUR": 82000}),
    "spanish-with-states.csv": ({}, {"EUR": 131000}),
    "spanish-with-totals.csv": ({"currency": "EUR"}, {"EUR": 160500}),
    "italian-with-states.csv": ({}, {"EUR": 132000}),
    "italian-by-due-date.csv": ({}, {"EUR": 113550}),
    "portuguese-with-document-types.csv": ({"currency": "EUR"}, {"EUR": 35300}),
    "portuguese-plain.csv": ({}, {"EUR": 296000}),
    "an-open-balance-beside-a-running-one.csv": ({"currency": "USD"}, {"USD": 38900}),
    "a-running-balance-with-money-between.csv": ({"currency": "USD"}, {"USD": 38900}),
    "labels-above-the-rows-columns-by-age.csv": (
        {"currency": "GBP", "columns": {"number": "Ref"}},
        {"GBP": 153000},
    ),
    "german-sides-behind-the-amounts.csv": ({"currency": "EUR"}, {"EUR": 319000}),
    "customers-in-their-own-column-above-the-rows.csv": ({"currency": "USD"}, {"USD": 350025}),
    "italian-dare-and-avere.csv": ({"currency": "EUR"}, {"EUR": 150000}),
    "dutch-number-and-name-above-the-rows.csv": ({"currency": "EUR"}, {"EUR": 161500}),
    "portuguese-a-running-balance.csv": ({"currency": "EUR"}, {"EUR": 20000}),
    "spanish-by-due-date-with-signs.csv": ({}, {"EUR": 131000}),
    "german-months-by-name-days-overdue-in-words.csv": ({}, {"EUR": 24000}),
    "swiss-apostrophes-between-thousands.csv": ({}, {"CHF": 111550}),
    "french-states-of-payment-in-the-plural.csv": ({"currency": "EUR"}, {"EUR": 16000}),
    "spanish-partner-shown.csv": ({"currency": "EUR"}, {"EUR": 16300}),
    "german-partner-shown.csv": ({"currency": "EUR"}, {"EUR": 11900}),
    "french-transactions.csv": ({"currency": "EUR"}, {"EUR": 23900}),
    "french-line-items.csv": ({"amounts": "open"}, {"EUR": 123456}),
    "german-line-items.csv": ({"amounts": "open"}, {"EUR": 123456}),
    "spanish-line-items.csv": ({"amounts": "open"}, {"EUR": 123456}),
    "entries-german.csv": ({}, {"EUR": 130000}),
    "entries-dutch.csv": ({}, {"EUR": 130000}),
    "entries-french.csv": ({}, {"EUR": 130000}),
    "entries-spanish.csv": ({}, {"EUR": 130000}),
    "entries-italian.csv": ({}, {"EUR": 130000}),
    "entries-portuguese.csv": ({}, {"EUR": 130000}),
    "french-with-what-is-to-come.csv": ({"currency": "EUR"}, {"EUR": 18000}),
    "dutch-with-states.csv": ({}, {"EUR": 18150}),
    "portuguese-with-states.csv": ({}, {"EUR": 12300}),
    "italian-codes-of-documents.csv": ({"currency": "EUR"}, {"EUR": 12200}),
    "german-quoted.csv": ({"currency": "EUR"}, {"EUR": 11900}),
    "spanish-paid-by-day.csv": ({"columns": {"customer_name": "Título"}}, {"EUR": 121000}),
    "english-part-paid.csv": ({"currency": "GBP"}, {"GBP": 17000}),
    "one-column-for-company-and-last-name.csv": ({"currency": "AUD"}, {"AUD": 112000}),
    "columns-by-age-with-names.csv": ({"currency": "USD"}, {"USD": 18000}),
}
# File: what has to be said about it, and what was received.
MONEY: dict[str, tuple[dict[str, Any], int]] = {
    "money-french.csv": ({"currency": "EUR"}, 150000),
    "money-spanish.csv": ({"currency": "EUR"}, 21000),
    "money-italian.csv": ({"currency": "EUR"}, 22000),
    "money-dutch.csv": ({"currency": "EUR"}, 21000),
    "money-portuguese.csv": ({}, 2300),
    "money-charges.csv": ({}, 4900),
}


def _list(name: str) -> str:
    return (LISTS_FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("title", LISTS)
def test_what_is_open_is_what_the_list_says(title):
    content, (said, expected) = _list(title), LISTS[title]
    found = taken(content, as_of=AS_OF, **said)
    assert found.why_rejected() == {}
    open_: Counter[str] = Counter()
    for row in found.invoices:
        paid = sum(payment.amount_minor for payment in row.payments)
        open_[row.currency] += row.open_minor if row.open_minor is not None else (row.amount_minor or 0) - paid
    assert {currency: minor for currency, minor in open_.items() if minor} == expected


@pytest.mark.parametrize("title", MONEY)
def test_what_came_in_is_what_the_list_says(title):
    content, (said, expected) = _list(title), MONEY[title]
    found = taken(content, "payments", as_of=AS_OF, **said)
    assert found.why_rejected() == {}
    assert sum(row.amount_minor for row in found.payments) == expected


def test_a_total_that_is_the_sum_of_the_ages_is_open_and_one_that_is_not_is_asked():
    name = "columns-by-age-customers-as-headings.csv"
    content, said = _list(name), LISTS[name][0]
    assert decided(content, as_of=AS_OF, **said)["amounts"] == "open"
    wrong = content.replace("0.00,914.00,0.00,0.00,0.00,0.00,914.00", "0.00,914.00,0.00,0.00,0.00,0.00,915.00", 1)
    assert "amounts" in asked(wrong, as_of=AS_OF, **said)


def test_what_was_due_counts_as_open_where_it_sinks_with_the_money():
    header = "Invoice Number,Customer,Due Date,Total,Amount Paid,Amount Due\n"
    sinks = header + "1,A,2026-10-01,100.00,40.00,60.00\n2,B,2026-10-01,50.00,50.00,0.00\n"
    assert [row.open_minor for row in taken(sinks, as_of=AS_OF, currency="EUR").invoices] == [6000, 0]
    stays = header + "1,A,2026-10-01,100.00,40.00,100.00\n2,B,2026-10-01,50.00,50.00,50.00\n"
    rows = taken(stays, as_of=AS_OF, currency="EUR").invoices
    assert [(row.amount_minor, row.open_minor) for row in rows] == [(10000, 6000), (5000, 0)]


def test_a_word_that_two_languages_use_for_different_things_is_asked():
    rows = "Factura;Cliente;Vencimiento;Total;Pendiente;Estado;Moneda\n"
    rows += "F1;Uno;31/10/2026;10,00;10,00;Cancelada;EUR\nF2;Dos;30/10/2026;10,00;10,00;Cancelada;EUR\n"
    assert "words: status" in asked(rows, as_of=AS_OF)


def test_a_column_whose_name_means_two_things_is_told_by_its_cells():
    header = "Factuurnummer;Klant;Vervaldatum;Openstaand;Valuta\n"
    assert taken(header + "1;A;31-10-2026;10,00;USD\n", as_of=AS_OF).invoices[0].currency == "USD"
    paid = "Rechnung;Kunde;Betrag;Valuta;Währung\n1;A;10,00;31.10.2026;EUR\n"
    assert taken(paid, "payments", as_of=AS_OF).payments[0].paid_on == date(2026, 10, 31)


def test_the_first_name_stands_beside_the_last_one():
    content = "Código cliente;Nombre;Apellidos;Correo electrónico;Población;País\n7;Ana;García Pérez;a@b.example;Sevilla;España\n"
    [row] = taken(content, "customers", as_of=AS_OF).customers
    assert (row.number, row.first_name, row.last_name, row.country) == ("7", "Ana", "García Pérez", "ES")


def test_money_of_a_list_with_a_running_balance_counts():
    name = "a-running-balance-with-money-between.csv"
    content, said = _list(name), LISTS[name][0]
    found = taken(content, as_of=AS_OF, **said)
    assert [(row.invoices, row.amount_minor) for row in found.payments] == [((), 239_00)]
    assert decided(content, as_of=AS_OF, **said)["column: Balance"] == "not used"


def test_what_stands_above_a_row_of_another_customer_is_not_taken_for_his():
    content = (
        "Customer,Invoice,Date,Due,Open Amount\nAcme,,,,\n,1,2026-10-01,2026-10-31,10.00\n"
        "Total Acme,,,,10.00\n,2,2026-10-01,2026-10-31,20.00\nBeta,3,2026-10-02,2026-10-31,30.00\n"
    )
    mixed = taken(content, as_of=AS_OF, currency="EUR")
    assert [row.customer.name for row in mixed.invoices] == ["Beta"], (
        "one row names its customer: nothing is filled in"
    )
    below = taken(content.replace("Beta,3", ",3"), as_of=AS_OF, currency="EUR")
    assert [(row.number, row.customer.name) for row in below.invoices] == [("1", "Acme")]
    assert [reason for _, reason in below.why_rejected().values()] == ["who owes it is not said"] * 2
