"""Text cells: what may be kept, and what is refused with a remedy."""

from __future__ import annotations

import pytest

from duewell.core.intake import texts
from duewell.core.intake.findings import Bad
from duewell.core.intake.table import Formula

KEPT = {
    "Müller & Söhne GmbH": "Müller & Söhne GmbH",
    "  two   words \t here ": "two words here",
    "first\nsecond": "first second",
    "O'Neill": "O'Neill",
    "@home GmbH": "@home GmbH",
    "+Plus AG": "+Plus AG",
    "-Firma-": "-Firma-",
    "+49 (30) 1234-56": "+49 (30) 1234-56",
    "-12": "-12",
    "علی\u200cرضا": "علی\u200cرضا",
    "株式会社": "株式会社",
    "n/a": "",
    "-": "",
    "NULL": "",
}
REFUSED = {
    "=cmd|' /C calc'!A0": "formula",
    "=1+1": "formula",
    "+cmd|x": "formula",
    "-1+1": "formula",
    "@SUM(1+1)": "formula",
    "+A1+B2": "formula",
    "A\u202egpj.exe": "direction",
    "A\u2066B": "direction",
    "A\u200bB": "nobody sees",
    "soft\u00adhyphen": "nobody sees",
    "A\u200dB": "nobody sees",
    "bell\x07": "control",
    "zero\x00": "control",
    "lost \ufffd letter": "lost",
    "byte \udcfc": "lost",
    "#N/A": "error of a spreadsheet",
    "#REF!": "error of a spreadsheet",
    "x" * 40_000: "longer",
    "x" * 400: "longer",
}


@pytest.mark.parametrize("text", KEPT)
def test_ordinary_text_is_kept_with_single_blanks(text):
    assert texts.read(text, "customer_name") == KEPT[text]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text[:12]))
def test_hostile_or_damaged_text_is_refused(text):
    found = texts.read(text, "customer_name")
    assert isinstance(found, Bad)
    assert REFUSED[text] in found.reason
    assert found.remedy


def test_a_formula_of_a_sheet_is_refused_whatever_it_says():
    assert isinstance(texts.read(Formula("=A1"), "customer_name"), Bad)


def test_numbers_that_a_spreadsheet_has_shortened_are_refused():
    assert isinstance(texts.read("1.23457E+11", "number"), Bad)
    assert texts.read("2E1", "customer_name") == "2E1"


def test_a_number_over_two_lines_is_refused_where_a_name_is_not():
    assert isinstance(texts.read("INV-1\nINV-2", "number"), Bad)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@example.org", ("a@example.org",)),
        ("a@example.org; b@example.org,c@example.org", ("a@example.org", "b@example.org", "c@example.org")),
        ("Ada <ada@example.org>", ("ada@example.org",)),
        ("mailto:a@example.org", ("a@example.org",)),
        ("müller@bücher.example", ("müller@bücher.example",)),
    ],
)
def test_addresses_are_read_with_their_usual_trimmings(text, found):
    assert texts.emails(text) == found


@pytest.mark.parametrize(
    "text", ["nobody", "a@b", "a b@example.org", "a@example..org", "@example.org", "a@@example.org"]
)
def test_what_is_no_address_is_refused(text):
    assert isinstance(texts.emails(text), Bad)


def test_a_glance_at_a_column_sees_what_a_look_at_every_cell_sees():
    for text in [*KEPT, *REFUSED]:
        if "\n" in text:
            continue
        joined = "\n".join(["Plain Name", text, "Other"])
        if texts.plain_column(joined):
            assert texts.read(text, "customer_name") == text, repr(text)
        if texts.PLAIN.fullmatch(text):
            assert texts.read(text, "customer_name") == text, repr(text)
