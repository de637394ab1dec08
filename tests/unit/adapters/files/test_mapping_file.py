"""Saved mappings: read back to the same, held against their schema with line numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from duewell.adapters.files import mapping_file
from duewell.adapters.files.marked_yaml import BadYaml
from duewell.core.intake import Mapping

FULL = Mapping(
    columns={"number": "Rechnungs-Nr.", "due_on": "Fällig am", "reference": "-"},
    amounts="open",
    currency="EUR",
    terms_days=0,
    date_order="dmy",
    decimal="comma",
    encoding="cp1252",
    separator="semicolon",
    header_row=0,
    sheet="Offene Posten",
    lines="journal",
    numbers="per_customer",
    receivable_accounts=("1400", "Forderungen: alle"),
    filters={"Firma": ("0100", "yes")},
    words={"status": {"pending": "open"}, "currency": {"$": "CAD"}},
    constants={"zone": "Europe/Berlin"},
    rounded=True,
)


def test_a_mapping_reads_back_to_the_same(tmp_path: Path):
    path = tmp_path / "map.yaml"
    mapping_file.save(FULL, "invoices", path)
    assert mapping_file.load(path, "invoices") == FULL
    mapping_file.save(Mapping(), "payments", path)
    assert path.read_text() == "kind: payments\n"
    assert mapping_file.load(path, "payments") == Mapping()


def test_a_mapping_is_written_for_people():
    text = mapping_file.dump(FULL, "invoices").decode()
    assert "due_on: Fällig am" in text
    assert "round: true" in text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("columns:\n  number: A\n", 1),
        ("kind: invoices\ncurency: EUR\n", 1),
        ("kind: invoices\ncurrency: EURO\n", 2),
        ("kind: invoices\n\ndate_order: ydm\n", 3),
        ("kind: invoices\nterms_days: soon\n", 2),
        ("kind: invoices\nwords:\n  status:\n    pending: maybe\n", 4),
        ("kind: payments\n", 1),
        ("kind: invoices\nkind: invoices\n", 2),
        ("kind: [\n", 2),
        ("kind: invoices\ncolumns:\n  colour: X\n", 1),
        ("kind: invoices\ncurrency: ABC\n", 1),
    ],
)
def test_what_a_mapping_cannot_say_is_told_with_its_line(text, line):
    with pytest.raises(BadYaml) as bad:
        mapping_file.parse(text.encode(), "map.yaml", "invoices")
    assert bad.value.findings[0].line == line
