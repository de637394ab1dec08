"""Columns recognised by name, and told apart by their cells."""

# ruff: noqa: E501 (tables read best with one writing a line)

from __future__ import annotations

import pytest

from duewell.core.intake import names, vocabulary
from tests.readings import asked, decided, reading, taken

# Names as programs write them: what they must mean first of all.
MEANT = """
number            Invoice Number; invoice_no; InvoiceNumber; Invoice #; Inv. No.; INV_NO; *InvoiceNumber
number            Invoice/CM #; Journal Entry; Beleg
customer_number   BP Code; Account Reference; A/C Ref
customer_name     BP Name; Customer full name; Full name; Matchcode; Contact
issued_on         vom; Journal Entry Date
paid_on           Bezahldatum
open              Fälliger Saldo; Davon offen
document_type     Journal Entry Type
number            Rechnungsnummer; Rechnungs-Nr.; Rg-Nr; RE-Nr.; RechnungsNr; Invoice ID; Belegnummer; doc_id; Num
customer_number   Customer No.; customerID; cust_number; Kundennummer; Kd.-Nr.; Debitoren-Nr.; Client ID
customer_name     Customer Name; name_customer; Client Name; Kundenname; Customer; Kunde; ContactName; Name 1
email             E-Mail; Email Address; Customer Email; EmailAddress; Kunden-Email; E-Mail-Adresse
issued_on         Invoice Date; Date Issued; InvoiceDate; Rechnungsdatum; Belegdatum; Doc. Date; posting_date; Datum
due_on            Due Date; DueDate; due_in_date; Fälligkeit; Fällig am; Zahlbar bis; Net due date; Due Date (UTC)
amount            Invoice Amount; InvoiceAmount; Rechnungsbetrag; Bruttobetrag; Amount; Betrag (EUR); Total; invoice_amount
open              Open Amount; Balance Due; Outstanding; Offener Betrag; Restbetrag; Saldo; Amount Remaining; Open Balance
paid              Amount Paid; Paid to Date; Bezahlter Betrag; InvoiceAmountPaid; Zahlungsbetrag
paid_on           Date Paid; SettledDate; clear_date; Bezahlt am; Zahlungsdatum; FullyPaidOnDate; Ausgleichsdatum
status            Status; Invoice Status; Rechnungsstatus
currency          Currency; Währung; WKZ; Currency Code; Doc. curr.; CURR
terms             Terms; Payment Terms; Zahlungsbedingung; cust_payment_terms; Terms of Payment
disputed          Disputed; In Dispute; Strittig
level             Mahnstufe; Dunning Level
blocked           Mahnsperre; Dunning Block
line_amount       Line Total; Item Total; Positionssumme
country           Country; Land; countryCode; Billing Country
postal_code       PLZ; Postal Code; postal_code/zip_code; ZIP
side              S/H; Soll/Haben-Kennzeichen; D/C
"""
UNKNOWN = "PaperlessDate; DaysLate; Expected Payment Date; Discount Amount; Shipping Country; Ship To; Nettobetrag; Subtotal"
UNKNOWN += "; Next payment; Interest; Website; Notes; Last Modified; Unnamed: 0"


@pytest.mark.parametrize("line", MEANT.strip().splitlines())
def test_a_column_is_known_by_the_names_programs_give_it(line):
    field, _, written = line.partition(" ")
    for name in written.split(";"):
        parsed = names.parse(name.strip())
        found = vocabulary.fields_of(parsed.key) or vocabulary.fields_of(parsed.short)
        assert field in [meant for _, meant in found[:2]], name


@pytest.mark.parametrize("name", UNKNOWN.split("; "))
def test_no_column_is_known_by_a_part_of_its_name(name):
    assert vocabulary.fields_of(names.parse(name).key) == []


def test_one_name_however_it_is_written():
    written = ["Rechnungs-Nr.", "rechnungs_nr", "RechnungsNummer", "RECHNUNGSNUMMER", "Rechnungs #", "Rg.Nr."]
    assert {names.parse(each).key for each in written} == {"rechnungsnr"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Amount (USD)", "USD"),
        ("betrag_eur", "EUR"),
        ("converted_usd", "USD"),
        ("Total £", "GBP"),
        ("TOTAL AMOUNT", ""),
    ],
)
def test_a_currency_in_a_name_is_told_apart(name, code):
    assert names.parse(name).currency == code


def fields(content: str, **said: object) -> dict[str, str]:
    return {use.name: use.field for use in reading(content, **said).columns if use.field}


def test_the_surer_name_wins_and_the_other_is_left_unused():
    found = fields(
        "Number,Customer,Posting Date,Invoice Date,Due Date,Amount Due,Amount Remaining\n1,A,a,b,c,1,1\n"
    )
    assert found["Invoice Date"] == "issued_on"
    assert found["Amount Remaining"] == "open"
    assert "Posting Date" not in found
    assert "Amount Due" not in found


def test_two_columns_that_fit_equally_are_asked():
    content = "Number,Customer,Due Date,Amount,Total\n1,A,2024-01-31,10.00,20.00\n"
    assert asked(content, currency="EUR", amounts="original")["column: amount"] == "--column amount=NAME"
    found = taken(content, currency="EUR", amounts="original", columns={"amount": "Total"})
    assert found.invoices[0].amount_minor == 2000


def test_of_two_equal_columns_the_one_with_content_is_taken():
    content = "Name,Phone,Email,Phone\nAda,,ada@example.org,123456\n"
    assert taken(content, "customers").customers[0].phone == "123456"


def test_a_column_paid_is_a_flag_an_amount_or_a_day_by_its_cells():
    base = "Number,Customer,Due Date,Invoice Amount,Paid\n"
    assert fields(base + "1,A,2024-01-31,10.00,yes\n")["Paid"] == "status"
    assert fields(base + "1,A,2024-01-31,10.00,4.50\n")["Paid"] == "paid"
    assert fields(base + "1,A,2024-01-31,10.00,2024-02-01\n")["Paid"] == "paid_on"
    assert "column: Paid" in asked(base + "1,A,2024-01-31,10.00,1\n", currency="EUR")


def test_a_column_without_content_is_left_out_and_asked_about_if_something_comes_late():
    base = "Number,Customer,Due Date,Invoice Amount,Paid\n"
    rows = "".join(f"{number},A,2024-01-31,10.00,\n" for number in range(1500))
    assert not asked(base + rows, currency="EUR")
    late = asked(base + rows + "1500,A,2024-01-31,10.00,10.00\n", currency="EUR")
    assert list(late) == ["column: Paid"]


def test_customer_alone_is_a_number_where_all_cells_are_codes():
    base = "Number,Customer,{},Due Date,Open Amount\n1,1000023,{},2024-01-31,10.00\n"
    assert fields(base.format("Name 1", "Acme"), currency="EUR")["Customer"] == "customer_number"
    assert fields(base.format("Notes", "x"), currency="EUR")["Customer"] == "customer_number"


def test_an_account_that_all_customers_share_is_no_customer_number():
    content = "Number,Customer,Account,Due Date,Open Amount\n" + "".join(
        f"{number},Customer {number} Ltd,1400,2024-01-31,10.00\n" for number in range(5)
    )
    assert "Account" not in {name for name, field in fields(content).items() if field == "customer_number"}


def test_name_beside_a_first_name_is_the_last_name():
    found = taken("Kundennr.;Firma;Vorname;Name;E-Mail\n1;;Eva;Groß;e@example.org\n", "customers")
    assert (found.customers[0].name, found.customers[0].last_name) == ("Eva Groß", "Groß")


def test_a_column_that_a_person_named_and_that_is_missing_is_asked():
    content = "Number,Customer,Due Date,Open Amount\n1,A,2024-01-31,10.00\n"
    answer = asked(content, currency="EUR", columns={"reference": "Our Ref"})
    assert answer == {"column: reference": "--column reference=NAME, or --column reference=-"}
    assert not asked(content, currency="EUR", columns={"reference": "-"})


def test_a_column_can_be_named_by_its_place():
    content = "A1;Foo;31.05.2024;10,00\n"
    columns = {"number": "column 1", "customer_name": "column 2", "due_on": "column 3", "open": "column 4"}
    found = taken(content, header_row=0, separator=";", columns=columns, currency="EUR")
    assert (found.invoices[0].number, found.invoices[0].open_minor) == ("A1", 1000)


def test_unused_columns_are_reported_with_a_sample():
    use = next(
        use
        for use in reading("Number,Customer,Due Date,Amount,Colour\n1,A,2024-01-31,1,red\n").columns
        if not use.field
    )
    assert (use.name, use.sample) == ("Colour", ("red",))


def test_what_is_missing_is_asked_with_the_option_that_answers():
    answers = asked("Invoice Number,Customer,Invoice Date,Amount\n1,A,2024-01-31,10.00\n")
    assert answers == {
        "terms": "--terms 30, or --column due_on=NAME",
        "currency": "--currency EUR",
        "amounts": "--amounts original|open",
    }
    assert set(asked("Colour,Due Date,Status\nred,2024-01-31,open\n")) >= {
        "column: number",
        "column: customer_name",
        "column: amount",
    }


def test_a_paid_row_with_an_amount_shows_that_amounts_are_what_was_billed():
    content = "Number,Customer,Due Date,Amount,Status\n1,A,2024-01-31,10.00,open\n2,A,2024-01-31,5.00,paid\n"
    assert decided(content, currency="EUR")["amounts"] == "original"


def test_the_currency_stands_in_a_column_a_name_or_beside_the_amounts():
    assert decided("Number,Customer,Due Date,Amount USD\n1,A,2024-01-31,1\n")["currency"] == "USD"
    assert decided("Number,Customer,Due Date,Open Amount\n1,A,2024-01-31,1 €\n")["currency"] == "EUR"
    mixed = (
        "Number,Customer,Due Date,Open Amount\n1,A,2024-01-31,1.00 €\n2,A,2024-01-31,£2.00\n3,A,2024-01-31,2.00\n"
    )
    found = taken(mixed)
    assert [row.currency for row in found.invoices] == ["EUR", "GBP"]
    assert found.why_rejected() == {4: ("", "no currency")}
    dollars = asked("Number,Customer,Due Date,Open Amount\n1,A,2024-01-31,$1.00\n")
    assert dollars == {"currency": "--currency EUR"}


def test_a_name_and_a_column_that_give_different_currencies_are_asked():
    content = "Number,Customer,Due Date,Amount USD,Currency\n1,A,2024-01-31,1.00,CAD\n"
    assert (
        asked(content, amounts="open")["currency"]
        == "--currency USD --column currency=-, or --column currency='Currency'"
    )


def test_amounts_in_cents_are_read_as_such_where_the_name_says_so():
    content = (
        "Number,Customer,Due Date,Open Amount Cents,Currency\n1,A,2024-01-31,1050,EUR\n2,A,2024-01-31,10.5,EUR\n"
    )
    found = taken(content)
    assert [row.open_minor for row in found.invoices] == [1050]
    assert list(found.why_rejected()) == [3]
    assert decided(content)["unit: Open Amount Cents"] == "minor units"


def test_a_name_stands_beside_a_customer_column_of_codes_and_totals_count_for_neither():
    content = (
        "Debitor;Name;Rechnungsnr.;Fälligkeit;Offen\n"
        "10023;Huber GmbH;R1;31.10.2026;190,00\n10024;Lang KG;R2;31.10.2026;80,00\nSumme;;;;270,00\n"
    )
    assert fields(content, currency="EUR")["Debitor"] == "customer_number"
    assert fields(content, currency="EUR")["Name"] == "customer_name"
    shared = (
        "Konto;Bezeichnung;Rechnungsnr.;Fälligkeit;Offen\n"
        "10023;Huber GmbH;R1;31.10.2026;190,00\n10023;Summe Huber GmbH;;;190,00\n"
        "10024;Lang KG;R2;31.10.2026;80,00\n10024;Summe Lang KG;;;80,00\n"
    )
    assert fields(shared, currency="EUR")["Konto"] == "customer_number"


def test_the_column_in_the_currency_of_the_document_goes_before_that_of_the_books():
    content = (
        "Number,Customer,Due Date,Currency Code,Original Amount,Remaining Amount,Remaining Amt. (LCY)\n"
        "1,A,2024-01-31,USD,10.00,10.00,9.00\n"
    )
    row = taken(content).invoices[0]
    assert (row.amount_minor, row.open_minor, row.currency) == (1000, 1000, "USD")


def test_amounts_of_the_books_beside_a_currency_of_the_document_are_asked():
    content = "Number,Customer,Due Date,{},{}\n1,A,2024-01-31,USD,9.00\n"
    for amount in ("Remaining Amt. (LCY)", "Open Amount in Local Currency", "Offener Betrag (MW)"):
        assert "currency" in asked(content.format("Currency Code", amount))
        assert not asked(content.format("Local Currency", amount))
        found = taken(content.format("Currency Code", amount), currency="EUR", columns={"currency": "-"})
        assert found.invoices[0].currency == "EUR"
    mixed = "Number,Customer,Due Date,Original Amount,Remaining Amt. (LCY)\n1,A,2024-01-31,10.00,9.00\n"
    assert asked(mixed, currency="EUR") == {"currency": "--column open=-, or --column amount=-"}


def test_a_currency_may_stand_after_its_name():
    content = "Number,Customer,Due Date,Open Amount,Currency\n1,A,2024-01-31,10.00,Euro - EUR\n"
    assert taken(content).invoices[0].currency == "EUR"


def test_a_bare_number_beside_a_reference_of_every_row_is_asked():
    content = "No,Ref,Customer,Due Date,Open Amount\n118,1042,A,2024-01-31,10.00\n201,{},A,2024-01-31,9.00\n"
    assert asked(content.format("1077"), currency="EUR") == {"column: number": "--column number=NAME"}
    assert not asked(content.format("1077"), currency="EUR", columns={"number": "Ref"})
    for other in ("", "1042", "your order"):
        assert not asked(content.format(other), currency="EUR")


def test_the_customer_goes_before_the_contact():
    content = "Number,Customer,Contact,Due Date,Open Amount\n1,Acme,Ann Lee,2024-01-31,10.00\n"
    assert taken(content, currency="EUR").invoices[0].customer.name == "Acme"


def test_a_meaning_that_is_ruled_out_leaves_only_those_that_the_cells_bear():
    content = "Number,Customer,Date,Due,Amount\n1,A,2024-01-31,@1A@,10.00\n"
    without = fields(content, columns={"due_on": "-"}, terms_days=30, currency="EUR", amounts="open")
    assert "Due" not in without
    assert fields(content.replace("@1A@", "10.00"), columns={"due_on": "-"})["Due"] == "open"


def test_an_account_of_the_ledger_makes_no_two_customers_one():
    content = (
        "Party,Party Account,Number,Due Date,Open Amount\n"
        "Acme,Debtors - M,1,2024-01-31,10.00\nBird,Debtors - M,2,2024-01-31,9.00\n"
    )
    found = taken(content, currency="EUR")
    assert [(row.customer.number, row.customer.name) for row in found.invoices] == [("", "Acme"), ("", "Bird")]


def test_a_flag_that_something_is_open_is_not_read_as_paid():
    content = "Number,Customer,Due Date,Invoice Amount,Is Open\n1,A,2024-01-31,10.00,Yes\n2,A,2024-01-31,9.00,No\n"
    assert "Is Open" not in fields(content, currency="EUR")


def test_zeros_beside_amounts_are_amounts():
    content = (
        "Number,Customer,Due Date,Total,Paid,Open\n1,A,2024-01-31,10.00,0,10.00\n2,A,2024-01-31,9.00,3.00,6.00\n"
    )
    found = fields(content, currency="EUR")
    assert (found["Paid"], found["Open"]) == ("paid", "open")


def test_the_name_goes_before_what_customers_are_searched_by():
    content = "Kundennr.;Kurzbezeichnung;Firma\n1;HUBER;Huber GmbH\n"
    assert taken(content, "customers").customers[0].name == "Huber GmbH"
    assert taken("Kundennr.;Matchcode\n1;HUBER\n", "customers").customers[0].name == "HUBER"


def test_a_column_that_looks_like_what_is_open_is_never_passed_over():
    rows = "1;A;31.10.2026;119,00;119,00;100,00\n2;B;31.10.2026;238,00;38,00;200,00\n"
    content = f"Rechnung;Kunde;Fällig am;Rechnungsbetrag;Verbleib;Grundlage\n{rows}"
    assert asked(content, currency="EUR") == {"column: open": "--column open='Verbleib', or --column open=-"}
    said = taken(content, currency="EUR", columns={"open": "Verbleib"})
    assert [row.open_minor for row in said.invoices] == [119_00, 38_00]
    none = taken(content, currency="EUR", columns={"open": "-"})
    assert [row.open_minor for row in none.invoices] == [None, None]


def test_net_amounts_and_taxes_do_not_look_open():
    rows = "1;A;31.10.2026;119,00;100,00;19,00\n2;B;31.10.2026;238,00;200,00;38,00\n"
    content = f"Rechnung;Kunde;Fällig am;Rechnungsbetrag;Grundlage;Abgabe\n{rows}"
    assert asked(content, currency="EUR") == {}
