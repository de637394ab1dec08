"""Files of payments, credit notes and customers."""

from __future__ import annotations

from datetime import date

from tests.readings import taken


def test_payments_name_their_customer_invoices_day_and_amount():
    found = taken(
        "Buchungstag;Kundennr.;Kunde;Rechnungsnr.;Zahlbetrag;Verwendungszweck\n"
        '31.05.2024;7;Müller;"RE-1, RE-2 und RE-3";1.119,00 €;Danke\n',
        "payments",
    )
    (row,) = found.payments
    assert (row.customer.number, row.customer.name, row.invoices) == ("7", "Müller", ("RE-1", "RE-2", "RE-3"))
    assert (row.amount_minor, row.currency, row.paid_on, row.reference) == (
        111_900,
        "EUR",
        date(2024, 5, 31),
        "Danke",
    )


PAYMENTS = "Payment ID,Customer ID,Invoice,Date,Amount,Currency\n"


def test_equal_payments_without_numbers_both_count():
    rows = ",501,INV-1,2024-05-01,100.00,USD\n" * 2
    assert len(taken(PAYMENTS + rows, "payments").payments) == 2


def test_one_payment_number_with_the_same_content_is_one_payment():
    found = taken(PAYMENTS + "P1,501,INV-1,2024-05-01,100.00,USD\n" * 2, "payments")
    assert len(found.payments) == 1
    assert found.why_skipped() == {3: "the same payment again"}


def test_one_payment_may_cover_several_rows():
    found = taken(PAYMENTS + "P1,501,INV-1,2024-05-01,100.00,USD\nP1,501,INV-2,2024-05-01,50.00,USD\n", "payments")
    assert [row.amount_minor for row in found.payments] == [10_000, 5_000]


def test_money_that_went_back_is_left_to_a_person():
    found = taken(
        PAYMENTS + "P1,501,INV-1,2024-05-01,-100.00,USD\nP2,501,INV-1,,5.00,USD\nP3,,,2024-05-01,5.00,USD\n",
        "payments",
    )
    assert [reason for _, reason in found.why_rejected().values()] == [
        "money that was paid back",
        "no day of payment",
        "who owes it is not said",
    ]


def test_the_credit_side_of_an_account_is_money_in():
    content = "Customer,Invoice,Date,Amount,D/C,Currency\nA,1,2024-05-01,10.00,H,EUR\nA,1,2024-05-01,10.00,S,EUR\n"
    found = taken(content, "payments")
    assert [row.amount_minor for row in found.payments] == [1_000]
    assert list(found.why_rejected()) == [3]


CREDITS = "Gutschriftsnr.;Datum;Kunde;zu Rechnung;Betrag;Währung\n"


def test_credits_are_above_zero_however_they_are_written():
    found = taken(CREDITS + "G1;13.05.2024;Müller;R1;-50,00;EUR\nG2;14.05.2024;Groß;;-20,00;EUR\n", "credits")
    assert [(row.number, row.invoice, row.amount_minor) for row in found.credits] == [
        ("G1", "R1", 5_000),
        ("G2", "", 2_000),
    ]


def test_a_credit_of_the_other_sign_is_left_to_a_person():
    rows = "".join(f"G{number};13.05.2024;M;;50,00;EUR\n" for number in range(3))
    found = taken(CREDITS + rows + "G9;13.05.2024;M;;-50,00;EUR\n", "credits")
    assert len(found.credits) == 3
    assert found.why_rejected() == {5: ("Betrag", "the sign differs from the other credits")}


def test_a_credit_twice_is_one_and_different_ones_with_a_number_are_none():
    found = taken(
        CREDITS
        + "G1;13.05.2024;M;;50,00;EUR\nG1;13.05.2024;M;;50,00;EUR\n"
        + "G2;13.05.2024;M;;5,00;EUR\nG2;13.05.2024;M;;6,00;EUR\n",
        "credits",
    )
    assert [row.number for row in found.credits] == ["G1"]
    assert found.why_skipped() == {3: "the same credit again"}
    assert set(found.why_rejected()) == {4, 5}


def test_customers_come_with_what_the_law_and_a_letter_need():
    found = taken(
        "Kundennr.;Firma;Anrede;Vorname;Nachname;E-Mail;Straße;PLZ;Ort;Land;Sprache;Zeitzone;Kundenart;Zahlungsbedingung\n"
        "007;Süß KG;Frau;Eva;Süß;e@example.org;Weg 1;01067;Dresden;"
        "Deutschland;Deutsch;Europe/Berlin;Firma;30 Tage netto\n",
        "customers",
    )
    (row,) = found.customers
    assert (row.number, row.name, row.company, row.first_name, row.last_name) == (
        "007",
        "Süß KG",
        "Süß KG",
        "Eva",
        "Süß",
    )
    assert (row.salutation, row.emails, row.postal_code, row.city) == (
        "ms",
        ("e@example.org",),
        "01067",
        "Dresden",
    )
    assert (row.country, row.language, row.zone, row.kind, row.terms_days) == (
        "DE",
        "de",
        "Europe/Berlin",
        "business",
        30,
    )


def test_what_is_not_known_of_a_place_is_left_empty_and_remarked_once():
    rows = "".join(f"{number},A{number},391,Klingon,Mars/Base\n" for number in range(3))
    found = taken("Customer No,Name,Country,Language,Time Zone\n" + rows, "customers")
    assert {(row.country, row.language, row.zone) for row in found.customers} == {("", "", "")}
    assert sorted((remark.row, remark.value) for remark in found.remarks) == [
        (2, "391"),
        (2, "Klingon"),
        (2, "Mars/Base"),
    ]


def test_constants_fill_what_the_file_leaves_blank():
    content = "Customer No,Name,Country\n1,A,FR\n2,B,\n"
    found = taken(content, "customers", constants={"country": "Germany", "zone": "UTC", "language": "de"})
    assert [(row.country, row.zone, row.language) for row in found.customers] == [
        ("FR", "UTC", "de"),
        ("DE", "UTC", "de"),
    ]


def test_several_customers_with_one_number_are_none_and_the_same_one_twice_is_one():
    found = taken("Customer No,Name\n1,A\n1,A\n2,B\n2,C\n3,\n,\n", "customers")
    assert [row.number for row in found.customers] == ["1", "3"]
    assert found.why_skipped() == {3: "the same customer again"}
    assert set(found.why_rejected()) == {4, 5}


def test_the_payer_is_known_by_the_words_of_banks():
    content = "Buchungstag;Verwendungszweck;{};IBAN;Betrag;Währung\n05.11.2026;RE-1;Huber GmbH;DE02;500,00;EUR\n"
    for name in (
        "Beguenstigter/Zahlungspflichtiger",
        "Zahlungspflichtige*r",
        "Name Zahlungsbeteiligter",
        "Auftraggeber / Begünstigter",
        "Beneficiary / Originator",
        "Counterparty",
    ):
        assert taken(content.format(name), "payments").payments[0].customer.name == "Huber GmbH"


def test_a_payment_that_did_not_arrive_is_none():
    content = "id,Customer,Date,Amount,Currency,Status\n" + "".join(
        f"{number},A,2024-05-0{number},1.00,EUR,{state}\n"
        for number, state in enumerate(("Paid", "Failed", "Refunded", "Ausstehend", "Gebucht"), 1)
    )
    found = taken(content, "payments")
    assert [row.payment_id for row in found.payments] == ["1", "5"]
    assert set(found.why_skipped().values()) == {"a payment that did not arrive, or not yet"}
    strange = taken(content + "6,A,2024-05-06,1.00,EUR,odd\n", "payments")
    assert list(strange.why_rejected()) == [7]


def test_money_in_another_currency_stands_behind_that_of_the_payment():
    content = "id,Customer,Date,Amount,Converted Amount,Currency\n1,A,2024-05-01,1.00,0.90,EUR\n"
    assert taken(content, "payments").payments[0].amount_minor == 100
