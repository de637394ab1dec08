"""Structured references: the check digits of the standards' own examples."""

from __future__ import annotations

import pytest

from duewell.adapters.channels.letter import references


def test_a_qr_reference_ends_with_its_check_digit():
    # Swiss Implementation Guidelines QR-bill, annex B, and the reference of the sample bills.
    assert references.qr_reference("21000000000313947143000901") == "210000000003139471430009017"
    assert references.is_qr_reference("210000000003139471430009017")
    assert not references.is_qr_reference("210000000003139471430009018")
    assert references.qr_reference("2041") == "000000000000000000000020418"


def test_a_creditor_reference_begins_with_its_check_digits():
    # ISO 11649, and the reference of the sample bills with an IBAN.
    assert references.creditor_reference("539007547034") == "RF18539007547034"
    assert references.is_creditor_reference("RF18539007547034")
    assert not references.is_creditor_reference("RF19539007547034")


@pytest.mark.parametrize("text", ["", "1" * 27, "12a", "１２"])
def test_what_is_no_number_makes_no_qr_reference(text: str):
    with pytest.raises(ValueError, match="digits"):
        references.qr_reference(text)


@pytest.mark.parametrize("text", ["", "INV-7", "A" * 22, "É1"])
def test_what_has_other_signs_makes_no_creditor_reference(text: str):
    with pytest.raises(ValueError, match="letters and digits"):
        references.creditor_reference(text)


def test_every_single_wrong_digit_of_a_qr_reference_shows():
    right = references.qr_reference("4711")
    for place in range(len(right)):
        for digit in "0123456789":
            if digit != right[place]:
                assert not references.is_qr_reference(right[:place] + digit + right[place + 1 :])


def test_references_stand_in_groups_on_paper():
    assert references.grouped("210000000003139471430009017") == "21 00000 00003 13947 14300 09017"
    assert references.grouped("RF18539007547034") == "RF18 5390 0754 7034"
    assert references.grouped("INV-7") == "INV-7"
