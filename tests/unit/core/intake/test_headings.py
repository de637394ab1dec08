"""Lists that name the customer once, in a line above his rows."""

from __future__ import annotations

from tests.readings import Taken, asked, decided, reading, taken

HEAD = "Open items of all customers\n\n,Type,Number,Date,Due Date,Open Balance\n"
ONE = "{},,,,,\n,Invoice,{},2024-05-01,2024-05-31,10.00\n"
TOTAL = "Total for {},,,,,10.00\n"


def whose(found: Taken) -> list[tuple[str, str, str]]:
    return [(row.number, row.customer.number, row.customer.name) for row in found.invoices]


def test_headings_that_totals_close_are_the_customers():
    content = HEAD + "".join(
        ONE.format(name, number) + TOTAL.format(name) for name, number in (("Acme", 1), ("Bird Ltd", 2))
    )
    found = taken(content + 'TOTAL,,,,,20.00\n\n"Friday, 1 June 2024 10:14 AM"\n', currency="EUR")
    assert whose(found) == [("1", "", "Acme"), ("2", "", "Bird Ltd")]
    assert not found.rejected
    assert set(found.why_skipped()) == {4, 6, 7, 9, 10, 12}


def test_a_heading_within_another_stands_behind_it():
    content = HEAD + "Acme,,,,,\n" + ONE.format("North", 1) + TOTAL.format("North") + TOTAL.format("Acme")
    content += ONE.format("Bird", 2) + TOTAL.format("Bird")
    assert whose(taken(content, currency="EUR")) == [("1", "", "Acme:North"), ("2", "", "Bird")]


def test_headings_that_nothing_closes_are_asked_about():
    content = HEAD + ONE.format("Acme", 1) + ONE.format("Bird", 2)
    name = "customer (heading above)"
    assert asked(content, currency="EUR") == {
        "column: customer_name": f"--column customer_name='{name}' if they do, or --column customer_name=NAME"
    }
    found = taken(content, currency="EUR", columns={"customer_name": name})
    assert whose(found) == [("1", "", "Acme"), ("2", "", "Bird")]
    one_open = HEAD + ONE.format("Acme", 1) + ONE.format("Bird", 2) + TOTAL.format("Bird")
    assert "column: customer_name" in asked(one_open, currency="EUR")


def test_headings_that_give_an_age_are_no_customers():
    content = HEAD + "".join(
        ONE.format(name, number) + TOTAL.format(name)
        for name, number in (("Current", 1), ("1 - 30", 2), ("91 or more days past due", 3), ("> 90", 4))
    )
    assert asked(content, currency="EUR") == {"column: customer_name": "--column customer_name=NAME"}


def test_no_heading_is_used_where_a_column_names_the_customer():
    content = HEAD.replace("Type,", "Type,Customer,").replace("items of", "items")
    content += "Current,,,,,,\n,Invoice,Acme,1,2024-05-01,2024-05-31,10.00\nTotal Current,,,,,,10.00\n"
    assert whose(taken(content, currency="EUR")) == [("1", "", "Acme")]


def test_headings_of_number_and_name_give_both():
    content = HEAD + "".join(
        ONE.format(name, number) + TOTAL.format(name) for name, number in (("101 Acme", 1), ("102 Bird & Co", 2))
    )
    assert whose(taken(content, currency="EUR")) == [("1", "101", "Acme"), ("2", "102", "Bird & Co")]


def test_labels_name_the_customer_of_the_rows_below():
    columns = "Nr;Datum;Fällig;Rechnungsbetrag;Offen\n"
    rows = "R{0};01.05.2024;31.05.2024;10,00;10,00\nSumme {1};;;10,00;10,00\n"
    content = "Liste\n" + columns
    content += (
        "Konto: 101 Acme GmbH;;;;\n" + rows.format(1, 101) + "Konto: 102 Bird KG;;;;\n" + rows.format(2, 102)
    )
    found = taken(content, currency="EUR")
    assert whose(found) == [("R1", "101", "Acme GmbH"), ("R2", "102", "Bird KG")]
    assert not found.rejected
    cells = "A/C:;A1;Name:;Acme;Tel:\n".replace(";Tel:", "") + columns + rows.format(1, "A1")
    cells += "A/C:;B2;Name:;Bird;\n" + columns + rows.format(2, "B2")
    assert whose(taken(cells, currency="EUR")) == [("R1", "A1", "Acme"), ("R2", "B2", "Bird")]


def test_one_customer_above_the_list_is_asked_about():
    content = (
        "Kunde:     1001\nName:      Acme GmbH\n\nNr;Datum;Fällig;Offener Betrag\n1;01.05.2024;31.05.2024;10,00\n"
    )
    assert "column: customer_name" in asked(content, currency="EUR")
    found = taken(content, currency="EUR", columns={"customer_name": "customer (heading above)"})
    assert whose(found) == [("1", "1001", "Acme GmbH")]


def test_what_was_decided_about_headings_asks_nothing_the_next_time():
    content = HEAD + ONE.format("Acme", 1) + TOTAL.format("Acme")
    assert decided(content, currency="EUR")["customers"] == "the heading above each row"
    kept = reading(content, currency="EUR").mapping
    assert kept.columns["customer_name"] == "customer (heading above)"
    again = reading(content, currency="EUR", columns=dict(kept.columns))
    assert not again.questions


def test_a_row_of_a_wrong_width_does_not_come_to_fit_under_a_heading():
    content = HEAD + "Acme,,,,,\n,Invoice,1,2024-05-01,2024-05-31,10.00,x\n,Invoice,2,2024-05-01,2024-05-31\n"
    content += ",Invoice,3,2024-05-01,2024-05-31,10.00\n" + TOTAL.format("Acme")
    found = taken(content, currency="EUR")
    assert [row.number for row in found.invoices] == ["3"]
    assert len(found.rejected) == 2
