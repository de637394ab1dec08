"""Which invoice a PDF is."""

from __future__ import annotations

import pytest

from duewell.core.intake import ties
from duewell.core.intake.ties import Invoice

NUMBERS = ["RE-2026/101", "RE-2026/120", "1001", "INV-1001", "12", "2026", "20260101", "FA 26/11"]
INVOICES = [Invoice(at, 1, number) for at, number in enumerate(NUMBERS)]


def by_name(stem: str, invoices=INVOICES):
    known = ties.wanted(invoices, set(ties.keys_of([stem])))
    found = ties.by_name(f"{stem}.pdf", stem, known)
    return None if found is None else found.invoice.number if found.invoice else found.candidates


def by_text(text: str, invoices=INVOICES):
    found = ties.by_text("x.pdf", text, ties.wanted(invoices, ties.in_text(text)))
    return found.invoice.number if found.invoice else found.candidates


@pytest.mark.parametrize(
    ("stem", "number"),
    [
        ("Rechnung_RE-2026_101 Müller", "RE-2026/101"),
        ("re2026101", "RE-2026/101"),
        ("1001", "1001"),
        ("Acme 1001 2026-11-02", "1001"),
        ("INV-1001", "INV-1001"),
        ("invoice 12", "12"),
        ("2026-11-12 Acme", None),
        ("scan 0001", None),
        ("FA_26-11", "FA 26/11"),
        ("RE-2026-101 and RE-2026-120", ("RE-2026/101", "RE-2026/120")),
        ("RE-2026-1010", None),
        ("nothing", None),
    ],
)
def test_the_number_in_the_name_decides(stem, number):
    assert by_name(stem) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Invoice No. RE-2026/101 of 1.10.2026 over 1.001,00 EUR", "RE-2026/101"),
        ("Rechnung RE-2026 / 101", "RE-2026/101"),
        ("your order 1001", "1001"),
        ("INV-1001", "INV-1001"),
        ("total 1.001,00 and 1,001.00 on 2026-01-01", ()),
        ("10 01", ()),
        ("RE-2026/101 replaces RE-2026/120", ("RE-2026/101", "RE-2026/120")),
        ("page 12 of 12 in 2026", ()),
        ("", ()),
    ],
)
def test_the_only_number_in_the_text_decides(text, number):
    assert by_text(text) == number


def test_a_number_on_two_accounts_decides_nothing():
    twice = [Invoice(1, 1, "A-77"), Invoice(2, 2, "A-77")]
    assert by_name("A-77", twice) == ("A-77",)
